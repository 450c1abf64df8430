"""Writing an extraction workbook: one extractor's own values, or the differences to be settled."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reviewkit.errors import NothingToSettle, SheetExists
from reviewkit.formats.cells import set_text
from reviewkit.model.citation import Citation
from reviewkit.model.extractions import Cell, Difference, Extraction, fold
from reviewkit.model.ids import record_label, study_label
from reviewkit.model.protocol import Field, FieldType, Group, Protocol
from reviewkit.model.values import for_cell
from reviewkit.steps.extract import layout as places
from reviewkit.steps.extract.guide import add_dictionary, add_instructions, help_note
from reviewkit.steps.extract.layout import FIRST_ROW, HIDDEN, Layout, consensus_layout, layouts, source_id, value_id
from reviewkit.steps.extract.look import cell_at, finish, fit_height, leave_open, set_up, style_cell, write_headings
from reviewkit.steps.extract.marks import Kind, Marks, form_version, without_tag
from reviewkit.steps.extract.people import check_person, check_settler
from reviewkit.steps.extract.rules import Lists, check_field, colour_missing, grey_statements, offer
from reviewkit.steps.extract.state import Extracted, load
from reviewkit.steps.standing import Standing
from reviewkit.steps.studies import Study
from reviewkit.store import Store
from reviewkit.workspace.files import write_bytes

_PREPARED = 4  # empty rows a study on the sheet of a repeated group
_AT_LEAST = 30
_MORE = 500  # rows below the prepared ones that are checked as well
_TEXT_FORMAT = "@"  # what is typed stays text: no 3-4 that becomes a date

Values = Mapping[str, str | int | float]  # machine id -> what a cell holds


def extraction_sheet(store: Store, protocol: Protocol, standing: Standing, person: str) -> bytes:
    """Write the workbook of one extractor, with his own standing values and nobody else's.

    Raises:
        NoForm, NoStudies, BadExtraction: there is nothing to extract, or the name cannot be used.
    """
    check_person(person)
    state = load(store, protocol, standing)
    workbook, marks, lists = _begin(protocol, state, Kind.EXTRACTION, person)
    own = state.of(person)
    known = tuple(_study_entry(study) for study in state.studies.values())
    sortable = {}
    for layout in layouts(protocol.extraction):
        rows = _repeated_rows(state, layout.repeated, own) if layout.repeated else _study_rows(state, own)
        sheet = _table(workbook, layout, rows, f"{protocol.review}: {person}")
        last = max(FIRST_ROW + len(rows) - 1, FIRST_ROW)
        if layout.repeated:
            refuse = "Please choose the study from the list."
            offer(sheet, layout.find(places.STUDY), last + _MORE, lists.reference(known), refuse)
            leave_open(sheet, layout)
        _check_columns(sheet, layout, last + _MORE if layout.repeated else last, lists)
        sortable[layout.title] = set_up(sheet, layout, last, 1 if layout.repeated else 2, _footer(marks))
    add_dictionary(workbook, protocol.extraction)
    return _end(workbook, sortable)


def consensus_sheet(store: Store, protocol: Protocol, standing: Standing, person: str) -> bytes:
    """Write the workbook on which one person settles the differences between extractors.

    Raises:
        NoForm, NoStudies, BadExtraction, NothingToSettle: there is nothing to settle, or not by this person.
    """
    state = load(store, protocol, standing)
    check_settler(protocol.extraction, person)
    found = state.differences
    if not found:
        raise NothingToSettle(reason=_why_nothing(state))
    people = sorted({who for difference in found for who in difference.people})
    workbook, marks, _ = _begin(protocol, state, Kind.CONSENSUS, person)
    layout = consensus_layout(people)
    sheet = _table(
        workbook, layout, [_difference_row(state, d, people) for d in found], f"{protocol.review}: consensus"
    )
    last = FIRST_ROW + len(found) - 1
    first, final = (_letter(layout, f"reviewkit.value.{n}") for n in (1, len(people)))
    offer(sheet, layout.find(places.AGREED), last, f"${first}{FIRST_ROW}:${final}{FIRST_ROW}")
    colour_missing(sheet, layout.find(places.AGREED), last, f'$A{FIRST_ROW}<>""')
    sheet.column_dimensions[_letter(layout, places.CELL)].hidden = True
    sortable = {layout.title: set_up(sheet, layout, last, 5, _footer(marks))}
    add_dictionary(workbook, protocol.extraction)
    return _end(workbook, sortable)


def file_name(review: str, kind: Kind, person: str) -> str:
    """Return the name that a workbook is given where the user gives none."""
    plain = re.sub(r"[^\w-]+", "-", person.casefold()).strip("-") or "reviewer"
    return f"{review}-{kind.value}-{plain}.xlsx"


def save_sheet(path: Path, body: bytes, *, overwrite: bool) -> None:
    """Write a workbook to disk.

    Raises:
        SheetExists: there is a file already, and it is not to be overwritten.
        NotWritable: it cannot be written.
    """
    if path.exists() and not overwrite:
        raise SheetExists(path=path)
    write_bytes(path, body)


def _begin(protocol: Protocol, state: Extracted, kind: Kind, person: str) -> tuple[Workbook, Marks, Lists]:
    marks = Marks(
        kind=kind,
        review=protocol.review,
        protocol=protocol.version,
        form=form_version(protocol.extraction),
        person=person,
        base=max((row.n for row in state.rows), default=0),
    )
    workbook = Workbook()
    hidden = workbook.active
    assert hidden is not None  # noqa: S101 - a new workbook has one sheet
    hidden.title = HIDDEN
    for row, (key, value) in enumerate(marks.rows(), start=1):
        set_text(cell_at(hidden, row, 1), key)
        set_text(cell_at(hidden, row, 2), value)
    hidden.sheet_state = "hidden"
    add_instructions(workbook, marks, protocol)
    return workbook, marks, Lists(hidden)


def _end(workbook: Workbook, sortable: Mapping[str, str]) -> bytes:
    workbook.move_sheet(HIDDEN, len(workbook.sheetnames))  # behind the others
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is workbook.worksheets[0]
    return finish(workbook, sortable)


def _footer(marks: Marks) -> str:
    return f"{marks.review}, {marks.person}, protocol {marks.protocol}"


def _letter(layout: Layout, column_id: str) -> str:
    return get_column_letter(layout.find(column_id))


def _table(workbook: Workbook, layout: Layout, rows: Sequence[Values], about: str) -> Worksheet:
    """Add a sheet with its headings and rows; what is locked in the layout is locked in the row."""
    sheet: Worksheet = workbook.create_sheet(layout.title)
    notes = {
        column.id: help_note(column.field, column.group is not None and column.field.id in column.group.key)
        for column in layout.columns
        if column.field is not None
    }
    write_headings(sheet, layout, about, notes)
    looks: dict[str, Any] = {}
    for row, values in enumerate(rows, start=FIRST_ROW):
        for number, column in enumerate(layout.columns, start=1):
            cell = cell_at(sheet, row, number)
            if column.id in looks:
                cell._style = copy(looks[column.id])  # type: ignore[attr-defined]  # many times as fast as anew
            else:
                style_cell(cell, layout, number)
                if not column.locked and not _is_number(column.field):
                    cell.number_format = _TEXT_FORMAT
                looks[column.id] = copy(cell._style)  # type: ignore[attr-defined]
            value = values.get(column.id, "")
            if isinstance(value, str):
                if value:
                    set_text(cell, value)
            else:
                cell.value = value
        if values:
            fit_height(sheet, row, ((str(values.get(column.id, "")), column.width) for column in layout.columns))
    return sheet


def _is_number(field: Field | None) -> bool:
    return field is not None and field.type in (FieldType.INTEGER, FieldType.NUMBER)


def _check_columns(sheet: Worksheet, layout: Layout, last: int, lists: Lists) -> None:
    first = next((n for n, column in enumerate(layout.columns, start=1) if column.field), 0)
    if not first:
        return
    begun = f'$A{FIRST_ROW}<>""'
    if layout.repeated:  # a prepared row is begun when anything but the study stands in it
        begun = f"COUNTA($B{FIRST_ROW}:${_letter(layout, layout.columns[-1].id)}{FIRST_ROW})>0"
    for number, column in enumerate(layout.columns, start=1):
        if column.field is None or column.group is None:
            continue
        check_field(sheet, number, last, column.field, lists)
        if column.field.required or column.field.id in column.group.key:
            colour_missing(sheet, number, last, begun)
    grey_statements(sheet, first, len(layout.columns), last)


def _study_entry(study: Study) -> str:
    return f"{study_label(study.id)} {study.name}"


def _study_rows(state: Extracted, own: Mapping[Cell, Extraction]) -> list[Values]:
    rows: list[Values] = []
    for study in state.studies.values():
        row: dict[str, str | int | float] = {
            places.STUDY: study_label(study.id),
            places.NAME: study.name,
            places.TITLE: next((report.title for report in study.reports if report.title), ""),
            places.YEAR: min((report.year for report in study.reports if report.year), default=""),
            places.REPORTS: "\n".join(map(_report, study.reports)),
        }
        for group in state.form.group:
            if not group.repeated:
                row.update(_values(group, study.id, "", own))
        rows.append(row)
    return rows


def _repeated_rows(state: Extracted, group: Group, own: Mapping[Cell, Extraction]) -> list[Values]:
    rows: list[Values] = []
    for study in state.studies.values():
        entry = _study_entry(study)
        names = sorted({c.row for c in own if c.study == study.id and c.group == group.id}, key=lambda n: (fold(n), n))
        made = [{places.STUDY: entry, **_values(group, study.id, name, own)} for name in names]
        rows.extend(made or [{places.STUDY: entry}])
    rows.extend({} for _ in range(max(_AT_LEAST, _PREPARED * len(state.studies)) - len(rows) % _PREPARED))
    return rows


def _values(group: Group, study: int, row: str, own: Mapping[Cell, Extraction]) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for field in group.field:
        extraction = own.get(Cell(study, group.id, row, field.id))
        if extraction:
            found[value_id(group, field)] = for_cell(field, extraction.value)
            found[source_id(group, field)] = extraction.source
    return found


def _difference_row(state: Extracted, difference: Difference, people: Sequence[str]) -> Values:
    cell = difference.cell
    group = next(g for g in state.form.group if g.id == cell.group)
    field = next(f for f in group.field if f.id == cell.field)
    row = {
        places.STUDY: _study_entry(state.studies[cell.study]),
        places.CELL: f"{cell.group}.{cell.field}",
        "reviewkit.group": group.label,
        places.ROW: cell.row,
        "reviewkit.field": places.heading(field, False),
    }
    for number, who in enumerate(people, start=1):
        said = difference.values.get(who)
        blank = places.BLANK if who in difference.people else ""
        row[f"reviewkit.value.{number}"] = said.value if said else blank
        row[f"reviewkit.source.{number}"] = said.source if said else ""
    if settled := difference.settled:
        row.update(
            {places.AGREED: settled.value, places.SOURCE: settled.source, places.NOTE: without_tag(settled.note)}
        )
    return row


def _report(report: Citation) -> str:
    """Write a report's id and the numbers by which it is found, on one line."""
    ids = [f"PMID {report.pmid}" if report.pmid else "", f"doi {report.doi}" if report.doi else ""]
    ids = [text for text in (*ids, *report.registrations[:1]) if text]
    return ", ".join(text for text in (record_label(report.id), *(ids or [report.journal])) if text)


def _why_nothing(state: Extracted) -> str:
    if waiting := len(state.studies) - len(state.comparable):
        return f"{waiting} of {len(state.studies)} studies wait for another extractor, and the others agree"
    return "the extractors agree on every value"
