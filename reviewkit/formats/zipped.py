"""Zip archives of export files, each read in its own format; nothing is ever unpacked to where its name points."""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO

from reviewkit.formats.detect import describe, detect, is_packed
from reviewkit.formats.rayyan import is_log
from reviewkit.model.citation import Citation, Finding

_HEAD = 1 << 16  # bytes by which a member's format is told
_IN_MEMORY = 1 << 24  # bytes of a member that are held in memory; the rest goes to a nameless file
_MOST_MEMBERS = 1_000
_LARGEST = 8 << 30  # bytes in all; 100,000 entries with abstracts are some 0.3 GB
_SMALL = 256 << 20  # bytes below which nothing is suspected
_RATIO = 100  # to one; export files shrink to a fifth or a tenth
_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA takes the memory that the file asks for
_NAMED = 20  # members named of those left aside
_EXPORTS = frozenset((
    ".ris", ".nbib", ".medline", ".xml", ".bib", ".ciw", ".isi", ".enw", ".cgi", ".ovd", ".csv", ".tsv", ".xlsx",
    ".xls",
))  # fmt: skip
_TABLES = frozenset((".csv", ".tsv", ".txt"))
_LITTER = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError,
    IndexError,
)  # fmt: skip

Parse = Callable[[str, IO[bytes], Mapping[str, str]], Iterator[Citation | Finding]]  # format, file, columns


@dataclass(frozen=True, slots=True)
class Member:
    """An export file in an archive: its name, only to be shown, its format, and its content from the beginning."""

    name: str
    format: str
    file: IO[bytes]


def parse_zip(file: IO[bytes], columns: Mapping[str, str], parse: Parse) -> Iterator[Citation | Finding]:
    """Read every export file in an archive; findings name the member, and lines are those of the member.

    What is no export file is listed in one Finding. An archive in the archive, a member that is damaged or under a
    password and an export file of no known format are rejected, each as one entry; an archive that unpacks to
    more than any export is rejected whole, before anything of it is read.
    """
    found = False
    for member in members(file):
        if isinstance(member, Finding):
            found = found or member.rejected
            yield member
            continue
        if member.format == "csv" and _is_rayyans_log(member.file):
            yield Finding("left aside: it tells what was decided, and 'reviewkit decide import' reads it", member.name)
            continue
        for item in parse(member.format, member.file, columns):
            found = True
            yield replace(item, file=member.name) if isinstance(item, Finding) else item
    if not found:
        yield Finding("there is no export file in the archive", line=1, rejected=True)


def _is_rayyans_log(file: IO[bytes]) -> bool:
    first = file.readline(_HEAD).decode("utf-8-sig", "replace")
    file.seek(0)
    return is_log(first.split(","))


def members(file: IO[bytes]) -> Iterator[Member | Finding]:
    """Give the export files of an archive one after the other, each open until the next is asked for."""
    try:
        archive = zipfile.ZipFile(file)
    except (*_DAMAGES, NotImplementedError) as error:
        yield _rejected(f"the archive is damaged ({error}); download or make it again")
        return
    with archive:
        listed = [info for info in archive.infolist() if not info.is_dir()]
        if refused := _bomb(file, listed):
            yield _rejected(refused)
            return
        yield from _doubts(listed)
        aside: list[str] = []
        for info in listed:
            if _is_litter(info.filename):
                aside.append(shown(info.filename))
                continue
            with SpooledTemporaryFile(max_size=_IN_MEMORY) as unpacked:
                if problem := _unpack(archive, info, unpacked):
                    yield _rejected(problem, shown(info.filename))
                    continue
                unpacked.seek(0)
                head = unpacked.read(_HEAD)
                unpacked.seek(0)
                if known := _format_of(info.filename, head):
                    yield Member(shown(info.filename), known, unpacked)
                elif problem := _lost(info.filename, head):
                    yield _rejected(problem, shown(info.filename))
                else:
                    aside.append(f"{shown(info.filename)} ({describe(head)})")
    if aside:
        more = f" and {len(aside) - _NAMED} more" if len(aside) > _NAMED else ""
        yield Finding(f"left aside, since they are no export files: {', '.join(aside[:_NAMED])}{more}")


def shown(name: str) -> str:
    """A member's name as it can be shown: on one line, without control characters, not longer than a line."""
    clean = "".join(c if c.isprintable() else " " for c in name.encode("utf-8", "replace").decode())
    return clean if len(clean) <= 100 else f"{clean[:60]}...{clean[-30:]}"


def _bomb(file: IO[bytes], listed: list[zipfile.ZipInfo]) -> str:
    """Say why an archive is refused by what its own list of contents says of it, or ''."""
    packed = file.seek(0, 2)
    size = sum(info.file_size for info in listed)
    if len(listed) > _MOST_MEMBERS:
        return f"the archive holds {len(listed):,} files, and at most {_MOST_MEMBERS:,} are read"
    if size > _LARGEST or size > max(_SMALL, packed * _RATIO):
        return (
            f"the archive of {packed:,} bytes would unpack to {size:,}, which no export does (a 'zip bomb'); "
            "should it be one all the same, unpack it and import the files"
        )
    return ""


def _doubts(listed: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    for name, count in Counter(info.filename for info in listed).items():
        if count > 1:
            yield Finding(f"{count} files in the archive have this name; each was read", file=shown(name))
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or any(":" in part for part in path.parts[:1]):
            yield Finding("its name points out of the archive; it was not followed", file=shown(name))


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.lower() in _LITTER or path.name.startswith("._")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, into: IO[bytes]) -> str:
    """Write a member's content; return what is wrong with it, or ''."""
    if info.flag_bits & 0x1:
        return "it is protected with a password; unpack it with the password and import it by itself"
    if info.compress_type not in _KNOWN:
        return "it is packed in a way that cannot be read here; unpack it and import it by itself"
    try:
        member = archive.open(info)
    except (*_DAMAGES, NotImplementedError) as error:
        return f"it is damaged in the archive ({error}); nothing of it was read"
    with member:
        while True:
            try:
                block = member.read(1 << 20)
            except (*_DAMAGES, NotImplementedError) as error:
                return f"it is damaged in the archive ({error}); nothing of it was read"
            if not block:
                return ""
            into.write(block)


def _format_of(name: str, head: bytes) -> str:
    """Tell a member's format; text with commas is a table only where it is named like one, and no readme is one."""
    known = detect(head)
    path = PurePosixPath(name.lower())
    if known == "csv" and (path.suffix not in _TABLES or path.stem.startswith("readme")):
        return ""
    return "" if known == "zip" else known


def _lost(name: str, head: bytes) -> str:
    """Say why a member of no known format is a loss, or '' where it is none."""
    what = describe(head)
    if is_packed(head):
        return f"it is {what} in the archive; unpack it and import it by itself"
    if PurePosixPath(name.lower()).suffix in _EXPORTS:
        return f"it looks like {what}, which cannot be read"
    return ""


def _rejected(message: str, name: str = "") -> Finding:
    return Finding(message, file=name, line=1, rejected=True)
