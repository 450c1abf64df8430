"""What a user is told when a command fails: one clear message, harmless on a terminal, and never a traceback."""

from pathlib import Path

import click
import pytest


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as to a terminal: into anything else click leaves escape sequences out by itself."""
    monkeypatch.setattr(click.utils, "should_strip_ansi", lambda *_: False)


@pytest.mark.usefixtures("terminal")
def test_an_error_that_quotes_a_file_cannot_steer_the_terminal(cli, workspace: Path) -> None:
    (workspace / "decisions.csv").write_text("record,verdict\nr1,\x1b]0;title\x07\x1b[2Jinclude\n", encoding="utf-8")
    result = cli("decide", "import", "decisions.csv", "--reviewer", "ann", "--stage", "title-abstract")
    assert result.code == 1
    assert "there is no verdict" in result.err
    assert not any(sign in result.err for sign in "\x1b\x07")


def test_a_folder_that_was_removed_meanwhile_is_no_failure_of_reviewkit(cli, workspace: Path) -> None:
    gone = workspace.parent / "gone"
    gone.mkdir()
    with pytest.MonkeyPatch.context() as there:
        there.chdir(gone)
        gone.rmdir()
        result = cli("status")
    assert result.code == 1
    assert "The system refused: No such file or directory" in result.err
