"""Web of Science plain text, of the Core Collection and of MEDLINE there."""

import pytest

from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data


def test_an_entry_is_read_whole_and_cited_references_are_passed_over() -> None:
    assert read_data("isi", "wos.ciw")[0][0] == Citation(
        title="Optical and photoelectric spectroscopy of inventions",
        abstract="Planar waveguides in He+ spines were produced. Losses are 10 dB/cm (p < 0.05).",
        authors=("Gamer, Rosa V.", "Skub, Petra A.", "Invented Study Grp"),
        year=2006,
        date="2006 Jun 14",
        journal="JOURNAL OF PHYSICS-INVENTED MATTER",
        journal_abbreviation="J. Phys.-Invent. Matter",
        volume="18",
        issue="23 Suppl 1",
        pages="5323-5331",
        doi="10.5555/0953-8984/18/23/006",
        pmid="16840001",
        issns=("0953-8984", "1361-648X"),
        accession="WOS:000238590000006",
        language="English",
        types=("Article", "Proceedings Paper"),
        keywords=("spines", "optical fields", "ELECTRIC-FIELD", "SPINES"),
        publisher="IOP PUBLISHING LTD",
        line=3,
    )


def test_every_entry_is_kept_or_told_with_its_line() -> None:
    citations, findings = read_data("isi", "wos.ciw")
    assert [(c.line, c.title) for c in citations[1:]] == [(45, "This entry has no ER"), (53, "A whole book")]
    assert [(f.line, f.rejected) for f in findings] == [(45, False), (61, True)]


def test_an_early_view_has_the_date_it_has_and_an_editor_stands_for_the_author_of_a_book() -> None:
    early, book = read_data("isi", "wos.ciw")[0][1:]
    assert (early.year, early.date, early.pages) == (2021, "2021 Mar", "e12")
    assert (book.authors, book.types) == (("Ed, A",), ("Book",))


def test_medline_on_web_of_science_gives_its_pmid_and_all_authors_in_one_line() -> None:
    citations, findings = read_data("isi", "medline.ciw")
    assert findings == []
    (entry,) = citations
    assert (entry.pmid, entry.accession, entry.date) == ("16840002", "", "2006 May-Jun")
    assert entry.authors == ("Wesen, Nancy J", "Joffe, Hadine", "A Group")
    assert (entry.pages, entry.subjects) == ("2457-71", ("Spine / drug effects", "Humans"))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_do_not_matter(end: str, encoding: str) -> None:
    body = (DATA / "wos.ciw").read_bytes()
    assert read("isi", body.decode().replace("\n", end).encode(encoding)) == read("isi", body)


def test_a_file_that_was_cut_off_keeps_its_last_entry_and_says_so() -> None:
    citations, findings = read("isi", b"FN Clarivate\nVR 1.0\nPT J\nTI One\nER\n\nPT J\nTI Two")
    assert [c.title for c in citations] == ["One", "Two"]
    assert [(f.line, "cut off" in f.message) for f in findings] == [(7, True)]
    (finding,) = read("isi", b"FN Clarivate\nPT J\nTI One\nER\n")[1]
    assert finding.message == "no EF at the end of the file, which may have been cut off"


def test_a_continuation_that_lost_its_blanks_loses_no_word() -> None:
    assert read("isi", b"PT J\nTI Wrapped by\nan editor\nER\nEF\n")[0][0].title == "Wrapped by an editor"


def test_a_file_of_another_kind_is_one_rejected_finding() -> None:
    citations, findings = read("isi", b"Dear colleague,\nplease find it attached.\n")
    assert (citations, [f.rejected for f in findings]) == ([], [True])
