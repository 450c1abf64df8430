"""The engine: fingerprints in, pairs by their keys, titles compared in bulk, and what is left judged by rules."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates.accession import shared_by_many
from reviewkit.model.duplicates.blocking import BLOCK, Blocks, split_pair
from reviewkit.model.duplicates.clusters import Clusters
from reviewkit.model.duplicates.fingerprint import Fingerprint, fingerprint
from reviewkit.model.duplicates.rules import Verdict, judge
from reviewkit.model.matches import Judgement

Pair = tuple[int, int]

_LOT = 500  # citations; one step over all of them and then the next takes a quarter less than all steps over each
_CHUNK = 100_000  # pairs whose titles are compared in one call; what is found does not depend on it
_ALIKE = 0.78  # titles less alike are judged only where something else links the two citations
_UNLIKE = 0.55  # and titles less alike than this only by an identifier or a place, or where one is part of the other


def matches(
    citations: Iterable[Citation], judged: Mapping[Pair, Judgement], compared: int
) -> Iterator[tuple[int, int, Verdict]]:
    """Yield (left, right, verdict) for each pair that a rule judged; see `find_matches`."""
    prints: list[Fingerprint] = []
    blocks = Blocks()
    coming = iter(citations)
    while lot := list(islice(coming, _LOT)):
        made = [fingerprint(citation) for citation in lot]
        for print_ in made:
            blocks.add(print_)
        prints += made
    place = {print_.id: n for n, print_ in enumerate(prints)}
    first = next((n for n, print_ in enumerate(prints) if print_.id > compared), len(prints))
    known: dict[int, list[int]] = {}  # right place -> left places that were judged the same before
    for (left, right), judgement in judged.items():
        if judgement is Judgement.SAME and left in place and right in place:
            known.setdefault(place[right], []).append(place[left])
    clusters = Clusters(BLOCK)
    waiting = iter(sorted(known))
    due = next(waiting, None)
    for right, lefts in _candidates(prints, blocks, first):
        while due is not None and due < right:
            clusters.join(prints[due], [prints[left] for left in sorted(known[due])])
            due = next(waiting, None)
        new = prints[right]
        if new.accession and _is_none([prints[left].titles for left in lefts if _numbered(prints[left], new)], new):
            nameless = new._replace(accession="")
            lefts = [n for n in lefts if not _numbered(prints[n], new) or _hopeful(prints[n], nameless)]
            new = nameless
        near = {prints[left].id: prints[left] for left in lefts if (prints[left].id, new.id) not in judged}
        found = {left: said for left, earlier in near.items() if (said := judge(earlier, new))}
        if found:
            found = clusters.check(new, near, found)
        same = [near[left] for left, verdict in found.items() if verdict.judgement is Judgement.SAME]
        if due == right:
            same += [prints[left] for left in known[right]]
            due = next(waiting, None)
        if same:
            clusters.join(prints[right], sorted(same, key=lambda print_: print_.id))
        yield from ((left, new.id, verdict) for left, verdict in found.items())


def _is_none(sharing: list[tuple[str, ...]], new: Fingerprint) -> bool:
    """Return True where the titles of earlier citations with its accession number show that this is no identifier."""
    return len(sharing) > 1 and shared_by_many([*sharing, new.titles])


def _numbered(one: Fingerprint, other: Fingerprint) -> bool:
    return one.accession == other.accession != ""


def _hopeful(one: Fingerprint, other: Fingerprint) -> bool:
    """Return True where a rule could have something to say of a pair that met by a number that is none."""
    alike = Indel.normalized_similarity(_title(one), _title(other), score_cutoff=_UNLIKE)
    return bool(alike >= _ALIKE or (alike and _near(one, other)) or _linked(one, other))


def _candidates(prints: list[Fingerprint], blocks: Blocks, first: int) -> Iterator[tuple[int, list[int]]]:
    """Yield right place -> the left places that are worth judging, by ascending right."""
    pairs, close = blocks.pairs(first)
    right = -1
    lefts: list[int] = []
    for start in range(0, len(pairs), _CHUNK):
        part = slice(start, start + _CHUNK)
        for new, left in _worth(prints, *split_pair(pairs[part]), close[part]):
            if new != right:
                if lefts:
                    yield right, lefts
                right, lefts = new, []
            lefts.append(left)
    if lefts:
        yield right, lefts


def _worth(
    prints: list[Fingerprint], lefts: NDArray[np.int64], rights: NDArray[np.int64], close: NDArray[np.bool_]
) -> Iterator[Pair]:
    """Yield the pairs (right, left) that a rule could have something to say of."""
    one = [print_.titles[0] if (print_ := prints[n]).titles else "" for n in lefts.tolist()]
    other = [print_.titles[0] if (print_ := prints[n]).titles else "" for n in rights.tolist()]
    alike = cpdist(one, other, scorer=Indel.normalized_similarity, score_cutoff=_UNLIKE, dtype=np.float32)
    hopeful = np.flatnonzero(close | (alike > 0))
    for n in hopeful.tolist():
        left, right = int(lefts[n]), int(rights[n])
        a, b = prints[left], prints[right]
        if alike[n] >= _ALIKE or (alike[n] and _near(a, b)) or (close[n] and _linked(a, b)):
            yield right, left


def _title(print_: Fingerprint) -> str:
    return print_.titles[0] if print_.titles else ""


def _near(one: Fingerprint, other: Fingerprint) -> bool:
    """Return True where the year agrees, and the first author or the issue."""
    if one.year != other.year:
        return False
    return one.author == other.author != "" or (one.volume == other.volume != "" and one.issue == other.issue != "")


def _linked(one: Fingerprint, other: Fingerprint) -> bool:
    """Return True where something else than the whole title may make two citations one."""
    if one.doi == other.doi != "" or one.pmid == other.pmid != "" or one.pmcid == other.pmcid != "":
        return True
    if _numbered(one, other):
        return True
    if one.pages is not None and other.pages is not None and one.pages.first == other.pages.first:
        families = {family for family, _ in one.people}
        if any(family in families for family, _ in other.people):
            return True
    if not one.registrations.isdisjoint(other.registrations) or len(one.titles) + len(other.titles) > 2:
        return True
    short, long = sorted((_title(one).replace(" ", ""), _title(other).replace(" ", "")), key=len)
    return len(short) > 15 and (long.startswith(short) or long.endswith(short) or long[:40] == short[:40])
