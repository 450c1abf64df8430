"""Citations written as EndNote XML, so that `parse_endnote_xml` reads the same back and EndNote fills its fields."""

import io
import re
from collections.abc import Iterable, Iterator
from html import escape

from reviewkit.formats.endnote_xml import parse_endnote_xml
from reviewkit.formats.identifiers import registrations_in
from reviewkit.formats.own_fields import exactly
from reviewkit.model.citation import Citation, Finding

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
_TAIL = "</records></xml>\n"
_UNPLACED = ("subjects", "status", "related", "added")
_JOURNAL_ARTICLE, _GENERIC = ("Journal Article", 17), ("Generic", 13)

# Citation.types -> EndNote's reference type and its number; other types are journal articles, or generic without one.
_KINDS: dict[str, tuple[str, int]] = {
    "book": ("Book", 6), "books": ("Book", 6), "edited book": ("Edited Book", 28), "book chapter": ("Book Section", 5),
    "conference proceedings": ("Conference Proceedings", 10), "conference paper": ("Conference Paper", 47),
    "thesis": ("Thesis", 32), "dissertation": ("Thesis", 32), "academic dissertation": ("Thesis", 32),
    "report": ("Report", 27), "technical report": ("Report", 27), "dataset": ("Dataset", 59),
    "web page": ("Web Page", 12), "preprint": ("Unpublished Work", 34), "unpublished work": ("Unpublished Work", 34),
    "patent": ("Patent", 25), "newspaper article": ("Newspaper Article", 23),
}  # fmt: skip


def to_endnote_xml(citations: Iterable[Citation]) -> Iterator[bytes]:
    """Write citations as EndNote XML in UTF-8, record by record.

    PMCID is EndNote's custom2, registration numbers are custom4. Subject headings are written as keywords. What EndNote
    has no place for, and whatever would come back otherwise, is a line of JSON in custom5.
    """
    yield _HEAD.encode()
    for record in exactly(citations, _UNPLACED, _record, _read):
        yield record.encode()
    yield _TAIL.encode()


def _read(text: str) -> Iterator[Citation | Finding]:
    return parse_endnote_xml(io.BytesIO(f"{_HEAD}{text}{_TAIL}".encode()))


def _record(citation: Citation, own: str, number: int) -> str:
    name, kind = _kind(citation)
    parts = [f"<record><rec-number>{citation.id or number}</rec-number>"]
    parts.append(f'<ref-type name="{escape(name)}">{kind}</ref-type>')
    authors = "".join(_element("author", name) for name in citation.authors)
    if authors:
        parts.append(f"<contributors><authors>{authors}</authors></contributors>")
    journal, short = citation.journal, citation.journal_abbreviation
    titles = (("title", citation.title), ("secondary-title", journal), ("translated-title", citation.vernacular_title))
    parts.append(f"<titles>{''.join(_element(*title) for title in titles)}</titles>")
    if journal or short:
        parts.append(f"<periodical>{_element('full-title', journal)}{_element('abbr-1', short)}</periodical>")
    parts += [_element(*field) for field in _fields(citation)]
    keywords = dict.fromkeys((*citation.keywords, *citation.subjects))
    if keywords:
        parts.append(f"<keywords>{''.join(_element('keyword', word) for word in keywords)}</keywords>")
    year = str(citation.year or "")
    date = re.sub(rf"^{year} (?!.*\d{{4}})", "", citation.date) if year else citation.date
    if year or date:
        day = f"<pub-dates>{_element('date', date)}</pub-dates>" if date != year else ""
        parts.append(f"<dates>{_element('year', year)}{day}</dates>")
    if citation.url:
        parts.append(f"<urls><related-urls>{_element('url', citation.url)}</related-urls></urls>")
    parts.append(_element("custom5", own))
    return "".join(parts) + "</record>\n"


def _kind(citation: Citation) -> tuple[str, int]:
    found = (_KINDS[kind.lower()] for kind in citation.types if kind.lower() in _KINDS)
    return next(found, _JOURNAL_ARTICLE if citation.journal or citation.pmid else _GENERIC)


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "pages", citation.pages
    yield "volume", citation.volume
    yield "number", citation.issue
    yield "publisher", citation.publisher
    yield "isbn", "\n".join(citation.issns)
    yield "abstract", citation.abstract
    yield "notes", citation.notes
    yield "language", citation.language
    yield "work-type", "\n".join(citation.types)
    yield "electronic-resource-num", citation.doi
    if citation.pmid and not citation.accession:
        yield "accession-num", citation.pmid
        yield "remote-database-name", "PubMed"
    else:
        yield "accession-num", citation.accession
        yield "custom3", f"PMID: {citation.pmid}" if citation.pmid else ""
    yield "custom2", citation.pmcid
    yield "custom4", "; ".join(number for number in citation.registrations if registrations_in(number))


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False).replace(chr(10), '&#xD;')}</{name}>" if text else ""
