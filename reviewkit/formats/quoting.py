"""Rows of a text table whose quotation marks are wrong: read by what was most likely meant, and told."""

import re
from collections.abc import Iterator
from typing import Protocol

from reviewkit.model.citation import Finding

_LIMITS = ((1_000, 5), (25, 50), (0, 500))  # so many rows were past mending -> lines that a row may have
_WRONG = 'a quotation mark (") in this row is not doubled; it was taken as a character, check this row'
_STRAY = 'a quotation mark (") opened in this row is never closed; it was taken as a character, check this row'

Line = tuple[int, str]


class Source(Protocol):
    """Numbered lines that can be put back."""

    def line(self) -> Line | None: ...  # noqa: D102

    def put_back(self, lines: list[Line]) -> None: ...  # noqa: D102


class Mender:
    """Reads the rows that the csv module cannot; `width` is the number of headings, 0 as long as it is not known.

    `lost` counts the rows that had to be taken line by line. The more there are, the fewer lines a row may have:
    otherwise a hostile file would be read again for each of its lines.
    """

    def __init__(self, separator: str) -> None:
        self.width = 0
        self.lost = 0
        self._separator = separator

    def mend(self, source: Source) -> Iterator[tuple[int, list[str]] | Finding]:
        """Read one row whose quoting is broken, or reject it and pass over what cannot be the next one."""
        taken, cells, strange = self._whole(source)
        if not taken:
            return
        begins, first = taken[0]
        if cells:
            if strange:
                yield Finding(_WRONG, line=begins)
            yield begins, cells
            return
        self.lost += 1
        source.put_back(taken[1:])
        literal = [_literal(cell) for cell in first.split(self._separator)]
        if not self.width or len(literal) == self.width:
            yield Finding(_STRAY, line=begins)
            yield begins, literal
            return
        last = self._pass_over(source, begins)
        lines = f"lines {begins}-{last}" if last > begins else "this row"
        message = f'the quotation marks (") are wrong, and {lines} cannot be read; mend them in the file'
        yield Finding(message, line=begins, rejected=True)

    def _whole(self, source: Source) -> tuple[list[Line], list[str], bool]:
        """Take the lines of a row, and its cells with whether a mark was strange; no cells where it has no end.

        A row ends where its last cell is closed. Where cells are missing there, the mark may have been a character,
        and the row may go on: then so many lines are taken that no cell is missing.
        """
        limit = next(lines for lost, lines in _LIMITS if self.lost >= lost)
        row = _Lenient(self._separator)
        taken: list[Line] = []
        short: tuple[int, list[str], bool] = (0, [], False)
        while len(taken) < limit and (line := source.line()) is not None:
            taken.append(line)
            if len(taken) > 1 and self._is_row(line[1]):
                break
            row.read(line[1])
            if not row.closed:
                continue
            cells = row.cells_for(self.width)
            if len(cells) == self.width or not self.width:
                return taken, cells, row.strange
            if len(cells) > self.width:
                break
            short = short if short[0] else (len(taken), cells, row.strange)
            if not row.reopen():
                break
        if short[0]:
            source.put_back(taken[short[0] :])
            return taken[: short[0]], short[1], True
        return taken, [], False

    def _is_row(self, line: str) -> bool:
        """True for a line that is a whole row on its own, and so no part of one."""
        if line.count('"') % 2:
            return False
        alone = _Lenient(self._separator)
        alone.read(line)
        return alone.closed and len(alone.cells_for(0)) == self.width > 1

    def _pass_over(self, source: Source, last: int) -> int:
        """Pass over lines until one that can be a row of its own, or begin one."""
        while (line := source.line()) is not None:
            alone = _Lenient(self._separator)
            alone.read(line[1])
            cells = len(alone.cells_for(self.width))
            if cells == self.width or (not alone.closed and 2 * cells >= self.width):
                source.put_back([line])
                break
            last = line[0]
        return last


def _literal(cell: str) -> str:
    """Return a cell without the marks around it, or without the one that opens it and closes nothing."""
    cell = cell.strip()
    marks = cell.count('"')
    return cell.strip('"') if marks == 1 or (marks == 2 and cell[0] == cell[-1] == '"') else cell


class _Lenient:
    """One row, in which a quotation mark closes a cell only where a separator or the end of the line follows."""

    def __init__(self, separator: str) -> None:
        self.closed = False
        self.strange = False
        self._separator = separator
        self._closing = re.compile(rf'"[ \t]*(?:({re.escape(separator)})|$)' if separator != "\t" else r'"(?:(\t)|$)')
        self._cells: list[tuple[str, bool]] = []  # text, whether it was quoted
        self._open: list[str] | None = None

    def read(self, line: str) -> None:
        """Read one more line of the row."""
        at = 0
        while True:
            if self._open is None:
                start = len(line) - len(line[at:].lstrip(" "))
                if not line.startswith('"', start):
                    text, more, _ = line[at:].partition(self._separator)
                    self._cells.append((text, False))
                    at += len(text) + 1
                    if more:
                        continue
                    self.closed = True
                    return
                self._open = []
                at = start + 1
            end = self._close(line, at)
            if end is None:
                self._open.append(line[at:])
                return
            self._open.append(line[at : end.start()])
            self._keep("\n".join(self._open))
            self._open = None
            at = end.end()
            if not end.group(1):
                self.closed = True
                return

    def reopen(self) -> bool:
        """Take back that the last cell is closed; False when it was not quoted."""
        if not self._cells or not self._cells[-1][1]:
            return False
        self._open = [self._cells.pop()[0] + '"']
        self.closed = False
        self.strange = True
        return True

    def cells_for(self, width: int) -> list[str]:
        """Return the cells; where there are more than headings, those that one stray mark parted are joined."""
        cells = [*self._cells]
        while len(cells) > width > 0:
            end = next((n for n, (text, quoted) in enumerate(cells) if n and not quoted and text.endswith('"')), 0)
            start = next((n for n in range(end - 1, -1, -1) if cells[n][1]), -1)
            if start < 0 or end - start > len(cells) - width:
                break
            first, *rest = (text for text, _ in cells[start : end + 1])
            joined = self._separator.join((f'{first}"', *rest))[:-1]
            cells[start : end + 1] = [(joined, True)]
            self.strange = True
        return [text for text, _ in cells]

    def _close(self, line: str, at: int) -> re.Match[str] | None:
        for found in self._closing.finditer(line, at):
            marks = len(line[at : found.start() + 1]) - len(line[at : found.start() + 1].rstrip('"'))
            if marks % 2:
                return found
        return None

    def _keep(self, text: str) -> None:
        text = text.replace('\\"', '"') if '""' not in text else text.replace('""', "\0")
        self.strange = self.strange or '"' in text
        self._cells.append((text.replace("\0", '"'), True))
