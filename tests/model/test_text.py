"""Text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.text import (
    author_words,
    digits_key,
    doi_key,
    first_page,
    is_generic,
    journal_words,
    journals_alike,
    kind_of_title,
    number_key,
    numerals,
    registration_key,
    title_words,
    words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Los exosomas: una nueva estrategia terapéutica", "LOS EXOSOMAS UNA NUEVA ESTRATEGIA TERAPEUTICA"),
        ("Caf\u00e9 au lait", "Cafe\u0301 au lait"),  # one letter, or a letter and an accent
        ("β-Amyloid and TNF-α", "beta amyloid & TNF alpha"),
        ("Surgeon’s knot", "Surgeon's knot"),
        ("Lødz and Œdema", "lodz and oedema"),
        ("CO₂ laser", "CO2 laser"),
        ("ﬁnal ﬂow", "final flow"),
        ("Straße", "STRASSE"),
        ("[Exosomes in back pain.]", "Exosomes in back pain"),
        ("RETRACTED: Exosomes in back pain", "Exosomes in back pain"),
        ("Exosomes in back pain.[see comment].[Erratum appears in Spine. 2005 Dec;14(12):3]", "Exosomes in back pain."),
        ("Exosomes in back pain. [Review] [45 refs]", "Exosomes in back pain"),
    ],
)
def test_titles_that_databases_write_differently_have_the_same_words(one, other):
    assert title_words(one) == title_words(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Exosomes in pain: part I", "Exosomes in pain: part II"),
        ("腰痛のエクソソーム", "頸部痛のエクソソーム"),
        ("Экзосомы при боли", "Экзосомы при артрите"),
        ("हिन्दी", "हन्द"),  # the marks of other scripts are vowels, not accents
        ("Retraction of trust in markets", "of trust in markets"),
    ],
)
def test_titles_that_differ_keep_different_words(one, other):
    assert title_words(one) != title_words(other)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert words(" ".join(words(text))) == words(text)


@pytest.mark.parametrize(
    "title", ["Editorial", "Editor's Comments", "Front matter", "Pain", "Low back pain", "Book Review"]
)
def test_titles_that_many_works_carry_are_generic(title):
    assert is_generic(title_words(title))


def test_a_full_title_is_not_generic_even_where_it_begins_like_one():
    assert not is_generic(
        title_words("Introduction of exosomes into the lumbar facet joint: safety and pain after a year")
    )


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum: Exosomes in back pain", "correction"),
        ("Correction to: Exosomes in back pain", "correction"),
        ("Exosomes in low back pain and its treatment (vol 12, pg 33, 2019)", "correction"),
        ("Retraction: Exosomes in back pain", "retraction"),
        ("Comment on: Exosomes in back pain", "comment"),
        ("Reply to: Exosomes in back pain", "reply"),
        ("Exosomes in low back pain: a trial - Author's reply", "reply"),
        ("Exosomes in back pain", ""),
        ("Correction: Exosomes in back pain", "correction"),
        ("Exosomes in low back pain and its treatment - Erratum", "correction"),
        ("Erratum", "correction"),
        ("Notice of retraction - Exosomes", "retraction"),
        ("Re: Exosomes in back pain", "comment"),
        ("Correction of scoliosis with rods", ""),
        ("Response of disc cells to exosomes", ""),
        ("Comments of patients on exosomes", ""),
    ],
)
def test_a_title_says_when_it_is_a_piece_about_another_publication(title, kind):
    assert kind_of_title(title) == kind


def test_numerals_tell_parts_and_phases_apart():
    assert numerals(words("Exosomes, part I")) == ("i",)
    assert numerals(words("Exosomes, part II")) == ("ii",)
    assert numerals(words("A phase 2 trial over 12 weeks")) == ("2", "12")
    assert numerals(words("Part B of it")) == ("b",)
    assert numerals(words("Vitamin mix in vivid colours")) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wilson JE", "Wilson, Jane E."),
        ("East DO J", "East J"),
        ("Müller H", "Mueller, Hans"),
        ("de la Cruz J", "Cruz J"),
        ("Lucas Jr., Henry C.", "Lucas HC"),
        ("Lin et al.", "Lin S"),
        ("ØSTBY K", "Ostby, Kari"),
    ],
)
def test_one_author_written_in_two_ways_has_the_same_family_name(one, other):
    assert author_words(one) == author_words(other) != ()


def test_anonymous_is_nobody():
    assert author_words("Anonymous") == author_words("[No authors listed]") == author_words("") == ()


@pytest.mark.parametrize(
    ("pages", "page"),
    [
        ("6749-6781", "6749"), ("001-006", "1"), ("e70086", "70086"), ("e2100596", "2100596"), ("S12-S19", "s12"),
        ("S12", "s12"), ("p. 33-40", "33"), ("pp 33-40", "33"), ("484-491 + 505", "484"), ("409--410", "409"),
        ("Article 5", "5"), ("Art. No. 108962", "108962"), ("e5", "e5"), ("", ""), ("in press", ""), ("0", ""),
    ],
)  # fmt: skip
def test_first_pages_and_article_numbers_are_found(pages, page):
    assert first_page(pages) == page


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("10.1186/S13018-023-04241-2", "10.1186/s13018-023-04241-2"),
        ("https://doi.org/10.1000/X.", "10.1000/x"),
        ("doi: 10.52793/JSCR.2020.1(2)-09", "10.52793/jscr.2020.1(2)-09"),
        ("(10.1016/S0140-6736(13)62568-4)", "10.1016/s0140-6736(13)62568-4"),
        ("10.1000%2Fabc", "10.1000/abc"),
        ("not a doi", ""),
        ("", ""),
    ],
)
def test_dois_are_compared_without_resolver_and_case(given, key):
    assert doi_key(given) == key


def test_numbers_are_compared_without_what_stands_around_them():
    assert number_key("Vol. 012") == "12"
    assert number_key("Suppl") == "suppl"
    assert number_key("") == ""
    assert digits_key("PMC0123") == digits_key("123") == "123"
    assert registration_key("isrctn 1234-5678") == "ISRCTN12345678"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Molecular Medicine", "Mol Med", True),
        ("J Orthop Surg Res", "Journal of Orthopaedic Surgery and Research", True),
        ("BMJ", "British Medical Journal", True),
        ("BMJ (Clinical research ed.)", "BMJ", True),
        ("Journal of Translational Medicine", "J. Transl. Med.", True),
        ("Spine", "Pain", False),
        ("Regenerative Medicine", "Regenerative Therapy", False),
    ],
)
def test_a_journal_and_its_abbreviation_are_alike(one, other, alike):
    assert journals_alike(journal_words(one), journal_words(other)) is alike
    assert journals_alike(journal_words(other), journal_words(one)) is alike


@given(st.text(), st.text())
def test_no_text_breaks_the_keys(one, other):
    journals_alike(journal_words(one), journal_words(other))
    for make in (
        title_words,
        first_page,
        number_key,
        doi_key,
        kind_of_title,
        digits_key,
        registration_key,
        author_words,
    ):
        make(one)
    is_generic(title_words(one))
    numerals(title_words(one))


@pytest.mark.parametrize("piece", ["-", "[", "A ", "erratum ", "9", "(vol 1, ", " \t"])
def test_endless_text_is_read_in_no_time(piece):
    endless = piece * 50_000 + "erratum"
    title_words(endless)
    kind_of_title(endless)
    first_page(endless)
    author_words(endless)
    doi_key(endless)
