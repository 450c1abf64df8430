"""The record that stands for several copies takes the best of each field, and remembers where each came from."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.represent import represent, represented

PUBMED = "2024-03-18-pubmed"
SCOPUS = "2024-03-18-scopus"


def copy(id: int, run: str = SCOPUS, **given: object) -> Citation:
    return Citation(id=id, run=run, **given)  # type: ignore[arg-type]


def best(name: str, *values: object) -> object:
    """The value chosen for a field out of copies with these values; it must not depend on who comes first."""
    chosen = {getattr(represent([copy(n, **{name: v}) for n, v in enumerate(order, 1)]), name) for order in
              (values, values[::-1])}  # fmt: skip
    assert len(chosen) == 1, chosen
    return chosen.pop()


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("Exosomes for back pain", "Exosomes for back pain: a randomised trial"),
        ("EXOSOMES FOR BACK PAIN: A TRIAL", "Exosomes for back pain: a trial"),
        ("Exosomes for back pain: a randomised controlled trial in ...", "Exosomes for back pain: a trial"),
        ("Exosomes for back pain: a randomised controlled trial in…", "EXOSOMES FOR BACK PAIN: A TRIAL"),
        ("[Exosomes for back pain: a German trial.]", "Exosomes for back pain: a trial"),
        ("Exosomes for back pain. " + "We report what became of forty people. " * 20, "Exosomes for back pain"),
        ("", "Exosomes"),
    ],
)
def test_the_title_is_the_longest_that_is_whole_and_written_as_a_title(worse: str, better: str):
    assert best("title", worse, better) == better


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (("Wilson JE",), ("Wilson JE", "Brown A")),
        (("Wilson JE", "et al."), ("Wilson JE", "Brown A")),
        (("Wilson JE", "Brown A", "et al"), ("Wilson JE", "Brown A")),
        (("Wilson JE", "Brown A"), ("Wilson, Jane E", "Brown, Anna")),
        (("WILSON, JANE ELEANOR", "BROWN, ANNA M"), ("Wilson JE", "Brown A")),
        (("Wilson", "Jane"), ("Wilson, Jane",)),
        ((), ("Wilson JE",)),
    ],
)
def test_the_authors_are_the_fullest_list(worse: tuple[str, ...], better: tuple[str, ...]):
    assert best("authors", worse, better) == better


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("Eur Spine J", "European Spine Journal"),
        ("Eur. Spine J.", "European Spine Journal"),
        ("EUROPEAN SPINE JOURNAL", "European Spine Journal"),
        ("Ann Rheum Dis", "Annals of the Rheumatic Diseases"),
        ("", "Spine"),
    ],
)
def test_the_journal_is_the_name_in_full(worse: str, better: str):
    assert best("journal", worse, better) == better


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("We treated forty people ...", "We treated forty."),
        ("We treated forty people with pain. (ABSTRACT TRUNCATED AT 250 WORDS)", "We treated forty."),
        ("No abstract is available", "Short."),
        ("We treated forty.", "We treated forty people."),
    ],
)
def test_the_abstract_is_the_longest_that_was_not_cut(worse: str, better: str):
    assert best("abstract", worse, better) == better


def test_pages_are_taken_in_full_and_never_from_elsewhere():
    assert best("pages", "123-34", "123-134") == "123-134"
    assert best("pages", "123", "123-34") == "123-34"
    ahead = copy(1, pages="1-10", year=2019)
    printed = copy(2, volume="34", issue="5", pages="123-34", year=2020)
    full = copy(3, pages="0123-0134", year=2020)
    found = represent([ahead, printed, full])
    assert (found.volume, found.issue, found.pages, found.year) == ("34", "5", "0123-0134", 2020)


def test_the_issue_of_another_volume_does_not_fill_a_gap():
    found = represent([copy(1, volume="34", pages="123"), copy(2, volume="33", issue="9"), copy(3, issue="5")])
    assert (found.volume, found.issue) == ("34", "5")


def test_the_year_is_that_of_the_issue_and_not_of_the_first_appearance_online():
    online = {"year": 2019, "date": "2019 Dec 3"}
    printed = {"year": 2020, "date": "2020", "volume": "34"}
    found = represent([copy(1, PUBMED, **online), copy(2, **printed), copy(3, **{**printed, "date": "2020 Feb"})])
    assert (found.year, found.date) == (2020, "2020 Feb")
    assert represent([copy(1, year=2019), copy(2, year=2019), copy(3, year=2020)]).year == 2019
    assert represent([copy(1, year=2020), copy(2, year=2019)]).year == 2020


def test_a_year_in_place_of_the_volume_is_none():
    assert represent([copy(1, volume="2020", year=2020), copy(2, volume="34", year=2020)]).volume == "34"


def test_identifiers_are_well_formed_and_what_most_copies_say():
    assert best("doi", "https://doi", "10.1000/x.1") == "10.1000/x.1"
    assert represent([copy(n, doi=doi) for n, doi in enumerate(("10.1000/b", "10.1000/A", "10.1000/a"))]).doi in (
        "10.1000/A",
        "10.1000/a",
    )
    assert represent([copy(1, pmid="111"), copy(2, pmid="111"), copy(3, PUBMED, pmid="222")]).pmid == "222"
    assert best("pmid", "0", "123") == "123"


def test_where_copies_are_equal_pubmeds_counts_before_others_and_then_the_earliest():
    given = [copy(1, journal="The Spine", language="en"), copy(2, PUBMED, journal="Spine", language="eng")]
    assert (represent(given).journal, represent(given).language) == ("Spine", "eng")
    by_state = [copy(1, journal="The Spine"), copy(2, "", status="MEDLINE", journal="Spine")]
    assert represent(by_state).journal == "Spine"
    assert represent([copy(2, url="b"), copy(1, url="a")]).url == "a"


def test_lists_are_united_once_each():
    found = represent(
        [
            copy(1, registrations=("NCT01234567",), issns=("1234-567X",), keywords=("Pain", "Spine")),
            copy(2, registrations=("nct 01234567", "ISRCTN1"), issns=("1234567x",), keywords=("pain", "disc")),
        ]
    )
    assert found.registrations == ("NCT01234567", "ISRCTN1")
    assert found.issns == ("1234-567X",)
    assert found.keywords == ("Pain", "Spine", "disc")


def test_each_field_remembers_the_citation_that_it_came_from():
    first = copy(4, title="EXOSOMES FOR PAIN", doi="10.1000/x", keywords=("pain",), line=7)
    second = copy(9, PUBMED, title="Exosomes for pain", year=2020, keywords=("Pain", "disc"), line=99)
    made = represented([second, first])
    assert made.citation == Citation(
        id=4, run=SCOPUS, line=7, title="Exosomes for pain", doi="10.1000/x", year=2020, keywords=("pain", "disc")
    )
    assert made.sources == {"title": (9,), "year": (9,), "doi": (4,), "keywords": (4, 9)}


def test_a_record_of_one_citation_is_that_citation():
    one = copy(4, title="[Exosomes ...]", volume="2020", year=2020, pages="1", keywords=("pain", "Pain"))
    assert represent([one]) == one
    assert represented([one]).citation == one
    assert set(represented([one]).sources.values()) == {(4,)}


texts = st.sampled_from(("", "A", "10.1000/x", "12-5", "123-34", "[Pain.]", "2020", "PAIN OF THE LOWER BACK", "et al."))
lists = st.lists(texts.filter(bool), max_size=3).map(tuple)


@st.composite
def copies(draw: Callable[..., object]) -> list[Citation]:
    plain = ("title", "abstract", "date", "journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "status")
    return [
        copy(
            number,
            draw(st.sampled_from((PUBMED, SCOPUS, ""))),
            year=draw(st.sampled_from((None, 2019, 2020))),
            authors=draw(lists),
            keywords=draw(lists),
            **{name: draw(texts) for name in plain},
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)  # type: ignore[operator]
    ]


@settings(max_examples=200, deadline=None)
@given(copies(), st.randoms())
def test_whatever_the_copies_hold_the_record_is_the_same_in_any_order_and_says_only_what_a_copy_says(
    given_copies: list[Citation], dice: random.Random
):
    made = represented(given_copies)
    shuffled = given_copies[:]
    dice.shuffle(shuffled)
    assert represented(shuffled) == made
    assert represent(given_copies) == made.citation
    by_id = {one.id: one for one in given_copies}
    for name, sources in made.sources.items():
        value = getattr(made.citation, name)
        if name == "keywords":
            assert all(any(item in by_id[source].keywords for source in sources) for item in value)
        else:
            assert [getattr(by_id[source], name) for source in sources] == [value]
    for name in ("title", "authors", "year", "date", "pages", "doi", "pmid", "abstract", "journal"):
        assert bool(getattr(made.citation, name)) == (name in made.sources)
