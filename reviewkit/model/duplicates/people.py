"""Authors' names, made comparable although each database orders, shortens and mangles them in its own way."""

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from rapidfuzz.distance import Indel, JaroWinkler

from reviewkit.model.represent import family_name
from reviewkit.model.text import listed, words

_PARTICLES = listed(
    "de la le van der den von vom zu zur del da dos das do di du el al bin ben ibn ten ter te tot jr sr et and of"
)
_NOBODY = frozenset(
    ("anonymous", "anon", "no authors listed", "author", "unknown", "na", "n a", "nan", "et al", "none")
)
_GROUPS = listed(
    "group committee collaborators collaboration investigators consortium society association organization "
    "organisation institute council agency network team panel task force trialists federation college academy "
    "department ministry university inc ltd gmbh llc corporation pharmaceuticals company laboratories board office "
    "program programme"
)
_MOST = 12  # authors that are looked at: lists are cut off, and the first ones say enough

Name = tuple[str, str]  # the words of the family name, and of given names that are written out


@lru_cache(maxsize=200_000)
def name_words(author: str) -> Name:
    """Return the words of an author's family and given names without particles; ("", "") for "Anonymous".

    "Müller-Lüdenscheidt J", "Mueller-Luedenscheidt, Jane" and "de Müller Lüdenscheidt" have one family name;
    what a database took for a given name ("Le, Quintrec M.") is still found among the given names.
    """
    author = author[:200]
    found = words(family_name(author))
    if " ".join(found) in _NOBODY:
        return "", ""
    family = [word for word in found if len(word) > 1 and word not in _PARTICLES]
    given = [word for word in words(author) if len(word) > 2 and word not in found and word not in _PARTICLES]
    if not given:
        return _plain(" ".join(family or found)), ""
    if not family:
        family, given = given, []
    return _plain(" ".join(family)), _plain(" ".join(given))


def _plain(name: str) -> str:
    """Write ü, ue and u alike."""
    return name.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def people(authors: Sequence[str]) -> tuple[Name, ...]:
    """Return the names of a citation's first authors."""
    return tuple(filter(itemgetter(0), map(name_words, authors[:_MOST])))


def is_group(name: Name) -> bool:
    """Return True for the name of a committee or company."""
    return not _GROUPS.isdisjoint(name[0].split())


def share(one: Sequence[Name], other: Sequence[Name]) -> tuple[bool, int]:
    """Return whether the first authors agree, and how many authors two lists share.

    A first author agrees when the family name is among the other list's names, at any place and in either part of
    the name, or when it is the other's first name but for a slip.
    """
    mine, theirs = _families(one), _families(other)
    shared = min(_among(one, theirs), _among(other, mine))  # two Wangs share one Wang once
    if not shared and not mine.isdisjoint(theirs):
        shared = 1
    first = not theirs.isdisjoint(one[0][0].split()) or not mine.isdisjoint(other[0][0].split())
    if not first:
        first = _given(one, other[0]) or _given(other, one[0]) or _slip(one[0][0], other[0][0])
        shared += first
    return first, shared


def _among(names: Sequence[Name], families: set[str]) -> int:
    return sum(1 for family, _ in names if not families.isdisjoint(family.split()))


def _families(names: Sequence[Name]) -> set[str]:
    return {word for family, _ in names for word in family.split()}


def _given(names: Sequence[Name], first: Name) -> bool:
    """Return True where an author's family name stands among the given names of others: the parts changed places."""
    return any(word in given.split() for word in first[0].split() if len(word) > 2 for _, given in names)


def _slip(one: str, other: str) -> bool:
    first, second = one.replace(" ", ""), other.replace(" ", "")
    if min(len(first), len(second)) < 4:  # Li and Lu are two people
        return False
    if first.startswith(second) or second.startswith(first):
        return True
    return bool(
        Indel.normalized_similarity(first, second) >= 0.8
        or (min(len(first), len(second)) >= 6 and JaroWinkler.similarity(first, second) >= 0.93)
    )
