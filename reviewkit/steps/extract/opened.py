"""A workbook that came back: opened safely, its tables found by their hidden machine ids, whatever else was done."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reviewkit.errors import WrongSheet
from reviewkit.model.values import Misread
from reviewkit.steps.extract.layout import DICTIONARY, HIDDEN, INSTRUCTIONS, STUDY, STUDY_LABEL
from reviewkit.steps.extract.marks import Marks, parse_marks

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of .xls, and of an .xlsx with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNPACKED = 64 << 20  # bytes; a thousand studies with fifty fields unpack to a fifth of it
_HEADING_ROWS = 50  # the machine ids are looked for so far down, in case rows were put above them
_AS_XLSX = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)."
_AGAIN = "Write a new one with 'reviewkit extract sheet'."


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell that came back; `found` is what it holds, or a `Misread` where that cannot be told."""

    place: str  # "Studies!F7"
    found: object


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet that reviewkit made: the columns that are still there, and its rows that hold anything."""

    title: str
    columns: Mapping[str, str]  # machine id -> column letter
    rows: Mapping[int, Mapping[str, Spot]]  # row number -> machine id -> cell; blank cells are absent
    problems: tuple[str, ...]
    ignored: tuple[str, ...]  # columns that reviewkit does not know, by their heading

    def place(self, row: int, column_id: str) -> str:
        """Name a cell as spreadsheet programs do, or its row where the column is gone."""
        return _place(self.title, f"{self.columns.get(column_id, '')}{row}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook's marks and tables, and the sheets that reviewkit does not know."""

    marks: Marks
    tables: tuple[Table, ...]
    ignored: tuple[str, ...]


def open_workbook(body: bytes, name: str) -> Opened:
    """Open a workbook that was written by `reviewkit.steps.extract.write`.

    Args:
        name: the file's name, for messages.

    Raises:
        WrongSheet: it is no .xlsx, is damaged or too large, or does not carry reviewkit's marks.
    """
    _check_container(body, name)
    workbook = _load(body, name, values=False)
    marks = _marks(workbook)
    if marks is None:
        reason = "reviewkit did not write it, or its hidden sheet is gone"
        raise WrongSheet(file=name, reason=reason, remedy=f"{_AGAIN} Values can be copied over.")
    tables, ignored, computed = [], [], None
    for sheet in workbook.worksheets:
        ids = _find_ids(sheet)
        if ids is None:
            if sheet.title not in (HIDDEN, INSTRUCTIONS, DICTIONARY):
                ignored.append(f"sheet '{sheet.title}'")
            continue
        if computed is None and any(cell.data_type == "f" for cell in sheet._cells.values()):
            computed = _load(body, name, values=True)
        tables.append(_table(sheet, *ids, computed[sheet.title] if computed else None))
    return Opened(marks, tuple(tables), tuple(ignored))


def _check_container(body: bytes, name: str) -> None:
    def wrong(reason: str, remedy: str) -> WrongSheet:
        return WrongSheet(file=name, reason=reason, remedy=remedy)

    if body.startswith(_OLE):
        if _ENCRYPTED in body:
            raise wrong("it is protected by a password", "Save it without one, and read that file.")
        raise wrong("it is an old .xls workbook", _AS_XLSX)
    if not body.startswith(b"PK"):
        raise wrong("it is not an .xlsx workbook" if body else "it is empty", _AS_XLSX if body else _AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
                raise wrong("it is an OpenDocument file (.ods)", _AS_XLSX)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise wrong(f"it is damaged ({error})", "Take a whole copy of the file, or a new one.") from error
    if "xl/workbook.xml" not in names:
        raise wrong("it is not an .xlsx workbook", _AS_XLSX)
    size = sum(entry.file_size for entry in entries)
    if size > _UNPACKED:  # openpyxl and zipfile never unpack more than the directory says
        raise wrong(f"it unpacks to {size >> 20} MB, far more than an extraction sheet holds", _AGAIN)


def _load(body: bytes, name: str, *, values: bool) -> "Workbook":
    try:
        return load_workbook(io.BytesIO(body), data_only=values)
    except Exception as error:  # openpyxl raises whatever its parsing runs into
        remedy = "Open and save it once more in your spreadsheet program, or take a whole copy of the file."
        raise WrongSheet(file=name, reason=f"it is damaged ({type(error).__name__})", remedy=remedy) from error


def _marks(workbook: "Workbook") -> Marks | None:
    if HIDDEN not in workbook.sheetnames:
        return None
    sheet = workbook[HIDDEN]
    return parse_marks({str(key): str(value) for key, value in sheet.iter_rows(1, 20, 1, 2, values_only=True)})


def _find_ids(sheet: Any) -> tuple[int, dict[int, str]] | None:
    """Find the row of machine ids; return its number and each column's id, or None where there is none."""
    # sheet._cells holds the cells that exist; walking rows and columns would make a million empty ones
    cells = getattr(sheet, "_cells", {})
    for (row, _), cell in sorted(cells.items()):
        if row > _HEADING_ROWS:
            return None
        if cell.value == STUDY:
            in_row = {
                n: str(c.value).strip() for (r, n), c in sorted(cells.items()) if r == row and c.value is not None
            }
            return row, in_row
    return None


def _table(sheet: "Worksheet", id_row: int, ids: Mapping[int, str], computed: Any) -> Table:
    problems: list[str] = []
    letters: dict[str, str] = {}
    for number, column_id in ids.items():
        letter = get_column_letter(number)
        if column_id in letters:
            problems.append(
                f"{_place(sheet.title, letter)}: columns {letters[column_id]} and {letter} are the same column twice; "
                "delete the copy"
            )
        else:
            letters[column_id] = letter
    known = {number: column_id for number, column_id in ids.items() if letters[column_id] == get_column_letter(number)}
    study_column = next(number for number, column_id in known.items() if column_id == STUDY)
    label_row = next(
        (
            row
            for (row, n), c in sorted(sheet._cells.items())
            if n == study_column and c.value == STUDY_LABEL and row > id_row
        ),
        id_row,
    )
    rows: dict[int, dict[str, Spot]] = {}
    strangers: dict[int, str] = {}
    for (row, number), cell in sorted(sheet._cells.items()):
        if row <= id_row or row == label_row:
            if row == label_row and number not in ids and cell.value is not None:
                strangers[number] = str(cell.value)
            continue
        found = _found(cell, computed)
        if found is None:
            continue
        if number in known:
            rows.setdefault(row, {})[known[number]] = Spot(_place(sheet.title, cell.coordinate), found)
        elif number not in ids:
            strangers.setdefault(number, f"column {get_column_letter(number)}")
    problems.extend(_merged(sheet, id_row, label_row, known))
    return Table(sheet.title, letters, rows, tuple(problems), tuple(text for _, text in sorted(strangers.items())))


def _found(cell: Any, computed: Any) -> object:
    """Return what a cell shows; a percentage as text with its sign, because 65 % is stored as 0.65."""
    value = cell.value
    if cell.data_type == "f":
        value = computed[cell.coordinate].value
        if value is None:
            return Misread(
                "a formula that has not been calculated; open the file in your spreadsheet program and save it, "
                "or write the value itself"
            )
    if cell.data_type == "e" or (isinstance(value, str) and cell.data_type == "f" and value.startswith("#")):
        return Misread(f"the error {value}; write the value itself")
    if isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in _code(cell.number_format):
        return f"{(Decimal(repr(value)) * 100).normalize():f} %"
    return value


def _code(number_format: str) -> str:
    """Return a number format without the texts quoted in it."""
    return "".join(number_format.split('"')[::2])


def _merged(sheet: "Worksheet", id_row: int, label_row: int, known: Mapping[int, str]) -> Iterator[str]:
    for area in sheet.merged_cells.ranges:
        if area.max_row > max(id_row, label_row) and any(area.min_col <= number <= area.max_col for number in known):
            yield f"{_place(sheet.title, area.coord)}: these cells are merged, so only the first counts; unmerge them"


def _place(title: str, coordinate: str) -> str:
    quoted = title if title.isalnum() else "'" + title.replace("'", "''") + "'"
    return f"{quoted}!{coordinate}"
