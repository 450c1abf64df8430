"""The rules by name, what each rests on, and after how many records it would have stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reviewkit.model.stopping import counting, heuristics, hypergeometric
from reviewkit.model.stopping.history import Estimate, History, everything, history

TARGET, CONFIDENCE = 0.95, 0.95

_Stops = Callable[[History, float, float], bool]
_Estimates = Callable[[History, float, float], Estimate]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `estimates` is None for rules of thumb."""

    name: str
    label: str
    source: str
    stops: _Stops
    estimates: _Estimates | None = None


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            counting.NAME, "counting process", "after Stevenson and Bin-Hezam 2023", counting.stops, counting.estimate
        ),
        Rule(
            hypergeometric.NAME, "hypergeometric test", "Callaghan and Müller-Hansen 2020", hypergeometric.stops,
            hypergeometric.estimate,
        ),
        Rule("knee", "knee", "Cormack and Grossman 2016", lambda past, _target, _: heuristics.at_knee(past)),
        Rule(
            "in-a-row", "50 exclusions in a row", "rule of thumb",
            lambda past, _target, _: heuristics.after_in_a_row(past, 50),
        ),
        Rule(
            "share-in-a-row", "a tenth of all records excluded in a row", "rule of thumb",
            lambda past, _target, _: heuristics.after_in_a_row(past, max(1, past.total // 10)),
        ),
        Rule("half", "half of the records", "rule of thumb", lambda past, _target, _: 2 * past.read >= past.total),
    )
}  # fmt: skip
# The one that kept its promise in simulated reviews while the least was read; see `benchmarks/ranking.py`.
DEFAULT = RULES[counting.NAME]


def estimate(
    rule: Rule, found: Sequence[bool], total: int, target: float = TARGET, confidence: float = CONFIDENCE
) -> Estimate:
    """Say how much is found after these decisions (True: included), in the order in which they were made."""
    past = history(found, total)
    if past.unread == 0:
        return everything(rule.name, target, confidence if rule.estimates else None)
    if rule.estimates:
        return rule.estimates(past, target, confidence)
    return Estimate(rule.name, rule.stops(past, target, confidence), target)


def first_stop(
    rule: Rule, found: Sequence[bool], total: int, target: float = TARGET, confidence: float = CONFIDENCE
) -> int | None:
    """Return after how many of these decisions the rule first says stop; None when it does not.

    Between two inclusions a rule that says stop does not take it back, so not every decision is looked at.
    """
    whole = history(found, total)

    def stops(read: int) -> bool:
        return read == total or rule.stops(whole.until(read), target, confidence)

    found_at: list[int] = whole.found_at.tolist()
    begins = [0, *found_at]
    ends = [*(at - 1 for at in found_at), whole.read]
    for begin, end in zip(begins, ends, strict=True):
        if end < begin or end == 0 or not stops(end):
            continue
        low, high = max(begin, 1) - 1, end
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if stops(middle) else (middle, high)
        return high
    return None
