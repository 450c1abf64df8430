"""A new search run is matched with all that is there, without judging old pairs again, and nothing is missed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.matches import Judgement, Match, records
from reviewkit.model.runs import SearchRun
from reviewkit.steps.compared import compared, note_compared
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.judge import judge
from reviewkit.store import Store, open_store
from tests.build import AT, add_run, citation
from tests.steps.copies import CITATIONS

LATER = "2024-05-02T10:00:00Z"
COPY = {"doi": "10.1/a"}


def clusters(store: Store) -> list[tuple[int, ...]]:
    return list(records(store.citation_runs(), store.all(Match)).members.values())


def read(store: Store) -> int:
    """Run deduplication; return how many citations it read."""
    seen: list[int] = []
    deduplicate(store, LATER, seen.append)
    return len(seen)


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(CITATIONS),
    st.lists(st.integers(1, len(CITATIONS) - 1), max_size=4, unique=True).map(sorted),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_runs_in_any_order_give_what_all_at_once_gives(
    citations: Sequence[Citation], cuts: list[int], run_rules_after: list[bool]
):
    bit_by_bit, at_once = open_store("sqlite://", "bits"), open_store("sqlite://", "once")
    parts = [citations[a:b] for a, b in zip([0, *cuts], [*cuts, len(citations)], strict=True)]
    for number, (part, at_this_point) in enumerate(zip(parts, run_rules_after, strict=False)):
        add_run(bit_by_bit, part, date=f"2024-01-0{number + 1}")
        add_run(at_once, part, date=f"2024-01-0{number + 1}")
        if at_this_point:
            deduplicate(bit_by_bit, AT)
    deduplicate(bit_by_bit, AT)
    deduplicate(at_once, AT)
    assert bit_by_bit.all(Match) == at_once.all(Match)
    assert clusters(bit_by_bit) == clusters(at_once)
    bit_by_bit.close()
    at_once.close()


def test_where_nothing_is_new_no_citation_is_read(store: Store):
    assert read(store) == 0
    add_run(store, CITATIONS)
    assert read(store) == len(CITATIONS)
    assert read(store) == 0
    add_run(store, [citation(title="Knees")], database="scopus")
    assert read(store) == len(CITATIONS) + 1


def test_pairs_that_were_compared_are_not_judged_again(store: Store):
    add_run(store, [citation(**COPY), citation(**COPY)])
    note_compared(store, store.runs())
    deduplicate(store, AT)
    assert store.all(Match) == []
    add_run(store, [citation(**COPY)], database="scopus")
    deduplicate(store, AT)
    assert {match.pair for match in store.all(Match)} == {(1, 3), (2, 3)}


def test_what_is_kept_for_speed_can_be_lost_at_any_time(store: Store):
    add_run(store, CITATIONS)
    deduplicate(store, AT)
    kept, matches = store.marks(), store.all(Match)
    assert len(kept) == 1
    for name in kept:
        store.mark(name, 0)  # as after a restore, or a kill before it was written
    assert read(store) == len(CITATIONS)
    assert store.all(Match) == matches
    assert store.marks() == kept


def test_other_rules_compare_everything_and_leave_what_was_said_before(store: Store):
    add_run(store, [citation(**COPY), citation(**COPY), citation(**COPY)])
    said = {"judgement": Judgement.UNSURE, "rule": "same-title", "by": "reviewkit", "at": AT}
    store.add([Match(left=1, right=2, **said)])
    store.mark("compared 0123456789abcdef0123456789abcdef", 3)  # by rules that are no more
    assert compared(store, store.runs()) == 0
    deduplicate(store, LATER)
    assert next((m.pair, m.judgement) for m in store.all(Match)) == ((1, 2), Judgement.UNSURE)
    assert {match.pair for match in store.all(Match)} == {(1, 2), (1, 3), (2, 3)}


def test_a_run_that_comes_late_between_others_is_compared_with_what_follows_it(store: Store):
    def run(first: int, *citations: Citation) -> None:
        made = SearchRun(id=f"2024-01-{first:02}-pubmed", database="pubmed", date="2024-01-01", started=AT,
                         finished=AT, reported=2, retrieved=len(citations), first=first)  # fmt: skip
        store.add_run(made, [replace(c, id=first + n, run=made.id) for n, c in enumerate(citations)])

    run(1, citation(title="Knees and hips of the aged"), citation(title="Hips and knees in the young"))
    deduplicate(store, AT)
    run(5, citation(**COPY), citation(title="Hips and knees in the young", authors=("Poe E",)))
    deduplicate(store, AT)
    assert compared(store, store.runs()) == 6
    assert (3, 5) not in {match.pair for match in store.all(Match)}
    run(3, citation(**COPY), citation(title="Knees and hips of the aged"))
    assert compared(store, store.runs()) == 2
    deduplicate(store, LATER)
    assert {(3, 5), (1, 4)} <= {match.pair for match in store.all(Match)}
    assert compared(store, store.runs()) == 6


def test_the_word_of_a_person_is_no_reason_to_compare_again(store: Store):
    add_run(store, [citation(**COPY), citation(**COPY), citation(title="Knees")])
    deduplicate(store, AT)
    judge(store, 1, 3, Judgement.SAME, "ann", AT)
    assert read(store) == 0
    assert clusters(store) == [(1, 2, 3)]


@pytest.mark.postgres
def test_marks_are_kept_on_a_server_too(postgres_url: str):
    store = open_store(postgres_url, "backpain")
    add_run(store, CITATIONS)
    assert [read(store), read(store)] == [len(CITATIONS), 0]
    store.close()
