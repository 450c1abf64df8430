"""When to stop: the estimates against their authors' calculation, against brute force, and against the truth."""

import random

import numpy as np
import pytest
from scipy.stats import hypergeom

from reviewkit.model.stopping import DEFAULT, RULES, estimate, first_stop, history
from reviewkit.model.stopping.hypergeometric import p_value

TEST = RULES["hypergeometric"]


def reading(records: int, included: int, bias: float, seed: int) -> list[bool]:
    """Labels in an order in which an inclusion is `bias` times likelier to come next than an exclusion."""
    dice = random.Random(seed)
    left = [True] * included + [False] * (records - included)
    keys = [dice.random() ** (1 / (bias if label else 1)) for label in left]
    return [label for _, label in sorted(zip(keys, left, strict=True), reverse=True)]


def p_by_every_urn(found: list[bool], total: int, target: float) -> float:
    """The p value as buscarpy 0.0.2 computes it: over the last 1, 2, 3 ... records."""
    labels = np.array(found, dtype=int)
    seen = labels[::-1].cumsum()
    sizes = np.arange(len(labels)) + 1
    wanted = np.floor(labels.sum() / target + 1 - (labels.sum() - seen))
    return float(np.nanmin(hypergeom.cdf(seen, total - (len(labels) - sizes), wanted, sizes)))


@pytest.mark.parametrize("seed", range(12))
def test_the_p_value_is_that_of_buscarpy(seed: int) -> None:
    found = reading(400, 5 + 3 * seed, 10, seed)
    for read in (20, 60, 150, 300, 360):
        for target in (0.8, 0.95):
            mine = p_value(history(found[:read], 400), target)
            assert mine == pytest.approx(p_by_every_urn(found[:read], 400, target), rel=1e-7, abs=1e-12)


def test_a_known_p_value() -> None:
    # 19 found, then 41 of the remaining 81 read without another: one missed would go unseen with a chance of 40 / 81
    assert p_value(history([True] * 19 + [False] * 41, 100), 0.95) == pytest.approx((40 / 81) * (39 / 80))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(6))
def test_the_first_stop_is_the_first_of_all_decisions_after_which_the_rule_says_stop(rule, seed: int) -> None:
    found = reading(220, 4 + 6 * seed, 12, seed)
    whole = (read for read in range(1, 221) if estimate(rule, found[:read], 220).stop)
    assert first_stop(rule, found, 220) == next(whole)


@pytest.mark.parametrize("name", ["hypergeometric", "counting-process"])
def test_the_promise_is_kept_where_the_order_is_good_and_where_it_is_poor(name: str) -> None:
    kept = []
    for seed in range(60):
        found = reading(500, 15 + seed, (3, 10, 30)[seed % 3], seed)
        read = first_stop(RULES[name], found, 500)
        assert read is not None
        kept.append(sum(found[:read]) >= 0.95 * sum(found))
    assert sum(kept) >= 0.95 * len(kept)


def test_the_lower_bound_is_below_the_truth_nearly_always() -> None:
    for rule in (DEFAULT, TEST):
        below = []
        for seed in range(40):
            found = reading(400, 30, 10, seed)
            told = estimate(rule, found[:200], 400)
            assert told.low is not None
            assert told.confidence == 0.95
            below.append(told.low <= sum(found[:200]) / 30)
        assert sum(below) >= 38


def test_stop_is_said_exactly_when_the_lower_bound_reaches_the_target() -> None:
    seen = set()
    for rule in (DEFAULT, TEST):
        for seed in range(10):
            found = reading(300, 40, 15, seed)
            for read in range(60, 300, 20):
                told = estimate(rule, found[:read], 300)
                assert told.low is not None
                assert told.stop == (told.low >= 0.95 - 1e-9)
                assert told.missed == round(sum(found[:read]) / told.low) - sum(found[:read])
                seen.add(told.stop)
    assert seen == {True, False}


def test_more_exclusions_in_a_row_never_lower_the_estimate() -> None:
    for rule in (DEFAULT, TEST):
        lows = [estimate(rule, [True] * 15 + [False] * n, 400).low or 0 for n in range(0, 380, 10)]
        assert lows == sorted(lows)
        assert lows[0] < 0.5 < 0.95 < lows[-1]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_nothing_read_says_nothing_and_everything_read_is_everything(rule) -> None:
    assert not estimate(rule, [], 100).stop
    assert first_stop(rule, [], 100) is None
    done = estimate(rule, [False] * 99 + [True], 100)
    assert (done.stop, done.low, done.missed) == (True, 1.0, 0)


def test_few_inclusions_let_the_counting_process_say_nothing() -> None:
    told = estimate(DEFAULT, [True] * 4 + [False] * 80, 100)
    assert (told.stop, told.low) == (False, None)


def test_nothing_found_is_no_reason_to_stop() -> None:
    for rule in RULES.values():
        if rule.name != "half":
            assert not estimate(rule, [False] * 90, 100).stop


def test_fifty_exclusions_in_a_row() -> None:
    found = [True] + [False] * 49 + [True] + [False] * 60
    assert first_stop(RULES["in-a-row"], found, 500) == 101


def test_more_decisions_than_records_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="3 decisions on 2 records"):
        estimate(DEFAULT, [True, False, True], 2)
