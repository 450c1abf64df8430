"""Tables as plain data, for the workbook and the report alike; here those of the evidence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewkit.model.extractions import NOT_REPORTED, STATEMENTS, Cell
from reviewkit.model.ids import record_label, study_label
from reviewkit.model.protocol import Field, FieldType, Group
from reviewkit.model.reference import reference
from reviewkit.model.values import KEY_SEPARATOR, for_cell
from reviewkit.steps.export.gather import Material
from reviewkit.steps.studies import Study


class Mark(str):
    """What stands in a table in place of a value; `MARKS` says what each one means."""

    __slots__ = ()


NR, BLANK, CONFLICT, WAITING = Mark("NR"), Mark("–"), Mark("in conflict"), Mark("awaited")
MARKS = {
    NR: "NR = not reported",
    BLANK: "– = not extracted yet",
    CONFLICT: "in conflict = the extractors differ and have not settled it",
    WAITING: "awaited = not yet extracted by as many people as the protocol asks for",
}

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the heading it stands under, its width in characters, and whether it holds numbers."""

    heading: str
    width: float = 20
    group: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name (of the sheet), its title, its columns, its rows, and the notes below it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def grouped(self) -> bool:
        """True when there are headings above the headings."""
        return any(column.group for column in self.columns)

    def spans(self) -> list[tuple[str, int]]:
        """Return the headings above the headings, each with the number of columns that it covers."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return spans


def evidence_tables(material: Material, first: int = 1) -> list[Table]:
    """Return the table of study characteristics and one table for each repeated group, numbered from `first`."""
    form = material.protocol.extraction
    tables = [_characteristics(material, first)]
    for number, group in enumerate((g for g in form.group if g.repeated), start=first + 1):
        tables.append(_repeated(material, group, number))
    return tables


def _characteristics(material: Material, number: int) -> Table:
    groups = [group for group in material.protocol.extraction.group if not group.repeated]
    columns = (
        Column("Study", 16),
        Column("Reports", 44),
        *(_column(field, group.label) for group in groups for field in group.field),
    )
    rows = tuple(
        (
            f"{study.name} ({study_label(study.id)})",
            "\n".join(f"{record_label(report.id)}: {reference(report)}" for report in study.reports),
            *(_show(material, Cell(study.id, g.id, "", f.id), f) for g in groups for f in g.field),
        )
        for study in material.studies
    )
    title = f"Table {number}. Characteristics and results of the included studies"
    return Table("Evidence table", title, columns, rows, (*_notes(rows), *_unknown(material)))


def _repeated(material: Material, group: Group, number: int) -> Table:
    columns = (Column("Study", 16), *(_column(field, "") for field in group.field))
    rows = []
    for study in material.studies:
        for name in _row_names(material, study, group):
            rows.append((study.name, *(_show_in_row(material, study, group, name, f) for f in group.field)))
    title = f"Table {number}. {group.label} in the included studies"
    return Table(group.label, title, columns, tuple(rows), _notes(rows))


def _show_in_row(material: Material, study: Study, group: Group, row: str, field: Field) -> Value:
    """Show one value of a repeated group; a key that was not given on its own is read from the row's name."""
    cell = Cell(study.id, group.id, row, field.id)
    keys = row.split(KEY_SEPARATOR)
    if field.id in group.key and cell not in material.values and len(keys) == len(group.key):
        return _value(field, keys[group.key.index(field.id)])
    return _show(material, cell, field)


def _show(material: Material, cell: Cell, field: Field) -> Value:
    found = material.values.get(cell)
    if found is None:
        return BLANK
    if found.differs:
        return CONFLICT
    if found.waiting:
        return WAITING
    return _value(field, found.value)


def _value(field: Field, text: str) -> Value:
    if text == NOT_REPORTED:
        return NR
    if text in STATEMENTS:
        return Mark(text)
    return for_cell(field, text) if text else BLANK


def _column(field: Field, group: str) -> Column:
    numeric = field.type in (FieldType.INTEGER, FieldType.NUMBER)
    heading = f"{field.label} ({field.unit})" if field.unit else field.label
    short = numeric or field.type in (FieldType.DATE, FieldType.YES_NO)
    return Column(heading, 13 if short else 18 if field.type is FieldType.CHOICE else 26, group, numeric)


def _notes(rows: Iterable[Sequence[Value]]) -> tuple[str, ...]:
    """Explain the marks that a table uses, and no others."""
    used = {cell for row in rows for cell in row if isinstance(cell, Mark)}
    said = "; ".join(meaning for mark, meaning in MARKS.items() if mark in used)
    return (f"{said}.",) if said else ()


def _unknown(material: Material) -> tuple[str, ...]:
    """Say so when values were extracted for fields that the form no longer has."""
    form = material.protocol.extraction
    lost = sum(form.find(cell.group, cell.field) is None for cell in material.values)
    if not lost:
        return ()
    values = "1 value" if lost == 1 else f"{lost} values"
    return (f"{values} of fields that the extraction form no longer has: kept in the archive, not shown here.",)


def source_table(material: Material) -> Table:
    """Return where each value of the evidence comes from: quote and page, and who extracted or settled it."""
    rows = []
    for study in material.studies:
        for group in material.protocol.extraction.group:
            for name in _row_names(material, study, group):
                for field in group.field:
                    cell = Cell(study.id, group.id, name, field.id)
                    if (found := material.values.get(cell)) and field.id not in group.key:
                        shown = (
                            _show(material, cell, field),
                            found.source,
                            "" if found.waiting else ", ".join(found.by),
                        )
                        rows.append((study.name, group.label, name, field.label, *shown))
    columns = (
        Column("Study", 16), Column("Group", 18), Column("Row", 26), Column("Field", 22), Column("Value", 30),
        Column("Quote and page", 60), Column("Extracted by", 18),
    )  # fmt: skip
    return Table("Sources", "Where each value comes from", columns, tuple(rows), _notes(rows))


def _row_names(material: Material, study: Study, group: Group) -> list[str]:
    """Return the names of the rows that a study has in a group; a group that does not repeat has one, without name."""
    if not group.repeated:
        return [""]
    names = {cell.row for cell in material.values if cell.study == study.id and cell.group == group.id}
    return sorted(names, key=_natural)


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Sort "3 months" before "12 months"."""
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts if part]
