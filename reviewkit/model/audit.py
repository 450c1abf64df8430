"""What a random sample of the unscreened records tells of the rest, with an exact interval.

Clopper and Pearson's construction (Biometrika 1934;26:404) for a sample that is drawn without putting back, as
Buonaccorsi gives it (The American Statistician 1987;41:215): a number of relevant records is in the interval unless the
sample would have had to be one of the rarest, 2.5 % on either side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """How many relevant records there are among all that a sample was drawn from: at least, most likely, at most."""

    least: int
    likely: int
    most: int


def relevant_among(population: int, drawn: int, found: int, confidence: float = CONFIDENCE) -> Interval:
    """Estimate the number of relevant records in a population from a random sample of it.

    Args:
        population: the records that the sample was drawn from.
        drawn: the size of the sample, all of it screened.
        found: the relevant ones in it.
    """
    rare = (1 - confidence) / 2
    lowest, highest = found, population - (drawn - found)  # what the sample itself proves
    # The more there are, the likelier a sample holds so many, and the rarer one that holds so few.
    least = _first(lowest, highest, lambda there: 1 - _at_most(found - 1, population, there, drawn) > rare)
    beyond = _first(
        lowest, highest + 1, lambda there: there > highest or _at_most(found, population, there, drawn) <= rare
    )
    return Interval(least, round(population * found / drawn) if drawn else lowest, beyond - 1)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the first number from `low` to `high` for which something holds that goes on to hold; else `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _at_most(found: int, population: int, relevant: int, drawn: int) -> float:
    """Return the chance that a sample holds no more than `found` of the relevant records."""
    fewest = max(0, drawn - (population - relevant))
    every = _log_choose(population, drawn)
    terms = (
        exp(_log_choose(relevant, x) + _log_choose(population - relevant, drawn - x) - every)
        for x in range(fewest, min(found, relevant, drawn) + 1)
    )
    return min(1.0, sum(terms))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
