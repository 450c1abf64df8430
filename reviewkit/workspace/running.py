"""A search run on disk while it is being received: a draft of `search.toml` that says what is asked, and the bodies.

The folder outlives an interruption, so that the same question can go on where it ended. Its name is made of the
question, not of the day: whoever asks the same finds it.
"""

import gzip
import hashlib
import re
import zlib
from pathlib import Path

from reviewkit.errors import DamagedRun
from reviewkit.model.runs import Response, SearchRun
from reviewkit.workspace import Folders
from reviewkit.workspace.files import sweep
from reviewkit.workspace.runs import RUN_FILE, RUNNING, discard, parse_run, surplus, write_run

_OURS = re.compile(
    rf"{re.escape(RUNNING)}(?:\d{{4}}-\d\d-\d\d-.+|.+-[0-9a-f]{{8}})"
)  # the first as earlier versions did


def running_folder(folders: Folders, draft: SearchRun) -> Path:
    """Return where a run is received; the same question has the same folder."""
    asked = "\0".join((draft.database, draft.strategy, *draft.limits, str(draft.update), draft.since))
    return folders.running(f"{draft.database}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}")


def open_draft(folder: Path, draft: SearchRun) -> SearchRun | None:
    """Take up the draft that an earlier attempt left in a folder, or begin with this one.

    What another version of the program left is not taken up: it may have cut the result into other pages.

    Returns the draft taken up, None where the folder is new.

    Raises:
        NotWritable: no space or no permission in the workspace.
    """
    earlier = read_draft(folder)
    if earlier is not None and earlier.client.partition(",")[0] == draft.client:
        sweep(folder)
        return earlier
    discard(folder)
    write_run(folder, draft)
    return None


def read_draft(folder: Path) -> SearchRun | None:
    """Read what was being asked in a folder; None where that cannot be told."""
    try:
        return parse_run(folder)
    except DamagedRun:
        return None


def find_body(folder: Path, name: str, format: str) -> tuple[Response, bytes] | None:
    """Return the body of this name that an earlier attempt received; None where there is none, or a damaged one."""
    try:
        body = gzip.decompress((folder / f"{name}.gz").read_bytes())
    except (OSError, EOFError, zlib.error):
        return None
    digest = hashlib.sha256(body).hexdigest()
    return Response(name=f"{name}.gz", format=format, bytes=len(body), sha256=digest), body


def holds_bodies(folder: Path) -> bool:
    """Tell whether anything was received in a folder."""
    return any(path.suffix == ".gz" for path in folder.glob("[!.]*"))


def drop_bodies(folder: Path) -> None:
    """Remove what was received, and keep what is asked."""
    for path in folder.glob("[!.]*.gz"):
        path.unlink(missing_ok=True)


def drop_surplus(folder: Path, run: SearchRun) -> None:
    """Remove what the run does not list: bodies of an attempt that took another way, half-written files."""
    for name in surplus(folder, run):
        (folder / name).unlink(missing_ok=True)


def drafts(folders: Folders) -> list[tuple[Path, SearchRun | None]]:
    """Return the folders of searches that were interrupted, with what they asked, None where that cannot be told.

    Hold `folders.searching()`: else one of them may be going on.
    """
    found = [path for path in folders.unfinished() if _OURS.fullmatch(path.name)]
    return [(path, read_draft(path) if (path / RUN_FILE).exists() else None) for path in found]
