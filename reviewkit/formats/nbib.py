"""MEDLINE text, PubMed's "Save, Format: PubMed" (.nbib), and what other databases write in its manner."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

from reviewkit.formats.authors import from_full_name, is_et_al
from reviewkit.formats.clean import clean
from reviewkit.formats.drafts import citation
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
from reviewkit.formats.tidy import odd_characters
from reviewkit.model.citation import Citation, Finding

# A tag of two to four capitals padded to four, a hyphen and a blank: "TI  - ", "PMID- ". ERIC writes "ISSN - ".
_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |$)(.*)")
_INDENT = ("      ", "\t")
_ONCE = frozenset(("PMID", "OWN"))  # a second one in an entry begins the next, where the blank line was lost
# PubMed runs structured abstracts together: "... was low. METHODS: We ..."
_LABEL = re.compile(r" (?<=[.?!)\]:;%] )(?=[A-Z][A-Z /&,()-]{3,70}: \S)")
_TEXTS = {
    "TT": "vernacular_title", "TA": "journal_abbreviation", "VI": "volume", "IP": "issue", "PG": "pages",
    "PB": "publisher", "STAT": "status",
}  # fmt: skip
_LISTS = {"PT": "types", "OT": "keywords"}
_SHORT = 100  # characters; what is longer does not come again and again, and is not kept in mind
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
    entry = TaggedEntry(odd=frozenset())
    tag = ""
    parted = False  # a blank line was met: what is not a continuation begins the next entry
    more: list[str] | None = None  # the lines of the last value, where there are several
    for first, batch, together in lines.batches():
        odd = odd_characters(together)
        entry.goes_on(odd)
        for number, raw in enumerate(batch, first):
            known = _tag_in(raw[:6])
            text = raw[6:]
            if not known:
                if raw.startswith("      ") and tag and text[:1] not in ("", " "):  # nearly every line without a tag
                    if more is None:
                        more = entry.extend(tag, text)
                    else:
                        more.append(text)
                    parted = False
                    continue
                raw = raw.replace("\xa0", " ")
                if found := _TAG.match(raw):
                    known, text = found.groups()
            if known:
                if (parted or known in _ONCE) and entry and (parted or known in entry):
                    entry.close()
                    yield entry
                    entry = TaggedEntry(odd=odd)
                tag = known
                entry.line = entry.line or number
                entry.order.append(tag)
                entry.fields[tag].append(text)
                parted, more = False, None
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
    fields, first = entry.fields, entry.first
    said: dict[str, Any] = {"line": entry.line, "authors": _authors(entry), "abstract": _abstract(entry)}
    for tag in fields:
        if tag in _TEXTS:
            said[_TEXTS[tag]] = first(tag)
        elif tag in _LISTS:
            said[_LISTS[tag]] = _list(entry, tag)
    book = first("BTI") if "BTI" in fields else ""
    title = first("TI")
    said["title"] = title_of(title or book, said.get("vernacular_title", ""))
    # A chapter's own date, as in the XML: the book's is the year in which a loose-leaf work began.
    contributed = first("CTDT") if book and title else ""
    said["date"], year = _date(contributed or first("DP", "DEP"))
    said["year"] = year or year_in(first("DEP"))
    said["journal"] = (book if title else first("CTI")) if book else first("JT", "TA")
    if "LID" in fields or "AID" in fields:
        locations = entry.all("LID", "AID")
        said["doi"] = _doi(locations)
        said["url"] = next((text for text in entry.cleaned(locations) if text.lower().startswith("http")), "")
    said["pmid"] = pmid_in(first("PMID"))
    if "PMC" in fields:
        said["pmcid"] = pmcid_in(first("PMC"))
    if "SI" in fields:
        said["registrations"] = _registrations(entry.all("SI"))
    said["issns"] = _issns(" ".join(entry.all("IS", "ISSN")))
    said["accession"] = _accession(entry)
    if "LA" in fields:
        said["language"] = "; ".join(_list(entry, "LA"))
    if "MH" in fields:
        said["subjects"] = _headings(entry)
    said["related"] = _related(entry)
    if "CRDT" in fields:
        said["added"] = _day(first("CRDT"))
    made = citation(said)
    if made.title or made.pmid or made.doi or made.pmcid or made.accession:
        return made
    return Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)


def _headings(entry: TaggedEntry) -> tuple[str, ...]:
    headings = _list(entry, "MH")
    return tuple(dict.fromkeys([heading.replace("*", "") for heading in headings])) if "*" in entry.signs else headings


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
    texts = {tag: iter(entry.every(entry.fields.get(tag, ()))) for tag in (full, short, "CN")}
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


def _date(said: str) -> tuple[str, int | None]:
    """Return a date and its year."""
    return _known_date(said) if len(said) < _SHORT else (said, year_in(said))


@lru_cache(maxsize=4000)  # ten years of days
def _known_date(said: str) -> tuple[str, int | None]:
    """Turn the dates that are digits, 20160419 and 2007/01/10 06:00, into PubMed's wording; leave the others."""
    digits = re.fullmatch(r"(\d{4})/?(\d\d)?/?(\d\d)?(?: \d\d:\d\d)?", said)
    date = written_date(*(part or "" for part in digits.groups())) if digits else said
    return date, year_in(date)


def _issns(text: str) -> tuple[str, ...]:
    return _known_issns(text) if len(text) < _SHORT else issns_in(text)


_known_issns = lru_cache(maxsize=1000)(issns_in)  # journals come again and again


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
