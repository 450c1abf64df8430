"""Reading an extraction workbook back: what a person has changed in it becomes rows, once, and nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reviewkit.errors import BadRows, WrongSheet
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import Cell, Extraction, by_reviewer
from reviewkit.model.ids import study_label
from reviewkit.model.protocol import Form, Protocol
from reviewkit.steps.extract.gather import Entry, Gathered, RowId, gather, gather_consensus
from reviewkit.steps.extract.layout import AGREED, STUDY, layouts
from reviewkit.steps.extract.marks import Kind, Marks, form_version, without_tag
from reviewkit.steps.extract.opened import Opened, open_workbook
from reviewkit.steps.extract.people import check_settler, known_person
from reviewkit.steps.extract.state import Extracted, load, name_of
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

_NOTHING = ("", "", "")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that reading a workbook adds, replaces, or takes back (`after` is then '')."""

    place: str  # "Studies!F7", or '' for a row that is no longer in the sheet
    study: str  # "s12"
    name: str  # "Wilson 2024"
    row: str
    field: str  # "design.n"
    label: str  # the field's heading
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What was read: for whom, what it changed, what could not be taken and what should be known."""

    kind: str
    person: str
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()  # of cells that were left out (only where the good ones were to be kept)
    notes: tuple[str, ...] = ()


def read_sheet(
    store: Store,
    protocol: Protocol,
    standing: Standing,
    body: bytes,
    name: str,
    *,
    at: str,
    person: str = "",
    keep_good: bool = False,
    drop_missing: bool = False,
    other_version: bool = False,
) -> SheetRead:
    """Take back a workbook that a person has worked in, as one transaction.

    Only what the person has changed since the workbook was written, or last read, counts: values that were entered
    elsewhere meanwhile stand.

    Args:
        body, name: the file's content and name.
        person: who the caller says it is; '' to believe the workbook.
        keep_good: take what is right although there are problems.
        drop_missing: take back the values of rows that are no longer in the workbook.
        other_version: read it although the extraction form has changed since.

    Raises:
        WrongSheet: it is not a workbook of this review, this form or this person.
        BadRows: there are problems, and nothing was stored.
    """
    opened = open_workbook(body, name)
    marks = opened.marks
    person = known_person(store, protocol, person) if person else ""
    notes: list[str] = [
        f"ignored: {what}" for what in (*opened.ignored, *(text for t in opened.tables for text in t.ignored))
    ]
    notes.extend(_check_marks(marks, protocol, name, person, other_version))
    state = load(store, protocol, standing)
    if marks.kind is Kind.CONSENSUS:
        check_settler(protocol.extraction, marks.person)
        table = next((table for table in opened.tables if AGREED in table.columns), None)
        if table is None:
            raise WrongSheet(
                file=name, reason="its sheet 'Differences' is gone", remedy="Take a whole copy of the file."
            )
        found = gather_consensus(state, table)
        found.entries = list(_ready_only(state, found))
    else:
        found = gather(state, opened.tables)
        notes.extend(_unknown_columns(opened, protocol.extraction))
    basis = Basis.CONSENSUS if marks.kind is Kind.CONSENSUS else Basis.REVIEWER
    who = name_of(basis, marks.person)
    base, now = _as_last_seen(state, marks, who), state.of(who)
    entries, clashes = _changed(found.entries, base, now)
    problems = [*found.problems, *clashes]
    if marks.kind is Kind.EXTRACTION and not found.unsure:
        gone = _gone(found, base, now)
        entries.extend(_taken_back(gone, base, now) if drop_missing else ())
        notes.extend(_tell_gone(state, gone, drop_missing))
    if problems and not keep_good:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise BadRows(
            f"{name} has {count}; nothing was stored. Mend them in the file and read it again, "
            "or add --keep-good to store the rest:",
            problems,
        )
    rows = [_row(entry, now, marks, basis, protocol.version, at) for entry in entries]
    changes = tuple(_change(state, entry, now) for entry in entries)
    if rows:
        store.add_protocol(protocol.version, protocol.source, at)
        store.add(rows)
    return SheetRead(marks.kind.value, marks.person, changes, tuple(problems), tuple(notes))


def _check_marks(marks: Marks, protocol: Protocol, name: str, person: str, other_version: bool) -> list[str]:
    """Refuse a workbook of another review, form or person; return what should be known of its version."""
    if marks.review != protocol.review:
        raise WrongSheet(
            file=name,
            reason=f"it belongs to the review '{marks.review}', and this is '{protocol.review}'",
            remedy=f"Read it with --review {marks.review}, in the workspace that holds that review.",
        )
    if person and person != marks.person:
        raise WrongSheet(
            file=name,
            reason=f"it was written for {marks.person}, not for {person}",
            remedy=f"Read it with --reviewer {marks.person}; {person} gets an own sheet by 'reviewkit extract sheet'.",
        )
    if marks.protocol == protocol.version:
        return []
    versions = f"version {marks.protocol} of the protocol, which is now {protocol.version}"
    if marks.form == form_version(protocol.extraction):
        return [f"it was written under {versions}; the extraction form is the same"]
    if other_version:
        return [f"it was written under {versions}, and the extraction form has changed"]
    raise WrongSheet(
        file=name,
        reason=f"it was written under {versions}, and the extraction form has changed since",
        remedy="Write a new sheet with 'reviewkit extract sheet' and copy the values over, "
        "or add --other-version to read the fields that both forms have.",
    )


def _unknown_columns(opened: Opened, form: Form) -> list[str]:
    """Say which columns of the workbook the form does not have, and which of the form's sheets are missing."""
    asked = {column.id for layout in layouts(form) for column in layout.columns}
    notes: list[str] = []
    for table in opened.tables:
        old = [name for name in table.columns if name not in asked and not name.startswith("reviewkit.")]
        notes.extend(f"ignored: {table.title}, column {name}: the form no longer has it" for name in old)
    present = {name for table in opened.tables for name in table.columns}
    for layout in layouts(form):
        if not present & {column.id for column in layout.columns if column.id != STUDY}:
            notes.append(f"the sheet '{layout.title}' is not in the file; its values stand")
    return notes


def _ready_only(state: Extracted, found: Gathered) -> list[Entry]:
    """Leave out what may not be settled, because its study still waits for an extractor; say so."""
    ready = {study: bool(state.ready(study)) for study in state.studies}
    kept = []
    for entry in found.entries:
        if ready[entry.cell.study]:
            kept.append(entry)
        elif entry.value or entry.source:
            study = state.studies[entry.cell.study]
            found.problems.append(
                f"{entry.place}: {study_label(study.id)} {study.name} waits for another extractor, so nothing of it "
                "can be settled; clear the cell"
            )
    return kept


# --- what has changed ------------------------------------------------------------------------------


def _as_last_seen(state: Extracted, marks: Marks, who: str) -> dict[Cell, Extraction]:
    """Return the values as the workbook last knew them: when it was written, and what was read from it since."""
    wrote = {row.n for row in state.rows if marks.wrote(row.note)}
    known = [row for row in state.rows if row.n <= marks.base or row.n in wrote or row.undoes in wrote]
    table = by_reviewer(known, state.study_of)
    return {cell: values[who] for cell, values in table.items() if who in values}


def _changed(
    entries: Sequence[Entry], base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]
) -> tuple[list[Entry], list[str]]:
    """Return the entries that say something new, and the problems of those changed here and elsewhere."""
    changed, clashes = [], []
    for entry in entries:
        stands = _parts(now.get(entry.cell))
        seen = _known(entry, _parts(base.get(entry.cell)), stands)
        says = _known(entry, (entry.value, entry.source, entry.note), stands)
        if says in (seen, stands):
            continue
        if stands != seen:
            by = now.get(entry.cell)
            since = f"changed to {_quote(stands[0])} on {by.at[:10]}" if by else "taken back"
            keep = f"write {_quote(stands[0])}" if stands[0] else "clear the cell"
            clashes.append(
                f"{entry.place}: {_quote(says[0])} here, but it was {since} elsewhere after this sheet was written; "
                f"{keep} to leave it so, or change it in a new sheet"
            )
            continue
        changed.append(entry)
    return changed, clashes


def _parts(row: Extraction | None) -> tuple[str, str, str]:
    return (row.value, row.source, without_tag(row.note)) if row else _NOTHING


def _known(
    entry: Entry, parts: tuple[str | None, str | None, str | None], stands: tuple[str, str, str]
) -> tuple[str, str, str]:
    """Return parts with those that the workbook has no column for as they stand."""
    given = (entry.value, entry.source, entry.note)
    value, source, note = (
        stand if column is None or part is None else part
        for part, stand, column in zip(parts, stands, given, strict=True)
    )
    return value, source, note


def _gone(found: Gathered, base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]) -> list[RowId]:
    """Return the rows that the workbook once held, no longer holds, and whose values still stand."""
    held = {(c.study, c.group, c.row) for c in base if c in now and c.group in found.groups}
    return sorted(held - found.present)


def _taken_back(gone: Sequence[RowId], base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]) -> list[Entry]:
    lost = set(gone)
    return [
        Entry(cell, "", "", None, "")
        for cell in sorted(now)
        if (cell.study, cell.group, cell.row) in lost and _parts(base.get(cell)) == _parts(now[cell])
    ]


def _tell_gone(state: Extracted, gone: Sequence[RowId], dropped: bool) -> list[str]:
    what = "its values were taken back" if dropped else "its values stand; add --drop-missing to take them back"
    rows = dict.fromkeys((study, _label(state, group) if row else "", row) for study, group, row in gone)
    return [
        f"no longer in the sheet: {study_label(study)} {state.studies[study].name}"
        f"{f', {group}, {row}' if row else ''}; {what}"
        for study, group, row in rows
    ]


def _label(state: Extracted, group_id: str) -> str:
    return next((group.label for group in state.form.group if group.id == group_id), group_id)


def _row(entry: Entry, now: Mapping[Cell, Extraction], marks: Marks, basis: Basis, version: str, at: str) -> Extraction:
    stands = now.get(entry.cell)
    value, source, note = _known(entry, (entry.value, entry.source, entry.note), _parts(stands))
    made = Extraction(
        study=entry.cell.study,
        group=entry.cell.group,
        row=entry.cell.row,
        field=entry.cell.field,
        value=value,
        source=source,
        basis=basis,
        protocol=version,
        by=marks.person,
        at=at,
    )
    return replace(made, note=marks.note(note))


def _change(state: Extracted, entry: Entry, now: Mapping[Cell, Extraction]) -> Change:
    cell = entry.cell
    before = _parts(now.get(cell))
    after = _known(entry, (entry.value, entry.source, entry.note), before)
    asked = state.form.find(cell.group, cell.field)
    return Change(
        place=entry.place,
        study=study_label(cell.study),
        name=state.studies[cell.study].name,
        row=cell.row,
        field=f"{cell.group}.{cell.field}",
        label=asked.label if asked else cell.field,
        before=before[0],
        after=after[0],
        source=after[1],
    )


def _quote(text: str) -> str:
    one_line = " ".join(text.split())
    return f'"{one_line[:57]}..."' if len(one_line) > 60 else f'"{one_line}"'
