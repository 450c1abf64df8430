"""A search run on disk: `search.toml` and the responses as received, each with its hash."""

import gzip
import hashlib
import shutil
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any, get_origin, get_type_hints

from reviewkit.errors import DamagedRun, NotReadable, NotWritable
from reviewkit.model.runs import Response, SearchRun, SourceKind
from reviewkit.workspace.files import replacing, write_bytes, write_text

RUN_FILE = "search.toml"
RUNNING = ".running-"  # prefix of the folder of a run that has not finished


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
        NotReadable: the file is not there or cannot be read.
        NotWritable: no space or no permission in the workspace.
    """
    digest, size = hashlib.sha256(), 0
    try:
        read = source.open("rb")
    except OSError as error:
        raise NotReadable(path=source, reason=error.strerror or error) from error
    with read, replacing(folder / name) as write:
        while block := _read(read, source):
            digest.update(block)
            size += len(block)
            write.write(block)
    return Response(name=name, format=format, bytes=size, sha256=digest.hexdigest())


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
    """Read a run's `search.toml`.

    Raises:
        DamagedRun: the file is missing or is not what `write_run` wrote.
    """
    try:
        table = tomllib.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        entries = table.pop("responses", ())
        responses = tuple(Response(**{**entry, "columns": tuple(entry.get("columns", ()))}) for entry in entries)
        lists = {key: tuple(table.pop(key, ())) for key in ("limits", "warnings")}
        run = SearchRun(**{**table, **lists, "kind": SourceKind(table["kind"]), "responses": responses})
        for made in (run, *responses):
            _check_types(made)
        date.fromisoformat(run.date)
    except (OSError, ValueError, TypeError, KeyError) as error:
        remedy = f"Restore {folder / RUN_FILE} from a copy; without it the run's ids are not known."
        said = (
            f"the key {error} is missing" if isinstance(error, KeyError) else getattr(error, "strerror", None) or error
        )
        raise DamagedRun(run=folder.name, reason=f"{RUN_FILE}: {said}", remedy=remedy) from error
    if run.id != folder.name:
        raise DamagedRun(
            run=folder.name, reason=f"{RUN_FILE} says it is run {run.id}", remedy="Give the folder its old name."
        )
    return run


def _check_types(made: object) -> None:
    """Raise TypeError where a field holds something else than it should; a dataclass takes what it is given."""
    for name, hint in get_type_hints(type(made)).items():
        value = getattr(made, name)
        if type(value) is not (get_origin(hint) or hint):
            raise TypeError(f"{name} cannot be {value!r}")


def run_folders(searches: Path) -> list[Path]:
    """Return the folders of a review's finished runs by name, readable or not."""
    return sorted(path for path in searches.glob("[!.]*") if path.is_dir())


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


def discard(running: Path) -> None:
    """Remove the folder of a run that did not finish."""
    shutil.rmtree(running, ignore_errors=True)
