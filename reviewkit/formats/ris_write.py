"""Citations written as RIS, so that `parse_ris` reads the same back and other programs read what they can."""

import io
import re
from collections.abc import Iterable, Iterator

from reviewkit.formats.identifiers import MONTHS, written_date, year_in
from reviewkit.formats.own_fields import exactly
from reviewkit.formats.ris import parse_ris
from reviewkit.formats.ris_tags import WRITTEN_TYPES
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.ids import record_label

_WORDED = re.compile(rf"(\d{{4}})(?: ({'|'.join(MONTHS)}))(?: (\d{{1,2}}))?")


_UNPLACED = ("subjects", "status", "related", "added")
_OWN = "U4"


def to_ris(citations: Iterable[Citation]) -> Iterator[bytes]:
    """Write citations as RIS in UTF-8, entry by entry; a citation's id is its ID tag, `r12`.

    Subject headings are written as keywords. What RIS has no place for, and whatever would come back otherwise, is a
    line of JSON under U4.
    """
    for entry in exactly(citations, _UNPLACED, _entry, _read):
        yield entry.encode()


def _read(text: str) -> Iterator[Citation | Finding]:
    return parse_ris(io.BytesIO(text.encode()))


def _entry(citation: Citation, own: str, _number: int) -> str:
    return "".join(f"{line}\n" for line in _lines(citation, own))


def _lines(citation: Citation, own: str) -> Iterator[str]:
    yield f"TY  - {_kind(citation)}"
    if citation.id:
        yield f"ID  - {record_label(citation.id)}"
    for tag, text in _fields(citation):
        if text:
            yield from _tagged(tag, text)
    if own:
        yield f"{_OWN}  - {own}"
    yield "ER  - "
    yield ""


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TI", citation.title
    yield "TT", citation.vernacular_title
    yield from (("AU", name) for name in citation.authors)
    yield "PY", str(citation.year or "")
    yield "DA", _date(citation)
    yield "T2", citation.journal
    yield "J2", citation.journal_abbreviation
    yield "VL", citation.volume
    yield "IS", citation.issue
    yield from _pages(citation.pages)
    yield "DO", citation.doi
    if citation.pmid and not citation.accession:
        yield "AN", citation.pmid
        yield "DB", "PubMed"
    else:
        yield "AN", citation.accession
        yield "C5", citation.pmid
    yield "C2", citation.pmcid
    yield from (("U3", number) for number in citation.registrations)
    yield from (("SN", issn) for issn in citation.issns)
    yield "LA", citation.language
    yield from (("M3", kind) for kind in citation.types)
    yield "PB", citation.publisher
    yield "UR", citation.url
    yield "AB", citation.abstract
    yield from (("KW", word) for word in dict.fromkeys((*citation.keywords, *citation.subjects)))
    yield from (("N1", note) for note in citation.notes.split("\n"))


def _tagged(tag: str, text: str) -> Iterator[str]:
    """Write one value; a paragraph after the first follows a blank line, indented so that it never looks tagged."""
    first, *rest = text.split("\n")
    yield f"{tag}  - {first}"
    for paragraph in rest:
        yield ""
        yield f"      {paragraph}"


def _kind(citation: Citation) -> str:
    found = (WRITTEN_TYPES[kind.lower()] for kind in citation.types if kind.lower() in WRITTEN_TYPES)
    return next(found, "JOUR" if citation.journal or citation.pmid else "GEN")


def _date(citation: Citation) -> str:
    """Write RIS's YYYY/MM/DD/other; what is no plain date goes into "other" as it was reported."""
    if not citation.date or citation.date == str(citation.year):
        return ""
    worded = _WORDED.fullmatch(citation.date)
    if worded:
        year, month, day = worded.group(1), MONTHS.index(worded.group(2)) + 1, int(worded.group(3) or 0)
        if written_date(year, str(month), str(day)) == citation.date:
            return f"{year}/{month:02}/{day:02}/" if day else f"{year}/{month:02}//"
    return f"{citation.year if year_in(citation.date) and citation.year else ''}///{citation.date}"


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    first, dash, last = pages.partition("-")
    if dash and first.strip() and last.strip() and first != last and "-" not in last and " " not in pages:
        yield "SP", first
        yield "EP", last
    else:
        yield "SP", pages
