"""The orders in which records come up: plain ones, and the one that is learned in another process while people read."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision, Verdict
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Order, Protocol
from reviewkit.steps.ranker import Ranker
from reviewkit.steps.sitting import Sitting
from reviewkit.store import Store
from reviewkit.workspace import find_workspace
from tests.build import AT, add_run, citation, decision
from tests.ranked import invented, is_wanted, relevance_protocol

COUNT = 100
RELEVANT = {record for record in range(1, COUNT + 1) if is_wanted(record)}
ONE, TWO = relevance_protocol(1), relevance_protocol(2)
PATIENCE = 60.0  # seconds until a test gives up; nothing waits this long when all is well


def wait_until(there: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < until
        time.sleep(0.01)


def learned(ranker: Ranker, decisions: int) -> Callable[[], bool]:
    return lambda: (order := ranker.newest()) is not None and order.learned == decisions


@contextmanager
def sit(
    store: Store, protocol: Protocol = ONE, reviewer: str = "ann", order: Order | None = None
) -> Iterator[tuple[Sitting, Ranker]]:
    with closing(Ranker(find_workspace(Path.cwd()).choose(None), protocol)) as ranker:
        yield Sitting(store, protocol, protocol.stage[0], reviewer, lambda: AT, order, ranker), ranker


def shown(sitting: Sitting) -> int | None:
    exhibit = sitting.current()
    return exhibit.record.id if exhibit else None


def decide(sitting: Sitting) -> Decision:
    record = shown(sitting)
    assert record
    return sitting.decide(Verdict.INCLUDE if is_wanted(record) else Verdict.EXCLUDE)


def all_shown(store: Store, order: Order, reviewer: str = "ann", protocol: Protocol = ONE) -> list[int]:
    """The order in which a reviewer who skips everything is shown the records."""
    seen = []
    with sit(store, protocol, reviewer, order) as (sitting, _):
        while record := shown(sitting):
            seen.append(record)
            assert sitting.order == order
            sitting.skip()
    return seen


# --- plain orders ------------------------------------------------------------------------------------------------


def test_the_newest_come_first_those_without_a_year_last_and_of_one_year_by_id(store: Store):
    add_run(store, [citation(title=f"T{n}", year=year) for n, year in enumerate((2001, None, 2020, 2001, 2024))])
    store.add([Match(left=1, right=5, judgement=Judgement.SAME, rule=PERSON, by="ann", at=AT)])
    assert all_shown(store, Order.NEWEST) == [1, 3, 4, 2]  # r1 is the same as r5, of 2024


def test_databases_come_in_the_order_of_the_protocol_and_others_after_them(store: Store):
    add_run(store, [citation(title="A"), citation(title="B")], database="scopus")
    add_run(store, [citation(title="C")], database="embase")
    add_run(store, [citation(title="D"), citation(title="E")], database="pubmed")
    assert all_shown(store, Order.DATABASE) == [4, 5, 1, 2, 3]


def test_the_random_order_is_each_reviewers_own_and_stays_when_records_come_and_go(store: Store):
    add_run(store, invented(40))
    anns, bobs = all_shown(store, Order.RANDOM), all_shown(store, Order.RANDOM, "bob")
    assert sorted(anns) == sorted(bobs) == list(range(1, 41))
    assert anns != bobs
    assert anns != sorted(anns)
    assert all_shown(store, Order.RANDOM) == anns
    add_run(store, invented(5), database="scopus")
    store.add([decision(anns[0], "include")])
    assert [record for record in all_shown(store, Order.RANDOM) if record <= 40] == anns[1:]


def test_without_a_process_to_learn_in_relevance_is_the_order_of_ids(store: Store):
    add_run(store, invented(30))
    sitting = Sitting(store, ONE, ONE.stage[0], "ann", lambda: AT)
    assert shown(sitting) == 1
    assert sitting.decide(Verdict.EXCLUDE).order == "id"


# --- relevance -----------------------------------------------------------------------------------------------------


def test_the_first_record_is_there_at_once_and_the_order_takes_over_between_two_records(store: Store):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        assert (shown(sitting), sitting.order, sitting.why()) == (1, "id", None)
        wait_until(ranker.newest)
        assert shown(sitting) == 1  # it is being read
        assert decide(sitting).order == "id"
        found, names = [], []
        for number in range(len(RELEVANT)):
            wait_until(learned(ranker, number + 1))
            record = shown(sitting)
            why = sitting.why()
            assert why is not None
            assert why.record == record
            found.append(record)
            names.append(decide(sitting).order)
    assert set(found) == RELEVANT
    assert names == [f"relevance:{number + 1}" for number in range(len(RELEVANT))]
    assert [row.order for row in store.all(Decision)] == ["id", *names]


def test_the_next_sitting_begins_with_the_order_that_there_was(store: Store):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        for number in range(4):
            wait_until(learned(ranker, number))
            decide(sitting)
        wait_until(learned(ranker, 4))
        expected, order = shown(sitting), sitting.order
    assert order == "relevance:4"
    with sit(store) as (sitting, _):
        assert (shown(sitting), sitting.order) == (expected, order)  # at once, before anything can have been learned
    with sit(store, reviewer="bob") as (sitting, _):  # who begins with the protocol's words
        assert sitting.order == ""
        assert shown(sitting) in RELEVANT
        assert sitting.order == "relevance:0"


def test_an_order_of_other_records_or_another_question_is_not_believed(store: Store, workspace: Path):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        wait_until(learned(ranker, 0))
    other = replace(ONE, title="Teeth")
    with sit(store, other) as (sitting, _):
        shown(sitting)
        assert sitting.order == "id"
    (kept,) = (workspace / ".cache").glob("*-order-first.json")
    for path in (workspace / ".cache").glob("*-order-*.json"):
        path.write_bytes(b'{"of": [')
    with sit(store) as (sitting, ranker):
        assert (shown(sitting), sitting.order) == (1, "id")
        wait_until(learned(ranker, 0))
    assert kept.read_bytes() != b'{"of": ['
    add_run(store, invented(5), database="scopus")
    with sit(store) as (sitting, _):
        shown(sitting)
        assert sitting.order == "id"


def test_undo_skip_and_others_decisions_are_learned_too(store: Store):
    add_run(store, invented(COUNT))
    with sit(store, TWO) as (sitting, ranker):
        shown(sitting)
        decide(sitting)
        wait_until(learned(ranker, 1))
        sitting.undo()
        wait_until(learned(ranker, 0))
        assert shown(sitting) == 1
        sitting.skip()
        assert shown(sitting) in RELEVANT
        store.add([decision(r, "exclude", by) for r in (2, 3) for by in ("bob", "cyd")])
        shown(sitting)
        wait_until(learned(ranker, 2))
        store.add([decision(r, "exclude", "bob") for r in (4, 5, 6)])  # pending: none of ann's business
        decide(sitting)
        wait_until(learned(ranker, 3))


def test_records_that_are_joined_or_come_meanwhile_find_their_place(store: Store):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        wait_until(learned(ranker, 0))
        store.add([Match(left=20, right=40, judgement=Judgement.SAME, rule=PERSON, by="bob", at=AT)])
        add_run(store, [citation(title="Exosomes for back pain in disc vesicles", abstract="")], database="scopus")
        decide(sitting)
        wait_until(lambda: (order := ranker.newest()) is not None and COUNT + 1 in order.ids)
        order = ranker.newest()
        assert order
        assert 40 not in order.ids
        seen = set()
        for _ in range(len(RELEVANT)):
            seen.add(shown(sitting))
            decide(sitting)
            done = sitting.progress().done
            wait_until(learned(ranker, done))
        assert seen == RELEVANT - {40} | {COUNT + 1}


def test_when_the_other_process_is_gone_screening_goes_on_and_says_so(store: Store):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        wait_until(learned(ranker, 0))
        decide(sitting)
        process = ranker._process
        assert process
        process.kill()
        wait_until(lambda: ranker.failure)
        for _ in range(10):
            assert decide(sitting).n
        assert sitting.why() is None
        assert "can no longer be learned" in sitting.no_why()
    assert store.count(Decision) == 11


def test_the_other_process_ends_with_this_one(store: Store):
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        process = ranker._process
        assert process
        assert process.stdin
        process.stdin.close()  # what a killed program leaves behind
        assert process.wait(PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_cache_that_cannot_be_written_hinders_nobody(store: Store, workspace: Path):
    (workspace / ".cache").write_text("in the way")
    add_run(store, invented(COUNT))
    with sit(store) as (sitting, ranker):
        shown(sitting)
        wait_until(learned(ranker, 0))
        decide(sitting)
        assert shown(sitting) in RELEVANT


def test_a_record_drawn_at_random_says_so_and_not_the_order(store: Store):
    from reviewkit.model.stops import Sample

    add_run(store, invented(COUNT))
    store.add([Sample(by="ann", at=AT, stage="title-abstract", seed=1, through=COUNT, decided=0, waiting=COUNT,
                      records=(33, 7))])  # fmt: skip
    with sit(store) as (sitting, _):
        assert [decide(sitting).order, decide(sitting).order] == ["sample", "sample"]
    assert [row.record for row in store.all(Decision)] == [33, 7]
