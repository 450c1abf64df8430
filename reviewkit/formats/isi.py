"""Web of Science plain text: two-letter tags, values that run on behind three blanks, PT to ER an entry."""

import re
from collections.abc import Iterator
from typing import IO

from reviewkit.formats.authors import is_et_al
from reviewkit.formats.identifiers import article_number, doi_in, issns_in, pmid_in, registrations_in, year_in
from reviewkit.formats.lines import Lines
from reviewkit.formats.tagged import TaggedEntry
from reviewkit.model.citation import Citation, Finding

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?")
_ITEMS = frozenset(("AU", "AF", "CA", "GP", "BE", "ED", "A2", "DE", "ID", "MH", "DT"))  # each line is one of several
_UNREAD = frozenset(("C1", "C3", "RP", "EM", "RI", "OI", "FU", "FX", "CR", "PA"))  # long, and nothing is taken from it
_HEAD = frozenset(("FN", "VR", "EF"))
_TYPES = {"B": "Book", "P": "Patent"}  # PT -> its type where DT says none
_AHEAD = re.compile(r" *\((?:Epub|Print|eCollection)[^)]*\)")
_MONTHS = re.compile(r"[A-Z]{3}(?=\b)")


def parse_isi(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read Web of Science plain text: an entry begins at PT and ends at ER, at the next PT, or with the file."""
    lines = Lines(file)
    entry: TaggedEntry | None = None
    tag = ""
    count = 0
    for number, raw in lines:
        line = raw.lstrip("\ufeff").rstrip()
        found = _TAG.fullmatch(line)
        if not line:
            continue
        if not found:  # a continuation; outside an entry, anything
            if entry and tag not in _UNREAD:
                entry.extend(tag, f"\n{line}" if tag in _ITEMS else line.strip())
            continue
        tag, text = found.group(1), found.group(2) or ""
        if tag in _HEAD and entry is None:
            continue
        if tag in ("PT", "ER", "EF") and entry is not None:
            doubt = "" if tag == "ER" else f"no ER before line {number}; the entry is kept"
            count += 1
            yield from _finish(entry, doubt)
            entry = None
        if tag in ("ER", "EF"):
            continue
        if entry is None:
            entry = TaggedEntry(number)
        if tag not in _UNREAD:
            entry.add(tag, text)
    if entry is not None:
        count += 1
        yield from _finish(entry, "no ER at the end of the file, which may have been cut off; the entry is kept")
    elif count and tag != "EF":
        yield Finding("no EF at the end of the file, which may have been cut off")
    yield from lines.doubts
    if not count:
        yield Finding("no entry found: no line begins with a Web of Science tag such as 'PT J'", line=1, rejected=True)


def _finish(entry: TaggedEntry, doubt: str) -> Iterator[Citation | Finding]:
    entry.close()
    made = _citation(entry)
    if not (made.title or made.doi or made.pmid or made.accession):
        yield Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)
        return
    if doubt:
        yield Finding(doubt, line=entry.line)
    yield made


def _citation(entry: TaggedEntry) -> Citation:
    first = entry.first
    accession = first("UT", "AN")
    source, number = accession.partition(":")[::2]
    pmid = pmid_in(first("PM")) or (pmid_in(number) if source == "MEDLINE" else "")
    date, year = _date(entry)
    return Citation(
        title=first("TI", "CT"),
        vernacular_title=first("FT"),
        abstract="\n".join(entry.cleaned(entry.all("AB"))),
        authors=_authors(entry),
        year=year,
        date=date,
        journal=first("SO", "SE"),
        journal_abbreviation=first("JI", "J9"),
        volume=first("VL"),
        issue=_issue(entry),
        pages=_pages(entry),
        doi=doi_in(first("DI")),
        pmid=pmid,
        registrations=registrations_in(" ".join(entry.all("SF", "NT"))),
        issns=issns_in(" ".join(entry.all("SN", "EI"))),
        accession="" if source == "MEDLINE" and pmid else accession,
        language=first("LA"),
        types=_list(entry, "DT") or ((_TYPES[first("PT")],) if first("PT") in _TYPES else ()),
        keywords=_list(entry, "DE", "ID"),
        subjects=tuple(dict.fromkeys(word.replace("*", "") for word in _list(entry, "MH"))),
        publisher=first("PU"),
        line=entry.line,
    )


def _list(entry: TaggedEntry, *tags: str) -> tuple[str, ...]:
    """Return the items of these tags, parted by semicolons; one that runs over a line's end is one."""
    together = ";".join(text.replace("\n", " ") for tag in tags for text in entry.all(tag))
    return tuple(dict.fromkeys(entry.cleaned(together.split(";"))))


def _authors(entry: TaggedEntry) -> tuple[str, ...]:
    """Return the authors in full (AF), else as the journal prints them (AU), then the groups; else the editors."""
    groups = _names(entry, "CA", "GP")
    for tags in (("AF",), ("AU",)):
        if names := _names(entry, *tags):
            return tuple(dict.fromkeys((*names, *groups)))
    return groups or (_names(entry, "BE", "ED") if entry.first("PT") == "B" and not entry.first("SO") else ())


def _names(entry: TaggedEntry, *tags: str) -> tuple[str, ...]:
    lines = "\n".join(entry.all(*tags)).replace(";", "\n").split("\n")  # MEDLINE there: all in one line
    return tuple(name for name in entry.cleaned(lines) if not is_et_al(name))


def _date(entry: TaggedEntry) -> tuple[str, int | None]:
    """Return "2006 Jun 14" out of PY 2006 and PD "JUN 14", or what PD says whole; the early one where there is none."""
    year = year_in(entry.first("PY"))
    said = _MONTHS.sub(lambda month: month.group().title(), _AHEAD.sub("", entry.first("PD", "EA")))
    if year is None:
        year = year_in(said) or year_in(entry.first("EY"))
    within = said.removesuffix(str(year)).strip() if year else said  # BIOSIS: "SEP 2018"
    if year and str(year) in within:
        return within, year
    return f"{year or ''} {within}".strip(), year


def _issue(entry: TaggedEntry) -> str:
    issue, supplement = entry.first("IS"), entry.first("SU")
    return f"{issue} Suppl {supplement}".strip() if supplement else issue


def _pages(entry: TaggedEntry) -> str:
    first, last = entry.first("BP"), entry.first("EP")
    if first and last and first != last:
        return f"{first}-{last}"
    return article_number(first or last or entry.first("PS", "AR"))
