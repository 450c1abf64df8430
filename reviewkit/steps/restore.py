"""Restore: the database rebuilt from protocols, search runs and archive, all of it or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reviewkit.errors import DamagedArchive, DatabaseNotEmpty
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.protocol import Protocol
from reviewkit.model.references import ADDED, NAMES, overlaps, row_faults
from reviewkit.model.runs import SearchRun
from reviewkit.steps.archive import Archive, journal_file, read_archive, run_hash, shown
from reviewkit.steps.loading import LoadProgress, load_citations, silent
from reviewkit.steps.notices import load_checks
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.archive import MANIFEST, RUNS

_REMEDY = (
    "Nothing was restored. Bring the folder back from version control or another copy, "
    "or run 'reviewkit archive' where the database is whole. What is wrong:"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a database holds after restoring: search runs, citations, rows of each kind.

    `added` names the runs that came after the archive was written; not `archived` when there was no archive.
    """

    runs: int
    citations: int
    rows: Mapping[str, int]
    added: tuple[str, ...]
    archived: bool


def restore(
    store: Store,
    protocol: Protocol,
    folders: Folders,
    at: str,
    progress: LoadProgress = silent,
) -> Restored:
    """Fill an empty review from its files, in one transaction.

    Args:
        protocol: kept as a version of its own where there is no archive to name the versions used.
        at: the time kept with it.

    Raises:
        DatabaseNotEmpty: the database holds something of this review already.
        DamagedArchive: something in the archive is not as it was written; everything found is listed.
        DamagedRun: a search run is not as it was received.
    """
    if not store.is_empty():
        raise DatabaseNotEmpty(review=folders.review, where=store.place)
    found = read_archive(folders)
    runs = folders.runs()
    if found is None:
        versions = {protocol.version: (protocol.source, at)}
    else:
        if problems := archive_problems(folders, found, runs):
            raise DamagedArchive(f"The archive in {folders.archive} is damaged. {_REMEDY}", problems)
        versions = dict(found.protocols)
    if problems := overlaps(runs):
        raise DamagedArchive(f"The search runs in {folders.searches} do not fit together. {_REMEDY}", problems)

    def loaded() -> Iterator[tuple[SearchRun, Iterator[Citation]]]:
        for run in runs:
            yield run, load_citations(folders, run, progress)

    journals = {shape: found.journals[shape].rows if found else () for shape in NAMES}
    store.restore(versions, loaded(), journals.values())
    load_checks(folders, store)  # those that came after the archive was written
    listed = {run.run for run in found.runs.rows} if found else set()
    return Restored(
        runs=len(runs),
        citations=sum(run.retrieved for run in runs),
        rows={NAMES[shape]: len(rows) for shape, rows in journals.items() if rows or shape not in ADDED},
        added=tuple(run.id for run in runs if run.id not in listed) if found else (),
        archived=found is not None,
    )


def archive_problems(folders: Folders, archive: Archive, runs: list[SearchRun]) -> list[str]:
    """Return what keeps an archive from being restored beside these search runs, a line each with file and line."""
    if not archive.finished:
        return [f"{shown(folders, MANIFEST)}: the archive was being written when reviewkit was stopped"]
    findings = [*archive.findings, *_run_findings(folders, archive, runs)]
    citations = {citation for run in runs for citation in run.ids}
    for shape, parsed in archive.journals.items():
        if any(finding.file == shown(folders, journal_file(shape)) and finding.line for finding in archive.findings):
            continue  # with rows left out, numbers and references would be found wrong for that reason alone
        for fault in row_faults(parsed.rows, citations, archive.protocols):
            findings.append(Finding(fault.message, shown(folders, journal_file(shape)), parsed.lines[fault.place]))
    return [str(finding) for finding in findings]


def _run_findings(folders: Folders, archive: Archive, runs: list[SearchRun]) -> Iterator[Finding]:
    there = {run.id: run for run in runs}
    for line, entry in zip(archive.runs.lines, archive.runs.rows, strict=True):
        run = there.get(entry.run)
        if run is None:
            yield Finding(f"run {entry.run} has no folder in searches/{folders.review}", shown(folders, RUNS), line)
        elif (run.first, run.retrieved) != (entry.first, entry.retrieved):
            now = f"{run.retrieved} citations from {run.first}"
            then = f"{entry.retrieved} from {entry.first}"
            yield Finding(f"run {run.id} has {now}, and had {then} when archived", shown(folders, RUNS), line)
        elif run_hash(folders, run.id) != entry.sha256:
            yield Finding(f"the search.toml of run {run.id} was changed after archiving", shown(folders, RUNS), line)
