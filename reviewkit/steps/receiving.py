"""Receiving one search run: taking up what an earlier attempt received, keeping every body, finishing the run."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from reviewkit import __version__
from reviewkit.errors import SearchFailed, TooManyResults
from reviewkit.model.protocol import Strategy
from reviewkit.model.runs import Line, Response, SearchRun, database_label
from reviewkit.sources import Asking, Progress, Received, Shelf
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.loading import count_entries, next_id
from reviewkit.steps.wording import counted
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.running import drop_bodies, drop_surplus, find_body, holds_bodies, open_draft, running_folder
from reviewkit.workspace.runs import discard, finish, save_response, write_run

_NAMED = 20  # unreadable entries named in search.toml


class CanBeSearched(Protocol):
    """What can be searched: a source, or a citation index with what it is asked."""

    def search(
        self, strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None
    ) -> Received:
        """Search and put every body on the shelf. Raises Unanswered, or a user error."""


@dataclass(slots=True)
class Running:
    """A run that is being received, and the shelf on disk for its bodies: each kept as it came, with its hash.

    `run` keeps the day on which the first attempt began; `resumed` says that there was one before this.
    """

    folder: Path
    run: SearchRun
    resumed: bool
    responses: dict[str, Response] = field(default_factory=dict)
    records: int = 0  # received so far

    def put(self, name: str, format: str, body: bytes) -> None:
        """Keep a body as received. Raises NotWritable."""
        self.responses[name] = save_response(self.folder, name, format, body)

    def get(self, name: str, format: str) -> bytes | None:
        """Take a body that an earlier attempt kept; None where there is none, or a damaged one."""
        found = find_body(self.folder, name, format)
        if found is None:
            return None
        self.responses[name] = found[0]
        return found[1]

    def clear(self) -> None:
        """Let go of every body."""
        drop_bodies(self.folder)
        self.responses.clear()


def take_up(folders: Folders, draft: SearchRun) -> Running:
    """Go on with the same question where an earlier attempt was interrupted, or begin.

    Raises:
        NotWritable: no space or no permission in the workspace.
    """
    folder = running_folder(folders, draft)
    draft = replace(draft, client=f"reviewkit {__version__}")
    earlier = open_draft(folder, draft)
    if earlier is None:
        return Running(folder, draft, resumed=False)
    began = replace(
        draft, date=earlier.date, started=earlier.started, protocol=earlier.protocol,
        searcher=earlier.searcher or draft.searcher,
    )  # fmt: skip
    return Running(folder, began, resumed=True)


def receive(
    running: Running, source: CanBeSearched, strategy: Strategy, asking: Asking, progress: Progress
) -> Received:
    """Ask the source; turn its giving up into the user's error, which says what is kept for the next attempt.

    Whatever else stops it (a full disk, Ctrl-C, a kill), what came stays in the folder too.

    Raises:
        SearchFailed: the same command goes on with what came.
        TooManyResults: nothing is kept.
    """

    def told(done: int, total: int) -> None:
        running.records = done
        progress(done, total)

    since = date.fromisoformat(running.run.since) if running.run.since else None
    try:
        return source.search(strategy, asking, running, told, since)
    except Unanswered as end:
        name = database_label(strategy.database)
        raise SearchFailed(database=name, reason=end.reason, remedy=end.remedy, kept=_kept(running)) from None
    except TooManyResults:
        discard(running.folder)
        raise


def keep(
    folders: Folders, store: Store, running: Running, received: Received, finished: str, lines: tuple[Line, ...] = ()
) -> SearchRun:
    """Count what came, give the run its id and its citations their numbers, and rename the folder into place.

    Raises:
        NotWritable: no space or no permission; what came is kept for the next attempt.
    """
    responses = tuple(running.responses.values())
    counts = count_entries(running.folder, responses)
    unreadable = [f"could not be read: {finding}" for finding in counts.findings if finding.rejected]
    more = [f"and {len(unreadable) - _NAMED} more could not be read"] if len(unreadable) > _NAMED else []
    run = running.run
    with folders.numbering() as free:
        run_id = folders.free_run_id(run.date, run.database, [known.id for known in store.runs()])
        run = replace(
            run, id=run_id, first=next_id(free, store), finished=finished,
            platform=run.platform or received.platform, client=f"reviewkit {__version__}, {received.client}",
            translation=received.translation, reported=received.reported, reported_before=received.reported_before,
            retrieved=counts.kept, rejected=counts.rejected,
            complete=received.complete and counts.kept + counts.rejected >= received.reported,
            warnings=(*received.warnings, *unreadable[:_NAMED], *more), responses=responses, lines=lines,
        )  # fmt: skip
        write_run(running.folder, run)
        drop_surplus(running.folder, run)
        finish(running.folder, folders.run(run_id))
    return run


def _kept(running: Running) -> str:
    """Say what lies ready for the next attempt; an attempt that received nothing leaves nothing."""
    if not holds_bodies(running.folder):
        discard(running.folder)
        return "Nothing was kept"
    what = "What came lies" if not running.records else counted(running.records, "record")
    what += {0: "", 1: " lies"}.get(running.records, " lie")
    return f"{what} ready, and the same command goes on from there"
