"""What stands where in an extraction workbook: its sheets, their heading rows, and their columns by machine id."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewkit.formats.cells import sheet_title
from reviewkit.model.protocol import Field, FieldType, Form, Group

GROUP_ROW, ID_ROW, LABEL_ROW, FIRST_ROW = 1, 2, 3, 4  # the row of machine ids is hidden; the filter sits on the labels

STUDIES, DIFFERENCES = "Studies", "Differences"
INSTRUCTIONS, DICTIONARY = "Instructions", "Data dictionary"
HIDDEN = "reviewkit"  # the hidden sheet: what the workbook is, and the lists behind the drop-downs

STUDY = "reviewkit.study"  # the column that every table has, and by which it is recognised
NAME, TITLE, YEAR, REPORTS = "reviewkit.name", "reviewkit.title", "reviewkit.year", "reviewkit.reports"
CELL, ROW, AGREED, SOURCE, NOTE = (f"reviewkit.{name}" for name in ("cell", "row", "agreed", "source", "note"))

STUDY_LABEL = "Study"
SOURCE_LABEL = "Quote and page"
BLANK = "(blank)"  # on the consensus sheet: this extractor left the cell empty

_WIDTHS = {FieldType.TEXT: 30, FieldType.CHOICES: 28, FieldType.CHOICE: 20, FieldType.YES_NO: 14}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its machine id, heading, width, and for a value or its source the field that it belongs to."""

    id: str
    label: str
    width: float
    group: Group | None = None
    field: Field | None = None  # of a value column; a source column has none
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet for filling in; `repeated` is the group of which it holds a row per study and key."""

    title: str
    columns: tuple[Column, ...]
    repeated: Group | None = None

    def find(self, column_id: str) -> int:
        """Return the number of a column, from 1."""
        return next(n for n, column in enumerate(self.columns, start=1) if column.id == column_id)


def value_id(group: Group, field: Field) -> str:
    """Return the machine id of a field's column; ids of groups and fields hold no point."""
    return f"{group.id}.{field.id}"


def source_id(group: Group, field: Field) -> str:
    """Return the machine id of the column for the quote and page behind a field's value."""
    return f"{group.id}.{field.id}.source"


def layouts(form: Form) -> list[Layout]:
    """Lay out the sheets of one extractor: the studies, and each repeated group on its own."""
    once = [column for group in form.group if not group.repeated for column in _columns(group)]
    found = [Layout(STUDIES, (*_identity(), *once))]
    titles = [HIDDEN, INSTRUCTIONS, DICTIONARY, STUDIES]
    for group in form.group:
        if group.repeated:
            titles.append(sheet_title(group.label, titles))
            study = Column(STUDY, STUDY_LABEL, 24)
            found.append(Layout(titles[-1], (study, *_columns(group)), group))
    return found


def consensus_layout(people: Sequence[str]) -> Layout:
    """Lay out the sheet on which differences are settled: everyone's values side by side, then what is agreed."""
    values = [Column(f"reviewkit.value.{n}", who, 26, locked=True) for n, who in enumerate(people, start=1)]
    sources = [Column(f"reviewkit.source.{n}", f"{who}: quote", 24, locked=True) for n, who in enumerate(people, 1)]
    return Layout(
        DIFFERENCES,
        (
            Column(STUDY, STUDY_LABEL, 22, locked=True),
            Column(CELL, "Id", 30, locked=True),
            Column("reviewkit.group", "Group", 18, locked=True),
            Column(ROW, "Row", 24, locked=True),
            Column("reviewkit.field", "Field", 22, locked=True),
            *values,
            *sources,
            Column(AGREED, "Agreed value", 28),
            Column(SOURCE, SOURCE_LABEL, 24),
            Column(NOTE, "Why (optional)", 28),
        ),
    )


def heading(field: Field, required: bool) -> str:
    """Return a field's heading: label, unit, and a star where it must be filled in."""
    unit = f" ({field.unit})" if field.unit else ""
    return f"{field.label}{unit}{' *' if required else ''}"


def _identity() -> tuple[Column, ...]:
    return (
        Column(STUDY, STUDY_LABEL, 8, locked=True),
        Column(NAME, "Name", 17, locked=True),
        Column(TITLE, "Title", 42, locked=True),
        Column(YEAR, "Year", 8, locked=True),
        Column(REPORTS, "Reports", 32, locked=True),
    )


def _columns(group: Group) -> list[Column]:
    columns = []
    for field in group.field:
        is_key = field.id in group.key
        label = heading(field, field.required or is_key)
        columns.append(Column(value_id(group, field), label, _width(field, label), group, field))
        if not is_key:  # a key names the row; the quotes stand behind its values
            columns.append(Column(source_id(group, field), SOURCE_LABEL, 22, group))
    return columns


def _width(field: Field, label: str) -> float:
    longest = max((len(word) for word in label.split()), default=0)
    choice = max((len(choice) for choice in field.choices), default=0)
    return max(_WIDTHS.get(field.type, 15), min(longest + 4, 30), min(choice + 4, 36))
