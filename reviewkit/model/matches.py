"""Matches: judgements that two citations are, or are not, the same publication; and the records that follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition, partition

PERSON = "person"  # the rule of a match that a person made


class Judgement(StrEnum):
    """Whether two citations are the same publication."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"  # a rule saw a likeness but no proof: a person decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Row):
    """A judgement on a pair of citations (left < right), with the rule or person that made it.

    `evidence` says in words what the rule saw: "doi 10.1/x; title alike".
    """

    left: int
    right: int
    judgement: Judgement
    rule: str
    evidence: str = ""

    @property
    def pair(self) -> tuple[int, int]:
        """The two citations, the earlier one first."""
        return (self.left, self.right)


def records(citations: Iterable[int], matches: Sequence[Match]) -> Partition:
    """Group citations into records.

    A person's latest judgement on a pair outranks every rule; a person's "different" keeps the two
    apart even where rules would join them through a third.

    Args:
        citations: every citation id of the review.
        matches: every match row ever stored, in order.
    """
    by_person, by_rule = _split(matches)
    together = [pair for pair, judgement in by_person.items() if judgement is Judgement.SAME]
    apart = [pair for pair, judgement in by_person.items() if judgement is Judgement.DIFFERENT]
    together += [m.pair for m in by_rule if m.judgement is Judgement.SAME and m.pair not in by_person]
    return partition(citations, together, apart)


def unsure(citations: Iterable[int], matches: Sequence[Match]) -> list[Match]:
    """Return the matches that wait for a person: no one judged the pair, and nothing else joined or parted it.

    Two unsure pairs between the same two records are one question: the first is returned.
    """
    by_person, by_rule = _split(matches)
    groups = records(citations, matches)
    apart = {
        frozenset((groups.group[a], groups.group[b]))
        for (a, b), judgement in by_person.items()
        if judgement is Judgement.DIFFERENT and a in groups.group and b in groups.group
    }
    refused = set(groups.refused)
    waiting: dict[frozenset[int], Match] = {}
    for match in by_rule:
        if match.judgement is Judgement.UNSURE or match.pair in refused:
            if match.left not in groups.group or match.right not in groups.group:
                continue
            question = frozenset((groups.group[match.left], groups.group[match.right]))
            if len(question) == 2 and question not in apart:
                waiting.setdefault(question, match)
    return list(waiting.values())


def _split(matches: Sequence[Match]) -> tuple[dict[tuple[int, int], Judgement], list[Match]]:
    by_person: dict[tuple[int, int], Judgement] = {}
    by_rule: list[Match] = []
    for match in standing(matches):
        if match.rule == PERSON:
            by_person[match.pair] = match.judgement
        else:
            by_rule.append(match)
    return by_person, by_rule
