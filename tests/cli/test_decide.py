"""Decisions for scripts: one line each, tables in and out, clear words when something is wrong."""

import csv
import io
import json
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision
from reviewkit.store import Store
from tests.build import add_run, citation, decision, make_workspace


@pytest.fixture(autouse=True)
def _records(store: Store) -> None:
    add_run(store, [citation(title=f"=Title {n}") for n in (1, 2, 3)])


def test_a_decision_takes_one_line(cli, store: Store):
    assert cli("decide", "r1", "include", "--reviewer", "ann").out == "r1 at title and abstract: included.\n"
    there = ("--stage", "full-text", "--reviewer", "ann")
    result = cli("decide", "record", "R 1", "exclude", "--criterion", "e1", "--note", "no EVs", *there)
    assert result.out == "r1 at full text: excluded, E1 No exosomes.\n"
    assert [(d.stage, d.verdict, d.criterion, d.note) for d in store.all(Decision)] == [
        ("title-abstract", "include", "", ""),
        ("full-text", "exclude", "E1", "no EVs"),
    ]
    again = cli("decide", *there, "r1", "exclude", "--criterion", "E1", "--note", "no EVs")
    assert "stands already; nothing was added" in again.out
    assert store.count(Decision) == 2


def test_a_script_that_gives_the_stage_can_run_twice(cli, store: Store):
    for _ in range(2):
        assert cli("decide", "r1", "include", "--stage", "title-abstract", "--reviewer", "ann").code == 0
    assert store.count(Decision) == 1


def test_who_decides_must_be_known(cli, monkeypatch: pytest.MonkeyPatch, store: Store):
    result = cli("decide", "r1", "include")
    assert (result.code, store.count(Decision)) == (1, 0)
    assert "REVIEWKIT_REVIEWER" in result.err
    monkeypatch.setenv("REVIEWKIT_REVIEWER", "Ann  Lee")
    assert cli("decide", "r1", "include").code == 0
    assert store.all(Decision)[0].by == "Ann Lee"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("r9", "include"), 1, "There is no record r9"),
        (("paper", "include"), 1, "'paper' is not a record id"),
        (("r1", "perhaps"), 2, "'perhaps' is not one of"),
        (("r1", "ongoing"), 1, "cannot be decided here"),
        (("r1", "include", "--stage", "full-text"), 1, "has not reached this stage"),
        (("r1",), 2, "Missing argument"),
    ],
)
def test_mistakes_are_named_and_nothing_is_stored(cli, store: Store, words: tuple[str, ...], code: int, told: str):
    result = cli("decide", *words, "--reviewer", "ann")
    assert result.code == code
    assert told in result.err
    assert "Traceback" not in result.err
    assert store.count(Decision) == 0


def test_undo_takes_back_and_says_what(cli, store: Store):
    cli("decide", "r1", "exclude", "--criterion", "E2", "--reviewer", "ann")
    assert cli("decide", "undo", "--reviewer", "ann").out == (
        "Taken back: r1 title and abstract, excluded, E2 Back pain not targeted.\n"
    )
    result = cli("decide", "undo", "--reviewer", "ann")
    assert (result.code, result.err) == (1, "Error: There is nothing of ann to undo.\n")


def test_records_are_removed_and_brought_back(cli, store: Store):
    assert cli("decide", "remove", "r1", "--reviewer", "ann").code == 2  # a reason is needed
    assert (
        "Removed before screening: 2."
        in cli("decide", "remove", "r1", "r2", "--reason", "no paper", "--automation", "Sorter 1.0").out
    )
    assert cli("decide", "r1", "include", "--reviewer", "ann").code == 1
    assert "r2 before screening, removed" in cli("decide", "undo", "--automation", "Sorter 1.0").out
    assert cli("decide", "r2", "include", "--reviewer", "ann").code == 0


def test_a_tool_is_not_undone_by_a_person_of_its_name(cli, store: Store):
    cli("decide", "r1", "include", "--reviewer", "Sorter")
    result = cli("decide", "undo", "--automation", "Sorter")
    assert (result.code, store.count(Decision)) == (1, 1)


def test_decisions_travel_as_a_table(cli, workspace: Path, store: Store):
    (workspace / "in.csv").write_text("record,verdict,criterion\nr1,include,\nr2,exclude,E1\nr3,,\n")
    words = ("decide", "import", "in.csv", "--stage", "title-abstract", "--reviewer", "ann")
    assert (
        cli(*words).out == "Decisions added: 2; rows that stood already: 0.\nRows without a verdict, left alone: 1.\n"
    )
    assert json.loads(cli(*words, "--json").out) == {"stored": 0, "repeated": 2, "blank": 1, "problems": []}

    assert cli("decide", "export", "out.csv").out == "2 decisions written to out.csv.\n"
    first = (workspace / "out.csv").read_bytes()
    assert cli("decide", "import", "out.csv").out.startswith("Decisions added: 0; rows that stood already: 2.")
    cli("decide", "export", "out.csv")
    assert (workspace / "out.csv").read_bytes() == first
    rows = list(csv.DictReader(io.StringIO(first.decode("utf-8-sig"))))
    assert rows[1]["title"] == "'=Title 2"  # inert in a spreadsheet
    assert cli("decide", "export", "-").out == first.decode("utf-8-sig")


def test_a_table_with_mistakes_is_refused_whole_or_taken_in_part(cli, workspace: Path, store: Store):
    (workspace / "in.csv").write_text(
        "record,stage,reviewer,verdict\nr1,title-abstract,ann,include\nr8,title-abstract,ann,include\nr2,x,ann,include\n"
    )
    result = cli("decide", "import", "in.csv")
    assert (result.code, store.count(Decision)) == (1, 0)
    assert "line 3: There is no record r8" in result.err
    assert "line 4: there is no stage 'x'" in result.err
    result = cli("decide", "import", "in.csv", "--keep-good")
    assert (result.code, store.count(Decision)) == (0, 1)
    assert "Not taken, line 3" in result.out


def test_a_file_that_is_not_there_is_a_clear_error(cli):
    result = cli("decide", "import", "nowhere.csv")
    assert (result.code, "Cannot read nowhere.csv" in result.err) == (1, True)


def test_an_export_shows_a_reviewer_no_open_verdict_of_another(cli, workspace: Path, store: Store):
    make_workspace(workspace, reviewers=2)
    store.add([decision(1, "exclude", criterion="E1"), decision(2, "include", by="bob")])
    assert cli("decide", "export", "-").out.count("\n") == 1
    assert "r1" not in cli("decide", "export", "-", "--reviewer", "bob").out
    assert "r2,'=Title 2" in cli("decide", "export", "-", "--reviewer", "BOB").out


def test_a_misspelt_command_is_not_taken_for_a_record(cli):
    result = cli("decide", "undoo")
    assert (result.code, "No such command 'undoo'; there are export, import, record" in result.err) == (2, True)
