"""The sheets of an extraction workbook that explain it: instructions and data dictionary."""

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, Side

from reviewkit.formats.cells import set_text
from reviewkit.model.protocol import Field, FieldType, Form, Group
from reviewkit.model.values import wanted
from reviewkit.steps.extract.layout import DICTIONARY, INSTRUCTIONS, layouts, value_id
from reviewkit.steps.extract.look import cell_at, fit_width, solid
from reviewkit.steps.extract.marks import Kind, Marks

if TYPE_CHECKING:
    from openpyxl import Workbook

_TYPES = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "whole number",
    FieldType.NUMBER: "number",
    FieldType.DATE: "date",
    FieldType.YES_NO: "yes or no",
    FieldType.CHOICE: "one choice",
    FieldType.CHOICES: "several choices",
}
_LINE = Side(style="thin", color="D0D0D0")

_EXTRACTION = (
    (
        "What this is",
        "The extraction form of {person}, for the review '{review}'. It holds only {person}'s own values.",
    ),
    (
        "Where to write",
        (
            "Sheet 'Studies' has one row for each included study. {repeated}The grey columns say which study it is "
            "and cannot be changed."
        ),
    ),
    (
        "What to write",
        (
            'Rest the pointer on a heading to see what is asked. Where the report does not say, write "not reported" '
            '(or NR); where it cannot be made out, "unclear". Leave a cell blank only while you have not looked yet. '
            "Numbers stand alone: the unit is in the heading."
        ),
    ),
    (
        "Must be filled",
        "A star in the heading marks what every study needs. Such a cell is yellow as long as it is blank.",
    ),
    (
        "Quote and page",
        (
            "Beside each value, say where it stands: the words of the report and the page, table or figure. "
            "It makes checking quick, and settling differences quicker."
        ),
    ),
    (
        "What you may do",
        (
            "Sort, filter, hide and move columns, add columns and sheets of your own (they are ignored), change widths "
            "and colours, save from Excel or LibreOffice as .xlsx. Protection has no password: where your program "
            "refuses to sort, switch it off (Excel: Review, Unprotect Sheet; LibreOffice: Tools, Protect Sheet)."
        ),
    ),
    ("What to leave", "Do not merge cells, and do not delete the hidden row 2 or the hidden sheet."),
    (
        "Handing it back",
        (
            "reviewkit extract read FILE. Every problem is listed with its cell. You can go on in the same file and "
            "read it as often as you like; a cell that you clear takes its value back."
        ),
    ),
)
_REPEATED = (
    "Sheet{s} {titles} {have} one row for each {rows}: choose the study, then fill the columns that tell the rows "
    "apart. Prepared rows that stay empty are ignored. "
)
_CONSENSUS = (
    ("What this is", "Where the extractors of '{review}' do not agree, for {person} to settle."),
    (
        "Where to write",
        (
            "One row is one value that differs. The values stand side by side with their quotes; write what holds "
            "into 'Agreed value' (the drop-down offers them), with its quote and page. 'Why' is optional. Leave a row "
            "blank to settle it later."
        ),
    ),
    ("A blank value", "'(blank)' means that this extractor left it empty although the study is finished."),
    (
        "What you may do",
        (
            "Sort, filter, hide and move columns, add columns of your own. Protection has no password: where "
            "your program refuses to sort, switch it off (Excel: Review, Unprotect Sheet; LibreOffice: Tools, "
            "Protect Sheet)."
        ),
    ),
    ("Handing it back", "reviewkit extract read FILE. A cell that you clear takes its consensus back."),
)


def add_instructions(workbook: "Workbook", marks: Marks, form: Form) -> None:
    """Add the sheet that says in plain words how the others are filled in."""
    sheet = workbook.create_sheet(INSTRUCTIONS)
    repeated = [layout for layout in layouts(form) if layout.repeated]
    several = len(repeated) > 1
    titles = " and ".join(f"'{layout.title}'" for layout in repeated)
    words = _REPEATED.format(
        s="s" if several else "", titles=titles, have="have" if several else "has", rows="entry of a study"
    )
    lines = _CONSENSUS if marks.kind is Kind.CONSENSUS else _EXTRACTION
    set_text(cell_at(sheet, 1, 1), f"How to fill in this workbook ({marks.review}, {marks.person})")
    cell_at(sheet, 1, 1).font = Font(name="Calibri", size=15, bold=True, color="2F4858")
    for row, (head, text) in enumerate(lines, start=3):
        told = text.format(person=marks.person, review=marks.review, repeated=words if repeated else "")
        set_text(cell_at(sheet, row, 1), head)
        set_text(cell_at(sheet, row, 2), told)
        cell_at(sheet, row, 1).font = Font(name="Calibri", size=11, bold=True)
        for number in (1, 2):
            cell_at(sheet, row, number).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 15 * (len(told) // 88 + 1) + 8
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 92
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"


def add_dictionary(workbook: "Workbook", form: Form) -> None:
    """Add the data dictionary: every field with its id, type, unit, choices and help."""
    sheet = workbook.create_sheet(DICTIONARY)
    place = {layout.repeated.id: layout.title for layout in layouts(form) if layout.repeated}
    titles = ("Sheet", "Group", "Field", "Id", "Type", "Unit", "Choices", "What to write", "Help", "Required")
    widths = (16, 18, 24, 26, 14, 12, 34, 34, 50, 10)
    for number, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = cell_at(sheet, 1, number)
        cell.value = title
        cell.fill, cell.font = solid("2F4858"), Font(name="Calibri", bold=True, color="FFFFFF")
        sheet.column_dimensions[cell.column_letter].width = width
    row = 1
    for group in form.group:
        for field in group.field:
            row += 1
            for number, text in enumerate(_entry(group, field, place), start=1):
                cell = cell_at(sheet, row, number)
                set_text(cell, text)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.border = Border(bottom=_LINE)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:J{row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    fit_width(sheet)
    sheet.print_title_rows = "1:1"


def help_note(field: Field, is_key: bool) -> str:
    """Return what appears when the pointer rests on a field's heading."""
    asked = wanted(field)
    lines = [field.help] if field.help else []
    lines.append(f"{asked[:1].upper()}{asked[1:]}, or: not reported, unclear.")
    if field.choices:
        lines.append("Choices: " + "; ".join(field.choices))
    if is_key:
        lines.append("Tells the rows of a study apart: every row needs it.")
    elif field.required:
        lines.append("Every study needs it.")
    return "\n".join(lines)


def _entry(group: Group, field: Field, place: dict[str, str]) -> tuple[str, ...]:
    required = "names the row" if field.id in group.key else "yes" if field.required else "no"
    return (
        place.get(group.id, "Studies"),
        group.label,
        field.label,
        value_id(group, field),
        _TYPES[field.type],
        field.unit,
        "; ".join(field.choices),
        wanted(field),
        field.help,
        required,
    )
