"""Agreement: the two-by-two table, raw agreement and kappa, and what is said where kappa misleads."""

from pathlib import Path

import pytest

from reviewkit.model.decisions import Basis
from reviewkit.protocol import parse_protocol
from reviewkit.steps.agreement import Agreement, agreement
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision, protocol_text

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
TRIPLE = parse_protocol(protocol_text(3), Path("backpain.toml"))
TITLE, FULL = "title-abstract", "full-text"


def given(store: Store, pairs: list[tuple[str, str]], stage: str = TITLE) -> None:
    """Verdicts of ann and bob on records 1, 2, 3 ..."""
    if not store.runs():
        add_run(store, [citation(title=f"Title {n}") for n, _ in enumerate(pairs)])
    for record, pair in enumerate(pairs, start=1):
        for by, verdict in zip(("ann", "bob"), pair, strict=True):
            criterion = "E1" if verdict == "exclude" else ""
            store.add([decision(record, verdict, by=by, stage=stage, criterion=criterion)])


def only(store: Store) -> Agreement:
    (found,) = agreement(store, DUAL, standing(store, DUAL))
    return found


def test_the_table_and_kappa_are_those_of_the_textbook(store: Store):
    # Cohen 1960's example as told by Wikipedia: 20, 5, 10, 15 of 50; raw 0.70, kappa 0.40
    given(store, [("include", "include")] * 20 + [("include", "exclude")] * 5
          + [("exclude", "include")] * 10 + [("exclude", "exclude")] * 15)  # fmt: skip
    found = only(store)
    assert (found.left, found.right, found.stage, found.decided) == ("ann", "bob", TITLE, 50)
    assert (found.both_include, found.left_only, found.right_only, found.both_exclude) == (20, 5, 10, 15)
    assert found.raw == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.note == ""


def test_a_maybe_on_the_title_is_read_as_an_inclusion_and_counted(store: Store):
    given(store, [("maybe", "include"), ("maybe", "exclude"), ("exclude", "exclude")])
    found = only(store)
    assert (found.both_include, found.left_only, found.both_exclude, found.maybe) == (1, 1, 1, 2)


def test_records_that_wait_for_a_verdict_are_not_compared(store: Store):
    add_run(store, [citation(title=f"Title {n}") for n in range(3)])
    store.add([decision(1, "include"), decision(2, "include"), decision(2, "exclude", by="bob")])
    assert only(store).decided == 1
    assert agreement(store, TRIPLE, standing(store, TRIPLE)) == []


def test_what_was_decided_in_another_program_invents_no_votes(store: Store):
    given(store, [("include", "include"), ("exclude", "include")])
    add_run(store, [citation(title="There")], database="scopus")
    store.add([decision(3, "include", by="Covidence", basis=Basis.ELSEWHERE)])
    found = only(store)
    assert (found.left, found.right, found.decided) == ("ann", "bob", 2)


def test_every_two_of_several_reviewers_are_compared(store: Store):
    add_run(store, [citation()])
    store.add([decision(1, "include"), decision(1, "exclude", by="bob"), decision(1, "include", by="cyd")])
    found = agreement(store, TRIPLE, standing(store, TRIPLE))
    assert [(one.left, one.right, one.raw) for one in found] == [
        ("ann", "bob", 0.0), ("ann", "cyd", 1.0), ("bob", "cyd", 0.0),
    ]  # fmt: skip


def test_neither_a_change_of_mind_nor_a_consensus_makes_agreement_better(store: Store):
    given(store, [("include", "exclude"), ("include", "include"), ("exclude", "include")])
    before = only(store)
    store.add([decision(1, "include", by="bob"), decision(3, "include", basis=Basis.CONSENSUS, note="talked")])
    assert only(store) == before


def test_a_slip_that_was_undone_does_not_count(store: Store):
    given(store, [("include", "exclude"), ("exclude", "exclude")])
    slip = next(d for d in store.all(type(decision(1, "include"))) if d.by == "bob" and d.record == 1)
    store.add([decision(1, "exclude", by="bob", undoes=slip.n)])
    store.add([decision(1, "include", by="bob")])
    assert (only(store).both_include, only(store).left_only) == (1, 0)


def test_verdicts_on_full_texts_that_neither_include_nor_exclude_are_left_out_and_counted(store: Store):
    given(store, [("include", "include")] * 4)
    given(store, [("include", "include"), ("exclude", "include"), ("ongoing", "ongoing"), ("maybe", "include")], FULL)
    found = agreement(store, DUAL, standing(store, DUAL), FULL)[0]
    assert (found.decided, found.left_out, found.maybe) == (2, 2, 0)


@pytest.mark.parametrize("verdict", ["include", "exclude"])
def test_where_both_always_say_the_same_kappa_is_not_defined_and_that_is_explained(store: Store, verdict: str):
    given(store, [(verdict, verdict)] * 3)
    found = only(store)
    assert (found.raw, found.kappa) == (1.0, None)
    assert f"both {verdict}d every record" in found.note


def test_where_no_verdict_is_clear_nothing_is_computed(store: Store):
    given(store, [("include", "include")])
    given(store, [("ongoing", "awaiting")], FULL)
    found = agreement(store, DUAL, standing(store, DUAL), FULL)[0]
    assert (found.raw, found.kappa, found.left_out) == (None, None, 1)
    assert "not defined" in found.note


def test_rare_inclusions_are_pointed_out(store: Store):
    given(store, [("exclude", "exclude")] * 38 + [("include", "exclude"), ("exclude", "include")])
    found = only(store)
    assert found.raw == pytest.approx(0.95)
    assert found.kappa is not None and found.kappa < 0
    assert "inclusions are rare" in found.note


def test_somebody_who_gave_one_verdict_only_makes_kappa_zero_and_that_is_said(store: Store):
    given(store, [("include", "include"), ("include", "exclude"), ("include", "include")])
    found = only(store)
    assert found.kappa == 0
    assert "ann included every record" in found.note
