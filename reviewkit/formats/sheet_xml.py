"""The XML inside an Excel workbook: streamed, no entity expanded, its texts kept in little memory, cells as text."""

import re
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 16
_IN_MEMORY = 8 << 20  # bytes of shared texts; the rest goes to a temporary file
_COLUMNS = 16_384  # Excel's specification
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


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


class SharedTexts:
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


class SheetReader:
    """Turns the XML of a sheet into rows; they wait in `ready` until they are taken."""

    def __init__(
        self, ready: list[tuple[int, list[str]]], shared: SharedTexts, dated: frozenset[str], epoch: datetime
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
        """Take the beginning of an element."""
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
        """Take characters."""
        if self._taking:
            self._value.append(text)
        elif self._kind == "inlineStr":
            self._rich.text(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
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
