"""Answers of Elsevier's Embase API (JSON): /content/embase/article.

The interface is described at https://dev.elsevier.com/documentation/EmbaseAPI.wadl; identifiers, title, abstract and
authors stand where clients in public repositories find them. No public description says where the source and the
descriptors stand, so these are looked for by the names of their fields, wherever in the head of the record they are.
"""

from collections.abc import Iterator
from typing import IO, Any

from reviewkit.formats.authors import pubmed_name
from reviewkit.formats.clean import clean_list, join_paragraphs
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import article_number, doi_in, issns_in, pmid_in, registrations_in, year_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding

_DEEP = 6  # objects within objects that a field is looked for in


def parse_embase_json(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read one answer."""
    return json_citations(file, "results", read=_citation)


def _citation(result: dict[str, Any], line: int) -> Citation:
    head, source = table_of(result.get("head")), table_of(table_of(result.get("head")).get("source"))
    ids = table_of(table_of(result.get("itemInfo")).get("itemIdList"))
    title, vernacular = _titles(table_of(head.get("citationTitle")))
    abstract = _abstract(table_of(head.get("abstracts")))
    date = _date(source)
    first, last = _text(source, "firstpage", "first", "startpage"), _text(source, "lastpage", "last", "endpage")
    pages = (f"{first}-{last}" if first and last and last != first else first) or _text(source, "pages", "pagerange")
    about = table_of(head.get("citationInfo"))
    return citation(
        {
            "title": title,
            "vernacular_title": vernacular,
            "abstract": abstract,
            "authors": _authors(table_of(head.get("authorList"))),
            "year": year_in(_text(source, "publicationyear", "year")) or year_in(date),
            "date": date,
            "journal": _text(source, "sourcetitle", "title"),
            "journal_abbreviation": _text(source, "sourcetitleabbrev", "abbreviatedsourcetitle"),
            "volume": _text(source, "volume", "vol"),
            "issue": _text(source, "issue", "iss"),
            "pages": pages or article_number(_text(source, "articlenumber")),
            "doi": doi_in(text_of(ids.get("doi"))),
            "pmid": pmid_in(text_of(ids.get("medl"))),
            "registrations": registrations_in(f"{abstract} {' '.join(_all(head, 'clinicaltrialnumber'))}"),
            "issns": issns_in(" ".join(_all(source, "issn", "eissn"))),
            "accession": text_of(ids.get("lui")) or text_of(ids.get("pui")) or text_of(ids.get("embase")),
            "language": _text(about, "citationlanguage", "language"),
            "types": clean_list(list(_all(about, "citationtype", "publicationtype"))),
            "keywords": clean_list(list(_all(about, "authorkeyword", "authorkeywords", "keyword"))),
            "subjects": clean_list(list(_all(table_of(head.get("enhancement")), "mainterm", "descriptor"))),
            "publisher": _text(source, "publishername"),
            "line": line,
        }
    )


def _titles(said: dict[str, Any]) -> tuple[str, str]:
    """Return the English title and, where there is one, the one in the language of the article."""
    texts = tables_of(said.get("titleText"))
    titles = [(text_of(text.get("lang")).lower(), text_of(text.get("ttltext"))) for text in texts]
    english = next((title for language, title in titles if title and language[:2] in ("en", "")), "")
    title = english or next((title for _, title in titles if title), "")
    return title, next((other for _, other in titles if other and other != title), "")


def _abstract(said: dict[str, Any]) -> str:
    """Return the English abstract, else the first; a paragraph a line."""
    abstracts = tables_of(said.get("abstracts"))
    english = [each for each in abstracts if text_of(each.get("lang")).lower()[:2] in ("en", "")]
    chosen = (english or abstracts or [{}])[0].get("paras")
    return join_paragraphs([text_of(part) for part in (chosen if isinstance(chosen, list) else [chosen])])


def _authors(said: dict[str, Any]) -> tuple[str, ...]:
    names = []
    for author in tables_of(said.get("authors")):
        family, given = text_of(author.get("surname")), text_of(author.get("givenName"))
        initials = text_of(author.get("initials")).replace(".", "").replace(" ", "")
        full = f"{family}, {given}" if family and given else pubmed_name(family, initials=initials)
        names.append(full or text_of(author.get("indexedName")))
    groups = [_text(group, "text", "name", "indexedname") for group in tables_of(said.get("collaborations"))]
    return clean_list([*names, *groups])


def _date(source: dict[str, Any]) -> str:
    """Return the date as it is written; out of parts, "2020 Mar 8" as parts are met: year, month, day."""
    found = _seek(source, frozenset(("publicationdate", "dateofpublication")), _DEEP)
    for value in found:
        if isinstance(value, dict):
            return " ".join(filter(None, (_text(value, part) for part in ("year", "month", "day"))))
        if written := text_of(value):
            return written
    return ""


def _text(where: dict[str, Any], *names: str) -> str:
    """Return the first text that stands under one of these names, the earlier names before the later."""
    return next((text for name in names for text in _all(where, name)), "")


def _all(where: object, *names: str) -> Iterator[str]:
    for value in _seek(where, frozenset(names), _DEEP):
        yield from texts_of(value)


def _seek(where: object, names: frozenset[str], deep: int) -> Iterator[object]:
    """Give what stands under these names, however they are written ("sourceTitle", "source-title", "@volume")."""
    if isinstance(where, list):
        for item in where:
            yield from _seek(item, names, deep - 1) if deep else ()
    elif isinstance(where, dict):
        for key, value in where.items():
            if "".join(filter(str.isalpha, key)).lower() in names:
                yield value
            if deep and isinstance(value, dict | list):
                yield from _seek(value, names, deep - 1)
