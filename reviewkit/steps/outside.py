"""Export files read where they lie, outside any workspace: format told by content, entries streamed and counted."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple

from reviewkit.errors import NotReadable, UnreadableFile
from reviewkit.formats import AS_NAMED, FORMATS, Columns, advise, describe, detect
from reviewkit.formats.rows import parse_with_ids
from reviewkit.model.citation import Citation, Finding

Progress = Callable[[str, int, float], None]  # what is being done, entries so far, share of the bytes read

_HEAD = 64 * 1024  # bytes by which a format is told
_TABLES = ("csv", "xlsx")
_STEP = 500  # entries between two calls of progress
_KEPT = 10_000  # findings that are kept; the rest are counted, or a hostile file would fill the memory
_NAMED = 20  # reasons listed when nothing could be read
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file held: its entries, those that could be kept, and those that could not."""

    file: str
    format: str
    kept: int
    rejected: int

    @property
    def read(self) -> int:
        """Every entry of the file."""
        return self.kept + self.rejected


class Entry(NamedTuple):
    """One entry that could be read: its running number over all files, from 1, and the id that its own row has or ''.

    The citation carries the running number as its id. Entries that could not be read are counted, so that the number
    is that of the entry in the file.
    """

    number: int
    own_id: str
    file: int  # place of its file among those given
    citation: Citation


class Reading:
    """One passage through files, entry by entry; afterwards `files` and `findings` say what was met.

    `format` is a key of FORMATS that overrules what the content shows, `columns` names columns of tables.
    """

    def __init__(
        self, paths: Sequence[Path], doing: str, progress: Progress, format: str = "", columns: Columns = AS_NAMED
    ) -> None:
        self.files: list[FileRead] = []
        self.findings: list[Finding] = []
        self.more_findings = 0
        self._paths = paths
        self._doing = doing
        self._progress = progress
        self._named = format
        self._columns = columns
        self._sizes = [_size(path) for path in paths]

    def entries(self) -> Iterator[Entry]:
        """Yield the entries of all files in order; nothing is held.

        Raises:
            NotReadable, UnreadableFile: a file cannot be opened, is of no known format, or holds nothing readable.
        """
        number = 0
        for place, path in enumerate(self._paths):
            with _opened(path) as (file, raw):
                known = self._named or _format(file, path)
                kept = rejected = 0
                reasons: list[Finding] = []
                for own_id, item in _parse(file, known, self._columns):
                    if isinstance(item, Finding):
                        item = replace(item, file=_inside(path, item))
                        self._note(item)
                        reasons += [item] if len(reasons) < _NAMED else []
                        if not item.rejected:
                            continue
                        rejected += 1
                    number += 1
                    if number % _STEP == 0:
                        self._progress(self._doing, number, self._share(place, raw))
                    if isinstance(item, Citation):
                        kept += 1
                        # In place, though it is frozen: the parser has just made it, nobody else holds it, and a copy
                        # would take as long as a quarter of the parsing.
                        object.__setattr__(item, "id", number)
                        yield Entry(number, own_id, place, item)
            if not kept:
                what = f"Nothing in {path} could be read as {FORMATS[known].label}; nothing was written."
                raise UnreadableFile(what, list(map(str, reasons)) or ["It holds no entry."])
            self.files.append(FileRead(str(path), FORMATS[known].label, kept, rejected))
        self._progress(self._doing, number, 1.0)

    def _note(self, finding: Finding) -> None:
        if len(self.findings) < _KEPT:
            self.findings.append(finding)
        else:
            self.more_findings += 1

    def _share(self, place: int, raw: IO[bytes]) -> float:
        return (sum(self._sizes[:place]) + min(raw.tell(), self._sizes[place])) / max(1, sum(self._sizes))


def _parse(file: IO[bytes], known: str, columns: Columns) -> Iterator[tuple[str, Citation | Finding]]:
    if known in _TABLES:
        for found in parse_with_ids(file, columns):
            yield ("", found) if isinstance(found, Finding) else found
        return
    for item in FORMATS[known].parse(file, columns):
        yield "", item


def _format(file: IO[bytes], path: Path) -> str:
    head = file.read(_HEAD)
    file.seek(0)
    if known := detect(head):
        return known
    labels = ", ".join(made.label for made in FORMATS.values())
    what = f"{path} looks like {describe(head)}, which cannot be read; nothing was written."
    raise UnreadableFile(what, [advise(head, labels)])


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, a gzip-compressed one by its content; give it and the file on disk, whose position tells how far."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            if not packed:
                yield raw, raw
                return
            with gzip.open(raw) as file:
                yield file, raw  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"{path} is damaged ({error}); nothing was written."
        raise UnreadableFile(what, ["Download it or copy it again."]) from error
    except OSError as error:
        raise NotReadable(path=path, reason=error.strerror or error) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise NotReadable(path=path, reason=error.strerror or error) from error


def _inside(path: Path, finding: Finding) -> str:
    """Name the file of a finding, and the member of an archive."""
    return f"{path.name}/{finding.file}" if finding.file else path.name
