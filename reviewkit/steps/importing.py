"""Importing export files as a search run: kept untouched, read once, every entry accounted for, all or nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from reviewkit import __version__
from reviewkit.errors import BadDate
from reviewkit.model.citation import Finding
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import Response, SearchRun, SourceKind, database_kind
from reviewkit.steps.import_before import alike, is_same, refuse_known
from reviewkit.steps.import_origin import contradictions, find_database, origin_of, told_database
from reviewkit.steps.import_reading import ReadFile, ReadProgress, keep_files, one_line, printable, read_file
from reviewkit.steps.loading import LoadProgress, load_new_run, load_runs, next_id, silent
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import discard, finish, scratch, write_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says about the files; all but the date can be left to the files and the protocol.

    `date` is the day of the search, YYYY-MM-DD. `database` is a name or label ("scopus", "Web of Science"); `kind` is
    needed for one that is not known. `strategy` is what was searched there, else the protocol's for this database.
    `format` is a key of FORMATS and overrules what the content shows; `columns` are "heading=field". `reported` is how
    many records the database said it found. `update` is 0 for the original review, 1 for its first update ...
    """

    date: str
    database: str = ""
    kind: SourceKind | None = None
    platform: str = ""
    strategy: str = ""
    format: str = ""
    columns: tuple[str, ...] = ()
    reported: int | None = None
    update: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import brought; `findings` names file and line of every entry that was rejected or kept with a doubt.

    `from_protocol` is True when strategy and limits were taken from the protocol, since none was given; `guessed` when
    the database was told from the entries.
    """

    run: SearchRun
    files: tuple[ReadFile, ...]
    findings: tuple[Finding, ...]
    from_protocol: bool = False
    guessed: bool = False

    @property
    def is_whole(self) -> bool:
        """True when nothing was lost: every entry was kept, none seems missing, and as many came as were reported."""
        return not self.run.rejected and self.run.complete and not any(file.missed for file in self.files)


def unread(_file: str, _entries: int) -> None:
    """Tell nobody about progress of reading."""


def import_files(
    folders: Folders,
    protocol: Protocol,
    store: Store,
    paths: Sequence[Path],
    said: Said,
    *,
    now: Callable[[], str],
    reading: ReadProgress = unread,
    loading: LoadProgress = silent,
) -> Imported:
    """Keep files as one search run and load what can be read of them.

    Where an earlier import of them was stopped before the run was loaded, this finishes that one.

    Args:
        now: gives the time, UTC, as stored.

    Raises:
        UnknownDatabase, BadDate: before anything is touched.
        NotReadable, UnreadableFile, UnknownOrigin, AlreadyImported: nothing is left behind.
    """
    started = now()
    named = _check(said, protocol, started)
    recovered = load_runs(folders, store, loading)
    with folders.numbering() as free:
        running = folders.running("import")
        discard(running)  # of an import that was killed
        try:
            kept = keep_files(running, paths)
            stopped = next((run for run in recovered if is_same(run, kept, named, said.date)), None)
            if stopped is None:
                refuse_known(folders.runs(), kept, paths)
            files = _read(running, kept, paths, said, reading)
            if stopped is not None:
                again = replace(said, database=stopped.database, kind=stopped.kind)
                return replace(_as_run(files, again, protocol, started), run=stopped, guessed=not said.database)
            imported = _as_run(files, said, protocol, started)
            doubts = alike(folders, running, imported.run, paths)
            run = replace(
                imported.run, id=folders.free_run_id(said.date, imported.run.database, [r.id for r in store.runs()]),
                first=next_id(free, store), finished=now(),
            )  # fmt: skip
            write_run(running, run)
            finish(running, folders.run(run.id))
        finally:
            discard(running)
        load_new_run(folders, store, run, loading)
    return replace(imported, run=run, findings=(*imported.findings, *doubts))


def look_at_files(
    folders: Folders,
    protocol: Protocol,
    paths: Sequence[Path],
    said: Said,
    *,
    now: Callable[[], str],
    reading: ReadProgress = unread,
) -> Imported:
    """Read files as an import would and say what it would bring; nothing is kept, and the run has no id.

    Raises:
        The same as `import_files`.
    """
    started = now()
    _check(said, protocol, started)
    with scratch() as folder:
        kept = keep_files(folder, paths)
        refuse_known(folders.runs(), kept, paths)
        imported = _as_run(_read(folder, kept, paths, said, reading), said, protocol, started)
        doubts = alike(folders, folder, imported.run, paths)
    return replace(imported, findings=(*imported.findings, *doubts))


def check_date(text: str, today: str) -> None:
    """Check the day of a search.

    Raises:
        BadDate: it is not a day, or has not come yet.
    """
    try:
        day = date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
    except ValueError:
        raise BadDate(text=one_line(text), reason="write the day as 2024-03-18") from None
    # `today` is in UTC, and east of it the next day has begun.
    if day > date.fromisoformat(today) + timedelta(days=1):
        raise BadDate(text=text, reason=f"it has not come yet, today is {today}")


def _check(said: Said, protocol: Protocol, started: str) -> str:
    """Check what can be checked before anything is touched; return the database's name, '' where none is said."""
    check_date(said.date, started[:10])
    return find_database(said.database, protocol, said.kind) if said.database else ""


def _read(
    folder: Path, kept: Sequence[Response], paths: Sequence[Path], said: Said, reading: ReadProgress
) -> tuple[ReadFile, ...]:
    return tuple(
        read_file(folder, response, path, said.format, said.columns, reading)
        for response, path in zip(kept, paths, strict=True)
    )


def _as_run(files: tuple[ReadFile, ...], said: Said, protocol: Protocol, started: str) -> Imported:
    """Put together what is known of a run before it has its id."""
    origin = origin_of(files)
    if said.database:
        name = find_database(said.database, protocol, said.kind)
        doubts = contradictions(name, files)
    else:
        name, doubts = told_database(files, protocol), []
    kept, rejected = sum(file.kept for file in files), sum(file.rejected for file in files)
    reported = kept + rejected if said.reported is None else said.reported
    run = SearchRun(
        id="", database=name, kind=said.kind or database_kind(name), origin="import",
        platform=one_line(said.platform) or (origin.platform if origin.database == name else ""),
        file=", ".join(file.name for file in files), date=said.date, started=started,
        strategy=printable(said.strategy), reported=reported, retrieved=kept, rejected=rejected,
        complete=kept + rejected >= reported, warnings=tuple(_warnings(files, kept + rejected, reported)), first=0,
        update=said.update, client=f"reviewkit {__version__}", protocol=protocol.version,
        responses=tuple(file.response for file in files),
    )  # fmt: skip
    planned = next((search for search in protocol.search if search.database == name), None)
    from_protocol = not said.strategy.strip() and planned is not None
    if from_protocol and planned:
        run = _as_planned(run, planned)
    if kept + rejected > reported:
        doubts.append(Finding(f"{kept + rejected:,} entries were read, more than the {reported:,} that were reported"))
    findings = (*(finding for file in files for finding in file.findings), *doubts)
    return Imported(run, files, findings, from_protocol, guessed=not said.database)


def _warnings(files: Sequence[ReadFile], read: int, reported: int) -> list[str]:
    short = [f"the database reported {reported:,} records, and {read:,} were read"] if read < reported else []
    missed = [
        f"{file.name}: {file.origin.begun:,} entries seem to begin in it, and {file.read:,} were read; compare them"
        for file in files
        if file.missed
    ]
    return short + missed


def _as_planned(run: SearchRun, planned: Strategy) -> SearchRun:
    """Fill in what the protocol says about the search that the file came from."""
    return replace(run, strategy=planned.strategy, limits=planned.limits, platform=run.platform or planned.platform)
