"""RIS as reference managers and databases really write it, read tolerantly."""

import re
from collections.abc import Iterator
from typing import IO

from reviewkit.formats import ris_tags as tags
from reviewkit.formats.authors import is_et_al
from reviewkit.formats.clean import clean, clean_list, join_paragraphs
from reviewkit.formats.identifiers import (
    doi_in,
    is_registration,
    issns_in,
    labelled_ids,
    pmcid_in,
    pmid_in,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.lines import Lines
from reviewkit.formats.ris_write import to_ris
from reviewkit.formats.tagged import TaggedEntry
from reviewkit.model.citation import Citation, Finding

__all__ = ["parse_ris", "to_ris"]

# "TY  - ", with one to three blanks before the dash, any number after it, a few before the tag.
_TAG = re.compile(r"[\s\ufeff]{0,5}([A-Za-z][A-Za-z0-9]{1,3})([ \xa0]{0,3})[-–—](\s|)(.*)", re.S)
_EID = re.compile(r"\beid=(2-s2\.0-\d+)")
_NO_TYPE = "?"  # of an entry that lost its TY line
_ADDRESSES = re.compile(r"[\s;]{1,9}(?=https?://)")  # several under one UR; the first is the record's
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.I)


class _Entry(TaggedEntry):
    """One entry with the type that its TY line gave; `small` when its tags are in lower case."""

    def __init__(self, line: int, kind: str, small: bool = False) -> None:
        super().__init__(line)
        self.kind = kind
        self.small = small


def parse_ris(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read RIS: an entry begins at TY and ends at ER, at the next TY, or with the file.

    Lines without a tag continue the value before; under KW each is a keyword (EndNote writes so), and after a blank
    line it is a new paragraph. Text between entries is passed over.
    """
    lines = Lines(file)
    entry: _Entry | None = None
    count = 0
    blank = False
    for number, raw in lines:
        tagged = _tag_of(raw, entry)
        if tagged is None:
            if not raw.strip():
                blank = True
            elif entry:
                entry.extend("\n" + raw if blank or entry.last_tag in tags.LINES else raw)
                blank = False
            continue
        blank = False
        tag, text = tagged
        if tag == "TY":
            if entry is not None:
                count += 1
                yield from _finish(entry, f"no ER before the next entry, in line {number}")
            entry = _Entry(number, text.strip().upper(), raw.lstrip(" \ufeff\xa0\t").startswith("ty"))
        elif tag == "ER":
            if entry is not None:
                count += 1
                yield from _finish(entry)
            entry = None
        else:
            if entry is None:
                entry = _Entry(number, _NO_TYPE)
            entry.add(tag, text)
    if entry is not None:
        count += 1
        yield from _finish(entry, "no ER at the end of the file, which may have been cut off")
    yield from lines.doubts
    if not count:
        yield Finding("no entry found: no line begins with 'TY  - '", line=1, rejected=True)


def _tag_of(raw: str, entry: _Entry | None) -> tuple[str, str] | None:
    """Return the tag and text of a line, or None where the line only looks tagged ("IL-6 levels", "DNA - binding")."""
    found = None if raw.startswith("      ") else _TAG.match(raw)
    if not found:
        return None
    name, before, after, text = found.groups()
    tag = name.upper()
    if len(tag) > 2 and tag not in tags.LONG:
        return None
    if (
        name != tag
        and not (entry is not None and entry.small)
        and not (tag == "TY" and text.strip().upper() in tags.TYPES)
    ):
        return None
    if not before:  # "TY- JOUR"
        plain = tag in tags.KNOWN and (after or not text or tag in ("TY", "ER"))
        return (tag, text) if plain else None
    if tag not in tags.KNOWN and len(before) != 2:
        return None
    if entry is None and tag not in tags.KNOWN:
        return None
    return tag, text


def _finish(entry: _Entry, doubt: str = "") -> Iterator[Citation | Finding]:
    made = _citation(entry)
    named = made.doi or made.pmid or made.pmcid or made.registrations or made.accession
    if not made.title and not named and entry.kind == _NO_TYPE:
        yield Finding("lines outside any entry were passed over", line=entry.line)
        return
    if not made.title and not named:
        yield Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)
        return
    if doubt:
        yield Finding(f"{doubt}; the entry is kept", line=entry.line)
    if entry.kind == _NO_TYPE:
        yield Finding("this entry does not begin with TY; it is kept", line=entry.line)
    yield made


def _citation(entry: _Entry) -> Citation:
    date = _date(entry)
    full = next((name for name in tags.JOURNAL if entry.first(name)), "")
    journal = entry.first(full) if full else entry.first(*tags.ABBREVIATION)
    if full == "BT" and not entry.first("TI", "T1"):
        journal = ""  # a whole book, whose title this is
    abbreviation = entry.first(*(name for name in tags.ABBREVIATION if name != full))
    notes = join_paragraphs("\n".join(entry.all(*tags.LISTS["notes"])).split("\n"))
    pmid, pmcid, registrations = _identifiers(entry, notes)
    url = _ADDRESSES.split(entry.first(*tags.TEXTS["url"]))[0]
    said_types = [text for text in entry.all("M3") if not doi_in(text)]
    kind = tags.TYPES.get(entry.kind, "")
    return Citation(
        title=entry.first(*tags.TEXTS["title"]),
        vernacular_title=entry.first(*tags.TEXTS["vernacular_title"]),
        abstract=_abstract(entry),
        authors=_authors(entry),
        year=year_in(entry.first(*tags.YEAR)) or year_in(date),
        date=date,
        journal=journal,
        journal_abbreviation=abbreviation,
        volume=entry.first(*tags.TEXTS["volume"]),
        issue=entry.first(*tags.TEXTS["issue"]),
        pages=_pages(entry),
        doi=_doi(entry),
        pmid=pmid,
        pmcid=pmcid,
        registrations=registrations,
        issns=issns_in(" ".join(entry.all(*tags.LISTS["issns"]))),
        accession=_accession(entry, pmid, url),
        language=entry.first(*tags.TEXTS["language"]),
        types=clean_list(said_types) or ((kind,) if kind else ()),
        keywords=_keywords(entry),
        publisher=entry.first(*tags.TEXTS["publisher"]),
        url=url,
        notes=notes,
        line=entry.line,
    )


def _abstract(entry: _Entry) -> str:
    for name in tags.TEXTS["abstract"]:
        if text := join_paragraphs("\n".join(entry.all(name)).split("\n")):
            return text
    return ""


def _authors(entry: _Entry) -> tuple[str, ...]:
    for group in tags.PEOPLE:
        names = (clean(text).rstrip(",; ") for text in entry.all(*group))
        if known := tuple(name for name in names if name and not is_et_al(name)):
            return known
    return ()


def _keywords(entry: _Entry) -> tuple[str, ...]:
    words = "\n".join(entry.all(*tags.LISTS["keywords"])).split("\n")
    if len(words) == 1:  # some programs write all in one, parted by semicolons
        words = words[0].split(";")
    return clean_list(words)


def _date(entry: _Entry) -> str:
    """Return the fullest date, RIS's "2024/03/18/other" in PubMed's wording "2024 Mar 18"."""
    texts = [text for name in tags.DATE if (text := entry.first(name).strip("/ "))]
    fullest = next((text for text in texts if not re.fullmatch(r"\d{4}", text)), texts[0] if texts else "")
    slashed = re.fullmatch(r"(\d{4})/(\d{0,2})/?(\d{0,2})/?(.*)", fullest)
    if not slashed:
        return fullest
    year, month, day, other = slashed.groups()
    if other:  # a season, or the date in words
        return other if year_in(other) else f"{year} {other}"
    return written_date(year, month, day)


def _pages(entry: _Entry) -> str:
    first, last = entry.first("SP"), entry.first("EP")
    if first and last and first != last and "-" not in first:
        return f"{first}-{last}"
    return first or last or entry.first(*tags.TEXTS["article_number"])


def _doi(entry: _Entry) -> str:
    for name in tags.DOI:
        for text in entry.all(name):
            address = name in ("UR", "L2", "LK")
            if (not address or "doi.org/" in text) and (doi := doi_in(text)):
                return doi
    return next((doi_in(text) for text in entry.all("N1") if re.match(r"\s*doi\s*:", text, re.I)), "")


def _identifiers(entry: _Entry, notes: str) -> tuple[str, str, tuple[str, ...]]:
    """Return PMID, PMCID and registration numbers out of the tags where programs hide them (see `ris_tags`)."""
    database = " ".join(entry.all("DB", "DP"))
    pmid, pmcid = labelled_ids(notes)
    registrations: list[str] = []
    for tag, said in entry:
        if tag not in tags.IDENTIFIERS:
            continue
        text = clean(said)
        trusted = (
            tag in ("PMID", "PM", "C5")
            or (tag == "AN" and _PUBMED.search(database))
            or (tag == "C2" and "scopus" in database.lower())
            or text.upper().startswith("PMID")
            or text.lower().endswith("[pmid]")
        )
        pmid = pmid or (pmid_in(text) if trusted else "")
        pmcid = pmcid or (pmcid_in(text) if text.upper().startswith("PMC") else "")
        if is_registration(text):
            registrations += registrations_in(text)
    return pmid, pmcid, tuple(dict.fromkeys(registrations))


def _accession(entry: _Entry, pmid: str, url: str) -> str:
    if found := _EID.search(url):  # Scopus names its number only in the address
        return found.group(1)
    for text in map(clean, entry.all(*tags.ACCESSION)):
        if text and not is_registration(text) and not pmcid_in(text) and pmid_in(text) != (pmid or None):
            return text
    return ""
