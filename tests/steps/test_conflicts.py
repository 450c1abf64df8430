"""Conflicts: found at their stage, settled by whom the protocol names, with a reason, and revisable."""

from pathlib import Path

import pytest

from reviewkit.errors import BadDecision
from reviewkit.model.decisions import Basis, Decision, State, Verdict
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.conflicts import find_conflicts, may_settle, settle
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision, protocol_text

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
CYD = parse_protocol(
    protocol_text(2).replace('id = "full-text"', 'id = "full-text"\nsettled_by = "Cyd"'), Path("backpain.toml")
)
TITLE, FULL = "title-abstract", "full-text"


@pytest.fixture(autouse=True)
def _two_conflicts(store: Store) -> None:
    """r1 in conflict on the title, r2 on the full text, r3 agreed, r4 waiting for a second verdict."""
    add_run(store, [citation(title=f"Title {n}") for n in (1, 2, 3, 4)])
    store.add([
        decision(1, "include"), decision(1, "exclude", by="bob", criterion="E1", note="no exosomes"),
        decision(2, "include"), decision(2, "include", by="bob"),
        decision(2, "include", stage=FULL), decision(2, "exclude", stage=FULL, by="bob", criterion="E2"),
        decision(3, "exclude"), decision(3, "exclude", by="bob"),
        decision(4, "exclude"),
    ])  # fmt: skip


def settled(store: Store, protocol: Protocol, record: int, verdict: str, by: str = "ann", **given: str) -> Decision:
    wanted = Decision(record=record, verdict=Verdict(verdict), by=by, at=AT, **{"stage": "", "note": "talked", **given})
    return settle(store, protocol, standing(store, protocol), wanted)


def test_conflicts_are_listed_by_stage_with_each_verdict(store: Store):
    found = find_conflicts(standing(store, DUAL), DUAL)
    assert [(c.record, c.stage.id) for c in found] == [(1, TITLE), (2, FULL)]
    assert [(v.by, v.criterion, v.note) for v in found[0].votes] == [("ann", "", ""), ("bob", "E1", "no exosomes")]
    assert [c.record for c in find_conflicts(standing(store, DUAL), DUAL, FULL)] == [2]


def test_a_conflict_is_settled_where_it_is_and_the_votes_stay_as_they_were(store: Store):
    title, full = settled(store, DUAL, 1, "include"), settled(store, DUAL, 2, "exclude", criterion="e2")
    assert (title.stage, title.basis, full.stage, full.criterion) == (TITLE, Basis.CONSENSUS, FULL, "E2")
    stand = standing(store, DUAL)
    assert find_conflicts(stand, DUAL) == []
    assert stand.screening.stages[FULL][2].state is State.EXCLUDED
    assert [v.verdict for v in stand.screening.stages[FULL][2].votes] == [Verdict.INCLUDE, Verdict.EXCLUDE]


def test_a_settled_conflict_can_be_settled_otherwise_later_even_from_the_next_stage(store: Store):
    settled(store, DUAL, 1, "include")
    assert settled(store, DUAL, 1, "exclude", note="read it again").stage == TITLE
    assert standing(store, DUAL).screening.stages[TITLE][1].state is State.EXCLUDED


@pytest.mark.parametrize("record", [3, 4])
def test_where_nobody_differs_there_is_nothing_to_settle(store: Store, record: int):
    with pytest.raises(BadDecision, match="no conflict to settle"):
        settled(store, DUAL, record, "include")


def test_a_settlement_says_why_and_is_clear(store: Store):
    with pytest.raises(BadDecision, match="says why"):
        settled(store, DUAL, 1, "include", note=" ")
    with pytest.raises(BadDecision, match="does not settle"):
        settled(store, DUAL, 1, "maybe")
    with pytest.raises(BadDecision, match="needs its criterion"):
        settled(store, DUAL, 2, "exclude")
    assert len(find_conflicts(standing(store, DUAL), DUAL)) == 2


def test_only_the_person_whom_the_protocol_names_settles(store: Store):
    with pytest.raises(BadDecision, match="Cyd settles conflicts here, not ann"):
        settled(store, CYD, 2, "include")
    assert settled(store, CYD, 2, "include", by="Cyd").by == "Cyd"
    assert settled(store, CYD, 1, "include").by == "ann"  # titles are settled by consensus
    assert (may_settle(CYD.stage[1], "ann"), may_settle(CYD.stage[1], "Cyd")) == (False, True)
