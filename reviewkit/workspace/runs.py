"""A search run on disk: `search.toml` and the responses as received, each with its hash."""

import gzip
import hashlib
import os
import shutil
import stat
import tempfile
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import IO, Any, get_origin, get_type_hints

from reviewkit.errors import DamagedRun, NotReadable, NotWritable, UnreadableFile
from reviewkit.model.runs import Line, Response, SearchRun, SourceKind
from reviewkit.workspace.files import replacing, write_bytes, write_text

RUN_FILE = "search.toml"
CHECK_FILE = "check.toml"  # in its place, where PubMed was asked about included records: see `checks`
RUNNING = ".running-"  # prefix of the folder of a run that has not finished
_SMALL = 256 << 20  # bytes below which a compressed file is not suspected to be a bomb
_RATIO = 100  # to one; export files shrink to a fifth or a tenth


def save_response(folder: Path, name: str, format: str, body: bytes) -> Response:
    """Write one response body as received, compressed, and return its entry for `search.toml`.

    Args:
        name: the file's name without `.gz`, for example `0001.xml`.
    """
    # mtime 0: the same body gives the same file, whenever it was received
    write_bytes(folder / f"{name}.gz", gzip.compress(body, mtime=0))
    return Response(name=f"{name}.gz", format=format, bytes=len(body), sha256=hashlib.sha256(body).hexdigest())


def keep_file(folder: Path, name: str, format: str, source: Path) -> Response:
    """Copy an imported file, untouched, into a run's folder and return its entry for `search.toml`.

    Raises:
        NotReadable: the file is not there, cannot be read, or changes meanwhile.
        NotWritable: no space or no permission in the workspace.
    """
    digest, size = hashlib.sha256(), 0
    try:
        read = source.open("rb")
    except OSError as error:
        raise NotReadable(path=source, reason=error.strerror or error) from error
    with read, replacing(folder / name) as write:
        before = os.fstat(read.fileno())
        while block := _read(read, source):
            digest.update(block)
            size += len(block)
            write.write(block)
        after = os.fstat(read.fileno())
        if stat.S_ISREG(before.st_mode) and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            remedy = "Wait until it is saved or downloaded as a whole, then run it again."
            raise NotReadable(path=source, reason="it was changed while it was read", remedy=remedy)
    return Response(name=name, format=format, bytes=size, sha256=digest.hexdigest())


def unpacked(folder: Path, response: Response) -> Response:
    """Return the entry of a kept file that may be gzip-compressed: its size and hash are those of what is in it.

    The file itself stays as it was and gets `.gz` at the end of its name.

    Raises:
        UnreadableFile: what is in it is damaged, or so much that it can be no export.
    """
    path = folder / response.name
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return response
    digest, size = hashlib.sha256(), 0
    try:
        with gzip.open(path, "rb") as body:
            while block := body.read(1 << 20):
                digest.update(block)
                size += len(block)
                if size > max(_SMALL, response.bytes * _RATIO):
                    summary = f"The compressed file of {response.bytes:,} bytes unpacks to more than {size:,} bytes"
                    raise UnreadableFile(f"{summary}, which no export does; nothing was kept.", [])
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        remedy = "Download it again, or unpack it and import what is in it."
        raise UnreadableFile(f"The compressed file is damaged ({error}); nothing was kept.", [remedy]) from error
    name = f"{response.name}.gz"
    path.rename(folder / name)
    return replace(response, name=name, bytes=size, sha256=digest.hexdigest())


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder outside every workspace that is gone when the block ends: for a look that keeps nothing."""
    with tempfile.TemporaryDirectory(prefix="reviewkit-") as folder:
        yield Path(folder)


def _read(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.read(1 << 20)
    except OSError as error:
        raise NotReadable(path=path, reason=error.strerror or error) from error


@contextmanager
def open_response(folder: Path, response: Response) -> Iterator[IO[bytes]]:
    """Open a response body for reading, decompressed.

    Raises:
        DamagedRun: the file is missing, its name leads out of the folder, or its compression is damaged.
    """
    path = folder / response.name
    remedy = "Restore the file from a copy of the folder, or remove the folder and search again."
    if Path(response.name).name != response.name or not path.is_file():
        raise DamagedRun(run=folder.name, reason=f"{response.name} is missing", remedy=remedy)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedRun(run=folder.name, reason=f"{response.name} is damaged ({error})", remedy=remedy) from error


def sha256_of(folder: Path, response: Response) -> str:
    """Hash a response body as it lies on disk now."""
    with open_response(folder, response) as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def write_run(folder: Path, run: SearchRun) -> None:
    """Write a run's `search.toml`."""
    import tomli_w

    table: dict[str, Any] = {"id": run.id, **{k: v for k, v in asdict(run).items() if v not in ("", ()) and k != "id"}}
    table["kind"] = run.kind.value
    if not run.reported_before:
        del table["reported_before"]
    if run.lines:
        table["lines"] = list(table["lines"])
    for key in ("limits", "warnings"):
        if key in table:
            table[key] = list(table[key])
    table["responses"] = [_response_table(response) for response in run.responses]
    note = "# One search run, written by reviewkit. The files beside it are the responses as received.\n"
    write_text(folder / RUN_FILE, note + tomli_w.dumps(table, multiline_strings=True))


def _response_table(response: Response) -> dict[str, Any]:
    table = {key: value for key, value in asdict(response).items() if value or key not in ("columns", "file")}
    return {**table, "columns": list(response.columns)} if response.columns else table


def read_run(folder: Path) -> SearchRun:
    """Read a finished run's `search.toml`.

    Raises:
        DamagedRun: the file is missing or is not what `write_run` wrote.
    """
    run = parse_run(folder)
    if run.id != folder.name:
        raise DamagedRun(
            run=folder.name, reason=f"{RUN_FILE} says it is run {run.id}", remedy="Give the folder its old name."
        )
    return run


def parse_run(folder: Path) -> SearchRun:
    """Read a `search.toml`, whichever run it says to be. Raises DamagedRun."""
    try:
        table = tomllib.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        entries = table.pop("responses", ())
        responses = tuple(Response(**{**entry, "columns": tuple(entry.get("columns", ()))}) for entry in entries)
        lists: dict[str, Any] = {key: tuple(table.pop(key, ())) for key in ("limits", "warnings")}
        lists["lines"] = tuple(Line(**line) for line in table.pop("lines", ()))
        run = SearchRun(**{**table, **lists, "kind": SourceKind(table["kind"]), "responses": responses})
        for made in (run, *responses, *run.lines):
            check_types(made)
        date.fromisoformat(run.date)
    except (OSError, ValueError, TypeError, KeyError) as error:
        remedy = f"Restore {folder / RUN_FILE} from a copy; without it the run's ids are not known."
        said = (
            f"the key {error} is missing" if isinstance(error, KeyError) else getattr(error, "strerror", None) or error
        )
        raise DamagedRun(run=folder.name, reason=f"{RUN_FILE}: {said}", remedy=remedy) from error
    return run


def check_types(made: object) -> None:
    """Raise TypeError where a field holds something else than it should; a dataclass takes what it is given."""
    for name, hint in get_type_hints(type(made)).items():
        value = getattr(made, name)
        if type(value) is not (get_origin(hint) or hint):
            raise TypeError(f"{name} cannot be {value!r}")


def run_folders(searches: Path) -> list[Path]:
    """Return the folders of a review's finished runs by name, readable or not."""
    found = (path for path in searches.glob("[!.]*") if path.is_dir())
    return sorted(path for path in found if not (path / CHECK_FILE).is_file())


def surplus(folder: Path, run: SearchRun) -> list[str]:
    """Return the names of what lies in a run's folder and does not belong to the run."""
    known = {RUN_FILE, *(response.name for response in run.responses)}
    return sorted(path.name for path in folder.iterdir() if path.name not in known)


def finish(running: Path, folder: Path) -> None:
    """Give a finished run its place: one rename, so that a run is there whole or not at all. Raises NotWritable."""
    try:
        running.rename(folder)
    except OSError as error:
        raise NotWritable(path=folder, reason=error.strerror or error) from error


def take_back(folder: Path, running: Path) -> None:
    """Remove a finished run that reached no database: it leaves its place at once, as `finish` gave it."""
    folder.rename(running)
    discard(running)


def discard(running: Path) -> None:
    """Remove the folder of a run that did not finish."""
    shutil.rmtree(running, ignore_errors=True)
