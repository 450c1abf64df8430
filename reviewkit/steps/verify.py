"""Verify: everything that a review rests on, checked against everything else, and what is wrong in one line each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewkit.errors import DamagedArchive, InvalidProtocol
from reviewkit.model.flow import check_flow
from reviewkit.model.journal import Row
from reviewkit.model.protocol import Protocol
from reviewkit.model.references import ADDED, NAMES, content_faults, gaps, overlaps, row_faults
from reviewkit.model.runs import SearchRun
from reviewkit.protocol import parse_protocol
from reviewkit.steps.archive import Archive, journal_file, read_archive, shown
from reviewkit.steps.flow import count_flow
from reviewkit.steps.loading import LoadProgress, silent
from reviewkit.steps.restore import archive_problems
from reviewkit.steps.standing import standing
from reviewkit.steps.verify_checks import check_faults, check_notes, read_checks
from reviewkit.steps.verify_runs import Fault, check_run, check_stored, read_runs
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.files import leftovers
from reviewkit.workspace.runs import surplus

_FROM_ARCHIVE = "Move the database away and run 'reviewkit restore'"
_ARCHIVE_AGAIN = "If the database is right, run 'reviewkit archive'; if the archive is, restore from it"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and how many of it, what is wrong, and what is worth knowing though it is not wrong."""

    checked: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def verify(store: Store, protocol: Protocol, folders: Folders, progress: LoadProgress = silent) -> Verified:
    """Check a review: files, hashes, counts, numbers, references, protocol versions, archive, PRISMA's equations."""
    result = Verified()
    if damage := store.damage():
        faults = [Fault(store.place, problem, _FROM_ARCHIVE) for problem in damage]
        result.faults.extend(map(str, faults))
        return result  # what is read from it means nothing
    runs = _verify_runs(store, folders, result, progress)
    _verify_checks(store, folders, result)
    rows = {shape: store.all(shape) for shape in NAMES}
    _verify_rows(store, runs, rows, result)
    _verify_archive(store, folders, runs, rows, result)
    _verify_flow(store, protocol, result)
    left = [*folders.unfinished(), *(p for f in (folders.searches, folders.exports) for p in leftovers(f))]
    for path in left:
        name = path.relative_to(folders.workspace.root)
        result.notes.append(f"{name}: left by a command that was stopped, or one that is running; it does no harm")
    return result


def _verify_runs(store: Store, folders: Folders, result: Verified, progress: LoadProgress) -> list[SearchRun]:
    runs, faults = read_runs(folders)
    for run in runs:
        faults += check_run(store, folders, run, progress)
        for name in surplus(folders.run(run.id), run):
            what = f"searches/{folders.review}/{run.id}/{name}: does not belong to the run; it is not read"
            result.notes.append(what)
    result.checked["search runs"] = len(runs)
    result.checked["responses"] = sum(len(run.responses) for run in runs)
    result.checked["citations"] = sum(run.retrieved for run in runs)
    remedy = "Bring the folder back from version control or another copy"
    faults += [Fault(f"searches/{folders.review}", problem, remedy) for problem in (*overlaps(runs), *gaps(runs))]
    result.faults.extend(map(str, (*faults, *check_stored(store, folders, runs))))
    loaded = {run.id for run in store.runs()}
    for run in runs:
        if run.id not in loaded:
            what = "is not loaded into the database yet; 'reviewkit search' loads it"
            result.notes.append(f"searches/{folders.review}/{run.id}: {what}")
    return runs


def _verify_checks(store: Store, folders: Folders, result: Verified) -> None:
    checks, faults = read_checks(folders)
    result.faults.extend(map(str, (*faults, *check_faults(store, folders, checks))))
    result.notes.extend(check_notes(store, folders, checks))
    result.checked["responses"] += sum(len(check.responses) for check in checks)


def _verify_rows(store: Store, runs: Sequence[SearchRun], rows: dict[type[Row], list[Row]], result: Verified) -> None:
    """Check what is in the database against itself."""
    texts = store.protocols()
    protocols: dict[str, Protocol] = {}
    for version, (text, _) in texts.items():
        try:
            protocols[version] = parse_protocol(text, Path(f"protocol {version}"))
        except InvalidProtocol as error:
            result.faults.append(str(Fault(f"protocol {version}", error.problems[0], _FROM_ARCHIVE)))
            continue
        if protocols[version].version != version:
            what = f"its text is not what it was; its content has the hash {protocols[version].version}"
            result.faults.append(str(Fault(f"protocol {version}", what, _FROM_ARCHIVE)))
    result.checked["protocol versions"] = len(texts)
    citations = {citation for run in runs for citation in run.ids} | set(store.citation_runs())
    for shape, found in rows.items():
        for fault in (*row_faults(found, citations, texts), *content_faults(found, protocols)):
            where = f"{NAMES[shape]}, row {found[fault.place].n}"
            result.faults.append(str(Fault(where, fault.message, _FROM_ARCHIVE)))
        if found or shape not in ADDED:
            result.checked[NAMES[shape]] = len(found)


def _verify_archive(
    store: Store, folders: Folders, runs: list[SearchRun], rows: dict[type[Row], list[Row]], result: Verified
) -> None:
    try:
        archive = read_archive(folders)
    except DamagedArchive as error:
        result.faults.extend(f"{problem}. {_ARCHIVE_AGAIN}." for problem in error.problems)
        return
    if archive is None:
        result.notes.append("There is no archive yet; 'reviewkit archive' writes it")
        return
    if not archive.finished:
        result.notes.append("The archive was being written when reviewkit was stopped; run 'reviewkit archive' again")
        return
    result.faults.extend(f"{problem}. {_ARCHIVE_AGAIN}." for problem in archive_problems(folders, archive, runs))
    result.faults.extend(map(str, _compare_archive(store, folders, archive, rows)))
    result.checked["archived rows"] = sum(len(parsed.rows) for parsed in archive.journals.values())
    newer = {NAMES[shape]: len(found) - len(archive.journals[shape].rows) for shape, found in rows.items()}
    newer["search runs"] = len({run.id for run in store.runs()} - {run.run for run in archive.runs.rows})
    if waiting := ", ".join(f"{name} {count}" for name, count in newer.items() if count > 0):
        result.notes.append(f"Not archived yet: {waiting}; 'reviewkit archive' adds them")


def _compare_archive(
    store: Store, folders: Folders, archive: Archive, rows: dict[type[Row], list[Row]]
) -> Iterator[Fault]:
    """Yield where the archive is not the beginning of what the database holds."""
    kept = store.protocols()
    for version, entry in archive.protocols.items():
        if kept.get(version) != entry:
            yield Fault(f"protocol {version}", "is not the same in archive and database", _ARCHIVE_AGAIN)
    for shape, parsed in archive.journals.items():
        if any(finding.file == shown(folders, journal_file(shape)) for finding in archive.findings):
            continue  # told already
        name, found = shown(folders, journal_file(shape)), rows[shape]
        if len(parsed.rows) > len(found):
            what = f"holds {len(parsed.rows)} rows and the database {len(found)}"
            yield Fault(name, what, "The database is older than the archive or was lost: " + _FROM_ARCHIVE.lower())
        for line, archived, stored in zip(parsed.lines, parsed.rows, found, strict=False):
            if archived != stored:
                yield Fault(f"{name}:{line}", "is not what the database holds under this number", _ARCHIVE_AGAIN)


def _verify_flow(store: Store, protocol: Protocol, result: Verified) -> None:
    stand = standing(store, protocol)
    result.faults.extend(f"PRISMA counts: {problem}" for problem in check_flow(count_flow(protocol, stand)))
    result.checked["records"] = len(stand.records.members)
    result.checked["included studies"] = len(stand.studies.members)
