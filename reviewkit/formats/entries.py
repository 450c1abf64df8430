"""The rows of a table whose columns are known, turned into citations: what both CSV and Excel need."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as day_of
from datetime import timedelta
from itertools import chain

from reviewkit.formats.authors import split_authors
from reviewkit.formats.cells import original
from reviewkit.formats.citation_line import CitationLine, parse_citation_line
from reviewkit.formats.clean import clean, clean_list, clean_paragraphs
from reviewkit.formats.columns import Places
from reviewkit.formats.headings import plain
from reviewkit.formats.identifiers import (
    MONTHS,
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
from reviewkit.formats.own_fields import restore
from reviewkit.model.citation import Citation, Finding

_DATABASES = frozenset(
    (
        "scopus", "pubmed", "crossref", "wos", "web of science", "embase", "medline", "cinahl", "psycinfo", "central",
        "cochrane", "proquest", "dimensions", "lens", "openalex", "google scholar", "europe pmc", "ieee xplore",
        "semantic scholar", "med", "pmc", "ppr",  # the last three are Europe PMC's
    )
)  # fmt: skip
_SAID_OFTEN = 5  # times that one kind of doubt is told with its row; the rest are counted
_EXCEL_ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|#{2,})")
_HYPERLINK = re.compile(r'=(?:HYPERLINK\("([^"]*)"(?:[,;]\s*"([^"]*)")?\)|"([^"]*)")', re.I)
_MONTH = "|".join(MONTHS)
_MADE_DATE = re.compile(
    rf"(?:\d{{1,2}}-(?:{_MONTH})|(?:{_MONTH})-\d\d|\d{{4}}-\d\d-\d\d|\d{{1,2}}-(?:{_MONTH})-\d{{2,4}})", re.I
)
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$")
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.0+)?")  # days since 1899-12-30: 1927 to 2091
_WHOLE = re.compile(r"(\d+)\.0+")
_EXCEL_CELL = 32_767  # characters, Excel's limit
_ITEMS = re.compile(r"[;\n]")
_QUOTED_ITEM = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
_SAYS_PMID = re.compile("MEDLINE:|PMID|http", re.I)


def entries(
    places: Places, rows: Iterable[tuple[int, list[str]] | Finding], where: str = ""
) -> Iterator[tuple[str, Citation] | Finding]:
    """Turn rows into (the row's own id, citation); a row that cannot be kept is a rejected Finding.

    Rows without text are no entries. A row with more or fewer cells than headings is kept with a doubt, and one in
    which Excel has turned pages into a date or a formula into an error as well.

    Args:
        places: the columns.
        rows: (line, cells), or what was found wrong with one.
        where: the sheet, as the beginning of messages.
    """
    width, own = len(places.headings), places.own_id
    doubts = _Doubts(where)
    row = _Row(places)
    for found in rows:
        if isinstance(found, Finding):
            yield from (found,) if found.rejected else doubts.tell(found.line, found.message)
            continue
        line, cells = found
        while len(cells) > width and not cells[-1].strip():  # separators at the end of every row are harmless
            cells.pop()
        if not any(map(str.strip, cells)):
            continue
        row.take(cells)
        made = _citation(row, line)
        for note in row.raw("own"):  # what has no column of its own, in files of reviewkit
            made = restore(made, note)
        if len(cells) != width:
            message = f"{len(cells)} cells under {width} headings; check this row"
            yield from doubts.tell(line, message, "more or fewer cells than headings")
        for message, kind in row.doubts:
            yield from doubts.tell(line, message, kind)
        placed = made.journal or made.volume or made.issue or made.pages
        if not (made.title or made.doi or made.pmid or made.pmcid or made.registrations):
            if not (made.accession and placed):
                yield Finding(f"{where}a row with neither title nor identifier", line=line, rejected=True)
                continue
            message = "a row with neither title nor identifier, kept for its number and what it says"
            yield from doubts.tell(line, message)  # its database gave it a number, so it is an entry
        yield original(cells[own].strip()) if 0 <= own < len(cells) else "", made
    yield from doubts.rest()


class _Doubts:
    """Doubts about rows: each kind is told a few times with its row, then only counted."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._told: Counter[str] = Counter()

    def tell(self, line: int, message: str, kind: str = "") -> list[Finding]:
        self._told[kind or message] += 1
        return [Finding(self._where + message, line=line)] if self._told[kind or message] <= _SAID_OFTEN else []

    def rest(self) -> list[Finding]:
        more = ((kind, times - _SAID_OFTEN) for kind, times in self._told.items() if times > _SAID_OFTEN)
        return [Finding(f"{self._where}and {times:,} more rows: {kind}") for kind, times in more]


class _Row:
    """One row, asked by field; `doubts` fills with (message, kind) while it is asked."""

    def __init__(self, places: Places) -> None:
        self._columns = [(place, field) for field, held in places.fields.items() for place in held]
        self.scholar = "gsrank" in map(plain, places.headings)  # Publish or Perish: "JE Wilson, BA Today"
        self.doubts: list[tuple[str, str]] = []
        self._said: dict[str, list[str]] = {}

    def take(self, cells: Sequence[str]) -> None:
        """Turn to the next row."""
        said: dict[str, list[str]] = {}
        self._said = said
        self.doubts = []
        for place, field in self._columns:
            if place < len(cells) and (cell := cells[place].strip()):
                if cell[0] in "'=#":
                    cell = self._unwrapped(field, cell)
                if len(cell) > 4 or present(cell):
                    if field in said:
                        said[field].append(cell)
                    else:
                        said[field] = [cell]

    def raw(self, field: str) -> Sequence[str]:
        """Every cell of a field that says something, the preferred column first."""
        return self._said.get(field, ())

    def text(self, field: str) -> str:
        """The field's text on one line, '' where it has none."""
        if field in self._said:
            for cell in self._said[field]:
                if text := clean(cell):
                    return text
        return ""

    def number(self, field: str) -> str:
        """The text of a field that Excel and its kind spoil: "12.0" is 12, and a date is doubted."""
        text = self.text(field)
        if text and not text.isdigit():
            if whole := _WHOLE.fullmatch(text):
                return whole.group(1)
            text = _MIDNIGHT.sub("", text)
            if _MADE_DATE.fullmatch(text):
                said = f"the {field.replace('_', ' ')} '{text}' may be a date that Excel made of something like '3-12'"
                self.doubt(said, f"{field.replace('_', ' ')} that may be a date made by Excel")
        return text

    def items(self, field: str) -> tuple[str, ...]:
        """The items of all the field's cells."""
        if field not in self._said:
            return ()
        return clean_list(list(chain.from_iterable(map(_parts, self._said[field]))))

    def paragraphs(self, field: str) -> str:
        """The field's text with its line breaks."""
        return next(filter(None, map(clean_paragraphs, self.raw(field))), "")

    def doubt(self, message: str, kind: str) -> None:
        """Note what is doubtful in this row."""
        self.doubts.append((message, kind))

    def _unwrapped(self, field: str, cell: str) -> str:
        if cell.startswith("="):
            if linked := _HYPERLINK.fullmatch(cell):
                return next(filter(None, linked.groups()), "")
        elif _EXCEL_ERROR.fullmatch(cell):
            self.doubt(f"Excel's error {cell[:12]} stands in place of the {field}", "Excel's error in place of a text")
            return ""
        return original(cell).strip()


def _citation(row: _Row, line: int) -> Citation:
    journal, cited = _journal(row)
    year, date = _year_and_date(row, cited)
    notes = row.paragraphs("notes")
    registration = row.raw("registration")
    url = row.text("url")
    abstracts = row.raw("abstract")
    if abstracts and len(abstracts[0]) == _EXCEL_CELL:
        row.doubt("the abstract is cut off at Excel's limit of 32,767 characters", "abstract cut off by Excel")
    pmid, pmcid = _pubmed_numbers(row, notes, url)
    return Citation(
        title=row.text("title") or row.text("vernacular_title"),
        vernacular_title=row.text("vernacular_title"),
        abstract=row.paragraphs("abstract"),
        authors=next(filter(None, (split_authors(_listed(cell), row.scholar) for cell in row.raw("authors"))), ()),
        year=year,
        date=date,
        journal=journal,
        journal_abbreviation=row.text("journal_abbreviation"),
        volume=row.number("volume") or cited.volume,
        issue=row.number("issue") or cited.issue,
        pages=_pages(row) or cited.pages,
        doi=_doi(row, url) or cited.doi,
        pmid=pmid,
        pmcid=pmcid,
        registrations=(registrations_in(" ".join(registration)) or row.items("registration")) if registration else (),
        issns=_issns([*row.raw("issn"), *row.raw("eissn")]),
        accession=row.text("accession"),
        language=row.text("language"),
        types=tuple(kind for kind in row.items("types") if len(kind) > 1),  # "J" is Web of Science's
        keywords=row.items("keywords"),
        subjects=row.items("subjects"),
        publisher=row.text("publisher"),
        url=url,
        notes=notes,
        status=row.text("status"),
        related=row.items("related"),
        added=row.text("added"),
        line=line,
    )


def _journal(row: _Row) -> tuple[str, CitationLine]:
    """Return the journal, and what a line says that holds journal, year, volume and pages in one (PubMed, Ovid)."""
    names = [name for name in map(clean, row.raw("journal")) if name.lower() not in _DATABASES]
    cited = parse_citation_line(row.text("cited"))
    for name in names:
        if ")" in name and not cited.journal and (said := parse_citation_line(name)).journal:
            names.remove(name)
            cited = said
            break
    return next(iter(names), "") or cited.journal, cited


def _year_and_date(row: _Row, cited: CitationLine) -> tuple[int | None, str]:
    date = _unserial(row, _MIDNIGHT.sub("", row.text("date")))
    said = row.text("year")
    year = year_in(said) or year_in(_unserial(row, said)) or year_in(date) or cited.year
    if date and year and date[0].isalpha() and not any(map(str.isdigit, date[-4:-2])) and not year_in(date):
        date = f"{year} {date}"  # Web of Science, EndNote: "MAR 18"
    if not date and year and (month := row.text("month")):
        date = written_date(str(year), _WHOLE.sub(r"\1", month)[:3].title(), _WHOLE.sub(r"\1", row.text("day")))
    return year, date or (cited.date if cited.year == year else "") or (str(year) if year else "")


def _unserial(row: _Row, text: str) -> str:
    """Return the day that Excel's number for it means; any other text as it is."""
    if not _SERIAL.fullmatch(text):
        return text
    day = (day_of(1899, 12, 30) + timedelta(days=int(text[:5]))).isoformat()
    row.doubt(f"the date {text} was taken as Excel's number for {day}", "Excel's number for a date")
    return day


def _pages(row: _Row) -> str:
    if pages := row.number("pages"):
        return pages.replace("--", "-")  # BibTeX's
    start, end = row.number("start"), row.number("end")
    return (f"{start}-{end}" if start and end and start != end else start) or row.number("article_number")


def _doi(row: _Row, url: str) -> str:
    cells = row.raw("doi")
    doi = next(filter(None, map(doi_in, cells)), "")
    if cells and not doi:
        row.doubt(
            f"'{clean(cells[0])[:60]}' in the column of the DOI is none, and was left out", "no DOI in its column"
        )
    return doi or (doi_in(url) if "doi.org/" in url else "")


def _pubmed_numbers(row: _Row, notes: str, url: str) -> tuple[str, str]:
    """Return PMID and PMCID: from their columns, from either's, from notes (Zotero's Extra), address and accession."""
    said_pmid, said_pmcid = labelled_ids(notes) if notes else ("", "")
    cells = row.raw("pmid")
    pmid = next(filter(None, map(pmid_in, cells)), "")
    if cells and not pmid:
        pmid = next(filter(None, map(pmid_in, re.split(r"[;,|\s]+", cells[0][:100]))), "")
    if cells and not pmid and not any("PMC" in cell.upper() for cell in cells):
        row.doubt(f"'{clean(cells[0])[:60]}' is no PMID, and was left out", "no PMID in its column")
    if not pmid and not said_pmid:
        others = (*row.raw("accession"), url)
        said_pmid = next((n for text in others if _SAYS_PMID.match(text) and (n := pmid_in(text))), "")
    pmcid = next(filter(None, map(pmcid_in, chain(row.raw("pmcid"), cells))), "")
    return pmid or said_pmid, pmcid or said_pmcid


def _issns(cells: list[str]) -> tuple[str, ...]:
    """Return the ISSNs, with the zero at the beginning that Excel took away."""
    if not cells:
        return ()
    return issns_in(" ".join(f"0{cell}" if re.fullmatch(r"\d{6}[\dXx]", cell) else cell for cell in cells))


def _listed(cell: str) -> str:
    """Return a list of names with semicolons between them, where it has bars (OpenAlex) or is one of a program's."""
    if cell[0] == "[" and cell[-1] == "]" and cell.count("'") + cell.count('"') > 1:
        return ";".join(a or b for a, b in _QUOTED_ITEM.findall(cell)) or cell
    return cell.replace("|", ";") if "|" in cell and ";" not in cell else cell


def _parts(cell: str) -> list[str]:
    return _ITEMS.split(_listed(cell))
