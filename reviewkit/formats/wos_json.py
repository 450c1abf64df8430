"""Answers of Clarivate's Web of Science Starter API (JSON); it gives no abstracts.

Fields: the document schema at https://developer.clarivate.com/apis/wos-starter.
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from reviewkit.formats.clean import clean_list
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import article_number, doi_in, issns_in, pmid_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding

_MONTHS = re.compile(r"[A-Z]{3}(?=\b)")
_YEARS = range(1000, 2200)


def parse_wos_json(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read one answer."""
    return json_citations(file, "hits", read=_citation)


def _citation(hit: dict[str, Any], line: int) -> Citation:
    source, ids = table_of(hit.get("source")), table_of(hit.get("identifiers"))
    uid = text_of(hit.get("uid"))
    base, number = uid.partition(":")[::2]
    pmid = pmid_in(text_of(ids.get("pmid"))) or (pmid_in(number) if base == "MEDLINE" else "")
    year = source.get("publishYear")
    if not isinstance(year, int) or year not in _YEARS:
        year = None
    month = _MONTHS.sub(lambda found: found.group().title(), text_of(source.get("publishMonth")))
    issue, supplement = text_of(source.get("issue")), text_of(source.get("supplement"))
    return citation(
        {
            "title": text_of(hit.get("title")),
            "authors": _authors(table_of(hit.get("names"))),
            "year": year,
            "date": month if str(year) in month else f"{year or ''} {month}".strip(),
            "journal": text_of(source.get("sourceTitle")),
            "volume": text_of(source.get("volume")),
            "issue": f"{issue} Suppl {supplement}".strip() if supplement else issue,
            "pages": _pages(source),
            "doi": doi_in(text_of(ids.get("doi"))),
            "pmid": pmid,
            "issns": issns_in(" ".join((*texts_of(ids.get("issn")), *texts_of(ids.get("eissn"))))),
            "accession": "" if base == "MEDLINE" and pmid else uid,
            "types": texts_of(hit.get("sourceTypes")) or texts_of(hit.get("types")),
            "keywords": texts_of(table_of(hit.get("keywords")).get("authorKeywords")),
            "url": text_of(table_of(hit.get("links")).get("record")),
            "line": line,
        }
    )


def _authors(names: dict[str, Any]) -> tuple[str, ...]:
    """Return the authors and groups; a book without authors is its editors'."""
    people = [name for part in ("authors", "additionalAuthors") for name in _names(names, part)]
    groups = [name for part in ("corp", "bookCorp") for name in _names(names, part)]
    return clean_list(people + groups) or clean_list([*_names(names, "bookEditors"), *_names(names, "inventors")])


def _names(names: dict[str, Any], part: str) -> list[str]:
    return [text_of(name.get("displayName")) or text_of(name.get("wosStandard")) for name in tables_of(names.get(part))]


def _pages(source: dict[str, Any]) -> str:
    pages = table_of(source.get("pages"))
    begin, end = text_of(pages.get("begin")), text_of(pages.get("end"))
    span = text_of(pages.get("range")) or (f"{begin}-{end}" if end and end != begin else begin)
    return article_number(span or text_of(source.get("articleNumber")))
