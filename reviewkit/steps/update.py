"""Updating a review: every search run again, compared for duplicates, included records checked, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reviewkit.errors import NotConfigured, UserError
from reviewkit.model.decisions import State
from reviewkit.model.notices import Check
from reviewkit.model.protocol import Protocol, StageId, Strategy
from reviewkit.model.rounds import next_round
from reviewkit.model.runs import SearchRun, database_label
from reviewkit.sources import Asking, Source, check_access, find_source
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.flow import count_flow
from reviewkit.steps.loading import load_runs, silent
from reviewkit.steps.notices import check_included, load_checks, wanted
from reviewkit.steps.search import STOPS_ALL, SearchProgress, run_searches
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.strategy_choice import choose_strategies
from reviewkit.store import Store
from reviewkit.workspace import Folders

CHECK = "pubmed-check"  # what `progress` calls the check of included records
OVERLAP = 14  # days before the last search that --since last asks for again: databases add entries with some delay
RECENT = 31  # days for which a file that was exported by hand is taken as up to date


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for: everything, only what was added since a day, or since each database's last search."""

    since: date | None = None
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One database of the protocol: its searches of now or of earlier today, or why there are none."""

    database: str
    runs: tuple[SearchRun, ...] = ()
    before: bool = False  # searched earlier today, and not again
    since: str = ""
    problem: str = ""

    @property
    def failed(self) -> bool:
        """True when less came than the database has."""
        return bool(self.problem) or not all(run.complete for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A database to be exported from by hand: when it was last, and why it cannot be asked from here ('' if never)."""

    database: str
    strategy: str
    last: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What one call of `update_review` did. `new` are the records that it brought and that wait for a decision."""

    update: int
    asked: tuple[Asked, ...]
    by_hand: tuple[ByHand, ...]
    new: tuple[int, ...]
    unsure: int  # pairs that may be duplicates and wait for a person
    check: Check | None
    check_problem: str = ""

    @property
    def failed(self) -> bool:
        """True when a database or the check of included records did not give all that it should."""
        return bool(self.check_problem) or any(each.failed for each in self.asked)


def update_review(
    folders: Folders,
    protocol: Protocol,
    store: Store,
    asking: Asking,
    *,
    now: Callable[[], str],
    window: Window = Window(),
    database: str = "",
    update: int | None = None,
    searcher: str = "",
    progress: SearchProgress = silent,
) -> Updated:
    """Run every search of the protocol again that can be run from here, whatever happens to any one of them.

    Stopped anywhere, the same call goes on: what was searched or checked on the same day is not asked again.

    Args:
        now: gives the time, UTC, as stored.
        window: what is asked for.
        database: only this one.
        update: the round that the searches belong to; found out where it is None (see `next_round`).
        searcher: who runs them.

    Raises:
        NothingToSearch: the protocol has no such search.
        SearchGoingOn, NotWritable, DatabaseFailed, DamagedRun: nothing could be done, or nothing more.
    """
    chosen = _by_database(choose_strategies(protocol, database))
    today = now()[:10]
    load_runs(folders, store)
    load_checks(folders, store)
    stand = standing(store, protocol)
    number = next_round(count_flow(protocol, stand), stand.runs, today) if update is None else update
    asked, by_hand = [], []
    for strategies in chosen:
        name = strategies[0].database
        problem = ""
        source = find_source(name)
        if source is not None:
            try:
                check_access(source, database_label(name), asking.access)
            except NotConfigured as error:
                problem, source = str(error), None
        if source is None:
            if problem and any(run.database == name and run.origin == "api" for run in stand.runs):
                asked.append(Asked(database=name, problem=problem))  # it was configured before
            elif export := _export(strategies[0], stand.runs, today, problem):
                by_hand.append(export)
            continue
        since = _since(window, source, name, stand.runs)
        done = _done_today(strategies, source, stand.runs, number, since, today)
        made = Asked(database=name, runs=done, before=True, since=since.isoformat() if since else "")
        if not done:
            try:
                found = run_searches(
                    folders, protocol, store, asking, now=now, database=name, again=True, update=number, since=since,
                    searcher=searcher, progress=progress,
                )  # fmt: skip
                problem = " ".join(each.problem for each in found.failed)
                made = replace(made, runs=found.done, before=False, problem=problem)
            except STOPS_ALL:
                raise
            except UserError as error:
                made = replace(made, before=False, problem=str(error))
        asked.append(made)
    unsure = deduplicate(store, now()).waiting
    check, check_problem = _check(folders, store, protocol, asking, now, progress)
    return Updated(
        update=number,
        asked=tuple(asked),
        by_hand=tuple(by_hand),
        new=_new(standing(store, protocol), asked),
        unsure=unsure,
        check=check,
        check_problem=check_problem,
    )


def _by_database(strategies: Sequence[Strategy]) -> list[list[Strategy]]:
    """Put the strategies of one database together."""
    found: dict[str, list[Strategy]] = {}
    for strategy in strategies:
        found.setdefault(strategy.database, []).append(strategy)
    return list(found.values())


def _since(window: Window, source: Source, database: str, runs: Sequence[SearchRun]) -> date | None:
    """Return since when a database is asked; None, for everything, where it cannot be asked so."""
    if not source.ABOUT.since or not (window.since or window.last):
        return None
    if window.since:
        return window.since
    days = [run.date for run in runs if run.database == database and run.complete]
    return date.fromisoformat(max(days)) - timedelta(days=OVERLAP) if days else None


def _done_today(
    strategies: Sequence[Strategy],
    source: Source,
    runs: Sequence[SearchRun],
    update: int,
    since: date | None,
    today: str,
) -> tuple[SearchRun, ...]:
    """Return today's complete runs of a database's strategies in this round, when there is one of each."""
    sent = [source.as_sent(strategy, since) for strategy in strategies]
    found = [
        next(
            (
                run
                for run in runs
                if (run.database, run.update, run.origin) == (strategy.database, update, "api")
                and run.complete
                and today in run.days
                and (run.strategy, run.limits) == (asked.strategy, asked.limits)
            ),
            None,
        )
        for strategy, asked in zip(strategies, sent, strict=True)
    ]
    done = tuple(run for run in found if run is not None)
    return done if len(done) == len(found) else ()


def _export(strategy: Strategy, runs: Sequence[SearchRun], today: str, reason: str) -> ByHand | None:
    """Say what must be exported by hand; nothing where that was done lately."""
    last = max((run.date for run in runs if run.database == strategy.database), default="")
    if last and date.fromisoformat(last) + timedelta(days=RECENT) >= date.fromisoformat(today):
        return None
    return ByHand(database=strategy.database, strategy=strategy.strategy, last=last, reason=reason)


def _check(
    folders: Folders,
    store: Store,
    protocol: Protocol,
    asking: Asking,
    now: Callable[[], str],
    progress: SearchProgress,
) -> tuple[Check | None, str]:
    """Check the included records; a failure is told and keeps nothing else from being done."""
    stand = standing(store, protocol)
    try:
        return check_included(
            folders, store, stand, asking, now=now, progress=lambda done, total: progress(CHECK, done, total)
        ), ""
    except STOPS_ALL:
        raise
    except UserError as error:
        return None, str(error) if wanted(store, stand).asked else ""


def _new(stand: Standing, asked: Sequence[Asked]) -> tuple[int, ...]:
    """Return the records that these searches were first to bring, those of earlier today as long as they wait."""
    titles = stand.screening.stages.get(StageId.TITLE_ABSTRACT) or next(iter(stand.screening.stages.values()), {})
    fresh = {run.id for each in asked if not each.before for run in each.runs}
    earlier = {run.id for each in asked if each.before for run in each.runs}
    return tuple(
        record
        for record in stand.records.members
        if stand.run_of[record] in fresh
        or (stand.run_of[record] in earlier and record in titles and titles[record].state is State.PENDING)
    )
