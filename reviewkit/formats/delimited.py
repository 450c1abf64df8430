"""Text tables as rows of cells: separator, heading row and quoting are told from the content, broken quoting mended."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Literal

from reviewkit.formats.lines import Lines
from reviewkit.formats.quoting import Mender
from reviewkit.model.citation import Finding

SEPARATORS = ",;\t|"
PREFACE = 20  # rows in which the headings are looked for: "sep=;", a report's name, a search date stand before them
_LOOKED_AT = 60  # lines, so that a heading with a line break in it is seen whole
_LONGEST_CELL = 10_000_000  # Python's own limit of 131,072 characters is shorter than some exported full texts
_LONGEST_ROW = 2_000  # lines; a quotation mark that is open for longer was none
_SUSPECTED = ((1_000, 5), (25, 50))  # so many rows were past mending -> lines that a row may have

Row = tuple[int, list[str]]  # the line it begins on, its cells


class Delimited:
    """A text table: its heading row, and the rows after it.

    `headed` is False when no row scored; then the first row that is not blank stands for the headings.
    `preface` is what stood before the headings, `sample` the first rows as they are. After the rows were read,
    `doubts` tells about the encoding.
    """

    def __init__(self, file: IO[bytes], score: Callable[[Sequence[str]], int]) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        self._lines = Lines(file)
        self._numbered = iter(self._lines)
        first = list(islice(self._numbered, _LOOKED_AT))
        start, self.separator, self.headed = find_headings([text for _, text in first], score)
        self.sample = [cells for _, cells in _first_rows([text for _, text in first[start:]], self.separator)]
        # Web of Science's tab-delimited files: a quotation mark is a character there and nothing else
        self._tagged = bool(self.sample) and {"PT", "TI", "SO"} <= {cell.strip() for cell in self.sample[0]}
        before, rest = first[:start], first[start:]
        self.preface = " / ".join(text.strip() for _, text in before if text.strip() and not _names_separator(text))
        self._source = _Source(rest, self._numbered)
        self.line = rest[0][0] if rest else 1
        self._rows = self._read()
        self.head: list[str] = []
        self._begun: list[Finding] = []  # what is wrong with the heading row's quoting
        for found in self._rows:
            if isinstance(found, tuple):
                self.head = found[1]
                break
            self._begun.append(found)

    def __iter__(self) -> Iterator[Row | Finding]:
        return chain(self._begun, self._rows)

    @property
    def doubts(self) -> list[Finding]:
        """What was doubtful about the encoding."""
        return self._lines.doubts

    def _read(self) -> Iterator[Row | Finding]:
        """Yield the rows, the heading row first; a row whose quoting is broken goes through the mender."""
        source = self._source
        tabs = self.separator == "\t"
        quoting: Literal[0, 3] = csv.QUOTE_NONE if tabs and self._tagged else csv.QUOTE_MINIMAL
        reader = csv.reader(source, delimiter=self.separator, quoting=quoting, strict=True, skipinitialspace=not tabs)
        mender = Mender(self.separator)
        while True:
            source.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong):
                source.put_back(source.taken)
                yield from mender.mend(source)
                source.longest = next((n for lost, n in _SUSPECTED if mender.lost >= lost), _LONGEST_ROW)
                continue
            if mender.width == 0:
                mender.width = len(cells)
            yield source.taken[0][0], cells


class _TooLong(Exception):
    """A row runs over more lines than any row does."""


class _Source:
    """Lines for the csv module, that remember those of the row being read and can be put back."""

    def __init__(self, first: list[tuple[int, str]], rest: Iterator[tuple[int, str]]) -> None:
        self._waiting = deque(first)
        self._rest = rest
        self.taken: list[tuple[int, str]] = []
        self.longest = _LONGEST_ROW

    def __iter__(self) -> "_Source":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._rest)
        self.taken.append(line)
        if len(self.taken) > self.longest:
            raise _TooLong
        return line[1] + "\n"

    def line(self) -> tuple[int, str] | None:
        """Take one line; None at the end."""
        return self._waiting.popleft() if self._waiting else next(self._rest, None)

    def put_back(self, lines: Sequence[tuple[int, str]]) -> None:
        """Put lines back, to be read again."""
        self._waiting.extendleft(reversed(lines))


def find_headings(lines: Sequence[str], score: Callable[[Sequence[str]], int]) -> tuple[int, str, bool]:
    """Return the line of the heading row, the separator, and whether a row scored at all.

    The row that names most fields is the heading row. Where none does, it is the first that is not blank.
    """
    said = next((line.strip().strip('"')[4:5] for line in lines[:2] if _names_separator(line)), "")
    best = (0, 0, ",")  # score, line, separator
    for separator in [said] if said and said in SEPARATORS else SEPARATORS:
        for start, cells in _first_rows(lines, separator):
            best = max(best, (score(cells), -start, separator), key=lambda found: found[:2])
    if best[0]:
        return -best[1], best[2], True
    first = next((n for n, line in enumerate(lines) if line.strip() and not _names_separator(line)), 0)
    few = [line for line in lines[first : first + 5] if line.strip()]
    separator = max(said or SEPARATORS, key=lambda mark: min((line.count(mark) for line in few), default=0))
    return first, separator, False


def _first_rows(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first rows that can be read, each with the place of its first line."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, skipinitialspace=separator != "\t")
    start = 0
    for _ in range(PREFACE):
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):
            return
        yield start, cells
        start = reader.line_num


def _names_separator(line: str) -> bool:
    return line.strip().strip('"').lower().startswith("sep=")
