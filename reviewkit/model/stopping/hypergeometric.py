"""Callaghan and Müller-Hansen 2020: would so few inclusions have come lately if many were left? (Syst Rev 9:273)

For every point in the past the records read since are taken for a random sample of those unread then. That the order
is better than random makes the true chance smaller still, so the test is on the safe side, and slow to let one stop.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reviewkit.model.stopping.history import Estimate, History

NAME = "hypergeometric"


def p_value(past: History, target: float) -> float:
    """Return the chance of what was seen lately, were the recall below the target: `buscarpy.calculate_h0`."""
    return _p(past, math.floor(past.found / target + 1) - past.found)


def stops(past: History, target: float, confidence: float) -> bool:
    """Return True when a recall below the target is refuted."""
    return past.unread == 0 or (past.found > 0 and p_value(past, target) < 1 - confidence)


def estimate(past: History, target: float, confidence: float) -> Estimate:
    """Return the lowest recall that is not refuted."""
    if not past.found:
        return Estimate(NAME, False, target, confidence)
    lowest, beyond = 0, past.unread + 1  # as many missed are not refuted; so many are
    while beyond - lowest > 1:
        middle = (lowest + beyond) // 2
        if _p(past, middle) < 1 - confidence:
            beyond = middle
        else:
            lowest = middle
    low = past.found / (past.found + lowest)
    return Estimate(NAME, stops(past, target, confidence), target, confidence, low, missed=lowest)


def _p(past: History, missed: int) -> float:
    """Return the smallest chance, over all points in the past, of so few inclusions since, were `missed` left now.

    The point just after an inclusion gives a smaller chance than any before the next one, so no others are tried.
    """
    if missed > past.unread:
        return 0.0
    if missed <= 0:
        return 1.0
    logs = _log_factorials(past.total)
    since = np.append(0, past.found_at)  # the points, as records read by then
    since = since[since < past.read]
    if not len(since):
        return 1.0
    drawn, population = past.read - since, past.total - since
    seen = past.found - np.arange(len(since))
    wanted = seen + missed
    # ln C(wanted, x) C(population - wanted, drawn - x) / C(population, drawn) for x = 0 .. seen, all points at once
    point = np.repeat(np.arange(len(since)), seen + 1)
    x = np.arange(len(point)) - np.repeat(np.cumsum(seen + 1) - (seen + 1), seen + 1)
    n, size, marked = drawn[point], population[point], wanted[point]
    possible = (n - x <= size - marked) & (x <= n)
    n, size, marked, x, point = n[possible], size[possible], marked[possible], x[possible], point[possible]
    terms = (
        logs[marked] - logs[x] - logs[marked - x] + logs[size - marked] - logs[n - x] - logs[size - marked - n + x]
        - logs[size] + logs[n] + logs[size - n]
    )  # fmt: skip
    return float(np.bincount(point, np.exp(terms), minlength=len(since)).min())


@lru_cache(maxsize=4)
def _log_factorials(largest: int) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])
