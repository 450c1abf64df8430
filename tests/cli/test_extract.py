"""`reviewkit extract` as its user meets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.protocol import load_protocol
from reviewkit.store import Store
from tests.conftest import Result
from tests.steps.workbooks import add_row, extraction_protocol, filled, include_studies, opened, saved

Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def studies(workspace: Path, store: Store) -> None:
    """Three included studies, and a form that two people fill in."""
    path = workspace / "protocols" / "backpain.toml"
    path.write_text(extraction_protocol(reviewers=2).source, encoding="utf-8")
    include_studies(store, load_protocol(path))


def fill(path: Path, **values: object) -> None:
    """Type values of s1 into a sheet on disk."""
    path.write_bytes(filled(path.read_bytes(), {"s1": {f"design.{name}": value for name, value in values.items()}}))


def test_a_sheet_is_written_filled_in_and_read_back(cli: Cli, workspace: Path) -> None:
    written = cli("extract", "sheet", "--reviewer", "Ann B")
    assert written.code == 0
    assert "reviewkit extract read backpain-extraction-ann-b.xlsx" in written.out
    path = workspace / "backpain-extraction-ann-b.xlsx"
    fill(path, n=20, dose=0.5)
    read = cli("extract", "read", str(path))
    assert read.code == 0
    assert "extracted by Ann B: 2 new, 0 changed, 0 taken back." in read.out
    assert "Nothing new" in cli("extract", "read", str(path)).out


def test_a_sheet_that_may_hold_values_is_not_overwritten(cli: Cli, workspace: Path) -> None:
    cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    fill(workspace / "a.xlsx", n=20)
    before = (workspace / "a.xlsx").read_bytes()
    again = cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    assert again.code == 1 and "may hold values that were not read yet" in again.err
    assert (workspace / "a.xlsx").read_bytes() == before
    assert cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx", "--overwrite").code == 0
    assert (workspace / "a.xlsx").read_bytes() != before


def test_problems_are_listed_by_cell_and_stop_the_reading(cli: Cli, workspace: Path) -> None:
    cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    fill(workspace / "a.xlsx", n="twenty", dose=3)
    read = cli("extract", "read", "a.xlsx")
    assert read.code == 1
    assert "a.xlsx has 1 problem; nothing was stored." in read.err and "  Studies!F4: Participants:" in read.err
    kept = cli("extract", "read", "a.xlsx", "--keep-good")
    assert kept.code == 0 and "1 new" in kept.out and "Studies!F4" in kept.out


def test_replaced_and_cleared_values_are_shown(cli: Cli, workspace: Path) -> None:
    cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    fill(workspace / "a.xlsx", n=20, comment="a_x001B_[31mred")
    cli("extract", "read", "a.xlsx")
    fill(workspace / "a.xlsx", n=21, comment=None)
    shown = cli("extract", "read", "a.xlsx").out
    assert "Changed" in shown and "Taken back" in shown and "0 new, 1 changed, 1 taken back" in shown
    assert "\u001b" not in shown and "[31mred" in shown


def test_reading_gives_json(cli: Cli, workspace: Path) -> None:
    cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    fill(workspace / "a.xlsx", n=20)
    found = json.loads(cli("extract", "read", "a.xlsx", "--json").out)
    assert found["person"] == "ann" and found["problems"] == []
    assert [(c["study"], c["field"], c["before"], c["after"]) for c in found["changes"]] == [
        ("s1", "design.n", "", "20")
    ]


def test_a_value_may_be_negative_wherever_it_stands_among_the_options(cli: Cli) -> None:
    change = ("extract", "set", "s1", "outcome.change", "-65.04", "--row", "pain | 1 month", "--reviewer", "ann")
    assert cli(*change).out == "s1 outcome.change (pain | 1 month): -65.04\n"
    said = cli(
        "extract", "set", "--reviewer", "ann", "--source", "-1 to -2, p. 3", "s1", "design.comment", "-5 to -4, he"
    )
    assert said.out == "s1 design.comment: -5 to -4, he\n"
    assert (
        "already; nothing new"
        in cli("extract", "set", "s1", "design.comment", "--reviewer", "ann", "--", "-5 to -4, he").out
    )
    assert "No such option" in cli("extract", "set", "s1", "design.n", "5", "--reviwer", "ann").err


def test_two_extractors_are_compared_and_settled(cli: Cli, workspace: Path) -> None:
    for person, dose in (("ann", "0.5"), ("bob", "5")):
        cli("extract", "set", "s1", "design.dose", dose, "--source", f"p. {dose}", "--reviewer", person)
        assert "design.dose" not in cli("extract", "compare").out
        assert cli("extract", "set", "s1", "design.n", "20", "--reviewer", person).code == 0
    shown = cli("extract", "compare").out
    assert "ann: 0.5  <p. 0.5>" in shown and "bob: 5  <p. 5>" in shown and "1 to settle, 0 settled." in shown
    assert "reviewkit extract sheet --consensus" in shown
    found = json.loads(cli("extract", "compare", "--json").out)
    assert found["contrasts"][0]["values"] == {
        "ann": {"value": "0.5", "source": "p. 0.5"},
        "bob": {"value": "5", "source": "p. 5"},
    }
    sheet = cli("extract", "sheet", "--consensus", "--reviewer", "carol", "-o", "c.xlsx")
    assert "The differences to settle: c.xlsx" in sheet.out
    workbook = opened((workspace / "c.xlsx").read_bytes())
    assert workbook["Differences"].max_row == 4
    settled = cli("extract", "settle", "s1", "design.dose", "0,5", "--reviewer", "carol", "--note", "misprint")
    assert settled.out == "s1 design.dose: 0.5\n"
    assert "settled by carol: 0.5" in cli("extract", "compare").out
    assert "Taken back: s1 design.dose = 0.5" in cli("extract", "undo", "--reviewer", "carol").out


def test_nothing_of_the_other_is_shown_before_both_have_finished(cli: Cli) -> None:
    cli("extract", "set", "s1", "design.n", "4711", "--reviewer", "ann")
    cli("extract", "set", "s1", "design.dose", "5", "--reviewer", "bob")
    for words in (("extract", "compare"), ("extract", "compare", "--json")):
        shown = cli(*words).out
        assert "4711" not in shown and "ann" in shown and "s1" in shown


def test_undo_of_a_reading_says_how_much_was_taken_back(cli: Cli, workspace: Path) -> None:
    cli("extract", "sheet", "--reviewer", "ann", "-o", "a.xlsx")
    workbook = opened((workspace / "a.xlsx").read_bytes())
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": 5})
    (workspace / "a.xlsx").write_bytes(saved(workbook))
    cli("extract", "read", "a.xlsx")
    assert "Taken back: 3 values that were read from a sheet" in cli("extract", "undo", "--reviewer", "ann").out
    assert cli("extract", "undo", "--reviewer", "ann").code == 1


def test_mistakes_are_said_in_one_line_each(cli: Cli, workspace: Path) -> None:
    (workspace / "x.csv").write_text("study,n\n", encoding="utf-8")
    for words, said in (
        (("extract", "read", "x.csv"), "not an .xlsx workbook"),
        (("extract", "read", "none.xlsx"), "Cannot read none.xlsx"),
        (("extract", "set", "s1", "design.m", "5", "--reviewer", "ann"), "no such field; the nearest is design.n.\n"),
        (("extract", "set", "x", "design.n", "5", "--reviewer", "ann"), "a study id such as s12"),
        (("extract", "set", "s1", "design.n", "5"), "Who is"),
        (("extract", "sheet", "--consensus", "--reviewer", "ann"), "nothing to settle"),
    ):
        result = cli(*words)
        assert result.code == 1 and said in result.err and "Traceback" not in result.err
