"""Agreement on the command line: numbers in words, never a bare nan."""

import json
from pathlib import Path

import pytest

from reviewkit.store import Store
from tests.build import add_run, citation, decision, make_workspace


@pytest.fixture(autouse=True)
def _dual(workspace: Path, store: Store) -> None:
    make_workspace(workspace, reviewers=2)
    add_run(store, [citation(title=f"Title {n}") for n in range(4)])


def give(store: Store, *pairs: tuple[str, str]) -> None:
    for record, (ann, bob) in enumerate(pairs, start=1):
        store.add([decision(record, ann), decision(record, bob, by="bob")])


def test_the_table_raw_agreement_and_kappa_are_told(cli, store: Store):
    give(store, ("include", "include"), ("maybe", "exclude"), ("exclude", "exclude"))
    out = cli("agreement").out
    for text in ("ann and bob, title and abstract", "bob includes", "Raw agreement: 2 of 3 (66.7%)",
                 "Cohen's kappa: 0.40", '1 of these had a "maybe"', "before he could see the other's"):  # fmt: skip
        assert text in out
    (found,) = json.loads(cli("agreement", "--json").out)
    assert (found["decided"], found["left_only"], found["maybe"]) == (3, 1, 1)
    assert found["kappa"] == pytest.approx(0.4)


def test_an_undefined_kappa_is_explained(cli, store: Store):
    give(store, ("include", "include"), ("include", "include"))
    out = cli("agreement").out
    assert "Cohen's kappa: not defined" in out
    assert "both included every record" in " ".join(out.split())
    assert "nan" not in out
    assert json.loads(cli("agreement", "--json").out)[0]["kappa"] is None


def test_before_two_have_decided_there_is_nothing_to_compare(cli, store: Store):
    store.add([decision(1, "include"), decision(2, "include", by="bob")])
    result = cli("agreement")
    assert (result.code, "nothing to compare" in result.out) == (0, True)
    assert json.loads(cli("agreement", "--json").out) == []


def test_one_stage_can_be_asked_for(cli, store: Store):
    give(store, ("include", "include"))
    assert json.loads(cli("agreement", "--stage", "full-text", "--json").out) == []
