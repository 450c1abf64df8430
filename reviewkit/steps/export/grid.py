"""Laying out a flow diagram: boxes in rows and columns that grow with their text, bars at the side, arrows between.

Columns come in pairs: the main flow, and beside it what leaves it. One column by itself may stand before them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reviewkit.steps.export.drawing import Drawing, Line, Rect, Text, measure, wrap

_SIZE, _LEADING = 11.0, 15.0  # of the text, in points
_HEADING = 12.0
_NOTE, _NOTE_LEADING = 9.0, 12.5
_PAD = 10.0  # between a box's edge and its text
_INDENT, _HANG = 10.0, 8.0
_MARGIN = 16.0
_BAR = 28.0  # width of the bars at the side
_ROW_GAP, _COLUMN_GAP = 34.0, 46.0  # room for an arrow
_STACK = 12.0  # between the boxes of one cell
_BEFORE = 164.0  # width of a column by itself
_WIDTHS = (236.0, 262.0, 226.0, 250.0)
_WIDER = (1.0, 1.2, 1.4, 1.6)  # tried in turn
_TALLEST = 1.4  # height by width of a page of paper
_GOLD, _BLUE, _GREY = "#fbe3a2", "#c9dcee", "#404040"  # as in the templates, light enough to print in grey
_PALE = "#e3e3e3"

Shape = Rect | Line | Text
Places = dict[tuple[int, int], list[Rect]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a box: its text, and how far it is set in."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One box to be drawn; a dashed one is not final."""

    entries: tuple[Entry, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes by (column, row), where several stand one below the other; headings and bars go around them.

    `bands` are the bars at the side: a word, its first and its last row. A further pair joins the first one at the row
    `joins`, from the right; a column by itself joins it at the last row, from the left.
    """

    headings: tuple[str, ...]  # one a pair of columns
    bands: tuple[tuple[str, int, int], ...]
    rows: int
    joins: int
    before: str = ""  # heading of a column by itself, which is then column 0
    cells: dict[tuple[int, int], list[Cell]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first column of the first pair."""
        return 1 if self.before else 0

    @property
    def mains(self) -> range:
        """The first column of every pair."""
        return range(self.first, self.first + 2 * len(self.headings), 2)

    def put(self, column: int, row: int, *cells: Cell | None) -> None:
        """Add boxes to a place; None stands for a box that is not needed."""
        if found := [cell for cell in cells if cell]:
            self.cells.setdefault((column, row), []).extend(found)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the rows and columns of a grid lie."""

    starts: Sequence[float]
    widths: Sequence[float]
    tops: Sequence[float]
    heights: Sequence[float]

    def middle(self, column: int) -> float:
        return self.starts[column] + self.widths[column] / 2

    def end(self, column: int) -> float:
        return self.starts[column] + self.widths[column]

    def level(self, row: int) -> float:
        return self.tops[row] + self.heights[row] / 2

    def bottom(self, row: int) -> float:
        return self.tops[row] + self.heights[row]


def lay_out(grid: Grid, notes: Sequence[str], title: str, description: str) -> Drawing:
    """Place everything; where long texts would make the drawing taller than a page, its columns become wider."""
    for wider in _WIDER:
        frame = _frame(grid, wider)
        width = frame.end(-1) + _MARGIN
        below, height = _notes(notes, frame.bottom(-1) + 24, width)
        if height <= width * _TALLEST:
            break
    places = _place(grid, frame)
    boxes = [
        s for key, rects in places.items() for pair in zip(grid.cells[key], rects, strict=True) for s in _box(*pair)
    ]
    shapes = [*_headings(grid, frame), *_bars(grid, frame), *boxes, *_arrows(grid, frame, places), *below]
    return Drawing(width, height, title, description, tuple(shapes))


def _frame(grid: Grid, wider: float) -> _Frame:
    widths = [width * wider for width in _WIDTHS[: 2 * len(grid.headings)]]
    widths = [_BEFORE * wider, *widths] if grid.before else widths
    left = _MARGIN + _BAR + 14
    starts = [left + sum(widths[:n]) + n * _COLUMN_GAP for n in range(len(widths))]
    heights = [0.0] * grid.rows
    for (column, row), cells in grid.cells.items():
        stack = sum(_height(cell, widths[column]) for cell in cells) + _STACK * (len(cells) - 1)
        heights[row] = max(heights[row], stack)
    for word, first, last in grid.bands:  # a bar is at least as long as its word
        room = sum(heights[first : last + 1]) + _ROW_GAP * (last - first)
        heights[last] += max(0.0, measure(word, _HEADING, bold=True) + 20 - room)
    top = _MARGIN + _heading_height(grid, widths) + 18
    tops = [top + sum(heights[:row]) + row * _ROW_GAP for row in range(grid.rows)]
    return _Frame(starts, widths, tops, heights)


def _lines(cell: Cell, width: float) -> list[tuple[float, str]]:
    """Return a box's lines with their indents; what runs over is set in a little further."""
    lines = []
    for entry in cell.entries:
        indent = _INDENT * entry.depth
        room = width - 2 * _PAD - indent
        first, *more = wrap(entry.text, room, _SIZE)
        if more:  # again, with room for the hanging indent
            first, *more = wrap(entry.text, room - _HANG, _SIZE)
        lines += [(indent, first), *((indent + _HANG, line) for line in more)]
    return lines


def _height(cell: Cell, width: float) -> float:
    return 2 * _PAD + len(_lines(cell, width)) * _LEADING - (_LEADING - _SIZE)


def _place(grid: Grid, frame: _Frame) -> Places:
    """Return the rectangle of every box; the boxes of one place stand in the middle of their row as a stack."""
    places: Places = {}
    for (column, row), cells in grid.cells.items():
        width = frame.widths[column]
        sizes = [_height(cell, width) for cell in cells]
        y = frame.level(row) - (sum(sizes) + _STACK * (len(sizes) - 1)) / 2
        for cell, size in zip(cells, sizes, strict=True):
            places.setdefault((column, row), []).append(Rect(frame.starts[column], y, width, size, dashed=cell.dashed))
            y += size + _STACK
    return places


def _box(cell: Cell, rect: Rect) -> list[Shape]:
    first = rect.y + _PAD + _SIZE - 1.5  # base line
    lines = enumerate(_lines(cell, rect.width))
    return [rect, *(Text(rect.x + _PAD + indent, first + n * _LEADING, line, _SIZE) for n, (indent, line) in lines)]


def _spans(grid: Grid) -> list[tuple[str, int, int]]:
    """Return every heading with the first and the last column that it covers."""
    pairs = [(heading, main, main + 1) for heading, main in zip(grid.headings, grid.mains, strict=True)]
    return [(grid.before, 0, 0), *pairs] if grid.before else pairs


def _heading_lines(grid: Grid, widths: Sequence[float]) -> list[list[str]]:
    return [
        wrap(heading, sum(widths[first : last + 1]) + (last - first) * _COLUMN_GAP - 2 * _PAD, _HEADING, bold=True)
        for heading, first, last in _spans(grid)
    ]


def _heading_height(grid: Grid, widths: Sequence[float]) -> float:
    return 12 + 16 * max(len(lines) for lines in _heading_lines(grid, widths))


def _headings(grid: Grid, frame: _Frame) -> list[Shape]:
    shapes: list[Shape] = []
    height = _heading_height(grid, frame.widths)
    for (_, first, last), lines in zip(_spans(grid), _heading_lines(grid, frame.widths), strict=True):
        left, right = frame.starts[first], frame.end(last)
        fill = _GOLD if first >= grid.first else _PALE
        shapes.append(Rect(left, _MARGIN, right - left, height, fill=fill, radius=6))
        for place, line in enumerate(lines):
            y = _MARGIN + 18.5 + 16 * place
            shapes.append(Text((left + right) / 2, y, line, _HEADING, bold=True, centred=True))
    return shapes


def _bars(grid: Grid, frame: _Frame) -> list[Shape]:
    shapes: list[Shape] = []
    for word, first, last in grid.bands:
        top, bottom = frame.tops[first], frame.bottom(last)
        shapes.append(Rect(_MARGIN, top, _BAR, bottom - top, fill=_BLUE, radius=6))
        x = _MARGIN + _BAR / 2 + 4.2  # the base line of letters that stand in the middle of the bar
        shapes.append(Text(x, (top + bottom) / 2, word, _HEADING, bold=True, centred=True, turned=True))
    return shapes


def _notes(notes: Sequence[str], y: float, width: float) -> tuple[list[Shape], float]:
    """Return the lines below the diagram, and where the drawing ends."""
    shapes: list[Shape] = []
    for note in notes:
        for line in wrap(note, width - 2 * _MARGIN, _NOTE):
            shapes.append(Text(_MARGIN, y, line, _NOTE, colour=_GREY))
            y += _NOTE_LEADING
        y += 3
    return shapes, y - _NOTE_LEADING + _MARGIN


def _arrows(grid: Grid, frame: _Frame, places: Places) -> list[Line]:
    lines: list[Line] = []
    if grid.before:
        last, target = places[0, 0][-1], places[grid.first, grid.rows - 1][0]
        middle, level = frame.middle(0), target.y + target.height / 2
        lines.append(Line(((middle, last.y + last.height), (middle, level), (target.x, level))))
    for main in grid.mains:
        middle = frame.middle(main)
        rows = [row for row in range(grid.rows) if (main, row) in places]
        for row, below in pairwise(rows):
            above = places[main, row][0]
            lines.append(Line(((middle, above.y + above.height), (middle, places[main, below][0].y))))
        for row in range(grid.rows):
            source = frame.end(main) if row in rows else middle
            lines += _branches(source, frame.end(main), frame.level(row), places.get((main + 1, row), []))
        if main > grid.first:
            last, target = places[main, rows[-1]][0], places[grid.first, grid.joins][0]
            level = target.y + target.height / 2
            lines.append(Line(((middle, last.y + last.height), (middle, level), (target.x + target.width, level))))
    return lines


def _branches(source: float, edge: float, level: float, side: Sequence[Rect]) -> list[Line]:
    """Lead from the main box (or the main line, where there is none) to each box beside it."""
    if len(side) <= 1:
        return [Line(((source, level), (rect.x, level))) for rect in side]
    trunk = edge + _COLUMN_GAP / 2
    ends = [rect.y + rect.height / 2 for rect in side]
    return [
        Line(((source, level), (trunk, level)), arrow=False),
        Line(((trunk, min(ends)), (trunk, max(ends))), arrow=False),
        *(Line(((trunk, end), (rect.x, end))) for rect, end in zip(side, ends, strict=True)),
    ]
