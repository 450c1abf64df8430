"""Finding duplicates: citations that may be one publication are brought together by keys and judged by rules. Pure.

`find_matches` is the whole interface; a stronger engine takes its place without anything else changing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates.clusters import Clusters
from reviewkit.model.duplicates.fingerprint import Fingerprint, fingerprint, keys
from reviewkit.model.duplicates.rules import RULES, Rule, Verdict, judge
from reviewkit.model.matches import Judgement

__all__ = ["BLOCK", "RULES", "Found", "Rule", "find_matches"]

Pair = tuple[int, int]

BLOCK = 50  # a citation is compared with at most so many earlier ones that share a key: keeps time linear
_NOTHING: Mapping[Pair, Judgement] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Found:
    """A pair of citations (left < right) that a rule judged: SAME, UNSURE and left to a person, or RELATED."""

    left: int
    right: int
    judgement: Judgement
    rule: str
    evidence: str


def find_matches(
    citations: Iterable[Citation], judged: Mapping[Pair, Judgement] = _NOTHING, compared: int = 0
) -> Iterator[Found]:
    """Yield the pairs that are, or may be, the same publication, and those that are two reports of one study.

    What is found for a pair depends on its citations and on earlier ones only. So a new run, which comes after
    all others, adds its pairs to what is known, and the result is the same as with all runs at once.

    Args:
        citations: all of the review's, by ascending id; read once, the texts are not kept.
        judged: what rules said of pairs (left < right) before; they are not judged again.
        compared: citations up to this id were compared with each other before. They are read, as later ones may
            match them, but of the pairs among them only what `judged` holds counts: all others were found nothing in.

    Yields:
        The new pairs by ascending `right`, then `left`.
    """
    blocks: dict[str, list[Fingerprint]] = {}
    clusters = Clusters(BLOCK)
    for citation in citations:
        new = fingerprint(citation)
        near = _earlier(new, blocks)
        known = {left: judged[left, new.id] for left in near if (left, new.id) in judged}
        unjudged = sorted(near.keys() - known.keys()) if new.id > compared else ()
        found = {left: said for left in unjudged if (said := judge(near[left], new))}
        if found:
            found = clusters.check(new, near, found)
        same = [left for left, judgement in known.items() if judgement is Judgement.SAME]
        same += [left for left, verdict in found.items() if verdict.judgement is Judgement.SAME]
        if same:
            clusters.join(new, near, same)
        yield from (_named(left, new.id, verdict) for left, verdict in found.items())


def _earlier(new: Fingerprint, blocks: dict[str, list[Fingerprint]]) -> dict[int, Fingerprint]:
    """Return the citations before `new` that share a key with it, and put it among them for later ones."""
    near: dict[int, Fingerprint] = {}
    for key in set(keys(new)):
        block = blocks.setdefault(key, [])
        near.update((earlier.id, earlier) for earlier in block[-BLOCK:])
        block.append(new)
    return near


def _named(left: int, right: int, verdict: Verdict) -> Found:
    return Found(left, right, verdict.judgement, verdict.rule, verdict.evidence)
