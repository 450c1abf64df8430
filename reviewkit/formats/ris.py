"""RIS as reference managers and databases really write it, read tolerantly: which lines make an entry."""

import re
from collections.abc import Iterator
from typing import IO

from reviewkit.formats import ris_tags as tags
from reviewkit.formats.lines import Lines
from reviewkit.formats.own_fields import restore
from reviewkit.formats.ris_entry import citation_of
from reviewkit.formats.ris_fields import NO_TYPE, RisEntry
from reviewkit.formats.tidy import odd_characters
from reviewkit.model.citation import Citation, Finding

# "TY  - ", with one to three blanks before the dash, any number after it, a few before the tag.
_TAG = re.compile(r"[\s\ufeff]{0,5}([A-Za-z][A-Za-z0-9]{1,3})([ \xa0]{0,3})[-–—](\s|)(.*)", re.S)
# The tags as nearly every file has them, found without a pattern; '' for those that nothing is taken from. TY and ER,
# which do more, are not among them.
_EXACT = {f"{tag}  - ": "" if tag in tags.UNREAD else tag for tag in tags.KNOWN - {"TY", "ER"} if len(tag) == 2}
_BY_BOOK = frozenset(("TY  - ", "ER  - "))
_OUTSIDE: dict[str, str] = {}  # the same where no entry is open
# What programs put between entries: "1.", "<1>", "Record #1 of 9", Ovid's links and journal line.
_AROUND = re.compile(
    r"\s*(?:\d{1,7}\.|<\d{1,7}[.\s]{0,3}>|Record #\d+ of \d+|(?:Provider|Content|Database)\s?:.*|Link to the .*"
    r"|NL  - .*)?\s*",
    re.I | re.S,
)


def parse_ris(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read RIS: an entry begins at TY and ends at ER, at the next TY, or with the file.

    Lines without a tag continue the value before; under KW each is a keyword (EndNote writes so), and after a blank
    line it is a new paragraph. Text between entries is passed over; that it was is said once.
    """
    lines = Lines(file)
    entry: RisEntry | None = None
    values: dict[str, list[str]] = {}  # the entry's own
    exact = _OUTSIDE.get
    count = outside = strays = 0
    blank = 0  # the last blank line's number
    tag = ""  # the tag that was added last
    for first, batch, together in lines.batches():
        odd = odd_characters(together)
        if entry is not None:
            entry.goes_on(odd)
        for number, raw in enumerate(batch, first):
            start = raw[:6]
            if known := exact(start):  # nearly every line of nearly every file
                tag = known
                values[known].append(raw[6:])
                continue
            if known is not None:
                tag = start[:2]
                continue
            if not raw or raw.isspace():
                blank = number
                continue
            tagged = (start[:2], raw[6:]) if start in _BY_BOOK else _tag_of(raw, entry, tag)
            if tagged is None:
                if entry is not None and tag in values:
                    entry.extend(tag, "\n" + raw if blank == number - 1 or tag in tags.LINES else raw)
                elif not (entry is not None and tag in tags.UNREAD) and not _AROUND.fullmatch(raw):
                    outside, strays = outside or number, strays + 1
                continue
            name, text = tagged
            if name == "TY":
                if entry is not None:
                    count += 1
                    yield from _finish(entry, f"no ER before the next entry, in line {number}")
                entry = RisEntry(number, text.strip().upper(), odd)
                if start not in _BY_BOOK:
                    entry.small, entry.strict = raw.lstrip(" \ufeff\xa0\t").startswith("ty"), "  - " in raw
                values, exact, tag = entry.fields, _EXACT.get, ""
            elif name == "ER":
                if entry is not None:
                    count += 1
                    yield from _finish(entry)
                entry, exact = None, _OUTSIDE.get
            else:
                if entry is None:
                    entry = RisEntry(number, NO_TYPE, odd, strict=False)
                    values, exact = entry.fields, _EXACT.get
                entry.add(name, text)
                tag = name
    if entry is not None:
        count += 1
        yield from _finish(entry, "no ER at the end of the file, which may have been cut off")
    yield from lines.doubts
    if not count:
        yield Finding("no entry found: no line begins with 'TY  - '", line=1, rejected=True)
    elif strays:
        more = f", nor do {strays - 1:,} later ones" if strays > 1 else ""
        yield Finding(f"this line belongs to no entry and was passed over{more}", line=outside)


def _tag_of(raw: str, entry: RisEntry | None, last: str) -> tuple[str, str] | None:
    """Return the tag and text of a line, or None where the line only looks tagged ("IL-6 levels", "DNA - binding").

    Args:
        entry: the one that is open.
        last: the tag that was read last in it.
    """
    found = None if raw.startswith("      ") else _TAG.match(raw)
    if not found:
        return None
    name, before, after, text = found.groups()
    tag = name.upper()
    if tag not in tags.KNOWN and (entry is None or len(tag) > 2 or len(before) != 2):
        return None
    if (
        name != tag
        and not (entry is not None and entry.small)
        and not (tag == "TY" and text.strip().upper() in tags.TYPES)
    ):
        return None
    if not before:  # "TY- JOUR"
        return (tag, text) if after or not text or tag in ("TY", "ER") else None
    if len(before) == 1 and entry is not None and entry.strict and last in tags.PROSE and tag not in ("TY", "ER"):
        return None  # "AB - antibody; SP - substance P", a list of short forms in an abstract
    return tag, text


def _finish(entry: RisEntry, doubt: str = "") -> list[Citation | Finding]:
    entry.close()
    made = citation_of(entry)
    if "U4" in entry.fields:  # what RIS has no place for, in files of reviewkit
        for own in entry.fields["U4"]:
            made = restore(made, own)
    if not (made.title or made.doi or made.pmid or made.pmcid or made.registrations or made.accession):
        if entry.kind == NO_TYPE:
            return [Finding("lines outside any entry were passed over", line=entry.line)]
        return [Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)]
    found: list[Citation | Finding] = []
    if doubt:
        found.append(Finding(f"{doubt}; the entry is kept", line=entry.line))
    if entry.kind == NO_TYPE:
        found.append(Finding("this entry does not begin with TY; it is kept", line=entry.line))
    return [*found, made] if found else [made]
