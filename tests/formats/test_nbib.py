"""MEDLINE text as PubMed and others write it."""

import pytest

from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data


def test_a_pubmed_entry_is_read_whole() -> None:
    assert read_data("nbib", "quirks.nbib")[0][0] == Citation(
        title="Vesicles in the facet & disc: a trial.",
        vernacular_title="Vesikel.",
        abstract="BACKGROUND: Pain is common.\nMETHODS AND RESULTS: We injected DNA: it helped.\nCONCLUSION: Yes.",
        authors=("Wilson JE", "King M Jr", "Sukarno", "EV Study Group"),
        year=2022,
        date="2022 Oct 7",
        journal="Journal of tests",
        journal_abbreviation="J Tests",
        volume="7",
        issue="2",
        pages="e12",
        doi="10.1000/a.b",
        pmid="201",
        pmcid="PMC77",
        registrations=("NCT01234567",),
        issns=("1234-567X", "0000-0001"),
        language="eng",
        types=("Journal Article",),
        keywords=("vesicle",),
        subjects=("Low Back Pain/therapy", "Exosomes"),
        status="In-Process",
        related=("RetractionIn:202", "ErratumIn:J Tests. 2022;9:9"),
        added="2022-10-08",
        line=3,
    )


def test_an_entry_begins_at_a_blank_line_or_where_that_was_lost_at_the_next_pmid() -> None:
    citations, findings = read_data("nbib", "quirks.nbib")
    assert [(c.pmid, c.line) for c in citations] == [("201", 3), ("203", 44), ("", 53)]
    assert [(f.line, f.rejected) for f in findings] == [(49, True)]


def test_an_eric_entry_without_pmid_keeps_its_own_number() -> None:
    eric = read_data("nbib", "quirks.nbib")[0][2]
    assert (eric.accession, eric.doi, eric.year) == ("EJ1227990", "10.1000/s40468-019-0086-7", 2019)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_line_ends_do_not_matter(end: bytes) -> None:
    body = (DATA / "quirks.nbib").read_bytes()
    assert read("nbib", body.replace(b"\n", end)) == read("nbib", body)


def test_a_lost_blank_in_a_continuation_loses_no_word() -> None:
    citations, _ = read("nbib", b"PMID- 1\nTI  - Wrapped by\nan e-mail program\n")
    assert citations[0].title == "Wrapped by an e-mail program"


def test_a_chapter_is_dated_by_its_contribution() -> None:
    body = b"PMID- 1\nDP  - 1993\nTI  - Chapter\nBTI - GeneReviews\nCTDT- 2007/01/10\nPB  - UW\n"
    chapter = read("nbib", body)[0][0]
    assert (chapter.title, chapter.journal, chapter.date, chapter.year) == (
        "Chapter",
        "GeneReviews",
        "2007 Jan 10",
        2007,
    )


def test_a_file_without_any_tag_says_so() -> None:
    citations, findings = read("nbib", b"1. Wilson JE. Vesicles. Regen Med.\n")
    assert (citations, [f.rejected for f in findings]) == ([], [True])
