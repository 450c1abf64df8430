"""The rows of a table whose columns are known, turned into citations: what both CSV and Excel need."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as day_of
from datetime import timedelta
from typing import Any

from reviewkit.formats.cells import original
from reviewkit.formats.citation_line import CitationLine, parse_citation_line
from reviewkit.formats.clean import clean
from reviewkit.formats.columns import Places
from reviewkit.formats.copyright_line import is_copyright
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import (
    article_number,
    doi_in,
    issns_in,
    labelled_ids,
    pmcid_in,
    pmid_in,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.own_fields import restore
from reviewkit.formats.table_row import MIDNIGHT, WHOLE, Doubts, TableRow
from reviewkit.model.citation import Citation, Finding, register_status

_DATABASES = frozenset(
    (
        "scopus", "pubmed", "crossref", "wos", "web of science", "embase", "medline", "cinahl", "psycinfo", "central",
        "cochrane", "proquest", "dimensions", "lens", "openalex", "google scholar", "europe pmc", "ieee xplore",
        "semantic scholar", "med", "pmc", "ppr",  # the last three are Europe PMC's
    )
)  # fmt: skip
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.0+)?")  # days since 1899-12-30: 1927 to 2091
_EXCEL_CELL = 32_767  # characters, Excel's limit
_AS_THEY_ARE = frozenset(
    ("vernacular_title", "journal_abbreviation", "accession", "language", "publisher", "status", "added")
)
_LISTED = frozenset(("types", "keywords", "subjects", "related"))
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
    doubts = Doubts(where)
    row = TableRow(places)
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
        if not (made.title or made.doi or made.pmid or made.pmcid or made.registrations):
            placed = made.journal or made.volume or made.issue or made.pages
            if not (made.accession and placed):
                yield Finding(f"{where}a row with neither title nor identifier", line=line, rejected=True)
                continue
            message = "a row with neither title nor identifier, kept for its number and what it says"
            yield from doubts.tell(line, message)  # its database gave it a number, so it is an entry
        yield original(cells[own].strip()) if 0 <= own < len(cells) else "", made
    yield from doubts.rest()


def _citation(row: TableRow, line: int) -> Citation:
    journal, cited = _journal(row)
    year, date = _year_and_date(row, cited)
    notes = row.paragraphs("notes")
    url = row.text("url")
    abstracts, abstract = row.raw("abstract"), row.paragraphs("abstract")
    if abstracts and len(abstracts[0]) == _EXCEL_CELL:
        row.doubt("the abstract is cut off at Excel's limit of 32,767 characters", "abstract cut off by Excel")
    pmid, pmcid = _pubmed_numbers(row, notes, url)
    made: dict[str, Any] = {
        "title": row.text("title") or row.text("vernacular_title"),
        "abstract": "" if is_copyright(abstract) else abstract,
        "authors": row.names("authors"),
        "year": year,
        "date": date,
        "journal": journal,
        "volume": row.number("volume") or cited.volume,
        "issue": row.number("issue") or cited.issue,
        "pages": _pages(row) or cited.pages,
        "doi": _doi(row, url) or cited.doi,
        "pmid": pmid,
        "pmcid": pmcid,
        "url": url,
        "notes": notes,
        "line": line,
    }
    for field in row.fields:
        if field in _AS_THEY_ARE:
            made[field] = row.text(field)
        elif field in _LISTED:
            made[field] = row.items(field)
    if "types" in made:
        made["types"] = tuple(kind for kind in made["types"] if len(kind) > 1)  # "J" is Web of Science's
    if posted := row.text("results"):
        made["status"] = register_status(made.get("status", ""), posted=posted)
    if registration := row.raw("registration"):
        made["registrations"] = registrations_in(" ".join(registration)) or row.items("registration")
    if issns := (*row.raw("issn"), *row.raw("eissn")):
        made["issns"] = _issns(issns)
    return citation(made)


def _journal(row: TableRow) -> tuple[str, CitationLine]:
    """Return the journal, and what a line says that holds journal, year, volume and pages in one (PubMed, Ovid)."""
    names = [name for name in row.texts("journal") if name.lower() not in _DATABASES]
    cited = parse_citation_line(row.text("cited"))
    for name in names:
        if ")" in name and not cited.journal and (said := parse_citation_line(name)).journal:
            names.remove(name)
            cited = said
            break
    return next(iter(names), "") or cited.journal, cited


def _year_and_date(row: TableRow, cited: CitationLine) -> tuple[int | None, str]:
    if date := row.text("date"):
        date = _unserial(row, MIDNIGHT.sub("", date))
    said = row.text("year")
    year = year_in(said) or year_in(_unserial(row, said)) or year_in(date) or cited.year
    if date and year and date[0].isalpha() and not any(map(str.isdigit, date[-4:-2])) and not year_in(date):
        date = f"{year} {date}"  # Web of Science, EndNote: "MAR 18"
    if not date and year and (month := row.text("month")):
        date = written_date(str(year), WHOLE.sub(r"\1", month)[:3].title(), WHOLE.sub(r"\1", row.text("day")))
    return year, date or (cited.date if cited.year == year else "") or (str(year) if year else "")


def _unserial(row: TableRow, text: str) -> str:
    """Return the day that Excel's number for it means; any other text as it is."""
    if not _SERIAL.fullmatch(text):
        return text
    day = (day_of(1899, 12, 30) + timedelta(days=int(text[:5]))).isoformat()
    row.doubt(f"the date {text} was taken as Excel's number for {day}", "Excel's number for a date")
    return day


def _pages(row: TableRow) -> str:
    if pages := row.number("pages"):
        return pages.replace("--", "-")  # BibTeX's
    start, end = row.number("start"), row.number("end")
    if start:
        return f"{start}-{end}" if end and start != end else start
    return article_number(row.number("article_number"))


def _doi(row: TableRow, url: str) -> str:
    cells = row.raw("doi")
    doi = next(filter(None, map(doi_in, cells)), "") if cells else ""
    if cells and not doi:
        row.doubt(
            f"'{clean(cells[0])[:60]}' in the column of the DOI is none, and was left out", "no DOI in its column"
        )
    return doi or (doi_in(url) if "doi.org/" in url else "")


def _pubmed_numbers(row: TableRow, notes: str, url: str) -> tuple[str, str]:
    """Return PMID and PMCID: from their columns, from either's, from notes (Zotero's Extra), address and accession."""
    said_pmid, said_pmcid = labelled_ids(notes) if notes else ("", "")
    pmid = pmcid = ""
    if cells := row.raw("pmid"):
        pmid = next(filter(None, map(pmid_in, cells)), "")
        if not pmid:
            pmid = next(filter(None, map(pmid_in, re.split(r"[;,|\s]+", cells[0][:100]))), "")
        if not pmid and not any("PMC" in cell.upper() for cell in cells):
            row.doubt(f"'{clean(cells[0])[:60]}' is no PMID, and was left out", "no PMID in its column")
    if not pmid and not said_pmid:
        for text in (*row.raw("accession"), url):
            if _SAYS_PMID.match(text) and (said_pmid := pmid_in(text)):
                break
    if numbers := (*row.raw("pmcid"), *cells):
        pmcid = next(filter(None, map(pmcid_in, numbers)), "")
    return pmid or said_pmid, pmcid or said_pmcid


def _issns(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the ISSNs, with the zero at the beginning that Excel took away."""
    return issns_in(" ".join(f"0{cell}" if re.fullmatch(r"\d{6}[\dXx]", cell) else cell for cell in cells))
