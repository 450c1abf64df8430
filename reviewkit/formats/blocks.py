"""Embase's other CSV: no heading row, but a block of lines for each record, each line a field's name and its values."""

from collections.abc import Iterator
from itertools import chain
from typing import IO

from reviewkit.formats.columns import columns
from reviewkit.formats.delimited import Delimited, Row
from reviewkit.formats.headings import plain
from reviewkit.model.citation import Finding

_FEWEST = 3  # different fields' names in the first column, which no table of records has


class Blocks:
    """A table made of blocks, as a table with a row for each record; it looks like `Delimited` to its reader.

    The file is read twice, first for the names of its fields.
    """

    headed = True
    preface = ""

    def __init__(self, file: IO[bytes], separator: str) -> None:
        self.separator = separator
        self._file = file
        self._begin = file.tell()
        self._last: Delimited | None = None
        names: dict[str, None] = {}
        for found in self._fields():
            if not isinstance(found, Finding) and found[1]:
                names.setdefault(found[1])
        self.head = list(names)
        self.line = 1

    @property
    def doubts(self) -> list[Finding]:
        """What was doubtful about the encoding."""
        return self._last.doubts if self._last else []

    def __iter__(self) -> Iterator[Row | Finding]:
        begins = 0
        record: dict[str, list[str]] = {}
        for found in self._fields():
            if isinstance(found, Finding):
                yield found
                continue
            line, name, values = found
            if name and name in record and (plain(name) == "title" or _parted(record)):
                yield begins, self._row(record)
                record = {}
            begins = begins if record else line
            record.setdefault(name, []).extend(values)
            if not name:
                record.setdefault("", [])
        if any(record):
            yield begins, self._row(record)

    def _row(self, record: dict[str, list[str]]) -> list[str]:
        return ["\n".join(record.get(name, ())) for name in self.head]

    def _fields(self) -> Iterator[tuple[int, str, list[str]] | Finding]:
        """Yield (line, the field's name, its values); a blank line has no name."""
        self._file.seek(self._begin)
        self._last = table = Delimited(self._file, lambda _: 0)
        name = ""
        rows: Iterator[Row | Finding] = chain([(table.line, table.head)], table)
        for found in rows:
            if isinstance(found, Finding):
                yield found
                continue
            line, cells = found
            first = cells[0].strip() if cells else ""
            values = [cell.strip() for cell in cells[1:] if cell.strip()]
            if not first and not values:
                yield line, "", []
            elif _is_name(first):
                name = first
                yield line, name, values
            elif name:
                yield line, name, [cell for cell in (first, *values) if cell]


def is_blocks(table: Delimited) -> bool:
    """True when the beginning of a table is a block: names of fields in the first column, and the title's first."""
    names = [cells[0].strip() for cells in table.sample if cells and cells[0].strip()]
    known = {plain(name) for name in names if _is_name(name) and columns([name])}
    begins = table.sample[0] if table.sample else []
    return (
        len(known) >= _FEWEST
        and 2 * len([name for name in names if _is_name(name)]) > len(names)
        and "title" in known
        and len(columns(begins)) < _FEWEST
    )


def _is_name(text: str) -> bool:
    return 1 < len(text) < 60 and (text.isupper() or plain(text) in ("aipipentrydate", "aipipentry"))


def _parted(record: dict[str, list[str]]) -> bool:
    """True when a blank line came after the fields so far."""
    return "" in record
