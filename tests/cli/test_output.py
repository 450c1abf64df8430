"""What is printed into pipes that close early, and onto terminals that lack letters."""

import json
import os
import subprocess
import sys
from pathlib import Path

from reviewkit.store import Store
from tests.build import add_run, citation, decision

TITLE = "Übung gegen Rückenschmerz \N{GREEK SMALL LETTER BETA}"


def run(*words: str, encoding: str = "ascii") -> subprocess.CompletedProcess[bytes]:
    """Run a command whose output goes to a pipe that takes this encoding."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run([sys.executable, "-m", "reviewkit", *words], env=environment, capture_output=True)


def test_letters_that_the_output_cannot_take_become_marks(workspace: Path, store: Store) -> None:
    add_run(store, [citation(title=TITLE)])
    done = run("dedupe", "--show", "r1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?bung gegen" in done.stdout


def test_json_keeps_every_letter_whatever_the_output_takes(workspace: Path, store: Store) -> None:
    add_run(store, [citation(title=TITLE)])
    for encoding in ("ascii", "latin-1", "utf-8"):
        done = run("dedupe", "--show", "r1", "--json", encoding=encoding)
        assert json.loads(done.stdout)["citations"][0]["title"] == TITLE


def test_a_table_in_a_pipe_is_utf8_whatever_the_terminal_takes(workspace: Path, store: Store) -> None:
    add_run(store, [citation(title=TITLE)])
    store.add([decision(1, "include")])
    done = run("decide", "export", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"record,")
    assert TITLE in done.stdout.decode()


def test_a_reader_who_has_seen_enough_is_no_failure(workspace: Path, store: Store) -> None:
    add_run(store, [citation(title=TITLE)])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for words in (("status",), ("dedupe", "--list", "--json"), ("flow",)):
        ours, theirs = os.pipe()
        os.close(ours)  # nobody reads
        command = [sys.executable, "-m", "reviewkit", *words]
        done = subprocess.run(command, env=environment, stdout=theirs, stderr=subprocess.PIPE)
        os.close(theirs)
        assert (done.returncode, done.stderr) == (0, b""), words
