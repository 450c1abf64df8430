"""CSV tables of citations, whatever program wrote them: separator, headings and quoting are told from the content."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import IO

from reviewkit.formats.authors import split_authors
from reviewkit.formats.cells import original
from reviewkit.formats.clean import clean, clean_list, clean_paragraphs
from reviewkit.formats.headings import EXPECTED, columns, plain
from reviewkit.formats.identifiers import (
    doi_in,
    issns_in,
    labelled_ids,
    pmcid_in,
    pmid_in,
    present,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.lines import Lines
from reviewkit.model.citation import Citation, Finding

_SEPARATORS = ",;\t|"
_OWN_IDS = ("id", "recordid", "recid", "key", "identifier", "uid")
_PREFACE = 10  # lines before the headings that are looked through: "sep=;", a report's name, a search date
_DATABASES = frozenset(("scopus", "pubmed", "crossref", "wos", "embase", "medline", "google scholar"))
_LONGEST_CELL = 10_000_000  # Python's own limit of 131,072 characters is shorter than some exported full texts


def parse_csv(file: IO[bytes], columns: Mapping[str, str] = MappingProxyType({})) -> Iterator[Citation | Finding]:
    """Read a table with a heading row; each row that is not blank is an entry.

    A row with more or fewer cells than headings is kept with a doubt. Without a heading for the title the whole
    table is one rejected Finding that names the headings found.
    """
    for found in parse_csv_with_ids(file, columns):
        yield found if isinstance(found, Finding) else found[1]


def csv_rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str]] | Finding]:
    """Read a table as (line, heading -> cell)."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    lines = Lines(file)
    numbered = iter(lines)
    preface = [line for line, _ in zip(numbered, range(_PREFACE), strict=False)]
    start, separator = _heading_row([text for _, text in preface])
    if start < 0:
        start = next((place for place, (_, text) in enumerate(preface) if text.strip()), 0)
        separator = max(_SEPARATORS, key=preface[start][1].count) if preface else ","
    headings: list[str] = []
    for line, row in _Rows([*preface[start:]], numbered, separator) if preface else ():
        if isinstance(row, str):
            yield Finding(f"this row cannot be read: {row}", line=line, rejected=True)
        elif not headings:
            headings = [clean(cell) for cell in row]
        elif any(cell.strip() for cell in row):
            yield line, {h: original(c.strip()) for h, c in zip(headings, row, strict=False) if h}
    yield from lines.doubts


def parse_csv_with_ids(
    file: IO[bytes],
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, Citation] | Finding]:
    """Read a table like `parse_csv`, each citation with the id that its own row has.

    That id is the raw text of the column headed `id`, or else of the first one headed `record id`, `rec id`, `key`,
    `identifier` or `uid`; '' where the table has none.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    lines = Lines(file)
    numbered = iter(lines)
    preface: list[tuple[int, str]] = []
    for number, text in numbered:
        preface.append((number, text))
        if len(preface) > _PREFACE or (text.strip() and "title" in _fields(text)):
            break
    start, separator = _heading_row([text for _, text in preface])
    if not preface or start < 0:
        yield _no_headings([text for _, text in preface])
        return
    if skipped := [text for _, text in preface[:start] if text.strip() and not text.lower().startswith("sep=")]:
        yield Finding(f"the lines before the headings were passed over: {clean(' / '.join(skipped))[:200]}", line=1)
    rows = _Rows([*preface[start:]], numbered, separator)
    yield from _entries(rows)
    yield from lines.doubts


def looks_like_table(text: str) -> bool:
    """True when the beginning of a file is a table, with headings that are known or at least regular columns."""
    lines = [line for line in text.split("\n")[: _PREFACE + 1] if line.strip()]
    if _heading_row(lines)[0] >= 0:
        return True
    first = lines[:3]
    regular = (
        any(s in first[0] and len({line.count(s) for line in first}) == 1 for s in _SEPARATORS) if lines else False
    )
    return (regular and len(first) > 1) or any(len(_fields(line)) > 1 for line in lines)


class _Rows:
    """The rows of a table as (first line, cells); `unclosed` when the last one ends inside a quoted cell."""

    def __init__(self, first: list[tuple[int, str]], rest: Iterator[tuple[int, str]], separator: str) -> None:
        self.unclosed = False
        self._ended = False
        self._line = first[0][0]
        self._read = first[0][0] - 1
        self._reader = csv.reader(self._texts(first, rest), delimiter=separator)

    def _texts(self, first: list[tuple[int, str]], rest: Iterator[tuple[int, str]]) -> Iterator[str]:
        for lines in (first, rest):
            for number, text in lines:
                self._read = number
                yield text + "\n"
        self._ended = True

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            begins = self._read + 1
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield begins, str(error)
                continue
            self.unclosed = self._ended
            yield begins, row


def _entries(rows: _Rows) -> Iterator[tuple[str, Citation] | Finding]:
    places: dict[str, list[int]] = {}
    own = -1
    width = 0
    scholar = False
    for line, row in rows:
        if isinstance(row, str):
            yield Finding(f"this row cannot be read: {row}", line=line, rejected=True)
        elif rows.unclosed:
            message = 'a quotation mark (") opened in this row is never closed, so the rest of the file is one cell'
            yield Finding(message, line=line, rejected=True)
        elif not places:
            width, places = len(row), columns([original(clean(cell)) for cell in row])
            own = _own_id([plain(cell) for cell in row])
            scholar = "gsrank" in map(plain, row)  # Publish or Perish: "JE Wilson, BA Today"
        elif any(cell.strip() for cell in row):
            while len(row) > width and not row[-1].strip():  # separators at the end of every row are harmless
                row.pop()
            if len(row) != width:
                yield Finding(f"{len(row)} cells under {width} headings; check this row", line=line)
            made = _citation(_Row(row, places), line, scholar)
            if made.title or made.doi or made.pmid or made.pmcid or made.registrations:
                yield original(row[own].strip()) if 0 <= own < len(row) else "", made
            else:
                yield Finding("a row with neither title nor identifier", line=line, rejected=True)


def _own_id(headings: list[str]) -> int:
    return next((headings.index(name) for name in _OWN_IDS if name in headings), -1)


class _Row:
    """One row, asked by field."""

    def __init__(self, cells: Sequence[str], places: dict[str, list[int]]) -> None:
        self._cells = cells
        self._places = places

    def raw(self, field: str) -> list[str]:
        """Every cell of a field that says something, the preferred column first."""
        found = (self._cells[place] for place in self._places.get(field, ()) if place < len(self._cells))
        return [cell for cell in (present(original(cell.strip())) for cell in found) if cell.strip()]

    def text(self, field: str) -> str:
        """The field's text on one line, '' where it has none."""
        return next(filter(None, map(clean, self.raw(field))), "")

    def items(self, field: str, marks: str = r"[;\n]") -> tuple[str, ...]:
        """The items of all the field's cells."""
        return clean_list([item for cell in self.raw(field) for item in re.split(marks, cell)])


def _citation(row: _Row, line: int, scholar: bool) -> Citation:
    title = row.text("title")
    date = row.text("date")
    year = year_in(row.text("year")) or year_in(date)
    if not date and row.text("month") and year:
        date = written_date(str(year), row.text("month")[:3].title(), row.text("day"))
    registration = row.raw("registration")
    notes = next(filter(None, map(clean_paragraphs, row.raw("notes"))), "")
    said_pmid, said_pmcid = labelled_ids(notes)  # Zotero's Extra
    journals = [journal for journal in map(clean, row.raw("journal")) if journal.lower() not in _DATABASES]
    return Citation(
        title=title,
        vernacular_title=row.text("vernacular_title"),
        abstract=next(filter(None, map(clean_paragraphs, row.raw("abstract"))), ""),
        authors=next(filter(None, (split_authors(cell, scholar) for cell in row.raw("authors"))), ()),
        year=year,
        date=date or (str(year) if year else ""),
        journal=next(iter(journals), ""),
        journal_abbreviation=row.text("journal_abbreviation"),
        volume=row.text("volume"),
        issue=row.text("issue"),
        pages=_pages(row),
        doi=doi_in(row.text("doi")),
        pmid=pmid_in(row.text("pmid")) or said_pmid,
        pmcid=pmcid_in(row.text("pmcid")) or said_pmcid,
        registrations=registrations_in(" ".join(registration)) or row.items("registration"),
        issns=issns_in(" ".join((*row.raw("issn"), *row.raw("eissn")))),
        accession=row.text("accession"),
        language=row.text("language"),
        types=row.items("types"),
        keywords=row.items("keywords"),
        subjects=row.items("subjects"),
        publisher=row.text("publisher"),
        url=row.text("url"),
        notes=notes,
        line=line,
    )


def _pages(row: _Row) -> str:
    start, end = row.text("start"), row.text("end")
    both = f"{start}-{end}" if start and end and start != end else start
    return row.text("pages") or both or row.text("article_number")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _fields(line: str) -> dict[str, list[int]]:
    """Return the fields that a line names as a heading row, with the separator that makes most of them."""
    return max((columns(_cells(line, separator)) for separator in _SEPARATORS), key=len)


def _heading_row(lines: Sequence[str]) -> tuple[int, str]:
    """Return the place of the first line that has a heading for the title, and its separator; -1 when none has."""
    for place, line in enumerate(lines):
        best = max(_SEPARATORS, key=lambda separator: len(columns(_cells(line, separator))))
        if "title" in columns(_cells(line, best)):
            return place, best
    return -1, ","


def _no_headings(lines: Sequence[str]) -> Finding:
    first = next((line for line in lines if line.strip() and not line.lower().startswith("sep=")), "")
    if not first:
        return Finding("the table is empty", line=1, rejected=True)
    best = max(_SEPARATORS, key=lambda separator: len(_cells(first, separator)))
    found = ", ".join(clean(cell) for cell in _cells(first, best)[:30])[:300]
    message = f"no column is headed 'title'. Headings found: {found}. Headings that are understood: {EXPECTED}"
    return Finding(message, line=1 + list(lines).index(first), rejected=True)
