"""Blocking: the keys that bring together citations that may be one, and the pairs that share one.

A key is a number made of facts that copies share. Exact keys hold what must agree (an identifier, a whole title, a
place); the others survive cuts (a title's edges) and slips (some of its words). A citation meets at most so many
earlier ones under one key, so time stays near linear however large a block grows; and as only earlier ones count,
what it meets does not depend on what comes later.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.pages import Style
from reviewkit.model.text import listed

BLOCK = 50  # a citation is compared with at most so many earlier ones that share an exact key
LOOSE = 12  # and with so many that share a loose one
START = 18  # letters of a title's beginning or end that go with an author

_COMMON = listed(  # words that too many titles hold
    "about after among analysis associated association based between clinical comparison compared controlled during "
    "effect effects efficacy evaluation factors following from health high impact into patients randomised randomized "
    "research results review risk role study systematic their therapy through treatment trial under using versus what "
    "when which with within without cohort disease care case report women adults children management outcomes "
    "prospective retrospective"
)


def exact_keys(print_: Fingerprint) -> Iterator[object]:
    """Yield what two copies share exactly: an identifier, a title, a place."""
    if print_.registrations and (print_.form == "register" or len(print_.registrations) == 1):
        yield from (("registration", number) for number in print_.registrations)
    if print_.doi:
        yield "doi", print_.doi
    if print_.pmid:
        yield "pmid", print_.pmid
    if print_.pmcid:
        yield "pmcid", print_.pmcid
    for title in print_.titles:
        letters = title.replace(" ", "")
        if print_.generic:
            yield letters, print_.year, print_.volume
            if print_.people:
                yield letters, print_.author[:4], print_.volume
        else:
            yield letters
    if print_.pages and print_.pages.style is not Style.OWN:
        first = print_.pages.first
        if print_.volume:
            yield print_.volume, first, print_.year
            if print_.people:
                yield print_.volume, first, print_.people[0][0][:4]
        elif print_.pages.last > first > 1:
            yield first, print_.pages.last, print_.year


def edge_keys(print_: Fingerprint) -> Iterator[object]:
    """Yield how a title begins and ends, which copies share although one is cut off, or has a label or a subtitle.

    A database's own number is with them: few copies have one, so few earlier ones are enough to meet.
    """
    if print_.accession:  # where a file gives all its entries one, they meet a few, and what is said of these is enough
        yield print_.accession
    author = print_.author[:4]
    if author and print_.volume and print_.issue:
        yield "issue", print_.year, print_.volume, print_.issue, author
    if print_.generic:
        return
    for title in print_.titles:
        letters = title.replace(" ", "")
        yield "start", letters[:40]
        yield "end", letters[-40:]
        if author:
            yield letters[:START], author
            yield letters[-START:], author


def loose_keys(print_: Fingerprint) -> Iterator[object]:
    """Yield words by which titles with slips, or with some other words, still meet: two of three, or one and an author.

    The three are chosen by a number made of each word, so that two titles that share most words likely choose the same.
    """
    if print_.generic:
        return
    for title in print_.titles:
        rare = sorted(set(map(_number, title.split())) - _NONE)[:3]
        if len(rare) > 1:
            yield rare[0], rare[1]
        if len(rare) > 2:
            yield rare[0], rare[2]
            yield rare[1], rare[2]
        if print_.people:
            yield from ((print_.author[:4], word, print_.year) for word in rare[:2])


@lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    """Return the number made of a word, 0 for one that too many titles hold."""
    return crc32(word.encode()) if len(word) > 3 and word not in _COMMON else 0


_NONE = frozenset((0,))


class _Keys:
    """Keys of one kind as numbers, and how many each citation has of them."""

    def __init__(self, make: Callable[[Fingerprint], Iterable[object]], most: int) -> None:
        self._make, self._most = make, most
        self._keys, self._counts = array("q"), array("i")

    def add(self, print_: Fingerprint) -> None:
        """Take in the next citation."""
        found = set(map(hash, self._make(print_)))
        self._keys.extend(found)
        self._counts.append(len(found))

    def pairs(self, first: int) -> NDArray[np.int64]:
        """Pair each citation with some earlier ones under each key; a pair is right * 2**32 + left, some come twice."""
        if not self._keys:
            return np.empty(0, dtype=np.int64)
        key, counts = np.frombuffer(self._keys, dtype=np.int64), np.frombuffer(self._counts, dtype=np.int32)
        place = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        order = np.argsort(key, kind="stable")  # places ascend within a key
        key, place = key[order], place[order]
        found = []
        later = np.flatnonzero(key[1:] == key[:-1]) + 1
        for back in range(1, self._most + 1):
            new = later[place[later] >= first]
            found.append((place[new].astype(np.int64) << 32) | place[new - back])
            later = later[later > back]
            later = later[key[later] == key[later - back - 1]]
            if not len(later):
                break
        return np.concatenate(found)


class Blocks:
    """The keys of all citations, by their place in the list; a few numbers each."""

    def __init__(self) -> None:
        """Start empty."""
        self._close = (_Keys(exact_keys, BLOCK), _Keys(edge_keys, LOOSE))
        self._loose = _Keys(loose_keys, LOOSE)

    def add(self, print_: Fingerprint) -> None:
        """Take in the next citation."""
        for keys in (*self._close, self._loose):
            keys.add(print_)

    def pairs(self, first: int = 0) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the pairs of places (left < right) that share a key, by ascending right, then left.

        Args:
            first: only pairs whose right place is this or later.

        Returns:
            The pairs, as numbers that `split_pair` reads, and which of them share more than a title's words.
        """
        close = _once(np.concatenate([keys.pairs(first) for keys in self._close]))
        every = _once(np.concatenate([close, self._loose.pairs(first)]))
        if not len(close):
            return every, np.zeros(len(every), dtype=bool)
        at = np.minimum(np.searchsorted(close, every), len(close) - 1)
        return every, close[at] == every


def _once(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return pairs in order, each once."""
    pairs.sort()
    if not len(pairs):
        return pairs
    new = np.ones(len(pairs), dtype=bool)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    return pairs[new]


def split_pair(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the left and right places of pairs as `Blocks.pairs` writes them."""
    return pairs & 0xFFFFFFFF, pairs >> 32
