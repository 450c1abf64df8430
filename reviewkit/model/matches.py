"""Matches: judgements that two citations are, or are not, the same publication; and the records that follow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Pair, Partition, partition

PERSON = "person"  # the rule of a match that a person made


class Judgement(StrEnum):
    """Whether two citations are the same publication; only SAME joins records, only UNSURE waits for a person."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"  # a rule saw a likeness but no proof: a person decides
    RELATED = "related"  # two reports of one study, such as preprint and article: two records, and nothing to ask


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
    apart even where rules would join them through a third. Where a person's judgements contradict each
    other, the later one holds.

    Args:
        citations: every citation id of the review.
        matches: every match row ever stored, in order.
    """
    by_person, by_rule = _split(matches)
    latest_first = reversed(by_person.values())
    together = [m.pair for m in (*latest_first, *by_rule) if m.judgement is Judgement.SAME]
    apart = [pair for pair, match in by_person.items() if match.judgement is Judgement.DIFFERENT]
    return partition(citations, together, apart)


def unsure(groups: Partition, matches: Sequence[Match]) -> list[Match]:
    """Return the matches that wait for a person, in the order in which they were made.

    Those are the pairs of which a rule was unsure and that nothing joined or parted since, and the pairs judged the
    same that stay apart because a person parted others of their records: which of them is right only a person can say.
    Two such pairs between the same two records are one question: the first is returned.

    Args:
        groups: the records that follow from these matches.
        matches: every match row ever stored, in order.
    """
    by_person, by_rule = _split(matches)
    apart = {
        frozenset((groups.group[a], groups.group[b]))
        for (a, b), match in by_person.items()
        if match.judgement is Judgement.DIFFERENT and a in groups.group and b in groups.group
    }
    refused = set(groups.refused)
    waiting: dict[frozenset[int], Match] = {}
    for match in (*by_rule, *by_person.values()):
        if match.left not in groups.group or match.right not in groups.group:
            continue
        question = frozenset((groups.group[match.left], groups.group[match.right]))
        asked = match.judgement is Judgement.UNSURE and question not in apart
        contested = match.judgement is Judgement.SAME and match.pair in refused
        if len(question) == 2 and (asked or contested):
            waiting.setdefault(question, match)
    return list(waiting.values())


# --- what a person's judgement on whole records says of their citations ---------------------------


def joining(left: int, right: int, record_of: Partition, matches: Sequence[Match]) -> dict[Pair, Judgement]:
    """Return the judgements that make two records one, given a citation of each.

    What a person said before of any citations of the two is superseded, or it would keep tearing the record apart.
    """
    by_person, _ = _split(matches)
    between = _between(left, right, record_of)
    parted = [pair for pair, m in by_person.items() if m.judgement is Judgement.DIFFERENT and between(pair)]
    return dict.fromkeys((_pair(left, right), *parted), Judgement.SAME)


def parting(left: int, right: int, record_of: Partition, matches: Sequence[Match]) -> dict[Pair, Judgement]:
    """Return the judgements that keep two records apart, given a citation of each, whatever joins their citations."""
    by_person, by_rule = _split(matches)
    between = _between(left, right, record_of)
    joined = [m.pair for m in (*by_rule, *by_person.values()) if m.judgement is Judgement.SAME and between(m.pair)]
    return dict.fromkeys((_pair(left, right), *joined), Judgement.DIFFERENT)


def splitting(citation: int, record_of: Partition, matches: Sequence[Match]) -> dict[Pair, Judgement]:
    """Return the judgements that part one citation from its record and keep the others together."""
    by_person, by_rule = _split(matches)
    rest = [other for other in record_of.members[record_of.group[citation]] if other != citation]
    together = [m.pair for m in (*by_person.values(), *by_rule) if m.judgement is Judgement.SAME]
    left_over = list(partition(rest, together).members)
    kept = {_pair(left_over[0], other): Judgement.SAME for other in left_over[1:]}  # joined through the citation only
    return {_pair(citation, other): Judgement.DIFFERENT for other in rest} | kept


def _between(left: int, right: int, record_of: Partition) -> Callable[[Pair], bool]:
    wanted = {record_of.group[left], record_of.group[right]}
    return lambda pair: {record_of.group.get(pair[0]), record_of.group.get(pair[1])} == wanted


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _split(matches: Sequence[Match]) -> tuple[dict[Pair, Match], list[Match]]:
    """Return each pair's last standing match by a person, and the rules' standing matches on all other pairs."""
    by_person: dict[Pair, Match] = {}
    by_rule: list[Match] = []
    for match in standing(matches):
        if match.rule == PERSON:
            by_person.pop(match.pair, None)  # so that the pairs come in the order of the latest word on each
            by_person[match.pair] = match
        else:
            by_rule.append(match)
    return by_person, [match for match in by_rule if match.pair not in by_person]
