"""Samples and stops as acts of people: what they keep, when they are refused, and that they decide nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import NothingToUndo, NotSampled, NotStopped, UnknownStage
from reviewkit.model.decisions import Decision, State, Verdict
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.model.stops import Sample, Stop, draw
from reviewkit.protocol import parse_protocol
from reviewkit.steps.audit import audit
from reviewkit.steps.flow import find_box, list_box, review_flow
from reviewkit.steps.screen import next_stage, queue, what_next
from reviewkit.steps.sitting import Sitting
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.stopping import outlook
from reviewkit.steps.stopping_acts import draw_sample, stop_screening, undo_act
from reviewkit.store import Store
from tests.build import AT, decision, protocol_text
from tests.steps.stopped import FULL, READ, RECORDS, RELEVANT, TITLE, half_screened, load, sample, screened, stop

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
UNREAD = range(READ + 1, RECORDS + 1)


def numbers(store: Store, protocol: Protocol) -> dict[str, int]:
    flow = review_flow(protocol, standing(store, protocol))
    return {box.key: box.n for box in flow.boxes}


# --- samples -----------------------------------------------------------------------------------


def test_a_sample_keeps_who_drew_it_how_and_what(store: Store, protocol: Protocol) -> None:
    stand = half_screened(store, protocol)
    made = draw_sample(store, protocol, stand, 20, "ann", AT, seed=42, note="as  planned")
    assert store.all(Sample) == [made]
    assert made.records == draw(UNREAD, 20, 42)
    assert (made.by, made.at, made.seed, made.waiting, made.decided, made.through) == (
        "ann", AT, 42, RECORDS - READ, READ, RECORDS,
    )  # fmt: skip
    assert made.note == "as planned"


def test_its_records_come_first_in_everyones_queue_in_the_order_of_the_draw(store: Store) -> None:
    half_screened(store, DUAL, people=("ann", "bob"))
    drawn = sample(store, DUAL, 10)
    stand = standing(store, DUAL)
    for name in ("ann", "bob"):
        waiting = queue(stand, DUAL, TITLE, name)
        assert waiting[:10] == list(drawn)
        assert waiting[10:] == [record for record in UNREAD if record not in drawn]
        assert sorted(queue(stand, DUAL, TITLE, name)) == list(UNREAD)


def test_a_sitting_shows_them_first_and_says_so_in_the_decision(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 3)
    sitting = Sitting(store, protocol, None, "ann", lambda: AT)
    shown = []
    for _ in range(4):
        exhibit = sitting.current()
        assert exhibit is not None
        shown.append((exhibit.record.id, sitting.order))
        sitting.decide(Verdict.EXCLUDE, "E1")
    assert shown == [*((record, "sample") for record in drawn), (min(set(UNREAD) - set(drawn)), "id")]


def test_the_next_seed_is_another_and_a_sample_that_was_taken_back_stays_on_record(
    store: Store, protocol: Protocol
) -> None:
    half_screened(store, protocol)
    first = sample(store, protocol, 10)
    undo_act(store, "ann", AT)
    second = sample(store, protocol, 10)
    assert first != second
    assert [row.seed for row in store.all(Sample)] == [1, 1, 3]
    assert queue(standing(store, protocol), protocol, TITLE, "ann")[:10] == list(second)


def test_no_second_sample_is_drawn_while_the_first_is_not_screened(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 2)
    with pytest.raises(NotSampled, match="2 records are still to be screened; they come first"):
        sample(store, protocol, 2)
    store.add(screened(drawn))
    assert len(sample(store, protocol, 2)) == 2


def test_a_sample_larger_than_what_waits_is_refused(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    with pytest.raises(NotSampled, match="nobody has decided on 150 records, and 151 were asked for"):
        sample(store, protocol, 151)
    assert store.count(Sample) == 0


def test_a_sample_says_nothing_of_the_rest_until_all_of_it_is_screened(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 30)
    store.add(screened(drawn[:29], relevant=drawn[:2], order="sample"))
    (found,) = outlook(store, protocol, standing(store, protocol)).audits
    assert (found.finished, found.screened, found.among) == (False, 29, None)
    assert "29 of 30 records are screened" in found.said

    store.add(screened(drawn[29:], order="sample"))
    (found,) = outlook(store, protocol, standing(store, protocol)).audits
    assert found.finished
    assert (found.relevant, found.among.likely) == (2, 10)  # 150 * 2 / 30
    assert found.among.least == 2
    assert found.left.most == found.among.most - 2
    assert f"2 to {found.among.most} of all 150 are relevant" in found.said
    assert f"at least {100 * 12 // (12 + found.left.most)} % of the relevant records are found" in found.said


def test_what_is_found_after_the_sample_is_left_no_longer(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 30)
    store.add(screened(drawn, relevant=drawn[:2], order="sample"))
    (before,) = outlook(store, protocol, standing(store, protocol)).audits
    others = [record for record in UNREAD if record not in drawn][:3]
    store.add(screened(others, relevant=others))
    (after,) = outlook(store, protocol, standing(store, protocol)).audits
    assert after.among == before.among
    assert (after.found, after.left.most) == (5, before.left.most - 3)


def test_a_sampled_record_removed_as_ineligible_counts_as_looked_at(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    first, *rest = sample(store, protocol, 5)
    store.add([decision(first, "exclude", stage="before-screening", note="a poster")])
    store.add(screened(rest))
    stand = standing(store, protocol)
    (found,) = outlook(store, protocol, stand).audits
    assert found.finished
    assert audit(stand, store.all(Sample)[0], []).relevant == 0


# --- stops -------------------------------------------------------------------------------------


def test_a_stop_keeps_who_stopped_when_where_and_what_the_estimate_said(store: Store, protocol: Protocol) -> None:
    stand = half_screened(store, protocol)
    made = stop_screening(store, protocol, stand, "ann", AT, "the  protocol\nsays so")
    said = outlook(store, protocol, stand).told[0]
    assert store.all(Stop) == [made]
    assert (made.by, made.at, made.stage, made.note) == ("ann", AT, TITLE, "the protocol says so")
    assert (made.screened, made.relevant, made.waiting) == (READ, len(RELEVANT), RECORDS - READ)
    assert (made.method, made.said, made.enough) == ("counting process", said.said, True)
    assert "Stevenson M, Bin-Hezam R." in made.reference


def test_a_person_may_stop_although_the_method_does_not_say_so_and_that_is_kept(
    store: Store, protocol: Protocol
) -> None:
    half_screened(store, protocol)
    (made,) = stop(store, protocol, method="hypergeometric").stops
    assert (made.method, made.enough) == ("hypergeometric test", False)
    assert made.said.startswith("Cannot be said yet")


def test_after_a_stop_records_that_nobody_screened_are_neither_waiting_nor_excluded(
    store: Store, protocol: Protocol
) -> None:
    half_screened(store, protocol)
    before = numbers(store, protocol)
    stop(store, protocol)
    after = numbers(store, protocol)
    assert (before["not-yet-screened"], before["not-screened"]) == (150, 0)
    assert (after["not-yet-screened"], after["not-screened"]) == (0, 150)
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"not-yet-screened", "not-screened"}


def test_the_list_of_them_says_why(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    stand = stop(store, protocol)
    listed = list_box(store, protocol, stand, find_box(review_flow(protocol, stand), "not-screened"))
    assert len(listed) == 150
    assert {(entry.reason, entry.by) for entry in listed} == {
        ("not screened: ann stopped screening on 2024-05-01; nobody excluded it", "ann")
    }


def test_what_one_of_two_has_begun_still_waits_for_the_other(store: Store) -> None:
    half_screened(store, DUAL, people=("ann", "bob"))
    store.add(screened([250], people=["ann"]))
    stop(store, DUAL)
    assert (numbers(store, DUAL)["not-yet-screened"], numbers(store, DUAL)["not-screened"]) == (1, 149)
    stand = standing(store, DUAL)
    assert queue(stand, DUAL, TITLE, "bob")[0] == 250
    assert what_next(stand, DUAL, TITLE, "bob").why == "1 record for you at title and abstract"
    assert next_stage(stand, DUAL, "bob").id == TITLE
    assert next_stage(stand, DUAL, "ann").id == FULL


def test_after_a_stop_the_full_texts_come_next_and_screening_on_is_allowed(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    stand = stop(store, protocol)
    assert next_stage(stand, protocol, "ann").id == FULL
    assert "at full text" in what_next(stand, protocol, TITLE, "ann").why
    assert len(queue(stand, protocol, TITLE, "ann")) == 150
    store.add(screened([250], relevant=[250]))
    after = numbers(store, protocol)
    assert (after["not-screened"], after["screened"], after["sought"]) == (149, 201, len(RELEVANT) + 1)


def test_when_nothing_else_waits_the_unscreened_records_are_offered(store: Store, protocol: Protocol) -> None:
    load(store, 6)
    store.add(screened([1, 2], relevant=()))
    stand = stop(store, protocol)
    assert next_stage(stand, protocol, "ann").id == TITLE
    assert what_next(stand, protocol, TITLE, "ann").command == ("status",)


def test_what_a_later_search_brings_waits_and_can_be_stopped_at_again(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    stop(store, protocol)
    load(store, 10, database="scopus", date="2025-01-01", update=1)
    # add_run makes the same titles again, but no rule was asked: these are ten new records
    stand = standing(store, protocol)
    flow = review_flow(protocol, stand)
    assert (flow.databases.not_screened.n, flow.updates[0].databases.not_yet_screened.n) == (150, 10)
    assert queue(stand, protocol, TITLE, "ann")[:10] == list(range(RECORDS + 1, RECORDS + 11))
    assert next_stage(stand, protocol, "ann").id == TITLE
    stop(store, protocol, note="again")
    flow = review_flow(protocol, standing(store, protocol))
    assert (flow.databases.not_screened.n, flow.updates[0].databases.not_screened.n) == (150, 10)
    assert len(standing(store, protocol).stops) == 2


def test_a_sample_drawn_after_the_stop_waits_to_be_screened(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    stop(store, protocol)
    drawn = sample(store, protocol, 10)
    after = numbers(store, protocol)
    assert (after["not-yet-screened"], after["not-screened"]) == (10, 140)
    assert next_stage(standing(store, protocol), protocol, "ann").id == TITLE
    store.add(screened(drawn, order="sample"))
    assert numbers(store, protocol)["not-screened"] == 140


def test_a_stop_is_refused_without_a_reason_or_with_nothing_to_stop_at(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    with pytest.raises(NotStopped, match="say why, with --note"):
        stop(store, protocol, note="  ")
    drawn = sample(store, protocol, 5)
    with pytest.raises(NotStopped, match="of the random sample of 2024-05-01 5 records are still to be screened"):
        stop(store, protocol)
    store.add(screened(drawn))
    stop(store, protocol)
    with pytest.raises(NotStopped, match="ann has stopped it already, on 2024-05-01"):
        stop(store, protocol, by="bob")
    store.add(screened(UNREAD))
    with pytest.raises(NotStopped, match="someone has decided on every record"):
        stop(store, protocol)
    assert store.count(Stop) == 1


def test_a_review_without_titles_and_abstracts_has_nothing_to_stop_at(store: Store, protocol: Protocol) -> None:
    only = replace(protocol, stage=(Stage(id=StageId.FULL_TEXT),))
    load(store, 3)
    for act in (
        lambda: stop_screening(store, only, standing(store, only), "ann", AT, "why"),
        lambda: draw_sample(store, only, standing(store, only), 1, "ann", AT),
    ):
        with pytest.raises(UnknownStage):
            act()


# --- taking back, and what never changes -------------------------------------------------------


def test_an_undo_takes_back_ones_own_last_act_and_nothing_is_lost(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    before = numbers(store, protocol)
    stop(store, protocol)
    with pytest.raises(NothingToUndo):
        undo_act(store, "bob", AT)
    assert isinstance(undo_act(store, "ann", AT), Stop)
    assert numbers(store, protocol) == before
    assert [row.undoes for row in store.all(Stop)] == [0, 1]
    drawn = sample(store, protocol, 4)
    store.add(screened(drawn))
    stop(store, protocol)
    assert isinstance(undo_act(store, "ann", AT), Stop)
    assert isinstance(undo_act(store, "ann", AT), Sample)
    assert numbers(store, protocol)["screened"] == READ + 4  # what was decided stays decided
    with pytest.raises(NothingToUndo):
        undo_act(store, "ann", AT)


def outcomes(stand: Standing) -> dict[str, dict[int, tuple[State, str]]]:
    return {
        stage: {record: (found.state, found.criterion) for record, found in each.items()}
        for stage, each in stand.screening.stages.items()
    }


def test_order_sample_and_stop_change_no_outcome(store: Store, protocol: Protocol) -> None:
    """Nothing is ever excluded by a model: whatever is switched on or off, records stand where people put them."""
    load(store)
    store.add(screened(range(1, READ + 1)))
    before = standing(store, protocol)
    steps = [
        lambda: sample(store, protocol, 10),
        lambda: undo_act(store, "ann", AT),
        lambda: stop(store, protocol),
        lambda: sample(store, protocol, 10),
        lambda: undo_act(store, "ann", AT),
        lambda: undo_act(store, "ann", AT),
    ]
    for step in steps:
        step()
        now = standing(store, protocol)
        assert outcomes(now) == outcomes(before)
        assert now.screening == before.screening
        assert now.studies == before.studies
    assert store.count(Decision) == READ


@pytest.mark.parametrize("order", ["id", "relevance:7", "random", "sample", "newest", ""])
def test_the_order_in_which_a_record_came_up_changes_no_outcome(store: Store, protocol: Protocol, order: str) -> None:
    load(store, 20)
    store.add([replace(row, order=order) for row in screened(range(1, 11))])
    stand = standing(store, protocol)
    found = {record for record, (state, _) in outcomes(stand)[TITLE].items() if state is State.INCLUDED}
    assert found == set(RELEVANT) & set(range(1, 11))
    assert len(stand.in_state(TITLE, State.PENDING)) == 10
