"""Where the entries of a file come from, and how many it seems to hold: one quick look, apart from the parsers."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import IO

from reviewkit.formats import origin_clues as clues
from reviewkit.formats.headings import plain
from reviewkit.formats.lines import Lines, encoding_of, head_text
from reviewkit.formats.origin_tally import Origin, Tally, joined
from reviewkit.formats.rows import read_rows
from reviewkit.formats.zipped import Member, members
from reviewkit.model.citation import Finding

__all__ = ["Origin", "find_origin", "joined"]

_CHUNK = 1 << 20
_PREFACE = 4_000  # bytes in which a table says what was searched, before its headings
_LONGEST = 16 << 20  # bytes of one XML record that are looked at

_TAGGED = re.compile(
    r"[\s\ufeff]{0,5}(DB|DP|VN|AN|UT|UR|L2|LK|US|U[1-5]|ID|N1|OWN|PMID|XL)[ \xa0]{0,3}[-–—][ \xa0]?(.*)", re.I
)
_RIS_BEGINS = re.compile(r"[\s\ufeff]{0,5}TY[ \xa0]{0,3}[-–—]", re.I)
_OVID_BEGINS = re.compile(r"[\s\ufeff]{0,5}<\d{1,7}[.\s]{0,3}>")
_REFER_BEGINS = re.compile(r"[\s\ufeff]{0,5}%0 ")
_REFER = re.compile(r"%([WMU~]) (.*)")
_COCHRANE_BEGINS = re.compile(r"[\s\ufeff]{0,5}Record #\d+ of \d+")
_COCHRANE = re.compile(r"\s{0,5}(ID|URL|SO): (.*)")
_ISI = re.compile(r"\ufeff?(PT|UT) (.*)")
_BIBTEX_ENTRY = re.compile(r"[ \t\ufeff]{0,20}@(?!(?:comment|string|preamble)\b)[A-Za-z]{1,20}[ \t]{0,5}[{(]", re.I)
_BIBTEX_FIELD = re.compile(
    r"[ \t]{0,20}(source|database|unique-id|url|note|keywords|biburl|annote)[ \t]{0,20}=[ \t]{0,20}(.*)", re.I
)
_RECORD = {
    "pubmed-xml": re.compile(rb"<Pubmed(?:Book)?Article[\s>]"),
    "endnote-xml": re.compile(rb"<record[\s>]"),
}
_XML_VALUE = re.compile(
    rb"<(remote-database-name|remote-database-provider|accession-num|url|label)>\s{0,20}(?:<style[^>]{0,200}>)?([^<]{1,500})"
)
_ENDNOTE_LIBRARY = re.compile(rb'<database name="|<source-app name="EndNote"')


def find_origin(file: IO[bytes], format: str) -> Origin:
    """Look through a file of a known format from its beginning; it is left wherever the look ended."""
    look = _LOOKS.get(format)
    return look(file) if look else Origin()


def _tagged(
    file: IO[bytes], begins: re.Pattern[str], tag: re.Pattern[str], names: Collection[str], platform: str = ""
) -> Origin:
    """Look through tagged text: a line that `begins` an entry, and of the tags those that name a database."""
    tally = Tally()
    named: list[str] = []
    numbers: list[str] = []
    begun = 0
    for _, text in Lines(file):
        if begins.match(text):
            if begun:
                tally.add(named, numbers, platform=platform)
            begun, named, numbers = begun + 1, [], []
        elif found := tag.match(text):
            (named if found.group(1).upper() in names else numbers).append(found.group(2).strip()[:500])
    if begun or named or numbers:
        tally.add(named, numbers, platform=platform)
    return tally.origin(begun)


def _ris(file: IO[bytes]) -> Origin:
    return _tagged(file, _RIS_BEGINS, _TAGGED, ("DB", "DP", "VN"))


def _ovid(file: IO[bytes]) -> Origin:
    return _tagged(file, _OVID_BEGINS, _TAGGED, ("DB", "DP", "VN"), "Ovid")


def _refer(file: IO[bytes]) -> Origin:
    return _tagged(file, _REFER_BEGINS, _REFER, ("W", "~"))


def _cochrane(file: IO[bytes]) -> Origin:
    return _tagged(file, _COCHRANE_BEGINS, _COCHRANE, (), "Cochrane Library")


def _nbib(file: IO[bytes]) -> Origin:
    tally = Tally()
    owner, begun = "", 0
    for _, text in Lines(file):
        if not (tagged := _TAGGED.match(text)):
            continue
        tag, value = tagged.group(1).upper(), tagged.group(2).strip()
        if tag == "PMID":
            if begun:
                tally.add((), (), _owner(owner))
            begun, owner = begun + 1, ""
        elif tag == "OWN":
            owner = value
    if begun or owner:
        tally.add((), (), _owner(owner))
    return tally.origin(begun)


def _owner(text: str) -> str:
    return "eric" if text.upper() == "ERIC" else "pubmed"  # NLM, NASA, HSR ...: all are in PubMed


def _isi(file: IO[bytes]) -> Origin:
    tally = Tally()
    begun = 0
    numbers: list[str] = []
    for _, text in Lines(file):
        if not (tagged := _ISI.match(text)):
            continue
        if tagged.group(1) == "UT":
            numbers.append(tagged.group(2).strip()[:500])
            continue
        if begun:
            tally.add(("Web of Science",), numbers, platform="Web of Science")
        begun, numbers = begun + 1, []
    if begun:
        tally.add(("Web of Science",), numbers, platform="Web of Science")
    return tally.origin(begun)


def _bibtex(file: IO[bytes]) -> Origin:
    tally = Tally()
    begun = 0
    names: list[str] = []
    numbers: list[str] = []
    for _, text in Lines(file):
        if _BIBTEX_ENTRY.match(text):
            if begun:
                tally.add(names, numbers)
            begun += 1
            names, numbers = [], []
        elif begun and (known := _BIBTEX_FIELD.match(text)):
            value = known.group(2).strip()[:500].strip('{}", ')
            (names if known.group(1).lower() in ("source", "database") else numbers).append(value)
    if begun:
        tally.add(names, numbers)
    return tally.origin(None)  # an entry may begin within a line, which this look does not see


def _pubmed_xml(file: IO[bytes]) -> Origin:
    begun = sum(1 for _ in _records(file, _RECORD["pubmed-xml"]))
    # MedlineCitationSet, and UTF-16, do not show their records so; that it is PubMed's is known all the same.
    return Origin(begun or 1, Counter({"pubmed": begun or 1}), Counter(), "", begun or None)


def _endnote_xml(file: IO[bytes]) -> Origin:
    tally = Tally()
    program = ""
    for record in _records(file, _RECORD["endnote-xml"]):
        found = [
            (name.decode(), value.decode("utf-8", "replace").strip()) for name, value in _XML_VALUE.findall(record)
        ]
        program = program or ("an EndNote library" if _ENDNOTE_LIBRARY.search(record) else "")
        names = [value for name, value in found if name.startswith("remote")]
        tally.add(names, [value for name, value in found if not name.startswith("remote")])
    return tally.origin(tally.entries or None, program)


def _records(file: IO[bytes], start: re.Pattern[bytes]) -> Iterator[bytes]:
    """Give the XML records one by one as bytes, without parsing; of one that is too long its beginning."""
    head = file.read(_CHUNK)
    if encoding_of(head)[0] != "utf-8":
        return
    kept, inside = b"", False
    chunk = head
    while chunk:
        text = kept + chunk
        starts = [found.start() for found in start.finditer(text)]
        if not starts:
            kept = text[-64:] if not inside else text if len(text) < _LONGEST else text[:_CHUNK] + text[-64:]
        else:
            if inside and starts[0]:
                yield text[: starts[0]]
            for begins, ends in pairwise(starts):
                yield text[begins:ends]
            kept, inside = text[starts[-1] :], True
        chunk = file.read(_CHUNK)
    if inside:
        yield kept


def _table(file: IO[bytes]) -> Origin:
    tally = Tally()
    program = known = platform = ""
    headings: dict[str, str] = {}
    said = clues.PREFACE.search(head_text(file.read(_PREFACE)))
    file.seek(0)
    scholar = False
    for row in read_rows(file):
        if isinstance(row, Finding):
            continue
        cells = row[1]
        if not headings:
            headings = {heading: plain(heading) for heading in cells}
            there = frozenset(headings.values())
            program = next((name for needed, name in clues.PROGRAM_TABLES if needed <= there), "")
            known = next((name for needed, name in clues.TABLES if needed <= there), "")
            scholar = there >= clues.SCHOLAR
            platform = next((name for needed, name in clues.PLATFORM_TABLES if needed <= there), "")
        names, numbers = _cells(cells, headings)
        names += [said.group(1)] if said else []
        tally.add(names, numbers, known, "Publish or Perish" if scholar else platform)
    if scholar and ("google-scholar" in tally.databases or not tally.databases):
        tally.databases = Counter({"google-scholar": tally.entries})  # its results lie on all kinds of servers
    return tally.origin(None, program)


def _cells(row: dict[str, str], headings: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the cells that may name a database, and those that may hold its number or address."""
    names, numbers = [], []
    for heading, cell in row.items():
        if not cell or len(cell) > 2_000:
            continue
        where = headings.get(heading, "")
        if where in clues.NAMING and len(cell) <= 60:
            names.append(cell)
        elif where in clues.NUMBERING:
            numbers.append(cell[:500])
    return names, numbers


def _answer(entry: re.Pattern[bytes], database: str, platform: str) -> Callable[[IO[bytes]], Origin]:
    """Return the look through an answer of one database's own API."""

    def look(file: IO[bytes]) -> Origin:
        entries = len(entry.findall(file.read())) or 1
        return Origin(entries, Counter({database: entries}), Counter({platform: entries}))

    return look


def _zip(file: IO[bytes]) -> Origin:
    listed: list[tuple[str, str]] = []

    def each() -> Iterator[Origin]:
        for member in members(file):
            if isinstance(member, Member):
                listed.append((member.name, member.format))
                yield find_origin(member.file, member.format)

    return replace(joined(each()), members=tuple(listed), begun=None)  # a member that is no export counts as rejected


_LOOKS: dict[str, Callable[[IO[bytes]], Origin]] = {
    "ris": _ris,
    "ovid": _ovid,
    "refer": _refer,
    "cochrane": _cochrane,
    "nbib": _nbib,
    "isi": _isi,
    "bibtex": _bibtex,
    "pubmed-xml": _pubmed_xml,
    "endnote-xml": _endnote_xml,
    "scopus-json": _answer(re.compile(rb'"dc:identifier"'), "scopus", "Scopus"),
    "wos-json": _answer(re.compile(rb'"uid"'), "web-of-science", "Web of Science"),
    "embase-json": _answer(re.compile(rb'"itemIdList"'), "embase", "embase.com"),
    "europe-pmc-json": _answer(re.compile(rb'"source"'), "europe-pmc", "Europe PMC"),
    "crossref-json": _answer(re.compile(rb'"is-referenced-by-count"'), "crossref", "Crossref"),
    "clinicaltrials-json": _answer(re.compile(rb'"protocolSection"'), "clinicaltrials-gov", "ClinicalTrials.gov"),
    "openalex-json": _answer(re.compile(rb'"https://openalex\.org/W\d+"'), "openalex", "OpenAlex"),
    "csv": _table,
    "xlsx": _table,
    "zip": _zip,
}
