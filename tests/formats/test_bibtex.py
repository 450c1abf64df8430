"""BibTeX: the dialects that programs really write, and what people do to braces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats.bibtex_names import read_name, read_names, write_name
from reviewkit.model.citation import Citation
from tests.formats.reading import read, read_data


def one(body: str) -> Citation:
    """Read a file of one entry that is without doubts."""
    citations, findings = read("bibtex", body.encode())
    assert (len(citations), findings) == (1, [])
    return citations[0]


@pytest.fixture(scope="module")
def dialects() -> dict[int, Citation]:
    """The entries of dialects.bib by their line."""
    citations, findings = read_data("bibtex", "dialects.bib")
    assert findings == []
    return {c.line: c for c in citations}


def test_every_entry_is_found_at_its_line_and_nothing_else_is_one(dialects: dict[int, Citation]) -> None:
    assert sorted(dialects) == [5, 23, 48, 60, 62, 65]


def test_scopus_is_read(dialects: dict[int, Citation]) -> None:
    entry = dialects[5]
    assert entry.title == "CO2 in Disc repair: 10^6 cells & more, 100% safe"
    assert entry.authors == ("Stebliński, P.", "Blachowicz, T.", "Low Back Pain Group")
    assert (entry.pages, entry.issns, entry.types) == ("5318-5320", ("1234-5679",), ("Article",))
    assert entry.accession == "2-s2.0-85135886322"
    assert (entry.keywords, entry.subjects) == (("Disc repair", "Exosome"), ("Intervertebral disc", "Pain, chronic"))


def test_web_of_science_is_read(dialects: dict[int, Citation]) -> None:
    entry = dialects[23]
    assert entry.title == "A long title that runs on"
    assert entry.abstract == "Background: it hurts.\nResults: less."
    assert (entry.date, entry.pages, entry.issns) == ("2023 Mar 15", "e57539", ("1234-567X", "0000-0001"))
    assert (entry.accession, entry.doi) == ("WOS:000123456700001", "10.1000/wos.1")
    assert (entry.keywords, entry.subjects) == (("exosome", "back pain"), ("DISC DEGENERATION", "MODEL"))


def test_macros_quotation_marks_and_missing_commas_are_read(dialects: dict[int, Citation]) -> None:
    entry = dialects[48]
    assert entry.title == 'The "best" of Müller and Özil – “quoted”'
    assert entry.authors == ("Wilson, Jane E.", "van Beethoven, Ludwig", "King, Martin L., Jr")
    assert (entry.journal, entry.date, entry.volume, entry.pages) == (
        "Journal of Tests Part A", "2024 Mar 18", "7", "12-19",
    )  # fmt: skip
    assert (entry.pmid, entry.pmcid) == ("38707134", "PMC11068073")


def test_biblatex_is_read(dialects: dict[int, Citation]) -> None:
    assert (dialects[60].date, dialects[60].year, dialects[60].accession) == ("2024 Mar", 2024, "arXiv:2301.00001")
    assert (dialects[62].title, dialects[62].pmid) == ("In brackets (really)", "38707135")
    assert (dialects[62].types, dialects[62].journal) == (("Conference paper",), "Proceedings (2020)")


def test_a_thesis_and_its_repeated_field_are_read(dialects: dict[int, Citation]) -> None:
    entry = dialects[65]
    assert (entry.title, entry.authors, entry.publisher) == ("Étude", ("Doe, Jérôme",), "Université de Tests")
    assert (entry.types, entry.keywords) == (("Thesis",), ("a", "b", "c"))


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("Wilson, Jane E.", "Wilson, Jane E."),
        ("Jane E. Wilson", "Wilson, Jane E."),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("King, Jr., Martin Luther", "King, Martin Luther, Jr."),
        ("King, Martin Luther, Jr", "King, Martin Luther, Jr"),
        ("Martin King Jr", "King, Martin, Jr"),
        ("Wilson JE", "Wilson JE"),
        ("Wilson, {JE}", "Wilson JE"),
        ("King, Jr, {ML}", "King ML Jr"),
        ("{World Health Organization}", "World Health Organization"),
        ("World Health Organization", "World Health Organization"),
        ("{\\'A}lvarez, Jos{\\'e}", "Álvarez, José"),
        ("Donald~E. Knuth", "Knuth, Donald E."),
        ("{de la Cruz}, Ana", "de la Cruz, Ana"),
        ("Plato", "Plato"),
    ],
)
def test_names_are_read_as_family_and_given(name: str, read_as: str) -> None:
    assert read_name(name) == read_as


def test_lists_of_names_are_parted_where_they_should_be() -> None:
    assert read_names("A, B and {Pfizer and Co} AND C, D and others") == ("A, B", "Pfizer and Co", "C, D")
    assert read_names("Wilson, J.\nand Anderson, A. and et al.") == ("Wilson, J.", "Anderson, A.")
    assert read_names("Wilson JE, Today BA, Chen G") == ("Wilson JE", "Today BA", "Chen G")
    assert read_names("Wilson, J., Today, B., Chen, G.") == ("Wilson, J.", "Today, B.", "Chen, G.")
    assert read_names("Wilson, J.; Today, B.") == ("Wilson, J.", "Today, B.")


@given(st.text(alphabet="ABab ,.{}\\and-'", min_size=1, max_size=20))
def test_any_name_that_was_cleaned_comes_back(text: str) -> None:
    from reviewkit.formats.clean import clean

    name = clean(text).strip(",; ")
    assert not name or clean(name) != name or read_names(write_name(name)) in ((name,), ())


BROKEN = {
    "a missing closing brace": "@article{a, title={T}, year=2021\n@book{b, title={U}}",
    "a value that is not closed": "@article{a, title={T, year={2020},\n}\n@book{b, title={U}}",
    "a value on a line that is not closed": "@article{a,\n title={T,\n year={2020}\n}\n@book{b, title={U}}",
    "a quotation mark that is not closed": '@article{a,\n title="T,\n year={2020}\n}\n@book{b, title={U}}',
    "a brace too many": "@article{a, title={T}},\n year={2020}\n}\n@book{b, title={U}}",
    "text that is no field": "@article{a, what is this, title={T}, year=2020}\n@book{b, title={U}}",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_entry_costs_neither_itself_nor_the_next(what: str) -> None:
    citations, findings = read("bibtex", BROKEN[what].encode())
    assert [c.title for c in citations] == ["T", "U"]
    assert citations[0].year in (2020, 2021)
    assert all(not f.rejected and f.line == 1 for f in findings)
    assert findings or what == "a brace too many"


@pytest.mark.parametrize(
    "body",
    [
        "@article{a, title={x \\{ y}, year=2001}\n@book{b, title={U}}",
        "@article{a, title={x \\} y}, year=2001,\n volume = 3\n}\n@book{b, title={U}}",
        "@article{a, title={x \\{ y \\}}, year=2001}\n@book{b, title={U}}",
    ],
)
def test_escaped_braces_need_not_balance(body: str) -> None:
    citations, findings = read("bibtex", body.encode())
    assert ([c.year for c in citations], len(citations), findings) == ([2001, None], 2, [])
    assert citations[0].title.startswith("x ")


def test_keys_may_be_odd_or_missing() -> None:
    for key in ("", "a b c,", "DBLP:journals/x/y,", "10.1000/x(1),", "http://x?a=b,", "Ü+1,", "noComma\n"):
        assert one(f"@article{{{key} title = {{T}}, year = 2000}}").year == 2000
    assert one("@article\n{ISI:A1982PW19900006,\n title={T}}").accession == "ISI:A1982PW19900006"
    assert one("text @article{a, title={T}} more, me@example.org {not one}").title == "T"


def test_an_entry_without_title_or_identifier_is_rejected_with_its_line() -> None:
    citations, findings = read(
        "bibtex", b"@article{a, title={T}}\n\n@article{b, year=2000}\n@misc{c,}\n@misc{d, doi={10.1000/x}}"
    )
    assert [c.line for c in citations] == [1, 5]
    assert [(f.line, f.rejected) for f in findings] == [(3, True), (4, True)]


def test_a_comment_that_swallows_entries_is_told() -> None:
    citations, findings = read(
        "bibtex", b"@comment{ @article{no, title={N}} }\n@comment{ open\n@article{a, title={T}}\n"
    )
    assert (citations, next((f.line, f.rejected) for f in findings)) == ([], (2, True))


def test_crossed_encodings_and_line_ends_are_read() -> None:
    body = "@article{a,\r\n author = {Müller, Ö.},\r\n title = {Größe}\r\n}\r\n"
    for encoded in (body.encode(), body.encode("utf-8-sig"), body.encode("utf-16")):
        citations, findings = read("bibtex", encoded)
        assert ([(c.title, c.authors) for c in citations], findings) == ([("Größe", ("Müller, Ö.",))], [])
    citations, findings = read("bibtex", body.encode("cp1252"))
    assert (citations[0].authors, findings[0].rejected) == (("Müller, Ö.",), False)


def test_remarks_between_fields_are_no_fields() -> None:
    entry = one("@misc{a,\n % first\n title = {T},\n % between\n year = {2000},\n % note = {no}\n}")
    assert (entry.title, entry.year, entry.notes) == ("T", 2000, "")


def test_latex_that_mendeley_took_for_plain_text_is_read() -> None:
    assert one("@misc{a, title = {{R$\\backslash$'enyi in {\\_}}}}").title == "Rényi in _"


def test_doubts_about_one_entry_are_few() -> None:
    citations, findings = read("bibtex", b"@misc{a, title = {T}, " + b"junk, x = 1, " * 1_000 + b"}")
    assert (citations[0].title, len(findings)) == ("T", 5)


def test_macros_that_grow_without_end_do_not() -> None:
    bomb = '@string{a = "xxxxxxxxxx"}' + "".join("@string{a = a # a # a # a}" for _ in range(60))
    assert len(one(f"{bomb}\n@article{{k, title = a}}").title) <= 100_000


def test_a_file_without_entries_is_one_rejected_finding() -> None:
    for body in (b"", b"me@example.org", b"@string{a={b}}"):
        citations, findings = read("bibtex", body)
        assert (citations, [f.rejected for f in findings]) == ([], [True])


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year=2024", "2024"), ("year=2024, month=mar", "2024 Mar"),
        ("year=2024, month={March}, day={08}", "2024 Mar 8"),
        ("year={2024}, month={3}", "2024 Mar"), ("year={2024}, month={JAN-FEB}", "2024 JAN-FEB"),
        ("date={2024-03-18}", "2024 Mar 18"), ("date={1998-12/1999-01}", "1998 Dec-1999 Jan"),
        ("year={in press}", "in press"), ("year={2024}, month={Spring}", "2024 Spring"), ("month=mar", "Mar"),
    ],
)  # fmt: skip
def test_dates_are_read_in_all_their_forms(fields: str, date: str) -> None:
    assert one(f"@article{{a, title={{T}}, {fields}}}").date == date


@given(
    st.lists(
        st.sampled_from(
            [
                "@article{a,",
                "title={x},",
                "year=2,",
                "}",
                "{",
                '"',
                "@comment{",
                "@string{a=",
                "doi={10.1000/x}",
                "\\}",
                "(",
                ")",
            ]
        ),
        max_size=25,
    )
)
def test_entries_are_kept_or_rejected_but_never_lost(parts: list[str]) -> None:
    body = "\n".join(["@article{first, title={T}}", *parts])
    citations, findings = read("bibtex", body.encode())
    begun = sum(part == "@article{a," for part in parts)
    if "@comment{" not in parts and "{" not in parts and "(" not in parts and "@string{a=" not in parts:
        assert len(citations) + sum(f.rejected for f in findings) == 1 + begun
    assert citations[0].title == "T"
