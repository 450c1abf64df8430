"""One view of a record out of its citations, and the short name by which people call it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from reviewkit.model.citation import Citation

_SUFFIXES = ("Jr", "Sr", "2nd", "3rd", "4th")  # as PubMed writes them: "King ML Jr"
_LISTS = ("registrations", "issns", "types", "keywords", "subjects", "related")


def represent(citations: Sequence[Citation]) -> Citation:
    """Return the record that a set of citations of the same publication stands for.

    Each field comes from the first citation (by id) that has it; title, authors and abstract from the one that
    says most; lists that add up (registration numbers, keywords, relations ...) are united. `id` is the record's.
    """
    ordered = sorted(citations, key=lambda citation: citation.id)
    best: dict[str, Any] = {}
    for name in (f.name for f in fields(Citation)):
        if name in _LISTS:
            best[name] = tuple(dict.fromkeys(item for c in ordered for item in getattr(c, name)))
        else:
            best[name] = next((value for c in ordered if (value := getattr(c, name))), getattr(ordered[0], name))
    best["title"] = max((c.title for c in ordered), key=len)
    best["abstract"] = max((c.abstract for c in ordered), key=len)
    best["authors"] = max((c.authors for c in ordered), key=lambda authors: sum(map(len, authors)))
    return replace(ordered[0], **best)


def family_name(author: str) -> str:
    """Return the family name of an author as reported: "Wilson JE" and "Wilson, Jane E" give "Wilson"."""
    name = re.sub(r",?\s*\bet al\b\.?", "", author).strip()
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
