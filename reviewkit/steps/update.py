"""Updating a review: every search run again, compared for duplicates, included records checked, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from reviewkit.errors import NotConfigured, SinceFuture, UserError
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
from reviewkit.steps.search import STOPS_ALL, Searched, SearchProgress, run_searches
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.strategy_choice import choose_strategies
from reviewkit.steps.update_chores import ByHand, CitationsAgain, citations_again, export_again
from reviewkit.steps.update_window import EVERYTHING, Window, since_when
from reviewkit.store import Store
from reviewkit.workspace import Folders

CHECK = "pubmed-check"  # what `progress` calls the check of included records


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One database of the protocol: its search of now or of earlier today, or why there is none."""

    database: str
    run: SearchRun | None = None
    before: bool = False  # searched earlier today, and not again
    since: str = ""
    problem: str = ""

    @property
    def failed(self) -> bool:
        """True when less came than the database has."""
        return bool(self.problem) or (self.run is not None and not self.run.complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What one call of `update_review` did. `new` are the records that it brought and that wait for a decision."""

    update: int
    asked: tuple[Asked, ...]
    by_hand: tuple[ByHand, ...]
    citations: tuple[CitationsAgain, ...]
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
    window: Window = EVERYTHING,
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
        NothingToSearch, SinceFuture: before anything is done.
        SearchGoingOn, NotWritable, DatabaseFailed, DamagedRun: nothing could be done, or nothing more.
    """
    chosen = choose_strategies(protocol, database)
    today = now()[:10]
    if window.since and window.since.isoformat() > today:
        raise SinceFuture(since=window.since, today=today)
    load_runs(folders, store)
    load_checks(folders, store)
    stand = standing(store, protocol)
    number = next_round(count_flow(protocol, stand), stand.runs, today) if update is None else update
    asked, by_hand = [], []
    for strategy in chosen:
        name = strategy.database
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
            elif export := export_again(strategy, stand.runs, today, problem):
                by_hand.append(export)
            continue
        search = partial(
            run_searches, folders, protocol, store, asking, now=now, database=name, again=True, update=number,
            searcher=searcher, progress=progress,
        )  # fmt: skip
        asked.append(_ask(stand.runs, source, strategy, window, number, today, search))
    unsure = deduplicate(store, now()).waiting
    check, check_problem = _check(folders, store, protocol, asking, now, progress)
    return Updated(
        update=number,
        asked=tuple(asked),
        by_hand=tuple(by_hand),
        citations=() if database else citations_again(stand.runs, number),
        new=_new(standing(store, protocol), asked),
        unsure=unsure,
        check=check,
        check_problem=check_problem,
    )


def _ask(
    held: Sequence[SearchRun],
    source: Source,
    strategy: Strategy,
    window: Window,
    update: int,
    today: str,
    search: Callable[..., Searched],
) -> Asked:
    """Run one strategy unless that was done today; a failure is told and stops nothing else."""
    asked = Asked(database=strategy.database)
    try:
        since = since_when(window, source, strategy, held)
        asked = replace(asked, since=since.isoformat() if since else "")
        if done := _done_today(strategy, source, held, update, since, today):
            return replace(asked, run=done, before=True)
        (run,) = search(since=since).done
        return replace(asked, run=run)
    except STOPS_ALL:
        raise
    except UserError as error:
        return replace(asked, problem=str(error))


def _done_today(
    strategy: Strategy, source: Source, runs: Sequence[SearchRun], update: int, since: date | None, today: str
) -> SearchRun | None:
    """Return today's complete run of a strategy in this round."""
    sent = source.as_sent(strategy, since)
    asked = (strategy.database, update, "api", sent.strategy, sent.limits)
    return next(
        (
            run
            for run in reversed(runs)
            if (run.database, run.update, run.origin, run.strategy, run.limits) == asked
            and run.complete
            and today in run.days
        ),
        None,
    )


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
    fresh = {each.run.id for each in asked if each.run and not each.before}
    earlier = {each.run.id for each in asked if each.run and each.before}
    return tuple(
        record
        for record in stand.records.members
        if stand.run_of[record] in fresh
        or (stand.run_of[record] in earlier and record in titles and titles[record].state is State.PENDING)
    )
