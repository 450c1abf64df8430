"""Recording decisions: accepted where the record stands, refused elsewhere, taken back, never doubled."""

from dataclasses import replace

import pytest

from reviewkit.errors import BadDecision, BadReviewer, NothingToUndo, UnknownRecord, UnknownStage
from reviewkit.model.decisions import BEFORE_SCREENING, Basis, Decision, State
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.steps.decide import record_decision, remove, undo_last
from reviewkit.steps.people import known_name
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision

LATER = "2024-05-02T10:00:00Z"


@pytest.fixture(autouse=True)
def _three_records(store: Store) -> None:
    add_run(store, [citation(title=f"Title {n}") for n in (1, 2, 3)])


def now(store: Store, protocol: Protocol) -> Standing:
    return standing(store, protocol)


def record(store: Store, protocol: Protocol, wanted: Decision) -> Decision:
    return record_decision(store, protocol, standing(store, protocol), wanted)


def test_a_decision_is_stored_with_the_protocol_it_was_made_under(store: Store, protocol: Protocol):
    made = record(store, protocol, decision(1, "include"))
    assert store.all(Decision) == [made]
    assert made.protocol == protocol.version
    assert store.protocols()[protocol.version] == (protocol.source, AT)


def elsewhere(number: int, verdict: str, **given: object) -> Decision:
    return decision(number, verdict, by="Covidence", basis=Basis.ELSEWHERE, **given)


def test_what_was_decided_in_another_program_is_revised_by_a_consensus_and_by_no_single_vote(
    store: Store, protocol: Protocol
):
    record(store, protocol, elsewhere(1, "include"))
    assert record(store, protocol, elsewhere(1, "include")).n == 0, "that stands already"
    with pytest.raises(BadDecision, match="decided in Covidence; to revise that: 'reviewkit conflicts settle r1'"):
        record(store, protocol, decision(1, "exclude"))
    record(store, protocol, decision(1, "exclude", basis=Basis.CONSENSUS, note="read again"))
    assert now(store, protocol).in_state("title-abstract", State.EXCLUDED) == (1,)
    with pytest.raises(BadDecision, match="reviewers here have decided"):
        record(store, protocol, elsewhere(1, "exclude"))


def test_what_reviewers_decided_here_is_not_overruled_from_elsewhere_nor_removed_before_screening(
    store: Store, protocol: Protocol
):
    record(store, protocol, decision(1, "exclude"))
    with pytest.raises(BadDecision, match="reviewers here have decided on it already"):
        record(store, protocol, elsewhere(1, "include"))
    record(store, protocol, elsewhere(2, "include"))
    with pytest.raises(BadDecision, match="screening it has begun"):
        record(store, protocol, decision(2, "exclude", stage=BEFORE_SCREENING, note="copy"))


def test_without_a_stage_a_decision_is_made_where_the_record_stands(store: Store, protocol: Protocol):
    first = record(store, protocol, decision(1, "include", stage=""))
    second = record(store, protocol, decision(1, "awaiting", stage=""))
    third = record(store, protocol, decision(1, "exclude", stage="full-text", criterion="e1"))
    assert (first.stage, second.stage, third.criterion) == ("title-abstract", "full-text", "E1")


def test_a_script_run_a_second_time_does_not_decide_on_the_full_text_unasked(store: Store, protocol: Protocol):
    record(store, protocol, decision(1, "include", stage=""))
    with pytest.raises(BadDecision, match="say which is meant: --stage full-text or --stage"):
        record(store, protocol, decision(1, "include", stage=""))
    assert store.count(Decision) == 1


def test_a_stage_that_the_record_has_not_reached_is_refused(store: Store, protocol: Protocol):
    with pytest.raises(BadDecision, match=r"Record r1 at full text: it has not reached this stage.*is pending"):
        record(store, protocol, decision(1, "include", stage="full-text"))
    record(store, protocol, decision(1, "exclude"))
    with pytest.raises(BadDecision, match="at title and abstract it is excluded"):
        record(store, protocol, decision(1, "include", stage="full-text"))
    assert store.count(Decision) == 1


def test_what_the_protocol_does_not_allow_is_refused_and_not_stored(store: Store, protocol: Protocol):
    for wanted, told in (
        (decision(1, "ongoing"), "cannot be decided here"),
        (decision(1, "exclude", criterion="E7"), "not an exclusion criterion"),
    ):
        with pytest.raises(BadDecision, match=told):
            record(store, protocol, wanted)
    with pytest.raises(UnknownRecord):
        record(store, protocol, decision(9, "include"))
    with pytest.raises(UnknownStage):
        record(store, protocol, decision(1, "include", stage="abstract"))
    assert store.count(Decision) == 0


def test_a_decision_on_a_merged_citation_is_made_on_its_record(store: Store, protocol: Protocol):
    store.add([Match(left=1, right=3, judgement=Judgement.SAME, rule=PERSON, by="ann", at=AT)])
    assert record(store, protocol, decision(3, "include")).record == 1


def test_a_later_decision_revises_and_the_same_one_again_adds_nothing(store: Store, protocol: Protocol):
    record(store, protocol, decision(1, "include"))
    assert record(store, protocol, replace(decision(1, "include"), at=LATER)).n == 0
    assert store.count(Decision) == 1
    record(store, protocol, decision(1, "exclude"))
    assert now(store, protocol).in_state("title-abstract", State.EXCLUDED) == (1,)
    assert store.count(Decision) == 2


def test_undo_takes_back_ones_own_last_decision_one_after_the_other(store: Store, protocol: Protocol):
    for wanted in (decision(1, "include"), decision(2, "include", by="bob"), decision(3, "exclude")):
        record(store, protocol, wanted)
    assert undo_last(store, "ann", LATER).record == 3
    assert undo_last(store, "ann", LATER).record == 1
    with pytest.raises(NothingToUndo, match="nothing of ann"):
        undo_last(store, "ann", LATER)
    assert now(store, protocol).in_state("title-abstract", State.INCLUDED) == (2,)
    assert store.count(Decision) == 5  # appended, not deleted


def test_undo_can_keep_to_one_stage_and_one_kind(store: Store, protocol: Protocol):
    record(store, protocol, decision(1, "include"))
    remove(store, protocol, now(store, protocol), [2], "ann", AT, "not a paper")
    assert undo_last(store, "ann", LATER, "title-abstract").record == 1
    with pytest.raises(NothingToUndo, match="at full text"):
        undo_last(store, "ann", LATER, "full-text")
    with pytest.raises(NothingToUndo):
        undo_last(store, "ann", LATER, basis=Basis.CONSENSUS)
    assert undo_last(store, "ann", LATER, basis=Basis.REVIEWER).stage == BEFORE_SCREENING


def test_records_are_removed_before_screening_by_a_person_or_a_tool(store: Store, protocol: Protocol):
    by_person = remove(store, protocol, now(store, protocol), [1], "ann", AT, "not a paper")
    by_tool = remove(store, protocol, now(store, protocol), [2], "Sorter 1.0", AT, "score 0.01", automation=True)
    assert [(d.by, d.basis, d.note) for d in by_person + by_tool] == [
        ("ann", Basis.REVIEWER, "not a paper"),
        ("Sorter 1.0", Basis.AUTOMATION, "score 0.01"),
    ]
    assert list(now(store, protocol).screening.removed) == [1, 2]


def test_records_are_removed_all_or_none(store: Store, protocol: Protocol):
    record(store, protocol, decision(2, "include"))
    with pytest.raises(BadDecision, match="Record r2 at removal: screening it has begun"):
        remove(store, protocol, now(store, protocol), [1, 2], "ann", AT, "not a paper")
    assert list(now(store, protocol).screening.removed) == []


def test_removing_needs_a_reason_and_twice_adds_nothing(store: Store, protocol: Protocol):
    with pytest.raises(BadDecision, match="needs its reason"):
        remove(store, protocol, now(store, protocol), [1], "ann", AT, " ")
    assert len(remove(store, protocol, now(store, protocol), [1, 1], "ann", AT, "not a paper")) == 1
    assert remove(store, protocol, now(store, protocol), [1], "ann", AT, "not a paper") == []
    with pytest.raises(BadDecision, match="removed already"):
        remove(store, protocol, now(store, protocol), [1], "ann", AT, "another reason")


def test_a_removed_record_cannot_be_screened(store: Store, protocol: Protocol):
    remove(store, protocol, now(store, protocol), [1], "ann", AT, "not a paper")
    with pytest.raises(BadDecision, match=r"removed before screening \(not a paper\)"):
        record(store, protocol, decision(1, "include"))


def test_one_person_is_one_reviewer_however_the_name_is_typed(store: Store, protocol: Protocol):
    record(store, protocol, decision(1, "include", by="José Núñez"))
    assert known_name(store, protocol, "josé  núñez") == "José Núñez"
    assert known_name(store, protocol, "Jose\N{COMBINING ACUTE ACCENT} Nu\u0301n\u0303ez") == "José Núñez"
    assert known_name(store, protocol, "Jo") == "Jo"


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "n" * 101, "Consensus", "reviewkit"])
def test_what_cannot_be_a_persons_name_is_refused(store: Store, protocol: Protocol, name: str):
    with pytest.raises(BadReviewer, match="cannot be the name of a person"):
        known_name(store, protocol, name)


def test_a_note_is_one_line(store: Store, protocol: Protocol):
    assert record(store, protocol, decision(1, "include", note=" two\n lines ")).note == "two lines"
