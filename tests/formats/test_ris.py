"""RIS: the dialects that programs really write, and our own, which comes back as it went."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats.clean import clean
from reviewkit.formats.identifiers import year_in
from reviewkit.formats.ris_write import to_ris
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data


@pytest.fixture(scope="module")
def quirks() -> dict[int, Citation]:
    """The entries of quirks.ris by their line."""
    return {c.line: c for c in read_data("ris", "quirks.ris")[0]}


def test_every_entry_is_kept_or_told_with_its_line(quirks: dict[int, Citation]) -> None:
    findings = read_data("ris", "quirks.ris")[1]
    assert sorted(quirks) == [4, 27, 36, 49, 52, 57, 63]
    assert [(f.line, f.rejected) for f in findings] == [(27, False), (46, True), (49, False), (63, False)]


def test_old_tags_and_lines_without_tags_are_read(quirks: dict[int, Citation]) -> None:
    entry = quirks[4]
    assert entry.title == "Two spaces and a title that runs on"
    assert entry.authors == ("Wilson, Jane E.", "Today, B. A.")
    assert (entry.journal, entry.journal_abbreviation) == ("Journal of Tests", "J Tests")
    assert (entry.date, entry.year, entry.pages) == ("2024 Mar 18", 2024, "12-19")
    assert entry.keywords == ("Adult", "Female", "Humans")
    assert (entry.doi, entry.issns, entry.types) == ("10.1000/a.b", ("1234-567X",), ("Article",))


def test_a_line_that_only_looks_tagged_stays_in_the_abstract(quirks: dict[int, Citation]) -> None:
    assert quirks[4].abstract == "Background: less pain < 3. IL-6 levels fell in DNA - binding cells."


def test_identifiers_are_found_where_programs_hide_them(quirks: dict[int, Citation]) -> None:
    assert (quirks[27].pmid, quirks[27].pmcid, quirks[27].accession) == ("38707134", "PMC11068073", "")
    assert (quirks[36].doi, quirks[36].pmid) == ("10.1000/m3", "77")
    assert (quirks[57].pmid, quirks[57].accession) == ("31727421", "L2001234567")
    assert (quirks[63].pmid, quirks[63].accession, quirks[63].doi) == ("38707135", "2-s2.0-85193", "")


def test_a_bare_number_in_an_is_no_pmid_without_its_database() -> None:
    entry = read("ris", b"TY  - JOUR\nTI  - x\nAN  - 135434557\nDB  - CINAHL\nER  - \n")[0][0]
    assert (entry.pmid, entry.accession) == ("", "135434557")


def test_endnotes_untagged_lines_are_items_of_their_own() -> None:
    lists = b"KW  - one\ntwo\nN1  - L1\n2024-04-01\nSN  - 0000-0001\n1234-567X\nUR  - http://a.org\nhttp://b.org\n"
    entry = read("ris", b"TY  - JOUR\nTI  - x\n" + lists + b"PM  - 7\nER  -\n")[0][0]
    assert (entry.keywords, entry.notes, entry.url) == (("one", "two"), "L1\n2024-04-01", "http://a.org")
    assert (entry.issns, entry.pmid) == (("0000-0001", "1234-567X"), "7")


def test_a_register_entry_is_known_as_one(quirks: dict[int, Citation]) -> None:
    assert quirks[52].registrations == ("NCT05514639",)
    assert quirks[52].is_register_entry


def test_a_chapter_names_its_book_and_does_not_take_its_editor_for_an_author(quirks: dict[int, Citation]) -> None:
    assert (quirks[36].journal, quirks[36].types, quirks[36].authors) == ("The book", ("Book chapter",), ())


def test_seasons_and_article_numbers_are_kept(quirks: dict[int, Citation]) -> None:
    assert (quirks[27].date, quirks[27].year, quirks[27].pages) == ("2019 Spring", 2019, "e57539")


def test_lower_case_tags_are_read_where_the_whole_entry_has_them() -> None:
    citations, findings = read_data("ris", "lower.ris")
    assert ([(c.title, c.year) for c in citations], findings) == ([("Lower case tags", 2011)], [])


BODY = "TY  - JOUR\nTI  - Rückenschmerz – Ärger\nAU  - Müller, Ö.\nER  - \n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_unicode_in_any_coat_reads_the_same_without_a_word(encoding: str, end: str) -> None:
    citations, findings = read("ris", BODY.replace("\n", end).encode(encoding))
    assert ([(c.title, c.authors) for c in citations], findings) == ([("Rückenschmerz – Ärger", ("Müller, Ö.",))], [])


def test_windows_1252_is_read_with_a_doubt_that_names_the_line() -> None:
    citations, findings = read("ris", BODY.encode("cp1252"))
    assert citations[0].title == "Rückenschmerz – Ärger"
    assert [(f.line, f.rejected) for f in findings] == [(2, False)]
    assert "Windows-1252" in findings[0].message
    several = read("ris", BODY.replace("\n", " \N{LATIN SMALL LETTER E WITH ACUTE}\n").encode("cp1252"))[1]
    assert " more are not UTF-8 and were read as Windows-1252" in several[0].message


def test_mixed_line_ends_keep_their_count() -> None:
    citations, _ = read("ris", b"TY  - JOUR\rTI  - a\r\nER  - \n\r\nTY  - JOUR\nTI  - b\rER  - ")
    assert [(c.title, c.line) for c in citations] == [("a", 1), ("b", 5)]


def test_nul_and_escape_characters_do_not_get_through() -> None:
    citations, _ = read("ris", b"TY  - JOUR\nTI  - a\x00b \x1b[31mred\nER  - \n")
    assert citations[0].title == "ab [31mred"


def test_markup_and_entities_are_read_as_what_they_show() -> None:
    title = b"<i>Mus</i> &amp;lt; 10<sup>6</sup> cells &alpha; a<b and c>d"
    entry = read("ris", b"TY  - JOUR\nTI  - " + title + b"\nUR  - http://x.org/?a=1&copy=2\nER  - \n")[0][0]
    assert entry.title == "Mus < 10^6 cells α a<b and c>d"
    assert entry.url == "http://x.org/?a=1&copy=2"


# --- what we write comes back ------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).map(clean).filter(lambda t: t and clean(t) == t)
plain = st.from_regex(r"[A-Za-z0-9éß&<>'-]{1,8}( [A-Za-z0-9é.:-]{1,8}){0,3}", fullmatch=True).filter(
    lambda t: clean(t) == t
)
names = words.filter(
    lambda t: t == t.rstrip(",; ") and "al" not in t.lower() and t.lower() != "others" and t[0] not in "…."
)
no_ids = words.filter(lambda t: not any(mark in t.lower() for mark in ("10.", "pmid", "pmc", "nct", "doi")))


@st.composite
def whole_citations(draw: st.DrawFn) -> Citation:
    date = draw(st.sampled_from(["2024", "2024 Mar", "2024 Mar 8", "1998 Dec-1999 Jan", "2003 Spring", "18/03/2024"]))
    journal = draw(st.one_of(st.just(""), no_ids))
    pages = draw(st.sampled_from(["", "12-19", "S12", "454-81", "e57539", "1-2-3", "12 - 19", "i-iv; 3"]))
    return Citation(
        id=draw(st.integers(1, 99999)),
        title=draw(words),
        vernacular_title=draw(st.one_of(st.just(""), words)),
        abstract="\n".join(draw(st.lists(words, max_size=3))),
        authors=tuple(draw(st.lists(names, max_size=3))),
        year=year_in(date),
        date=date,
        journal=journal,
        journal_abbreviation=draw(st.one_of(st.just(""), no_ids)) if journal else "",
        volume=draw(plain),
        issue=draw(plain),
        pages=pages,
        doi=draw(
            st.sampled_from(["", "10.1000/A.b(1)", "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-S>3.0.CO;2-2"])
        ),
        pmid=draw(st.sampled_from(["", "1", "38707134"])),
        pmcid=draw(st.sampled_from(["", "PMC7"])),
        registrations=draw(st.sampled_from([(), ("NCT01234567", "ISRCTN12345678"), ("CTRI/2020/01/123456",)])),
        issns=draw(st.sampled_from([(), ("1234-567X", "0000-0001")])),
        accession=draw(st.sampled_from(["", "2-s2.0-85193", "WOS:000123", "c001"])),
        language=draw(st.sampled_from(["", "eng", "eng; ger"])),
        types=draw(st.sampled_from([(), ("Journal Article", "Review"), ("Book chapter",), ("Thesis",)])),
        keywords=tuple(dict.fromkeys(draw(st.lists(no_ids.filter(lambda t: ";" not in t), max_size=3)))),
        publisher=draw(st.one_of(st.just(""), words)),
        url=draw(st.sampled_from(["", "https://example.org/?a=1&copy=2"])),
        notes="\n".join(draw(st.lists(no_ids, max_size=3))),
    )


@given(st.lists(whole_citations(), min_size=1, max_size=4))
def test_what_is_written_is_read_back_the_same(written: list[Citation]) -> None:
    citations, findings = read("ris", b"".join(to_ris(written)))
    assert findings == []
    assert [replace(c, line=0) for c in citations] == [replace(c, id=0) for c in written]


def test_a_record_carries_its_id_and_every_line_is_tagged_or_indented() -> None:
    written = b"".join(
        to_ris([Citation(id=12, title="T", abstract="A: x\nTY  - JOUR\nER  -", subjects=("Exosomes",))])
    ).decode()
    assert "\nID  - r12\n" in written
    assert "\nKW  - Exosomes\n" in written
    assert written.count("\nER  -") == 1
    assert read("ris", written.encode())[0][0].abstract == "A: x\nTY - JOUR\nER -"


def test_every_kept_entry_of_the_fixtures_survives_a_round_trip() -> None:
    for kind, name in (("pubmed-xml", "odd.xml"), ("nbib", "quirks.nbib"), ("csv", "rayyan.csv")):
        for citation in read_data(kind, name)[0]:
            again = read("ris", b"".join(to_ris([citation])))[0][0]
            assert again == replace(citation, line=again.line)


def test_crude_files_of_other_programs_name_no_entry() -> None:
    for body in (b"", b"<html></html>", (DATA / "odd.xml").read_bytes()):
        citations, findings = read("ris", body)
        assert (citations, [f.rejected for f in findings]) == ([], [True])
