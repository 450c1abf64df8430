"""What follows from decisions: outcomes, stages reached, removals; and which decisions are refused."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.decisions import (
    BEFORE_SCREENING,
    Basis,
    Decision,
    State,
    Verdict,
    independent,
    outcome,
    problem_with,
    screening,
)
from reviewkit.model.partition import partition
from reviewkit.model.protocol import Criterion, Protocol, Stage, StageId
from reviewkit.protocol import parse_protocol
from tests.build import AT, decision, protocol_text

CRITERIA = (Criterion(id="E1", text="one"), Criterion(id="E2", text="two"))
DUAL_TITLE = Stage(id=StageId.TITLE_ABSTRACT, reviewers=2, reasons="optional")
DUAL_FULL = Stage(id=StageId.FULL_TEXT, reviewers=2)
ALONE_TITLE = Stage(id=StageId.TITLE_ABSTRACT, reviewers=1)
ALONE_FULL = Stage(id=StageId.FULL_TEXT, reviewers=1)


def protocol(reviewers: int = 1, settled_by: str = "") -> Protocol:
    text = protocol_text(reviewers)
    if settled_by:
        text = text.replace('id = "title-abstract"', f'id = "title-abstract"\nsettled_by = "{settled_by}"')
    return parse_protocol(text, Path("backpain.toml"))


def votes(*words: str) -> list[Decision]:
    """`votes("ann include", "bob exclude E1", "ann: exclude E2")`; a colon marks a consensus."""
    made = []
    for n, word in enumerate(words, start=1):
        by, verdict, criterion = (*word.split(), "")[:3]
        basis = Basis.CONSENSUS if by.endswith(":") else Basis.REVIEWER
        made.append(decision(1, verdict, by=by.rstrip(":"), n=n, criterion=criterion, basis=basis))
    return made


def state(stage: Stage, *words: str) -> State:
    return outcome(stage, votes(*words), CRITERIA).state


# --- one reviewer --------------------------------------------------------------------------------


def test_one_reviewer_decides_alone():
    assert state(ALONE_TITLE) is State.PENDING
    assert state(ALONE_TITLE, "ann include") is State.INCLUDED
    assert state(ALONE_TITLE, "ann exclude E1") is State.EXCLUDED


def test_a_maybe_on_the_title_sends_the_record_to_the_full_text():
    assert state(ALONE_TITLE, "ann maybe") is State.INCLUDED


def test_a_maybe_on_the_full_text_decides_nothing():
    assert state(ALONE_FULL, "ann maybe") is State.PENDING
    assert state(ALONE_FULL, "ann maybe", "ann include") is State.INCLUDED


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("not-retrieved", State.NOT_RETRIEVED), ("awaiting", State.AWAITING), ("ongoing", State.ONGOING)],
)
def test_full_texts_can_be_missing_awaiting_or_of_ongoing_studies(verdict: str, expected: State):
    assert state(ALONE_FULL, f"ann {verdict}") is expected


def test_the_last_verdict_of_a_person_counts():
    found = outcome(ALONE_FULL, votes("ann exclude E1", "ann include"), CRITERIA)
    assert (found.state, found.criterion, len(found.votes)) == (State.INCLUDED, "", 1)


# --- two reviewers -------------------------------------------------------------------------------


def test_a_record_waits_until_as_many_people_have_voted_as_the_protocol_asks_for():
    assert state(DUAL_TITLE, "ann include") is State.PENDING
    assert state(DUAL_TITLE, "ann include", "ann include") is State.PENDING
    assert state(DUAL_TITLE, "ann include", "bob include") is State.INCLUDED


def test_two_who_differ_are_in_conflict_until_one_thinks_again():
    assert state(DUAL_TITLE, "ann include", "bob exclude") is State.CONFLICT
    assert state(DUAL_TITLE, "ann include", "bob exclude", "bob include") is State.INCLUDED


def test_a_maybe_agrees_with_an_inclusion_on_the_title_and_conflicts_on_the_full_text():
    assert state(DUAL_TITLE, "ann maybe", "bob include") is State.INCLUDED
    assert state(DUAL_TITLE, "ann maybe", "bob maybe") is State.INCLUDED
    assert state(DUAL_TITLE, "ann maybe", "bob exclude") is State.CONFLICT
    assert state(DUAL_FULL, "ann maybe", "bob include") is State.CONFLICT
    assert state(DUAL_FULL, "ann maybe", "bob maybe") is State.CONFLICT


def test_exclusions_for_different_reasons_agree_on_the_title_and_conflict_on_the_full_text():
    for order in permutations(("ann exclude E2", "bob exclude E1")):
        found = outcome(DUAL_TITLE, votes(*order), CRITERIA)
        assert (found.state, found.criterion) == (State.EXCLUDED, "E1")  # the first in the protocol's order
    assert state(DUAL_FULL, "ann exclude E1", "bob exclude E2") is State.CONFLICT
    found = outcome(DUAL_FULL, votes("ann exclude E2", "bob exclude E2"), CRITERIA)
    assert (found.state, found.criterion) == (State.EXCLUDED, "E2")


def test_an_exclusion_without_a_reason_agrees_with_one_that_names_it():
    found = outcome(DUAL_FULL, votes("ann exclude", "bob exclude E2"), CRITERIA)
    assert (found.state, found.criterion) == (State.EXCLUDED, "E2")


def test_criteria_that_left_the_protocol_come_last_and_in_a_fixed_order():
    for order in permutations(("ann exclude Z9", "bob exclude A1", "cyd exclude E2")):
        assert outcome(DUAL_TITLE, votes(*order), CRITERIA).criterion == "E2"
    for order in permutations(("ann exclude Z9", "bob exclude A1")):
        assert outcome(DUAL_TITLE, votes(*order), CRITERIA).criterion == "A1"


def test_one_verdict_more_than_asked_for_can_bring_a_conflict():
    assert state(ALONE_TITLE, "ann exclude", "bob include") is State.CONFLICT


# --- consensus -----------------------------------------------------------------------------------


def test_a_consensus_settles_whatever_the_votes_were_and_the_last_one_counts():
    words = ["ann include", "bob exclude E1", "bob: exclude E2"]
    found = outcome(DUAL_FULL, votes(*words), CRITERIA)
    assert (found.state, found.criterion) == (State.EXCLUDED, "E2")
    assert [vote.by for vote in found.votes] == ["ann", "bob"]
    assert outcome(DUAL_FULL, votes(*words, "ann: ongoing"), CRITERIA).state is State.ONGOING


def test_a_consensus_holds_when_a_vote_changes_afterwards():
    assert state(DUAL_FULL, "ann include", "bob exclude E1", "ann: exclude E1", "bob include") is State.EXCLUDED


def test_a_result_reached_in_another_program_closes_a_record_until_a_consensus_revises_it():
    there = decision(1, "exclude", by="Covidence", basis=Basis.ELSEWHERE, criterion="E2")
    found = outcome(DUAL_TITLE, [there], CRITERIA)
    assert (found.state, found.criterion, found.votes) == (State.EXCLUDED, "E2", ())
    assert found.settled is found.elsewhere is there
    agreed = decision(1, "include", basis=Basis.CONSENSUS)
    for order in permutations((there, agreed)):
        found = outcome(DUAL_TITLE, order, CRITERIA)
        assert (found.state, found.settled, found.elsewhere) == (State.INCLUDED, agreed, there)


def test_a_result_reached_in_another_program_is_no_verdict_of_a_reviewer():
    there = decision(1, "include", by="Covidence", basis=Basis.ELSEWHERE)
    assert independent(DUAL_TITLE, [there]) == {}
    unclear = replace(there, stage="full-text", verdict=Verdict.MAYBE)
    assert problem_with(unclear, protocol()) == "'maybe' is no result"
    assert outcome(DUAL_FULL, [unclear], CRITERIA).state is State.PENDING


def test_a_maybe_settles_nothing_on_the_full_text_even_when_a_file_brings_one():
    assert state(DUAL_FULL, "ann include", "bob exclude E1", "ann: maybe") is State.CONFLICT


@given(
    st.lists(
        st.tuples(st.sampled_from(["ann", "bob", "cyd"]), st.sampled_from(list(Verdict)), st.sampled_from(list(Basis))),
        max_size=8,
    ),
    st.integers(1, 3),
    st.sampled_from(list(StageId)),
)
def test_whatever_was_decided_an_outcome_follows_and_holds_each_person_once(
    made: list[tuple[str, Verdict, Basis]], reviewers: int, stage: StageId
):
    rows = [decision(1, v.value, by=by, n=n, basis=basis) for n, (by, v, basis) in enumerate(made, start=1)]
    found = outcome(Stage(id=stage, reviewers=reviewers), rows, CRITERIA)
    people = [vote.by for vote in found.votes]
    assert len(people) == len(set(people))
    if len(people) < reviewers and found.settled is None:
        assert found.state is State.PENDING


# --- what is refused -----------------------------------------------------------------------------


def test_a_plain_decision_is_accepted():
    assert problem_with(decision(1, "include"), protocol()) == ""
    assert problem_with(decision(1, "exclude", criterion="E1", stage="full-text"), protocol()) == ""
    assert problem_with(decision(1, "exclude"), protocol()) == ""  # reasons are optional on the title here


@pytest.mark.parametrize("verdict", ["not-retrieved", "awaiting", "ongoing"])
def test_verdicts_on_full_texts_are_refused_on_the_title(verdict: str):
    assert "possible are exclude, include, maybe" in problem_with(decision(1, verdict), protocol())


def test_an_unknown_stage_allows_nothing():
    assert problem_with(decision(1, "include", stage="abstract"), protocol())


def test_an_exclusion_on_the_full_text_needs_an_exclusion_criterion():
    assert "one of E1, E2" in problem_with(decision(1, "exclude", stage="full-text"), protocol())
    for criterion in ("I1", "E9"):
        assert "not an exclusion criterion" in problem_with(decision(1, "exclude", criterion=criterion), protocol())


def test_only_an_exclusion_names_a_criterion():
    assert "only an exclusion" in problem_with(decision(1, "include", criterion="E1"), protocol())


def test_records_are_removed_before_screening_only_with_a_reason_and_only_by_exclusion():
    assert "reason" in problem_with(decision(1, "exclude", stage=BEFORE_SCREENING, note="  "), protocol())
    assert problem_with(decision(1, "exclude", stage=BEFORE_SCREENING, note="retracted"), protocol()) == ""
    assert problem_with(decision(1, "include", stage=BEFORE_SCREENING, note="x"), protocol())


def test_conflicts_are_settled_by_whom_the_protocol_names_and_by_a_clear_verdict():
    def settling(by: str, verdict: str = "include") -> Decision:
        return decision(1, verdict, by=by, basis=Basis.CONSENSUS)

    assert problem_with(settling("ann"), protocol(2)) == ""
    assert "Cyd settles" in problem_with(settling("ann"), protocol(2, "Cyd"))
    assert problem_with(settling("Cyd"), protocol(2, "Cyd")) == ""
    assert "does not settle" in problem_with(settling("ann", "maybe"), protocol(2))


# --- the whole review ----------------------------------------------------------------------------


def rows_of(*made: Decision) -> list[Decision]:
    return [replace(row, n=n) for n, row in enumerate(made, start=1)]


def test_a_record_reaches_the_next_stage_when_included_and_falls_back_when_that_changes():
    apart = partition([1, 2, 3], [])
    rows = rows_of(decision(1, "include"), decision(2, "exclude"), decision(1, "include", stage="full-text"))
    found = screening(protocol(), apart, rows)
    assert list(found.stages["title-abstract"]) == [1, 2, 3]
    assert list(found.stages["full-text"]) == [1]
    assert found.included == (1,)

    found = screening(protocol(), apart, rows_of(*rows, decision(1, "exclude", criterion="E1")))
    assert list(found.stages["full-text"]) == []
    assert found.included == ()


def test_a_removed_record_reaches_no_stage_and_an_undo_brings_it_back():
    gone = decision(2, "exclude", stage=BEFORE_SCREENING, note="not a paper")
    apart = partition([1, 2], [])
    found = screening(protocol(), apart, rows_of(gone))
    assert list(found.removed) == [2]
    assert list(found.stages["title-abstract"]) == [1]

    back = rows_of(gone, decision(2, "exclude", stage=BEFORE_SCREENING, undoes=1))
    assert list(screening(protocol(), apart, back).stages["title-abstract"]) == [1, 2]


def test_a_copy_that_was_removed_does_not_take_a_screened_record_with_it():
    rows = rows_of(decision(1, "include"), decision(2, "exclude", stage=BEFORE_SCREENING, note="an index page"))
    found = screening(protocol(), partition([1, 2], [(1, 2)]), rows)
    assert found.removed == {}
    assert found.stages["title-abstract"][1].state is State.INCLUDED


def test_decisions_follow_their_citation_through_merges_and_splits():
    rows = rows_of(decision(2, "include"))
    merged = screening(protocol(), partition([1, 2], [(1, 2)]), rows)
    assert {r: o.state for r, o in merged.stages["title-abstract"].items()} == {1: State.INCLUDED}
    parted = screening(protocol(), partition([1, 2], []), rows)
    assert {r: o.state for r, o in parted.stages["title-abstract"].items()} == {1: State.PENDING, 2: State.INCLUDED}


def test_decisions_on_citations_that_are_not_loaded_are_left_alone():
    found = screening(protocol(), partition([1], []), rows_of(decision(7, "include")))
    assert list(found.stages["title-abstract"]) == [1]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(["ann", "bob"]),
            st.sampled_from(["title-abstract", "full-text", BEFORE_SCREENING]),
            st.sampled_from(list(Verdict)),
            st.integers(0, 12),
        ),
        max_size=14,
    )
)
def test_every_record_is_removed_or_screened_and_the_stages_nest(made: list[tuple[int, str, str, Verdict, int]]):
    rows = [
        decision(record, verdict.value, by=by, stage=stage, n=n, undoes=target if target < n else 0)
        for n, (record, by, stage, verdict, target) in enumerate(made, start=1)
    ]
    found = screening(protocol(2), partition([1, 2, 3, 4], [(3, 4)]), rows)
    title, full = found.stages["title-abstract"], found.stages["full-text"]
    assert found.removed.keys() | title.keys() == {1, 2, 3}
    assert not found.removed.keys() & title.keys()
    assert set(full) == {r for r, o in title.items() if o.state is State.INCLUDED}
    assert set(found.included) == {r for r, o in full.items() if o.state is State.INCLUDED}


# --- verdicts given independently ------------------------------------------------------------------


def said(stage: Stage, *words: str) -> dict[str, str]:
    return {by: vote.verdict.value for by, vote in independent(stage, votes(*words)).items()}


def test_agreement_rests_on_verdicts_given_before_the_other_one_could_be_seen():
    changed = said(DUAL_TITLE, "ann include", "ann maybe", "bob exclude", "ann exclude")
    assert changed == {"ann": "maybe", "bob": "exclude"}


def test_a_consensus_and_a_tool_are_no_verdicts_of_a_reviewer():
    rows = votes("ann include", "bob exclude", "ann: exclude")
    tool = Decision(record=1, stage="title-abstract", verdict=Verdict.EXCLUDE, by="tool", at=AT, basis=Basis.AUTOMATION)
    assert set(independent(DUAL_TITLE, [tool, *rows])) == {"ann", "bob"}
    assert independent(DUAL_TITLE, rows)["ann"].verdict is Verdict.INCLUDE


def test_of_somebody_who_comes_later_the_first_verdict_counts():
    assert said(ALONE_TITLE, "ann include", "bob exclude", "bob include") == {"ann": "include", "bob": "exclude"}
