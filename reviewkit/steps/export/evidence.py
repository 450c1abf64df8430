"""`evidence-table.xlsx`: the tables of a review as a workbook, set the way papers set them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from reviewkit.formats.cells import set_text, sheet_title, to_xlsx
from reviewkit.steps.export.tables import CONFLICT, WAITING, Column, Mark, Table

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "Arial"  # every system has it or a font of the same widths, so that estimated row heights hold
_LINE_HEIGHT = 13.0  # points, of 10-point letters
_ROOM, _ROOM_BOLD = 0.92, 0.85  # digits of 10-point Arial that fit into one unit of a column's width, a little less
# Widths of Arial's letters in widths of a digit (556 of 1,000 units of its em); a letter not listed is as wide as one.
_WIDTHS = {
    letter: width
    for width, letters in (
        (0.4, "ijl'|"), (0.5, " .,:;/\\!tfI[]"), (0.6, 'r()-`"'), (0.9, "cksvxyzJ"), (1.1, "FTZ+<=>~"),
        (1.2, "ABEKPSVXY&"), (1.3, "CDHNRUw"), (1.4, "GOQ"), (1.5, "mM"), (1.6, "%"), (1.7, "W"), (1.9, "@"),
    )
    for letter in letters
}  # fmt: skip
_TALLEST = 409.0  # points, Excel's limit for a row
_RULE, _HAIR = Side(style="medium", color="000000"), Side(style="thin", color="BFBFBF")
_LINE = Side(style="thin", color="000000")
_TITLE, _ABOUT = Font(name=_FONT, size=13, bold=True), Font(name=_FONT, size=9, color="595959")
_HEAD = Font(name=_FONT, size=10, bold=True)
# names of styles: of text, of numbers
_BODY = ("Table text", "Table number")
_QUIET = ("Table mark", "Table mark, number")
_TO_SETTLE = ("Table to settle", "Table to settle, number")
_ABOVE = 3  # rows above the headings: title, what it is of, an empty one
_A4_WIDTH = 170  # characters that fit on a landscape A4 page in letters that can be read; wider tables go on A3
_KEEP_IN_VIEW = 1  # columns that stay when scrolling to the right


def to_workbook(tables: Sequence[Table], review: str, about: str) -> bytes:
    """Write tables as a workbook, a sheet each; the same tables give the same bytes.

    Args:
        review: the review's title.
        about: the state of the review, shown below every title.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for style in _styles():
        workbook.add_named_style(style)
    workbook.properties.creator = "reviewkit"
    workbook.properties.title = _printable(review)
    for table in tables:
        sheet = workbook.create_sheet(sheet_title(table.name, workbook.sheetnames))
        last = _write(sheet, table, f"{review}. {about}")
        _prepare(sheet, table, last, review)
    return to_xlsx(workbook)


def _write(sheet: "Worksheet", table: Table, about: str) -> int:
    """Write title, headings, rows and notes; return the row of the last heading."""
    set_text(_at(sheet, 1, 1), table.title)
    _at(sheet, 1, 1).font = _TITLE
    _across(sheet, 2, about, table.columns)
    head = _headings(sheet, table)
    for number, row in enumerate(table.rows, start=head + 1):
        for place, value in enumerate(row, start=1):
            _fill(_at(sheet, number, place), value, table.columns[place - 1].numeric)
        sheet.row_dimensions[number].height = _row_height(row, table.columns)
    end = head + len(table.rows)
    if not table.rows:
        end += 1
        set_text(_at(sheet, end, 1), "None.")
        _at(sheet, end, 1).style = _QUIET[0]
    for place in range(1, len(table.columns) + 1):
        cell = _at(sheet, end, place)
        cell.border = Border(bottom=_RULE)
    for number, note in enumerate(table.notes, start=end + 2):
        _across(sheet, number, note, table.columns)
    return head


def _across(sheet: "Worksheet", row: int, text: str, columns: Sequence[Column]) -> None:
    """Write a line about the table, as wide as the table: one that ran on beyond it would shrink the printed page."""
    cell = _at(sheet, row, 1)
    set_text(cell, text)
    cell.font, cell.alignment = _ABOUT, Alignment(vertical="top", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
    lines = _lines(text, _ROOM * sum(column.width for column in columns))
    sheet.row_dimensions[row].height = min(lines * _LINE_HEIGHT, _TALLEST)


def _at(sheet: "Worksheet", row: int, place: int) -> "Cell":
    """Return a cell for writing; none is merged before it is written."""
    return cast("Cell", sheet.cell(row, place))


def _headings(sheet: "Worksheet", table: Table) -> int:
    top = _ABOVE + 1
    head = top + 1 if table.grouped else top
    for place, column in enumerate(table.columns, start=1):
        cell = _at(sheet, head, place)
        set_text(cell, column.heading)
        cell.font = _HEAD
        side = "right" if column.numeric else "left"
        cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=column.numeric)
        cell.border = Border(top=None if table.grouped else _RULE, bottom=_RULE)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[head].height = _row_height([c.heading for c in table.columns], table.columns, _ROOM_BOLD)
    if table.grouped:
        place = 1
        for group, span in table.spans():
            for each in range(place, place + span):
                _at(sheet, top, each).border = Border(top=_RULE, bottom=_LINE if group else None)
            cell = _at(sheet, top, place)
            set_text(cell, group)
            cell.font = _HEAD
            cell.alignment = Alignment(horizontal="center" if span > 1 else "left")
            if span > 1:
                sheet.merge_cells(start_row=top, start_column=place, end_row=top, end_column=place + span - 1)
            place += span
    return head


def _fill(cell: "Cell", value: str | float | None, numeric: bool) -> None:
    quiet = _TO_SETTLE if value in (CONFLICT, WAITING) else _QUIET if isinstance(value, Mark) else _BODY
    cell.style = quiet[numeric]
    if isinstance(value, str):
        set_text(cell, value)
    elif value is not None:
        cell.value = value


def _styles() -> list[NamedStyle]:
    """Return the looks of a table's cells. They have names, since a style by name is set ten times as fast."""
    fonts = {
        _BODY: Font(name=_FONT, size=10),
        _QUIET: Font(name=_FONT, size=10, italic=True, color="7F7F7F"),
        _TO_SETTLE: Font(name=_FONT, size=10, bold=True, color="7F3F00"),
    }
    made = []
    for names, font in fonts.items():
        for numeric, name in enumerate(names):
            style = NamedStyle(name, font=font, border=Border(bottom=_HAIR))
            side = "right" if numeric else "left"
            style.alignment = Alignment(horizontal=side, vertical="top", wrap_text=True, indent=numeric)
            if names is _TO_SETTLE:
                style.fill = PatternFill(fill_type="solid", fgColor="FCE4D6")
            made.append(style)
    return made


def _row_height(row: Sequence[str | float | None], columns: Sequence[Column], room: float = _ROOM) -> float:
    """Estimate the height of a row; LibreOffice and some viewers do not adjust rows by themselves."""
    lines = max(_lines(str(value), column.width * room) for value, column in zip(row, columns, strict=True))
    return min(lines * _LINE_HEIGHT + 4, _TALLEST)


def _lines(text: str, room: float) -> int:
    """Estimate how many lines a text takes where so many digits fit beside each other."""
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        used, count = 0.0, 1
        for word in paragraph.split(" "):
            length = sum(map(_width, word))
            if used and used + length > room:
                used, count = 0.0, count + 1
            if length > room:  # broken within the word
                count, length = count + int(length // room), length % room
            used += length + _WIDTHS[" "]
        lines += count
    return lines


def _width(letter: str) -> float:
    return _WIDTHS.get(letter) or (2.0 if east_asian_width(letter) in "WF" else 1.0)


def _prepare(sheet: "Worksheet", table: Table, head: int, review: str) -> None:
    """Freeze and repeat the headings, filter long lists, and set the page: landscape, one page wide."""
    sheet.freeze_panes = _at(sheet, head + 1, _KEEP_IN_VIEW + 1).coordinate
    sheet.sheet_view.showGridLines = False
    if len(table.rows) > 1 and not table.grouped:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{head + len(table.rows)}"
    sheet.print_title_rows = f"{_ABOVE + 1}:{head}"
    width = sum(column.width for column in table.columns)
    setup = sheet.page_setup
    setup.orientation = "landscape"
    setup.paperSize = "9" if width <= _A4_WIDTH else "8"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    footer = cast(HeaderFooterItem, sheet.oddFooter)
    footer.left.text = _printable(review)[:100].replace("&", "&&")
    footer.right.text = "&A, page &P of &N"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
