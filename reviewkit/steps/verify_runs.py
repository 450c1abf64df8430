"""Checking search runs: the files against their hashes, the citations in them against those in the database."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from reviewkit.errors import DamagedRun
from reviewkit.formats import FORMATS
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.ids import record_label
from reviewkit.model.runs import Response, SearchRun
from reviewkit.steps.loading import number_citations, read_responses
from reviewkit.store import Store
from reviewkit.store.rows import storable
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import open_response, read_run, run_folders

_BATCH = 1_000  # citations compared at once
_TOLD = 5  # differing citations told of one run; thousands more have the same cause

_AS_RECEIVED = "Bring the run's folder back from version control or another copy"
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


def check_files(folders: Folders, run: SearchRun) -> list[Fault]:
    """Compare a run's responses with their sizes and hashes, and what is read from them with the run's counts."""
    faults = [
        Fault(place(folders, run.id, response.name), problem, _AS_RECEIVED)
        for response in run.responses
        if (problem := _damage(folders, run, response))
    ]
    if faults:
        return faults  # what is read from other bytes would differ for that reason
    kept = rejected = 0
    for entry in read_responses(folders.run(run.id), run.responses):
        kept += isinstance(entry, Citation)
        rejected += isinstance(entry, Finding) and entry.rejected
    for name, counted, said in (("retrieved", kept, run.retrieved), ("rejected", rejected, run.rejected)):
        if counted != said:
            what = f"its search.toml says {said} {name} where its responses hold {counted}"
            faults.append(Fault(place(folders, run.id), what, _AS_RECEIVED))
    return faults


def check_stored(store: Store, folders: Folders, runs: Sequence[SearchRun], sound: Iterable[str]) -> Iterator[Fault]:
    """Compare the runs and citations in the database with those in the files, citation by citation.

    Args:
        runs: those in the files.
        sound: ids of the runs whose files are as received; only their citations are compared.
    """
    there = {run.id: run for run in runs}
    belongs = {citation: run.id for run in runs for citation in run.ids}
    loaded = {run.id: run for run in store.runs()}
    for name, run in loaded.items():
        if name not in there:
            yield Fault(f"run {name}", "is in the database and has no readable folder in searches/", _AS_RECEIVED)
        elif different := _different(storable(there[name]), run):
            what = f"the database and search.toml do not agree on {', '.join(different)}"
            yield Fault(place(folders, name), what, _RELOAD)
    stray = [c for c, run in store.citation_runs().items() if run in there and belongs.get(c) != run]
    for citation in stray[:_TOLD]:
        yield Fault(record_label(citation), "is in the database, in a run that does not own this number", _RELOAD)
    for name in sound:
        if name in loaded and name in there:
            yield from _compare(store, folders, there[name])


def place(folders: Folders, run: str, name: str = "") -> str:
    """Name a run's folder, or a file in it, by its path in the workspace."""
    return str((folders.run(run) / name).relative_to(folders.workspace.root))


def _compare(store: Store, folders: Folders, run: SearchRun) -> Iterator[Fault]:
    told = differing = 0
    citations = number_citations(run, read_responses(folders.run(run.id), run.responses))
    while batch := [storable(citation) for citation in islice(citations, _BATCH)]:
        stored = {citation.id: citation for citation in store.citations(c.id for c in batch)}
        for citation in batch:
            if citation.id not in stored:
                what = "is not in the database"
            elif different := _different(citation, stored[citation.id]):
                what = f"is not what its file says: {', '.join(different)}"
            else:
                continue
            differing += 1
            if told < _TOLD:
                told += 1
                yield Fault(f"{place(folders, run.id)}, citation {record_label(citation.id)}", what, _RELOAD)
    if differing > told:
        yield Fault(place(folders, run.id), f"{differing - told} more citations differ from the database", _RELOAD)


def _different(one: Any, other: Any) -> list[str]:
    return [f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)]


def _damage(folders: Folders, run: SearchRun, response: Response) -> str:
    """Say how a response differs from what was received, or ''."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_response(folders.run(run.id), response) as file:
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
