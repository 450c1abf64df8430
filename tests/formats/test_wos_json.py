"""Answers of Web of Science's Starter API become citations."""

import json

from reviewkit.formats import detect
from tests.formats.reading import read, read_data


def test_a_document_is_read() -> None:
    (first, _, _), findings = read_data("wos-json", "wos.json")
    assert not findings
    assert first.title == "Vesicles for pain"
    assert first.authors == ("Wilson, Jane E.", "Today, B.", "Pain Group")
    assert (first.year, first.date, first.journal) == (2024, "2024 Mar 18", "INVENTED SPINE")
    assert (first.volume, first.issue, first.pages) == ("19", "2 Suppl 1", "12-19")
    assert (first.doi, first.pmid, first.accession) == ("10.5555/is.1", "38707134", "WOS:000700000000001")
    assert first.issns == ("1234-567X", "2234-5678")
    assert first.types == ("Article", "Early Access")
    assert first.keywords == ("exosome", "low back pain")
    assert (first.abstract, first.line) == ("", 2)


def test_a_book_without_authors_is_its_editors() -> None:
    (_, book, _), _ = read_data("wos-json", "wos.json")
    assert (book.authors, book.pages, book.types) == (("Berg, A.",), "e7", ("Book",))


def test_a_record_of_medline_has_its_pmid_and_no_number_of_web_of_science() -> None:
    (_, _, medline), _ = read_data("wos-json", "wos.json")
    assert (medline.pmid, medline.accession, medline.date) == ("30000001", "", "2018-Jan")


def test_an_odd_year_is_no_year() -> None:
    hits = [{"uid": "WOS:1", "source": {"publishYear": year}} for year in (10**12, "x", None, True)]
    citations, _ = read("wos-json", json.dumps({"metadata": {"total": 4}, "hits": hits}).encode())
    assert [each.year for each in citations] == [None] * 4


def test_an_empty_result_holds_nothing() -> None:
    assert read("wos-json", b'{"metadata":{"total":0,"page":1,"limit":50},"hits":[]}') == ([], [])


def test_a_file_without_hits_is_told() -> None:
    citations, (found,) = read("wos-json", b'{"error": {"status": 404}}')
    assert not citations
    assert found.rejected
    assert "hits" in found.message


def test_an_answer_is_told_by_what_it_holds() -> None:
    assert detect(b'{"metadata":{"total":1},"hits":[{"uid":"WOS:000700000000001"}]}') == "wos-json"
    assert detect(b'{"hits":[{"id": 1}]}') == ""
