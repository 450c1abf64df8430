"""What is kept for speed alone: files that may be deleted, and are made again where they are missing or damaged."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reviewkit.errors import NotWritable
from reviewkit.workspace.files import replacing, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

_IGNORE = ".gitignore"  # written into the folder itself, so that no version control takes it


def keep_arrays(path: Path, arrays: "Mapping[str, NDArray[Any]]") -> None:
    """Keep arrays in a file, whole or not at all; where none can be written, go on without."""
    import numpy

    _keep(path, lambda file: numpy.savez(file, allow_pickle=False, **arrays))


def kept_arrays(path: Path) -> "dict[str, NDArray[Any]] | None":
    """Return the arrays of a file, or None where there is none that can be read whole."""
    import numpy

    try:
        with numpy.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception:  # damage shows in many ways, and whatever it is, the file is made again
        return None


def keep_json(path: Path, value: object) -> None:
    """Keep a value in a file, whole or not at all; where none can be written, go on without."""
    _keep(path, lambda file: file.write(json.dumps(value).encode()))


def kept_json(path: Path) -> object:
    """Return the value in a file, or None where there is none that can be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _keep(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    try:
        if not (ignore := path.parent / _IGNORE).exists():
            with replacing(ignore) as file:
                file.write(b"*\n")
        sweep(path.parent)
        with replacing(path) as file:
            write(file)
    except (NotWritable, OSError):
        return
