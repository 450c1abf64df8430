"""What one row says of another must be there: pure checks of run numbers, row numbers and references."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.decisions import BEFORE_SCREENING, Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.ids import record_label
from reviewkit.model.journal import Row
from reviewkit.model.matches import Match
from reviewkit.model.notices import Check, Notice
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SearchRun
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link

NAMES: Mapping[type[Row], str] = {
    # kind of row -> the word for several of them, in messages and file names
    Match: "matches",
    Decision: "decisions",
    Link: "links",
    Extraction: "extractions",
    Sample: "samples",
    Stop: "stops",
    Check: "checks",
    Notice: "notices",
}

ADDED: frozenset[type[Row]] = frozenset({Sample, Stop, Check, Notice})
"""Kinds that came after the first archives: one is archived, and named, only where there is a row of it."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """Something that a row says and that is not so; `place` is the row's position among its kind, from 0."""

    place: int
    message: str


def overlaps(runs: Sequence[SearchRun]) -> list[str]:
    """Return where two runs own the same citation ids. `runs` are in the order of their first citation."""
    faults = []
    last: SearchRun | None = None
    for run in (run for run in runs if run.ids):
        if last and run.first < last.ids.stop:
            shared = _span(run.first, min(run.ids.stop, last.ids.stop))
            faults.append(f"runs {last.id} and {run.id} both own {shared}; they were made apart from each other")
        last = run if last is None or run.ids.stop > last.ids.stop else last
    return faults


def gaps(runs: Sequence[SearchRun]) -> list[str]:
    """Return the citation ids that belong to no run though later ones do. `runs` are as for `overlaps`."""
    faults = []
    free = 1
    for run in runs:
        if run.first > free:
            faults.append(f"{_span(free, run.first)} come before run {run.id} and belong to no run")
        free = max(free, run.ids.stop)
    return faults


def row_faults(rows: Sequence[Row], citations: Collection[int], versions: Collection[str]) -> Iterator[RowFault]:
    """Yield what is wrong with rows of one kind: numbers out of turn, citations, rows or protocols that are not there.

    Args:
        rows: every row of the kind, in order.
        citations: the ids that runs have brought.
        versions: the protocol versions that are kept.
    """
    for place, row in enumerate(rows):
        if row.n != place + 1:
            yield RowFault(
                place, f"its number n is {row.n} where {place + 1} comes next; rows are missing or out of order"
            )
            return  # every later one would be wrong for the same reason
        for citation in _citations(row):
            if citation not in citations:
                yield RowFault(place, f"it names {record_label(citation)}, which no search run brought")
        if isinstance(row, Match | Link) and row.left >= row.right:
            yield RowFault(place, f"its left, {row.left}, should be smaller than its right, {row.right}")
        if row.undoes >= row.n:
            yield RowFault(place, f"it takes back row {row.undoes}, which does not come before it")
        version = row.protocol if isinstance(row, Decision | Extraction) else ""
        if version and version not in versions:
            yield RowFault(place, f"it was made under protocol {version}, which is not kept")


def content_faults(rows: Sequence[Row], protocols: Mapping[str, Protocol]) -> Iterator[RowFault]:
    """Yield the decisions and extractions that name what their own protocol version does not have."""
    for place, row in enumerate(rows):
        if row.undoes or not isinstance(row, Decision | Extraction):
            continue
        if not row.protocol:
            yield RowFault(place, "it does not say under which protocol it was made")
        protocol = protocols.get(row.protocol)
        if protocol is None:
            continue
        if isinstance(row, Extraction):
            if protocol.extraction.find(row.group, row.field) is None:
                yield RowFault(place, f"protocol {row.protocol} has no field {row.group}.{row.field}")
            continue
        if row.stage != BEFORE_SCREENING and protocol.find_stage(row.stage) is None:
            yield RowFault(place, f"protocol {row.protocol} has no stage {row.stage}")
        if row.criterion and protocol.criterion(row.criterion) is None:
            yield RowFault(place, f"protocol {row.protocol} has no criterion {row.criterion}")


def _span(first: int, stop: int) -> str:
    return record_label(first) + (f" to {record_label(stop - 1)}" if stop - 1 > first else "")


def _citations(row: Row) -> tuple[int, ...]:
    if isinstance(row, Match | Link):
        return (row.left, row.right)
    if isinstance(row, Decision | Notice):
        return (row.record,)
    if isinstance(row, Check):
        return (*row.records, *row.unchecked)
    if isinstance(row, Sample):
        return (row.through, *row.records)
    if isinstance(row, Stop):
        return (row.through,)
    return (row.study,) if isinstance(row, Extraction) else ()
