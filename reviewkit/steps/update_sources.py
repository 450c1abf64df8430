"""What each database gave in one round of searches, compared with what it gave before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reviewkit.model.citation import Citation
from reviewkit.model.comparison import Difference, Trace, compare, trace
from reviewkit.model.repeats import found_again, last_of_each, last_search, question_of, when
from reviewkit.model.runs import SearchRun, SourceKind
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

_TEXTS = ("title", "abstract")
_CHANGED = "the strategy or its limits changed"


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
    """One database: its last search of this round beside the last complete one before.

    `new` are citations that this database never gave before; `records` those of them that are new to the review.
    `gone` are the records of the earlier search that it returns no longer: a statement that can be made only where the
    very same strategy and limits were searched again as a whole. `incomparable` says why it cannot be made. `left_out`
    are the records that the earlier strategy found in this database, and a changed one does not. Without `before` it
    was never searched wholly before, so that nothing can be compared.
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
    incomparable: str = ""
    left_out: tuple[int, ...] = ()
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


def is_repeated(runs: Sequence[SearchRun]) -> bool:
    """Return True when a database was searched on several days; several files of one day are one search.

    Citation searching goes on from what was found, and websites are looked through one by one: there, only the very
    same search made again is a repetition.
    """
    if any(run.kind is SourceKind.OTHER for run in runs):
        runs = [run for run in runs if [question_of(other) for other in runs].count(question_of(run)) > 1]
    return len({run.date for run in runs}) > 1


def _compare(store: Store, standing: Standing, round_: list[SearchRun]) -> SourceReport:
    """Compare one database's searches of a round, or (original review) its last search, with what it gave before."""
    now = last_search(round_)
    mine = sorted(round_, key=when) if now[-1].update else now
    earlier = sorted((run for run in standing.runs if _is_before(run, mine[0])), key=when)
    whole = [run for run in earlier if _is_whole(run)]
    brought = {record for run in mine for record in run.ids if record in standing.records.members}
    report = SourceReport(
        database=now[-1].database, run=now[-1].id, date=now[-1].date, count=sum(run.retrieved for run in now),
        reported=sum(run.reported for run in now), complete=all(run.complete for run in now), since=now[-1].since,
        by_hand=now[-1].origin == "import", records=tuple(sorted(brought)),
    )  # fmt: skip
    if not whole:
        return replace(report, new=tuple(citation for run in mine for citation in run.ids))
    before, reason = _comparable(now, whole)
    then, here = ({citation for run in runs for citation in run.ids} for runs in (before, now))
    again = found_again(standing.runs, standing.records.group) - then - here
    known, given = list(_traces(store, earlier, again)), list(_traces(store, mine, again))
    compared = compare(known, (), _newest(given))
    report = replace(
        report,
        before=before[-1].id,
        before_date=before[-1].date,
        before_count=sum(run.retrieved for run in before),
        strategy_changed=not report.since and {*map(question_of, now)} != {*map(question_of, before)},
        known=len(compared.known),
        new=compared.new,
        incomparable=reason,
        changed=_with_texts(store, standing, compared.changed),
    )
    if reason and not (reason == _CHANGED and all(run.origin == "api" for run in (*now, *before))):
        return report
    lost = compare([one for one in known if one.id in then], sorted(then), [o for o in given if o.id in here]).gone
    records = tuple(dict.fromkeys(standing.records.group[citation] for citation in lost))
    return replace(report, left_out=records) if reason else replace(report, gone=records)


def _comparable(now: Sequence[SearchRun], whole: Sequence[SearchRun]) -> tuple[list[SearchRun], str]:
    """Return the earlier search to be put beside this one, and why its records cannot be called missing, or ''."""
    every = last_of_each(whole)
    asked = dict.fromkeys(map(question_of, now))
    if since := now[-1].since:
        return last_search(whole), f"only what was added since {since} was asked for"
    if not all(run.complete for run in now):
        return last_search(whole), "this search is incomplete"
    if not all(strategy for strategy, _ in asked):
        return last_search(whole), "its strategy is not on record"
    if not all(question in every for question in asked):
        return last_search(whole), _CHANGED
    return sorted((run for question in asked for run in every[question]), key=when), ""


def _is_before(run: SearchRun, first: SearchRun) -> bool:
    same = run.database == first.database and when(run) < when(first)
    return same and (run.update < first.update or not first.update)


def _is_whole(run: SearchRun) -> bool:
    return run.complete and not run.since


def _traces(store: Store, runs: Sequence[SearchRun], without: Collection[int]) -> Iterator[Trace]:
    """Read what searches brought, the earliest search first; without what they found again later on."""
    for run in runs:
        yield from map(trace, store.citations(citation for citation in run.ids if citation not in without))


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
