"""Reading an extraction workbook back: what a person has changed in it becomes rows, once, and nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reviewkit.errors import BadRows, WrongSheet
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import Cell, Extraction
from reviewkit.model.ids import study_label
from reviewkit.model.protocol import Form, Protocol
from reviewkit.steps.extract.changes import (
    as_last_seen,
    complete,
    find_changed,
    find_gone,
    parts_of,
    taken_back,
    tell_gone,
)
from reviewkit.steps.extract.gather import Entry, Gathered, gather, gather_consensus
from reviewkit.steps.extract.layout import AGREED, STUDY, layouts
from reviewkit.steps.extract.marks import Kind, Marks, form_version
from reviewkit.steps.extract.opened import Opened, open_workbook
from reviewkit.steps.extract.people import check_settler
from reviewkit.steps.extract.state import Extracted, load, name_of
from reviewkit.steps.people import known_name
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


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
    person = known_name(store, protocol, person) if person else ""
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
    base, now = as_last_seen(state, marks, who), state.of(who)
    entries, clashes = find_changed(found.entries, base, now)
    problems = [*found.problems, *clashes]
    if marks.kind is Kind.EXTRACTION and not found.unsure:
        gone = find_gone(found, base, now)
        entries.extend(taken_back(gone, base, now) if drop_missing else ())
        notes.extend(tell_gone(state, gone, drop_missing))
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
    comparable = set(state.comparable)
    kept = []
    for entry in found.entries:
        if entry.cell.study in comparable:
            kept.append(entry)
        elif entry.value or entry.source:
            study = state.studies[entry.cell.study]
            found.problems.append(
                f"{entry.place}: {study_label(study.id)} {study.name} waits for another extractor, so nothing of it "
                "can be settled; clear the cell"
            )
    return kept


def _row(entry: Entry, now: Mapping[Cell, Extraction], marks: Marks, basis: Basis, version: str, at: str) -> Extraction:
    stands = now.get(entry.cell)
    value, source, note = complete(entry, (entry.value, entry.source, entry.note), parts_of(stands))
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
    before = parts_of(now.get(cell))
    after = complete(entry, (entry.value, entry.source, entry.note), before)
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
