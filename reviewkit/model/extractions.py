"""Extractions: one reviewer's value for one field of one study, and the values that follow from several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.decisions import Basis
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition

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


@dataclass(frozen=True, slots=True)
class Agreed:
    """What holds for one cell: the value when there is one, whose values it rests on, and whether they differ."""

    value: str
    source: str
    by: tuple[str, ...]
    differs: bool = False


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


def agreed(values: Mapping[str, Extraction], reviewers: int) -> Agreed:
    """Derive what holds for one cell: the consensus, else the value on which all agree.

    With fewer extractors than the protocol asks for the value is shown as it stands, by whom it is.
    Values are compared without regard to case and to runs of white space.
    """
    if consensus := values.get(Basis.CONSENSUS.value):
        return Agreed(consensus.value, consensus.source, (consensus.by,))
    people = sorted(values)
    first = values[people[0]]
    same = len({" ".join(values[p].value.casefold().split()) for p in people}) == 1
    if reviewers > 1 and not same:
        return Agreed("", "", tuple(people), differs=True)
    last = max(values.values(), key=lambda row: row.n)
    chosen = first if same else last
    return Agreed(chosen.value, chosen.source, tuple(people))
