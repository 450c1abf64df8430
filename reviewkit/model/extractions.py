"""Extractions: one reviewer's value for one field of one study, how far each reviewer is, and what holds in the end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.decisions import Basis
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Form

NOT_REPORTED = "not reported"  # the report was read and does not say; blank means not yet looked at
UNCLEAR = "unclear"
STATEMENTS = (NOT_REPORTED, UNCLEAR)  # values that any field takes, whatever its type


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction(Row):
    """One value for one field of one study by one person; `by` is the extractor.

    `study` is the study's id when extracted and follows its reports through links and merges. `row` names
    the row of a repeated group (the values of its key fields joined by " | "), '' elsewhere. `value` is text
    in the field's canonical form (see `reviewkit.model.values`); '' takes an earlier value back.
    """

    study: int
    group: str
    row: str = ""
    field: str
    value: str = ""
    source: str = ""  # quote and page in the report
    basis: Basis = Basis.REVIEWER
    protocol: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The place of one value: study, group, row of the group, field."""

    study: int
    group: str
    row: str
    field: str


def by_reviewer(extractions: Sequence[Extraction], study_of: Mapping[int, int]) -> dict[Cell, dict[str, Extraction]]:
    """Return each person's last standing value for each cell; the consensus stands under the name `consensus`.

    Args:
        extractions: every extraction row ever stored, in order.
        study_of: citation or record id -> the study it now belongs to; others are left out.
    """
    table: dict[Cell, dict[str, Extraction]] = {}
    for row in standing(extractions):
        study = study_of.get(row.study)
        if study is None:
            continue
        who = Basis.CONSENSUS.value if row.basis is Basis.CONSENSUS else row.by
        values = table.setdefault(Cell(study, row.group, row.row, row.field), {})
        values.pop(who, None)
        if row.value or row.source:
            values[who] = row
    return {cell: values for cell, values in table.items() if values}


def study_of_citation(record_of: Partition, study_of: Partition) -> dict[int, int]:
    """Map every citation of an included record to its study."""
    return {c: study_of.group[r] for c, r in record_of.group.items() if r in study_of.group}


def fold(text: str) -> str:
    """Return a text for comparing: case and runs of white space do not count."""
    return " ".join(text.casefold().split())


# --- how far everyone is ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """How far one person is with one study; statements such as "not reported" are values.

    The required fields of a repeated group count once for each row that the person has made.
    """

    values: int = 0
    filled: int = 0  # of the required fields
    required: int = 0

    @property
    def finished(self) -> bool:
        """True when every required field has a value; where none is required, when any field has one."""
        return self.values > 0 and self.filled == self.required


def progress(
    form: Form, table: Mapping[Cell, Mapping[str, Extraction]], studies: Collection[int]
) -> dict[str, dict[int, Filled]]:
    """Return for each person who has extracted anything how far he is with each study.

    Args:
        table: as `by_reviewer` returns it.
    """
    given: dict[tuple[str, int], set[Cell]] = {}
    for cell, values in table.items():
        for who, row in values.items():
            if row.basis is Basis.REVIEWER and row.value:
                given.setdefault((who, cell.study), set()).add(cell)
    people = sorted({who for who, _ in given})
    return {who: {s: _filled(form, s, given.get((who, s), set())) for s in studies} for who in people}


def _filled(form: Form, study: int, cells: set[Cell]) -> Filled:
    wanted = {
        Cell(study, group.id, row, field.id)
        for group in form.group
        for row in ({c.row for c in cells if c.group == group.id} if group.repeated else ("",))
        for field in group.field
        if field.required
    }
    return Filled(len(cells), len(wanted & cells), len(wanted))


def ready(form: Form, people: Mapping[str, Mapping[int, Filled]], study: int) -> tuple[str, ...]:
    """Return whose values of a study may be laid side by side: those who have finished it, or none of them yet.

    Until as many people as the protocol asks for (and two at the least) have finished a study, nobody is shown
    what another has extracted from it.
    """
    done = tuple(who for who, by_study in people.items() if by_study.get(study, Filled()).finished)
    return done if len(done) >= max(form.reviewers, 2) else ()


# --- what holds ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreed:
    """What holds for one cell: the value when there is one, and whose values it rests on.

    `differs`: the people of a study that all have finished do not agree (one of them may have left it blank).
    `waiting`: the study still waits for another extractor, and blinding keeps the value back.
    """

    value: str
    source: str
    by: tuple[str, ...]
    differs: bool = False
    waiting: bool = False


def agreed(values: Mapping[str, Extraction], reviewers: int, compared: Collection[str]) -> Agreed:
    """Derive what holds for one cell: the consensus, else the value on which all agree.

    Where one extractor is enough, the latest value holds. Values are compared without regard to case and to runs
    of white space.

    Args:
        values: each person's value, the consensus under `consensus`.
        reviewers: how many people the protocol asks for.
        compared: the people who must agree, see `ready`; empty while the study waits for one of them.
    """
    if (consensus := values.get(Basis.CONSENSUS.value)) and consensus.value:
        return Agreed(consensus.value, consensus.source, (consensus.by,))
    if reviewers < 2:
        last = max(values.values(), key=lambda row: row.n)
        same = [row for row in values.values() if fold(row.value) == fold(last.value)]
        return Agreed(last.value, last.source, tuple(sorted(row.by for row in same)))
    said = [values[who] for who in sorted(compared) if who in values]
    if not said:
        return Agreed("", "", tuple(sorted(values)), waiting=True)
    who = tuple(row.by for row in said)
    if len(said) < len(compared) or len({fold(row.value) for row in said}) != 1:
        return Agreed("", "", who, differs=True)
    return Agreed(said[0].value, next((row.source for row in said if row.source), ""), who)


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the people who have finished its study do not agree; those who left it blank are absent."""

    cell: Cell
    people: tuple[str, ...]  # everyone compared
    values: Mapping[str, Extraction]
    settled: Extraction | None  # the consensus, where there is one


def differences(
    form: Form, table: Mapping[Cell, Mapping[str, Extraction]], studies: Collection[int]
) -> list[Difference]:
    """Return every cell that needed or needs settling, by study and in the order of the form.

    Key fields are left out: they name their row, and a row that one person lacks shows in its other fields.
    """
    people = progress(form, table, studies)
    order = {
        (group.id, field.id): (place, number)
        for place, group in enumerate(form.group)
        for number, field in enumerate(group.field)
        if field.id not in group.key
    }
    found = []
    for cell, values in table.items():
        compared = ready(form, people, cell.study)
        if not compared or (cell.group, cell.field) not in order:
            continue
        given = {who: values[who] for who in compared if who in values and values[who].value}
        consensus = values.get(Basis.CONSENSUS.value)
        settled = consensus if consensus and consensus.value else None
        if len(given) == len(compared) and len({fold(row.value) for row in given.values()}) == 1:
            continue
        if given or settled:
            found.append(Difference(cell, compared, given, settled))

    def place_of(difference: Difference) -> tuple[object, ...]:
        cell = difference.cell
        group, number = order[cell.group, cell.field]
        return (cell.study, group, fold(cell.row), number)

    return sorted(found, key=place_of)
