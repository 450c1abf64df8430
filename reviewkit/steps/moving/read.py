"""Other screening programs' files, read into entries: whose file it is is told from its content."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewkit.errors import UnreadableFile
from reviewkit.formats import AS_NAMED, FORMATS, covidence, describe, detect, labels, rayyan
from reviewkit.formats.headings import plain
from reviewkit.formats.identifiers import doi_in, pmid_in
from reviewkit.formats.rows import read_rows
from reviewkit.formats.zipped import members
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Entry, Tool, Vote
from reviewkit.workspace.files import read_bytes

_HEAD = 64 * 1024  # bytes by which a format is told
_TABLES = ("csv", "xlsx")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said about the files, which overrules what they show.

    `verdict`, where given, is that of every entry at `stage`: the file is a list of what was included, say.
    """

    tool: str = ""
    stage: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it was read: citations in order, and for a table the cells of each row by line."""

    name: str
    citations: tuple[Citation, ...]
    cells: Mapping[int, Cells]
    rejected: tuple[Finding, ...]
    copies: tuple[tuple[str, int], ...]  # hash of a file that holds this one -> entries before this one's there

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of a table, () for other files."""
        return tuple(next(iter(self.cells.values()), ()))

    def cell(self, line: int, *headings: str) -> str:
        """The first cell of a row that says something under one of these headings (as `plain` writes them)."""
        row = {plain(heading): cell for heading, cell in self.cells.get(line, {}).items()}
        return next((row[heading] for heading in headings if row.get(heading)), "")


@dataclass(frozen=True, slots=True)
class Reading:
    """The entries of all files, Rayyan's log where one was among them, and what could not be read.

    `files` says as what each file was read.
    """

    entries: tuple[Entry, ...]
    log: rayyan.Log
    told: Mapping[int, rayyan.Told]  # place in `entries` -> what Rayyan's notes tell
    problems: tuple[str, ...]
    files: Mapping[str, str]


def read_exports(paths: Sequence[Path], told: Told) -> Reading:
    """Read files, archives among them.

    Raises:
        NotReadable, UnreadableFile: a file cannot be read, is of no known format, or tells no decisions.
    """
    entries: list[Entry] = []
    notes: dict[int, rayyan.Told] = {}
    problems: list[str] = []
    log: dict[str, Mapping[str, rayyan.Act]] = {}
    files: dict[str, str] = {}
    for path in paths:
        for sheet in _sheets(path):
            if rayyan.is_log(sheet.headings):
                log.update(rayyan.parse_log(sheet.cells.values()))
                files[sheet.name] = "Rayyan's log"
                continue
            tool = Tool(told.tool) if told.tool else _whose(sheet, told)
            listed = _list(sheet, tool, told)
            files[sheet.name] = f"Covidence's list '{listed}'" if listed else tool.label
            problems += [str(replace(finding, file=sheet.name)) for finding in sheet.rejected]
            for entry in _entries(sheet, tool):
                if told.verdict is not None or tool is not Tool.RAYYAN:
                    entry = _with_votes(entry, sheet, listed, told)
                else:
                    try:
                        notes[len(entries)] = rayyan.parse_notes(entry.citation.notes)
                    except ValueError as error:
                        entry = replace(entry, problem=str(error))
                entries.append(entry)
    _mark_earlier_rounds(entries, notes)
    if log and not notes:
        what = "customizations_log.csv alone does not say which publications it is about."
        raise UnreadableFile(what, ["Give articles.csv of the same export too, or the .zip that holds both."])
    return Reading(tuple(entries), log, notes, tuple(problems), files)


def _mark_earlier_rounds(entries: list[Entry], notes: Mapping[int, rayyan.Told]) -> None:
    """Say of each entry of Rayyan's that has verdicts of an earlier round only, as others of its file show."""
    most: dict[str, int] = {}
    for place, told in notes.items():
        most[entries[place].file] = max(told.rounds, most.get(entries[place].file, 0))
    for place, told in notes.items():
        if told.verdicts and told.rounds < most[entries[place].file]:
            problem = (
                "its notes hold the verdicts of an earlier round in Rayyan only, other entries those of a later one"
            )
            entries[place] = replace(entries[place], problem=problem)


def _sheets(path: Path) -> Iterator[Sheet]:
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    kind = detect(content[:_HEAD])
    if kind != "zip":
        yield _sheet(path.name, kind, content, ())
        return
    before = 0
    for member in members(io.BytesIO(content)):
        if isinstance(member, Finding):
            if member.rejected:
                raise UnreadableFile(f"{path.name} cannot be read:", [str(member)])
            continue
        sheet = _sheet(f"{path.name}/{member.name}", member.format, member.file.read(), ((digest, before),))
        before += len(sheet.citations)
        yield sheet


def _sheet(name: str, kind: str, content: bytes, copies: tuple[tuple[str, int], ...]) -> Sheet:
    if kind not in FORMATS:
        known = ", ".join(made.label for made in FORMATS.values())
        raise UnreadableFile(f"{name} looks like {describe(content[:_HEAD])}.", [f"What can be read: {known}."])
    cells: dict[int, Cells] = {}
    if kind in _TABLES:
        cells = dict(row for row in read_rows(io.BytesIO(content)) if not isinstance(row, Finding))
    items = list(FORMATS[kind].parse(io.BytesIO(content), AS_NAMED))
    citations = tuple(item for item in items if isinstance(item, Citation))
    rejected = tuple(item for item in items if isinstance(item, Finding) and item.rejected)
    return Sheet(name, citations, cells, rejected, ((hashlib.sha256(content).hexdigest(), 0), *copies))


def _whose(sheet: Sheet, told: Told) -> Tool:
    notes = [citation.notes for citation in sheet.citations]
    if any(map(rayyan.is_rayyan, notes)) or any(_key(sheet, c).startswith(rayyan.KEY) for c in sheet.citations):
        return Tool.RAYYAN
    if covidence.is_covidence(sheet.headings) or covidence.is_extraction(sheet.headings):
        return Tool.COVIDENCE
    if labels.is_asreview(sheet.headings) or any(labels.is_asreview((), note) for note in notes):
        return Tool.ASREVIEW
    if labels.is_labelled(sheet.headings) or told.verdict is not None:
        return Tool.LIST
    known = (
        "Understood are exports of Rayyan (with the decisions in their notes), Covidence (one CSV a list) and "
        "ASReview, tables with a column 'included' or 'verdict', and the columns record and verdict."
    )
    listed = "If it lists publications that were all included, say, add --verdict include and --stage."
    raise UnreadableFile(f"{sheet.name} does not show what was decided.", [known, listed])


def _list(sheet: Sheet, tool: Tool, told: Told) -> str:
    """Return which of Covidence's lists a file is; '' for other files, and where one verdict is given for all."""
    if tool is not Tool.COVIDENCE or told.verdict is not None:
        return ""
    if covidence.is_extraction(sheet.headings):
        what = f"{sheet.name} is Covidence's export of extracted data, which holds no decisions."
        raise UnreadableFile(what, ["Export the references instead: in Covidence, Export, and there each list as CSV."])
    listed = covidence.list_of(sheet.name)
    if not listed:
        names = ", ".join(covidence.LISTS)
        what = f"{sheet.name} does not say in its name which of Covidence's lists it is ({names})."
        raise UnreadableFile(what, ["Give it the name back that Covidence gave it, or add --stage and --verdict."])
    return listed


def _entries(sheet: Sheet, tool: Tool) -> Iterator[Entry]:
    for position, citation in enumerate(sheet.citations):
        yield Entry(
            file=sheet.name, tool=tool, citation=citation, key=_key(sheet, citation),
            copies=tuple((digest, before + position) for digest, before in sheet.copies),
            record=sheet.cell(citation.line, "record"),
        )  # fmt: skip
    read = {citation.line for citation in sheet.citations}
    for line in sheet.cells.keys() - read:  # a table without titles may name its publications in another way
        doi, pmid = doi_in(sheet.cell(line, "doi")), pmid_in(sheet.cell(line, "pmid", "pubmedid"))
        record = sheet.cell(line, "record")
        if doi or pmid or record:
            yield Entry(file=sheet.name, tool=tool, citation=Citation(doi=doi, pmid=pmid, line=line), record=record)


def _key(sheet: Sheet, citation: Citation) -> str:
    return sheet.cell(citation.line, "key", "covidencenumber") or citation.accession


def _with_votes(entry: Entry, sheet: Sheet, listed: str, told: Told) -> Entry:
    """Return an entry with what its file says was decided on it."""
    citation = entry.citation
    if entry.tool is Tool.COVIDENCE:
        tags = sheet.cell(citation.line, "tags")
        notes = sheet.cell(citation.line, "notes") or citation.notes
        said = covidence.said_by_list(listed, tags) if listed else {}
        if told.verdict is not None:
            said = {told.stage: told.verdict}
        return replace(entry, votes=covidence.votes(said, entry.key, notes, tags))
    if told.verdict is not None:
        return replace(entry, votes=(Vote(verdict=told.verdict),))
    try:
        cells = sheet.cells.get(citation.line, {})
        return replace(entry, votes=labels.votes_of_row(cells) if cells else labels.votes_in_notes(citation.notes))
    except ValueError as error:
        return replace(entry, problem=str(error))
