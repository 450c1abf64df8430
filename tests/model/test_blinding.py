"""What blinding hides: verdicts and values, undone ones too, until the others have given theirs."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.model.blinding import hidden_decisions, hidden_extractions, without_verdicts
from reviewkit.model.decisions import Basis, Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.partition import partition
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from tests.build import AT, citation, decision, protocol_text


def review_of(reviewers: int) -> Protocol:
    return parse_protocol(protocol_text(reviewers), Path("backpain.toml"))


def hidden(rows: list[Decision], reviewers: int = 2, same: tuple[tuple[int, int], ...] = ()) -> set[int]:
    numbered = [replace(row, n=n) for n, row in enumerate(rows, start=1)]
    return set(hidden_decisions(review_of(reviewers), partition(range(1, 10), same), numbered))


def test_a_first_verdict_is_hidden_until_the_second() -> None:
    assert hidden([decision(1, "exclude", "ann")]) == {1}
    assert hidden([decision(1, "exclude", "ann"), decision(1, "include", "bob")]) == set()


def test_a_lone_reviewer_hides_nothing() -> None:
    assert hidden([decision(1, "exclude", "ann"), decision(2, "maybe", "ann")], reviewers=1) == set()


def test_a_changed_mind_is_hidden_with_what_it_was_before() -> None:
    rows = [decision(1, "exclude"), decision(1, "exclude", undoes=1), decision(1, "include")]
    assert hidden(rows) == {1, 2, 3}
    assert hidden([*rows, decision(1, "include", "bob")]) == set()


def test_taking_a_verdict_back_hides_the_other_ones_again() -> None:
    rows = [decision(1, "exclude"), decision(1, "include", "bob"), decision(1, "include", "bob", undoes=2)]
    assert hidden(rows) == {1, 2, 3}


def test_verdicts_on_copies_of_one_record_count_together() -> None:
    rows = [decision(1, "exclude", "ann"), decision(2, "include", "bob")]
    assert hidden(rows) == {1, 2}
    assert hidden(rows, same=((1, 2),)) == set()


def test_stages_are_blind_each_for_itself_and_consensus_opens() -> None:
    both = [decision(1, "include", "ann"), decision(1, "include", "bob")]
    text = decision(1, "exclude", "ann", stage="full-text", criterion="E1")
    assert hidden([*both, text]) == {3}
    assert hidden([*both, text, replace(text, by="cyd", basis=Basis.CONSENSUS)]) == set()


def test_a_removal_before_screening_is_never_hidden() -> None:
    assert hidden([decision(1, "exclude", stage="before-screening")]) == set()


def value(field: str, text: str, by: str = "ann", **given: object) -> Extraction:
    return Extraction(study=1, group="design", field=field, value=text, by=by, at=AT, **given)  # type: ignore[arg-type]


def hidden_values(rows: list[Extraction], reviewers: int = 2) -> set[int]:
    numbered = [replace(row, n=n) for n, row in enumerate(rows, start=1)]
    return set(hidden_extractions(review_of(reviewers), {1: 1}, numbered))


def test_values_are_hidden_until_both_have_finished_the_study() -> None:
    rows = [value("n", "20"), value("kind", "trial")]
    assert hidden_values(rows) == {1, 2}
    assert hidden_values([*rows, value("kind", "trial", "bob")]) == {1, 2, 3}, "n is required, and bob lacks it"
    assert hidden_values([*rows, value("n", "21", "bob")]) == set()
    assert hidden_values(rows, reviewers=1) == set()


def test_a_third_person_still_at_work_stays_hidden_and_consensus_is_shown() -> None:
    rows = [value("n", "20"), value("n", "21", "bob"), value("kind", "trial", "cyd")]
    assert hidden_values(rows) == {3}
    assert hidden_values([value("n", "20"), value("n", "20", "ann", basis=Basis.CONSENSUS)]) == {1}


def test_an_undone_value_is_hidden_too() -> None:
    assert hidden_values([value("n", "20"), value("n", "", undoes=1)]) == {1, 2}


def test_values_of_a_study_that_is_no_longer_included_follow_the_same_rule() -> None:
    numbered = [replace(value("n", "20"), n=1)]
    assert hidden_extractions(review_of(2), {}, numbered) == {1}


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ('Cited 4 | RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-LABELS: a | USER-NOTES: {"Ann"=>["no"]}', "Cited 4"),
        ('RAYYAN-INCLUSION: {"Ann"=>"Excluded"}\nand on', ""),
        ("first\nASReview_irrelevant ASReview_prior", "first"),
        ("Exclusion reason: Wrong dose; a letter", "a letter"),
        ("PMID: 7\nOpen access", "PMID: 7\nOpen access"),
        ("", ""),
    ],
)
def test_what_another_screening_program_noted_of_verdicts_is_not_shown(notes: str, shown: str) -> None:
    assert without_verdicts(citation(notes=notes)) == citation(notes=shown)
