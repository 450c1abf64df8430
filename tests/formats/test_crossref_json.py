"""What Crossref's API answers, read into citations."""

import json

import pytest

from reviewkit.formats import describe, detect
from tests.formats.reading import DATA, read, read_data

BODY = (DATA / "crossref.json").read_bytes()
WORKS = json.loads(BODY)["message"]["items"]


def test_a_list_of_works_gives_a_citation_each_with_its_line() -> None:
    citations, findings = read_data("crossref-json", "crossref.json")
    assert [c.doi for c in citations] == [
        "10.1000/a.b", "10.1000/a.b.retract", "10.1101/2023.01.02.123456", "10.1000/replaced"
    ]  # fmt: skip
    assert [c.line for c in citations] == [3, 22, 25, 29]
    said = "an entry with neither title nor identifier"
    assert [(f.message, f.line, f.rejected) for f in findings] == [(said, 32, True)]


def test_every_field_that_says_something_is_read() -> None:
    work = read_data("crossref-json", "crossref.json")[0][0]
    assert work.title == "Vesicles of 10^6 human cells & pain: A Trial"
    assert work.abstract == "Background: Pain < 3 of ten.\nMethods: One.\nCO2 at 10^6."
    assert work.authors == ("Wilson, Jane E.", "Today, B. A., Jr", "The Vesicle Group", "Madonna")
    assert (work.year, work.date, work.added) == (2024, "2024 Mar 18", "2023-12-05")
    assert (work.journal, work.journal_abbreviation) == ("Regenerative Medicine", "Regen Med")
    assert (work.volume, work.issue, work.pages) == ("19", "2", "12-19")
    assert work.registrations == ("ISRCTN12345678", "NCT05514639")
    assert work.issns == ("1234-567X", "2345-6789")
    assert (work.language, work.publisher, work.types) == ("en", "Test Press", ("journal-article",))
    assert (work.url, work.subjects) == ("https://doi.org/10.1000/a.b", ("Immunology",))
    assert not work.is_register_entry


def test_updates_are_told_in_pubmeds_words() -> None:
    article, notice, preprint, replaced = read_data("crossref-json", "crossref.json")[0]
    assert article.related == (
        "RetractionIn:10.1000/a.b.retract", "ErratumIn:10.1000/a.b.erratum", "UpdateOf:10.1101/2023.01.02.123456"
    )  # fmt: skip
    assert article.is_retracted
    assert notice.related == ("RetractionOf:10.1000/A.B",)
    assert not notice.is_retracted
    assert preprint.related == ("UpdateIn:10.1000/a.b",)
    assert replaced.related == ("RetractionIn:10.1000/replaced",)
    assert replaced.is_retracted


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("retraction", "RetractionIn", "RetractionOf"),
        ("removal", "RetractionIn", "RetractionOf"),
        ("partial_retraction", "PartialRetractionIn", "PartialRetractionOf"),
        ("expression_of_concern", "ExpressionOfConcernIn", "ExpressionOfConcernFor"),
        ("Expression of concern", "ExpressionOfConcernIn", "ExpressionOfConcernFor"),
        ("erratum", "ErratumIn", "ErratumFor"),
        ("new_version", "UpdateIn", "UpdateOf"),
        ("something new", "UpdateIn", "UpdateOf"),
        (None, "UpdateIn", "UpdateOf"),
    ],
)
def test_each_kind_of_update_has_its_word(kind: str | None, here: str, there: str) -> None:
    update = [{"DOI": "10.1000/other", "type": kind}]
    (updated, notice), _ = read(
        "crossref-json",
        json.dumps([{"DOI": "10.1000/x", "updated-by": update}, {"DOI": "10.1000/y", "update-to": update}]).encode(),
    )
    assert updated.related == (f"{here}:10.1000/other",)
    assert notice.related == (f"{there}:10.1000/other",)


def test_a_preprint_is_told_by_the_server_that_posted_it() -> None:
    preprint = read_data("crossref-json", "crossref.json")[0][2]
    assert (preprint.journal, preprint.types) == ("bioRxiv", ("posted-content", "preprint"))
    assert (preprint.year, preprint.date) == (2023, "2023 Jan 2")


def test_a_work_without_a_date_has_no_year_and_may_have_an_article_number() -> None:
    work = read_data("crossref-json", "crossref.json")[0][3]
    assert (work.year, work.date, work.pages) == (None, "", "e12")


@pytest.mark.parametrize(
    "saved",
    [
        {"status": "ok", "message-type": "work", "message": WORKS[0]},  # /works/DOI
        [WORKS[0]],
        WORKS[0],
    ],
)
def test_what_is_saved_by_hand_or_by_a_script_is_read_too(saved: object) -> None:
    body = json.dumps(saved, indent=1).encode()
    assert detect(body) == "crossref-json"
    citations, findings = read("crossref-json", body)
    assert [c.doi for c in citations] == ["10.1000/a.b"]
    assert findings == []


def test_works_one_a_line_are_read() -> None:
    body = "\n".join(json.dumps(work) for work in WORKS[:3]).encode()
    citations, findings = read("crossref-json", body)
    assert [(c.doi, c.line) for c in citations] == [
        ("10.1000/a.b", 1), ("10.1000/a.b.retract", 2), ("10.1101/2023.01.02.123456", 3)
    ]  # fmt: skip
    assert findings == []


def test_a_file_that_breaks_off_gives_what_came_before() -> None:
    citations, findings = read("crossref-json", BODY[: BODY.index(b"Bandscheiben")])
    assert [c.doi for c in citations] == ["10.1000/a.b", "10.1000/a.b.retract", "10.1101/2023.01.02.123456"]
    assert [f.rejected for f in findings] == [True]
    assert "breaks off" in findings[0].message


def test_an_empty_list_is_no_fault() -> None:
    empty = b'{"status":"ok","message-type":"work-list","message":{"total-results":0,"items":[]}}'
    assert read("crossref-json", empty) == ([], [])


def test_an_answer_that_is_an_error_is_said_to_hold_nothing() -> None:
    error = b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x","message":"no"}]}'
    citations, findings = read("crossref-json", error)
    assert citations == []
    assert [f.rejected for f in findings] == [True]


def test_the_content_tells_the_format_and_not_the_name() -> None:
    assert detect(BODY) == "crossref-json"
    assert describe(BODY) == "an answer of Crossref's API (JSON)"


@pytest.mark.parametrize("wrong", [None, 3, "text", [], {}, [[]], {"date-parts": 1}, {"date-parts": [[]]}, [None]])
def test_fields_of_a_wrong_kind_are_passed_over(wrong: object) -> None:
    odd = dict.fromkeys(WORKS[0], wrong) | {"DOI": "10.1000/odd", "title": ["Odd"], "subtitle": []}
    citations, findings = read("crossref-json", json.dumps([odd]).encode())
    assert [(c.doi, c.title) for c in citations] == [("10.1000/odd", "Odd")]
    assert findings == []
