"""Listing and settling conflicts from the command line."""

import json
from pathlib import Path

import pytest

from reviewkit.model.decisions import Basis, Decision
from reviewkit.store import Store
from tests.build import add_run, citation, decision, make_workspace, protocol_text
from tests.cli.terminal import Terminal


@pytest.fixture(autouse=True)
def _conflict(workspace: Path, store: Store) -> None:
    make_workspace(workspace, reviewers=2)
    add_run(store, [citation(title="\x1b[2JTitle [b]1[/b]"), citation(title="Title 2")])
    store.add([decision(1, "include"), decision(1, "exclude", by="bob", criterion="E2", note="hip, not back")])


def test_conflicts_are_listed_with_every_verdict_and_the_next_command(cli):
    out = cli("conflicts").out
    for text in ("Conflicts at title and abstract", "r1", "Title [b]1[/b]", "ann", "included", "bob", "excluded, E2",
                 "reviewkit conflicts settle"):  # fmt: skip
        assert text in out
    assert "\x1b[2J" not in out


def test_conflicts_as_json(cli):
    (found,) = json.loads(cli("conflicts", "--json").out)
    assert (found["record"], found["stage"], found["settled_by"]) == ("r1", "title-abstract", "consensus")
    assert [(v["reviewer"], v["verdict"], v["criterion"], v["note"]) for v in found["verdicts"]] == [
        ("ann", "include", "", ""),
        ("bob", "exclude", "E2", "hip, not back"),
    ]
    assert json.loads(cli("conflicts", "--json", "--stage", "full-text").out) == []


def test_a_conflict_is_settled_and_settled_otherwise(cli):
    words = ("conflicts", "settle", "r1", "exclude", "--criterion", "E2", "--reviewer", "ann")
    result = cli(*words)
    assert (result.code, "says why" in result.err) == (1, True)
    assert (
        cli(*words, "--note", "hip").out == "r1 at title and abstract: excluded, E2 Back pain not targeted, settled.\n"
    )
    assert "There is no conflict to settle." in cli("conflicts").out
    assert "included, settled" in cli("conflicts", "settle", "r1", "include", "--reviewer", "bob", "--note", "both").out


def test_review_and_stage_count_before_the_word_settle_too(cli, workspace: Path):
    make_workspace(workspace, reviewers=2, review="neckpain")
    words = ("settle", "r1", "exclude", "--criterion", "E2", "--note", "hip", "--reviewer", "ann")
    early = cli("conflicts", "--review", "backpain", "--stage", "full-text", *words)
    assert "has not reached this stage" in early.err
    settled = cli("conflicts", "--review", "backpain", *words)
    assert settled.out.startswith("r1 at title and abstract: excluded, E2")
    assert cli("conflicts", "--json", "settle").code == 2


def test_what_is_no_conflict_is_not_settled(cli):
    result = cli("conflicts", "settle", "r2", "include", "--reviewer", "ann", "--note", "x")
    assert (result.code, "no conflict to settle; it is pending" in result.err) == (1, True)
    assert cli("conflicts", "settle", "r1", "--reviewer", "ann").code == 2
    assert cli("conflicts", "settle", "r1", "maybe", "--reviewer", "ann").code == 2


def test_settling_without_a_record_asks_and_needs_a_terminal(cli):
    result = cli("conflicts", "settle", "--reviewer", "ann")
    assert (result.code, "needs a terminal" in result.err) == (1, True)


def test_where_the_protocol_names_a_person_only_that_person_settles(cli, workspace: Path):
    text = protocol_text(2).replace('id = "title-abstract"', 'id = "title-abstract"\nsettled_by = "Cyd"')
    (workspace / "protocols" / "backpain.toml").write_text(text)
    assert "By the protocol Cyd settles the conflicts at title and abstract." in cli("conflicts").out
    result = cli("conflicts", "settle", "r1", "include", "--reviewer", "ann", "--note", "x")
    assert (result.code, "Cyd settles conflicts here, not ann" in result.err) == (1, True)
    assert cli("conflicts", "settle", "r1", "include", "--reviewer", "cyd", "--note", "x").code == 0
    with Terminal(workspace, "conflicts", "settle", "--reviewer", "ann") as ann:
        assert "There is no conflict to settle." in ann.until_end()


def test_a_person_who_may_not_settle_is_told_who_may(workspace: Path):
    text = protocol_text(2).replace('id = "title-abstract"', 'id = "title-abstract"\nsettled_by = "Cyd"')
    (workspace / "protocols" / "backpain.toml").write_text(text)
    with Terminal(workspace, "conflicts", "settle", "--reviewer", "ann") as ann:
        assert "settled by Cyd, not by ann: 1 open" in ann.until_end()


def test_skipping_and_quitting_settle_nothing(workspace: Path):
    with Terminal(workspace, "conflicts", "settle", "--reviewer", "ann") as ann:
        ann.see("r1   0 settled, 1 open", "q quit")
        ann.press("\r", "r1   0 settled, 1 open", "q quit")
        ann.press("m", "r1   0 settled, 1 open", "q quit")
        ann.child.send("s")
        said = ann.until_end()
    assert "Conflicts settled: 0; still open: 1." in said
    assert "Next: reviewkit conflicts" in said


def test_settling_is_taken_back_with_a_key_and_other_keys_settle_nothing(workspace: Path, store: Store):
    store.add([decision(2, "include"), decision(2, "exclude", by="bob", criterion="E2")])
    with Terminal(workspace, "conflicts", "settle", "--reviewer", "ann") as ann:
        ann.see("r1   0 settled, 2 open", "u undo")
        ann.press("u", "r1   0 settled, 2 open", "You have settled no conflict that could be taken back.")
        ann.press("z", "r1   0 settled, 2 open", "That key settles nothing.")
        ann.press("i", "Why?")
        ann.press("we talked\r", "r2   1 settled, 1 open", "r1 settled: included. u takes it back.")
        ann.press("u", "r1   0 settled, 2 open", "Taken back: r1 included.")
        ann.child.send("q")
        ann.until_end()
    assert [(d.record, bool(d.undoes)) for d in store.all(Decision) if d.basis == Basis.CONSENSUS] == [
        (1, False), (1, True),
    ]  # fmt: skip


def test_a_conflict_that_someone_else_settles_meanwhile_is_not_settled_again(cli, workspace: Path, store: Store):
    store.add([decision(2, "include"), decision(2, "exclude", by="bob", criterion="E2")])
    with Terminal(workspace, "conflicts", "settle", "--reviewer", "ann") as ann:
        ann.see("r1   0 settled, 2 open")
        ann.press("i", "Why?")
        cli("conflicts", "settle", "r1", "exclude", "--criterion", "E1", "--note", "mine", "--reviewer", "bob")
        ann.press("yours\r", "r2   0 settled, 1 open", "meanwhile: nothing was written.")
        ann.child.send("q")
        ann.until_end()
    settled = [d for d in store.all(Decision) if d.basis == Basis.CONSENSUS]
    assert [(d.by, d.criterion) for d in settled] == [("bob", "E1")]
