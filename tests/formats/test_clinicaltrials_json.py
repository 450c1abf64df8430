"""What ClinicalTrials.gov's API answers, read into register entries; and the CSV of its site beside it."""

import json

import pytest

from reviewkit.formats import describe, detect
from reviewkit.model.citation import Citation, register_status
from tests.formats.reading import DATA, read, read_data

BODY = (DATA / "clinicaltrials.json").read_bytes()
STUDIES = json.loads(BODY)["studies"]


def test_a_page_of_studies_gives_a_register_entry_each() -> None:
    citations, findings = read_data("clinicaltrials-json", "clinicaltrials.json")
    assert [c.registrations[0] for c in citations] == ["NCT05514639", "NCT06000002"]
    assert all(c.is_register_entry for c in citations)
    assert [(f.message, f.rejected) for f in findings] == [("a study without a registration number", True)]


def test_every_field_that_says_something_is_read() -> None:
    study = read_data("clinicaltrials-json", "clinicaltrials.json")[0][0]
    assert study.title == "Vesicles for pain"
    assert study.abstract == "It may help.\n* one > two"
    assert study.authors == ("Direct Biologics, LLC",)
    assert (study.year, study.date, study.added) == (2022, "2022-08-24", "2022-08-24")
    assert study.registrations == ("NCT05514639", "NCT05000001", "EudraCT2021-001234-12", "ISRCTN12345678")
    assert study.keywords == ("Low Back Pain", "Sciatica", "DRUG: Exosomes", "DRUG: Saline", "exosome")
    assert study.subjects == ("Low Back Pain", "Exosomes")
    assert study.types == ("INTERVENTIONAL",)
    assert study.publisher == "ClinicalTrials.gov"
    assert study.url == "https://clinicaltrials.gov/study/NCT05514639"
    assert study.notes.splitlines() == [
        "Official title: A Randomised Trial of Vesicles for Low Back Pain",
        "Acronym: VEPA",
        "Phase: PHASE1; PHASE2",
        "Allocation: RANDOMIZED",
        "Enrolment: 60 actual",
        "Start: 2022-09-01",
        "Completion: 2023-12",
        "Last update posted: 2024-03-18",
        "Collaborators: University of Somewhere",
        "Primary outcomes: Pain",
    ]


def test_the_status_tells_whether_results_are_posted() -> None:
    with_results, without = read_data("clinicaltrials-json", "clinicaltrials.json")[0]
    assert with_results.status == "COMPLETED; results posted 2024-03-18"
    assert (with_results.has_results, with_results.results_posted) == (True, "2024-03-18")
    assert without.status == "RECRUITING"
    assert (without.has_results, without.results_posted) == (False, "")


def test_results_without_a_day_are_results() -> None:
    entry = Citation(status=register_status("COMPLETED", True))
    assert entry.status == "COMPLETED; results posted"
    assert (entry.has_results, entry.results_posted) == (True, "")


@pytest.mark.parametrize("saved", [STUDIES[0], STUDIES[:1], {"studies": STUDIES[:1]}])
def test_one_study_and_the_sites_own_download_are_read_too(saved: object) -> None:
    body = json.dumps(saved, indent=1).encode()
    assert detect(body) == "clinicaltrials-json"
    citations, findings = read("clinicaltrials-json", body)
    assert [c.registrations[0] for c in citations] == ["NCT05514639"]
    assert findings == []


def test_the_csv_of_the_site_tells_the_same() -> None:
    (from_csv,), findings = read_data("csv", "ctgov-results.csv")
    from_api = read_data("clinicaltrials-json", "clinicaltrials.json")[0][0]
    assert findings == []
    for field in ("title", "authors", "year", "date", "types", "status", "url"):
        assert getattr(from_csv, field) == getattr(from_api, field), field
    assert set(from_csv.keywords) <= set(from_api.keywords)
    assert "NCT05514639" in from_csv.registrations
    assert from_csv.is_register_entry


def test_the_content_tells_the_format() -> None:
    assert detect(BODY) == "clinicaltrials-json"
    assert describe(BODY) == "an answer of ClinicalTrials.gov's API (JSON)"


@pytest.mark.parametrize("wrong", [None, 3, "text", [], {}, [[]], [None], True])
def test_fields_of_a_wrong_kind_are_passed_over(wrong: object) -> None:
    protocol = dict.fromkeys(STUDIES[0]["protocolSection"], wrong)
    protocol["identificationModule"] = dict.fromkeys(STUDIES[0]["protocolSection"]["identificationModule"], wrong)
    protocol["identificationModule"]["nctId"] = "NCT05514639"
    odd = {"protocolSection": protocol, "derivedSection": wrong, "hasResults": wrong}
    citations, findings = read("clinicaltrials-json", json.dumps({"studies": [odd]}).encode())
    assert [c.registrations[0] for c in citations] == ["NCT05514639"]
    assert findings == []
