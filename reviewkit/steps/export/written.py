"""One exported file on disk: written only where its content differs from what is there."""

from dataclasses import dataclass
from pathlib import Path

from reviewkit.workspace.files import write_bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """One file written, what it is, and whether its content differs from what was there."""

    path: Path
    what: str
    changed: bool


def write_changed(path: Path, what: str, content: bytes) -> Exported:
    """Write a file where its content is not there already.

    Raises:
        NotWritable: it cannot be written.
    """
    changed = not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content
    if changed:
        write_bytes(path, content)
    return Exported(path, what, changed)
