"""MEDLINE text, PubMed's "Save, Format: PubMed" (.nbib), and what other databases write in its manner."""

import re
from collections.abc import Iterable, Iterator
from typing import IO

from reviewkit.formats.authors import from_full_name, is_et_al
from reviewkit.formats.clean import clean, clean_list
from reviewkit.formats.identifiers import (
    doi_in,
    iso_day,
    issns_in,
    pmcid_in,
    pmid_in,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.lines import Lines
from reviewkit.formats.pubmed_terms import RELATIONS, is_elsewhere, registrations_of, title_of
from reviewkit.formats.tagged import TaggedEntry
from reviewkit.model.citation import Citation, Finding

# A tag of two to four capitals padded to four, a hyphen and a blank: "TI  - ", "PMID- ". ERIC writes "ISSN - ".
_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |$)(.*)")
_INDENT = ("      ", "\t")
_ONCE = frozenset(("PMID", "OWN"))  # a second one in an entry begins the next, where the blank line was lost
# PubMed runs structured abstracts together: "... was low. METHODS: We ..."
_LABEL = re.compile(r"(?<=[.?!)\]:;%]) (?=[A-Z][A-Z /&,()-]{3,70}: \S)")
_RELATED_PMID = re.compile(r"PMID:\s*(\d+)")


def parse_nbib(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read MEDLINE text; an entry ends at a blank line, or where the next PMID begins.

    Text before the first tag and unknown tags are passed over.
    """
    lines = Lines(file)
    count = 0
    for entry in _entries(lines):
        count += 1
        yield _citation(entry)
    yield from lines.doubts
    if not count:
        yield Finding("no entry found: no line begins with a MEDLINE tag such as 'PMID- '", line=1, rejected=True)


def _entries(lines: Iterable[tuple[int, str]]) -> Iterator[TaggedEntry]:
    entry = TaggedEntry()
    tag = ""
    parted = False  # a blank line was met: what is not a continuation begins the next entry
    for number, raw in lines:
        text = raw.replace("\xa0", " ")
        tagged = _TAG.match(text)
        if tagged:
            tag = tagged.group(1)
            if entry and (parted or (tag in _ONCE and tag in entry)):
                entry.close()
                yield entry
                entry = TaggedEntry()
            entry.line = entry.line or number
            entry.add(tag, tagged.group(2))
            parted = False
        elif not text.strip():
            parted = True
        elif entry and (not parted or text.startswith(_INDENT)):  # else: text between entries
            entry.extend(tag, text)
            parted = False
    if entry:
        entry.close()
        yield entry


def _citation(entry: TaggedEntry) -> Citation | Finding:
    vernacular = entry.first("TT")
    book = entry.first("BTI")
    said = entry.first("TI")
    title = title_of(said or book, vernacular)
    # A chapter's own date, as in the XML: the book's is the year in which a loose-leaf work began.
    contributed = entry.first("CTDT") if book and said else ""
    date = _written(contributed or entry.first("DP", "DEP"))
    locations = entry.all("LID", "AID")
    made = Citation(
        title=title,
        vernacular_title=vernacular,
        abstract=_abstract(entry),
        authors=_authors(entry),
        year=year_in(date) or year_in(entry.first("DEP")),
        date=date,
        journal=(book if said else entry.first("CTI")) if book else entry.first("JT", "TA"),
        journal_abbreviation=entry.first("TA"),
        volume=entry.first("VI"),
        issue=entry.first("IP"),
        pages=entry.first("PG"),
        doi=_doi(locations),
        pmid=pmid_in(entry.first("PMID")),
        pmcid=pmcid_in(entry.first("PMC")),
        registrations=_registrations(entry.all("SI")),
        issns=issns_in(" ".join(entry.all("IS", "ISSN"))),
        accession=_accession(entry),
        language="; ".join(clean_list(entry.all("LA"))),
        types=clean_list(entry.all("PT")),
        keywords=clean_list(entry.all("OT")),
        subjects=clean_list([heading.replace("*", "") for heading in entry.all("MH")]),
        publisher=entry.first("PB"),
        url=next((clean(text) for text in locations if clean(text).lower().startswith("http")), ""),
        status=entry.first("STAT"),
        related=_related(entry),
        added=_day(entry.first("CRDT")),
        line=entry.line,
    )
    if made.title or made.pmid or made.doi or made.pmcid or made.accession:
        return made
    return Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)


def _abstract(entry: TaggedEntry) -> str:
    own = entry.first("AB")
    other = next((text for text in map(clean, entry.all("OAB")) if text and not is_elsewhere(text)), "")
    return _LABEL.sub("\n", own or other)


def _authors(entry: TaggedEntry) -> tuple[str, ...]:
    """Return the authors as "Wilson JE": AU, or FAU where no AU follows it; groups (CN) where they stand."""
    for full, short in (("FAU", "AU"), ("FED", "ED")):
        names: list[str] = []
        waiting = ""
        for tag, said in (*entry, ("", "")):
            text = clean(said) if tag in (full, short, "CN") else ""
            if waiting and tag not in (short, "AUID", "AD"):
                names.append(from_full_name(waiting))
                waiting = ""
            if tag == full:
                waiting = text
            elif tag == short:
                names.append(text)
                waiting = ""
            elif tag == "CN" and full == "FAU":
                names.append(text)
        if known := tuple(name for name in names if name and not is_et_al(name)):
            return known
    return ()


def _written(date: str) -> str:
    """Turn the dates that are digits, 20160419 and 2007/01/10 06:00, into PubMed's wording; leave the others."""
    digits = re.fullmatch(r"(\d{4})/?(\d\d)?/?(\d\d)?(?: \d\d:\d\d)?", date)
    return written_date(*(part or "" for part in digits.groups())) if digits else date


def _day(date: str) -> str:
    parts = re.match(r"(\d{4})/(\d\d)/(\d\d)", date)
    return iso_day(*parts.groups()) if parts else ""


def _doi(locations: list[str]) -> str:
    marked = [text for text in locations if "[doi]" in text]
    linked = [text for text in locations if "doi.org/" in text]
    return next((doi for text in marked + linked if (doi := doi_in(text.replace("[doi]", "")))), "")


def _registrations(numbers: list[str]) -> tuple[str, ...]:
    """Read "ClinicalTrials.gov/NCT01234567": the register, a slash, the number."""
    pairs = [text.partition("/")[::2] for text in numbers]
    bare = [text for text in numbers if "/" not in text]
    return tuple(dict.fromkeys((*registrations_of(pairs), *registrations_in(" ".join(bare)))))


def _accession(entry: TaggedEntry) -> str:
    # ERIC keeps its number in OID; PubMed writes others' numbers there ("NLM: PMC4513071").
    return entry.first("OID") if entry.first("OWN") == "ERIC" else ""


def _related(entry: TaggedEntry) -> tuple[str, ...]:
    found = []
    for tag, said in entry:
        if tag in RELATIONS:
            text = clean(said)
            pmid = _RELATED_PMID.search(text)
            found.append(f"{RELATIONS[tag]}:{pmid.group(1) if pmid else text}")
    return tuple(dict.fromkeys(found))
