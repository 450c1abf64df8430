"""Covidence: which list a file is, and what being in it says."""

import pytest

from reviewkit.formats.covidence import LISTS, is_covidence, is_extraction, list_of, said_by_list, votes
from reviewkit.model.decisions import Verdict
from tests.steps.moves import COVIDENCE_COLUMNS


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("review_1234_irrelevant_csv_20240303130132.csv", "irrelevant"),
        ("My review_1234_Excluded_csv_20240303.csv", "excluded"),
        ("lists.zip/review_1_select_csv_2.csv", "select"),
        ("included.csv", "included"),
        ("not_included_or_excluded.csv", ""),
        ("preincluded.csv", ""),
        ("references.csv", ""),
    ],
)
def test_a_list_is_told_by_the_name_that_covidence_gives_it(name: str, listed: str) -> None:
    assert list_of(name) == listed


def test_its_tables_are_told_by_their_headings() -> None:
    assert is_covidence(COVIDENCE_COLUMNS)
    assert is_extraction(["Covidence #", "Study ID", "Title", "Reviewer Name"])
    assert not is_covidence(["key", "title"])
    assert not is_extraction(COVIDENCE_COLUMNS)


def test_each_list_says_what_was_decided_at_every_stage_that_lies_behind() -> None:
    told = {name: [(v.stage, v.verdict.value) for v in votes(said_by_list(name, ""), "#7", "", "")] for name in LISTS}
    title, full = "title-abstract", "full-text"
    assert told == {
        "screen": [],
        "irrelevant": [(title, "exclude")],
        "select": [(title, "include")],
        "excluded": [(title, "include"), (full, "exclude")],
        "included": [(title, "include"), (full, "include")],
    }


def test_an_exclusion_brings_its_reason_and_what_else_the_notes_and_tags_say() -> None:
    notes = "Exclusion reason: Wrong study design; a letter"
    title, full = votes(LISTS["excluded"], "#7", notes, "SRH; fund")
    assert (title.reasons, title.remark) == ((), "Covidence #7")
    assert (full.reasons, full.remark) == (("Wrong study design",), "Covidence #7; a letter; tags: SRH, fund")


@pytest.mark.parametrize(
    ("tags", "verdict"), [("Ongoing study", Verdict.ONGOING), ("key; awaiting classification", Verdict.AWAITING)]
)
def test_its_own_tags_say_what_became_of_a_full_text_that_is_not_decided(tags: str, verdict: Verdict) -> None:
    assert said_by_list("select", tags)["full-text"] is verdict
    assert said_by_list("included", tags) == LISTS["included"]
