"""What waits for whom: queues, progress, and what a reviewer should do next."""

from pathlib import Path

import pytest

from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.screen import (
    load_exhibit,
    next_stage,
    own_votes,
    progress,
    queue,
    waiting_for_others,
    what_next,
)
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision, protocol_text

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
TITLE, FULL = "title-abstract", "full-text"


@pytest.fixture(autouse=True)
def _four_records(store: Store) -> None:
    add_run(store, [citation(title=f"Title {n}") for n in (1, 2, 3, 4)])


def after(store: Store, protocol: Protocol, *made: tuple[int, str, str, str]) -> Standing:
    """Where the review stands after decisions (record, who, verdict, stage)."""
    store.add(
        [decision(r, v, by=by, stage=stage, criterion="E1" if v == "exclude" else "") for r, by, v, stage in made]
    )
    return standing(store, protocol)


def test_everything_waits_for_everybody_at_first(store: Store):
    stand = after(store, DUAL)
    assert queue(stand, DUAL, TITLE, "ann") == queue(stand, DUAL, TITLE, "bob") == [1, 2, 3, 4]
    assert queue(stand, DUAL, FULL, "ann") == []


def test_what_one_decided_waits_for_the_other_only(store: Store):
    stand = after(store, DUAL, (1, "ann", "include", TITLE), (2, "ann", "exclude", TITLE))
    assert queue(stand, DUAL, TITLE, "ann") == [3, 4]
    assert queue(stand, DUAL, TITLE, "bob") == [1, 2, 3, 4]
    assert waiting_for_others(stand, DUAL, TITLE, "ann") == 2
    assert waiting_for_others(stand, DUAL, TITLE, "bob") == 0


def test_a_record_on_which_enough_have_voted_is_offered_to_nobody_else(store: Store):
    stand = after(store, DUAL, (1, "ann", "include", TITLE), (1, "bob", "exclude", TITLE))
    assert 1 not in queue(stand, DUAL, TITLE, "cyd")


def test_removed_records_wait_for_nobody(store: Store):
    store.add([decision(1, "exclude", stage="before-screening", note="x")])
    assert queue(standing(store, DUAL), DUAL, TITLE, "ann") == [2, 3, 4]


def test_only_records_that_reached_the_full_text_wait_there(store: Store):
    made = [(r, by, v, TITLE) for r, v in ((1, "exclude"), (2, "maybe"), (3, "include")) for by in ("ann", "bob")]
    stand = after(store, DUAL, *made, (4, "ann", "include", TITLE), (4, "bob", "exclude", TITLE))
    assert queue(stand, DUAL, FULL, "ann") == [2, 3]


def test_a_maybe_on_a_full_text_that_one_person_decides_comes_again_after_the_others(store: Store, protocol: Protocol):
    stand = after(store, protocol, *((r, "ann", "include", TITLE) for r in (1, 2, 3)), (1, "ann", "maybe", FULL))
    assert queue(stand, protocol, FULL, "ann") == [2, 3, 1]
    assert queue(stand, protocol, FULL, "bob") == [2, 3]
    count = progress(own_votes(stand, FULL, "ann"), queue(stand, protocol, FULL, "ann"))
    assert (count.done, count.maybe, count.total) == (0, 1, 3)


def test_progress_counts_a_reviewers_own_work(store: Store):
    stand = after(
        store, DUAL, (1, "ann", "maybe", TITLE), (2, "ann", "exclude", TITLE), (1, "bob", "include", TITLE),
        (3, "bob", "include", TITLE), (3, "cyd", "include", TITLE),
    )  # fmt: skip
    count = progress(own_votes(stand, TITLE, "ann"), queue(stand, DUAL, TITLE, "ann"))
    assert (count.done, count.maybe, count.total) == (2, 1, 3)  # r3 was decided by others


def test_the_stage_is_the_first_with_work(store: Store, protocol: Protocol):
    stand = after(store, protocol, *((r, "ann", "include", TITLE) for r in (1, 2, 3)))
    assert next_stage(stand, protocol, "ann").id == TITLE
    stand = after(store, protocol, (4, "ann", "exclude", TITLE))
    assert next_stage(stand, protocol, "ann").id == FULL
    stand = after(store, protocol, *((r, "ann", "exclude", FULL) for r in (1, 2, 3)))
    assert next_stage(stand, protocol, "ann") is None


def test_the_next_command_follows_what_is_open(store: Store):
    both = [(r, by, "include", TITLE) for r in (1, 2) for by in ("ann", "bob")]
    assert what_next(after(store, DUAL), DUAL, TITLE, "A B").command == ("screen", "--reviewer", "A B")
    ann = [(r, "ann", "exclude", TITLE) for r in (3, 4)]
    stand = after(store, DUAL, *both, *ann)
    assert what_next(stand, DUAL, TITLE, "ann").why == "2 records for you at full text"
    stand = after(store, DUAL, *((r, "ann", "exclude", FULL) for r in (1, 2)))
    assert what_next(stand, DUAL, TITLE, "ann").command == ("status",)  # bob has still to decide
    stand = after(store, DUAL, (1, "bob", "include", FULL), (2, "bob", "exclude", FULL))
    assert what_next(stand, DUAL, TITLE, "ann").command == ("conflicts",)


def test_an_exhibit_shows_the_record_and_every_citation_of_it(store: Store):
    from reviewkit.model.matches import PERSON, Judgement, Match

    store.add([Match(left=1, right=3, judgement=Judgement.SAME, rule=PERSON, by="ann", at="2024-05-01T10:00:00Z")])
    exhibit = load_exhibit(store, standing(store, DUAL), 1)
    assert exhibit.record.id == 1
    assert [c.title for c in exhibit.citations] == ["Title 1", "Title 3"]


def test_an_exhibit_tells_a_notice_that_several_copies_or_databases_list_once_and_with_its_place(store: Store):
    from reviewkit.model.notices import Notice, NoticeKind

    add_run(
        store, [citation(title="Title 5", types=("Retracted Publication",), related=("ErratumIn:1", "ErratumIn:2"))]
    )
    assert load_exhibit(store, standing(store, DUAL), 5).remarks == (
        "retraction", "correction (PMID 1)", "correction (PMID 2)"
    )  # fmt: skip
    listed = Notice(
        record=5, pmid="3", kind=NoticeKind.RETRACTION, reference="39", by="PubMed", at="2024-05-01T10:00:00Z"
    )
    store.add([listed])
    assert load_exhibit(store, standing(store, DUAL), 5).remarks == (
        "retraction (PMID 39)", "correction (PMID 1)", "correction (PMID 2)"
    )  # fmt: skip
