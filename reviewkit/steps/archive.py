"""The archive: everything that people and rules decided, written as sorted text, and read back with every doubt."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reviewkit.errors import DamagedRun
from reviewkit.formats.journal import Parsed, parse_journal, to_journal
from reviewkit.model.blinding import hidden_decisions, hidden_extractions
from reviewkit.model.citation import Finding
from reviewkit.model.decisions import Decision, screening
from reviewkit.model.extractions import Extraction, study_of_citation
from reviewkit.model.journal import Row
from reviewkit.model.matches import Match, records
from reviewkit.model.notices import Check, Notice
from reviewkit.model.protocol import Protocol
from reviewkit.model.references import ADDED, NAMES
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link, studies
from reviewkit.steps.standing import relations_of
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.archive import (
    PROTOCOLS,
    RUNS,
    Manifest,
    protocol_file,
    read_file,
    read_manifest,
    write_archive,
)
from reviewkit.workspace.runs import RUN_FILE

AnyShape = TypeVar("AnyShape")

_VERSION = re.compile(r"[0-9a-f]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """What an archive holds: rows of each kind, how many of them are sealed; not `changed` when it was so before."""

    folder: Path
    rows: Mapping[str, int]
    sealed: int
    changed: bool


@dataclass(frozen=True, slots=True)
class ArchivedRun:
    """A row of `runs.csv`: the ids that a search run owns, and the hash of its `search.toml`."""

    run: str
    first: int
    retrieved: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ArchivedProtocol:
    """A row of `protocols.csv`: a protocol version and when it was first used."""

    version: str
    at: str


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive as read: `findings` says what is wrong with it, each with file and line."""

    finished: bool
    protocols: Mapping[str, tuple[str, str]]  # version -> (TOML text, time first used), oldest first
    runs: Parsed[ArchivedRun]
    journals: Mapping[type[Row], Parsed[Row]]
    findings: tuple[Finding, ...]


def journal_file(shape: type[Row]) -> str:
    """The archive's file of one kind of row."""
    return f"{NAMES[shape]}.csv"


def archive(store: Store, protocol: Protocol, folders: Folders) -> Written:
    """Write every row ever stored to the review's archive folder; the same rows give the same bytes.

    What blinding hides is sealed (see `reviewkit.model.blinding`).

    Raises:
        DamagedRun: a run's folder is gone, so that the review could not be restored from the archive.
        NotWritable: no space or no permission.
    """
    # What refers is read before what it refers to: rows that others append meanwhile leave no reference dangling.
    notices, checks = store.all(Notice), store.all(Check)
    samples, stops = store.all(Sample), store.all(Stop)
    extractions, links = store.all(Extraction), store.all(Link)
    decisions, matches = store.all(Decision), store.all(Match)
    versions, runs = store.protocols(), store.runs()
    record_of = records((citation for run in runs for citation in run.ids), matches)
    related = [relation.pair for relation in relations_of(store, record_of, matches)]
    study_of = studies(screening(protocol, record_of, decisions).included, links, record_of, related)
    hidden = {
        Decision: hidden_decisions(protocol, record_of, decisions),
        Extraction: hidden_extractions(protocol, study_of_citation(record_of, study_of), extractions),
    }
    later = ((Sample, samples), (Stop, stops), (Check, checks), (Notice, notices))
    journals: dict[type[Row], Sequence[Row]] = {
        Match: matches,
        Decision: decisions,
        Link: links,
        Extraction: extractions,
        **{shape: rows for shape, rows in later if rows},
    }
    listed = [ArchivedRun(run.id, run.first, run.retrieved, run_hash(folders, run.id)) for run in runs]
    used = [ArchivedProtocol(version, at) for version, (_, at) in versions.items()]
    files = {
        RUNS: (to_journal(ArchivedRun, listed), len(listed)),
        PROTOCOLS: (to_journal(ArchivedProtocol, used), len(used)),
        **{protocol_file(version): (text.encode(), 1) for version, (text, _) in versions.items()},
        **{
            journal_file(shape): (to_journal(shape, rows, hidden.get(shape, ())), len(rows))
            for shape, rows in journals.items()
        },
    }
    changed = write_archive(folders.archive, folders.review, files)
    counts = {NAMES[shape]: len(rows) for shape, rows in journals.items()}
    return Written(folders.archive, counts, sum(map(len, hidden.values())), changed)


def read_archive(folders: Folders) -> Archive | None:
    """Read the review's archive; None where there is none. What is wrong with it is listed, not raised.

    Raises:
        DamagedArchive: its manifest cannot be read.
    """
    manifest = read_manifest(folders.archive)
    if manifest is None:
        return None
    findings: list[Finding] = []

    def take(shape: type[AnyShape], name: str) -> Parsed[AnyShape]:
        place = shown(folders, name)
        body, problem = _checked(folders, manifest, name)
        if problem:
            findings.append(Finding(problem, place))
        parsed: Parsed[AnyShape] = parse_journal(shape, body, place) if body else Parsed((), (), ())
        findings.extend(parsed.findings)
        return parsed

    protocols: dict[str, tuple[str, str]] = {}
    used = take(ArchivedProtocol, PROTOCOLS)
    for line, entry in zip(used.lines, used.rows, strict=True):
        name = protocol_file(entry.version)
        if not _VERSION.match(entry.version):
            findings.append(Finding(f"'{entry.version}' is not a protocol version", shown(folders, PROTOCOLS), line))
            continue
        body, problem = _checked(folders, manifest, name)
        if problem:
            findings.append(Finding(problem, shown(folders, name)))
        protocols[entry.version] = (body.decode(errors="replace"), entry.at)
    runs = take(ArchivedRun, RUNS)
    journals: dict[type[Row], Parsed[Row]] = {
        shape: take(shape, journal_file(shape)) if _expected(folders, manifest, shape) else Parsed((), (), ())
        for shape in NAMES
    }
    return Archive(manifest.finished, protocols, runs, journals, tuple(findings))


def run_hash(folders: Folders, run: str) -> str:
    """Hash a run's `search.toml`, which holds the hashes of its responses.

    Raises:
        DamagedRun: it is not there.
    """
    try:
        return hashlib.sha256((folders.run(run) / RUN_FILE).read_bytes()).hexdigest()
    except OSError as error:
        remedy = "Without its folder the review cannot be restored; bring it back from a copy."
        raise DamagedRun(run=run, reason=f"{RUN_FILE}: {error.strerror}", remedy=remedy) from error


def _expected(folders: Folders, manifest: Manifest, shape: type[Row]) -> bool:
    """Return True when a file of this kind is looked for: of kinds added later, only where there is a trace of one."""
    name = journal_file(shape)
    return shape not in ADDED or name in manifest.files or (folders.archive / name).exists()


def _checked(folders: Folders, manifest: Manifest, name: str) -> tuple[bytes, str]:
    """Return one file's content (empty when it is missing) and what is wrong with it, or ''."""
    body = read_file(folders.archive, name)
    entry = manifest.files.get(name)
    if body is None:
        return b"", "is missing"
    if entry is None:
        return body, "is not listed in archive.toml"
    if hashlib.sha256(body).hexdigest() != entry.sha256:
        return body, "was changed after it was written (its SHA-256 is not the one in archive.toml)"
    return body, ""


def shown(folders: Folders, name: str) -> str:
    """Name one of the archive's files as messages do: by its path in the workspace."""
    return str((folders.archive / name).relative_to(folders.workspace.root))
