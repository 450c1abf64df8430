"""Do the boxes of a PRISMA flow add up: the equations between them, and that no id is counted twice."""

from collections.abc import Iterator, Sequence

from reviewkit.model.boxes import Box, Column, Flow, Totals


def check_flow(flow: Flow) -> list[str]:
    """Return every equation of PRISMA 2020 that does not hold, in words with numbers; none when all hold."""
    return list(_check(flow))


def _check(flow: Flow) -> Iterator[str]:
    where = f"Update {flow.update}: " if flow.update else ""
    for column in (flow.databases, flow.other):
        heading = where if column is flow.databases else f"{where}Other methods: "
        yield from (heading + problem for problem in _check_column(column))
    found = [i for column in (flow.databases, flow.other) for i in column.contributed.ids]
    if sorted(found) != sorted(flow.included.ids):
        yield f"{where}{_name(flow.included)} are not those that the columns contributed ({len(found)})"
    if flow.studies.n > flow.included.n:
        yield f"{where}{_name(flow.studies)} are more than {_name(flow.included)}"
    if flow.included.n and not flow.studies.n and not flow.update:
        yield f"{where}{_name(flow.included)} belong to no study"
    for update in flow.updates:
        yield from _check(update)
    if flow.updates:
        yield from _check_disjoint(flow)
    if flow.totals:
        yield from _check_totals(flow, flow.totals)


def _check_column(column: Column) -> Iterator[str]:
    """Compare the boxes of one column; where both sides count records, the very ids are compared."""
    for box in column.boxes:
        yield from _check_parts(box)
    if both := {*column.identified.ids}.intersection(column.found_again.ids):
        yield f"{len(both)} citations are counted as identified and as found again"
    first = (
        column.removed_by_automation,
        column.removed_for_other_reasons,
        column.not_yet_screened,
        column.not_screened,
        column.screened,
    )
    # a record can go by a citation that another column identified, so here only numbers compare
    if column.identified.n != column.duplicates.n + sum(box.n for box in first):
        yield _equation(column.identified, (column.duplicates, *first))
    if twice := _repeated([i for box in first for i in box.ids]):
        yield f"{twice} records are counted in two boxes before screening"
    splits = (
        (column.screened, (column.excluded, column.conflicts, column.sought)),
        (column.sought, (column.not_retrieved, column.awaiting_full_text, column.assessed)),
        (
            column.assessed,
            (
                column.excluded_full_text,
                column.full_text_conflicts,
                column.awaiting_classification,
                column.ongoing,
                column.contributed,
            ),
        ),
    )
    for whole, parts in splits:
        if sorted(whole.ids) != sorted(i for part in parts for i in part.ids):
            yield _equation(whole, parts)


def _check_parts(box: Box) -> Iterator[str]:
    if twice := _repeated(box.ids):
        yield f"{_name(box)} counts {twice} ids twice"
    if box.parts and sorted(box.ids) != sorted(i for part in box.parts for i in part.ids):
        yield _equation(box, box.parts)
    for part in box.parts:
        yield from _check_parts(part)


def _check_disjoint(flow: Flow) -> Iterator[str]:
    """No citation, report or study belongs to the original review and an update, or to two updates."""
    flows = (flow, *flow.updates)
    columns = [column for f in flows for column in (f.databases, f.other)]
    identified = [i for column in columns for i in (*column.identified.ids, *column.found_again.ids)]
    included = [i for f in flows for i in f.included.ids]
    studies = [i for f in flows for i in f.studies.ids]
    for what, ids in (("citations", identified), ("reports", included), ("studies", studies)):
        if twice := _repeated(ids):
            yield f"{twice} {what} are counted in the original review and an update, or in two updates"


def _check_totals(flow: Flow, totals: Totals) -> Iterator[str]:
    """Total = previous + new - withdrawn, of studies and of reports, study by study and report by report."""
    latest = flow.latest
    if totals.update != latest.update:
        yield f"The totals are those of update {totals.update}, and the latest is update {latest.update}"
    for whole, parts, less in (
        (totals.total_studies, (totals.previous_studies, latest.studies), totals.withdrawn_studies),
        (totals.total_reports, (totals.previous_reports, latest.included), totals.withdrawn_reports),
    ):
        left = sorted(i for part in parts for i in part.ids)
        if sorted((*whole.ids, *less.ids)) != left:
            yield f"{_equation(whole, parts)} - {_name(less)}"
    for few, many in (
        (totals.previous_studies, totals.previous_reports),
        (totals.total_studies, totals.total_reports),
    ):
        if few.n > many.n:
            yield f"{_name(few)} are more than {_name(many)}"
    for part, all_of_them in (
        (totals.withdrawn_studies, totals.previous_studies),
        (totals.withdrawn_reports, totals.previous_reports),
        (totals.added_reports, totals.previous_reports),
        (totals.further_reports, latest.included),
    ):
        if not {*part.ids} <= {*all_of_them.ids}:
            yield f"{_name(part)} are not among {_name(all_of_them)}"


def _repeated(ids: Sequence[int]) -> int:
    return len(ids) - len(set(ids))


def _equation(whole: Box, parts: Sequence[Box]) -> str:
    shown = [_name(part) for part in parts if part.n]
    return f"{_name(whole)} should be " + (" + ".join(shown) or "0")


def _name(box: Box) -> str:
    return f"{box.label} (n = {box.n})"
