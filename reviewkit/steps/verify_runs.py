"""Checking search runs: the files against their hashes, the citations in them against those in the database."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from reviewkit.errors import DamagedRun
from reviewkit.formats import FORMATS
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.ids import record_label
from reviewkit.model.runs import Response, SearchRun
from reviewkit.steps.loading import LoadProgress, number_citations, read_responses
from reviewkit.store import Store
from reviewkit.store.rows import storable
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import open_response, read_run, run_folders

_BATCH = 1_000  # citations compared at once
_TOLD = 5  # differing citations told of one run; thousands more have the same cause

_AS_RECEIVED = "Bring the run's folder back from version control or another copy"
_COUNTS = "Bring search.toml back from a copy, or use the version of reviewkit that made the run"
_RELOAD = "The files are as received: move the database away and run 'reviewkit restore'"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, and what to do."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}."


def read_runs(folders: Folders) -> tuple[list[SearchRun], list[Fault]]:
    """Read every run in searches/ that can be read, in the order of their first citation, and what is wrong."""
    runs, faults = [], []
    for folder in run_folders(folders.searches):
        try:
            runs.append(read_run(folder))
        except DamagedRun as error:
            faults.append(Fault(place(folders, folder.name), str(error.facts["reason"]), _AS_RECEIVED))
    return sorted(runs, key=lambda run: (run.first, run.id)), faults


def check_run(store: Store, folders: Folders, run: SearchRun, progress: LoadProgress) -> list[Fault]:
    """Compare a run's responses with their hashes, what is read from them with its counts and with the database.

    Of a run that is not in the database only the files are checked.
    """
    if damaged := [
        Fault(place(folders, run.id, response.name), problem, _AS_RECEIVED)
        for response in run.responses
        if (problem := response_damage(folders, run.id, response))
    ]:
        return damaged  # what is read from other bytes would differ for that reason
    found = {"retrieved": 0, "rejected": 0}

    def entries() -> Iterator[Citation | Finding]:
        for entry in read_responses(folders.run(run.id), run.responses):
            if isinstance(entry, Citation):
                found["retrieved"] += 1
            elif entry.rejected:
                found["rejected"] += 1
            yield entry

    differing = _compare(store, folders, run, entries(), progress)
    wrong = [
        Fault(place(folders, run.id), f"its search.toml says {said} {name} where its responses hold {count}", _COUNTS)
        for name, count in found.items()
        if count != (said := getattr(run, name))
    ]
    return wrong or differing


def check_stored(store: Store, folders: Folders, runs: Sequence[SearchRun]) -> Iterator[Fault]:
    """Compare the runs in the database, and which citation belongs to which, with those in the files."""
    there = {run.id: run for run in runs}
    belongs = {citation: run.id for run in runs for citation in run.ids}
    for run in store.runs():
        if run.id not in there:
            yield Fault(f"run {run.id}", "is in the database and has no readable folder in searches/", _AS_RECEIVED)
        elif different := _different(storable(there[run.id]), run):
            what = f"the database and search.toml do not agree on {', '.join(different)}"
            yield Fault(place(folders, run.id), what, _RELOAD)
    stray = [c for c, run in store.citation_runs().items() if run in there and belongs.get(c) != run]
    for citation in stray[:_TOLD]:
        yield Fault(record_label(citation), "is in the database, in a run that does not own this number", _RELOAD)


def place(folders: Folders, run: str, name: str = "") -> str:
    """Name a run's folder, or a file in it, by its path in the workspace."""
    return str((folders.run(run) / name).relative_to(folders.workspace.root))


def _compare(
    store: Store, folders: Folders, run: SearchRun, entries: Iterator[Citation | Finding], progress: LoadProgress
) -> list[Fault]:
    """Compare every citation of a run with the database, where the run is loaded; read all entries in any case."""
    loaded = any(run.id == other.id for other in store.runs())
    citations = number_citations(run, entries)
    told: list[Fault] = []
    done = differing = 0
    while batch := list(islice(citations, _BATCH)):
        progress(run.id, done := done + len(batch), run.retrieved)
        if not loaded:
            continue
        stored = {citation.id: citation for citation in store.citations(citation.id for citation in batch)}
        for citation in map(storable, batch):
            if citation.id not in stored:
                what = "is not in the database"
            elif different := _different(citation, stored[citation.id]):
                what = f"is not what its file says: {', '.join(different)}"
            else:
                continue
            differing += 1
            if differing <= _TOLD:
                told.append(Fault(f"{place(folders, run.id)}, citation {record_label(citation.id)}", what, _RELOAD))
    if differing > _TOLD:
        told.append(Fault(place(folders, run.id), f"{differing - _TOLD} more citations differ", _RELOAD))
    return told


def _different(one: Any, other: Any) -> list[str]:
    return [f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)]


def response_damage(folders: Folders, run: str, response: Response) -> str:
    """Say how a response differs from what was received, or ''."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_response(folders.run(run), response) as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    except DamagedRun as error:
        return str(error.facts["reason"]).removeprefix(response.name).strip()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if size != response.bytes:
        return f"has {size} bytes where {response.bytes} were received"
    if digest.hexdigest() != response.sha256:
        return "was changed after it was received (its SHA-256 is not the one in search.toml)"
    if response.format and response.format not in FORMATS:
        return f"is of a format that this reviewkit does not know, {response.format}"
    return ""
