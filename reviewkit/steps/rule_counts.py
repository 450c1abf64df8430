"""What rules found, counted by rule, and the pairs left to a person in the order of asking; needs no database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reviewkit.model.duplicates import RULES
from reviewkit.model.matches import Judgement, Match

BY_RULE = "reviewkit"  # who made a rule's match

_RANK = {rule.name: place for place, rule in enumerate(RULES)}
_REASON = {rule.name: rule.reason for rule in RULES}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many pairs one rule added: judged the same, two reports of one study, and left to a person."""

    rule: str
    reason: str
    same: int
    unsure: int
    related: int = 0


def count_by_rule(found: Iterable[tuple[str, Judgement]]) -> tuple[RuleCount, ...]:
    """Count pairs by the rule that found them and what it said; rules that found none are left out."""
    counts = Counter(found)
    shown = (
        RuleCount(
            rule.name, rule.reason, counts[rule.name, Judgement.SAME], counts[rule.name, Judgement.UNSURE],
            counts[rule.name, Judgement.RELATED],
        )
        for rule in RULES
    )  # fmt: skip
    return tuple(count for count in shown if count.same or count.unsure or count.related)


def likeliest_first(unsure: Iterable[Match]) -> list[Match]:
    """Order pairs that wait for a person so that time spent at the beginning finds most duplicates."""
    return sorted(unsure, key=lambda match: (_RANK.get(match.rule, len(_RANK)), match.left, match.right))


def reason_of(rule: str) -> str:
    """Say why a rule judges as it does; '' for a person, and for a rule of another version of reviewkit."""
    return _REASON.get(rule, "")
