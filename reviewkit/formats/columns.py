"""Which column of a table holds which field: recognised by its heading, or named by a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewkit.formats.clean import clean
from reviewkit.formats.headings import DIALECTS, EXPECTED, HEADINGS, OWN_IDS, SYNONYMS, plain
from reviewkit.model.citation import Finding

_OURS = ("own", "related", "added", "status", "results")  # of no use in a table that is not ours or a register's
IGNORED = ("", "-")  # what a column is mapped to when it shall not be read
_NAMED = 30  # headings named in a message
_LENGTH = 300
_IN_BRACKETS = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a table's rows the fields are: field -> columns, the preferred one first; -1 when there is no own id."""

    headings: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    own_id: int = -1

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Each heading with the field it is read as, '' where it is not read."""
        field_of = {place: field for field, places in self.fields.items() for place in places}
        return [(heading, field_of.get(place, "")) for place, heading in enumerate(self.headings)]


def fields() -> tuple[str, ...]:
    """Return the names that a column may be mapped to."""
    return tuple(field for field in HEADINGS if field not in _OURS)


_RANKS: dict[str, tuple[str, int]] = {}
for _field, _names in HEADINGS.items():
    for _rank, _heading in enumerate(_names):
        _RANKS.setdefault(plain(_heading), (_field, _rank))
_AFTER_ALL = 1000  # rank of a heading that is known only without what it has in brackets


def columns(headings: Sequence[str]) -> dict[str, list[int]]:
    """Return field -> its columns, the preferred heading first; a heading that is not known has no place."""
    names = [plain(heading) for heading in headings]
    known = set(names)
    special = {name: field for tags, dialect in DIALECTS if tags <= known for name, field in dialect.items()}
    found: dict[str, list[tuple[int, int]]] = {}
    for place, (heading, name) in enumerate(zip(headings, names, strict=True)):
        if name in special:
            if not special[name]:
                continue
            found.setdefault(special[name], []).append((_AFTER_ALL, place))
        elif name and (rank := _rank_of(heading, name)):
            found.setdefault(rank[0], []).append((rank[1], place))
    return {field: [place for _, place in sorted(places)] for field, places in found.items()}


def score(headings: Sequence[str], mapped: Mapping[str, str]) -> int:
    """Say how much a row looks like the headings: the fields it names, 0 when no title is among them."""
    found = {*columns(headings)}
    if mapped:
        named = {plain(heading): field for heading, field in mapped.items()}
        found |= {_named(named[name]) for name in map(plain, headings) if name in named}
    return len(found) if "title" in found else 0


def choose(headings: Sequence[str], mapped: Mapping[str, str], line: int, where: str = "") -> Places | Finding:
    """Decide which column holds which field; what a person named outranks what is recognised.

    Args:
        headings: the heading row.
        mapped: heading -> field; '' or '-' for a column that shall not be read.
        line: of the heading row, for the finding.
        where: the sheet, for the finding.
    """
    shown = tuple(clean(heading) for heading in headings)
    taken: dict[int, str] = {}
    problems = []
    for heading, field in mapped.items():
        places = _headed(shown, heading)
        wanted = _named(field)
        if not places:
            problems.append(f"no column is headed '{clean(heading)[:60]}'; the headings are: {listed(shown)}")
        elif wanted not in fields() and wanted not in IGNORED:
            problems.append(f"there is no field '{clean(field)[:60]}'; the fields are: {', '.join(fields())}")
        taken |= dict.fromkeys(places, wanted)
    if problems:
        return Finding(where + "; ".join(problems), line=line, rejected=True)
    found: dict[str, list[int]] = {}
    for place, field in sorted(taken.items()):
        if field not in IGNORED:
            found.setdefault(field, []).append(place)
    for field, places in columns(shown).items():
        found.setdefault(field, []).extend(place for place in places if place not in taken)
    if not found.get("title"):
        return Finding(where + no_title(shown), line=line, rejected=True)
    held = {field: tuple(places) for field, places in found.items() if places}
    return Places(shown, held, _own_id(shown))


def fitting(headings: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Return of what a person named that whose heading and field there are."""
    known = (*fields(), *IGNORED)
    return {named: field for named, field in mapped.items() if _headed(headings, named) and _named(field) in known}


def no_title(headings: Sequence[str]) -> str:
    """Say that a table has no column for the title, what it has, and what is understood."""
    return (
        f"no column is headed 'title'. Headings found: {listed(headings)}. "
        f"Headings that are understood: {EXPECTED}, and those of the usual databases and programs; "
        "import and convert take what another one is, as --map 'Titel=title'"
    )


def listed(headings: Sequence[str]) -> str:
    """Name headings in a message, not too many."""
    named = ", ".join(clean(heading) for heading in headings[:_NAMED] if heading.strip())[:_LENGTH]
    return f"{named} ..." if len(headings) > _NAMED else named


def _named(text: str) -> str:
    """Return a field's name as a person writes it: "Journal abbreviation", "registrations"."""
    name = text.strip().lower().replace(" ", "_")
    return SYNONYMS.get(name, name)


def _rank_of(heading: str, name: str) -> tuple[str, int] | None:
    if known := _RANKS.get(name):
        return known
    if "(" in heading or "[" in heading:  # "Year (YYYY)", "Publication date (online)"
        field, rank = _RANKS.get(plain(_IN_BRACKETS.sub(" ", heading)), ("", 0))
        return (field, rank + _AFTER_ALL) if field else None
    return None


def _headed(headings: Sequence[str], wanted: str) -> list[int]:
    """Return the columns with a heading: as it is written, or else compared without case, blanks and punctuation."""
    text = clean(wanted)
    exact = [place for place, heading in enumerate(headings) if heading == text]
    name = plain(text)
    return exact or [place for place, heading in enumerate(headings) if name and plain(heading) == name]


def _own_id(headings: Sequence[str]) -> int:
    names = [plain(heading) for heading in headings]
    special = {name for tags, dialect in DIALECTS if tags <= set(names) for name in dialect}
    wanted = [name for name in map(plain, OWN_IDS) if name in names and name not in special]
    return names.index(wanted[0]) if wanted else -1
