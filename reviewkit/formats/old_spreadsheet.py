"""Excel workbooks of before 2007 (.xls), which Web of Science still exports, as sheets of text cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from reviewkit.formats.spreadsheet import SheetName, Unreadable
from reviewkit.model.citation import Finding

OLE = b"\xd0\xcf\x11\xe0"  # the container of .xls, of Word's .doc, and of encrypted workbooks
_MOST = 512 << 20  # bytes; a sheet of .xls has 65,536 rows at most


@dataclass(slots=True)
class _Silent:
    """Where xlrd writes its remarks, which no user is to see."""

    def write(self, _text: str) -> int:
        return 0

    def flush(self) -> None:
        """Nothing is held back."""


class OldWorkbook:
    """An open workbook: what its sheets are called, and the rows of each.

    Raises:
        Unreadable: it is damaged, too large or no workbook.
    """

    def __init__(self, file: IO[bytes]) -> None:
        import xlrd  # for one who reads such a file alone

        self._xlrd: Any = xlrd
        body = file.read(_MOST + 1)
        if len(body) > _MOST:
            raise Unreadable("the workbook is larger than any list of references")
        try:
            self._book: Any = xlrd.open_workbook(
                file_contents=body, on_demand=True, ragged_rows=True, logfile=_Silent()
            )
            hidden_ones = getattr(self._book, "_sheet_visibility", [])  # xlrd gives it of loaded sheets alone
            listed = zip(self._book.sheet_names(), hidden_ones, strict=False)
            self.sheets = [SheetName(name, str(at), bool(hidden)) for at, (name, hidden) in enumerate(listed)]
        except Exception as error:  # xlrd lets through whatever a damaged file makes happen
            what = "it is an old Excel workbook (.xls) or Word document that cannot be read"
            raise Unreadable(f"{what} ({_said(error)}); save it as .xlsx or CSV, and read that file") from error

    def rows(self, sheet: SheetName) -> Iterator[tuple[int, list[str]] | Finding]:
        """Yield (row number, cells as text) for each row that has one; what is damaged ends it with a Finding."""
        number = 0
        try:
            table = self._book.sheet_by_index(int(sheet.path))
            for number in range(1, table.nrows + 1):
                cells = [self._text(cell) for cell in table.row(number - 1)]
                if any(cells):
                    yield number, cells
        except Exception as error:  # as above
            what = f"the sheet '{sheet.name}' is damaged after row {number} ({_said(error)}); the rest cannot be read"
            yield Finding(what, line=number + 1, rejected=True)

    def _text(self, cell: Any) -> str:
        """Write a cell as it was shown: 2024 and not 2024.0, a date as YYYY-MM-DD."""
        if cell.ctype == self._xlrd.XL_CELL_DATE:
            moment = self._xlrd.xldate_as_datetime(cell.value, self._book.datemode)
            return f"{moment:%Y-%m-%d}" if not (moment.hour or moment.minute) else f"{moment:%Y-%m-%d %H:%M}"
        if cell.ctype == self._xlrd.XL_CELL_NUMBER:
            return f"{cell.value:.0f}" if cell.value == int(cell.value) else repr(cell.value)
        if cell.ctype == self._xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        return str(cell.value) if cell.ctype == self._xlrd.XL_CELL_TEXT else ""


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
