"""The archive's files: their names, and how they are written so that a half-written archive tells itself apart."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewkit.errors import DamagedArchive, NotReadable
from reviewkit.workspace.files import sweep, write_bytes, write_text

FORMAT = 1  # raised when an older reviewkit could no longer read what is written here

MANIFEST = "archive.toml"
RUNS = "runs.csv"
PROTOCOLS = "protocols.csv"

_NOTE = """\
# The archive of one review: every match, decision, link and extraction ever made, as text, undone ones too.
# With protocols/ and searches/ it is the whole review: 'reviewkit restore' rebuilds the database from them.
# A row with text in its `sealed` column is a verdict or value that is not to be seen before the others have given
# theirs. The text is an envelope against a glance, not encryption; the next archive after that writes it openly.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `archive.toml` says: which files make the archive. Not `finished`: its writing was stopped half-way."""

    format: int
    review: str
    finished: bool
    files: Mapping[str, Entry]


def protocol_file(version: str) -> str:
    """The archive's file of one protocol version."""
    return f"protocols/{version}.toml"


def write_archive(folder: Path, review: str, files: Mapping[str, tuple[bytes, int]]) -> bool:
    """Write the archive's files and its manifest; return False when everything was there already.

    The manifest is written twice, first saying "not finished": a kill in between leaves each file old or new, and
    a manifest that says so.

    Args:
        files: name -> content and number of rows.

    Raises:
        NotWritable: no space or no permission.
    """
    entries = {name: Entry(rows, hashlib.sha256(body).hexdigest()) for name, (body, rows) in files.items()}
    finished = _manifest(Manifest(FORMAT, review, True, entries))
    changed = [name for name, (body, _) in files.items() if _content(folder / name) != body]
    for place in (folder, folder / "protocols"):
        sweep(place)
    if not changed and _content(folder / MANIFEST) == finished.encode():
        return False
    write_text(folder / MANIFEST, _manifest(Manifest(FORMAT, review, False, entries)))
    for name in changed:
        write_bytes(folder / name, files[name][0])
    write_text(folder / MANIFEST, finished)
    return True


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest; None where there is no archive.

    Raises:
        DamagedArchive: the manifest is unreadable, missing among the archive's files, or of a newer format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if any(folder.glob("*.csv")):
            raise DamagedArchive(f"The archive in {folder} is not whole:", [f"{path}: is missing"])
        return None
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if int(table["format"]) > FORMAT:
            problem = f"{path}: format {table['format']} was written by a newer reviewkit; install that version"
            raise DamagedArchive(f"The archive in {folder} cannot be read:", [problem])
        entries = {str(name): Entry(int(e["rows"]), str(e["sha256"])) for name, e in table["files"].items()}
        return Manifest(int(table["format"]), str(table["review"]), table["finished"] is True, entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"{path}: is not what reviewkit wrote ({type(error).__name__}: {error})"
        raise DamagedArchive(f"The archive in {folder} cannot be read:", [problem]) from error


def read_file(folder: Path, name: str) -> bytes | None:
    """Read one of the archive's files; None when it is missing.

    Raises:
        NotReadable: it is there and the system does not let us.
    """
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotReadable(path=folder / name, reason=error.strerror or error) from error


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _manifest(manifest: Manifest) -> str:
    import tomli_w

    files = {name: {"rows": e.rows, "sha256": e.sha256} for name, e in sorted(manifest.files.items())}
    table = {"format": manifest.format, "review": manifest.review, "finished": manifest.finished, "files": files}
    return _NOTE + tomli_w.dumps(table)
