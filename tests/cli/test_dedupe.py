"""`reviewkit dedupe`, in a script and in a terminal."""

import json
import re
import sys
from pathlib import Path

import pexpect
import pytest

from reviewkit.model.matches import Judgement, Match, records
from reviewkit.store import Store
from tests.build import AT, add_run, citation, make_workspace
from tests.steps.copies import BY_PERSON, BY_RULE, CITATIONS


@pytest.fixture(autouse=True)
def _loaded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_run(store, CITATIONS)
    monkeypatch.setenv("REVIEWKIT_REVIEWER", "ann")


def groups(store: Store) -> list[tuple[int, ...]]:
    found = records(store.citation_runs(), store.all(Match))
    return [members for members in found.members.values() if len(members) > 1]


def test_the_rules_report_what_each_of_them_found_and_what_waits(cli):
    result = cli("dedupe", "--rules-only")
    assert result.code == 0
    assert (
        f"{len(CITATIONS)} citations are {len(CITATIONS) - len(BY_RULE)} records: {len(BY_RULE)} duplicates."
        in result.out
    )
    assert "registration" in result.out
    assert re.search(r"rule +same +unsure +related +reason", result.out)
    assert "3 pairs of records may be one publication" in result.out
    assert "reviewkit dedupe --list" in result.out
    assert "found nothing new" in cli("dedupe", "--rules-only").out


def test_related_pairs_are_counted_and_said_to_stay_apart(cli, store: Store):
    title = "Safety of vesicles for discogenic pain in a dose-finding study of adults"
    people = ("Adler JE", "Brandt B", "Castellanos C")
    preprint = citation(title=title, authors=people, year=2023, journal="medRxiv", types=("Preprint",), doi="10.1101/1")
    article = citation(
        title=title, authors=people, year=2024, journal="Vesicle Letters", volume="3", doi="10.1/vesicle"
    )
    add_run(store, [preprint, article], database="embase")
    told = " ".join(cli("dedupe", "--rules-only").out.split())
    assert "preprint 0 0 1 A preprint and the article" in told
    assert "Related pairs (preprint and article, register entry and article) stay apart" in told


def test_without_a_terminal_it_asks_nothing(cli, store: Store):
    result = cli("dedupe")
    assert (result.code, len(groups(store))) == (0, 6)
    assert all(match.by == "reviewkit" for match in store.all(Match))


def test_a_script_reads_the_report_and_the_waiting_pairs_as_json(cli):
    report = json.loads(cli("dedupe", "--json").out)
    assert (report["duplicates"], report["waiting"]) == (len(BY_RULE), len(BY_PERSON))
    assert {rule["rule"] for rule in report["added"]} >= {"doi", "registration", "same-title"}
    pairs = json.loads(cli("dedupe", "--list", "--json").out)
    assert {(int(p["left"]["id"][1:]), int(p["right"]["id"][1:])) for p in pairs} == BY_PERSON
    assert all(p["rule"] and p["evidence"] and p["left"]["title"] for p in pairs)


def test_waiting_pairs_are_listed_with_ids_titles_years_and_why(cli):
    assert "No pair waits" in cli("dedupe", "--list").out
    cli("dedupe", "--rules-only")
    listed = cli("dedupe", "--list").out
    for text in ("r9", "r10", "2022", "cut-off-title", "reviewkit dedupe --same r1 r2"):
        assert text in listed


def test_where_another_copy_was_compared_than_its_record_shows_its_title_is_told(cli, workspace: Path, store: Store):
    whole = "Vesicles and the ageing disc of older adults: a trial in three hospitals"
    first = add_run(
        store, [citation(title=title, doi="") for title in (whole, whole[:44], whole[18:44])], database="scopus"
    ).first
    said = {"by": "reviewkit", "at": AT, "evidence": "one title is part of the other"}
    store.add(
        [
            Match(left=first, right=first + 1, judgement=Judgement.SAME, rule="doi", **said),
            Match(left=first + 1, right=first + 2, judgement=Judgement.UNSURE, rule="cut-off-title", **said),
        ]
    )
    (pair,) = json.loads(cli("dedupe", "--list", "--json").out)
    assert (pair["left"]["id"], pair["left"]["title"]) == (f"r{first}", whole)
    assert pair["compared"] == [
        {"id": f"r{first + 1}", "title": whole[:44]}, {"id": f"r{first + 2}", "title": whole[18:44]},
    ]  # fmt: skip
    listed = " ".join(cli("dedupe", "--list").out.split())
    assert f"the copy of r{first} that was compared" in listed
    assert f"the copy of r{first + 2}" not in listed  # its record shows the title that was compared
    child = start(workspace)
    asked = f"Compared was r{first} as found in r{first + 1}: {whole[:44]}"
    while child.expect_exact([_READY, asked, pexpect.EOF]) == 0:
        child.send("k")
    assert child.after == asked
    child.close(force=True)


def test_a_script_judges_pairs_and_takes_its_word_back(cli, store: Store):
    cli("dedupe", "--rules-only")
    assert cli("dedupe", "--same", "r1", "R2", "--note", "index page", "--reviewer", "bob").code == 0
    assert (1, 2) in groups(store)
    last = store.all(Match)[-1]
    assert (last.by, last.rule, last.note, last.judgement) == ("bob", "person", "index page", "same")
    assert "Nothing was added" in cli("dedupe", "--same", "r1", "r2").out
    assert "r1 and r2" in cli("dedupe", "--undo", "--reviewer", "bob").out
    assert (1, 2) not in groups(store)
    assert cli("dedupe", "--different", "1", "2").code == 0
    assert len(json.loads(cli("dedupe", "--list", "--json").out)) == len(BY_PERSON) - 1


def test_a_record_is_split_shown_and_its_history_told(cli, store: Store):
    cli("dedupe", "--rules-only")
    shown = cli("dedupe", "--show", "r5").out
    assert "Record r3: 3 citations" in shown
    assert "rule registration" in shown
    said = cli("dedupe", "--split", "r3", "r4", "--note", "another entry")
    assert "r4 is now in record r4, and the others are r3" in said.out
    assert (3, 5) in groups(store)
    told = json.loads(cli("dedupe", "--show", "r4", "--json").out)
    assert told["record"] == "r4"
    assert {(row["left"], row["right"]) for row in told["apart"]} == {(3, 4), (4, 5)}
    assert all(row["by"] == "ann" and row["note"] == "another entry" for row in told["apart"])
    assert "r4 parted from r3" in cli("dedupe", "--undo").out
    assert (3, 4, 5) in groups(store)


def test_a_record_shows_from_which_copy_and_database_each_of_its_fields_comes(cli, store: Store):
    first = {"title": "VESICLES AND THE AGEING DISC OF OLDER ADULTS", "doi": "10.1000/v", "pages": "12-9"}
    second = {
        "title": "Vesicles and the ageing disc of older adults",
        "doi": "10.1000/v",
        "volume": "7",
        "pages": "12-19",
    }
    one = add_run(store, [citation(**first)], database="scopus").first
    two = add_run(store, [citation(**second)], database="embase").first
    cli("dedupe", "--rules-only")
    shown = cli("dedupe", "--show", f"r{two}").out
    assert f"Record r{one}: 2 citations" in shown
    told = json.loads(cli("dedupe", "--show", f"r{two}", "--json").out)
    came_from = {each["field"]: (each["value"], [f"{c['id']} {c['database']}" for c in each["from"]])
                 for each in told["fields"]}  # fmt: skip
    assert came_from["title"] == (second["title"], [f"r{two} Embase"])
    assert came_from["pages"] == ("12-19", [f"r{two} Embase"])
    assert came_from["doi"] == ("10.1000/v", [f"r{one} Scopus"])
    rows = [line.split() for line in shown.splitlines()]
    assert ["volume", "7", f"r{two}", "Embase"] in rows
    assert ["doi", "10.1000/v", f"r{one}", "Scopus"] in rows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--same", "r1", "r99"), "no record r99"),
        (("--same", "r1", "first"), "'first' is not a record id"),
        (("--show", "r99"), "no record r99"),
        (("--different", "r3", "r4"), "--split r3 r4"),
        (("--split", "r3", "r9"), "it holds r3, r4, r5"),
        (("--split", "r1", "r1"), "holds one citation only"),
        (("--undo",), "nothing of ann to undo"),
    ],
)
def test_a_mistake_is_told_in_a_line_and_nothing_is_kept(cli, store: Store, words, said):
    cli("dedupe", "--rules-only")
    count = store.count(Match)
    result = cli("dedupe", *words)
    assert result.code == 1
    assert said in result.err
    assert store.count(Match) == count


def test_two_actions_at_once_are_refused(cli):
    assert cli("dedupe", "--list", "--undo").code == 2
    assert cli("dedupe", "--note", "x").code == 2


def test_judging_needs_a_name(cli, store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("REVIEWKIT_REVIEWER")
    result = cli("dedupe", "--same", "r1", "r2")
    assert result.code == 1
    assert "Who is deciding?" in result.err
    assert store.all(Match) == []


# --- in a terminal -------------------------------------------------------------------------------


_READY = " quit"  # the last word of a screen: keys count from then on


def start(folder: Path) -> pexpect.spawn:
    """Start the command in a real terminal of 100 columns."""
    words = ["-m", "reviewkit", "dedupe"]
    return pexpect.spawn(sys.executable, words, cwd=str(folder), encoding="utf-8", dimensions=(40, 100), timeout=30)


@pytest.fixture
def terminal(workspace: Path):
    child = start(workspace)
    yield child
    child.close(force=True)


def press(terminal: pexpect.spawn, key: str, then: str) -> None:
    terminal.send(key)
    terminal.expect_exact(then)


def finish(terminal: pexpect.spawn) -> str:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return str(terminal.before)


def test_a_person_answers_skips_takes_back_and_stops(terminal: pexpect.spawn, store: Store):
    terminal.expect_exact("3 to answer")
    terminal.expect_exact(_READY)
    press(terminal, "s", "r1 and r2 are one publication")
    terminal.expect_exact(_READY)
    assert (1, 2) in groups(store)
    press(terminal, "u", "Taken back")
    terminal.expect_exact(_READY)
    assert (1, 2) not in groups(store)
    press(terminal, "d", "r1 and r2 are different")
    terminal.expect_exact(_READY)
    press(terminal, "k", "Skipped")
    terminal.expect_exact(_READY)
    terminal.send("q")
    assert "1 answer kept, 2 still to give" in finish(terminal)
    assert [(m.pair, m.judgement, m.by) for m in store.all(Match) if m.rule == "person" and not m.undoes] == [
        ((1, 2), "same", "ann"),
        ((1, 2), "different", "ann"),
    ]


def test_what_differs_is_coloured_and_marked_and_the_reason_is_told_in_words(
    terminal: pexpect.spawn, workspace: Path, store: Store
):
    terminal.expect_exact("likeliest first; number 1")
    terminal.expect_exact("Why asked: ")
    terminal.expect_exact("Seen: ")
    terminal.expect_exact(_READY)
    terminal.send("q")
    finish(terminal)
    one = {"title": "Vesicles and the ageing disc of older adults", "journal": "Spine", "pages": "12-19", "volume": "7"}
    other = {**one, "journal": "The Spine", "pages": "99-104", "volume": "8", "authors": ("Poe E", "Roe R")}
    first = add_run(store, [citation(**one), citation(**other)], database="scopus").first
    said = {"judgement": Judgement.UNSURE, "rule": "same-title", "evidence": "same title", "by": "reviewkit", "at": AT}
    store.add([Match(left=first, right=first + 1, **said)])
    child = start(workspace)
    seen = ""
    while "Poe E" not in seen:
        child.expect_exact(_READY)
        seen = child.before
        child.send("k")
    child.close(force=True)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    for marked in ("«12-19»", "«99-104»", "«7»", "«8»", "«Poe E;»", "«The» Spine"):
        assert marked in plain, marked
    assert re.search(r"≠\s+pages\s+«12-19»", plain)
    assert re.search(r"=\s+title\s+Vesicles and", plain)
    assert re.search(r"\x1b\[[0-9;]*43m«12-19»", seen)  # in colour too


def test_enter_and_other_keys_never_decide(terminal: pexpect.spawn, store: Store):
    terminal.expect_exact(_READY)
    for key in ("\r", "\n", "x", "S", "\t"):
        press(terminal, key, "Press s, d, k, u or q.")
        terminal.expect_exact(_READY)
    terminal.send("q")
    assert "0 answers kept, 3 still to give" in finish(terminal)
    assert all(m.by == "reviewkit" for m in store.all(Match))


def test_answering_all_ends_the_sitting_and_says_what_comes_next(terminal: pexpect.spawn, store: Store):
    for left in (3, 2, 1):
        terminal.expect_exact(f"{left} to answer")
        terminal.expect_exact(_READY)
        terminal.send("s")
    assert "no pair waits any more. Next: reviewkit status" in finish(terminal)
    assert sum(len(members) - 1 for members in groups(store)) == len(BY_RULE | BY_PERSON)


def test_text_from_outside_cannot_steer_the_terminal(workspace: Path, store: Store):
    title = "A title that would \x1b]0;owned\x07 rename the window and [red]colour[/red] the text of it"
    add_run(store, [citation(title=title), citation(title=title, authors=(), year=None)], database="scopus")
    child = start(workspace)
    seen = ""
    for _ in range(4):
        child.expect_exact(_READY)
        seen += child.before
        child.send("k")
    assert "[red]colour[/red]" in seen
    child.close(force=True)
    assert "A title that would" in seen
    assert "\x1b]0;" not in seen
    assert "\x07" not in seen


def test_a_person_takes_back_what_was_said_under_the_same_name_in_other_letters(cli, store: Store):
    assert cli("dedupe", "--same", "r1", "r4", "--reviewer", "Ann Lee").code == 0
    assert cli("dedupe", "--undo", "--reviewer", "ann  lee").code == 0
    assert groups(store) == []


def test_with_several_reviews_what_comes_next_names_this_one(cli, workspace: Path):
    make_workspace(workspace, review="shoulder")
    said = cli("dedupe", "--review", "backpain", "--rules-only").out
    assert "'reviewkit dedupe --list --review backpain' lists them." in said
    assert "'reviewkit dedupe --same r1 r2 --review backpain'" in cli("dedupe", "--list", "--review", "backpain").out
    assert cli("dedupe", "--review", "shoulder").out.endswith("Next: reviewkit status --review shoulder\n")
