"""The PRISMA 2020 flow diagram: what stands in which box.

Wording and order are those of the PRISMA 2020 templates (Page MJ et al. BMJ 2021;372:n71), each for databases and
registers (v1) or with other methods (v2): those for new reviews, and those for updated reviews where there is an
update. Boxes with a dashed edge are ours, for a review in progress.
"""

from reviewkit.model.boxes import Box, Column, Flow, Totals
from reviewkit.steps.export.drawing import Drawing
from reviewkit.steps.export.flow_text import FURTHER, PREVIOUS, WITHDRAWN, describe, footnotes, headings, number
from reviewkit.steps.export.grid import Cell, Entry, Grid, lay_out

IDENTIFICATION, SCREENING, RETRIEVAL, ELIGIBILITY, INCLUDED, TOTAL = range(6)  # the rows
_BANDS = (("Identification", IDENTIFICATION, IDENTIFICATION), ("Screening", SCREENING, ELIGIBILITY))


def draw_flow(flow: Flow, title: str, stopped: str = "", later: str = "") -> Drawing:
    """Draw the flow of a review: where there are updates, the latest with what the review had included before it.

    The drawing grows with the number and the length of its texts.

    Args:
        stopped: the footnote of the records that were not screened because a person stopped.
        later: a footnote on what has changed since the diagram was final.
    """
    shown, last = flow.latest, TOTAL if flow.totals else INCLUDED
    grid = Grid(
        headings=tuple(headings(flow)),
        bands=(*_BANDS, ("Included", INCLUDED, last)),
        rows=last + 1,
        joins=INCLUDED,
        before=PREVIOUS if flow.totals else "",
    )
    _put_searches(grid, shown.databases)
    _put_reports(grid, grid.first, shown.databases)
    if len(shown.columns) > 1:
        _put_other(grid, shown.other)
        _put_reports(grid, grid.first + 2, shown.other)
    further = flow.totals is not None and flow.totals.further_reports.n > 0
    grid.put(grid.first, INCLUDED, _pair(shown.studies, shown.included, FURTHER if further else ""))
    if flow.totals:
        _put_totals(grid, flow.totals)
    return lay_out(
        grid, footnotes(flow, stopped, later), f"PRISMA 2020 flow diagram: {title}", " ".join(describe(flow))
    )


def _put_totals(grid: Grid, totals: Totals) -> None:
    mark = WITHDRAWN if totals.withdrawn_reports.n else ""
    grid.put(0, IDENTIFICATION, _pair(totals.previous_studies, totals.previous_reports))
    grid.put(grid.first, TOTAL, _pair(totals.total_studies, totals.total_reports, mark))


def _pair(studies: Box, reports: Box, mark: str = "") -> Cell:
    return Cell(tuple(map(Entry, (studies.label, _n(studies), f"{reports.label}{mark}", _n(reports)))))


def _put_searches(grid: Grid, column: Column) -> None:
    sources = {part.label: part for part in column.identified.parts}
    lines = []
    for label in ("Databases", "Registers"):  # both lines of the template, used or not
        lines += _nested(sources[label], 1) if label in sources else [Entry(f"{label} {number(0)}", 1)]
    grid.put(grid.first, IDENTIFICATION, Cell((Entry(f"{column.identified.label}*:"), *lines)))
    removed = (column.duplicates, column.removed_by_automation, column.removed_for_other_reasons)
    before = Cell((Entry("Records removed before screening:"), *(e for box in removed for e in _nested(box, 1))))
    grid.put(grid.first + 1, IDENTIFICATION, before, _waiting(column.not_yet_screened), _not_screened(column))
    grid.put(grid.first, SCREENING, _plain(column.screened))
    tools = any(part.key.endswith(":automation") for part in column.excluded.parts)
    hands = _inside(*column.excluded.parts) if tools else ()
    excluded = Cell((Entry(f"{column.excluded.label}**"), Entry(_n(column.excluded)), *hands))
    grid.put(grid.first + 1, SCREENING, excluded, _waiting(column.conflicts))


def _put_other(grid: Grid, column: Column) -> None:
    grid.put(
        grid.first + 2, IDENTIFICATION, Cell((Entry(f"{column.identified.label}:"), *_inside(*column.identified.parts)))
    )
    # The template has no box for these; they are shown when there are any, because the numbers must add up.
    before = (column.duplicates, column.removed_by_automation, column.removed_for_other_reasons, column.excluded)
    if left := [entry for box in before if box.n for entry in _nested(box, 1, parts=box is column.duplicates)]:
        grid.put(grid.first + 3, SCREENING, Cell((Entry("Records not sought for retrieval:"), *left)))
    grid.put(
        grid.first + 3, SCREENING, _waiting(column.not_yet_screened), _not_screened(column), _waiting(column.conflicts)
    )


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


def _nested(box: Box, depth: int, parts: bool = True) -> list[Entry]:
    inner = [entry for part in box.parts for entry in _nested(part, depth + 1)] if parts else []
    return [Entry(f"{box.label} {_n(box)}", depth), *inner]


def _n(box: Box) -> str:
    return number(box.n)
