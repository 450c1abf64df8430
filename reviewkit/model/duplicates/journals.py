"""Names of journals and congresses, made comparable: abbreviated, renamed, with places, years and acronyms."""

import re
from functools import lru_cache

from rapidfuzz.distance import Indel

from reviewkit.model.text import listed, words

_STOP = listed(
    "of the and for in on a an to at de la le les der die das des und et y e del della di do da dos fur van voor och"
)
_DECOR = listed(  # what names of proceedings have and lose
    "proceedings proc annual conference conf congress meeting symposium workshop international intl int th st nd rd "
    "vol vols volume volumes online print electronic resource edition series supplement suppl part lecture notes"
)
_CONGRESS = frozenset(("conference", "congress", "symposium", "meeting", "workshop", "proceedings", "conf"))
_SUBTITLES = listed(
    "journal official organ publication bulletin zeitschrift revista revue official society association"
)
_ORDINALS = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?$|[ivx]+$")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@lru_cache(maxsize=100_000)
def journal_key(journal: str) -> str:
    """Return the words of a journal's name; a place or subtitle in brackets is left out."""
    journal = journal[:300]
    plain = _BRACKETS.sub(" ", journal)
    return " ".join(words(plain) or words(journal))


@lru_cache(maxsize=200_000)
def journals_alike(one: str, other: str) -> bool:
    """Return True when two names, as `journal_key` gives them, may be one name, its abbreviation or its acronym.

    "Mol Med" and "Molecular Medicine", "BMJ" and "British Medical Journal", a name and its longer form.
    """
    if one == other:
        return True
    first, second = _core(one), _core(other)
    short, long = sorted((first, second), key=lambda name: (len(name), sum(map(len, name))))
    if short == long[: len(short)] or _acronym(one, other) or _acronym(other, one):
        return True
    if len(short) == len(long) and all(
        _abbreviates(a, b) or _abbreviates(b, a) for a, b in zip(short, long, strict=True)
    ):
        return True
    if len(short) > 1:
        left = iter(long)  # each word of the short name begins a word of the long one, in order
        if all(any(_abbreviates(part, full) for full in left) for part in short):
            return True
    bare, full_ = _bare(first), _bare(second)
    if bare and (bare == full_ or (min(len(bare), len(full_)) > 1 and (bare <= full_ or full_ <= bare))):
        return True
    if not (_CONGRESS.isdisjoint(first) or _CONGRESS.isdisjoint(second)):
        both = len(bare & full_)
        if both >= 3 and both >= 0.7 * min(len(bare), len(full_)):
            return True
    return bool(Indel.normalized_similarity(" ".join(first), " ".join(second)) >= 0.88)


@lru_cache(maxsize=200_000)
def may_be_siblings(one: str, other: str) -> bool:
    """Return True where one name is a single word with which the other begins: "Brain" and "Brain Research".

    Other is a subtitle, "Stroke; a journal of cerebral circulation".
    """
    short, long = sorted((_core(one), _core(other)), key=len)
    rest = set(long[1:])
    return len(short) == 1 < len(long) and short == long[:1] and rest.isdisjoint(_SUBTITLES | _DECOR)


@lru_cache(maxsize=50_000)
def is_congress(journal: str) -> bool:
    """Return True for the name of a congress, as `journal_key` gives it."""
    return not _CONGRESS.isdisjoint(journal.split())


def _core(name: str) -> tuple[str, ...]:
    found = name.split()
    return tuple(word for word in found if word not in _STOP) or tuple(found)


def _abbreviates(part: str, full: str) -> bool:
    """Return True for "med" and "medicine", "natl" and "national"."""
    if full.startswith(part):
        return True
    if len(part) < 3 or part[0] != full[0]:
        return False
    left = iter(full)
    return all(letter in left for letter in part)


def _bare(core: tuple[str, ...]) -> frozenset[str]:
    return frozenset(w for w in core if w not in _DECOR and w not in _ORDINALS and not _ORDINAL.match(w))


def _acronym(one: str, other: str) -> bool:
    """Return True where a word of one name is made of the first letters of the other's."""
    letters = "".join(word[0] for word in _core(other) if not _ORDINAL.match(word))
    found = one.split()
    return len(letters) >= 3 and (letters in found[:1] or letters in found[-1:])
