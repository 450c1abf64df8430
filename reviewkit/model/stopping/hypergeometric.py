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

Integers = NDArray[np.int64]
Doubles = NDArray[np.float64]


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
    seen = past.found - np.arange(len(since))
    return float(_at_most(seen, seen + missed, past.read - since, past.total - since, logs).min())


def _at_most(x: Integers, wanted: Integers, drawn: Integers, population: Integers, logs: Doubles) -> Doubles:
    """Return the chance of no more than `x` wanted ones among the drawn, for many draws at once.

    From its middle on a distribution falls on both sides, so the shorter tail is summed until nothing is left of it.
    """
    lower = x < (drawn + 1) * (wanted + 1) // (population + 2)  # below the likeliest number
    chance = np.empty(len(x))
    for below in (True, False):
        part = np.flatnonzero(lower == below)
        first = x[part] if below else x[part] + 1
        tail = _tail(first, wanted[part], drawn[part], population[part], logs, -1 if below else 1)
        chance[part] = tail if below else 1 - tail
    return chance


def _tail(x: Integers, wanted: Integers, drawn: Integers, population: Integers, logs: Doubles, step: int) -> Doubles:
    """Sum C(wanted, x) C(population - wanted, drawn - x) / C(population, drawn) from x on, up or down."""
    sums = np.zeros(len(x))
    left = np.flatnonzero((x <= wanted) & (x <= drawn) & (drawn - x <= population - wanted))
    x, marked, n, plain = x[left], wanted[left], drawn[left], (population - wanted)[left]
    terms = np.exp(
        logs[marked] - logs[x] - logs[marked - x] + logs[plain] - logs[n - x] - logs[plain - n + x]
        - logs[marked + plain] + logs[n] + logs[marked + plain - n]
    )  # fmt: skip
    while len(left):
        sums[left] += terms
        if step < 0:
            terms = terms * x * (plain - n + x) / ((marked - x + 1.0) * (n - x + 1))
        else:
            terms = terms * (marked - x) * (n - x) / ((x + 1.0) * (plain - n + x + 1))
        x = x + step
        on = terms > 1e-17 * sums[left]
        left, x, marked, n, plain, terms = left[on], x[on], marked[on], n[on], plain[on], terms[on]
    return sums


@lru_cache(maxsize=4)
def _log_factorials(largest: int) -> Doubles:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])
