"""EndNote XML as EndNote, Zotero, Mendeley and RefWorks write it, read as a stream."""

import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from reviewkit.formats.authors import is_et_al
from reviewkit.formats.clean import clean, clean_list, join_paragraphs, join_raised
from reviewkit.formats.detect import describe
from reviewkit.formats.identifiers import (
    doi_in,
    issns_in,
    labelled_ids,
    pmcid_in,
    pmid_in,
    registrations_in,
    year_in,
)
from reviewkit.formats.own_fields import SIGN, restore
from reviewkit.formats.xml_records import XmlRecords
from reviewkit.model.citation import Citation, Finding

_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.I)
_EID = re.compile(r"\beid=(2-s2\.0-\d+)")
_WEB_OF_SCIENCE = re.compile(r"<Go to (?:ISI|WoS)>://(\S+)", re.I)
_STAR = re.compile(r"^\*|(?<=/)\*")  # of a major subject heading
_BREAK = re.compile(r"\r\n?|\n")  # EndNote writes &#xD; for the end of a line inside a field
_PEOPLE = ("authors", "secondary-authors", "tertiary-authors", "subsidiary-authors")
_JOURNALS = ("secondary-title", "full-title", "alt-title", "tertiary-title")
_ABBREVIATIONS = ("abbr-1", "abbr-2", "abbr-3", "alt-title")

# ref-type -> what it is called in Citation.types where work-type does not say it better; others say nothing.
_TYPES: dict[str, str] = {
    "book": "Book", "electronic book": "Book", "book section": "Book chapter",
    "electronic book section": "Book chapter", "edited book": "Edited book",
    "conference proceedings": "Conference proceedings",
    "conference paper": "Conference paper", "thesis": "Thesis", "report": "Report",
    "government document": "Government document", "unpublished work": "Unpublished work", "manuscript": "Manuscript",
    "dataset": "Dataset", "web page": "Web page", "blog": "Blog", "patent": "Patent",
    "newspaper article": "Newspaper article", "magazine article": "Magazine article", "catalog": "Catalogue",
    "serial": "Serial", "standard": "Standard", "encyclopedia": "Encyclopedia article",
    "dictionary": "Dictionary entry", "pamphlet": "Pamphlet", "audiovisual material": "Video",
}  # fmt: skip


def parse_endnote_xml(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read EndNote XML, with or without its style elements; each record element is an entry.

    A file that breaks off gives the records before the break, then one rejected Finding. Entities are refused.
    """
    reader = XmlRecords(file, ("record", "RECORD"), "EndNote")
    records = 0
    for _, line, element in reader:
        records += 1
        citation = _citation(_Record(element), line)
        named = citation.doi or citation.pmid or citation.pmcid or citation.registrations or citation.accession
        if citation.title or named:
            yield citation
        else:
            yield Finding("a record with neither title nor identifier", line=line, rejected=True)
    if reader.problem:
        yield reader.broken(records, describe(reader.head) if not records and reader.root.lower() != "xml" else "")
    elif not records:
        what = "it holds no record" if reader.root.lower() in ("xml", "records") else describe(reader.head)
        yield Finding(f"no EndNote record in it: the file is {what}", line=1, rejected=True)


class _Record:
    """A record's texts by the name of their element; those of people by the name of their group."""

    def __init__(self, element: Element) -> None:
        self.kind = ""
        self._texts: dict[str, list[str]] = {}
        self._collect(element, "")

    def _collect(self, element: Element, group: str) -> None:
        for child in element:
            name = child.tag.rpartition("}")[2].lower().replace("_", "-")  # EndNote 7 wrote SECONDARY_TITLE
            if name in ("ref-type", "reference-type"):
                self.kind = child.get("name", "").lower()
            elif name == "pdf-urls":
                continue  # files in somebody's library
            elif len(child) and any(part.tag != "style" for part in child):
                self._collect(child, name)
            else:
                key = group if name in ("author", "keyword", "url") and group else name
                self._texts.setdefault(key, []).append(_text(child))

    def all(self, *names: str) -> list[str]:
        """The raw texts of these elements that say something."""
        return [text for name in names for text in self._texts.get(name, ()) if text.strip()]

    def first(self, *names: str) -> str:
        """The first text that says something, cleaned; an element named earlier goes before a later one."""
        return next(filter(None, map(clean, self.all(*names))), "")

    def lines(self, *names: str) -> list[str]:
        """The lines of these elements."""
        return [line for text in self.all(*names) for line in _BREAK.split(text)]


def _text(element: Element) -> str:
    """Return the text in all styles: a superscript behind its base, 10^6, the others as they follow each other."""
    text = element.text or ""
    for style in element.iter("style"):
        inner = style.text or ""
        raised = "superscript" in style.get("face", "")
        text = (join_raised(text, inner) if raised else text + inner) + (style.tail or "")
    return text


def _citation(record: _Record, line: int) -> Citation:
    labels = (f"Label: {label}" for label in record.lines("label") if label.strip())
    notes = join_paragraphs([*record.lines("notes", "research-notes"), *labels])
    urls = [clean(text) for text in record.all("related-urls", "web-urls", "text-urls", "urls", "url")]
    date = _date(record)
    journal = record.first(*_JOURNALS)
    pmid, pmcid = _pubmed_ids(record, notes, urls)
    kind = _TYPES.get(record.kind, "")
    made = Citation(
        title=record.first("title", "short-title"),
        vernacular_title=record.first("translated-title"),
        abstract=join_paragraphs(record.lines("abstract")),
        authors=_authors(record),
        year=year_in(record.first("year")) or year_in(date),
        date=date,
        journal=journal,
        journal_abbreviation=next((a for name in _ABBREVIATIONS if (a := record.first(name)) and a != journal), ""),
        volume=record.first("volume"),
        issue=record.first("number", "issue"),
        pages=record.first("pages", "custom7"),  # custom7: EndNote's article number
        doi=_doi(record, urls),
        pmid=pmid,
        pmcid=pmcid,
        registrations=registrations_in(" ".join(record.all("custom4"))),
        issns=issns_in(" ".join(record.all("isbn", "issn"))),
        accession=_accession(record, pmid, urls),
        language=record.first("language"),
        types=clean_list(record.lines("work-type")) or ((kind,) if kind else ()),
        keywords=_keywords(record),
        publisher=record.first("publisher"),
        url=next((url for url in urls if not _WEB_OF_SCIENCE.match(url)), ""),
        notes=notes,
        line=line,
    )
    own = next((text for text in record.all("custom5") if text.startswith(SIGN)), "")
    return restore(made, own) if own else made


def _authors(record: _Record) -> tuple[str, ...]:
    for group in _PEOPLE:
        names = (clean(text).rstrip(",; ") for text in record.lines(group))
        if known := tuple(name for name in names if name and not is_et_al(name)):
            return known
    return ()


def _date(record: _Record) -> str:
    year, day = record.first("year"), record.first("date", "pub-dates")
    if not day or not year_in(year):
        return day or year
    return day if year_in(day) else f"{year_in(year)} {day}"


def _keywords(record: _Record) -> tuple[str, ...]:
    words = record.lines("keywords", "keyword")
    if len(words) == 1:  # some programs write all in one, parted by semicolons
        words = words[0].split(";")
    return clean_list([_STAR.sub("", word.strip()) for word in words])


def _doi(record: _Record, urls: list[str]) -> str:
    for text in record.all("electronic-resource-num", "doi"):
        if doi := doi_in(text):
            return doi
    return next((doi for url in urls if "doi.org/" in url and (doi := doi_in(url))), "")


def _pubmed_ids(record: _Record, notes: str, urls: list[str]) -> tuple[str, str]:
    """Return PMID and PMCID: the accession number of a PubMed record, custom2, lines of a note, PubMed's address."""
    pmid, pmcid = labelled_ids(notes)
    accession = record.first("accession-num")
    database = " ".join(record.all("remote-database-name", "remote-database-provider"))
    address = next((url for url in urls if "ncbi.nlm.nih.gov" in url and "/pm" not in url), "")
    if _PUBMED.search(database) or accession.upper().startswith("PMID"):
        pmid = pmid or pmid_in(accession)
    elif (said := record.first("custom3")).upper().startswith("PMID:"):  # of reviewkit
        pmid = pmid or pmid_in(said)
    for name in ("custom2", "custom1", "accession-num"):
        if record.first(name).upper().startswith("PMC"):
            pmcid = pmcid or pmcid_in(record.first(name))
    return pmid or pmid_in(address), pmcid


def _accession(record: _Record, pmid: str, urls: list[str]) -> str:
    accession = record.first("accession-num")
    if accession and not pmcid_in(accession) and pmid_in(accession) != (pmid or None):
        return accession
    for url in urls:
        if found := _EID.search(url) or _WEB_OF_SCIENCE.match(url):
            return found.group(1)
    return ""
