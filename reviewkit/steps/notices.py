"""Asking PubMed about every included record: retractions, expressions of concern, corrections, newer versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from reviewkit import __version__
from reviewkit.errors import DamagedRun, SearchFailed
from reviewkit.model.citation import Citation
from reviewkit.model.notices import GRAVE, Check, CheckFile, Notice, by_record, changes, said_of
from reviewkit.model.partition import Partition
from reviewkit.model.runs import Response
from reviewkit.sources import Asking, Progress, Source, check_access
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.loading import read_responses
from reviewkit.steps.standing import Standing, load_records
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.checks import check_folders, read_check, write_check
from reviewkit.workspace.runs import discard, finish, save_response, sha256_of

_PLACE = "pubmed-check"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The included records, each with the PMIDs by which PubMed can be asked about it; without any it cannot."""

    asked: tuple[tuple[int, str], ...]
    unchecked: tuple[int, ...]


def wanted(store: Store, standing: Standing) -> Wanted:
    """Say what there is to be asked about: the included records."""
    pmids: dict[int, dict[str, None]] = {record: {} for record in standing.screening.included}
    home = {c: r for r in pmids for c in standing.records.members[r]}
    for citation in store.citations(home):
        if citation.pmid.isdigit():
            pmids[home[citation.id]][citation.pmid] = None
    asked = tuple((record, pmid) for record, found in pmids.items() for pmid in found)
    return Wanted(asked, tuple(record for record, found in pmids.items() if not found))


def notices_of(store: Store, records: Partition) -> dict[int, tuple[Notice, ...]]:
    """Return record -> the notices that PubMed lists for it."""
    return by_record(store.all(Notice), records)


def grave_records(store: Store, standing: Standing) -> tuple[int, ...]:
    """Return the included records that are retracted or of which concern was expressed, whoever says so."""
    notices = notices_of(store, standing.records)
    copies = load_records(store, standing, standing.screening.included)
    return tuple(
        record
        for record, copy in copies.items()
        if any(said.kind in GRAVE for said in said_of(copy))
        or any(notice.kind in GRAVE for notice in notices.get(record, ()))
    )


def check_included(
    folders: Folders,
    store: Store,
    standing: Standing,
    asking: Asking,
    *,
    now: Callable[[], str],
    progress: Progress = lambda _done, _total: None,
) -> Check | None:
    """Ask PubMed about every included record that has a PMID, keep what it answers, and store what is new in it.

    What was asked today already is not asked again. Returns the check that holds for today, None where nothing is
    included.

    Raises:
        NotConfigured: before any request.
        SearchFailed: PubMed does not answer; nothing is kept.
        DamagedRun: the answers of an earlier check are not as they were received.
    """
    load_checks(folders, store)
    want, started = wanted(store, standing), now()
    if not want.asked and not want.unchecked:
        return None
    if done := _asked_today(store, want, started[:10]):
        return done
    client, platform = "", ""
    shelf = _Shelf(folders.running("check"))
    try:
        discard(shelf.folder)  # of a check that was killed
        if want.asked:
            platform, client = _fetch(want, asking, shelf, progress)
        check = CheckFile(
            id=folders.free_run_id(started[:10], _PLACE, [check.folder for check in store.all(Check)]),
            date=started[:10], started=started, finished=now(), platform=platform,
            client=f"reviewkit {__version__}{client}", records=tuple(record for record, _ in want.asked),
            pmids=tuple(pmid for _, pmid in want.asked), unchecked=want.unchecked,
            responses=tuple(shelf.responses.values()),
        )  # fmt: skip
        write_check(shelf.folder, check)
        finish(shelf.folder, folders.run(check.id))
    finally:
        discard(shelf.folder)
    load_checks(folders, store)
    return store.all(Check)[-1]


def load_checks(folders: Folders, store: Store) -> list[CheckFile]:
    """Store every finished check that the store does not hold yet; return those.

    A check's row comes after the notices that it found: killed in between, the next call finds both.

    Raises:
        DamagedRun: a check's files are missing or changed.
    """
    loaded = {check.folder for check in store.all(Check)}
    missing = [path for path in check_folders(folders) if path.name not in loaded]
    if not missing:
        return []
    with folders.numbering():  # another process may be loading the same ones
        loaded = {check.folder for check in store.all(Check)}
        done = sorted(
            (read_check(path) for path in missing if path.name not in loaded), key=lambda c: (c.finished, c.id)
        )
        for check in done:
            answers = read_answers(folders, check)
            store.add(list(changes(check, answers, store.all(Notice))))
            store.add([check.as_row()])
    return done


def read_answers(folders: Folders, check: CheckFile) -> Mapping[str, Citation]:
    """Return PMID -> what PubMed gave in a check.

    Raises:
        DamagedRun: an answer is missing or not as it was received.
    """
    folder = folders.run(check.id)
    for response in check.responses:
        if sha256_of(folder, response) != response.sha256:
            reason = f"{response.name} is not as it was received (its hash differs)"
            raise DamagedRun(run=check.id, reason=reason, remedy="Restore the file from a copy of the folder.")
    entries = read_responses(folder, check.responses)
    return {entry.pmid: entry for entry in entries if isinstance(entry, Citation) and entry.pmid}


def _asked_today(store: Store, want: Wanted, today: str) -> Check | None:
    for check in reversed(store.all(Check)):
        if check.at[:10] == today and {*zip(check.records, check.pmids, strict=True)} >= {*want.asked}:
            return check
    return None


def _fetch(want: Wanted, asking: Asking, shelf: "_Shelf", progress: Progress) -> tuple[str, str]:
    """Fetch the records; return platform and client as they are noted down."""
    from reviewkit.sources import pubmed

    check_access(cast(Source, pubmed), "PubMed", asking.access)
    try:
        received = pubmed.fetch_records(list(dict.fromkeys(pmid for _, pmid in want.asked)), asking, shelf, progress)
    except Unanswered as end:
        raise SearchFailed(database="PubMed", reason=end.reason, remedy=end.remedy) from None
    return received.platform, f", {received.client}" if received.client else ""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A shelf on disk for one check: a few answers, which are asked for anew where one was killed."""

    folder: Path
    responses: dict[str, Response] = field(default_factory=dict)

    def put(self, name: str, format: str, body: bytes) -> None:
        self.responses[name] = save_response(self.folder, name, format, body)

    def get(self, name: str, format: str) -> bytes | None:
        return None

    def clear(self) -> None:
        discard(self.folder)
        self.responses.clear()
