"""The interval of a random sample: exact, and right as often as it says."""

import pytest
from scipy.stats import hypergeom

from reviewkit.model.audit import Interval, relevant_among


@pytest.mark.parametrize(
    ("population", "drawn", "found"),
    [(1_200, 100, 1), (1_200, 100, 0), (50, 50, 3), (10, 5, 5), (37, 10, 4), (1_000, 999, 0), (1, 1, 1), (300, 1, 0)],
)
def test_it_holds_every_number_that_the_sample_does_not_make_improbable(population, drawn, found) -> None:
    possible = range(found, population - (drawn - found) + 1)
    kept = [
        there
        for there in possible
        if hypergeom.sf(found - 1, population, there, drawn) > 0.025
        and hypergeom.cdf(found, population, there, drawn) > 0.025
    ]
    told = relevant_among(population, drawn, found)
    assert (told.least, told.most) == (kept[0], kept[-1])
    assert told.least <= told.likely <= told.most


@pytest.mark.parametrize("there", [0, 1, 7, 40, 150])
def test_the_truth_is_inside_at_least_as_often_as_promised(there: int) -> None:
    told = {found: relevant_among(400, 60, found) for found in range(min(there, 60) + 1)}
    inside = sum(
        hypergeom.pmf(found, 400, there, 60) for found, each in told.items() if each.least <= there <= each.most
    )
    assert inside >= 0.95


def test_a_sample_of_everything_leaves_no_doubt() -> None:
    assert relevant_among(80, 80, 5) == Interval(5, 5, 5)


def test_no_sample_tells_nothing() -> None:
    assert relevant_among(80, 0, 0) == Interval(0, 0, 80)


def test_large_reviews_are_no_trouble() -> None:
    told = relevant_among(1_000_000, 2_000, 3)
    assert told.least < 1_500 == told.likely < told.most < 5_000
