"""The PRISMA 2020 flow diagram: what stands in which box.

Wording and order are those of the PRISMA 2020 templates for new reviews (v1 for databases and registers, v2 with other
methods): Page MJ et al. BMJ 2021;372:n71. Boxes with a dashed edge are ours, for a review in progress.
"""

from reviewkit.model.boxes import Box, Column, Flow
from reviewkit.steps.export.drawing import Drawing
from reviewkit.steps.export.flow_text import describe, footnotes, number
from reviewkit.steps.export.grid import Cell, Entry, Grid, lay_out

_HEADINGS = ("Identification of studies via databases and registers", "Identification of studies via other methods")
IDENTIFICATION, SCREENING, RETRIEVAL, ELIGIBILITY, INCLUDED = range(5)  # the rows
_BANDS = (
    ("Identification", IDENTIFICATION, IDENTIFICATION),
    ("Screening", SCREENING, ELIGIBILITY),
    ("Included", INCLUDED, INCLUDED),
)


def draw_flow(flow: Flow, title: str, stopped: str = "") -> Drawing:
    """Draw the flow of a review; the drawing grows with the number and the length of its texts.

    Args:
        stopped: the footnote of the records that were not screened because a person stopped.
    """
    grid = Grid(headings=_HEADINGS[: len(flow.columns)], bands=_BANDS, rows=5)
    _put_searches(grid, flow.databases)
    _put_reports(grid, 0, flow.databases)
    if len(flow.columns) > 1:
        _put_other(grid, flow.other)
        _put_reports(grid, 2, flow.other)
    included = (flow.studies.label, _n(flow.studies), flow.included.label, _n(flow.included))
    grid.put(0, INCLUDED, Cell(tuple(Entry(text) for text in included)))
    return lay_out(grid, footnotes(flow, stopped), f"PRISMA 2020 flow diagram: {title}", " ".join(describe(flow)))


def _put_searches(grid: Grid, column: Column) -> None:
    sources = {part.label: part for part in column.identified.parts}
    lines = []
    for label in ("Databases", "Registers"):  # both lines of the template, used or not
        lines += _nested(sources[label], 1) if label in sources else [Entry(f"{label} {number(0)}", 1)]
    grid.put(0, IDENTIFICATION, Cell((Entry(f"{column.identified.label}*:"), *lines)))
    removed = (column.duplicates, column.removed_by_automation, column.removed_for_other_reasons)
    before = Cell((Entry("Records removed before screening:"), *_inside(*removed)))
    grid.put(1, IDENTIFICATION, before, _waiting(column.not_yet_screened), _not_screened(column))
    grid.put(0, SCREENING, _plain(column.screened))
    tools = any(part.key.endswith(":automation") for part in column.excluded.parts)
    hands = _inside(*column.excluded.parts) if tools else ()
    excluded = Cell((Entry(f"{column.excluded.label}**"), Entry(_n(column.excluded)), *hands))
    grid.put(1, SCREENING, excluded, _waiting(column.conflicts))


def _put_other(grid: Grid, column: Column) -> None:
    grid.put(2, IDENTIFICATION, Cell((Entry(f"{column.identified.label}:"), *_inside(*column.identified.parts))))
    # The template has no box for these; they are shown when there are any, because the numbers must add up.
    before = (column.duplicates, column.removed_by_automation, column.removed_for_other_reasons, column.excluded)
    if left := _inside(*(box for box in before if box.n)):
        grid.put(3, SCREENING, Cell((Entry("Records not sought for retrieval:"), *left)))
    grid.put(3, SCREENING, _waiting(column.not_yet_screened), _not_screened(column), _waiting(column.conflicts))


def _put_reports(grid: Grid, at: int, column: Column) -> None:
    grid.put(at, RETRIEVAL, _plain(column.sought))
    grid.put(at + 1, RETRIEVAL, _plain(column.not_retrieved), _waiting(column.awaiting_full_text))
    grid.put(at, ELIGIBILITY, _plain(column.assessed))
    reasons = _inside(*column.excluded_full_text.parts)
    excluded = Cell((Entry(f"{column.excluded_full_text.label}:"), *reasons))
    # categories of their own, listed apart from the excluded (Cochrane Handbook 4.6.4)
    apart = tuple(Entry(f"{box.label} {_n(box)}") for box in (column.awaiting_classification, column.ongoing) if box.n)
    grid.put(
        at + 1,
        ELIGIBILITY,
        excluded if reasons else _plain(column.excluded_full_text),
        Cell(apart) if apart else None,
        _waiting(column.full_text_conflicts),
    )


def _plain(box: Box) -> Cell:
    return Cell((Entry(box.label), Entry(_n(box))))


def _waiting(box: Box) -> Cell | None:
    return Cell((Entry(box.label), Entry(_n(box))), dashed=True) if box.n else None


def _not_screened(column: Column) -> Cell | None:
    """A box of our own, and final: nobody screened these records, and nobody excluded them."""
    box = column.not_screened
    return Cell((Entry(f"{box.label}***"), Entry(_n(box)))) if box.n else None


def _inside(*boxes: Box) -> tuple[Entry, ...]:
    return tuple(Entry(f"{box.label} {_n(box)}", 1) for box in boxes)


def _nested(box: Box, depth: int) -> list[Entry]:
    return [Entry(f"{box.label} {_n(box)}", depth), *(e for part in box.parts for e in _nested(part, depth + 1))]


def _n(box: Box) -> str:
    return number(box.n)
