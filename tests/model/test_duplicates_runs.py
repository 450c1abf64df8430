"""Finding duplicates run by run: the same as all at once, in any order of two, and nothing is judged twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import Found, find_matches, matching
from reviewkit.model.duplicates.blocking import BLOCK
from reviewkit.model.matches import Judgement
from tests.build import citation
from tests.model.test_duplicates import BARE, LONG, TEXT, no_ids, said

facts = st.fixed_dictionaries(
    {
        "title": st.sampled_from(
            [LONG, LONG[:55], LONG + ": part II", "Editorial", "Erratum: " + LONG, "", LONG.replace("lumbar", "lumber")]
        ),
        "authors": st.sampled_from([(), ("Doe J",), ("Doe, Jane", "Roe R"), ("Zhukov P",), ("Roe R", "Zhukov P")]),
        "year": st.sampled_from([None, 2019, 2020, 2021]),
        "journal": st.sampled_from(["", "Spine", "Eur Spine J", "ClinicalTrials.gov", "medRxiv"]),
        "types": st.sampled_from([(), (), ("Conference Abstract",)]),
        "abstract": st.sampled_from(["", TEXT]),
        "volume": st.sampled_from(["", "12", "29"]),
        "issue": st.sampled_from(["", "3"]),
        "pages": st.sampled_from(["", "45-52", "45", "S7"]),
        "doi": st.sampled_from(["", "", "10.1000/abc", "10.1000/other"]),
        "pmid": st.sampled_from(["", "", "31234567"]),
        "registrations": st.sampled_from([(), (), ("NCT01234567",)]),
    }
)


def numbered(entries: list[dict[str, object]]) -> list[Citation]:
    return [Citation(id=n, **entry) for n, entry in enumerate(entries, start=1)]


def in_runs(citations: list[Citation], sizes: list[int]) -> list[Found]:
    """Find matches run by run, each time against everything known."""
    found: list[Found] = []
    before = end = 0
    for size in [*sizes, len(citations)]:
        end = min(end + size, len(citations))
        found += find_matches(citations[:end], {(f.left, f.right): f.judgement for f in found}, before)
        before = end
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(facts, max_size=12), st.lists(st.integers(1, 5), max_size=4))
def test_run_by_run_gives_the_same_matches_as_all_at_once(entries, sizes):
    citations = numbered(entries)
    assert in_runs(citations, sizes) == list(find_matches(citations))


@settings(max_examples=100, deadline=None)
@given(st.lists(facts, max_size=10))
def test_a_second_run_finds_nothing_and_no_pair_is_judged_twice(entries):
    citations = numbered(entries)
    found = list(find_matches(citations))
    pairs = [(f.left, f.right) for f in found]
    assert len(set(pairs)) == len(pairs)
    assert all(left < right for left, right in pairs)
    assert all(f.evidence and f.rule for f in found)
    assert list(find_matches(citations, {(f.left, f.right): f.judgement for f in found})) == []


@settings(max_examples=200, deadline=None)
@given(facts, facts)
def test_which_of_two_comes_first_makes_no_difference(one, other):
    said(one, other)


def test_how_many_pairs_are_compared_at_once_makes_no_difference(monkeypatch: pytest.MonkeyPatch):
    titles = [LONG, LONG.replace("disc", "spine"), LONG[:50], "Editorial"]
    entries = [{"title": titles[n % 4], "authors": ("Doe J",), "year": 2000 + n % 3, "volume": "1"} for n in range(40)]
    at_once = list(find_matches(numbered(entries)))
    monkeypatch.setattr(matching, "_CHUNK", 3)
    assert list(find_matches(numbered(entries))) == at_once != []


def test_old_pairs_are_not_judged_again_but_what_was_said_of_them_counts():
    abstract = no_ids(journal="Eur Spine J", volume="29", pages="S7", issue="1")
    sparse = {**BARE, "authors": ("Doe J",), "year": 2020}
    old = [citation(id=1, **abstract), citation(id=2, **sparse), citation(id=3, **no_ids())]
    assert [(f.left, f.right) for f in find_matches(old[:2], compared=2)] == []
    assert [(f.left, f.right, f.judgement.value) for f in find_matches(old, {(1, 2): Judgement.SAME}, compared=2)] == [
        (2, 3, "unsure")  # 1 and 2 are one, and 3 is not 1
    ]
    assert ("same", "title-year-author") in {
        (f.judgement.value, f.rule) for f in find_matches(old, {(1, 2): Judgement.UNSURE}, compared=2)
    }


def test_a_great_many_entries_with_one_title_are_compared_with_few_and_run_by_run_gives_the_same():
    entries = [{"title": LONG, "year": 1900 + n % 100, "pages": str(n + 1)} for n in range(3 * BLOCK)]
    citations = numbered(entries)
    at_once = list(find_matches(citations))
    assert 0 < len(at_once) <= len(citations) * BLOCK * 2
    assert in_runs(citations, [BLOCK // 2, BLOCK]) == at_once
