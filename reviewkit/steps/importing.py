"""Importing an export file as a search run: kept untouched, read once, every entry accounted for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from reviewkit import __version__
from reviewkit.errors import AlreadyImported, BadDate, UnknownDatabase, UnreadableFile
from reviewkit.formats import FORMATS, advise, describe, detect
from reviewkit.model.citation import Finding
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import DATABASES, Response, SearchRun, SourceKind, database_kind, database_name
from reviewkit.steps.loading import Counts, LoadProgress, count_entries, load_runs, next_id, silent
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.runs import discard, finish, keep_file, open_response, write_run

_HEAD = 64 * 1024  # bytes by which a format is told
_NAMED = 20  # reasons listed when nothing could be read


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import brought; `findings` names file and line of every entry that was rejected or kept with a doubt.

    `from_protocol` is True when strategy and limits were taken from the protocol, since none was given.
    """

    run: SearchRun
    findings: tuple[Finding, ...]
    from_protocol: bool = False


def import_file(
    folders: Folders,
    protocol: Protocol,
    store: Store,
    path: Path,
    *,
    database: str,
    date: str,
    now: Callable[[], str],
    strategy: str = "",
    platform: str = "",
    kind: SourceKind | None = None,
    format: str = "",
    update: int = 0,
    progress: LoadProgress = silent,
) -> Imported:
    """Keep a file as a search run and load what can be read of it.

    Where an earlier import of it was stopped before the run was loaded, this finishes that one.

    Args:
        database: where the file was exported, by name or label ("scopus", "Web of Science").
        date: the day of the search, YYYY-MM-DD.
        now: gives the time, UTC, as stored.
        strategy: what was searched there; when empty, the protocol's strategy for this database.
        kind: where PRISMA counts it; needed for a database that is not known.
        format: a key of FORMATS, which overrules what the content shows.
        update: 0 for the original review, 1 for its first update ...

    Raises:
        UnknownDatabase, BadDate: before anything is touched.
        NotReadable, UnreadableFile, AlreadyImported: nothing is left behind.
    """
    name = find_database(database, protocol, kind)
    started = now()
    check_date(date, started[:10])
    recovered = load_runs(folders, store, progress)
    planned = next((search for search in protocol.search if search.database == name), None)
    run = SearchRun(
        id="", database=name, kind=kind or database_kind(name), platform=_line(platform), origin="import",
        file=_printable(path.name), date=date, started=started, strategy=_printable(strategy), reported=0, retrieved=0,
        first=0, update=update, client=f"reviewkit {__version__}", protocol=protocol.version,
    )  # fmt: skip
    from_protocol = not strategy.strip() and planned is not None
    if from_protocol and planned:
        run = _as_planned(run, planned)
    with folders.numbering() as free:
        running = folders.running("import")
        discard(running)  # of an import that was killed
        try:
            kept = keep_file(running, "import", format, path)
            stopped = [r for r in recovered if _holds(r, kept) and (r.database, r.date) == (name, date)]
            if stopped:
                counts = count_entries(folders.run(stopped[0].id), stopped[0].responses)
                return _told(stopped[0], counts, from_protocol)
            response, counts = _read(folders, running, kept, path, format)
            run = replace(
                run, id=folders.free_run_id(date, name, [known.id for known in store.runs()]),
                first=next_id(free, store), reported=counts.kept + counts.rejected, retrieved=counts.kept,
                rejected=counts.rejected, finished=now(), responses=(response,),
            )  # fmt: skip
            write_run(running, run)
            finish(running, folders.run(run.id))
        finally:
            discard(running)
    load_runs(folders, store, progress)
    return _told(run, counts, from_protocol)


def _told(run: SearchRun, counts: Counts, from_protocol: bool) -> Imported:
    return Imported(run, tuple(replace(finding, file=run.file) for finding in counts.findings), from_protocol)


def _holds(run: SearchRun, file: Response) -> bool:
    return any(response.sha256 == file.sha256 for response in run.responses)


def find_database(text: str, protocol: Protocol, kind: SourceKind | None) -> str:
    """Return the name by which a database is known, from its name or its label, whatever the case.

    Raises:
        UnknownDatabase: it is none that is known or named in the protocol, and no kind was given.
    """
    name = database_name(text)
    if name in DATABASES or name in {search.database for search in protocol.search}:
        return name
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,39}", name):
        remedy = "Write its name in small letters and hyphens, such as web-of-science."
        raise UnknownDatabase(name=_line(text), hint="", remedy=remedy)
    if kind is not None:
        return name
    close = get_close_matches(name, DATABASES, n=1)
    raise UnknownDatabase(
        name=name,
        hint=f" (did you mean '{close[0]}'?)" if close else "",
        remedy=f"Known are {', '.join(DATABASES)}. For another one add --kind database, register or other.",
    )


def check_date(text: str, today: str) -> None:
    """Check the day of a search.

    Raises:
        BadDate: it is not a day, or has not come yet.
    """
    try:
        day = date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
    except ValueError:
        raise BadDate(text=_line(text), reason="write the day as 2024-03-18") from None
    # `today` is in UTC, and east of it the next day has begun.
    if day > date.fromisoformat(today) + timedelta(days=1):
        raise BadDate(text=text, reason=f"it has not come yet, today is {today}")


def _as_planned(run: SearchRun, planned: Strategy) -> SearchRun:
    """Fill in what the protocol says about the search that the file came from."""
    return replace(run, strategy=planned.strategy, limits=planned.limits, platform=run.platform or planned.platform)


def _read(folders: Folders, running: Path, kept: Response, path: Path, format: str) -> tuple[Response, Counts]:
    """Tell the format of the copy in the running folder, give it a safe name, and read it."""
    before = [run for run in folders.runs() if _holds(run, kept)]
    if before:
        raise AlreadyImported(file=path, run=before[0].id)
    with open_response(running, kept) as file:
        head = file.read(_HEAD)
    shown = format or detect(head)
    if not shown:
        labels = ", ".join(made.label for made in FORMATS.values())
        what = f"{path} looks like {describe(head)}, which cannot be imported; nothing was kept."
        raise UnreadableFile(what, [advise(head, labels)])
    name = "import" + FORMATS[shown].suffixes[0]
    (running / "import").rename(running / name)
    response = replace(kept, name=name, format=shown)
    counts = count_entries(running, (response,))
    if not counts.kept:
        label = FORMATS[shown].label
        raise UnreadableFile(
            f"Nothing in {path} could be read as {label}, so nothing was kept.", _reasons(counts, path)
        )
    return response, counts


def _reasons(counts: Counts, path: Path) -> list[str]:
    reasons = [str(replace(finding, file=_printable(path.name))) for finding in counts.findings]
    more = [f"and {len(reasons) - _NAMED} more"] if len(reasons) > _NAMED else []
    return [*reasons[:_NAMED], *more] or ["It holds no entry."]


def _printable(text: str) -> str:
    """A text that can be written as UTF-8 and shown: what the terminal could not decode becomes a mark."""
    clean = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in clean).strip()


def _line(text: str) -> str:
    return " ".join(_printable(text).split())
