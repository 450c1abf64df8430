"""Loading search runs from their folders into the store; no network, so anyone with the folders can do it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from reviewkit.errors import DamagedRun
from reviewkit.formats import FORMATS
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.runs import Response, SearchRun
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import open_response, sha256_of, take_back

LoadProgress = Callable[[str, int, int], None]  # run, citations loaded so far, citations of the run

_STEP = 500  # citations between two calls of progress


def silent(name: str, done: int, total: int) -> None:
    """Tell nobody about progress."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the responses of a run hold, entry by entry."""

    kept: int
    rejected: int
    findings: tuple[Finding, ...]


def load_runs(folders: Folders, store: Store, progress: LoadProgress = silent) -> list[SearchRun]:
    """Load every finished run that the store does not hold yet; return the newly loaded ones.

    Each run is loaded in one transaction: all of it is there afterwards, or nothing.

    Raises:
        DamagedRun: files are missing or changed, counts differ from `search.toml`, or two runs own the same ids.
    """
    if not _not_loaded(folders.runs(), store):
        return []
    with folders.numbering():  # another process may be loading the same runs
        stored = store.runs()
        missing = _not_loaded(folders.runs(), store)
        _check_ids(stored, missing)
        for run in missing:
            store.add_run(run, load_citations(folders, run, progress))
    return missing


def load_new_run(folders: Folders, store: Store, run: SearchRun, progress: LoadProgress = silent) -> None:
    """Load a run that has just got its place, or leave nothing of it behind: neither rows nor folder.

    Hold `folders.numbering()`. Killed in between, the folder is there whole, and the next command loads it.
    """
    try:
        store.add_run(run, load_citations(folders, run, progress))
    except BaseException:  # Ctrl-C and a full disk alike
        if not any(run.id == loaded.id for loaded in store.runs()):
            take_back(folders.run(run.id), folders.running("import"))
        raise


def check_files(folder: Path, run: SearchRun) -> None:
    """Compare every response on disk with its hash in `search.toml`.

    Raises:
        DamagedRun: one is missing, damaged or changed.
    """
    for response in run.responses:
        if response.format and response.format not in FORMATS:
            remedy = "A newer reviewkit made it; install that version."
            raise DamagedRun(run=run.id, reason=f"the format '{response.format}' is not known", remedy=remedy)
        if sha256_of(folder, response) != response.sha256:
            reason = f"{response.name} is not as it was received (its hash differs)"
            raise DamagedRun(run=run.id, reason=reason, remedy="Restore the file from a copy of the folder.")


def read_responses(folder: Path, responses: Iterable[Response]) -> Iterator[Citation | Finding]:
    """Parse the responses in order; findings carry the response's name, and the member's where it is an archive."""
    for response in responses:
        if not response.format:
            continue  # an answer about the search, not with citations
        with open_response(folder, response) as file:
            for item in FORMATS[response.format].parse(file, response.as_columns()):
                yield replace(item, file=_place(response, item)) if isinstance(item, Finding) else item


def _place(response: Response, finding: Finding) -> str:
    name = response.file or response.name
    return f"{name}/{finding.file}" if finding.file else name


def count_entries(folder: Path, responses: Iterable[Response]) -> Counts:
    """Parse the responses once, to know how many citations they give."""
    kept = 0
    findings = []
    for item in read_responses(folder, responses):
        if isinstance(item, Citation):
            kept += 1
        else:
            findings.append(item)
    return Counts(kept, sum(finding.rejected for finding in findings), tuple(findings))


def load_citations(folders: Folders, run: SearchRun, progress: LoadProgress = silent) -> Iterator[Citation]:
    """Check a run's files, then yield its citations with their ids.

    Raises:
        DamagedRun: before the first, where a file is missing or changed; after the last, where the counts are not
            what `search.toml` says. Use it inside a transaction.
    """
    folder = folders.run(run.id)
    check_files(folder, run)
    rejected = 0

    def entries() -> Iterator[Citation | Finding]:
        nonlocal rejected
        for entry in read_responses(folder, run.responses):
            rejected += isinstance(entry, Finding) and entry.rejected
            yield entry

    kept = 0
    for kept, citation in enumerate(number_citations(run, entries()), start=1):
        yield citation
        if kept % _STEP == 0:
            progress(run.id, kept, run.retrieved)
    progress(run.id, kept, run.retrieved)
    if (kept, rejected) != (run.retrieved, run.rejected):
        reason = (
            f"its files hold {kept} citations and {rejected} unreadable entries, and search.toml says "
            f"{run.retrieved} and {run.rejected}"
        )
        remedy = "Restore search.toml from a copy, or use the version of reviewkit that made the run."
        raise DamagedRun(run=run.id, reason=reason, remedy=remedy)


def number_citations(run: SearchRun, entries: Iterable[Citation | Finding]) -> Iterator[Citation]:
    """Give the citations among a run's entries their ids: the run's first, and on in the order of the files."""
    citations = (entry for entry in entries if isinstance(entry, Citation))
    return (replace(citation, id=number, run=run.id) for number, citation in enumerate(citations, start=run.first))


def next_id(free: int, store: Store) -> int:
    """Return the next free citation id: what the folders say, or more where a shared database holds more runs."""
    return max([free, *(run.first + run.retrieved for run in store.runs())])


def _not_loaded(runs: Sequence[SearchRun], store: Store) -> list[SearchRun]:
    loaded = {run.id for run in store.runs()}
    return [run for run in runs if run.id not in loaded]


def _check_ids(stored: Sequence[SearchRun], missing: Sequence[SearchRun]) -> None:
    """Two runs that own the same ids come from two people who searched apart from each other."""
    owners = sorted((run for run in (*stored, *missing) if run.ids), key=lambda run: run.first)
    for before, after in pairwise(owners):
        if after.first < before.first + before.retrieved:
            late = after if after in missing else before
            other = before if late is after else after
            reason = f"its ids r{late.first} to r{late.first + late.retrieved - 1} overlap those of run {other.id}"
            remedy = (
                "The two were made apart from each other. Remove the folder of the one that nobody has decided on, and "
                "search or import it again."
            )
            raise DamagedRun(run=late.id, reason=reason, remedy=remedy)
