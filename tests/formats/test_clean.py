"""Texts and identifiers as citations hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats import identifiers as ids
from reviewkit.formats.clean import clean, clean_list, clean_paragraphs


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert "\n" not in cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a\u00a0 b\tc ", "a b c"),
        ("A&amp;B &lt; &#945; &nbsp;", "A&B < α"),
        ("P &amp;lt; 0.05", "P < 0.05"),
        ("R&D; AT&T &unknown; &copy 2020", "R&D; AT&T &unknown; &copy 2020"),
        ("<p>One</p><p>two</p>", "One two"),
        ("<jats:italic>E. coli</jats:italic>", "E. coli"),
        ("10<sup>6</sup> and CO<sub>2</sub> and Ca<sup>2+</sup>", "10^6 and CO2 and Ca2+"),
        ("x <b and y> z", "x <b and y> z"),
        ("Mu\u0308ller so\u00adft", "Müller soft"),
    ],
)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_hostile_nesting_takes_no_time() -> None:
    assert len(clean("&" + "amp;" * 200_000 + "lt;")) > 0
    assert len(clean("<b" * 200_000 + " " * 200_000 + "</b>")) > 0


def test_paragraphs_and_lists_drop_what_is_empty() -> None:
    assert clean_paragraphs("a  b\n\n <p></p> \nc") == "a b\nc"
    assert clean_list(["a", " ", "b", "a"]) == ("a", "b")


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1000/X", "10.1000/X"),
        ("http://dx.doi.org/10.1000/a%2Fb", "10.1000/a/b"),
        ("doi: 10.1000/x.", "10.1000/x"),
        ("DOI:10.1000/x [doi]", "10.1000/x"),
        ("10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2", None),
        ("(10.1000/x(1))", "10.1000/x(1)"),
        ("10.1000", ""),
        ("not one", ""),
    ],
)
def test_dois(text: str, doi: str | None) -> None:
    assert ids.doi_in(text) == (text if doi is None else doi)


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("38707134", "38707134"), ("PMID: 12", "12"), ("12[pmid]", "12"), ("38707134.0", "38707134"), ("0012", "12"),
        ("https://pubmed.ncbi.nlm.nih.gov/12/", "12"), ("MEDLINE:12", "12"),
        ("000000000000", ""), ("123456789", ""), ("PMC12", ""), ("12 and 13", ""), ("", ""),
    ],
)  # fmt: skip
def test_pmids(text: str, pmid: str) -> None:
    assert ids.pmid_in(text) == pmid


def test_pmcids() -> None:
    assert [ids.pmcid_in(t) for t in ("PMC12", "pmc 12", "PMCID: PMC12.1", "NLM: PMC12", "12")] == ["PMC12"] * 4 + [""]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ClinicalTrials.gov: nct01234567; ISRCTN 12345678", ("NCT01234567", "ISRCTN12345678")),
        ("EudraCT 2010-123456-12", ("EudraCT2010-123456-12",)),
        (
            "ACTRN12612000097864, ChiCTR-TRC-10001234, DRKS00001234",
            ("ACTRN12612000097864", "ChiCTR-TRC-10001234", "DRKS00001234"),
        ),
        ("JPRN-UMIN000001234", ("JPRN-UMIN000001234",)),
        ("NCT0123456, XNCT01234567, 2010-123456-12", ()),
    ],
)
def test_registration_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert ids.registrations_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1998 Dec-1999 Jan", 1998),
        ("18/03/2024", 2024),
        ("20240318", 2024),
        ("2024.0", 2024),
        ("12345", None),
        ("", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert ids.year_in(text) == year


def test_issns() -> None:
    assert ids.issns_in("1234567x (ISSN); 0000-0001 978-3-86680-192-9") == ("1234-567X", "0000-0001")
