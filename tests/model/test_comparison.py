"""Two searches of one database compared, entry by entry."""

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.comparison import Compared, compare, trace
from tests.build import citation

TITLE = "Extracellular vesicles for chronic back pain"


def entry(id: int, accession: str = "", title: str = TITLE, **given: object) -> Citation:
    return citation(id=id, accession=accession, title=title, **given)


def put_beside(known: Iterable[Citation], now: Sequence[Citation], last: Iterable[int] = ()) -> Compared:
    return compare(map(trace, known), last, [trace(one) for one in now])


def test_an_article_beside_its_preprint_is_new_and_the_preprint_did_not_change() -> None:
    preprint = {"accession": "PPR:1", "types": ("Preprint",)}
    found = put_beside(
        [entry(1, **preprint)], [entry(2, **preprint), entry(3, "MED:3", types=("Journal Article",))], last=[1]
    )
    assert found == Compared(known=((1, 2),), new=(3,), gone=(), changed={})


def test_an_article_is_new_in_the_next_search_too_where_several_searches_gave_the_preprint() -> None:
    earlier = [entry(1, "PPR:1"), entry(2, "PPR:1", title=f"{TITLE}, revised"), entry(3, "PPR:1")]
    found = put_beside(earlier, [entry(5, "MED:3"), entry(4, "PPR:1")])
    assert (found.known, found.new) == (((3, 4),), (5,))


def test_an_entry_whose_number_changed_is_known_by_its_title_beside_another_of_that_title() -> None:
    found = put_beside([entry(1, "A1"), entry(2, "A2")], [entry(3, "A2"), entry(4, "A9")], last=[1, 2])
    assert (found.known, found.new, found.gone) == (((2, 3), (1, 4)), (), ())


def test_what_is_known_by_its_doi_is_not_met_again_by_its_title() -> None:
    found = put_beside([entry(1, doi="10.1000/a")], [entry(2, doi="10.1000/b"), entry(3, doi="10.1000/A")])
    assert (found.known, found.new) == (((1, 3),), (2,))


def test_an_entry_that_a_database_lists_twice_is_known_both_times() -> None:
    twice = put_beside([entry(1, "A1")], [entry(2, "A1"), entry(3, "A1")])
    assert (twice.known, twice.new) == (((1, 2), (1, 3)), ())
    numbered = put_beside([entry(1, "A1", doi="10.1000/a")], [entry(2, "A1"), entry(3, "A2", doi="10.1000/a")])
    assert (numbered.known, numbered.new) == (((1, 2), (1, 3)), ())


def test_another_abstract_under_the_doi_of_its_supplement_is_new() -> None:
    known = entry(1, "A1", doi="10.1000/supplement")
    other = entry(3, "A2", doi="10.1000/supplement", title="Quite another abstract of the same supplement")
    found = put_beside([known], [entry(2, "A1", doi="10.1000/supplement"), other])
    assert (found.known, found.new) == (((1, 2),), (3,))


entries = st.lists(
    st.builds(
        dict,
        accession=st.sampled_from(["", "A1", "A2", "A3"]),
        pmid=st.sampled_from(["", "", "11", "12"]),
        doi=st.sampled_from(["", "10.1000/a", "10.1000/b"]),
        title=st.sampled_from([TITLE, f"{TITLE}, continued", "Short"]),
    ),
    max_size=7,
)


@given(entries, entries, st.randoms(use_true_random=False))
def test_the_order_in_which_a_database_gives_its_entries_does_not_matter(before, after, random) -> None:
    known = [entry(place, **given) for place, given in enumerate(before, 1)]
    now = [entry(place, **given) for place, given in enumerate(after, 101)]
    last = [one.id for one in known]
    found = put_beside(known, now, last)
    again = put_beside(known, random.sample(now, len(now)), last)
    assert {*found.known} == {*again.known}
    assert ({*found.new}, found.gone, found.changed) == ({*again.new}, again.gone, again.changed)
    # in whichever order the earlier ones came, the same ones are new
    assert {*put_beside(random.sample(known, len(known)), now, last).new} == {*found.new}


@given(entries)
def test_what_a_database_gives_again_as_it_was_is_known_and_nothing_is_gone(entered) -> None:
    known = [entry(place, **one) for place, one in enumerate(entered, 1)]
    now = [entry(place, **one) for place, one in enumerate(entered, 101)]
    found = put_beside(known, now, [one.id for one in known])
    told = [one for one in now if trace(one).strong or trace(one).weak]
    assert ({one.id for one in told}, found.gone) == (
        {one for _, one in found.known},
        tuple(one.id for one in known if not trace(one).strong and not trace(one).weak),
    )
