"""Europe PMC's answers in JSON: records (result type core, or lite), and the lists of references and citing articles.

Fields: https://europepmc.org/RestfulWebService and the Web Service Reference Guide that it links to.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from reviewkit.formats.authors import is_et_al, pubmed_name
from reviewkit.formats.clean import clean, clean_list, join_paragraphs
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import doi_in, issns_in, pmcid_in, pmid_in, written_date, year_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.formats.lines import head_text
from reviewkit.formats.pubmed_terms import is_elsewhere, registrations_of, title_of
from reviewkit.model.citation import Citation, Finding

_HEAD = 65_536
_LISTS = (
    ("referenceList", "reference"),
    ("citationList", "citation"),
    ("resultList", "result"),
    ("result", "result"),  # the one record of the module article
)
_NOTHING = re.compile(r'"hitCount"\s*:\s*0\b')
_HEADING = re.compile(r"<h\d[^<>]{0,100}>(.{0,200}?)</h\d>", re.S)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def parse_europe_pmc(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read one answer of search, searchPOST, article, references or citations, or a bare list of records."""
    yield from _parse(file, keep=lambda _entry: True)


def parse_unmatched_references(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read, of a list of references, those that Europe PMC holds no record of: they have no identifier there."""
    yield from _parse(file, keep=lambda entry: not text_of(entry.get("id")))


def accession_of(entry: dict[str, Any]) -> str:
    """Return what Europe PMC calls a record, "MED:12345678", or '' where it has none."""
    number, source = text_of(entry.get("id")), text_of(entry.get("source"))
    return f"{source}:{number}" if number and source else number


def _parse(file: IO[bytes], keep: Callable[[dict[str, Any]], bool]) -> Iterator[Citation | Finding]:
    head = head_text(file.read(_HEAD))
    file.seek(0)
    path = next((path for path in _LISTS if f'"{path[0]}"' in head), ())
    if not path and _NOTHING.search(head):
        return  # a list of no references, for one, is left out
    yield from json_citations(
        file,
        *(path or _LISTS[-1]),
        read=lambda entry, line: _citation(entry, line) if keep(entry) else None,
        alone="id",
    )


def _citation(entry: dict[str, Any], line: int) -> Citation:
    source = text_of(entry.get("source"))
    info = table_of(entry.get("journalInfo"))
    journal = table_of(info.get("journal"))
    book = table_of(entry.get("bookOrReportDetails"))
    said = {name: text_of(entry.get(name)) for name in ("id", "pmid", "pmcid", "doi", "title", "journalTitle")}
    date = _date(entry, info)
    year = year_in(text_of(entry.get("pubYear"))) or year_in(text_of(info.get("yearOfPublication"))) or year_in(date)
    types = texts_of(table_of(entry.get("pubTypeList")).get("pubType"))
    publisher = text_of(book.get("publisher"))
    return citation(
        {
            "title": title_of(said["title"], "") or _as_cited(entry),
            "abstract": _abstract(entry.get("abstractText")),
            "authors": _authors(entry),
            "year": year,
            "date": date or (str(year) if year else ""),
            "journal": (
                text_of(journal.get("title"))
                or said["journalTitle"]
                or text_of(book.get("comprisingTitle"))
                or text_of(entry.get("publicationTitle"))
                or text_of(entry.get("journalAbbreviation"))
                or (publisher if source == "PPR" else "")
            ),
            "journal_abbreviation": (
                text_of(journal.get("isoabbreviation"))
                or text_of(journal.get("medlineAbbreviation"))
                or text_of(entry.get("journalAbbreviation"))
            ),
            "volume": text_of(info.get("volume")) or text_of(entry.get("journalVolume") or entry.get("volume")),
            "issue": text_of(info.get("issue")) or text_of(entry.get("issue")),
            "pages": text_of(entry.get("pageInfo")),
            "doi": doi_in(said["doi"]),
            "pmid": pmid_in(said["pmid"]) or (pmid_in(said["id"]) if source == "MED" else ""),
            "pmcid": pmcid_in(said["pmcid"]) or (pmcid_in(said["id"]) if source == "PMC" else ""),
            "registrations": _registrations(entry),
            "issns": issns_in(" ".join(map(text_of, (journal.get("issn"), journal.get("essn"), entry.get("issn"))))),
            "accession": accession_of(entry),
            "language": text_of(entry.get("language")),
            "types": types or texts_of(_parted(entry.get("pubType"))),
            "keywords": texts_of(table_of(entry.get("keywordList")).get("keyword")),
            "subjects": _subjects(entry),
            "publisher": publisher if source != "PPR" else "",
            "status": text_of(entry.get("publicationStatus")),
            "related": _related(entry),
            "added": _day(entry.get("firstIndexDate")),
            "line": line,
        }
    )


def _abstract(value: object) -> str:
    """Return the paragraphs of an abstract as PubMed's are kept: "Methods: text", one a line."""
    if not isinstance(value, str):
        return text_of(value)
    parts = _HEADING.split(value)  # text, heading, text, heading, text ...
    paragraphs = [parts[0]]
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        label, text = clean(heading).rstrip(": "), text.strip()
        paragraphs.append(f"{label}: {text}" if label and text else label or text)
    abstract = join_paragraphs(paragraphs)
    return "" if is_elsewhere(abstract) else abstract


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the authors of the full list, or of the one text that lite records and references have."""
    named = []
    for author in tables_of(table_of(entry.get("authorList")).get("author")):
        if group := text_of(author.get("collectiveName")):
            named.append(group)
            continue
        family, given = text_of(author.get("lastName")), text_of(author.get("firstName"))
        suffix = text_of(author.get("suffix"))
        name = pubmed_name(family, given, text_of(author.get("initials")), suffix) if family else ""
        named.append(name or text_of(author.get("fullName")) or given)
    if not any(named):
        named = text_of(entry.get("authorString")).removesuffix(".").split(", ")
    return tuple(name for name in clean_list(named) if not is_et_al(name))


def _date(entry: dict[str, Any], info: dict[str, Any]) -> str:
    """Return the date of the issue as PubMed prints it, or the day of first publication (preprints, ahead of print)."""
    if said := text_of(info.get("dateOfPublication")):
        return said
    first = _day(entry.get("firstPublicationDate"))
    year = text_of(entry.get("pubYear"))
    return written_date(*first.split("-")) if first and (not year or first.startswith(year)) else ""


def _day(value: object) -> str:
    found = _DAY.match(text_of(value))
    return found.group() if found else ""


def _registrations(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the registration numbers among the accession numbers that a record's data banks list."""
    return registrations_of(
        (text_of(bank.get("dataBankName")), number)
        for bank in tables_of(table_of(entry.get("dataBankList")).get("dataBank"))
        for number in texts_of(table_of(bank.get("accessionNumberList")).get("accessionNumber"))
    )


def _subjects(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the MeSH headings as "Descriptor/qualifier/qualifier"."""
    headings = []
    for heading in tables_of(table_of(entry.get("meshHeadingList")).get("meshHeading")):
        qualifiers = tables_of(table_of(heading.get("meshQualifierList")).get("meshQualifier"))
        parts = (text_of(heading.get("descriptorName")), *(text_of(each.get("qualifierName")) for each in qualifiers))
        headings.append("/".join(filter(None, parts)))
    return clean_list(headings)


def _related(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the corrections as PubMed spells them: "RetractionIn:123" for "Retraction in"; a preprint as "PPR123"."""
    found = []
    for item in tables_of(table_of(entry.get("commentCorrectionList")).get("commentCorrection")):
        words = text_of(item.get("type")).split()
        kind = "".join(word if word == "and" else word[:1].upper() + word[1:] for word in words)
        where = text_of(item.get("id")) or text_of(item.get("reference")) or text_of(item.get("note"))
        if kind and kind != "Cites":
            found.append(f"{kind}:{where}")
    return tuple(dict.fromkeys(found))


def _parted(value: object) -> object:
    """Lite records hold their types in one text, parted by semicolons."""
    return value.split(";") if isinstance(value, str) else value


def _as_cited(entry: dict[str, Any]) -> str:
    """Return what stands for the title of a reference that Europe PMC could not take apart: all of it as printed."""
    return text_of(entry.get("unstructuredInformation"))
