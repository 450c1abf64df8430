"""EndNote XML: with and without styles, of EndNote, Zotero and others; broken and hostile files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data


@pytest.fixture(scope="module")
def entries() -> dict[int, Citation]:
    """The records of endnote.xml by their line."""
    return {c.line: c for c in read_data("endnote-xml", "endnote.xml")[0]}


def test_every_record_is_kept_or_rejected_with_its_line(entries: dict[int, Citation]) -> None:
    assert sorted(entries) == [2, 3, 13]
    assert [(f.line, f.rejected) for f in read_data("endnote-xml", "endnote.xml")[1]] == [(12, True)]


def test_styled_texts_are_read_whole(entries: dict[int, Citation]) -> None:
    entry = entries[2]
    assert (entry.title, entry.vernacular_title) == ("10^6 cells of Mus", "Die Zellen")
    assert entry.authors == ("Wilson, J. E.", "Low Back Pain Group")
    assert (entry.journal, entry.journal_abbreviation) == ("Journal of Tests", "J. Tests")
    assert (entry.date, entry.year, entry.volume, entry.issue, entry.pages) == ("2024 Mar 18", 2024, "7", "2", "12-19")
    assert entry.abstract == "BACKGROUND: It hurts.\nRESULTS: p < 0.05."
    assert (entry.keywords, entry.types, entry.language) == (("Exosome", "Back pain", "Disc"), ("Review",), "eng")
    assert entry.notes == "First note\nSecond\nMine\nLabel: keep"


def test_identifiers_are_found_where_endnote_keeps_them(entries: dict[int, Citation]) -> None:
    entry = entries[2]
    assert (entry.pmid, entry.accession, entry.pmcid, entry.doi) == ("38707134", "", "PMC11068073", "10.1000/en.1")
    assert (entry.issns, entry.url) == (("1234-567X", "0000-0001"), "https://www.ncbi.nlm.nih.gov/pubmed/38707134")
    assert (entries[3].accession, entries[3].url) == ("WOS:000356201700010", "http://example.org/a")
    assert entries[13].doi == "10.1000/only.doi"


def test_a_chapter_names_its_book(entries: dict[int, Citation]) -> None:
    assert (entries[3].title, entries[3].journal) == ("A chapter & more", "The book")
    assert (entries[3].types, entries[3].pages, entries[3].date) == (("Book chapter",), "e57539", "2019-05-01")


def test_the_older_names_of_endnote_7_are_read() -> None:
    old = b"<XML><RECORDS><RECORD><REFERENCE_TYPE>0</REFERENCE_TYPE><AUTHORS><AUTHOR>Doe, J.</AUTHOR></AUTHORS>"
    old += b"<YEAR>1999</YEAR><TITLE>Old</TITLE><SECONDARY_TITLE>J Old</SECONDARY_TITLE></RECORD></RECORDS></XML>"
    entry = read("endnote-xml", old)[0][0]
    assert (entry.title, entry.authors, entry.year, entry.journal) == ("Old", ("Doe, J.",), 1999, "J Old")


def test_a_file_that_was_indented_by_another_program_reads_the_same() -> None:
    body = """<xml>\n <records>\n  <record>\n   <titles>\n    <title>\n     <style>Vesicles for
      pain\n     </style>\n    </title>\n   </titles>\n   <label>\n    <style>B4</style>\n   </label>\n   <keywords>
    <keyword>*Pain/dt [Drug Therapy]</keyword>\n    <keyword>Pain/*ep</keyword>\n   </keywords>\n  </record>
 </records>\n</xml>"""
    entry = read("endnote-xml", body.encode())[0][0]
    assert (entry.title, entry.notes) == ("Vesicles for pain", "Label: B4")
    assert entry.keywords == ("Pain/dt [Drug Therapy]", "Pain/ep")  # a star only marks a major heading


def test_a_bare_number_is_no_pmid_without_its_database() -> None:
    body = "<xml><records><record><titles><title>x</title></titles>{}</record></records></xml>"
    body = body.format("<accession-num>123</accession-num>{}")
    assert read("endnote-xml", body.format("").encode())[0][0].accession == "123"
    named = body.format("<remote-database-name>PubMed</remote-database-name>")
    assert read("endnote-xml", named.encode())[0][0].pmid == "123"


def test_a_file_that_breaks_off_keeps_what_was_before_and_names_the_line() -> None:
    whole = (DATA / "endnote.xml").read_bytes()
    citations, findings = read("endnote-xml", whole[: whole.index(b"<custom7>")])
    assert [c.line for c in citations] == [2]
    assert [(f.line, f.rejected) for f in findings] == [(9, True)]
    assert "the record before it kept" in findings[0].message


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><records><record>'
    citations, findings = read("endnote-xml", bomb + b"<titles><title>&b;</title></titles></record></records></xml>")
    assert (citations, [f.rejected for f in findings]) == ([], [True])
    assert "entity 'a'" in findings[0].message


@pytest.mark.parametrize(
    "body", [b"", b"<xml><records></records></xml>", b"<html><body>Log in</body></html>", b"TY  - JOUR"]
)
def test_what_holds_no_record_is_one_rejected_finding(body: bytes) -> None:
    citations, findings = read("endnote-xml", body)
    assert (citations, [(f.line, f.rejected) for f in findings]) == ([], [(1, True)])


@given(st.lists(st.booleans(), max_size=20))
def test_kept_and_rejected_are_the_records_of_the_file(titled: list[bool]) -> None:
    records = "".join(f"<record><titles>{'<title>t</title>' if t else ''}</titles></record>\n" for t in titled)
    citations, findings = read("endnote-xml", f"<xml><records>\n{records}</records></xml>".encode())
    assert len(citations) == sum(titled)
    if titled:
        assert [f.line for f in findings if f.rejected] == [n + 2 for n, t in enumerate(titled) if not t]


def test_records_are_read_one_at_a_time() -> None:
    """A stream that never ends gives its first records all the same."""
    from reviewkit.formats import FORMATS

    class Endless:
        """A file whose records go on for ever."""

        begun = False

        def read(self, _size: int = -1) -> bytes:
            record = b"<record><titles><title>t</title></titles></record>\n" * 50
            head, self.begun = b"" if self.begun else b"<xml><records>", True
            return head + record

    found = FORMATS["endnote-xml"].parse(Endless(), {})  # type: ignore[arg-type]
    assert [next(found).line for _ in range(1000)][-1] == 1000
