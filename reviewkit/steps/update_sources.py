"""What each database gave in one round of searches, compared with what it gave before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reviewkit.model.citation import Citation
from reviewkit.model.comparison import Difference, Trace, compare, trace
from reviewkit.model.runs import SearchRun
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

_TEXTS = ("title", "abstract")


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that a database gives otherwise than before; titles and abstracts with both wordings."""

    record: int
    changes: tuple[Difference, ...]

    @property
    def telling(self) -> bool:
        """True when more changed than how far the database has processed its entry."""
        return any(change.field != "status" for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One database: its search of this round beside the last complete one before.

    `new` are citations that this database never gave before; `records` those of them that are new to the review.
    `gone` are the records of the earlier search that it returns no longer. Without `before` it was never searched
    wholly before, so that nothing can be compared.
    """

    database: str
    run: str  # the last of the round
    date: str
    before: str = ""
    before_date: str = ""
    before_count: int = 0
    count: int
    reported: int
    complete: bool = True
    since: str = ""
    by_hand: bool = False
    strategy_changed: bool = False
    known: int = 0
    new: tuple[int, ...] = ()
    records: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    changed: tuple[Changed, ...] = ()


def compare_sources(store: Store, standing: Standing, update: int) -> tuple[SourceReport, ...]:
    """Compare every database that was searched in a round, in the order of its searches.

    An update is compared with what came before it; a search that was run again within the original review, with the
    ones before that.
    """
    runs = standing.runs
    mine: dict[str, list[SearchRun]] = {}
    for run in runs:
        if run.update == update:
            mine.setdefault(run.database, []).append(run)
    return tuple(_compare(store, standing, each) for each in mine.values() if update or is_repeated(each))


def is_repeated(runs: Iterable[SearchRun]) -> bool:
    """Return True when a database was searched on several days; several files of one day are one search."""
    return len({run.date for run in runs}) > 1


def _compare(store: Store, standing: Standing, mine: list[SearchRun]) -> SourceReport:
    mine = sorted(mine, key=_when)
    last = mine[-1]
    if not last.update:
        mine = [run for run in mine if run.date == last.date]
    earlier = sorted(
        (run for run in standing.runs if run.database == last.database and _when(run) < _when(mine[0])), key=_when
    )
    earlier = [run for run in earlier if run.update < last.update or not last.update]
    whole = [run for run in earlier if run.complete and not run.since]
    made = {
        "database": last.database, "run": last.id, "date": last.date, "count": last.retrieved,
        "reported": last.reported, "complete": last.complete, "since": last.since, "by_hand": last.origin == "import",
    }  # fmt: skip
    brought = {record for run in mine for record in run.ids if record in standing.records.members}
    if not whole:
        new = tuple(c for run in mine for c in run.ids)
        return SourceReport(**made, new=new, records=tuple(sorted(brought)))  # type: ignore[arg-type]
    full = next((run for run in reversed(mine) if run.complete and not run.since), None)
    now = {one.id: one for one in _newest(_traces(store, mine))}
    compared = compare(_traces(store, earlier), whole[-1].ids, list(now.values()), whole=full is not None)
    return SourceReport(
        **made,  # type: ignore[arg-type]
        before=whole[-1].id,
        before_date=whole[-1].date,
        before_count=whole[-1].retrieved,
        strategy_changed=not last.since and (last.strategy, last.limits) != (whole[-1].strategy, whole[-1].limits),
        known=len(compared.known),
        new=compared.new,
        records=tuple(sorted(brought)),
        gone=tuple(dict.fromkeys(standing.records.group[citation] for citation in compared.gone)),
        changed=_with_texts(store, standing, compared.changed),
    )


def _traces(store: Store, runs: Sequence[SearchRun]) -> Iterator[Trace]:
    for run in runs:
        yield from map(trace, store.citations(run.ids))


def _newest(traces: Iterable[Trace]) -> list[Trace]:
    """Where a round searched a database several times, take each entry as it came last."""
    found: dict[str, Trace] = {}
    for one in traces:
        found[next(iter((*one.strong, *one.weak, str(one.id))))] = one
    return list(found.values())


def _with_texts(
    store: Store, standing: Standing, changed: dict[int, tuple[int, tuple[Difference, ...]]]
) -> tuple[Changed, ...]:
    """Put both wordings of titles and abstracts that changed in their places."""
    needed = {
        c
        for now, (before, found) in changed.items()
        for c in (now, before)
        if any(difference.field in _TEXTS for difference in found)
    }
    texts = {citation.id: citation for citation in store.citations(needed)}

    def said(citation: int, field: str) -> str:
        copy: Citation = texts[citation]
        return str(getattr(copy, field))

    return tuple(
        Changed(
            standing.records.group[now],
            tuple(
                Difference(d.field, said(before, d.field), said(now, d.field)) if d.field in _TEXTS else d
                for d in found
            ),
        )
        for now, (before, found) in changed.items()
    )


def _when(run: SearchRun) -> tuple[str, int]:
    return (run.date, run.first)
