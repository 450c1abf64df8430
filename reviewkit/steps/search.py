"""Running the protocol's searches: which are due, one after the other, loading what each brought."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from reviewkit.errors import (
    DamagedRun,
    DatabaseFailed,
    NotConfigured,
    NothingToSearch,
    NotWritable,
    SearchGoingOn,
    UserError,
)
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import SearchRun, database_kind, database_label
from reviewkit.sources import Asking, Sent, Source, check_access, find_source
from reviewkit.steps.line_counts import count_lines
from reviewkit.steps.loading import load_runs, silent
from reviewkit.steps.receiving import keep, receive, take_up
from reviewkit.steps.strategy_choice import choose_strategies
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.running import drafts, running_folder
from reviewkit.workspace.runs import discard

STOPS_ALL = (SearchGoingOn, NotWritable, DatabaseFailed, DamagedRun)  # what stops one search stops every other
SearchProgress = Callable[[str, int, int], None]  # database, records received so far, records reported


@dataclass(frozen=True, slots=True)
class Failed:
    """A search that brought nothing to load, and what its user is told of it."""

    database: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one call of `run_searches` did.

    `done` are the new runs; `skipped` earlier runs of the same strategy, limits and round; `by_hand` strategies
    for databases that cannot be asked from here and of which nothing was imported in this round; `recovered` runs
    that were received before but not loaded. `resumed` are those of `done` that an earlier attempt had begun;
    `discarded` is what was asked in interrupted searches that nobody asks any more, and was let go of. `unconfigured`
    says of those `by_hand` that can be asked from here with a key which one it is. `failed` are those that stopped
    while others went on.
    """

    done: tuple[SearchRun, ...] = ()
    skipped: tuple[SearchRun, ...] = ()
    by_hand: tuple[Strategy, ...] = ()
    recovered: tuple[SearchRun, ...] = ()
    resumed: tuple[SearchRun, ...] = ()
    discarded: tuple[SearchRun, ...] = ()
    unconfigured: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()

    @property
    def incomplete(self) -> tuple[SearchRun, ...]:
        """The runs that did not bring all that the database reported."""
        return tuple(run for run in (*self.done, *self.skipped) if not run.complete)


def run_searches(
    folders: Folders,
    protocol: Protocol,
    store: Store,
    asking: Asking,
    *,
    now: Callable[[], str],
    database: str = "",
    again: bool = False,
    update: int = 0,
    since: date | None = None,
    searcher: str = "",
    progress: SearchProgress = silent,
) -> Searched:
    """Run the protocol's strategies that were not run yet in this round, and load what they bring.

    A search that was interrupted goes on where it ended, and keeps the day on which it began. One that fails keeps
    none of the others from being run.

    Args:
        now: gives the time, UTC, as stored; called when a run starts and when it ends.
        database: only this one of the protocol's databases.
        again: run strategies that were run before, too.
        update: 0 for the original review, 1 for its first update ...
        since: only what the databases added on that day or later.
        searcher: who runs them, as PRISMA-S asks.

    Raises:
        NothingToSearch: the protocol has no such search, or the one asked for must be made by hand.
        NotConfigured: before any request, where no other database can be asked or this one was named; never for a
            key that has to be applied for, unless that database was named.
        SearchGoingOn: another process is searching in this review.
        SearchFailed, TooManyResults: of the only search that was due; where there were several, see `Searched.failed`.
        NotWritable, DatabaseFailed, DamagedRun: nothing more could be done; earlier searches are.
    """
    wanted, by_hand = _choose(protocol, database)
    with folders.searching():
        recovered = load_runs(folders, store)
        runs = folders.runs()
        plan = _plan(wanted, by_hand, runs, asking, update=update, since=since, again=again, named=bool(database))
        question = partial(_draft, protocol=protocol, update=update, since=since, searcher=searcher)
        discarded = _discard(folders, wanted, [question(each, started="") for each in plan.due])
        done: list[SearchRun] = []
        resumed: list[SearchRun] = []
        failed = [*plan.unset]
        for strategy, source in plan.due:
            running = take_up(folders, question((strategy, source), started=now()))
            try:
                received = receive(running, source, strategy, asking, partial(progress, strategy.database))
            except STOPS_ALL:
                raise
            except UserError as error:
                if len(plan.due) == 1 and not plan.unset:
                    raise
                failed.append(Failed(strategy.database, str(error)))
                continue
            counts = count_lines(source, strategy, asking)
            received = replace(received, warnings=(*received.warnings, *counts.notes))
            done.append(keep(folders, store, running, received, now(), counts.lines))
            resumed += done[-1:] if running.resumed else []
            load_runs(folders, store)
    imported = {run.database for run in runs if run.update == update}
    return Searched(
        done=tuple(done), skipped=tuple(plan.skipped), recovered=tuple(recovered), resumed=tuple(resumed),
        by_hand=tuple(strategy for strategy in plan.by_hand if strategy.database not in imported),
        discarded=tuple(discarded), failed=tuple(failed),
        unconfigured=tuple(told for name, told in plan.keyless.items() if name not in imported),
    )  # fmt: skip


def _choose(protocol: Protocol, database: str) -> tuple[list[tuple[Strategy, Source]], list[Strategy]]:
    """Split the protocol's searches into those that can be run and those to be made by hand."""
    wanted, by_hand = [], []
    for strategy in choose_strategies(protocol, database):
        source = find_source(strategy.database)
        if source:
            wanted.append((strategy, source))
        else:
            by_hand.append(strategy)
    if database and by_hand:
        name = by_hand[0].database
        how = f"export the result there, then 'reviewkit import FILE --database {name} --date YYYY-MM-DD'"
        raise NothingToSearch(reason=f"{database_label(name)} cannot be searched from here; {how}")
    return wanted, by_hand


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of each strategy.

    `keyless` says for databases among those by hand which key is missing, `unset` what others lack that everybody has.
    """

    due: list[tuple[Strategy, Source]]
    skipped: list[SearchRun]
    by_hand: list[Strategy]
    keyless: dict[str, str]
    unset: list[Failed]


def _plan(
    wanted: Sequence[tuple[Strategy, Source]],
    by_hand: Sequence[Strategy],
    runs: Sequence[SearchRun],
    asking: Asking,
    *,
    update: int,
    since: date | None,
    again: bool,
    named: bool,
) -> _Plan:
    """Find out which strategies are due. Raises NotConfigured, as `run_searches` says."""
    plan = _Plan([], [], [*by_hand], {}, [])
    unset: NotConfigured | None = None
    for strategy, source in wanted:
        before = _run_before(runs, strategy.database, source.as_sent(strategy, since), update)
        if before is not None and not again:
            plan.skipped.append(before)
            continue
        try:
            check_access(source, database_label(strategy.database), asking.access)
        except NotConfigured as missing:
            if named:
                raise
            if not missing.facts["where"]:
                unset = unset or missing
                plan.unset.append(Failed(strategy.database, str(missing)))
                continue
            plan.by_hand.append(strategy)  # a key that not everybody can get: the export is the other way
            plan.keyless[strategy.database] = str(missing)
        else:
            plan.due.append((strategy, source))
    if unset and not plan.due:
        raise unset
    return plan


def _run_before(runs: Sequence[SearchRun], database: str, sent: Sent, update: int) -> SearchRun | None:
    """Find the latest run of the same search in the same round; a complete one goes before an incomplete one."""
    same = [
        run
        for run in runs
        if run.origin == "api"
        and (run.database, run.strategy, run.limits, run.update) == (database, sent.strategy, sent.limits, update)
    ]
    return max(same, key=lambda run: (run.complete, run.first, run.id), default=None)


def _draft(
    asked: tuple[Strategy, Source], started: str, protocol: Protocol, update: int, since: date | None, searcher: str
) -> SearchRun:
    """What is known of a run before anything is asked."""
    strategy, source = asked
    sent, name = source.as_sent(strategy, since), strategy.database
    return SearchRun(
        id="", database=name, kind=database_kind(name), platform=strategy.platform, date=started[:10],
        started=started, strategy=sent.strategy, limits=sent.limits, reported=0, retrieved=0, first=0,
        update=update, protocol=protocol.version, since=since.isoformat() if since else "", searcher=searcher,
    )  # fmt: skip


def _discard(folders: Folders, wanted: Sequence[tuple[Strategy, Source]], due: Sequence[SearchRun]) -> list[SearchRun]:
    """Let go of interrupted searches that will not go on; return what they had asked.

    One goes when its database is about to be asked something else, or when the protocol no longer asks it: what came
    of two questions must never be mixed.
    """
    places = {running_folder(folders, draft) for draft in due}
    busy = {draft.database for draft in due}
    gone = []
    for folder, left in drafts(folders):
        if folder in places or (left and left.database not in busy and not _outdated(left, wanted)):
            continue
        discard(folder)
        gone += [left] if left else []
    return gone


def _outdated(left: SearchRun, wanted: Sequence[tuple[Strategy, Source]]) -> bool:
    """Tell whether the protocol asks this database something, and no longer this."""
    since = date.fromisoformat(left.since) if left.since else None
    asked = [source.as_sent(strategy, since) for strategy, source in wanted if strategy.database == left.database]
    return bool(asked) and Sent(left.strategy, left.limits) not in asked
