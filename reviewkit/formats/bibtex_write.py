"""Citations written as BibTeX, so that `parse_bibtex` reads the same back and LaTeX prints what was meant."""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

from reviewkit.formats.bibtex import parse_bibtex
from reviewkit.formats.bibtex_fields import JOURNAL_OF, PUBLISHER_OF, WRITTEN_KINDS
from reviewkit.formats.bibtex_names import write_name
from reviewkit.formats.identifiers import MONTHS
from reviewkit.formats.latex import encode, encode_address
from reviewkit.formats.own_fields import SIGN, exactly
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.ids import record_label
from reviewkit.model.represent import family_name

_DATE = re.compile(rf"(\d{{4}}) ({'|'.join(MONTHS)})(?: ([1-9]\d?))?")
_PAGES = re.compile(r"(\w+)-(\w+)")


def to_bibtex(citations: Iterable[Citation]) -> Iterator[bytes]:
    """Write citations as BibTeX in UTF-8, entry by entry; a record's id is the end of its key, `Wilson2024-r12`.

    Fields that BibTeX does not know have keys of their own (`subject-headings`, `pubmed-status`, `related-reports`,
    `added-to-database`); whatever would come back otherwise is in the key `reviewkit`.
    """
    for entry in exactly(citations, (), _entry, _read):
        yield entry.encode()


def _read(text: str) -> Iterator[Citation | Finding]:
    return parse_bibtex(io.BytesIO(text.encode()))


def _key(citation: Citation, number: int) -> str:
    """Return a key that is unique in the file and that every program takes."""
    name = unicodedata.normalize("NFKD", family_name(citation.first_author))
    plain = re.sub(r"[^A-Za-z]", "", name)[:30] or "entry"
    return f"{plain}{citation.year or ''}-{record_label(citation.id) if citation.id else number}"


def _entry(citation: Citation, own: str, number: int) -> str:
    kind = _kind(citation)
    lines = [f"@{kind}{{{_key(citation, number)}"]
    for name, value in _fields(citation, kind):
        if value:
            lines.append(f"  {name} = {value}")
    if own:
        lines.append(f"  reviewkit = {{{own.removeprefix(SIGN)}}}")
    return ",\n".join(lines) + "\n}\n\n"


def _kind(citation: Citation) -> str:
    found = (WRITTEN_KINDS[kind.lower()] for kind in citation.types if kind.lower() in WRITTEN_KINDS)
    return next(found, "article" if citation.journal or citation.pmid else "misc")


def _fields(citation: Citation, kind: str) -> Iterator[tuple[str, str]]:
    yield "title", _held(_held(encode(citation.title)))  # twice: or BibTeX would write RNA small
    yield "origtitle", _held(encode(citation.vernacular_title))
    yield "author", _held(" and ".join(map(write_name, citation.authors)))
    yield "year", _held(str(citation.year or ""))
    if (date := _DATE.fullmatch(citation.date)) and date[1] == str(citation.year):
        yield "month", date[2].lower()
        yield "day", _held(date[3] or "")
    yield JOURNAL_OF.get(kind, "journal"), _held(encode(citation.journal))
    yield "shortjournal", _held(encode(citation.journal_abbreviation))
    yield "volume", _held(encode(citation.volume))
    yield "number", _held(encode(citation.issue))
    yield "pages", _held(encode_address(_PAGES.sub(r"\1--\2", citation.pages)))
    yield "doi", _held(encode_address(citation.doi))
    yield "pmid", _held(citation.pmid)
    yield "pmcid", _held(citation.pmcid)
    yield "registration", _listed(citation.registrations)
    yield "issn", _held(", ".join(citation.issns))
    yield "accession", _held(encode_address(citation.accession))
    yield "language", _held(encode(citation.language))
    yield "document_type", _listed(citation.types)
    yield PUBLISHER_OF.get(kind, "publisher"), _held(encode(citation.publisher))
    yield "url", _held(encode_address(citation.url))
    yield "keywords", _listed(citation.keywords)
    yield "subject-headings", _listed(citation.subjects)
    yield "pubmed-status", _held(encode(citation.status))
    yield "related-reports", _listed(citation.related)
    yield "added-to-database", _held(encode(citation.added))
    yield "abstract", _paragraphs(citation.abstract)
    yield "note", _paragraphs(citation.notes)


def _held(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _paragraphs(text: str) -> str:
    return _held("\n\n".join(map(encode, text.split("\n"))))


def _listed(items: tuple[str, ...]) -> str:
    """Write a list parted by semicolons; an item that holds one is held together by braces."""
    written = [_held(encode(item)) if ";" in item or "," in item else encode(item) for item in items]
    return _held("; ".join(written) + (";" if len(written) == 1 and written[0].startswith("{") else ""))
