"""Answers of Crossref's REST API (JSON): lists of works, and single works, as saved from it by hand.

Fields: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md and https://api.crossref.org/swagger-ui/.
"""

import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from reviewkit.formats.authors import is_et_al
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import doi_in, issns_in, registrations_in, written_date, year_in
from reviewkit.formats.jats import one_line, paragraphs
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding

# The day of the issue first, as PubMed gives it; "issued" is the earliest of them.
_DATES = ("published-print", "issued", "published", "published-online", "posted", "content-created")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# Crossref's kind of update -> PubMed's words for it: where it stands with the work, and where it stands with the
# notice. https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/updates/
_UPDATES = {
    "retraction": ("RetractionIn", "RetractionOf"),
    "withdrawal": ("RetractionIn", "RetractionOf"),
    "removal": ("RetractionIn", "RetractionOf"),
    "partial_retraction": ("PartialRetractionIn", "PartialRetractionOf"),
    "expression_of_concern": ("ExpressionOfConcernIn", "ExpressionOfConcernFor"),
    "correction": ("ErratumIn", "ErratumFor"),
    "corrigendum": ("ErratumIn", "ErratumFor"),
    "erratum": ("ErratumIn", "ErratumFor"),
}
_UPDATE = ("UpdateIn", "UpdateOf")  # addendum, clarification, new_version, new_edition
_RELATIONS = {
    # a preprint and its article, as PubMed ties them
    "is-preprint-of": "UpdateIn", "has-preprint": "UpdateOf",
}  # fmt: skip


def parse_crossref_json(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read an answer: a list of works, or one work; also a bare list of works without what Crossref puts around it."""
    return json_citations(file, "message", "items", read=_citation, alone="DOI")


def _citation(work: dict[str, Any], line: int) -> Citation:
    return citation(_fields(work) | {"line": line})


def _fields(work: dict[str, Any]) -> dict[str, Any]:
    date = _date(work)
    doi = doi_in(text_of(work.get("DOI")))
    kinds = [text_of(work.get("type")), text_of(work.get("subtype"))]
    journal = one_line(_raw(work.get("container-title")))
    if not journal and kinds[0] == "posted-content":  # a preprint: bioRxiv stands where a journal would
        journal = text_of(table_of(work.get("institution")).get("name")) or text_of(work.get("group-title"))
    short = one_line(_raw(work.get("short-container-title")))
    created = text_of(table_of(work.get("created")).get("date-time"))[:10]
    return {
        "title": _title(work),
        "vernacular_title": one_line(_raw(work.get("original-title"))),
        "abstract": paragraphs(_raw(work.get("abstract"))),
        "authors": _people(work.get("author")) or _people(work.get("editor")),
        "year": year_in(date),
        "date": date,
        "journal": journal,
        "journal_abbreviation": short if short != journal else "",
        "volume": text_of(work.get("volume")),
        "issue": text_of(work.get("issue")),
        "pages": text_of(work.get("page")) or text_of(work.get("article-number")),
        "doi": doi,
        "registrations": _registrations(work),
        "issns": issns_in(" ".join(texts_of(work.get("ISSN")))),
        "language": text_of(work.get("language")),
        "types": tuple(dict.fromkeys(filter(None, kinds))),
        "subjects": texts_of(work.get("subject")),
        "publisher": text_of(work.get("publisher")),
        "url": text_of(work.get("URL")),
        "related": tuple(dict.fromkeys(_related(work, doi))),
        "added": created if _DAY.fullmatch(created) else "",
    }


def _raw(value: object) -> str:
    """Return a text with its markup, of a list the first."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) else ""


def _title(work: dict[str, Any]) -> str:
    title, subtitle = one_line(_raw(work.get("title"))), one_line(_raw(work.get("subtitle")))
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in ":?!.–—-" else f"{title}: {subtitle}"


def _people(people: object) -> tuple[str, ...]:
    """Return "Family, Given" for persons and the name of a group."""
    names = []
    for person in tables_of(people):
        family, given = text_of(person.get("family")), text_of(person.get("given"))
        parts = filter(None, (family, given, text_of(person.get("suffix")) if family else ""))
        name = ", ".join(parts) or text_of(person.get("name"))
        if name and not is_et_al(name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def _date(work: dict[str, Any]) -> str:
    for name in _DATES:
        found = table_of(work.get(name)).get("date-parts")
        parts = found[0] if isinstance(found, list) and found and isinstance(found[0], list) else found
        words = [text_of(part) for part in parts][:3] if isinstance(parts, list) else []
        if words and year_in(words[0]):
            return written_date(*words)
    return ""


def _registrations(work: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for trial in tables_of(work.get("clinical-trial-number")):
        number = text_of(trial.get("clinical-trial-number"))
        found += registrations_in(number) or ([number] if number else [])
    return tuple(dict.fromkeys(found))


def _related(work: dict[str, Any], doi: str) -> Iterable[str]:
    """Give the relations as "RetractionIn:10.1000/x", in PubMed's words.

    A publisher that replaces an article by its retraction deposits the notice under the article's own DOI: then the
    work "updates" itself, and is what was retracted.
    """
    for field, place in (("updated-by", 0), ("update-to", 1)):
        for update in tables_of(work.get(field)):
            other = doi_in(text_of(update.get("DOI")))
            kind = text_of(update.get("type")).lower().replace("-", "_").replace(" ", "_")
            itself = other.casefold() == doi.casefold()
            if other:
                yield f"{_UPDATES.get(kind, _UPDATE)[0 if itself else place]}:{other}"
    relations = table_of(work.get("relation"))
    for name, spelling in _RELATIONS.items():
        for relation in tables_of(relations.get(name)):
            if other := doi_in(text_of(relation.get("id"))):
                yield f"{spelling}:{other}"
