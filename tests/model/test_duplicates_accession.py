"""A database's own number: its entry found again by a later search is the same, whatever it corrected in between."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import Found, find_matches
from reviewkit.model.matches import Judgement
from tests.build import citation
from tests.model.test_duplicates import LONG, TEXT, no_ids
from tests.model.test_duplicates_runs import facts, in_runs, numbered

FIRST, LATER = "2024-03-18-scopus", "2025-04-01-scopus-2"
EID = "2-s2.0-85001234567"
HORSES = "A quite different piece of work on the cervical spine of horses"
SPANISH = "Vesículas para el dolor lumbar después de una cirugía fallida del disco"


def entry(**changed: object) -> dict[str, object]:
    return no_ids(**{"run": FIRST, "accession": EID, **changed})


def later(**changed: object) -> dict[str, object]:
    return entry(**{"run": LATER, **changed})


def said(one: dict[str, object], other: dict[str, object]) -> tuple[str, str]:
    """The judgement and the rule, the same in both orders; ("", "") where no rule says anything."""
    results = set()
    for pair in ((one, other), (other, one)):
        found = list(find_matches([citation(id=n, **each) for n, each in enumerate(pair, start=1)]))
        results |= {(f.judgement.value, f.rule) for f in found} or {("", "")}
    assert len(results) == 1
    return results.pop()


@pytest.mark.parametrize(
    "now",
    [
        later(title="Stromal vesicles for chronic low back pain after failed surgery of discs", pages="", volume=""),
        later(title=LONG[:-21], volume="", issue="", pages="", year=2021),
        later(title=LONG + ": protocol", pages=""),
        later(title=SPANISH),  # the same place
        later(year=2024, volume="", issue="", pages=""),  # it came out in print four years later
        later(doi="10.1000/other", volume="", pages=""),
        later(title="", authors=("Doe J",)),
        later(title=LONG.replace("lumbar", "cervical"), types=("Article",)),
        later(types=("Conference Abstract",), pages=""),
    ],
)
def test_an_entry_that_a_database_corrected_is_the_same_by_its_number(now):
    assert said(entry(), now)[0] == "same"


def test_the_match_names_the_rule_the_number_and_the_database():
    old, new = entry(abstract=TEXT, pages=""), later(title=SPANISH, abstract=TEXT, pages="", year=2021)
    (found,) = find_matches([citation(id=1, **old), citation(id=2, **new)])
    assert (found.judgement, found.rule) == ("same", "accession")
    assert "different titles; same accession number 2-s2.0-85001234567 in Scopus" in found.evidence


@pytest.mark.parametrize(
    ("database", "number"),
    [
        ("scopus", EID),
        ("web-of-science", "WOS:000512345600012"),
        ("embase", "L2012345678"),
        ("europe-pmc", "MED:31234567"),
        ("openalex", "W2741809807"),
        ("psycinfo", "2020-12345-001"),
        ("lens", "000-123-456-789-01X"),
        ("global-index-medicus", "mdl-31234567"),
    ],
)
def test_the_numbers_of_every_database_are_known(database, number):
    old = {"title": "Vesicles for backs", "authors": ("Doe J",), "run": f"2024-03-18-{database}", "accession": number}
    new = {**old, "title": "Stromal vesicles for sore backs", "run": f"2025-04-01-{database}-2"}
    assert said(old, new) == ("same", "accession")
    assert said(old, {**new, "accession": ""})[0] != "same"


@pytest.mark.parametrize(
    "other",
    [
        later(title=HORSES, year=2011, authors=("Poe E",), journal="Equine", pages="1-9", volume="3"),
        later(title=HORSES, authors=("Poe E",), pages="", volume="", issue=""),
        later(title=LONG.replace("chronic", "acute"), pages="", volume="", issue=""),
        later(year=2011, journal="Equine", pages="1-9", volume="3"),
        later(title="Erratum: " + LONG),
        later(pmid="31234567") | {"title": HORSES, "pages": "", "authors": ()},
    ],
)
def test_one_number_with_two_works_is_left_to_a_person(other):
    assert said(entry(), other) == ("unsure", "accession")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((FIRST, EID), ("2025-04-01-embase", EID)),  # another database
        ((FIRST, EID), (LATER, EID[:-1] + "8")),
        (("2024-03-18-scopus", "12"), (LATER, "12")),  # a place in a list
        (("2024-03-18-scopus", "0000000"), (LATER, "0000000")),  # filled in
        (("2024-03-18-websites", EID), ("2025-04-01-websites", EID)),
        (("2024-03-18-citation-searching", EID), ("2025-04-01-citation-searching", EID)),
        (("", EID), ("", EID)),  # files without a review: the numbers are their rows'
    ],
)
def test_what_is_no_number_of_one_database_says_nothing(one, other):
    short = {"title": "Vesicles for backs", "year": 2020, "authors": ("Doe J",)}
    mine, theirs = ({**short, "run": run, "accession": number} for run, number in (one, other))
    assert said(mine, {**theirs, "title": HORSES}) == ("", "")


def test_the_updates_of_a_cochrane_review_keep_their_number_and_are_not_asked_about():
    review = {"journal": "Cochrane Database Syst Rev", "pages": "CD012345", "volume": "", "issue": "3"}
    assert said(entry(**review), later(**review, year=2023)) == ("", "")


def test_a_number_that_many_works_share_is_no_identifier():
    works = (
        LONG,
        HORSES,
        "Knee cartilage after marathon running in men",
        "Sleep of nurses",
        "Iron in tea",
        LONG + " x",
    )
    people = ("Doe J", "Poe E", "Adler J", "Brandt B", "Castellanos C", "Doe J")
    entries = [
        entry(title=title, authors=(author,), pages="", volume="", issue="", year=2010 + 2 * n)
        for n, (title, author) in enumerate(zip(works, people, strict=True))
    ]
    found = list(find_matches(numbered(entries)))
    assert [(f.left, f.right, f.judgement) for f in found if f.rule == "accession"] == [(1, 2, Judgement.UNSURE)]
    assert in_runs(numbered(entries), [1, 1, 2]) == found


def test_three_searches_give_one_record_in_whatever_order_they_are_loaded():
    searches = (entry(), later(title=SPANISH), later(run="2026-05-01-scopus", title=SPANISH, year=2021, pages="45-53"))
    for order in permutations(searches):
        found = [f for f in find_matches(numbered(list(order))) if f.judgement is Judgement.SAME]
        assert len({end for f in found for end in (f.left, f.right)}) == 3


numbers = st.sampled_from(["", EID, EID, "L600123456"])
runs = st.sampled_from([FIRST, LATER, "2024-03-18-embase"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(lambda f, a, r: {**f, "accession": a, "run": r}, facts, numbers, runs), max_size=12),
       st.lists(st.integers(1, 5), max_size=4))  # fmt: skip
def test_run_by_run_gives_the_same_matches_as_all_at_once(entries, sizes):
    citations = numbered(entries)
    assert in_runs(citations, sizes) == list(find_matches(citations))


@settings(max_examples=200, deadline=None)
@given(facts, facts)
def test_a_shared_number_never_parts_what_other_facts_join(one, other):
    def judged(**shared: object) -> list[Found]:
        return list(find_matches([Citation(id=n, **facts, **shared) for n, facts in enumerate((one, other), start=1)]))

    assert [f.judgement for f in judged() if f.judgement is Judgement.SAME] <= [
        f.judgement for f in judged(run=FIRST, accession=EID)
    ]
