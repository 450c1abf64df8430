"""Finding duplicates: citations that may be one publication are brought together by keys and judged by rules. Pure.

`find_matches` is the whole interface; a stronger engine takes its place without anything else changing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates.rules import RULES, Rule
from reviewkit.model.matches import Judgement

__all__ = ["RULES", "Found", "Rule", "find_matches"]

Pair = tuple[int, int]

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
    from reviewkit.model.duplicates.matching import matches  # numpy is slow to load, and most commands match nothing

    for left, right, verdict in matches(citations, judged, compared):
        yield Found(left, right, verdict.judgement, verdict.rule, verdict.evidence)
