"""How much has been found: what is told of a review, on what ground, and to whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.model.protocol import Protocol
from reviewkit.model.stopping import DEFAULT, RULES, estimate
from reviewkit.protocol import parse_protocol
from reviewkit.steps.standing import standing
from reviewkit.steps.stopping import Told, found_so_far, in_short, outlook, recent, tell
from reviewkit.store import Store
from tests.build import citation, decision, protocol_text
from tests.steps.stopped import READ, RECORDS, RELEVANT, half_screened, load, sample, screened

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
CURVE, TEST = "counting-process", "hypergeometric"


def told(store: Store, protocol: Protocol, method: str = DEFAULT.name) -> Told:
    """What a method says now."""
    return next(each for each in outlook(store, protocol, standing(store, protocol)).told if each.method == method)


def test_every_method_is_asked_and_the_default_comes_first(store: Store, protocol: Protocol) -> None:
    found = outlook(store, protocol, half_screened(store, protocol))
    assert found.told[0].method == DEFAULT.name
    assert {each.method for each in found.told} == set(RULES)
    assert (found.evidence.read, found.evidence.relevant, found.evidence.total) == (READ, len(RELEVANT), RECORDS)


def test_what_is_found_is_said_with_its_confidence_and_method(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    said = told(store, protocol, CURVE)
    assert said.stop
    assert said.said == (
        "At least 95 % of the relevant records have been found, with 95 % confidence "
        "(counting process, after Stevenson and Bin-Hezam 2023)."
    )
    assert said.low is not None
    assert said.low >= 0.95
    assert said.missed == 0


def test_as_long_as_it_cannot_be_said_the_bounds_are_told_and_what_reading_on_would_tell(
    store: Store, protocol: Protocol
) -> None:
    half_screened(store, protocol)
    said = told(store, protocol, TEST)
    assert not said.stop
    assert said.said.startswith("Cannot be said yet: with 95 % confidence at least ")
    assert said.low == len(RELEVANT) / (len(RELEVANT) + (said.missed or 0))
    assert said.further is not None
    assert 0 < said.further < RECORDS - READ
    # ... and that is what happens: one irrelevant record less would not do
    store.add(screened(range(READ + 1, READ + said.further)))
    assert not told(store, protocol, TEST).stop
    store.add(screened([READ + said.further]))
    assert told(store, protocol, TEST).stop


def test_rules_of_thumb_are_told_as_what_they_are(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    said = told(store, protocol, "in-a-row")
    assert said.stop
    assert said.low is None
    assert "makes no statement of what has been found" in said.said


@pytest.mark.parametrize("order", ["id", "newest", "database", "manual"])
def test_nothing_is_said_of_records_that_came_up_in_another_order(store: Store, protocol: Protocol, order: str) -> None:
    load(store)
    store.add(screened(range(1, READ + 1), order=order))
    said = told(store, protocol)
    assert not said.stop
    assert "no record was screened in an order of relevance or at random" in said.said
    assert found_so_far(store, protocol, standing(store, protocol)) == ""
    assert in_short(store, protocol, standing(store, protocol), "ann") == ""


def test_a_random_order_will_do(store: Store, protocol: Protocol) -> None:
    load(store, 40)
    store.add(screened(range(1, 41, 2), relevant=range(1, 20), order="random"))
    said = told(store, protocol)
    assert said.missed is not None
    assert 5 <= said.missed <= 20  # half is read and ten are found
    assert not said.stop


def test_what_was_found_otherwise_is_found(store: Store, protocol: Protocol) -> None:
    """Ten relevant records known beforehand make a miss of one a smaller part of all."""
    half_screened(store, protocol)
    before = told(store, protocol, TEST)
    store.add(screened(range(RECORDS - 9, RECORDS + 1), relevant=range(1, RECORDS + 1), order="manual"))
    after = told(store, protocol, TEST)
    assert after.missed is not None
    assert before.missed is not None
    assert after.missed <= before.missed
    assert after.low == 20 / (20 + after.missed)


def test_records_that_came_later_take_the_ground_from_under_it_until_they_are_read(
    store: Store, protocol: Protocol
) -> None:
    half_screened(store, protocol)
    assert told(store, protocol).stop
    late = replace(store.runs()[0], id="late", first=RECORDS + 1, retrieved=5, finished="2024-06-01T00:00:00Z")
    store.add_run(late, [citation(id=RECORDS + 1 + n, run="late", title=f"New {n * 7919}") for n in range(5)])
    said = told(store, protocol)
    assert not said.stop
    assert "since the last records came on 2024-06-01" in said.said
    new = screened(range(RECORDS + 1, RECORDS + 6))
    store.add([replace(row, at="2024-07-01T00:00:00Z") for row in new])
    assert told(store, protocol).stop


def test_all_screened_is_all_found(store: Store, protocol: Protocol) -> None:
    load(store, 6)
    store.add(screened(range(1, 7), order="id"))
    assert {each.said for each in outlook(store, protocol, standing(store, protocol)).told} == {
        "Every record is screened."
    }


def test_a_review_without_records_is_no_trouble(store: Store, protocol: Protocol) -> None:
    found = outlook(store, protocol, standing(store, protocol))
    assert (found.evidence.total, found.audits, found.stops) == (0, (), ())


def test_a_verdict_that_is_hidden_moves_no_estimate(store: Store) -> None:
    half_screened(store, DUAL, people=("ann", "bob"))
    before = outlook(store, DUAL, standing(store, DUAL))
    store.add(screened(range(READ + 1, READ + 40), relevant=range(RECORDS), people=["ann"]))
    after = outlook(store, DUAL, standing(store, DUAL))
    assert after.told == before.told
    assert after.evidence == before.evidence


def test_conflicts_are_not_read_until_they_are_settled(store: Store) -> None:
    half_screened(store, DUAL, people=("ann", "bob"))
    store.add([decision(250, "include", order="relevance:9"), decision(250, "exclude", by="bob", order="relevance:9")])
    assert outlook(store, DUAL, standing(store, DUAL)).evidence.read == READ


def test_one_of_several_reviewers_is_told_what_his_own_reading_says(store: Store) -> None:
    load(store)
    store.add(screened(range(1, READ + 1), people=["ann"]))
    store.add(screened(range(1, 20), relevant=(), people=["bob"]))
    stand = standing(store, DUAL)
    assert in_short(store, DUAL, stand, "ann").startswith("By what ann alone has read: at least 95 %")
    assert in_short(store, DUAL, stand, "bob").startswith("By what bob alone has read: cannot be said yet")
    assert in_short(store, DUAL, stand, "cyd") == ""
    assert "too few relevant records have been found" in found_so_far(store, DUAL, stand)  # by both of them
    assert recent(store, stand, DUAL.stage[0], "ann").relevant == len(RELEVANT)


def test_where_one_decides_everyone_is_told_the_same(store: Store, protocol: Protocol) -> None:
    stand = half_screened(store, protocol)
    assert (
        in_short(store, protocol, stand, "bob") == in_short(store, protocol, stand, "ann") == told(store, protocol).said
    )


def test_the_part_of_a_sample_says_nothing_in_the_order_of_relevance(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    store.add(screened(sample(store, protocol, 20), order="relevance:200"))
    known = outlook(store, protocol, standing(store, protocol)).evidence
    assert (len(known.found), known.read, known.aside) == (READ, READ + 20, 20)


def test_a_sample_that_contradicts_the_method_is_told(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 30)
    store.add(screened(drawn, relevant=drawn[:12], order="sample"))
    found = outlook(store, protocol, standing(store, protocol))
    assert found.told[0].stop
    assert "A random sample contradicts the counting process" in found.doubt
    assert "go on screening" in found.doubt


def test_the_estimate_is_the_one_of_the_rule_itself_where_nothing_is_left_aside(
    store: Store, protocol: Protocol
) -> None:
    known = outlook(store, protocol, half_screened(store, protocol)).evidence
    for name in (CURVE, TEST):
        made, said = estimate(RULES[name], known.found, RECORDS), tell(known, RULES[name])
        assert (said.stop, said.low, said.missed) == (made.stop, made.low, made.missed)
        if made.likely is not None:
            assert said.likely == pytest.approx(made.likely)
