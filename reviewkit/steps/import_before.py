"""Recognising what was imported before: the same file, or the same entries in another guise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from reviewkit.errors import AlreadyImported
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.runs import Response, SearchRun
from reviewkit.steps.loading import read_responses
from reviewkit.workspace import Folders

_OVERLAP = 0.5  # of the entries are in another run of that day and database: worth a word
_NOT_CONTENT = ("id", "run", "line")


def is_same(run: SearchRun, kept: Sequence[Response], database: str, date: str) -> bool:
    """True for a run that holds these very files, of that day and (where one is said) that database."""
    hashes = [response.sha256 for response in run.responses]
    return hashes == [r.sha256 for r in kept] and run.date == date and database in ("", run.database)


def refuse_known(runs: Sequence[SearchRun], kept: Sequence[Response], paths: Sequence[Path]) -> None:
    """Raise AlreadyImported where a run holds one of the files."""
    held = {response.sha256: run.id for run in reversed(runs) for response in run.responses}
    for response, path in zip(kept, paths, strict=True):
        if response.sha256 in held:
            raise AlreadyImported(file=path, run=held[response.sha256])


def alike(folders: Folders, running: Path, run: SearchRun, paths: Sequence[Path]) -> list[Finding]:
    """Compare with the imports of the same day from the same database; a doubt where half of it is there already.

    Raises:
        AlreadyImported: one holds the same entries, in another encoding, order or packing.
    """
    others = [r for r in folders.runs() if (r.database, r.date, r.origin) == (run.database, run.date, "import")]
    if not others:
        return []
    doubts = []
    mine = _contents(running, run)
    for other in others:
        theirs = _contents(folders.run(other.id), other)
        if mine == theirs:
            files = ", ".join(str(path) for path in paths)
            raise AlreadyImported(file=files, run=other.id, how="the same entries, of the same day and database")
        both = (mine & theirs).total()
        if both >= _OVERLAP * run.retrieved:
            there = f"{both:,} of the {run.retrieved:,} entries are in run {other.id} of the same day and database too"
            doubts.append(Finding(f"{there}; was one search exported twice?"))
    return doubts


def _contents(folder: Path, run: SearchRun) -> Counter[int]:
    names = [f.name for f in fields(Citation) if f.name not in _NOT_CONTENT]
    return Counter(
        hash(tuple(getattr(item, name) for name in names))
        for item in read_responses(folder, run.responses)
        if isinstance(item, Citation)
    )
