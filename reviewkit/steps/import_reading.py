"""Reading export files that a person hands in: kept in a folder, format told, every entry counted twice."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from reviewkit.errors import UnreadableFile
from reviewkit.formats import FORMATS, advise, describe, detect
from reviewkit.formats.columns import choose
from reviewkit.formats.origin import Origin, find_origin
from reviewkit.formats.rows import read_rows
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.runs import Response
from reviewkit.steps.loading import read_responses
from reviewkit.workspace.runs import keep_file, open_response, unpacked

ReadProgress = Callable[[str, int], None]  # file, entries read so far

_HEAD = 64 * 1024  # bytes by which a format is told
_NAMED = 20  # reasons listed when nothing could be read
_SAMPLE = 3  # citations shown of a file
_STEP = 500  # entries between two calls of progress
_TABLES = ("csv", "xlsx")
_NOT_CONTENT = ("id", "run", "line")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What one export file holds; `findings` name it and the line of every entry rejected or kept with a doubt.

    `columns` are the headings of a table, each with the field it is read as or ''. `filled` counts the kept entries
    in which a field says something.
    """

    name: str
    response: Response
    origin: Origin
    kept: int
    rejected: int
    findings: tuple[Finding, ...]
    columns: tuple[tuple[str, str], ...]
    filled: Mapping[str, int]
    sample: tuple[Citation, ...]

    @property
    def read(self) -> int:
        """The entries of the file: kept + rejected."""
        return self.kept + self.rejected

    @property
    def missed(self) -> int:
        """Entries that seem to begin in the file and were neither kept nor rejected; 0 when all is well."""
        return max((self.origin.begun or 0) - self.read, 0)


def keep_files(folder: Path, paths: Sequence[Path]) -> tuple[Response, ...]:
    """Copy files, untouched, into a folder; their entries hold size and hash, and no format yet.

    Raises:
        NotReadable, NotWritable: one of them cannot be copied.
        UnreadableFile: a compressed one is damaged, or two are the same.
    """
    kept: list[Response] = []
    for number, path in enumerate(paths, start=1):
        name = "import" if len(paths) == 1 else f"import-{number:03}"
        file = printable(path.name) if len(paths) > 1 else ""
        try:
            response = unpacked(folder, replace(keep_file(folder, name, "", path), file=file))
        except UnreadableFile as error:
            raise UnreadableFile(
                f"{path} cannot be imported.", [str(error.facts["summary"]), *error.problems]
            ) from None
        for place, other in enumerate(kept):
            if other.sha256 == response.sha256:
                raise UnreadableFile(f"{paths[place]} and {path} hold the same; name it once.", [])
        kept.append(response)
    return tuple(kept)


def read_file(
    folder: Path, response: Response, path: Path, format: str, columns: Sequence[str], progress: ReadProgress
) -> ReadFile:
    """Tell the format of a kept file, give it the name that goes with it, and read it to its end.

    Args:
        path: the file as the user named it.
        format: a key of FORMATS, which overrules what the content shows; or ''.
        columns: what a person says of a table's columns, each "heading=field".

    Raises:
        UnreadableFile: the content is of no known format, or not one entry of it could be kept.
    """
    response = _with_format(folder, response, path, format, columns)
    name = printable(path.name)
    progress(name, 0)
    with open_response(folder, response) as file:
        origin = find_origin(file, response.format)
    kept = rejected = 0
    findings: list[Finding] = []
    sample: list[Citation] = []
    filled: Counter[str] = Counter()
    names = [f.name for f in fields(Citation) if f.name not in _NOT_CONTENT]
    for item in read_responses(folder, (replace(response, file=name),)):
        if isinstance(item, Finding):
            rejected += item.rejected
            findings.append(item)
        else:
            kept += 1
            filled.update(field for field in names if getattr(item, field))
            if len(sample) < _SAMPLE:
                sample.append(item)
        if (kept + rejected) % _STEP == 0:
            progress(name, kept + rejected)
    if not kept:
        label = FORMATS[response.format].label
        raise UnreadableFile(f"Nothing in {path} could be read as {label}, so nothing was kept.", _reasons(findings))
    headings = _headings(folder, response)
    return ReadFile(name, response, origin, kept, rejected, tuple(findings), headings, filled, tuple(sample))


def _with_format(folder: Path, response: Response, path: Path, format: str, columns: Sequence[str]) -> Response:
    with open_response(folder, response) as file:
        head = file.read(_HEAD)
    shown = format or detect(head)
    if not shown:
        labels = ", ".join(made.label for made in FORMATS.values())
        what = f"{path} looks like {describe(head)}, which cannot be imported; nothing was kept."
        raise UnreadableFile(what, [advise(head, labels)])
    packed = ".gz" if response.name.endswith(".gz") else ""
    if packed and shown == "zip":
        raise UnreadableFile(
            f"{path} is packed twice; nothing was kept.", ["Unpack it once, then import what is in it."]
        )
    if columns and shown not in (*_TABLES, "zip"):
        what = f"{path} is read as {FORMATS[shown].label}, which has no columns; nothing was kept."
        raise UnreadableFile(what, ["Leave --map out, or say with --format that it is a table."])
    name = response.name.removesuffix(".gz") + FORMATS[shown].suffixes[0] + packed
    (folder / response.name).rename(folder / name)
    return replace(response, name=name, format=shown, columns=tuple(columns))


def _headings(folder: Path, response: Response) -> tuple[tuple[str, str], ...]:
    """Return the headings of a table, each with the field that it is read as, or ''."""
    if response.format not in _TABLES:
        return ()
    with open_response(folder, response) as file:
        row = next((row for row in read_rows(file) if not isinstance(row, Finding)), None)
    places = choose([*row[1]], response.as_columns(), 1) if row else None
    return () if places is None or isinstance(places, Finding) else tuple(places.shown)


def _reasons(findings: Sequence[Finding]) -> list[str]:
    reasons = [str(finding) for finding in findings[:_NAMED]]
    more = [f"and {len(findings) - _NAMED} more"] if len(findings) > _NAMED else []
    return [*reasons, *more] or ["It holds no entry."]


def printable(text: str) -> str:
    """A text that can be written as UTF-8 and shown: what the terminal could not decode becomes a mark."""
    clean = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in clean).strip()


def one_line(text: str) -> str:
    """A printable text on one line."""
    return " ".join(printable(text).split())
