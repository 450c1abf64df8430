"""Blocking: the keys that bring together citations that may be one, and the pairs that share one.

A key is a number made of facts that copies share. Exact keys hold what must agree (an identifier, a whole title, a
place); loose ones survive a slip (three of the title's words, the author and a word). A citation meets at most so many
earlier ones under one key, so time stays near linear however large a block grows; and as only earlier ones count,
what it meets does not depend on what comes later.
"""

from array import array
from collections.abc import Iterator
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


def loose_keys(print_: Fingerprint) -> Iterator[object]:
    """Yield what survives in a copy with slips, cuts, labels or another order of names."""
    year, author = print_.year, print_.people[0][0][:4] if print_.people else ""
    if author and print_.volume and print_.issue:
        yield "issue", year, print_.volume, print_.issue, author
    if print_.generic or not print_.titles:
        return
    for title in print_.titles:
        letters = title.replace(" ", "")
        yield "start", letters[:40]
        yield "end", letters[-40:]
        if author:
            yield letters[:START], author
            yield letters[-START:], author
        rare = sorted((crc32(w.encode()), w) for w in {*title.split()} if len(w) > 3 and w not in _COMMON)[:3]
        words = [word for _, word in rare]
        if len(words) > 1:
            yield words[0], words[1]
        if len(words) > 2:
            yield words[0], words[2]
            yield words[1], words[2]
        if author:
            yield from ((author, word, year) for word in words[:2])


class Blocks:
    """The keys of all citations, by their place in the list; a few numbers each."""

    def __init__(self) -> None:
        """Start empty."""
        self._exact, self._loose = (array("q"), array("i")), (array("q"), array("i"))
        self._count = 0

    def add(self, print_: Fingerprint) -> None:
        """Take in the next citation."""
        for (keys, places), made in ((self._exact, exact_keys(print_)), (self._loose, loose_keys(print_))):
            found = set(map(hash, made))
            keys.extend(found)
            places.extend([self._count] * len(found))
        self._count += 1

    def pairs(self, first: int = 0) -> NDArray[np.int64]:
        """Return the pairs of places (left < right) that share a key, by ascending right, then left.

        Args:
            first: only pairs whose right place is this or later.
        """
        found = [_pairs(*self._exact, BLOCK, first), _pairs(*self._loose, LOOSE, first)]
        return np.unique(np.concatenate(found))


def split_pair(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the left and right places of pairs as `Blocks.pairs` writes them."""
    return pairs & 0xFFFFFFFF, pairs >> 32


def _pairs(keys: "array[int]", places: "array[int]", most: int, first: int) -> NDArray[np.int64]:
    """Pair each citation with at most so many earlier ones under each key; a pair is right * 2**32 + left."""
    if not keys:
        return np.empty(0, dtype=np.int64)
    key, place = np.frombuffer(keys, dtype=np.int64), np.frombuffer(places, dtype=np.int32)
    order = np.argsort(key, kind="stable")  # places ascend within a key
    key, place = key[order], place[order].astype(np.int64)
    alone = np.ones(len(key), dtype=bool)
    alone[1:] &= key[1:] != key[:-1]
    alone[:-1] &= key[1:] != key[:-1]
    key, place = key[~alone], place[~alone]
    found = []
    later = np.arange(1, len(key))
    for back in range(1, most + 1):
        later = later[later >= back]
        later = later[key[later] == key[later - back]]
        if not len(later):
            break
        new = later[place[later] >= first]
        found.append((place[new] << 32) | place[new - back])
        if back % 4 == 0:
            found = [np.unique(np.concatenate(found))]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)
