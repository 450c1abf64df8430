"""One view of a record out of its citations, and the short name by which people call it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from reviewkit.model.citation import Citation

_SUFFIXES = ("Jr", "Sr", "2nd", "3rd", "4th")  # as PubMed writes them: "King ML Jr"
_ET_AL = re.compile(r",?\s*\bet al\b\.?")
_NOTHING = {f.name: f.default for f in fields(Citation) if f.name not in ("id", "run", "line")}


@dataclass(frozen=True, slots=True)
class Represented:
    """One view of a record, and for each of its fields the ids of the citations that it was taken from."""

    citation: Citation
    sources: Mapping[str, tuple[int, ...]]


def represented(citations: Sequence[Citation]) -> Represented:
    """Return the record that a set of citations of the same publication stands for, and where each field came from.

    Each field is the best that any of them has (see `reviewkit.model.best`); lists that add up (registration
    numbers, keywords, relations ...) are united. `id` is the record's: that of the earliest citation.
    """
    from reviewkit.model.best import best_fields  # who only compares citations has no need of it

    earliest = min(citations, key=lambda citation: citation.id)
    found = best_fields(citations)
    if len(citations) > 1:
        # A value that no choice fell on, such as a volume that is but the year, is none of the record's.
        values: dict[str, Any] = {name: found[name][0] if name in found else _NOTHING[name] for name in _NOTHING}
        earliest = replace(earliest, **values)
    return Represented(earliest, {name: sources for name, (_, sources) in found.items()})


def represent(citations: Sequence[Citation]) -> Citation:
    """Return the record that a set of citations of the same publication stands for, as `represented` makes it."""
    return citations[0] if len(citations) == 1 else represented(citations).citation


def family_name(author: str) -> str:
    """Return the family name of an author as reported: "Wilson JE" and "Wilson, Jane E" give "Wilson"."""
    name = (_ET_AL.sub("", author) if "et al" in author else author).strip()
    if "," in name:
        return name.split(",")[0].strip()
    words = name.split()
    while len(words) > 1 and (_is_initials(words[-1]) or words[-1].rstrip(".") in _SUFFIXES):
        words.pop()
    return " ".join(words)


def _is_initials(word: str) -> bool:
    return word.isupper() and len(word) <= 5


def short_name(citation: Citation) -> str:
    """Return "Wilson 2024": family name and year; without authors the register number or the title's beginning."""
    year = f" {citation.year}" if citation.year else ""
    if citation.authors and not citation.is_register_entry:
        return family_name(citation.first_author) + year
    if citation.registrations:
        return citation.registrations[0]
    words = " ".join(citation.title.split()[:4])
    return (words or "untitled") + year


def distinct_names(citations: Iterable[Citation]) -> dict[int, str]:
    """Return a short name for each id; equal ones get a, b, c ... in the order given ("Wilson 2024a")."""
    names = {citation.id: short_name(citation) for citation in citations}
    shared: dict[str, list[int]] = {}
    for key, name in names.items():
        shared.setdefault(name, []).append(key)
    for name, keys in shared.items():
        if len(keys) > 1:
            names.update({key: f"{name}{_letters(place)}" for place, key in enumerate(keys)})
    return names


def _letters(place: int) -> str:
    return ("" if place < 26 else _letters(place // 26 - 1)) + "abcdefghijklmnopqrstuvwxyz"[place % 26]
