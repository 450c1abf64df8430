"""A file of records of which it is known whether they were included: read where it lies, for simulation."""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from reviewkit.errors import AmbiguousIds, NothingToSimulate, UnreadableFile
from reviewkit.formats import AS_NAMED, FORMATS, advise, describe, detect, labels
from reviewkit.formats.clean import clean
from reviewkit.formats.columns import columns
from reviewkit.formats.headings import OWN_IDS, plain
from reviewkit.formats.identifiers import year_in
from reviewkit.formats.rows import read_rows
from reviewkit.model.citation import Finding
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Vote
from reviewkit.workspace.files import read_bytes

_GZIP = b"\x1f\x8b"
_HEAD = 64 * 1024  # bytes by which a format is told
_TABLES = ("csv", "xlsx")
_IDS = (*OWN_IDS, "openalex id")
_SHOWN = 10  # rows named when none of them could be used


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """One record: its id in the file, what a reviewer sees of it, and whether it was included."""

    id: str
    title: str
    abstract: str
    year: int | None
    included: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """The records of one file in its order, and what could not be used."""

    name: str
    records: tuple[LabelledRecord, ...]
    findings: tuple[Finding, ...]

    @property
    def included(self) -> int:
        """How many are labelled as included."""
        return sum(record.included for record in self.records)


def read_labelled(path: Path) -> Labelled:
    """Read a table (CSV, Excel, also packed with gzip) with a label on each row, or RIS as ASReview writes it.

    A maybe counts as included, since it goes on to the full text. Rows without a label are left out, with a finding.

    Raises:
        NotReadable, UnreadableFile, AmbiguousIds: the file cannot be read.
        NothingToSimulate: it does not hold both included and excluded records.
    """
    content = _unpacked(path, read_bytes(path))
    kind = detect(content[:_HEAD])
    if not kind:
        known = ", ".join(made.label for made in FORMATS.values())
        what = f"{path.name} looks like {describe(content[:_HEAD])}, which cannot be read."
        raise UnreadableFile(what, [advise(content[:_HEAD], known)])
    found = _rows_of_table(path, content) if kind in _TABLES else _entries(kind, content)
    records: list[LabelledRecord] = []
    findings: list[Finding] = []
    for item in found:
        if isinstance(item, Finding):
            findings.append(item)
            continue
        record, line = item
        if record is None:
            findings.append(Finding("it has no label and is left out", line=line))
        else:
            records.append(record)
    both = {record.included for record in records}
    if len(both) < 2:
        some = [str(finding) for finding in findings[:_SHOWN]]
        missing = "records" if not both else "excluded records" if True in both else "included records"
        raise NothingToSimulate(
            f"{path.name} holds no {missing} with a label, so there is nothing to learn from.", some
        )
    return Labelled(path.name, tuple(records), tuple(findings))


_Row = tuple[LabelledRecord | None, int]  # None where there is no label, and the line


def _rows_of_table(path: Path, content: bytes) -> Iterator[_Row | Finding]:
    """Read every row, also one that has nothing but a label: whoever screened it had to look at it too."""
    rows = []
    for row in read_rows(io.BytesIO(content)):
        if not isinstance(row, Finding):
            rows.append(row)
        elif row.rejected:
            yield row
    headings = list(dict.fromkeys(chain.from_iterable(cells for _, cells in rows)))
    if not labels.is_labelled(headings):
        what = f"{path.name} has no column that says what was included."
        raise UnreadableFile(what, ["Add a column 'included' or 'label' with 1 for included and 0 for excluded."])
    places = {field: [headings[place] for place in found] for field, found in columns(headings).items()}
    named = {plain(heading): heading for heading in reversed(headings)}
    id_heading = next((named[plain(name)] for name in _IDS if plain(name) in named), "")

    def said(cells: Mapping[str, str], field: str) -> str:
        return next((clean(cells[heading]) for heading in places.get(field, ()) if cells.get(heading)), "")

    seen: dict[str, int] = {}
    for number, (line, cells) in enumerate(rows, start=1):
        own_id = cells.get(id_heading, "") if id_heading else str(number)
        if not own_id or own_id in seen:
            reason = f"has the id '{own_id}' of the row in line {seen[own_id]}" if own_id else "has no id"
            raise AmbiguousIds(file=path.name, line=line, reason=reason)
        seen[own_id] = line
        try:
            votes = labels.votes_of_row(cells)
        except ValueError as error:
            yield Finding(str(error), line=line, rejected=True)
            continue
        year = year_in(said(cells, "year")) or year_in(said(cells, "date"))
        yield _record(own_id, said(cells, "title"), said(cells, "abstract"), year, votes), line


def _entries(kind: str, content: bytes) -> Iterator[_Row | Finding]:
    """Read entries whose label stands in their notes, numbered from 1 as they come."""
    number = 0
    for item in FORMATS[kind].parse(io.BytesIO(content), AS_NAMED):
        if isinstance(item, Finding):
            if item.rejected:
                yield item
            continue
        number += 1
        try:
            votes = labels.votes_in_notes(item.notes)
        except ValueError as error:
            yield Finding(str(error), line=item.line, rejected=True)
            continue
        yield _record(str(number), item.title, item.abstract, item.year, votes), item.line


def _record(id: str, title: str, abstract: str, year: int | None, votes: Sequence[Vote]) -> LabelledRecord | None:
    if not votes:
        return None
    return LabelledRecord(id, title, abstract, year, votes[0].verdict is not Verdict.EXCLUDE)


def _unpacked(path: Path, content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(f"{path.name} is damaged ({error}).", ["Download it or copy it again."]) from error
