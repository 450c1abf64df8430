"""A sitting: the next record, skipping, going back, and what others do meanwhile."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from reviewkit.errors import BadDecision, NothingToUndo
from reviewkit.model.decisions import Decision, Verdict
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.decide import undo_last
from reviewkit.steps.sitting import Sitting
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision, protocol_text

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))


@pytest.fixture(autouse=True)
def _three_records(store: Store) -> None:
    add_run(store, [citation(title=f"Title {n}") for n in (1, 2, 3)])


def sit(store: Store, protocol: Protocol, stage: int = 0, reviewer: str = "ann") -> Sitting:
    return Sitting(store, protocol, protocol.stage[stage], reviewer, lambda: AT)


def shown(sitting: Sitting) -> int | None:
    exhibit = sitting.current()
    return exhibit.record.id if exhibit else None


def decide_all(sitting: Sitting, *verdicts: Verdict) -> list[int | None]:
    seen = []
    for verdict in verdicts:
        seen.append(shown(sitting))
        sitting.decide(verdict)
    return [*seen, shown(sitting)]


def test_records_come_one_after_the_other_and_each_decision_is_stored_at_once(store: Store, protocol: Protocol):
    sitting = sit(store, protocol)
    assert shown(sitting) == 1
    made = sitting.decide(Verdict.EXCLUDE, "E1", "no exosomes")
    assert store.all(Decision) == [made]
    assert (made.record, made.by, made.criterion, made.note, made.order) == (1, "ann", "E1", "no exosomes", "id")
    assert decide_all(sitting, Verdict.INCLUDE, Verdict.MAYBE) == [2, 3, None]
    assert (sitting.progress().done, sitting.progress().maybe, sitting.progress().total) == (3, 1, 3)


def test_a_new_sitting_goes_on_where_the_last_one_stopped(store: Store, protocol: Protocol):
    decide_all(sit(store, protocol), Verdict.INCLUDE)
    assert shown(sit(store, protocol)) == 2


def test_a_skipped_record_waits_for_the_next_sitting(store: Store, protocol: Protocol):
    sitting = sit(store, protocol)
    assert shown(sitting) == 1
    sitting.skip()
    assert decide_all(sitting, Verdict.INCLUDE, Verdict.INCLUDE) == [2, 3, None]
    assert sitting.left_for_later() == 1
    assert shown(sit(store, protocol)) == 1


def test_undo_shows_the_record_again_and_then_goes_on(store: Store, protocol: Protocol):
    sitting = sit(store, protocol)
    decide_all(sitting, Verdict.INCLUDE, Verdict.EXCLUDE)
    assert sitting.undo().record == 2
    assert shown(sitting) == 2
    assert sitting.undo().record == 1
    assert decide_all(sitting, Verdict.EXCLUDE, Verdict.EXCLUDE) == [1, 2, 3]
    assert sitting.progress().done == 2


def test_undo_reaches_back_into_earlier_sittings_of_this_stage_only(store: Store, protocol: Protocol):
    decide_all(sit(store, protocol), Verdict.INCLUDE)
    with pytest.raises(NothingToUndo):
        sit(store, protocol, stage=1).undo()
    later = sit(store, protocol)
    assert later.undo().record == 1
    assert shown(later) == 1


def test_an_undone_record_comes_first_even_after_it_was_skipped(store: Store, protocol: Protocol):
    sitting = sit(store, protocol)
    decide_all(sitting, Verdict.INCLUDE)
    sitting.skip()
    assert shown(sitting) == 3
    sitting.undo()
    assert shown(sitting) == 1


def test_a_refused_decision_changes_nothing(store: Store, protocol: Protocol):
    sitting = sit(store, protocol)
    sitting.current()
    with pytest.raises(BadDecision):
        sitting.decide(Verdict.ONGOING)
    assert shown(sitting) == 1
    assert store.count(Decision) == 0


def test_a_maybe_on_the_full_text_is_put_off_once_and_shown_in_the_next_sitting(store: Store, protocol: Protocol):
    store.add([decision(r, "include") for r in (1, 2)])
    sitting = sit(store, protocol, stage=1)
    assert decide_all(sitting, Verdict.MAYBE, Verdict.INCLUDE) == [1, 2, None]
    assert sitting.left_for_later() == 1
    again = sit(store, protocol, stage=1)
    assert decide_all(again, Verdict.INCLUDE) == [1, None]
    assert again.progress().done == 2


def test_what_others_do_meanwhile_is_taken_in(store: Store):
    sitting = sit(store, DUAL)
    assert shown(sitting) == 1
    store.add([decision(2, "include", by=by) for by in ("bob", "cyd")])
    store.add([Match(left=1, right=3, judgement=Judgement.SAME, rule=PERSON, by="bob", at=AT)])
    sitting.decide(Verdict.INCLUDE)
    assert shown(sitting) is None  # r2 has its two verdicts, r3 became part of r1


def test_what_a_sitting_knows_is_what_the_rows_say_whatever_others_do(store: Store):
    add_run(store, [citation(title=f"More {n}") for n in range(4, 13)])
    store.add([Match(left=2, right=7, judgement=Judgement.SAME, rule=PERSON, by="bob", at=AT)])
    sitting, random = sit(store, DUAL), Random(7)
    for _ in range(80):
        held = shown(sitting)
        by, record = random.choice(("bob", "cyd")), random.randrange(1, 13)
        act = random.choice(("vote", "vote", "full text", "remove", "undo", "undo", "own"))
        if act == "own" and held:
            held = None
            sitting.decide(random.choice((Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE)))
        elif act == "undo":
            with suppress(NothingToUndo):
                undo_last(store, random.choice(("ann", "bob", "cyd")), AT)
        elif act == "remove":
            store.add([decision(record, "exclude", by, "before-screening", note="a thesis")])
        else:
            stage = "full-text" if act == "full text" else "title-abstract"
            store.add([decision(record, random.choice(("include", "include", "exclude")), by, stage)])
        fresh, now = sit(store, DUAL), sitting.standing()
        assert now.screening == fresh.standing().screening
        assert [list(outcomes) for outcomes in now.screening.stages.values()] == [
            list(outcomes) for outcomes in fresh.standing().screening.stages.values()
        ]
        assert sitting.progress() == fresh.progress()
        assert sitting.left_for_later() or shown(sitting) in (held, shown(fresh))
    assert store.count(Decision) > 40


def test_a_record_that_is_being_read_stays_until_it_is_decided_whatever_others_do(store: Store):
    store.add([decision(1, "include", by=by) for by in ("bob", "cyd")])
    sitting = sit(store, DUAL)
    assert shown(sitting) == 2
    undo_last(store, "bob", AT)  # r1 waits again, and comes before r2
    assert shown(sitting) == 2
    assert sitting.decide(Verdict.INCLUDE).record == 2
    assert shown(sitting) == 1


def test_a_record_that_nobody_was_shown_cannot_be_decided_by_going_back_too_far(store: Store, protocol: Protocol):
    with pytest.raises(NothingToUndo, match="title and abstract"):
        sit(store, protocol).undo()
    assert store.count(Decision) == 0


def test_undo_of_a_verdict_makes_the_record_wait_again_for_a_second_one(store: Store):
    store.add([decision(1, "exclude", by="bob")])
    sitting = sit(store, DUAL)
    decide_all(sitting, Verdict.INCLUDE)
    sitting.undo()
    assert shown(sitting) == 1
    assert sitting.decide(Verdict.EXCLUDE, "E1").criterion == "E1"
