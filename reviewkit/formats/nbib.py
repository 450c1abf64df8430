"""MEDLINE text, PubMed's "Save, Format: PubMed" (.nbib), and what other databases write in its manner."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from reviewkit.formats.authors import from_full_name, is_et_al
from reviewkit.formats.clean import clean
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
_LABEL = re.compile(r" (?<=[.?!)\]:;%] )(?=[A-Z][A-Z /&,()-]{3,70}: \S)")
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


def _entries(lines: Lines) -> Iterator[TaggedEntry]:
    entry = TaggedEntry()
    tag = ""
    parted = False  # a blank line was met: what is not a continuation begins the next entry
    for first, batch, _ in lines.batches():
        for number, raw in enumerate(batch, first):
            if raw.startswith("      ") and tag and raw[6:7] not in ("", " "):  # nearly every line without a tag
                entry.extend(tag, raw)
                parted = False
                continue
            known = _tag_in(raw[:6])
            text = raw[6:]
            if not known:
                raw = raw.replace("\xa0", " ")
                if found := _TAG.match(raw):
                    known, text = found.groups()
            if known:
                if entry and (parted or (known in _ONCE and known in entry)):
                    entry.close()
                    yield entry
                    entry = TaggedEntry()
                tag = known
                entry.line = entry.line or number
                entry.order.append(tag)
                entry.fields[tag].append(text)
                parted = False
            elif not raw.strip():
                parted = True
            elif tag and (not parted or raw.startswith(_INDENT)):  # else: text between entries
                entry.extend(tag, raw)
                parted = False
    if entry:
        entry.close()
        yield entry


@lru_cache(maxsize=1000)
def _tag_in(start: str) -> str:
    """Return the tag of a line as PubMed writes it, by its first six characters, or ''."""
    found = _TAG.fullmatch(start) if start[4:] == "- " else None
    return found.group(1) if found else ""


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
        pmcid=pmcid_in(entry.first("PMC")) if "PMC" in entry else "",
        registrations=_registrations(entry.all("SI")) if "SI" in entry else (),
        issns=issns_in(" ".join(entry.all("IS", "ISSN"))),
        accession=_accession(entry),
        language="; ".join(_list(entry, "LA")),
        types=_list(entry, "PT"),
        keywords=_list(entry, "OT"),
        subjects=tuple(dict.fromkeys([heading.replace("*", "") for heading in _list(entry, "MH")])),
        publisher=entry.first("PB"),
        url=next((text for text in entry.cleaned(locations) if text.lower().startswith("http")), ""),
        status=entry.first("STAT"),
        related=_related(entry),
        added=_day(entry.first("CRDT")),
        line=entry.line,
    )
    if made.title or made.pmid or made.doi or made.pmcid or made.accession:
        return made
    return Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)


def _list(entry: TaggedEntry, tag: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.cleaned(entry.fields[tag]))) if tag in entry else ()


def _abstract(entry: TaggedEntry) -> str:
    own = entry.first("AB")
    text = own or next((text for text in _list(entry, "OAB") if not is_elsewhere(text)), "")
    return _LABEL.sub("\n", text) if ": " in text else text


def _authors(entry: TaggedEntry) -> tuple[str, ...]:
    """Return the authors as "Wilson JE": AU, or FAU where no AU follows it; groups (CN) where they stand."""
    for full, short in (("FAU", "AU"), ("FED", "ED")):
        if full not in entry and "CN" not in entry:
            names = entry.cleaned(entry.all(short))
        else:
            names = _in_order(entry, full, short)
        if known := tuple(name for name in names if name and not is_et_al(name)):
            return known
    return ()


def _in_order(entry: TaggedEntry, full: str, short: str) -> list[str]:
    names: list[str] = []
    waiting = ""
    texts = {tag: iter([clean(text) for text in entry.fields.get(tag, ())]) for tag in (full, short, "CN")}
    for tag in (*entry.order, ""):
        if waiting and tag not in (short, "AUID", "AD"):
            names.append(from_full_name(waiting))
            waiting = ""
        if tag == full:
            waiting = next(texts[tag])
        elif tag == short:
            names.append(next(texts[tag]))
            waiting = ""
        elif tag == "CN" and full == "FAU":
            names.append(next(texts[tag]))
    return names


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
    if RELATIONS.keys().isdisjoint(entry.fields):
        return ()
    for tag, said in entry:
        if tag in RELATIONS:
            text = clean(said)
            pmid = _RELATED_PMID.search(text)
            found.append(f"{RELATIONS[tag]}:{pmid.group(1) if pmid else text}")
    return tuple(dict.fromkeys(found))
