"""Labelled lists: ASReview's columns and notes, and the words of plain tables."""

import pytest

from reviewkit.formats.labels import is_asreview, is_labelled, votes_in_notes, votes_of_row
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Vote


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("1", "include"), ("1.0", "include"), ("Included", "include"), ("0", "exclude"), ("no", "exclude"),
     ("EXCLUDE", "exclude"), ("Maybe", "maybe"), ("not retrieved", "not-retrieved"), ("ongoing", "ongoing")],
)  # fmt: skip
def test_a_verdict_is_understood_however_it_is_written(word: str, verdict: str) -> None:
    assert [vote.verdict.value for vote in votes_of_row({"Title": "x", "Included": word})] == [verdict]


@pytest.mark.parametrize("word", ["", " ", "-1", "nan", "NA", "undecided", "not_seen"])
def test_a_row_that_is_not_decided_has_no_verdict(word: str) -> None:
    assert votes_of_row({"title": "x", "included": word}) == ()


def test_another_word_is_said_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="'perhaps' is no verdict"):
        votes_of_row({"title": "x", "decision": "perhaps"})


def test_asreview_tells_person_time_note_and_prior_knowledge() -> None:
    row = {
        "title": "x", "included": "0", "asreview_label": "1", "asreview_time": "2025-09-07T11:00:00Z",
        "asreview_note": "strong", "asreview_user_name": "Ann", "asreview_prior": "1",
    }  # fmt: skip
    (vote,) = votes_of_row(row)
    assert vote == Vote(
        verdict=Verdict.INCLUDE, by="Ann", remark="prior knowledge; strong", at="2025-09-07T11:00:00Z"
    )  # fmt: skip
    assert is_asreview(row)
    assert is_labelled(row)


def test_a_plain_table_may_name_person_stage_and_reason() -> None:
    (vote,) = votes_of_row({"Decision": "exclude", "Screener": "Bo", "Stage": "Full text", "Exclusion reason": "Dose"})
    assert (vote.by, vote.stage, vote.reasons) == ("Bo", "Full text", ("Dose",))


def test_asreview_writes_a_word_into_the_notes_of_other_formats() -> None:
    assert [v.verdict for v in votes_in_notes("x ASReview_relevant")] == [Verdict.INCLUDE]
    assert [(v.verdict, v.remark) for v in votes_in_notes("ASReview_prior\nASReview_irrelevant")] == [
        (Verdict.EXCLUDE, "prior knowledge")
    ]
    assert votes_in_notes("ASReview_not_seen") == votes_in_notes("") == ()
    with pytest.raises(ValueError, match="both ASReview_irrelevant and ASReview_relevant"):
        votes_in_notes("ASReview_relevant ASReview_irrelevant")
