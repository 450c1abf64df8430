"""Screening in a real terminal."""

from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision, State
from reviewkit.protocol import load_protocol
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision, make_workspace
from tests.cli.terminal import Terminal

ENTER, CTRL_C, CTRL_Z, DOWN, PAGE_DOWN = "\r", "\x03", "\x1a", "\x1b[B", "\x1b[6~"


def verdicts(store: Store) -> list[tuple[int, str, str, str]]:
    return [(d.record, d.by, d.verdict.value, d.criterion) for d in store.all(Decision) if not d.undoes]


@pytest.fixture
def dual(workspace: Path) -> Path:
    """The workspace with two reviewers at every stage."""
    return make_workspace(workspace, reviewers=2)


def fill(store: Store, count: int = 3) -> None:
    add_run(store, [citation(title=f"Exosomes in trial {n}", abstract="Of mice.") for n in range(1, count + 1)])


def screen(folder: Path, reviewer: str = "ann", *more: str, **size: int) -> Terminal:
    return Terminal(folder, "screen", "--reviewer", reviewer, *more, **size)


def test_two_reviewers_screen_with_one_key_a_decision_and_settle_a_conflict(dual: Path, store: Store):
    fill(store)
    with screen(dual) as ann:
        first = ann.see("r1   0 of 3 decided", "Exosomes in trial 1", "q quit")
        assert "E1 No exosomes" in first
        assert "E2 Back pain not targeted" in first
        ann.press("x", "r2   1 of 3 decided", "r1 excluded. u takes it back.")
        ann.press("1", "r3   2 of 3", "r2 excluded, E1 No exosomes")
        ann.press("u", "r2   1 of 3", "Taken back: r2 excluded")
        ann.press("m", "r3   2 of 3 decided, 1 maybe")
        ann.child.send("x")
        said = ann.until_end()
    assert "ann has decided 3 of 3 at title and abstract, 1 of them maybe: 3 in this sitting." in said
    assert "reviewkit status" in said  # the others have to decide
    with screen(dual, "bob") as bob:
        bob.see("r1   0 of 3")
        bob.press("2", "r2   1 of 3")
        bob.press("2", "r3   2 of 3")
        bob.child.send("x")
        said = bob.until_end()
    assert "1 record on which reviewers differ" in said
    assert "\n  reviewkit conflicts" in said
    assert verdicts(store) == [
        (1, "ann", "exclude", ""), (2, "ann", "exclude", "E1"), (2, "ann", "maybe", ""), (3, "ann", "exclude", ""),
        (1, "bob", "exclude", "E2"), (2, "bob", "exclude", "E2"), (3, "bob", "exclude", ""),
    ]  # fmt: skip

    with Terminal(dual, "conflicts", "settle", "--reviewer", "ann") as both:
        shown = both.see("r2   0 settled, 1 open", "s skip")
        assert "ann: maybe" in shown
        assert "bob: excluded, E2 Back pain not targeted" in shown
        both.press("i", "Why?")
        both.press(ENTER, "Not settled")
        both.press("2", "Why?")
        both.child.send("we read it together" + ENTER)
        assert "Conflicts settled: 1; still open: 0." in both.until_end()
    last = store.all(Decision)[-1]
    assert (last.record, last.criterion, last.basis, last.note) == (2, "E2", "consensus", "we read it together")


def test_enter_space_arrows_and_other_keys_never_decide(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        for keys in (ENTER, "\n", "z", "9", "I", "\t", CTRL_Z, "é"):
            ann.press(keys, "r1   0 of 3", "That key decides nothing")
        for keys in (" ", DOWN, PAGE_DOWN, "\x1b[A", "\x7f"):
            ann.press(keys, "r1   0 of 3", "q quit")
        ann.press("\x1b[Z", "r1   0 of 3")
        ann.press("iii", "r1   0 of 3", "Several keys at once: nothing was decided.")
        ann.press("?", "Any key goes back", "Exosomes not used")
        ann.press("i", "r1   0 of 3", "q quit")
        ann.child.send("q")
        assert "0 of 3" in ann.until_end()
    assert verdicts(store) == []


def test_skip_note_and_quit_and_the_next_sitting_goes_on(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        ann.press("s", "r2   0 of 3", "r1 skipped")
        ann.press("n", "Note: ")
        ann.press("x\x15dosen\x7f — prüfen" + ENTER, "Note: dose — prüfen", "r2   0 of 3")
        ann.press("s", "r2   0 of 3", "s again drops it")
        ann.press("2", "r3   1 of 3")
        ann.child.send("q")
        said = ann.until_end()
    assert "1 of 3 at title and abstract: 1 in this sitting; 1 put off to the next sitting." in said
    assert "\n  reviewkit screen --reviewer ann" in said
    assert [(d.record, d.note) for d in store.all(Decision)] == [(2, "dose — prüfen")]
    with screen(workspace) as again:
        again.see("r1   1 of 3")
        again.press("i", "r3   2 of 3")
        again.child.send(CTRL_C)
        assert "What came until now is kept" in again.until_end()
    assert [row[0] for row in verdicts(store)] == [2, 1]


def test_a_note_that_was_given_up_leaves_all_as_it_was(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        ann.press("n", "Note: ")
        ann.press("half a thou" + CTRL_C, "r1   0 of 3", "q quit")
        ann.press("i", "r2   1 of 3")
    assert [d.note for d in store.all(Decision)] == [""]


def test_undo_says_when_there_is_nothing_to_take_back(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        ann.press("u", "r1   0 of 3", "nothing of yours to undo")


def test_full_texts_have_their_own_keys_and_need_a_reason(workspace: Path, store: Store):
    fill(store, 4)
    store.add([decision(r, "include") for r in (1, 2, 3, 4)])
    with screen(workspace) as ann:
        shown = ann.see("r1   0 of 4", "Full text · ann", "r not retrieved", "a awaiting", "o ongoing", "q quit")
        assert "no reason" not in shown
        ann.press("x", "r1   0 of 4", "That key decides nothing")
        ann.press("r", "r2   1 of 4", "r1 not retrieved")
        ann.press("a", "r3   2 of 4")
        ann.press("m", "r4   2 of 4 decided, 1 maybe")
        ann.child.send("o")
        said = ann.until_end()
    assert "1 put off to the next sitting" in said
    assert "1 record for you at full text" in said
    assert [row[2] for row in verdicts(store)[4:]] == ["not-retrieved", "awaiting", "maybe", "ongoing"]
    with screen(workspace) as again:
        again.see("r3   3 of 4 decided, 1 maybe")


def test_a_decision_that_was_acknowledged_survives_a_kill(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        ann.press("i", "r2   1 of 3", "r1 included")
        ann.kill()
    assert verdicts(store) == [(1, "ann", "include", "")]
    with screen(workspace) as again:
        again.see("r2   1 of 3")


def test_hostile_text_cannot_reach_the_terminal(workspace: Path, store: Store):
    bad = "\x1b[2J\x1b]0;owned\x07[bold]Title[/bold] \u202e:smile: \x9b31m"
    add_run(
        store, [citation(title=bad, abstract=bad, authors=(bad,), journal=bad, keywords=(bad,), doi=bad, notes=bad)]
    )
    with screen(workspace, rows=50) as ann:
        ann.see("q quit")
        raw = ann.received
        assert "[bold]Title[/bold]" in raw
        assert ":smile:" in raw
    for code in ("\x1b]0;owned", "\x9b", "\u202e", "\x07"):
        assert code not in raw
    assert raw.count("\x1b[2J") == 1  # the frame's own


@pytest.mark.parametrize("size", [(24, 80), (12, 40), (60, 200)])
def test_the_screen_fits_every_terminal_whatever_the_letters(workspace: Path, store: Store, size: tuple[int, int]):
    from rich.cells import cell_len

    wide = "外泌体治疗腰痛 의료 エクソソーム 🦴 " * 40
    add_run(store, [citation(title=wide[:60], abstract=wide, authors=("王 伟",) * 20)])
    with screen(workspace, rows=size[0], columns=size[1]) as ann:
        lines = ann.see("r1   0 of 1", "quit").split("\n")
        assert len(lines) <= size[0]
        assert max(cell_len(line) for line in lines) <= size[1]
        if size[0] < 30:
            shown = ann.press(" ", "quit")
            assert "lines" in shown or "end" in shown


def test_highlighted_terms_and_other_citations_are_shown(workspace: Path, store: Store):
    from reviewkit.model.matches import PERSON, Judgement, Match

    fill(store, 1)
    add_run(store, [citation(title="Esosomi", pmid="123")], database="scopus")
    store.add([Match(left=1, right=2, judgement=Judgement.SAME, rule=PERSON, by="ann", at="2024-05-01T10:00:00Z")])
    with screen(workspace) as ann:
        shown = ann.see("PMID 123", "q quit")
        assert "2 citations: PubMed (r1), Scopus (r2)" in shown
        coloured = [piece.split("\x1b[0m")[0] for piece in ann.received.split("\x1b[")]
        assert any(piece.endswith("mExosomes") and "48;5;" in piece for piece in coloured)
        assert any(piece.endswith("mmice") and "48;5;" in piece for piece in coloured)


def test_uncertain_duplicates_and_runs_not_compared_are_pointed_out_first(workspace: Path, store: Store):
    from reviewkit.model.matches import Judgement, Match

    fill(store, 2)
    store.add([Match(left=1, right=2, judgement=Judgement.UNSURE, rule="title", by="reviewkit", at="x")])
    with screen(workspace) as ann:
        ann.see("r1   0 of 2", "1 uncertain duplicate waits for a person: 'reviewkit dedupe'")
    add_run(store, [citation(doi="10.1/x"), citation(doi="10.1/x")], database="scopus")
    with screen(workspace) as ann:
        ann.see("r1   0 of 4", "Duplicates were not looked for yet: 'reviewkit dedupe'")


def test_without_work_it_says_so_and_what_comes_next(workspace: Path, store: Store):
    fill(store, 1)
    store.add([decision(1, "include"), decision(1, "include", stage="full-text")])
    with screen(workspace) as ann:
        said = ann.until_end()
    assert "ann has decided 1 of 1 at title and abstract: 0 in this sitting." in said
    assert "1 record included" in said
    assert "reviewkit studies" in said


def test_a_stage_can_be_chosen(workspace: Path, store: Store):
    fill(store, 2)
    store.add([decision(1, "include")])
    with screen(workspace, "ann", "--stage", "full-text") as ann:
        ann.see("r1   0 of 1 decided", "Full text")


def test_without_a_terminal_it_names_the_command_for_scripts(cli, store: Store):
    result = cli("screen", "--reviewer", "ann")
    assert result.code == 1
    assert "reviewkit decide" in result.err


def test_the_terminal_is_left_as_it_was(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3")
        ann.child.send("q")
        ann.until_end()
        assert ann.received.index("\x1b[?1049h") < ann.received.index("\x1b[?1049l")


def test_a_smaller_window_is_drawn_anew(workspace: Path, store: Store):
    fill(store)
    with screen(workspace) as ann:
        ann.see("r1   0 of 3", "q quit")
        ann.received = "\x1b[2J"
        ann.child.setwinsize(16, 50)
        lines = ann.see("r1   0 of 3", "quit").split("\n")
        assert len(lines) <= 16


def test_a_reviewer_typed_in_other_letters_is_the_same_person(dual: Path, store: Store):
    fill(store)
    store.add([decision(1, "include", by="Ann Lee")])
    with screen(dual, "ann lee") as ann:
        ann.see("r2   1 of 3", "Ann Lee")


def test_nothing_that_one_reviewer_sees_tells_the_others_verdict(dual: Path, store: Store, cli):
    fill(store)
    store.add([
        decision(1, "exclude", criterion="E1", note="SECRET-1"), decision(2, "maybe", note="SECRET-2"),
        decision(3, "include", note="SECRET-3"), decision(3, "include", by="bob"),
        decision(3, "exclude", stage="full-text", criterion="E2", note="SECRET-4"),
    ])  # fmt: skip
    shown = []
    with screen(dual, "bob") as bob:
        bob.see("r1   1 of 3", "q quit")
        bob.press("s", "r2   1 of 3", "q quit")
        bob.press("?", "Any key goes back")
        bob.press("?", "r2   1 of 3")
        bob.press("u", "r3   0 of 3", "Taken back: r3 included")
        bob.press("i", "r2   1 of 3")
        bob.child.send("q")
        shown.append(bob.until_end())
    with screen(dual, "bob", "--stage", "full-text") as bob:
        bob.see("r3   0 of 1", "q quit")
        bob.child.send("q")
        shown.append(bob.until_end())
    (dual / "guess.csv").write_text("record,stage,verdict\nr9,title-abstract,include\n")
    for words in (
        ("decide", "export", "-"), ("decide", "export", "-", "--reviewer", "bob"),
        ("conflicts",), ("conflicts", "--json"), ("agreement",), ("agreement", "--json"),
        ("conflicts", "settle", "r1", "include", "--note", "x", "--reviewer", "bob"),
        ("decide", "r1", "include", "--stage", "full-text", "--reviewer", "bob"),
        ("decide", "r1", "ongoing", "--reviewer", "bob"),
        ("decide", "remove", "r1", "--reason", "x", "--reviewer", "bob"),
        ("decide", "import", "guess.csv", "--reviewer", "bob"),
        ("status",), ("status", "--json"), ("status", "--reviewer", "bob"),
    ):  # fmt: skip
        result = cli(*words)
        shown.append(result.out + result.err)
    seen = "\n".join(shown)
    assert "r3" in seen  # decided by both: that one may be seen
    for secret in ("SECRET-1", "SECRET-2", "SECRET-4"):
        assert secret not in seen
    for line in seen.splitlines():
        assert not ("ann" in line.split(",") and ("r1" in line.split(",") or "r2" in line.split(",")))
    assert "E1 No exosomes." not in seen.replace("excluded, E1 No exosomes. u takes", "")


def test_a_killed_screen_leaves_a_database_that_the_same_command_opens(workspace: Path, store: Store):
    fill(store, 30)
    for _ in range(4):
        with screen(workspace) as ann:
            before = len(verdicts(store))
            ann.see(f"{before} of 30", "q quit")
            ann.press("i", f"{before + 1} of 30")
            ann.child.send("1")
            ann.kill()
        assert len(verdicts(store)) in (before + 1, before + 2)
    protocol = load_protocol(workspace / "protocols" / "backpain.toml")
    done = standing(store, protocol).screening.stages["title-abstract"].values()
    assert sum(o.state is not State.PENDING for o in done) == len(verdicts(store)) >= 4
