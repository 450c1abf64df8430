"""How two titles compare: equal, a slip of the pen apart, cut off, or told apart by a number or an opposite."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from enum import Enum

from rapidfuzz.distance import Indel

from reviewkit.model.duplicates.telling import FEW, NEGATIONS, OPPOSED, SHORT_STAGES, STAGES
from reviewkit.model.text import NUMBER_WORDS, PART_WORDS, listed, number_words, roman


class Titles(Enum):
    """How two titles compare, the closest first."""

    EQUAL = "same title"
    ALIKE = "nearly the same title"  # letters, hyphens, spelling, an ending
    PART = "one title is part of the other"  # cut off, without its subtitle, or with a label in front
    MISREAD = "titles alike but for one word"  # "mobile" and "model": misread, or companion papers
    REWORDED = "titles alike but for some words"
    EXTENDED = "one title adds a number or a word that counts"  # a subtitle with "follow-up", a dose
    DISTINCT = "titles told apart by a number or a word that counts"  # part I and part II, men and women
    DIFFERENT = "different titles"
    SILENT = "one has no title"


_ORDER = {titles: place for place, titles in enumerate(Titles)}

_STOP = listed("a an and are as at by for from in is its of on or the to with without using based via vs versus")

_CONTRARY = re.compile(
    r"(hyper|hypo|inter|intra|pre|post|macro|micro|mono|poly|uni|bi|non|in|un|anti|pro|ante|over|under)"
)

_SHORTEST_PART = 12  # letters of a title that may be one part of the other; so short a one is generic
_LONG_START = 40  # letters: parts this long may differ by some letters
_SLIPS = 4
_MANY = 5  # words: titles that differ by more are not a slip apart
_LONGEST_LABEL = 8  # words in front of a title: "SIM paper competition", "Original article"


def compare_titles(one: Collection[str], other: Collection[str]) -> Titles:
    """Compare the titles of two citations, each given in one or more languages; the closest pair counts."""
    if not one or not other:
        return Titles.SILENT
    return min((_compare(a, b) for a in one for b in other), key=_ORDER.__getitem__)


def _compare(one: str, other: str) -> Titles:
    first, second = one.replace(" ", ""), other.replace(" ", "")
    if first == second:
        return Titles.EQUAL
    if first == second + "1" or second == first + "1":  # a footnote's mark, unless it numbers a part
        return Titles.DISTINCT if {*one.split()[-2:-1], *other.split()[-2:-1]} & PART_WORDS else Titles.ALIKE
    ratio = Indel.normalized_similarity(first, second)
    words, others = one.split(), other.split()
    nearly = abs(len(first) - len(second)) <= _SLIPS and ratio >= 0.9
    if not nearly and (part := _part(words, others, first, second)) is not None:
        return part
    only, extra = _unlike(words, others)
    shared = min(len(words) - len(only), len(others) - len(extra))
    if ratio < 0.6 and shared < 0.6 * min(len(words), len(others)):
        return Titles.DIFFERENT
    if (apart := _told_apart(words, others)) is not None:
        return apart if ratio >= 0.7 else Titles.DIFFERENT
    if not only and not extra and ratio >= 0.8:
        return Titles.ALIKE
    if min(len(words), len(others)) >= 6 and (not only or not extra) and len(only) + len(extra) <= 2 and ratio >= 0.88:
        return Titles.ALIKE  # a word or two left out
    if len(only) == len(extra) == 1 and ratio >= 0.95 and _misread(only[0], extra[0]):
        return Titles.MISREAD
    if ratio >= 0.7 or shared >= 0.6 * min(len(words), len(others)):
        return Titles.REWORDED
    return Titles.DIFFERENT


# --- one title within the other --------------------------------------------------------------------


def _part(words: Sequence[str], others: Sequence[str], first: str, second: str) -> Titles | None:
    """Say whether one title is the beginning or the end of the other, and what the rest makes of it; else None."""
    if len(second) < len(first):
        words, others, first, second = others, words, second, first
    if len(first) < _SHORTEST_PART or len(words) < 2:
        return None
    if _begins(first, second):
        place = _place(others, len(first))
        common, rest = others[:place], others[place:]
        numbered = bool(rest) and (rest[0].isdigit() or rest[0] in PART_WORDS or roman(rest[0]) > 0)
        cut = words[-1] != common[-1] and roman(words[-1]) > 0  # "part I" in "part II"
        if cut or words[-1] in PART_WORDS:
            return Titles.DISTINCT
    elif _begins(first[::-1], second[::-1]):
        place = _place(others, len(second) - len(first))
        common, rest = others[place:], others[:place]
        numbered = len(rest) > _LONGEST_LABEL
    else:
        return None
    whole = second.startswith(first) or second.endswith(first)
    if not whole and _told_apart(words, common) is Titles.DISTINCT:
        return Titles.DISTINCT
    return Titles.EXTENDED if numbered or _staged(rest) else Titles.PART


def _begins(first: str, second: str) -> bool:
    """Return True where the shorter text is the beginning of the longer one, but for a slip where it is long."""
    if second.startswith(first):
        return True
    if len(first) < _LONG_START:
        return False
    return bool(Indel.distance(first, second[: len(first)], score_cutoff=_SLIPS) <= _SLIPS)


def _place(words: Sequence[str], length: int) -> int:
    """Return how many words the first so many letters of a title make, the one that is cut counted."""
    seen = 0
    for place, word in enumerate(words):
        if seen >= length:
            return place
        seen += len(word)
    return len(words)


# --- what tells two works apart --------------------------------------------------------------------


def _told_apart(words: Sequence[str], others: Sequence[str]) -> Titles | None:
    """Say whether a number or a word tells two titles apart: each has its own, or one lacks what the other has."""
    mine, theirs = set(Counter(words) - Counter(others)), set(Counter(others) - Counter(words))
    number, another = number_words(words), number_words(others)
    if "".join(number) == "".join(another):  # "1,000" and "1000"
        number = another
    if any(OPPOSED.get(word, frozenset()) & theirs for word in mine) or _contrary(mine, theirs):
        return Titles.DISTINCT
    if number != another and not (_within_order(number, another) or _within_order(another, number)):
        return Titles.DISTINCT
    staged = {word for word in mine ^ theirs if not _misspelt(word, theirs if word in mine else mine)}
    if number != another or _staged(staged) or _negated(words, theirs, others) or _negated(others, mine, words):
        return Titles.EXTENDED
    return None


def _within_order(some: Sequence[str], every: Sequence[str]) -> bool:
    """Return True where all of some stand in the other sequence, in that order."""
    left = iter(every)
    return all(one in left for one in some)


def _misspelt(word: str, others: Collection[str]) -> bool:
    """Return True where a word that counts is the other title's misspelt word: "udpate"."""
    return (word in SHORT_STAGES or word in NEGATIONS) and any(sorted(word) == sorted(other) for other in others)


def _staged(words: Collection[str]) -> bool:
    """Return True where the words by which two titles differ name a stage of a work, or a piece about it."""
    return not (SHORT_STAGES if len(words) <= FEW else STAGES).isdisjoint(words)


def _negated(words: Sequence[str], theirs: Collection[str], others: Sequence[str]) -> bool:
    """Return True where one title has a "not" that the other lacks; "non-immune" and "nonimmune" are one."""
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word not in NEGATIONS or word in others or _misspelt(word, theirs):
            continue
        if not (following and word + following in theirs):
            return True
    return False


def _contrary(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Return True for hypertension and hypotension, and for stable and unstable; not for "non-immune" as two words."""
    one, other = _prefixed(mine), _prefixed(theirs)
    if any(rest in other and other[rest] != prefix for rest, prefix in one.items()):
        return True
    return any(r in theirs and p not in theirs for r, p in one.items()) or any(
        r in mine and p not in mine for r, p in other.items()
    )


def _prefixed(words: Collection[str]) -> dict[str, str]:
    """Return what follows in words that begin with "hyper", "hypo", "un" ... -> that beginning."""
    found = ((word, start) for word in words if (start := _CONTRARY.match(word)))
    return {word[start.end() :]: start[0] for word, start in found if len(word) - start.end() >= 3}


def _unlike(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of each title that have no counterpart in the other; a slip of the pen has one."""
    known, given = set(words), set(others)
    only = [w for w in words if w not in given and w not in _STOP and not _numeric(w)]
    extra = [w for w in others if w not in known and w not in _STOP and not _numeric(w)]
    if min(len(only), len(extra)) > _MANY:
        return only, extra
    for word in list(only):
        found = next((w for w in extra if _slip(word, w)), None)
        if found is not None:
            only.remove(word)
            extra.remove(found)
    mine, theirs = "".join(words), "".join(others)
    return [w for w in only if not _within(w, theirs)], [w for w in extra if not _within(w, mine)]


def _within(word: str, letters: str) -> bool:
    """Return True where a word is written there together with its neighbour, or as part of a longer word."""
    return len(word) >= 4 and word in letters


def _numeric(word: str) -> bool:
    """Return True for a number, which is compared as such."""
    return word.isdigit() or word in NUMBER_WORDS or roman(word) > 1


def _slip(one: str, other: str) -> bool:
    """Return True where one word is the other but for a slip of the pen or an ending; names of drugs differ by more."""
    shorter = min(len(one), len(other))
    if shorter <= 3:
        return one == other
    if Indel.distance(one, other, score_cutoff=4) <= (2 if shorter < 6 else 3 if one[0] == other[0] else 2):
        return True
    stem = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return stem >= 5 and stem >= 0.7 * min(len(one), len(other))  # "organizational" and "organized"


def _misread(one: str, other: str) -> bool:
    """Return True where a word may have been misread or mistyped for the other: it begins as that and has its look."""
    return one[0] == other[0] and Indel.normalized_similarity(one, other) >= 0.5
