"""Answers of Embase's API become citations, wherever in the head of a record its fields stand."""

import json

from reviewkit.formats import detect
from tests.formats.reading import read, read_data


def answer(**head: object) -> bytes:
    result = {"itemInfo": {"itemIdList": {"lui": "L600000009"}}, "head": head}
    return json.dumps({"header": {"hits": 1}, "results": [result]}).encode()


def test_a_record_is_read() -> None:
    (first, second), findings = read_data("embase-json", "embase.json")
    assert not findings
    assert (first.title, first.vernacular_title) == ("Vesicles for pain", "Vesikel gegen Schmerz")
    assert first.abstract == "BACKGROUND: Pain.\nMETHODS: Vesicles (NCT05514639)."
    assert first.authors == ("Wilson JE", "Today, Bob")
    assert (first.year, first.date, first.journal) == (2024, "2024 Mar 18", "Invented Spine")
    assert first.journal_abbreviation == "Invent. Spine"
    assert (first.volume, first.issue, first.pages) == ("19", "2", "12-19")
    assert (first.doi, first.pmid, first.accession) == ("10.5555/is.1", "38707134", "L2030123456")
    assert first.issns == ("1234-567X", "2234-5678")
    assert first.registrations == ("NCT05514639",)
    assert first.keywords == ("exosome", "low back pain")
    assert first.subjects == ("exosome", "low back pain")
    assert (first.language, first.types, first.publisher) == ("English", ("Article",), "Invented Press")
    assert (second.title, second.accession, second.line) == ("Pain again", "L600000002", 3)


def test_the_source_is_read_flat_as_well_as_nested() -> None:
    source = {"sourcetitle": "Discs", "publication-year": 2018, "volume": "3", "firstPage": "1", "lastPage": "1"}
    (made,), _ = read("embase-json", answer(source=source))
    assert (made.journal, made.year, made.volume, made.pages) == ("Discs", 2018, "3", "1")


def test_an_abstract_in_english_goes_before_another() -> None:
    texts = [{"lang": "ger", "paras": ["Deutsch."]}, {"lang": "eng", "paras": ["English.", "More."]}]
    (made,), _ = read("embase-json", answer(abstracts={"abstracts": texts}))
    assert made.abstract == "English.\nMore."


def test_a_record_nested_without_end_is_read_no_deeper_than_sense_has_it() -> None:
    deep: object = {"volume": "3"}
    for _ in range(100):
        deep = {"more": deep}
    (made,), _ = read("embase-json", answer(source=deep))
    assert made.volume == ""


def test_an_answer_is_told_by_what_it_holds() -> None:
    assert detect(answer()) == "embase-json"
