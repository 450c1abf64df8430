"""Refer, Ovid's tagged text and the Cochrane Library's: other tags, the same citations."""

import pytest

from reviewkit.formats import describe, detect
from tests.formats.reading import read, read_data


def test_refer_is_read_with_its_lists_and_types() -> None:
    citations, findings = read_data("refer", "zotero.enw")
    assert [(c.title, c.types) for c in citations] == [
        ("A study in Refer", ()),
        ("A chapter in Refer", ("Book chapter",)),
        ("Title and place alone", ("Conference proceedings",)),
    ]
    assert [(f.line, f.rejected) for f in findings] == [(31, True)]
    first, chapter, _ = citations
    assert (first.journal, first.volume, first.issue, first.pages, first.date) == (
        "Invented Journal", "12", "3", "12-19", "2019 Mar 4",
    )  # fmt: skip
    assert (first.doi, first.pmid, first.issns, first.keywords) == (
        "10.5555/refer.1", "31000005", ("1234-5679",), ("one", "two"),
    )  # fmt: skip
    assert first.notes == "A note\nsecond line of it"
    assert (chapter.authors, chapter.journal) == (("Writer, W.",), "The book")


def test_refer_without_types_parts_entries_at_blank_lines() -> None:
    body = b"%A Doe, J.\n%T One\n%D 2001\n\n%A Roe, R.\n%T Two\n"
    assert detect(body) == "refer"
    assert [(c.title, c.authors) for c in read("refer", body)[0]] == [("One", ("Doe, J.",)), ("Two", ("Roe, R.",))]


def test_ovids_tagged_text_is_read_and_its_source_line_parted() -> None:
    citations, findings = read_data("ovid", "embase.cgi")
    assert [(c.line, c.journal, c.volume, c.issue, c.pages, c.year) for c in citations] == [
        (1, "Invented Proceedings", "12", "Supplement 3", "", 2018),
        (26, "Invented Journal", "12", "3", "123-9", 2019),
        (38, "Invented Psychology", "24", "7", "847-856", 2019),
    ]
    assert [(f.line, f.rejected) for f in findings] == [(34, True)]
    assert [(c.pmid, c.accession) for c in citations] == [
        ("", "621380001"), ("31000006", ""), ("", "2019-65000-002"),
    ]  # fmt: skip


def test_paragraphs_of_an_ovid_abstract_begin_at_the_margin() -> None:
    abstract = read_data("ovid", "embase.cgi")[0][0].abstract
    assert abstract.split("\n") == [
        "Background: Inventions are rare. They hurt.", "Method(s): We searched.", "Result(s): We found 260.",
    ]  # fmt: skip


def test_the_cochrane_librarys_text_is_read() -> None:
    citations, findings = read_data("cochrane", "central.txt")
    assert findings == []
    report, registered = citations
    assert (report.accession, report.pmid, report.doi, report.year) == (
        "CN-02100003", "32400003", "10.5555/jt.2020.3", 2020,
    )  # fmt: skip
    assert (report.types, report.keywords) == (
        ("Journal article", "Randomized controlled trial"), ("Adult", "Exercise"),
    )  # fmt: skip
    assert report.abstract == "We randomised.\nCI: 95% throughout."
    assert (registered.registrations, registered.is_register_entry) == (("NCT05510004",), True)


@pytest.mark.parametrize("format", ["refer", "ovid", "cochrane"])
def test_a_file_of_another_kind_is_one_rejected_finding(format: str) -> None:
    citations, findings = read(format, b"Dear colleague,\nplease find it attached.\n")
    assert (citations, [f.rejected for f in findings]) == ([], [True])


def test_ovids_ris_is_told_from_its_tagged_text_and_from_its_text_with_field_names() -> None:
    assert detect(b"<1>\nTY  - JOUR\nTI  - x\nER  - \n") == "ris"
    assert detect(b"<1. >\nUI  - 1\nTI  - x\n") == "ovid"
    named = b"<1>\nUnique Identifier\n  31000001\nTitle\n  Something.\n"
    assert (detect(named), describe(named)) == ("", "Ovid's text with field names (export it again as RIS)")
