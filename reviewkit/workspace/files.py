"""Reading and writing files; a kill at any instant leaves the old content or the new, never a part."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reviewkit.errors import NotReadable, NotWritable

TEMPORARY = ".writing-"  # prefix of unfinished files; swept away by the next write beside them


def read_bytes(path: Path) -> bytes:
    """Read a file that a user names.

    Raises:
        NotReadable: it is not there, is a folder, or the system does not let us.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotReadable(path=path, reason=error.strerror or error) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, by way of a temporary file in the same folder that is renamed.

    Raises:
        NotWritable: no space, no permission, or the folder cannot be made.
    """
    with replacing(path) as file:
        file.write(content)


def write_text(path: Path, content: str) -> None:
    """Write a text file whole, in UTF-8 with plain line ends. Raises NotWritable."""
    write_bytes(path, content.encode())


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file that takes the place of `path` when the block ends well, and is removed when not.

    Raises:
        NotWritable: no space, no permission, or the folder cannot be made.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())  # mkstemp makes it private; exports are for sharing
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise NotWritable(path=path, reason=error.strerror or error) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what killed writes left in a folder."""
    for left in folder.glob(f"{TEMPORARY}*"):
        left.unlink(missing_ok=True)


def leftovers(folder: Path) -> list[Path]:
    """Return what killed writes left in a folder and below it."""
    return sorted(folder.rglob(f"{TEMPORARY}*"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
