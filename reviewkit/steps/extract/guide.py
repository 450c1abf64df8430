"""The sheets of an extraction workbook that explain it: instructions and data dictionary."""

from math import ceil
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, Side

from reviewkit.formats.cells import set_text
from reviewkit.model.protocol import Field, FieldType, Form, Group, Protocol
from reviewkit.model.values import wanted
from reviewkit.steps.extract.layout import DICTIONARY, INSTRUCTIONS, layouts, value_id
from reviewkit.steps.extract.look import cell_at, fit_height, fit_width, solid
from reviewkit.steps.extract.marks import Kind, Marks
from reviewkit.steps.extract.state import keys_of

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
_SUBTITLE = {Kind.EXTRACTION: "How to fill in this extraction form", Kind.CONSENSUS: "How to settle the differences"}
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
_REPEATED = "Sheet '{title}' has one row for each {keys} in a study: choose the study first. "
_PREPARED = "Prepared rows that stay empty are ignored. "
_CONSENSUS = (
    ("What this is", "Where the extractors of '{review}' do not agree, for {person} to settle."),
    (
        "Where to write",
        (
            "One row is one value that differs. The values stand side by side with their quotes; write what holds "
            "into 'Agreed value', yellow while blank (the drop-down offers the values), with its quote and page. "
            "'Why' is optional. Leave a row blank to settle it later."
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


def add_instructions(workbook: "Workbook", marks: Marks, protocol: Protocol) -> None:
    """Add the sheet that says in plain words how the others are filled in."""
    sheet = workbook.create_sheet(INSTRUCTIONS)
    repeated = ""
    for layout in layouts(protocol.extraction):
        if layout.repeated:
            keys = " and ".join(field.label.casefold() for field in keys_of(layout.repeated))
            repeated += _REPEATED.format(title=layout.title, keys=keys)
    repeated += _PREPARED if repeated else ""
    lines = _CONSENSUS if marks.kind is Kind.CONSENSUS else _EXTRACTION
    set_text(cell_at(sheet, 1, 1), protocol.title)
    cell_at(sheet, 1, 1).font = Font(name="Calibri", size=15, bold=True, color="2F4858")
    set_text(cell_at(sheet, 2, 1), _SUBTITLE[marks.kind])
    cell_at(sheet, 2, 1).font = Font(name="Calibri", size=11, color="595959")
    for row, (head, text) in enumerate(lines, start=4):
        told = text.format(person=marks.person, review=marks.review, repeated=repeated)
        set_text(cell_at(sheet, row, 1), head)
        set_text(cell_at(sheet, row, 2), told)
        cell_at(sheet, row, 1).font = Font(name="Calibri", size=11, bold=True)
        for number in (1, 2):
            cell_at(sheet, row, number).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 15 * ceil(len(told) / 92) + 9
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 92
    sheet.sheet_view.showGridLines = False
    fit_width(sheet)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"


def add_dictionary(workbook: "Workbook", form: Form) -> None:
    """Add the data dictionary: every field with its id, type, unit, choices and help."""
    sheet = workbook.create_sheet(DICTIONARY)
    place = {layout.repeated.id: layout.title for layout in layouts(form) if layout.repeated}
    titles = ("Sheet", "Group", "Field", "Id", "Type", "Unit", "Choices", "Help", "Required")
    widths = (16, 18, 26, 26, 15, 12, 40, 50, 18)
    for number, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = cell_at(sheet, 1, number)
        cell.value = title
        cell.fill, cell.font = solid("2F4858"), Font(name="Calibri", bold=True, color="FFFFFF")
        sheet.column_dimensions[cell.column_letter].width = width
    row = 1
    for group in form.group:
        for field in group.field:
            row += 1
            texts = _entry(group, field, place)
            fit_height(sheet, row, zip(texts, widths, strict=True), least=1)
            for number, text in enumerate(texts, start=1):
                cell = cell_at(sheet, row, number)
                set_text(cell, text)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.border = Border(bottom=_LINE)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:I{row}"
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
    required = "yes, names the row" if field.id in group.key else "yes" if field.required else "no"
    return (
        place.get(group.id, "Studies"),
        group.label,
        field.label,
        value_id(group, field),
        _TYPES[field.type],
        field.unit,
        "; ".join(field.choices),
        field.help,
        required,
    )
