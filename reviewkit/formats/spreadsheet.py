"""Excel workbooks as sheets of text cells: unpacked within bounds, no entity expanded, no formula run, memory flat."""

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from posixpath import join, normpath
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.parsers import expat

from reviewkit.model.citation import Finding

_CHUNK = 1 << 16
_UNPACKED = 4 << 30  # bytes; a sheet of 100,000 records with abstracts has about 0.3 of a thousand million
_SUSPICIOUS = 100 << 20  # bytes; a part larger than this must not be
_RATIO = 200  # times larger than it is packed; sheets come to 10 to 50
_IN_MEMORY = 8 << 20  # bytes of shared texts; the rest goes to a temporary file
_COLUMNS = 16_384  # Excel's specification
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))  # ECMA-376, 18.8.30
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip

Attributes = dict[str, str]


class Unreadable(Exception):
    """The workbook cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet as the workbook lists it; `path` is its part of the archive."""

    name: str
    path: str
    hidden: bool


class Workbook:
    """An open workbook: what its sheets are called, and the rows of each.

    Raises:
        Unreadable: it is damaged, encrypted, too large or no workbook.
    """

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
            self._check_sizes()
            self._read_parts()
        except _DAMAGED as error:
            raise Unreadable(f"the workbook is damaged ({_said(error)})") from error

    def rows(self, sheet: SheetName) -> Iterator[tuple[int, list[str]] | Finding]:
        """Yield (row number, cells as text) for each row that has one; what is damaged ends it with a Finding."""
        ready: list[tuple[int, list[str]]] = []
        reader = _SheetReader(ready, self._shared, self._dated, self._epoch)
        last = 0
        try:
            with self._archive.open(sheet.path) as stream:
                for _ in read_xml(stream, reader.start, reader.end, reader.text):
                    for row in ready:
                        last = row[0]
                        yield row
                    ready.clear()
        except _DAMAGED as error:
            yield from ready
            last = ready[-1][0] if ready else last
            what = f"the sheet '{sheet.name}' is damaged after row {last} ({_said(error)}); the rest cannot be read"
            yield Finding(what, line=last + 1, rejected=True)
        if reader.hidden:
            yield Finding(
                f"{reader.hidden:,} rows are hidden in the sheet '{sheet.name}'; they were read like the others"
            )

    def _check_sizes(self) -> None:
        parts = self._archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > _UNPACKED:  # zipfile never unpacks more than the directory says
            raise Unreadable(f"the workbook unpacks to {size >> 20:,} MB, more than any list of references")
        for part in parts:
            if part.file_size > _SUSPICIOUS and part.file_size > _RATIO * part.compress_size:
                times = part.file_size // max(part.compress_size, 1)
                raise Unreadable(f"a part of the workbook unpacks to {times:,} times its size, as only a zip bomb does")
            if part.flag_bits & 1:
                raise Unreadable("the workbook is protected by a password; save it without one")

    def _read_parts(self) -> None:
        names = set(self._archive.namelist())
        root = next((path for kind, path, _ in self._links("_rels/.rels", "") if kind == "officeDocument"), "")
        root = root if root in names else "xl/workbook.xml"
        if root.endswith(".bin") or "xl/workbook.bin" in names:
            raise Unreadable("it is a binary workbook (.xlsb); save it as .xlsx or CSV")
        if root not in names:
            raise Unreadable("it is a zip archive but no Excel workbook")
        folder, _, file = root.rpartition("/")
        links = self._links(join(folder, "_rels", f"{file}.rels"), folder)
        path_of = {key: (kind, path) for kind, path, key in links}
        first = {kind: path for kind, path, _ in reversed(links)}
        self.sheets: list[SheetName] = []
        self._epoch = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zone

        def start(name: str, has: Attributes) -> None:
            if name == "workbookPr" and has.get("date1904", "0") in ("1", "true"):
                self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001
            elif name == "sheet":
                key = next((value for at, value in has.items() if at.rpartition(":")[2] == "id" and ":" in at), "")
                kind, path = path_of.get(key, ("", ""))
                if path in names and kind in ("worksheet", ""):
                    self.sheets.append(SheetName(has.get("name", ""), path, has.get("state", "visible") != "visible"))

        self._read(root, start)
        self._shared = _SharedTexts()
        if (path := first.get("sharedStrings", "")) in names:
            with self._archive.open(path) as stream:
                self._shared.read(stream)
        self._dated = self._date_styles(first.get("styles", "")) if first.get("styles", "") in names else frozenset()

    def _links(self, path: str, folder: str) -> list[tuple[str, str, str]]:
        """Return (kind, part, key) for what a part points to."""
        found: list[tuple[str, str, str]] = []

        def start(name: str, has: Attributes) -> None:
            if name == "Relationship":
                target = has.get("Target", "")
                part = target[1:] if target.startswith("/") else normpath(join(folder, target))
                found.append((has.get("Type", "").rpartition("/")[2], part, has.get("Id", "")))

        if path in self._archive.namelist():
            self._read(path, start)
        return found

    def _date_styles(self, path: str) -> frozenset[str]:
        """Return the numbers of the cell styles that show a number as a date."""
        dates = set(map(str, _DATE_FORMATS))
        styles: list[str] = []
        inside = [False]

        def start(name: str, has: Attributes) -> None:
            if name == "numFmt":
                letters = _NOT_FORMAT.sub("", has.get("formatCode", "")).lower()
                if "general" not in letters and re.search("[ymd]", letters):
                    dates.add(has.get("numFmtId", ""))
            elif name == "cellXfs":
                inside[0] = True
            elif name == "xf" and inside[0]:
                styles.append(has.get("numFmtId", ""))

        def end(name: str) -> None:
            if name == "cellXfs":
                inside[0] = False

        self._read(path, start, end)
        return frozenset(str(place) for place, number in enumerate(styles) if number in dates)

    def _read(
        self, path: str, start: Callable[[str, Attributes], None], end: Callable[[str], None] = lambda _: None
    ) -> None:
        with self._archive.open(path) as stream:
            for _ in read_xml(stream, start, end, lambda _: None):
                pass


def read_xml(
    stream: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Call the functions for what a stream of XML holds, names without their prefix; pause after each chunk.

    Raises:
        ValueError: it declares a document type, the only place where entities are made.
        ExpatError: it is no XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, has: start(name.rpartition(":")[2], has)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no workbook does")


class _SharedTexts:
    """The texts that cells share, kept in a file when they are many."""

    def __init__(self) -> None:
        self._ends = array("Q", [0])
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it lives as long as this

    def read(self, stream: IO[bytes]) -> None:
        """Take in the part of the workbook that has them."""
        reader = _Text(self._add)
        for _ in read_xml(stream, reader.start, reader.end, reader.text):
            pass

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._ends) - 1:
            raise ValueError(f"a cell points to the shared text {place}, which is not there")
        begin = self._ends[place]
        self._file.seek(begin)
        return self._file.read(self._ends[place + 1] - begin).decode("utf-8", "replace")

    def _add(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "replace")))


class _Text:
    """Puts a text with formatting (<si> or <is>) together, without the reading aids of Japanese."""

    def __init__(self, ready: Callable[[str], None]) -> None:
        self._ready = ready
        self._parts: list[str] = []
        self._inside = self._aid = False

    def start(self, name: str, _has: Attributes) -> None:
        if name == "t":
            self._inside = not self._aid
        elif name == "rPh":
            self._aid = True
        elif name in ("si", "is"):
            self._parts = []

    def text(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._aid = False
        elif name in ("si", "is"):
            self._ready(_unescaped("".join(self._parts)))


class _SheetReader:
    """Turns the XML of a sheet into rows; they wait in `ready` until they are taken."""

    def __init__(
        self, ready: list[tuple[int, list[str]]], shared: _SharedTexts, dated: frozenset[str], epoch: datetime
    ) -> None:
        self.hidden = 0
        self._ready, self._shared, self._dated, self._epoch = ready, shared, dated, epoch
        self._row = self._column = 0
        self._cells: list[str] = []
        self._kind = self._style = ""
        self._value: list[str] = []
        self._taking = False
        self._rich = _Text(self._put)

    def start(self, name: str, has: Attributes) -> None:
        if name == "c":
            reference = has.get("r", "")
            self._column = _column(reference) if reference else self._column + 1
            if not 1 <= self._column <= _COLUMNS:
                raise ValueError(f"there is no cell {reference[:20]}")
            self._kind, self._style = has.get("t", "n"), has.get("s", "")
            self._value = []
        elif name == "v":
            self._taking = True
        elif name == "row":
            self._row = int(has["r"]) if has.get("r", "").isdigit() else self._row + 1
            self._column = 0
            self._cells = []
            self.hidden += has.get("hidden", "0") in ("1", "true")
        elif self._kind == "inlineStr":
            self._rich.start(name, has)

    def text(self, text: str) -> None:
        if self._taking:
            self._value.append(text)
        elif self._kind == "inlineStr":
            self._rich.text(text)

    def end(self, name: str) -> None:
        if name == "v":
            self._taking = False
            self._put(self._said("".join(self._value)))
        elif name == "row":
            if self._cells:
                self._ready.append((self._row, self._cells))
        elif self._kind == "inlineStr":
            self._rich.end(name)
            if name == "c":
                self._kind = ""

    def _put(self, text: str) -> None:
        if text and text.strip():
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells[self._column - 1] = text

    def _said(self, value: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._shared[int(value)]
        if kind == "n":
            return self._number(value)
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return _unescaped(value)  # a formula's text, an error, a day in ISO 8601

    def _number(self, value: str) -> str:
        if value.isdigit() and self._style not in self._dated:
            return value
        try:
            number = float(value)
            if self._style in self._dated:
                return _day(self._epoch, number)
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        except (ValueError, OverflowError):
            return value


def _day(epoch: datetime, number: float) -> str:
    time = epoch + timedelta(days=number)
    if number < 1:
        return f"{time:%H:%M:%S}"
    rounded = time + timedelta(milliseconds=500)
    return f"{rounded:%Y-%m-%d}" if number == int(number) else f"{rounded:%Y-%m-%d %H:%M:%S}"


def _column(reference: str) -> int:
    """Return 28 for "AB17"."""
    number = 0
    for letter in reference[:4].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
