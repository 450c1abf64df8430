"""`reviewkit simulate`, as someone meets it who wants to test before trusting."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.screened import TOPIC, csv_of, screened

Cli = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "made.csv"
    path.write_text(csv_of(screened(200, 15)), encoding="utf-8")
    return path


def test_it_says_in_words_how_much_would_have_been_read(cli: Cli, data: Path, tmp_path: Path) -> None:
    told = cli("simulate", str(data), "--topic", TOPIC, "--ranking", str(tmp_path / "o.csv"))
    assert told.code == 0, told.err
    assert "made.csv: 200 records, 15 of them included." in told.out
    assert "With this order you would have found 95 % of the included records after reading" in told.out
    assert "Loss 0." in told.out
    assert "WSS@95" in told.out
    for rule in ("counting process", "hypergeometric test", "50 exclusions in a row"):
        assert rule in told.out
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert {record.id for record in screened(200, 15).records if record.included} <= set(ids)


def test_priors_come_first_and_json_holds_everything(cli: Cli, data: Path) -> None:
    first = next(record.id for record in screened(200, 15).records if record.included)
    told = cli("simulate", str(data), "--priors", f"8, {first}", "--json")
    found = json.loads(told.out)
    assert found["order"][:2] == ["8", first]
    assert found["quality"]["records"] == 200
    assert {stop["rule"] for stop in found["stops"]} >= {"counting-process", "hypergeometric"}
    assert told.out == cli("simulate", str(data), "--priors", f"8,{first}", "--seed", "7", "--json").out


def test_the_curve_is_drawn_where_it_was_asked_for(cli: Cli, data: Path, tmp_path: Path) -> None:
    assert cli("simulate", str(data), "--topic", TOPIC, "--curve", str(tmp_path / "c.svg")).code == 0
    assert (tmp_path / "c.svg").read_bytes().startswith(b"<?xml")


def test_mistakes_are_told_before_anything_is_computed_or_written(cli: Cli, data: Path, tmp_path: Path) -> None:
    for words, message in (
        ((str(tmp_path / "none.csv"),), "none.csv"),
        ((str(data), "--priors", "4,zzz"), "has no record zzz"),
        ((str(data), "--curve", str(tmp_path / "c.pdf")), ".png, .svg"),
    ):
        told = cli("simulate", *words, "--ranking", str(tmp_path / "o.csv"))
        assert told.code == 1
        assert message in told.err
        assert not (tmp_path / "o.csv").exists()


def test_rows_without_a_label_and_a_topic_of_other_words_are_told(cli: Cli, data: Path) -> None:
    with data.open("a", encoding="utf-8") as file:
        file.write("x1,A title \x1b[31m,,2001,\n")
    told = cli("simulate", str(data), "--topic", "Quintessenz")
    assert "left out: " in told.err
    assert "no label" in told.err
    assert "the topic shares no word" in told.err
    assert "\x1b" not in told.out + told.err


def test_stopping_it_leaves_no_file_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_text(csv_of(screened(3000, 30)), encoding="utf-8")
    # The keys are pressed when the first order is made: the product is at work, and no clock decides when.
    code = (
        "import os, signal, sys\n"
        "import reviewkit.steps.simulate as step\n"
        "real = step.rank\n"
        "def rank(*given):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(*given)\n"
        "step.rank = rank\n"
        "from reviewkit.cli import main\n"
        "sys.argv = ['reviewkit', 'simulate', 'big.csv', '--ranking', 'o.csv']\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["big.csv"]
