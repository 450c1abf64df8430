"""Excel workbooks as sheets of text cells: unpacked within bounds, no entity expanded, no formula run, memory flat."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

from reviewkit.formats.sheet_xml import Attributes, SharedTexts, SheetReader, read_xml
from reviewkit.model.citation import Finding

_UNPACKED = 4 << 30  # bytes; a sheet of 100,000 records with abstracts has about 0.3 of a thousand million
_SUSPICIOUS = 100 << 20  # bytes; a part larger than this must not be
_RATIO = 200  # times larger than it is packed; sheets come to 10 to 50
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))  # ECMA-376, 18.8.30
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip


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
        reader = SheetReader(ready, self._shared, self._dated, self._epoch)
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
        self._shared = SharedTexts()
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


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
