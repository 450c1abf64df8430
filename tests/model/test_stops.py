"""Samples and stops: what a draw gives, and which records a stop leaves unscreened."""

import hashlib

import pytest

from reviewkit.model.decisions import screening
from reviewkit.model.matches import records
from reviewkit.model.stops import Sample, Stop, draw, in_force, sampled, stopped_at, untouched
from tests.build import AT, decision
from tests.model.test_flow import TITLE, same, the_protocol


def stop(n: int, through: int = 6, **given: object) -> Stop:
    usual = {"stage": TITLE, "decided": 0, "screened": 0, "relevant": 0, "waiting": 0, "by": "ann", "at": AT}
    return Stop(n=n, through=through, **{**usual, **given})  # type: ignore[arg-type]


def outcomes(*decisions, people: int = 1, through: int = 6):
    return screening(the_protocol(people), records(range(1, through + 1), []), decisions).stages[TITLE]


def test_a_sample_can_be_drawn_again_by_anyone_who_knows_the_seed() -> None:
    def key(record: int) -> str:
        return hashlib.sha256(f"5 r{record}".encode()).hexdigest()

    assert draw(range(1, 1_001), 3, 5) == tuple(sorted(range(1, 1_001), key=key)[:3])
    assert draw(list(range(1_000, 0, -1)), 3, 5) == draw(range(1, 1_001), 3, 5)
    assert draw(range(1, 1_001), 3, 6) != draw(range(1, 1_001), 3, 5)


def test_every_record_is_as_likely_to_be_drawn() -> None:
    drawn = [draw(range(1, 11), 3, seed) for seed in range(3_000)]
    counts = [sum(record in sample for sample in drawn) for record in range(1, 11)]
    assert sum(counts) == 9_000
    assert max(abs(count - 900) for count in counts) < 125  # five standard deviations


def test_a_stop_leaves_what_nobody_had_begun_to_decide_on() -> None:
    half = outcomes(decision(1, "include"), decision(1, "exclude", by="bob"), decision(2, "exclude"), people=2)
    assert untouched(half) == [3, 4, 5, 6]
    assert list(stopped_at([stop(1)], half)) == [3, 4, 5, 6]
    assert list(stopped_at([stop(1)], half, drawn={4})) == [3, 5, 6]
    assert stopped_at([], half) == {}


def test_what_later_searches_bring_is_not_stopped_at() -> None:
    first, second = stop(1, through=4), stop(2, through=5)
    assert stopped_at([first], outcomes(decision(1, "include"))) == dict.fromkeys((2, 3, 4), first)
    both = stopped_at([second, first], outcomes(decision(1, "include")))
    assert both == {2: first, 3: first, 4: first, 5: second}


def test_what_is_screened_after_a_stop_counts_as_screened() -> None:
    assert 3 not in stopped_at([stop(1)], outcomes(decision(3, "exclude")))


def test_the_last_of_several_stops_at_the_same_records_holds_unless_taken_back() -> None:
    first, second = stop(1), stop(2, by="bob")
    assert in_force([first, second], TITLE) == [second]
    assert in_force([first, second, stop(3, undoes=2)], TITLE) == [first]
    assert in_force([first, stop(2, through=9)], TITLE) == [first, stop(2, through=9)]
    assert in_force([first], "full-text") == []


def test_a_sample_follows_its_records_through_merges_and_is_gone_when_taken_back() -> None:
    def sample(n: int, drawn: tuple[int, ...], undoes: int = 0) -> Sample:
        return Sample(
            n=n, undoes=undoes, records=drawn, stage=TITLE, seed=1, through=6, decided=0, waiting=6, by="ann", at=AT
        )

    groups = records(range(1, 7), [same(2, 5)])
    assert sampled([sample(1, (5, 3)), sample(2, (6, 3))], TITLE, groups) == {2: 0, 3: 1, 6: 2}
    assert sampled([sample(1, (5, 3)), sample(2, (5, 3), undoes=1)], TITLE, groups) == {}
    assert sampled([sample(1, (5, 99))], TITLE, groups) == {2: 0}


@pytest.mark.parametrize("size", [0, 3, 9])
def test_a_sample_is_never_larger_than_what_waits(size: int) -> None:
    assert len(draw([1, 2, 3], size, 1)) == min(size, 3)
