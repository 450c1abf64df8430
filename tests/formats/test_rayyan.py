"""Rayyan: the notes of an article, the log of what each user did, and which user is which person."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats.rayyan import Act, Told, is_log, is_rayyan, parse_log, parse_notes, users_by_name, votes
from reviewkit.model.decisions import Verdict
from tests.formats.reading import read
from tests.steps.moves import inclusion, rayyan, rayyan_log

YES, NO, MAYBE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE


def entry(at: str, user: str, article: str, key: str, value: str) -> dict[str, str]:
    return {"created_at": at, "user_id": "7", "user_email": user, "article_id": article, "key": key, "value": value}


# --- notes -----------------------------------------------------------------------------------------


def test_the_notes_tell_verdicts_reasons_labels_and_remarks_behind_what_the_database_wrote() -> None:
    notes = (
        "Times Cited: 14 | RAYYAN-INCLUSION: {\"Ann\"=>\"Included\", \"Bo Lee\"=>\"Excluded\", \"Cy\"=>\"Maybe\"} | "
        "RAYYAN-LABELS: key paper,fund | RAYYAN-EXCLUSION-REASONS: wrong dose,not English | "
        "USER-NOTES: {\"Ann\"=>[\"check [page 3]\", \"a \\\"good\\\" one\"], \"Cy\"=>[\"?\"]}"
    )  # fmt: skip
    assert is_rayyan(notes)
    assert parse_notes(notes) == Told(
        {"Ann": YES, "Bo Lee": NO, "Cy": MAYBE},
        ("wrong dose", "not English"),
        ("key paper", "fund"),
        {"Ann": ("check [page 3]", 'a "good" one'), "Cy": ("?",)},
    )


@pytest.mark.parametrize("notes", ["", "L471 2018", 'RAYYAN-INCLUSION: {"Ann"=>"Undecided"}', "RAYYAN-LABELS: a"])
def test_who_has_not_decided_does_not_appear(notes: str) -> None:
    assert parse_notes(notes).verdicts == {}


def test_a_note_in_the_next_line_is_no_reason() -> None:
    notes = inclusion(Ann="Excluded") + " | RAYYAN-EXCLUSION-REASONS: wrong dose\nFrom Embase, 2018"
    assert parse_notes(notes).reasons == ("wrong dose",)


def test_a_word_that_is_no_verdict_is_said_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="'Later' is not known"):
        parse_notes(inclusion(Ann="Later"))


@pytest.mark.parametrize(
    "said",
    [
        '{"Ann"=>"Included", "Bo',
        '{"Ann"=>"Included"=>',
        '{"Ann", "Included"}',
        "Included",
        "{M\u0308arta=\u0308 \u00cb}",
    ],
)
def test_verdicts_that_cannot_be_read_whole_are_said_and_not_dropped(said: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be read: .* export the articles as CSV"):
        parse_notes(f"RAYYAN-INCLUSION: {said}")


@pytest.mark.parametrize("said", ["", "{}", '{"Ann"=>""}'])
def test_nothing_said_is_nothing_decided(said: str) -> None:
    assert parse_notes(f"RAYYAN-INCLUSION: {said} | RAYYAN-LABELS: a").verdicts == {}


def test_of_several_rounds_in_rayyan_the_last_one_counts_with_its_own_reasons() -> None:
    earlier = inclusion(Ann="Included") + " | RAYYAN-LABELS: first | RAYYAN-EXCLUSION-REASONS: old"
    told = parse_notes(f"{earlier} | {inclusion(Ann='Excluded')}")
    assert (told.verdicts, told.reasons, told.labels, told.rounds) == ({"Ann": NO}, (), (), 2)


def test_quotation_marks_may_be_escaped_or_the_braces_lost_on_the_way_through_bibtex() -> None:
    assert parse_notes(r"RAYYAN-INCLUSION: {\"Ann\"=\>\"Maybe\"}").verdicts == {"Ann": MAYBE}
    assert parse_notes('RAYYAN-INCLUSION: "Ann"=>"Maybe", "Bo"=>"Included"').verdicts == {"Ann": MAYBE, "Bo": YES}


@pytest.mark.parametrize("piece", ['"A"=>["', '"A"=>[', '\\"', '"', "[", "RAYYAN-LABELS: ", "\\"])
def test_hostile_notes_are_read_in_a_time_that_grows_with_their_length(piece: str) -> None:
    told = parse_notes("USER-NOTES: {" + piece * 100_000)  # would take hours, not a second, if it grew faster
    assert told.verdicts == {}


@given(st.text(alphabet='AB{}[]"\\=>:|,\n \u00e9') | st.text())
def test_whatever_the_notes_hold_they_are_read_or_refused_in_words(text: str) -> None:
    try:
        told = parse_notes(f"RAYYAN-INCLUSION: {text}USER-NOTES: {text}")
    except ValueError as error:
        assert "Rayyan's verdict" in str(error)
    else:
        assert set(told.verdicts.values()) <= set(Verdict)


# --- the log ---------------------------------------------------------------------------------------


def test_of_the_log_the_latest_entry_counts_whatever_the_order_of_its_rows() -> None:
    log = parse_log([
        entry("2024-01-09T10:00:03Z", "a@x", "1", "included", "-1"),
        entry("2024-01-09T10:00:01Z", "a@x", "1", "included", "1"),
        entry("2024-01-09T10:00:01Z", "a@x", "1", '"__EXR__wrong dose"', "1"),
        entry("2024-01-09T10:00:02Z", "a@x", "1", '"__EXR__not English"', "1"),
        entry("2024-01-09T10:00:04Z", "a@x", "1", '"__EXR__wrong dose"', "deleted"),
        entry("2024-01-09T10:00:05Z", "a@x", "1", '"a label"', "1"),
        entry("2024-01-09T10:00:05Z", "a@x", "2", "included", "0"),
        entry("2024-01-09T10:00:06Z", "a@x", "3", "included", "1"),
        entry("2024-01-09T10:00:07Z", "a@x", "3", "included", "deleted"),
    ])  # fmt: skip
    assert log["a@x"]["1"] == Act(NO, "2024-01-09T10:00:03Z", ("not English",))
    assert log["a@x"]["2"].verdict is MAYBE
    assert log["a@x"]["3"].verdict is None


def test_the_log_is_told_by_its_headings() -> None:
    assert is_log(["created_at", "user_id", "user_email", "article_id", "key", "value"])
    assert not is_log(["key", "title", "notes"])


def test_a_user_is_the_person_whose_verdicts_are_exactly_his_and_nobody_elses() -> None:
    told = {"1": Told({"Ann": YES, "Bo": NO}), "2": Told({"Ann": NO, "Bo": NO})}
    log = {
        "a@x": {"1": Act(YES, "", ()), "2": Act(NO, "", ()), "99": Act(NO, "", ())},
        "b@x": {"1": Act(NO, "", ()), "2": Act(NO, "", ())},
    }
    assert users_by_name(log, told) == {"Ann": "a@x", "Bo": "b@x"}
    assert users_by_name({**log, "c@x": log["b@x"]}, told) == {"Ann": "a@x"}
    twins = {"1": Told({"Ann": YES, "Bo": YES})}
    assert users_by_name({"a@x": {"1": Act(YES, "", ())}}, twins) == {}


def test_with_the_log_each_person_has_his_own_time_and_reasons() -> None:
    told = Told({"Ann": NO, "Bo": NO, "Cy": YES}, ("wrong dose", "not English"), ("fund",), {"Ann": ("twice",)})
    ann, bo, cy = votes(told, {"Ann": Act(NO, "2024-01-09T10:00:00Z", ("not English",))})
    assert (ann.reasons, ann.at, ann.remark) == (("not English",), "2024-01-09T10:00:00Z", "labels: fund; twice")
    assert (bo.reasons, bo.at, bo.remark) == (("wrong dose", "not English"), "", "labels: fund")
    assert cy.reasons == (), "an inclusion has no reason"
    with pytest.raises(ValueError, match="says otherwise about the verdict of Ann"):
        votes(told, {"Ann": Act(YES, "", ())})


def test_an_archive_of_rayyan_is_read_whole_although_its_log_holds_no_publications() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("articles.csv", rayyan({1: inclusion(Ann="Included")}))
        archive.writestr("customizations_log.csv", rayyan_log(("2024-01-09T10:00:00Z", "a@x", 1, "included", "1")))
    kept, findings = read("zip", made.getvalue())
    assert [citation.accession for citation in kept] == ["rayyan-9001"]
    assert [finding.rejected for finding in findings] == [False]
    assert "'reviewkit decide import' reads it" in str(findings[0])
