"""Tagged text that says what RIS says in other tags: EndNote's Refer, Ovid's, and the Cochrane Library's."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from reviewkit.formats.lines import Lines
from reviewkit.formats.ris_entry import citation_of
from reviewkit.formats.ris_fields import RisEntry
from reviewkit.model.citation import Citation, Finding


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of file marks entries and tags, and which tag of RIS says the same as each of its own.

    `begins` matches the line that begins an entry and, unless that line is itself tagged, holds nothing else.
    `tag` finds a line's tag and its text. `sign` is what the first line of an entry looks like, for messages.
    """

    begins: re.Pattern[str]
    tag: re.Pattern[str]
    tags: Mapping[str, str]
    sign: str


REFER = Dialect(
    begins=re.compile(r"%0 .*"),
    tag=re.compile(r"%([0-9A-Z@!#$&()*+?~<>^\[\]])(?: |$)(.*)"),
    tags={
        "0": "TY", "A": "AU", "E": "A2", "T": "TI", "J": "T2", "B": "T2", "V": "VL", "N": "IS", "P": "SP", "D": "PY",
        "8": "DA", "@": "SN", "R": "DO", "X": "AB", "K": "KW", "U": "UR", "M": "AN", "W": "DB", "~": "DB", "G": "LA",
        "I": "PB", "Z": "N1", "9": "M3", "2": "C2", "F": "LB", "O": "J2", "Q": "TT", "!": "ST",
    },
    sign="'%0 Journal Article'",
)  # fmt: skip
OVID = Dialect(
    begins=re.compile(r"\s{0,3}<\d{1,7}[.\s]{0,3}>\s*"),
    tag=re.compile(r"([A-Z][A-Z0-9])  -(?: |$)(.*)"),
    tags={
        "UI": "AN", "AN": "AN", "DB": "DB", "TI": "TI", "OT": "TT", "AU": "AU", "CA": "AU", "SO": "SO", "JN": "T2",
        "JA": "J2", "VO": "VL", "IP": "IS", "PG": "SP", "YR": "PY", "DP": "DA", "AB": "AB", "IS": "SN", "ES": "SN",
        "DO": "DO", "LG": "LA", "PT": "M3", "MH": "KW", "SH": "KW", "KW": "KW", "PB": "PB", "CN": "CN", "RC": "CN",
        "PM": "PM", "UR": "UR",
    },
    sign="'<1>'",
)  # fmt: skip
COCHRANE = Dialect(
    begins=re.compile(r"Record #\d+ of \d+\s*"),
    tag=re.compile(r"(ID|AU|TI|SO|YR|VL|NO|PG|PM|XR|PT|KY|DOI|AB|US|SN|LA|CC|AN|ST|DE): ?(.*)"),
    tags={
        "ID": "AN", "AU": "AU", "TI": "TI", "SO": "T2", "YR": "PY", "VL": "VL", "NO": "IS", "PG": "SP", "PM": "C3",
        "XR": "C3", "PT": "M3", "KY": "KW", "DOI": "DO", "AB": "AB", "US": "UR", "SN": "SN", "LA": "LA",
    },
    sign="'Record #1 of 9', then 'ID: CN-...'",
)  # fmt: skip

_TYPES = {
    "journal article": "JOUR", "electronic article": "EJOUR", "book": "BOOK", "edited book": "EDBOOK",
    "book section": "CHAP", "conference proceedings": "CONF", "conference paper": "CPAPER", "thesis": "THES",
    "report": "RPRT", "web page": "ELEC", "dataset": "DATA", "patent": "PAT", "newspaper article": "NEWS",
    "magazine article": "MGZN", "unpublished work": "UNPB", "government document": "GOVDOC",
}  # fmt: skip
_LISTS = frozenset(("KW", "N1", "SN", "AU", "UR"))
_PARTED = frozenset(("M3", "C3"))  # one line of several, parted by semicolons
# Ovid's SO: "J Tests. 12(3):123-9, 2019 Mar.", "Tests. 12 (3) (pp 123-129), 2019.", "Tests. Vol.12(3), 2019, pp. 1-9."
_VOLUME = re.compile(
    r"(?:^|[\s.]|\bVol\.? ?)(\d{1,4}) ?\((?!pp|no )([^)]{1,40})\)|(?:^|[\s.])(\d{1,4})(?=:)|\bVol\.? ?(\d{1,4})"
)
_PAGES = re.compile(r"\(pp ([^)]{1,40})\)|:([A-Za-z]?\d[\w.-]{0,20})|\bpp?\. ?([A-Za-z]?\d[\w-]{0,20})")
_DATE = re.compile(r"\b((?:19|20)\d\d(?: [A-Z][a-z]{2}\b)?(?: \d{1,2}\b)?)")


def parse_refer(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read EndNote's Refer: "%0 Journal Article", "%A Author, A."; an entry begins at %0 or after a blank line."""
    return _parse(file, REFER)


def parse_ovid(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read Ovid's tagged text, "Reprint/Medlars" and its like: "<1>", "UI  - 123"."""
    return _parse(file, OVID)


def parse_cochrane(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read the Cochrane Library's plain text: "Record #1 of 9", "ID: CN-01234567"."""
    return _parse(file, COCHRANE)


def _parse(file: IO[bytes], dialect: Dialect) -> Iterator[Citation | Finding]:
    lines = Lines(file)
    entry: RisEntry | None = None
    begun = 0  # the line of an entry that holds nothing yet
    name = ""
    count = 0
    parted = False
    for number, raw in lines:
        line = raw.lstrip("\ufeff")
        found = dialect.tag.fullmatch(line)
        begins = dialect.begins.fullmatch(line)
        if begins or (dialect is REFER and parted and found):
            if entry is not None or begun:
                count += 1
                yield _finish(entry, begun)
            entry, begun, name = None, number, ""
        parted = not line.strip()
        if found:
            if entry is None:
                entry, begun = RisEntry(begun or number, "JOUR"), 0
            name = dialect.tags.get(found.group(1), "")
            if name == "TY":
                entry.kind = _TYPES.get(found.group(2).strip().lower(), "GEN")
            if name:
                entry.add(name, found.group(2))
        elif entry is not None and name and not parted and not begins:
            # Ovid begins the paragraphs of an abstract at the margin, and indents what runs on.
            item = name in _LISTS or (name == "AB" and not line.startswith(" "))
            entry.extend(name, f"\n{line}" if item else line.strip())
    if entry is not None or begun:
        count += 1
        yield _finish(entry, begun)
    yield from lines.doubts
    if not count:
        yield Finding(f"no entry found: none begins with a line like {dialect.sign}", line=1, rejected=True)


def _finish(entry: RisEntry | None, begun: int) -> Citation | Finding:
    if entry is None:
        return Finding("an entry with neither title nor identifier", line=begun, rejected=True)
    entry.close()
    fields = entry.fields
    for name in _PARTED & fields.keys():
        fields[name] = [part for text in fields[name] for part in text.split(";")]
    if "SO" in fields:
        for name, text in _source(entry.first("SO")):
            fields.setdefault(name, [text])
    made = citation_of(entry)
    if made.title or made.doi or made.pmid or made.pmcid or made.registrations or made.accession:
        return made
    return Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)


def _source(text: str) -> Iterator[tuple[str, str]]:
    """Part Ovid's source line into journal, volume, issue, pages and date."""
    journal, _, rest = text.partition(". ")
    yield "T2", journal.rstrip(".")
    if volume := _VOLUME.search(rest):
        yield "VL", next(filter(None, (volume.group(1), volume.group(3), volume.group(4))))
        if volume.group(2):
            yield "IS", volume.group(2)
    if pages := _PAGES.search(rest):
        yield "SP", next(filter(None, pages.groups()))
    if date := _DATE.search(rest):
        yield "DA", date.group(1)
