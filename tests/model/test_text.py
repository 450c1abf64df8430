"""Text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.text import (
    _HINT,
    _hints,
    about,
    digits_key,
    doi_key,
    is_generic,
    issue_key,
    kind_of_title,
    languages,
    number_key,
    number_words,
    one_spelling,
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
        ("[Exosomes in back pain]. [Spanish]", "Exosomes in back pain"),
        ("Exosomes in back pain (Structured abstract)", "Exosomes in back pain"),
        ("Exosomes in back pain (author's transl)", "Exosomes in back pain"),
        ("Exosomes in <i>back</i> pain &amp; discs", "Exosomes in back pain & discs"),
        ("Original Article: Exosomes in back pain", "Exosomes in back pain"),
        ("Invited paper - Exosomes in back pain", "Exosomes in back pain"),
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


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_text_is_folded_in_the_same_way_alone_and_beside_other_letters(text):
    assert (*words(text), "beta") == words(text + " β")


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


_PIECES = ("Errat", "CORRI", "(Vol", "(2009) 36 (", "RE:", "reply", "ſ", "K", "ı", "( ", "of ", "comment", "4", "[")


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=6).map("".join))
def test_the_words_that_say_so_are_found_as_by_their_pattern(title):
    assert _hints(title) == bool(_HINT.search(title))


@given(st.text(st.sampled_from("0123456789 a٣²-")))
def test_the_digits_of_a_number_are_kept_without_leading_zeros(number):
    assert digits_key(number) == "".join(c for c in number if c in "0123456789").lstrip("0")


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
    assert issue_key("03") == "3"
    assert issue_key("Suppl. 2") == issue_key("2 Supplement") == "suppl"
    assert issue_key("May") == issue_key("") == ""
    assert digits_key("PMC0123") == digits_key("123") == "123"
    assert registration_key("isrctn 1234-5678") == "ISRCTN12345678"


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Exosomes, part I", ("1",)),
        ("Exosomes, part II", ("2",)),
        ("Phase two trial", ("2",)),
        ("A phase 2 trial over 12 weeks", ("2", "12")),
        ("Part B of it", ("b",)),
        ("Vitamin mix in vivid colours, given i.v.", ()),
        ("Angiotensin II", ("2",)),
        ("p16(INK4a)", ("16", "4")),
        ("p16INK4a", ("16", "4")),
        ("A c1inical trial", ()),
    ],
)
def test_numbers_tell_parts_and_phases_apart(title, numbers):
    assert number_words(words(title)) == numbers


@pytest.mark.parametrize(
    ("title", "given"),
    [
        (
            "Los exosomas en el dolor lumbar = Exosomes in low back pain",
            ("Los exosomas en el dolor lumbar", "Exosomes in low back pain"),
        ),
        (
            "Exosomen bei Kreuzschmerzen im Alter [Exosomes in back pain of the aged]",
            ("Exosomen bei Kreuzschmerzen im Alter", "Exosomes in back pain of the aged"),
        ),
        ("Back pain in women aged > or = 50 years with disc disease", None),
        ("[Exosomes in back pain of the aged: a randomised trial]", None),
        ("Exosomes in low back pain and its treatment [Erratum appears in Spine]", None),
    ],
)
def test_a_title_in_two_languages_is_taken_apart(title, given):
    assert languages(title) == (given or (title,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haemorrhage in paediatric tumour centres", "hemorrhage in pediatric tumor centers"),
        ("randomised behavioural programme labelled with fibre", "randomized behavioral program labeled with fiber"),
        ("oesophageal sulphur", "esophageal sulfur"),
    ],
)
def test_british_and_american_spelling_are_one(one, other):
    assert one_spelling(one) == one_spelling(other)


@pytest.mark.parametrize(
    "title",
    [
        "Erratum: Exosomes in low back pain and discs",
        "Correction to: Exosomes in low back pain and discs",
        "Exosomes in low back pain and discs (vol 12, pg 33, 2019)",
        "Exosomes in low back pain and discs (Spine (2019) 12 (33-40))",
        "Erratum: Exosomes in low back pain and discs (Spine (2019) 12 (33-40))",
    ],
)
def test_a_correction_names_what_it_corrects(title):
    assert kind_of_title(title) == "correction"
    assert words(about(title)) == words("Exosomes in low back pain and discs")


@given(st.text())
def test_no_text_breaks_the_keys(text):
    for make in (title_words, number_key, issue_key, doi_key, kind_of_title, digits_key, registration_key, about):
        make(text)
    assert languages(text)
    is_generic(title_words(text))
    number_words(title_words(text))
    one_spelling(text)


@pytest.mark.parametrize("piece", ["-", "[", "A ", "erratum ", "9", "(vol 1, ", " \t"])
def test_endless_text_is_read_in_no_time(piece):
    endless = piece * 50_000 + "erratum"
    title_words(endless)
    kind_of_title(endless)
    languages(endless)
    about(endless)
    doi_key(endless)
