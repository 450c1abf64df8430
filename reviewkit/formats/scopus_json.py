"""Answers of Elsevier's Scopus Search API (JSON, views STANDARD and COMPLETE).

Fields: https://dev.elsevier.com/sc_search_views.html. The view STANDARD has the first author alone and no abstract.
"""

from collections.abc import Iterator
from typing import IO, Any

from reviewkit.formats.authors import pubmed_name
from reviewkit.formats.clean import clean_list
from reviewkit.formats.copyright_line import is_copyright
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import doi_in, iso_day, issns_in, pmid_in, registrations_in, written_date, year_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding


def parse_scopus_json(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read one answer; an empty result ("Result set was empty") holds no entry and gives nothing."""
    return json_citations(file, "search-results", "entry", read=_read)


def _read(entry: dict[str, Any], line: int) -> Citation | Finding | None:
    """Return the citation, or what Scopus says in place of one."""
    if "error" not in entry or "dc:title" in entry:
        return _citation(entry, line)
    said = text_of(entry["error"])
    if "empty" in said.lower():
        return None
    return Finding(f"Scopus answered with an error: {said}", line=line, rejected=True)


def _citation(entry: dict[str, Any], line: int) -> Citation:
    cover = text_of(entry.get("prism:coverDate"))
    year, month, day = (*cover.split("-"), "", "", "")[:3]
    kind, source = text_of(entry.get("subtypeDescription")), text_of(entry.get("prism:aggregationType"))
    said = text_of(entry.get("dc:description"))
    abstract = "" if is_copyright(said) else said
    number = text_of(entry.get("dc:identifier")).removeprefix("SCOPUS_ID:")
    issns = (*texts_of(entry.get("prism:issn")), *texts_of(entry.get("prism:eIssn")))
    return citation(
        {
            "title": text_of(entry.get("dc:title")),
            "abstract": abstract,
            "authors": _authors(entry),
            "year": year_in(year),
            # Scopus writes 1 January for what it knows the year of alone
            "date": year if (month, day) == ("01", "01") else written_date(year, month, "" if day == "01" else day),
            "journal": text_of(entry.get("prism:publicationName")),
            "volume": text_of(entry.get("prism:volume")),
            "issue": text_of(entry.get("prism:issueIdentifier")),
            "pages": text_of(entry.get("prism:pageRange")) or text_of(entry.get("article-number")),
            "doi": doi_in(text_of(entry.get("prism:doi"))),
            "pmid": pmid_in(text_of(entry.get("pubmed-id"))),
            "registrations": registrations_in(abstract),
            "issns": issns_in(" ".join(issns)),
            "accession": text_of(entry.get("eid")) or (f"2-s2.0-{number}" if number else ""),
            "types": clean_list([kind or source]),
            "keywords": clean_list(text_of(entry.get("authkeywords")).split(" | ")),
            "url": _address(entry),
            "added": iso_day(*text_of(entry.get("orig-load-date")).split("-"))
            if text_of(entry.get("orig-load-date")).count("-") == 2
            else "",
            "line": line,
        }
    )


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return all authors (view COMPLETE), or the first one, who is all that the view STANDARD gives."""
    named = []
    for author in tables_of(entry.get("author")):
        family, given = text_of(author.get("surname")), text_of(author.get("given-name"))
        initials = text_of(author.get("initials")).replace(".", "").replace(" ", "")
        if family and given.replace(".", "").replace(" ", "").replace("-", "") != initials.replace("-", ""):
            named.append(f"{family}, {given}" if given else pubmed_name(family, initials=initials))
        else:
            named.append(pubmed_name(family, initials=initials) if family else _indexed(author.get("authname")))
    groups = [text_of(group) for group in tables_of(entry.get("collaboration"))]
    return clean_list([*named, *groups]) or clean_list([_indexed(entry.get("dc:creator"))])


def _indexed(value: object) -> str:
    """Return "Doe J" for "Doe J.", as Scopus indexes names."""
    family, _, initials = text_of(value).rpartition(" ")
    return f"{family} {initials.replace('.', '')}" if family and "." in initials else text_of(value)


def _address(entry: dict[str, Any]) -> str:
    """Return the page of the record for people."""
    links = [table_of(link) for link in tables_of(entry.get("link"))]
    return next((text_of(link.get("@href")) for link in links if link.get("@ref") == "scopus"), "")
