"""How an extraction workbook looks and what may be done in it: colours, widths, protection, filter, print."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from math import ceil
from typing import TYPE_CHECKING

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from reviewkit.formats.cells import set_text, to_xlsx
from reviewkit.steps.extract.layout import FIRST_ROW, GROUP_ROW, ID_ROW, LABEL_ROW, STUDY, Column, Layout

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "Calibri"
_BANDS = (("2F4858", "DDE6EA"), ("3F6B5C", "DFEBE6"))  # heading and label colours; neighbouring groups differ
_IDENTITY = ("595959", "E7E6E6")
_LOCKED, _QUOTES = "F4F4F4", "FAFAF7"
_LINE = Side(style="thin", color="D0D0D0")
_EDGE = Side(style="medium", color="7F7F7F")
_WIDE = 150  # characters: what fits on one landscape page in letters that can be read
# `to_xlsx` writes canonical XML: attributes in alphabetical order, and no <empty/> elements.
_PROTECTION = re.compile(rb"(<sheetProtection[^>]*></sheetProtection>)")
_FIXED_HEIGHT = re.compile(rb'(<row) customHeight="1"([^>]* r="(?:[4-9]|\d{2,})")')  # from FIRST_ROW on
_LINE_HEIGHT, _MOST_LINES = 15.0, 12  # points; a long quote does not push the next study out of sight


def solid(colour: str) -> PatternFill:
    """Return a plain fill."""
    return PatternFill(fill_type="solid", fgColor=colour)


def cell_at(sheet: "Worksheet", row: int, number: int) -> Cell:
    """Return a cell to write into; nothing that is written here is merged."""
    cell = sheet.cell(row, number)
    if not isinstance(cell, Cell):
        raise TypeError(f"{sheet.title}!{cell.coordinate} is merged")
    return cell


def fit_width(sheet: "Worksheet") -> None:
    """Print a sheet one page wide and as long as it is."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def write_headings(sheet: "Worksheet", layout: Layout, about: str, notes: Mapping[str, str]) -> None:
    """Write the heading rows: groups, hidden machine ids, labels with their notes; set the widths.

    Args:
        about: what the sheet is, shown at the top left.
        notes: machine id -> help that appears when the pointer rests on the heading.
    """
    seen: list[str] = []
    for number, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(number)
        group = column.group.id if column.group else ""
        first = bool(group) and group not in seen
        if first:
            seen.append(group)
        asked = bool(group) or not (column.locked or column.id == STUDY)
        dark, light = _BANDS[(len(seen) - 1) % 2] if asked else _IDENTITY
        top, hidden, label = (cell_at(sheet, row, number) for row in (GROUP_ROW, ID_ROW, LABEL_ROW))
        top.fill = solid(dark)
        top.font = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
        if first and column.group is not None:
            set_text(top, column.group.label)
        set_text(hidden, column.id)
        set_text(label, column.label)
        quiet = is_source(column)
        label.fill = solid(light)
        label.font = Font(name=_FONT, size=9 if quiet else 11, bold=not quiet, italic=quiet, color="404040")
        label.alignment = Alignment(wrap_text=True, vertical="center")
        label.border = Border(left=_EDGE if first else _LINE, right=_LINE, bottom=_EDGE)
        sheet.column_dimensions[letter].width = column.width
        if quiet and column.group is not None:
            sheet.column_dimensions[letter].outlineLevel = 1
        if note := notes.get(column.id):
            label.comment = Comment(note, "reviewkit", width=320, height=40 + 18 * (len(note) // 42 + note.count("\n")))
    if not layout.columns[0].group:
        set_text(cell_at(sheet, GROUP_ROW, 1), about)
    sheet.row_dimensions[GROUP_ROW].height = 20
    sheet.row_dimensions[ID_ROW].hidden = True
    sheet.row_dimensions[LABEL_ROW].height = 15 * max(_lines(c) for c in layout.columns) + 4


def is_source(column: Column) -> bool:
    """Return True for the narrow columns of quotes and pages."""
    return column.field is None and column.id.split(".")[-1] == "source"


def style_cell(cell: Cell, layout: Layout, number: int) -> None:
    """Give a cell of a table the look of its column, and lock it where its column is locked."""
    column = layout.columns[number - 1]
    before = layout.columns[number - 2] if number > 1 else column
    first_of_group = column.group != before.group
    quiet = is_source(column)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(name=_FONT, size=9 if quiet else 11, color="595959" if quiet else "000000")
    cell.border = Border(left=_EDGE if first_of_group else _LINE, right=_LINE, top=_LINE, bottom=_LINE)
    if column.locked:
        cell.fill = solid(_LOCKED)
    elif quiet:
        cell.fill = solid(_QUOTES)
    cell.protection = Protection(locked=column.locked)


def leave_open(sheet: "Worksheet", layout: Layout) -> None:
    """Let people write below the prepared rows too."""
    for number in range(1, len(layout.columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].protection = Protection(locked=False)


def fit_height(sheet: "Worksheet", row: int, texts: Iterable[tuple[str, float]], least: int = 2) -> None:
    """Make a row as high as its longest text needs; not every program does it on opening.

    Args:
        texts: each cell's text with its column's width in characters.
        least: the fewest lines, room to write in.
    """
    lines = least
    for text, width in texts:
        lines = max(lines, sum(max(1, ceil(len(part) / max(width - 2, 1))) for part in text.split("\n")))
    sheet.row_dimensions[row].height = _LINE_HEIGHT * min(lines, _MOST_LINES) + 1


def set_up(sheet: "Worksheet", layout: Layout, last: int, freeze_after: int, footer: str) -> str:
    """Freeze, filter, protect and prepare for print; return the range of rows that may be sorted.

    Args:
        last: the last prepared row.
        freeze_after: how many columns stay in view.
        footer: what every printed page says at its foot.
    """
    final = get_column_letter(len(layout.columns))
    sheet.freeze_panes = f"{get_column_letter(freeze_after + 1)}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{LABEL_ROW}:{final}{last}"
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    protection = sheet.protection
    protection.sheet = True  # without a password: it guards against slips, not against people
    protection.selectLockedCells = True  # true forbids: see `_allow_sorting`
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "insertColumns", "sort", "autoFilter"):
        setattr(protection, allowed, False)  # false allows
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.print_title_rows = f"{GROUP_ROW}:{LABEL_ROW}"
    if sum(column.width for column in layout.columns) <= _WIDE:
        fit_width(sheet)
    else:
        sheet.print_title_cols = f"A:{get_column_letter(freeze_after)}"
        sheet.page_setup.scale = 70
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter = HeaderFooterItem()
    sheet.oddFooter.left.text = footer.replace("&", "&&")
    sheet.oddFooter.right.text = "&A, page &P of &N"
    return f"A{FIRST_ROW}:{final}{last}"


def finish(workbook: "Workbook", sortable: Mapping[str, str]) -> bytes:
    """Write the workbook, the same content to the same bytes.

    Args:
        sortable: title of a protected sheet -> the range of rows that may be sorted.
    """
    workbook.properties.creator = "reviewkit"
    numbers = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(workbook.sheetnames, start=1)}
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(to_xlsx(workbook))) as source, zipfile.ZipFile(written, "w") as target:
        for entry in source.infolist():
            body = source.read(entry)
            if rows := sortable.get(numbers.get(entry.filename, "")):
                body = _FIXED_HEIGHT.sub(rb"\1\2", _allow_sorting(body, rows))  # rows grow with what is typed
            target.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _allow_sorting(body: bytes, rows: str) -> bytes:
    """Let protected rows be sorted.

    Excel refuses to sort a range that holds locked cells, whatever the protection permits, unless the range may be
    edited ("Allow Edit Ranges"). The locked cells stay out of reach because they cannot be selected. openpyxl does
    not write that element.
    """
    ranges = f'<protectedRanges><protectedRange sqref="{rows}" name="rows"/></protectedRanges>'.encode()
    return _PROTECTION.sub(rb"\1" + ranges, body, count=1)


def _lines(column: Column) -> int:
    """Estimate how many lines a heading takes in its column, with room for the filter's arrow."""
    room = max(int(column.width) - 4, 4)
    lines, used = 1, 0
    for word in column.label.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + (1 if used else 0)
    return lines
