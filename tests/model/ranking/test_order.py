"""The order: what is like the included comes first, and the same decisions always give the same order."""

import random

import numpy as np
import pytest
from scipy.optimize import minimize

from reviewkit.model.ranking import Features, Text, explain, features, place_of_next, rank, read_topic
from reviewkit.model.ranking.learn import Examples, solve
from tests.screened import TOPIC, screened

MADE = screened(300, 20)
WANTED = [row for row, record in enumerate(MADE.records) if record.included]


@pytest.fixture(scope="module")
def known() -> Features:
    return features([Text(record.title, record.abstract, record.year) for record in MADE.records])


def labels(count: int = 40) -> dict[int, float]:
    return {row: float(MADE.records[row].included) for row in range(count)}


def share_found(order: list[int], first: int) -> float:
    return len(set(order[:first]) & set(WANTED)) / len(set(order) & set(WANTED))


def test_what_is_like_the_included_comes_first(known: Features) -> None:
    order = rank(known, labels()).order.tolist()
    assert share_found(order, 30) > 0.9
    assert not set(order) & set(range(40))  # what was decided is not shown again


def test_the_topic_alone_brings_the_wanted_records_up(known: Features) -> None:
    assert share_found(rank(known, {}, read_topic(known, TOPIC)).order.tolist(), 40) > 0.9


def test_the_topic_still_counts_when_only_exclusions_are_known(known: Features) -> None:
    excluded = {row: 0.0 for row in range(60) if row not in WANTED}
    assert share_found(rank(known, excluded, read_topic(known, TOPIC)).order.tolist(), 40) > 0.9


def test_without_topic_and_inclusion_nothing_is_known_and_the_order_is_that_of_the_rows(known: Features) -> None:
    ranked = rank(known, {2: 0.0, 0: False})
    assert ranked.model is None
    assert ranked.order.tolist() == [1, *range(3, 300)]


def test_the_order_does_not_depend_on_the_order_of_the_decisions(known: Features) -> None:
    given = list(labels(60).items())
    random.Random(4).shuffle(given)
    one, other = rank(known, labels(60)), rank(known, dict(given))
    assert one.scores.tolist() == other.scores.tolist()
    assert one.order.tolist() == other.order.tolist()


def test_equal_records_stay_in_their_order() -> None:
    same = features([Text("alpha beta"), Text("gamma delta"), *[Text("alpha delta")] * 5])
    assert rank(same, {0: 1.0, 1: 0.0}).order.tolist() == [2, 3, 4, 5, 6]


def test_a_maybe_lies_between_an_inclusion_and_an_exclusion(known: Features) -> None:
    row = next(row for row in WANTED if row >= 40)
    alike = [rank(known, {**labels(), row: said}).scores[row] for said in (0.0, 0.5, 1.0)]
    assert alike == sorted(alike)
    assert alike[0] < alike[1] < alike[2]


def test_the_words_of_an_explanation_add_up_to_the_score_of_every_record(known: Features) -> None:
    ranked = rank(known, labels(), read_topic(known, TOPIC))
    assert ranked.model is not None
    for row in range(0, 300, 7):
        told = explain(known, ranked.model, row)
        assert told.score == pytest.approx(float(ranked.scores[row]), abs=1e-4)
        assert sum(part.worth for part in told.parts) + told.year + told.base == pytest.approx(told.score)


def test_an_explanation_names_the_words_of_the_subject_first_and_tells_how_common_they_are(known: Features) -> None:
    ranked = rank(known, labels(150))
    assert ranked.model is not None
    told = explain(known, ranked.model, WANTED[0])
    record = MADE.records[WANTED[0]]
    up = [part for part in told.parts if part.worth > 0][:3]
    assert {part.word for part in up} <= {*TOPIC.split(), "exosomes", "nucleus", "lumbar", "regeneration"}
    for part in up:
        holding = sum(part.word in f"{r.title} {r.abstract}".split() for r in MADE.records)
        assert part.records == holding
        assert part.in_title == (part.word in record.title.split())


def test_the_weights_are_those_of_the_exact_solution() -> None:
    dice = np.random.default_rng(3)
    from scipy import sparse

    dense = dice.standard_normal((40, 6))
    words = sparse.random(40, 15, density=0.3, random_state=3, format="csr")
    says = np.where(dense[:, 0] + dice.standard_normal(40) > 0, 1.0, -1.0)
    counts = dice.uniform(0.2, 2, 40)
    whole = np.hstack([words.toarray(), dense])

    def objective(weights: np.ndarray) -> tuple[float, np.ndarray]:
        short = np.maximum(1 - says * (whole @ weights), 0)
        value = 3 * weights @ weights + 0.5 * (counts * short) @ short
        return value, 6 * weights - whole.T @ (counts * short * says)

    exact = minimize(objective, np.zeros(21), jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-10}).x
    assert solve(Examples(words, dense, says, counts), 6.0) == pytest.approx(exact, abs=1e-4)


def test_the_likeliest_is_next_as_long_as_inclusions_come() -> None:
    assert place_of_next([], 100) == 0
    assert place_of_next([True] + [False] * 9, 100) == 0
    assert place_of_next([True, *[False] * 40, True], 100) == 0


def test_in_a_drought_at_the_beginning_every_second_record_comes_from_elsewhere_in_the_upper_half() -> None:
    places = [place_of_next([True] + [False] * drought, 1000) for drought in range(10, 60)]
    assert not any(places[1::2])
    others = places[::2]
    assert all(0 <= place < 500 for place in others)
    assert len(set(others)) == len(others)
    assert max(others) - min(others) > 400  # they spread
    assert place_of_next([True] + [False] * 10, 1) == 0


def test_late_droughts_are_left_alone() -> None:
    assert place_of_next([True] * 6 + [False] * 50, 1000) == 0
