"""What is told once for a lot of text holds for every value in it, so that shortcuts change nothing."""

import io
import sys
import unicodedata
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats import AS_NAMED, FORMATS
from reviewkit.formats.clean import clean
from reviewkit.formats.drafts import citation
from reviewkit.formats.tagged import TaggedEntry
from reviewkit.formats.tidy import is_settled, odd_characters
from reviewkit.model.citation import Citation
from tests.formats.reading import read

# What files hold and cleaning has to do with, beside any text at all.
PIECES = st.sampled_from((
    " ", "  ", "a", "B", "&", "&amp;", "&lt;i&gt;", ";", "<", "<i>", "</i>", "<br>", "*", "\t", "\xa0", "\u200b", "é",
    "e\u0301", "\u0301", "\u1112", "\u1161", "\ufeff", "–", "10.1000/x", "NCT01234567", "et al.", "/", "NA", "2019",
))  # fmt: skip
VALUES = st.lists(PIECES, max_size=8).map("".join) | st.text(st.characters(exclude_characters="\r\n"), max_size=12)


def test_a_settled_character_stays_wherever_it_stands() -> None:
    settled = [character for code in range(sys.maxunicode + 1) if is_settled(character := chr(code))]
    assert len(settled) > 100_000
    for start in range(0, len(settled), 1000):
        text = "".join(settled[start : start + 1000]).strip(" ")
        while "  " in text:
            text = text.replace("  ", " ")
        assert clean(text) == text


def test_no_settled_character_melts_into_the_one_before() -> None:
    parts = [unicodedata.decomposition(chr(code)).split() for code in range(sys.maxunicode + 1)]
    seconds = {chr(int(part[1], 16)) for part in parts if len(part) == 2 and not part[0].startswith("<")}
    assert len(seconds) > 50
    assert not [character for character in seconds if is_settled(character)]


@given(st.lists(VALUES, max_size=6))
def test_values_of_a_text_without_odd_characters_need_no_cleaning(values: list[str]) -> None:
    together = "\n".join(values)
    if odd_characters(together.encode("utf-8", "surrogatepass")) == frozenset() and "  " not in together:
        assert [clean(value) for value in values] == [value.strip(" ") for value in values]


@given(st.lists(VALUES, min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_an_entry_gives_back_every_value_as_if_it_were_cleaned_alone(values: list[str], longer: set[int]) -> None:
    told = TaggedEntry(odd=odd_characters("\n".join(values).encode("utf-8", "surrogatepass")))
    for entry in (told, TaggedEntry()):
        for number, value in enumerate(values):
            entry.add("AB", value)
            if number in longer:
                entry.extend("AB", f"\n{value}")
        entry.close()
        held = entry.fields["AB"]
        assert entry.cleaned(held) == [text for text in map(clean, held) if text]
        assert entry.every(held) == [clean(text) for text in held]
        assert entry.first("AB") == next((text for text in map(clean, held) if text), "")


TAGS = st.sampled_from((
    "TI", "T1", "AU", "PY", "DA", "YR", "T2", "JO", "J2", "VL", "IS", "SP", "EP", "DO", "AB", "N1", "KW", "SN", "UR",
    "AN", "ID", "M1", "M3", "C3", "AD", "ZZ",
))  # fmt: skip
LINES = st.tuples(TAGS, st.sampled_from(["  - ", "  - ", "  - ", " - "]), VALUES).map("".join)
ENTRIES = st.lists(LINES | st.sampled_from(["", "more", "  more"]), max_size=12)


@given(st.lists(ENTRIES, min_size=1, max_size=5))
def test_an_entry_says_the_same_alone_and_among_others(entries: list[list[str]]) -> None:
    texts = ["\n".join(["TY  - JOUR", "TI  - Title", *lines, "ER  - ", "", ""]) for lines in entries]
    alone = [read("ris", text.encode("utf-8", "replace"))[0] for text in texts]
    together, _ = read("ris", "".join(texts).encode("utf-8", "replace"))
    assert [replace(made, line=0) for made in together] == [replace(made, line=0) for found in alone for made in found]


def test_entries_say_the_same_wherever_a_lot_of_text_ends() -> None:
    said = "TY  - JOUR\nTI  - Pain &amp; <i>care</i>  – é\nAB  - One.\n\nTwo.\nKW  - *a\nb\nER  - \n\n"
    body = (said * 4000).encode()
    found = [made for made in FORMATS["ris"].parse(io.BytesIO(body), AS_NAMED) if isinstance(made, Citation)]
    assert len(found) == 4000
    assert {replace(made, line=0) for made in found} == {
        Citation(title="Pain & care – é", abstract="One.\nTwo.", keywords=("a", "b"))
    }


def test_a_citation_made_quickly_is_a_citation() -> None:
    made = citation({"title": "Discs", "year": 2020, "authors": ("Doe J",)})
    assert made == Citation(title="Discs", year=2020, authors=("Doe J",))
    assert hash(made) == hash(Citation(title="Discs", year=2020, authors=("Doe J",)))
    assert type(made) is Citation
    with pytest.raises(FrozenInstanceError):
        made.title = "Other"  # type: ignore[misc]


def test_a_title_of_two_paragraphs_is_one_line_and_a_year_alone_is_read() -> None:
    (made,), _ = read("ris", b"TY  - JOUR\nTI  - Pain\n\nand care\nYR  - 2018\nER  - \n")
    assert (made.title, made.year) == ("Pain and care", 2018)
