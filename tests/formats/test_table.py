"""CSV tables of other programs and of our own."""

from pathlib import Path

import pytest

from reviewkit.formats.cells import to_csv
from tests.formats.reading import read, read_data


@pytest.mark.parametrize(
    ("name", "authors", "date", "accession"),
    [
        ("scopus.csv", ("Wilson J.E.", "Today B.A."), "2024", "2-s2.0-85193"),
        ("zotero.csv", ("Wilson, Jane E.", "Today, B. A."), "2024-03-18", "ABCD1234"),
        ("rayyan.csv", ("Wilson, Jane E.", "Today, B. A."), "2024 Mar 18", "rayyan-1"),
        ("covidence.csv", ("Wilson, JE", "Today, BA"), "2024 Mar", "#12"),
        ("perish.csv", ("Wilson JE", "Today BA"), "2024", ""),
        ("pubmed.csv", ("Wilson JE", "Today BA", "van der Berg C"), "2024 Mar 18", ""),
    ],
)
def test_the_tables_of_other_programs_are_read(name: str, authors: tuple[str, ...], date: str, accession: str) -> None:
    citations, findings = read_data("csv", name)
    assert (len(citations), findings) == (1, [])
    (row,) = citations
    assert (row.authors, row.date, row.accession) == (authors, date, accession)
    assert (row.year, row.title.lower()[:8], row.journal[:5]) == (2024, "vesicles", "Regen")
    assert row.pages in ("12-19", "")


def test_scopus_says_everything() -> None:
    row = read_data("csv", "scopus.csv")[0][0]
    assert row.title == 'Vesicles, "exosomes" and pain'
    assert row.abstract == "First line.\nSecond line."
    assert (row.doi, row.pmid, row.issns) == ("10.1000/A.b", "38707134", ("1234-567X",))
    assert (row.keywords, row.subjects, row.types) == (("exosome", "pain"), ("adult", "human"), ("Article",))


def test_zotero_keeps_the_pubmed_numbers_in_extra() -> None:
    row = read_data("csv", "zotero.csv")[0][0]
    assert (row.pmid, row.pmcid) == ("38707134", "PMC11068073")


def test_uneven_rows_are_kept_with_a_doubt_and_blank_ones_are_no_entries() -> None:
    citations, findings = read_data("csv", "semicolon.csv")
    assert [(c.line, c.accession) for c in citations] == [(2, "1"), (3, "2"), (4, "3")]
    assert [(f.line, f.rejected) for f in findings] == [(3, False), (4, False), (5, True), (6, True)]
    assert citations[0].registrations == ("NCT05514639", "ISRCTN12345678")


def test_a_table_without_a_title_names_the_headings_found_and_those_expected() -> None:
    citations, findings = read_data("csv", "german.csv")
    assert (citations, len(findings)) == ([], 1)
    assert (findings[0].line, findings[0].rejected) == (2, True)
    assert "Titel, Autor" in findings[0].message
    assert "title, authors, year" in findings[0].message


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_told_from_the_content(separator: str, encoding: str) -> None:
    body = (
        separator.join(("TITLE", " Year ", "Authors"))
        + "\r\n"
        + separator.join(("Rücken", "2020", "Müller Ö"))
        + "\r\n"
    )
    citations, findings = read("csv", body.encode(encoding))
    assert [(c.title, c.year, c.authors) for c in citations] == [("Rücken", 2020, ("Müller Ö",))]
    assert len(findings) == (encoding == "cp1252")


def test_lines_before_the_headings_are_passed_over_with_a_doubt() -> None:
    citations, findings = read("csv", b"My export of 2024\n\nid,title,year\n1,Vesicles,2020\n")
    assert [(c.title, c.line) for c in citations] == [("Vesicles", 4)]
    assert [f.rejected for f in findings] == [False]


def test_quoted_line_breaks_do_not_shift_the_lines() -> None:
    citations, _ = read("csv", b'title,abstract\n"A","one\ntwo"\n"B","three"\n')
    assert [(c.title, c.abstract, c.line) for c in citations] == [("A", "one\ntwo", 2), ("B", "three", 4)]


def test_a_quotation_mark_that_is_never_closed_is_told_and_not_swallowed() -> None:
    citations, findings = read("csv", b'title,year\nA,2020\n"B,2021\nC,2022\n')
    assert [(c.title, c.year, c.line) for c in citations] == [("A", 2020, 2), ("B", 2021, 3), ("C", 2022, 4)]
    assert [(f.line, f.rejected) for f in findings] == [(3, False)]
    assert "never closed" in findings[0].message
    assert [c.title for c in read("csv", b'title,"year\nA,2020\n')[0]] == ["A"]


def test_a_cell_that_our_own_export_made_inert_comes_back_as_it_was() -> None:
    body = to_csv(
        ["id", "title", "authors", "notes"], [["r1", "=SUM(A1)", "Doe J", "'quoted'"], ["r2", "-5 °C", "", "+"]]
    )
    citations, findings = read("csv", body)
    assert [(c.title, c.notes, c.accession) for c in citations] == [
        ("=SUM(A1)", "'quoted'", "r1"),
        ("-5 °C", "+", "r2"),
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Wilson JE; Today BA", ("Wilson JE", "Today BA")),
        ("Wilson, Jane E. and Today, Bo", ("Wilson, Jane E.", "Today, Bo")),
        ("Wilson JE, Today BA and Chen G", ("Wilson JE", "Today BA", "Chen G")),
        ("Smith J.A., de Boer P, et al.", ("Smith J.A.", "de Boer P")),
        ("Jane Wilson and Bo Today", ("Jane Wilson", "Bo Today")),
        ("Centers for Disease Control and Prevention", ("Centers for Disease Control and Prevention",)),
        ("Direct Biologics, LLC", ("Direct Biologics, LLC",)),
        ("Wilson, Jane", ("Wilson, Jane",)),
        ("", ()),
    ],
)
def test_authors_are_parted_only_where_it_is_clear(cell: str, authors: tuple[str, ...]) -> None:
    assert read("csv", f'title,authors\nx,"{cell}"\n'.encode())[0][0].authors == authors


def test_the_worked_examples_list_is_read_whole(shared: Path) -> None:
    citations, findings = read("csv", (shared / "example" / "citations.csv").read_bytes())
    assert (len(citations), findings) == (72, [])
    by_id = {c.accession: c for c in citations}
    assert by_id["c002"].authors[0] == "Wilson JE"
    assert len(by_id["c002"].authors) == 8
    assert by_id["c004"].registrations == ("NCT05514639",)
    assert by_id["c004"].authors == ("Direct Biologics, LLC",)
    assert by_id["c004"].is_register_entry


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Luo Z and Zhang M and Wu and Tang J", ("Luo Z", "Zhang M", "Wu", "Tang J")),  # Rayyan's way of writing them
        ("Pfizer and Co", ("Pfizer and Co",)),
        ("Department of Health and Social Care and Wu", ("Department of Health and Social Care and Wu",)),
    ],
)
def test_among_names_a_single_word_is_one_too(cell: str, names: tuple[str, ...]) -> None:
    assert read("csv", f"title,authors\nx,{cell}\n".encode())[0][0].authors == names
