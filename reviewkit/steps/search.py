"""Running the protocol's searches: fetch, keep what came, number it, load it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reviewkit import __version__
from reviewkit.errors import NothingToSearch, SearchFailed
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import Response, SearchRun, database_kind, database_label, database_name
from reviewkit.sources import Asking, Received, Sent, Source, check_access, find_source
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.loading import count_entries, load_runs, next_id, silent
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import discard, finish, save_response, write_run

SearchProgress = Callable[[str, int, int], None]  # database, records received so far, records reported

_NAMED = 20  # unreadable entries named in search.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one call of `run_searches` did.

    `done` are the new runs; `skipped` earlier runs of the same strategy, limits and round; `by_hand` strategies
    for databases that cannot be asked from here and of which nothing was imported in this round; `recovered` runs
    that were received before but not loaded.
    """

    done: tuple[SearchRun, ...] = ()
    skipped: tuple[SearchRun, ...] = ()
    by_hand: tuple[Strategy, ...] = ()
    recovered: tuple[SearchRun, ...] = ()

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

    Args:
        now: gives the time, UTC, as stored; called when a run starts and when it ends.
        database: only this one of the protocol's databases.
        again: run strategies that were run before, too.
        update: 0 for the original review, 1 for its first update ...
        since: only what the databases added on that day or later.
        searcher: who runs them, as PRISMA-S asks.

    Raises:
        NothingToSearch: the protocol has no such search, or the one asked for must be made by hand.
        NotConfigured: before any request.
        SearchGoingOn, SearchFailed, TooManyResults: nothing of this search is kept; earlier ones are.
    """
    wanted, by_hand = _choose(protocol, database)
    with folders.searching():
        recovered = load_runs(folders, store)
        runs = folders.runs()
        due: list[tuple[Strategy, Source]] = []
        skipped: list[SearchRun] = []
        for strategy, source in wanted:
            before = _run_before(runs, strategy.database, source.as_sent(strategy, since), update)
            if before is None or again:
                check_access(source, database_label(strategy.database), asking.access)
                due.append((strategy, source))
            else:
                skipped.append(before)
        for left in folders.unfinished():
            if left != folders.running("import"):
                discard(left)
        done: list[SearchRun] = []
        for strategy, source in due:
            draft = _draft(strategy, source.as_sent(strategy, since), protocol, update, now())
            draft = replace(draft, since=since.isoformat() if since else "", searcher=searcher)
            shelf = _Folder(folders.running(f"{draft.date}-{draft.database}"))
            try:
                received = _receive(source, strategy, asking, shelf, progress, since)
                done.append(_keep(folders, store, shelf, received, replace(draft, finished=now())))
            finally:
                discard(shelf.folder)  # where the run has its place already, there is nothing to discard
            load_runs(folders, store)
    imported = {run.database for run in runs if run.update == update}
    by_hand = [strategy for strategy in by_hand if strategy.database not in imported]
    return Searched(done=tuple(done), skipped=tuple(skipped), by_hand=tuple(by_hand), recovered=tuple(recovered))


def _choose(protocol: Protocol, database: str) -> tuple[list[tuple[Strategy, Source]], list[Strategy]]:
    """Split the protocol's searches into those that can be run and those to be made by hand."""
    if not protocol.search:
        raise NothingToSearch(reason="it has none; add one with database and strategy")
    chosen = [strategy for strategy in protocol.search if not database or strategy.database == database_name(database)]
    if not chosen:
        names = ", ".join(strategy.database for strategy in protocol.search)
        raise NothingToSearch(reason=f"there is none for '{database}', only for {names}")
    wanted, by_hand = [], []
    for strategy in chosen:
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


def _run_before(runs: Sequence[SearchRun], database: str, sent: Sent, update: int) -> SearchRun | None:
    """Find the latest run of the same search in the same round; a complete one goes before an incomplete one."""
    same = [
        run
        for run in runs
        if run.origin == "api"
        and (run.database, run.strategy, run.limits, run.update) == (database, sent.strategy, sent.limits, update)
    ]
    return max(same, key=lambda run: (run.complete, run.first, run.id), default=None)


def _draft(strategy: Strategy, sent: Sent, protocol: Protocol, update: int, started: str) -> SearchRun:
    """What is known of a run before anything is asked."""
    name = strategy.database
    return SearchRun(
        id="", database=name, kind=database_kind(name), platform=strategy.platform, date=started[:10],
        started=started, strategy=sent.strategy, limits=sent.limits, reported=0, retrieved=0, first=0,
        update=update, protocol=protocol.version,
    )  # fmt: skip


def _receive(
    source: Source,
    strategy: Strategy,
    asking: Asking,
    shelf: "_Folder",
    progress: SearchProgress,
    since: date | None,
) -> Received:
    """Ask the source; turn its giving up into the user's error."""
    name = strategy.database
    try:
        return source.search(strategy, asking, shelf, lambda done, total: progress(name, done, total), since)
    except Unanswered as end:
        raise SearchFailed(database=database_label(name), reason=end.reason, remedy=end.remedy) from None


def _keep(folders: Folders, store: Store, shelf: "_Folder", received: Received, run: SearchRun) -> SearchRun:
    """Count what came, give the run its id and its citations their numbers, and rename the folder into place."""
    responses = tuple(shelf.responses.values())
    counts = count_entries(shelf.folder, responses)
    unreadable = [f"could not be read: {finding}" for finding in counts.findings if finding.rejected]
    more = [f"and {len(unreadable) - _NAMED} more could not be read"] if len(unreadable) > _NAMED else []
    with folders.numbering() as free:
        run_id = folders.free_run_id(run.date, run.database, [known.id for known in store.runs()])
        run = replace(
            run, id=run_id, first=next_id(free, store), platform=run.platform or received.platform,
            client=f"reviewkit {__version__}, {received.client}", translation=received.translation,
            reported=received.reported, reported_before=received.reported_before,
            retrieved=counts.kept, rejected=counts.rejected,
            complete=received.complete and counts.kept + counts.rejected >= received.reported,
            warnings=(*received.warnings, *unreadable[:_NAMED], *more), responses=responses,
        )  # fmt: skip
        write_run(shelf.folder, run)
        finish(shelf.folder, folders.run(run_id))
    return run


@dataclass(frozen=True, slots=True)
class _Folder:
    """A shelf on disk: bodies are kept as received, each with its hash."""

    folder: Path
    responses: dict[str, Response] = field(default_factory=dict)

    def put(self, name: str, format: str, body: bytes) -> None:
        self.responses[name] = save_response(self.folder, name, format, body)

    def get(self, name: str, format: str) -> bytes | None:
        return None

    def clear(self) -> None:
        discard(self.folder)
        self.responses.clear()
