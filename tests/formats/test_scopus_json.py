"""Answers of Scopus's API become citations, whole or first-author-only, and nothing of them is lost in silence."""

import json

from reviewkit.formats import detect
from tests.formats.reading import read, read_data


def answer(*entries: object) -> bytes:
    return json.dumps({"search-results": {"opensearch:totalResults": "1", "entry": list(entries)}}).encode()


def test_an_entry_of_the_complete_view_is_read_with_abstract_and_all_authors() -> None:
    (first, _), findings = read_data("scopus-json", "scopus.json")
    assert not findings
    assert first.title == "Vesicles of 10^9 particles & pain"
    assert first.abstract == "It helped (NCT05514639)."
    assert first.authors == ("Wilson, Jane E.", "Today B")
    assert (first.year, first.date, first.journal) == (2024, "2024 Mar 18", "Invented Spine")
    assert (first.volume, first.issue, first.pages) == ("19", "2", "12-19")
    assert (first.doi, first.pmid, first.accession) == ("10.5555/is.1", "38707134", "2-s2.0-85000000101")
    assert first.issns == ("1234-567X", "2234-5678")
    assert first.registrations == ("NCT05514639",)
    assert first.keywords == ("exosome", "low back pain")
    assert first.types == ("Article",)
    assert first.url.startswith("https://www.scopus.com/inward/record.uri?")
    assert first.line == 5


def test_an_entry_of_the_standard_view_has_its_first_author_and_no_abstract() -> None:
    (_, second), _ = read_data("scopus-json", "scopus.json")
    assert second.authors == ("van der Berg A",)
    assert (second.abstract, second.title, second.accession) == ("", "", "2-s2.0-85000000102")
    assert (second.year, second.date, second.pages) == (2019, "2019", "e7")
    assert second.line == 7


def test_an_empty_result_holds_nothing_and_rejects_nothing() -> None:
    assert read("scopus-json", answer({"@_fa": "true", "error": "Result set was empty"})) == ([], [])


def test_an_error_within_a_result_is_told() -> None:
    citations, (found,) = read("scopus-json", answer({"error": "Something went wrong"}))
    assert not citations
    assert found.rejected
    assert "Something went wrong" in found.message


def test_an_entry_without_anything_is_rejected_with_its_line() -> None:
    citations, (found, other) = read("scopus-json", answer({"citedby-count": "3"}, "text"))
    assert not citations
    assert found.rejected
    assert "neither title nor identifier" in found.message
    assert other.rejected


def test_entries_before_a_break_are_kept_and_the_break_is_told() -> None:
    body = answer({"dc:title": "Kept", "eid": "2-s2.0-1"}, {"dc:title": "Cut", "eid": "2-s2.0-2"})
    citations, (found,) = read("scopus-json", body[:-30])
    assert [each.title for each in citations] == ["Kept"]
    assert found.rejected
    assert "breaks off" in found.message


def test_the_first_author_alone_is_taken_where_no_list_is_given() -> None:
    (made,), _ = read("scopus-json", answer({"dc:title": "T", "eid": "2-s2.0-1", "dc:creator": "Doe J.-P."}))
    assert made.authors == ("Doe J-P",)


def test_an_answer_is_told_by_what_it_holds() -> None:
    assert detect(answer({"dc:identifier": "SCOPUS_ID:85000000101"})) == "scopus-json"
    assert detect(b'\xef\xbb\xbf  {"search-results": {"entry": [{"eid": "2-s2.0-85000000101"}]}}') == "scopus-json"
    assert detect(b'{"search-results": {"entry": [{"error": "Result set was empty"}]}}') == ""
