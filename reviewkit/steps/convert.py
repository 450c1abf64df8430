"""An export file written again in another format, outside any workspace: streamed, every entry accounted for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reviewkit.errors import OutputExists, OverwritesInput, UnknownOutput
from reviewkit.formats import AS_NAMED, FORMATS, Columns
from reviewkit.formats.tools import TOOLS, Tool
from reviewkit.model.citation import Citation, Finding
from reviewkit.steps.outside import Progress, Reading
from reviewkit.steps.wording import counted
from reviewkit.workspace.files import replacing

CONVERTING = "Converting"


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion read and wrote; `warnings` say what the program that gets the file will not take."""

    file: str
    read_as: str
    output: Path
    written_as: str
    kept: int
    rejected: int
    findings: tuple[Finding, ...]
    more_findings: int
    warnings: tuple[str, ...]

    @property
    def read(self) -> int:
        """Every entry of the file that was read."""
        return self.kept + self.rejected


def convert_file(
    path: Path,
    output: Path,
    *,
    progress: Progress,
    from_format: str = "",
    to_format: str = "",
    tool: str = "",
    columns: Columns = AS_NAMED,
    overwrite: bool = False,
) -> Converted:
    """Read an export file and write its entries to another file, whole or not at all.

    Args:
        path: the file that is read, and never changed.
        output: the file that is written.
        progress: told now and then how far it is.
        from_format: a key of FORMATS that overrules what the content shows.
        to_format: a key of FORMATS that can be written; else the ending of `output` says it.
        tool: a key of TOOLS, whose format and headings are used in place of it.
        columns: columns of a table that a person named.
        overwrite: write over a file that is there.

    Raises:
        OverwritesInput, OutputExists, UnknownOutput, NotReadable, UnreadableFile, NotWritable: nothing was written.
    """
    label, write = _writer(output, to_format, TOOLS.get(tool))
    if _same(path, output):
        raise OverwritesInput(path=output)
    if output.exists() and not overwrite:
        raise OutputExists(path=output)
    reading = Reading([path], CONVERTING, progress, from_format, columns)
    size = 0
    with replacing(output) as file:
        for chunk in write(replace(entry.citation, id=0) for entry in reading.entries()):
            file.write(chunk)
            size += len(chunk)
    read = reading.files[0]
    return Converted(
        file=read.file, read_as=read.format, output=output, written_as=label, kept=read.kept, rejected=read.rejected,
        findings=tuple(reading.findings), more_findings=reading.more_findings,
        warnings=tuple(too_large(TOOLS[tool], read.kept, size)) if tool else (),
    )  # fmt: skip


def too_large(tool: Tool, entries: int, size: int) -> Iterator[str]:
    """Say where a file is more than the program takes at once."""
    if tool.most and entries > tool.most:
        yield f"{tool.label} takes at most {tool.most:,} references a file, and this has {entries:,}: split it."
    if tool.largest and size > tool.largest:
        most = f"{tool.largest // 1_000_000} MB"
        yield f"{tool.label} takes files of at most {most}, and this has {size // 1_000_000} MB: split it."


def _writer(output: Path, name: str, tool: Tool | None) -> tuple[str, Callable[[Iterable[Citation]], Iterator[bytes]]]:
    """Return in words what is written, and what writes it; the first suffix of a format is its own."""
    if tool is not None:
        if output.suffix.lower() not in FORMATS[tool.suffix[1:]].suffixes:
            raise UnknownOutput(path=output, suffixes=tool.suffix)
        return f"{FORMATS[tool.suffix[1:]].label} for {tool.label}", tool.write
    written = {known.name: known for known in FORMATS.values() if known.write}
    found = written.get(name) or next((f for f in written.values() if f.suffixes[0] == output.suffix.lower()), None)
    if found is None or found.write is None:
        raise UnknownOutput(path=output, suffixes=", ".join(known.suffixes[0] for known in written.values()))
    return found.label, found.write


def _same(one: Path, other: Path) -> bool:
    """True when two names mean one file, by whatever links."""
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:
        return False


def summary(converted: Converted) -> str:
    """Say in one line what was read and written."""
    read = counted(converted.read, "entry")
    return (
        f"{converted.file} ({converted.read_as}): {read}, {converted.kept:,} kept, {converted.rejected:,} not readable."
    )
