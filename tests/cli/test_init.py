import json
from pathlib import Path

import pytest


@pytest.fixture
def elsewhere(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is in no workspace, as the current one."""
    folder = workspace.parent / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_new_review_passes_its_own_check_and_names_the_next_commands(elsewhere: Path, cli, monkeypatch) -> None:
    made = cli("init", "Back pain")
    assert made.code == 0
    assert "Made Back pain/protocols/back-pain.toml" in made.out.splitlines()
    assert "cd 'Back pain'" in made.out
    assert "reviewkit status" in made.out

    monkeypatch.chdir(elsewhere / "Back pain")
    assert cli("check").code == 0
    status = cli("status")
    assert status.code == 0
    assert status.out.splitlines()[-1] == "  reviewkit check"
    assert not (elsewhere / "Back pain" / "reviewkit.db").exists()  # looking makes no database


def test_a_second_review_is_added_and_named_from_then_on(elsewhere: Path, cli) -> None:
    assert cli("init", "--name", "first").code == 0
    second = cli("init", "--name", "second")
    assert second.code == 0
    assert "add --review second" in second.out
    assert cli("status").err.startswith("Error: This workspace holds several reviews: first, second.")
    assert cli("status", "--review", "second").out.splitlines()[-1] == "  reviewkit check --review second"
    assert cli("check").out.count("no mistakes") == 2


def test_a_review_is_never_overwritten(elsewhere: Path, cli) -> None:
    cli("init", "--name", "first")
    (elsewhere / "protocols" / "first.toml").write_text("mine")
    again = cli("init", "--name", "first")
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "holds a review 'first' already" in again.err
    assert (elsewhere / "protocols" / "first.toml").read_text() == "mine"


def test_what_was_made_is_told_to_scripts(elsewhere: Path, cli) -> None:
    told = json.loads(cli("init", "new", "--name", "x", "--json").out)
    assert told["review"] == "x"
    assert Path(told["protocol"]).is_file()
    assert len(told["made"]) == 4


def test_a_folder_that_looks_like_an_option_can_be_entered_as_told(elsewhere: Path, cli) -> None:
    assert "  cd ./-back\n" in cli("init", "--", "-back").out
