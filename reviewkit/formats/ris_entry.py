"""One entry of a RIS file turned into a citation: which of its tags are asked for which field."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from reviewkit.formats import ris_fields as read
from reviewkit.formats import ris_tags as tags
from reviewkit.formats.copyright_line import LONGEST
from reviewkit.formats.drafts import citation
from reviewkit.formats.ris_fields import Names, RisEntry
from reviewkit.formats.ris_ids import Hiding, accession_of, hiding, identifiers_of
from reviewkit.model.citation import Citation

_DATES = tuple(dict.fromkeys((*tags.DATE, *tags.YEAR)))
_JOURNALS = frozenset((*tags.JOURNAL, *tags.ABBREVIATION))
_NUMBERS = frozenset((*tags.IDENTIFIERS, *tags.LISTS["addresses"], *tags.LISTS["notes"], "M2", *tags.ACCESSION))
_NOWHERE = hiding(())


def _first(entry: RisEntry, names: Names) -> str:
    return entry.first(*names)


# field of Citation -> the tags that may say it, the preferred one first, and how it is read; those that depend on no
# other field.
_ALONE: dict[str, tuple[Iterable[str], Callable[[RisEntry, Names], Any]]] = {
    "title": (tags.TEXTS["title"], _first),
    "vernacular_title": (tags.TEXTS["vernacular_title"], _first),
    "abstract": (tags.TEXTS["abstract"], read.abstract),
    "authors": ((*tags.AUTHORS, *chain.from_iterable(tags.EDITORS)), read.authors),
    "volume": (tags.TEXTS["volume"], _first),
    "issue": ((*tags.TEXTS["issue"], "M1"), read.issue),
    "pages": (("SP", "EP", *tags.TEXTS["article_number"], "M1", "SE"), read.pages),
    "doi": ((*tags.DOI, *tags.LISTS["notes"], "ID"), read.doi),
    "issns": (tags.LISTS["issns"], read.issns),
    "language": (tags.TEXTS["language"], _first),
    "keywords": (tags.LISTS["keywords"], read.keywords),
    "publisher": (tags.TEXTS["publisher"], _first),
    "notes": (tags.LISTS["notes"], read.notes),
    "url": (tags.LISTS["addresses"], read.address),
}


class _Plan(NamedTuple):
    """What entries with the same tags can say, and so what is to be asked of them."""

    # field, how it is read, the tags that are there for it; the one whose value it is where that is alone, plain, and
    # longer than so many characters
    alone: tuple[tuple[str, Callable[[RisEntry, Names], Any], Names, str, int], ...]
    dates: Names
    typed: bool
    journal: str  # "plain" where one tag alone can name it
    numbers: Hiding | None  # where identifiers may stand


@lru_cache(maxsize=2000)
def _plan(present: tuple[str, ...]) -> _Plan:
    """Plan for entries with these tags. A file has few sets of tags, and most fields have no tag at all."""
    here = frozenset(present)
    alone = [(field, ask, tuple(tag for tag in names if tag in here)) for field, (names, ask) in _ALONE.items()]
    journals = _JOURNALS & here
    twice = "TI" in here and "T1" in here
    plain = len(journals) == 1 and not twice and journals <= {*tags.JOURNAL} - {"BT"}
    if plain:
        alone.append(("journal", _first, tuple(journals)))
    return _Plan(
        alone=tuple(
            (field, ask, names, names[0] if _stands(ask, names) else "", LONGEST if field == "abstract" else 0)
            for field, ask, names in alone
            if names
        ),
        dates=tuple(tag for tag in _DATES if tag in here),
        typed=not here.isdisjoint(tags.LISTS["types"]),
        journal="plain" if plain else "any" if journals or twice else "",
        numbers=hiding(present) if _NUMBERS & here else None,
    )


def _stands(ask: Callable[[RisEntry, Names], Any], names: Names) -> bool:
    """True when a field is what its preferred tag says, where that says it once and plainly."""
    return ask in (_first, read.abstract) or (ask is read.notes and len(names) == 1)


def citation_of(entry: RisEntry) -> Citation:
    """Return what an entry says."""
    fields, plain = entry.fields, entry.plain
    plan = _plan(tuple(fields))
    said: dict[str, Any] = {"line": entry.line}
    for field, ask, names, tag, short in plan.alone:
        if plain and tag and len(values := fields[tag]) == 1 and len(text := values[0].strip(" ")) > short:
            said[field] = text
        else:
            said[field] = ask(entry, names)
    if plan.dates:
        said["date"], said["year"] = read.date(entry, plan.dates)
    if plan.typed:
        said["types"] = read.types(entry)
    elif kind := tags.TYPES.get(entry.kind):
        said["types"] = (kind,)
    if plan.journal == "any":
        said["journal"], said["journal_abbreviation"] = read.journal(entry, said.get("title", ""))
    register = said.get("url", "")
    if (
        plan.journal and (name := said["journal"])[:4].lower() == "http"
    ):  # CENTRAL names a register by the address of the entry
        said["journal"] = ""
        said.update({"notes": f"{said.get('notes', '')}\n{name}".strip()} if register else {"url": name})
        register = name
    if (numbers := plan.numbers or (_NOWHERE if register else None)) is not None:
        notes = said.get("notes", "")
        said["pmid"], said["pmcid"], said["registrations"] = identifiers_of(entry, numbers, notes, register)
        said["accession"] = accession_of(entry, numbers, said["pmid"], said.get("url", ""), notes)
    return citation(said)
