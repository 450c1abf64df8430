"""`reviewkit stopping`: what it prints, and that every act says what follows from it."""

import json
from pathlib import Path

import pytest

from reviewkit.model.protocol import Protocol
from reviewkit.model.stops import Sample, Stop
from reviewkit.store import Store
from tests.build import make_workspace
from tests.steps.stopped import READ, RECORDS, RELEVANT, half_screened, load, screened


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def test_all_methods_stand_side_by_side(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    shown = cli("stopping").out
    assert f"{READ} of {RECORDS} records screened to the end, {len(RELEVANT)} of them relevant." in shown
    assert "At least 95 % of the relevant records have been found, with 95 % confidence (counting process" in shown
    rows = {line.split("  ")[0].split(" (")[0]: line for line in shown.splitlines()}
    assert " stop " in rows["counting process"]
    assert " go on " in rows["hypergeometric test"]
    assert " stop " in rows["50 exclusions in a row"]
    assert "No method excludes anything" in shown


def test_a_review_screened_by_number_is_told_what_is_missing(store: Store, protocol: Protocol, cli) -> None:
    load(store, 20)
    store.add(screened(range(1, 11), order="id"))
    shown = cli("stopping")
    assert shown.code == 0
    assert "Cannot be said yet: no record was screened in an order of relevance or at random" in shown.out


def test_a_review_without_records_can_be_asked(workspace: Path, cli) -> None:
    assert cli("stopping").code == 0
    assert json.loads(cli("stopping", "--json").out)["records"] == 0


def test_json_holds_the_numbers_behind_it(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    cli("stopping", "--sample", "5", "--seed", "3", "--reviewer", "ann")
    told = json.loads(cli("stopping", "--json").out)
    assert (told["screened"], told["relevant"], told["records"], told["not_screened"]) == (READ, 10, RECORDS, 0)
    assert (told["order"], told["looked_at"], told["left_aside"]) == ("relevance", READ, 0)
    assert {each["method"] for each in told["methods"] if each["statistical"]} == {"counting-process", "hypergeometric"}
    assert told["samples"][0]["sample"]["seed"] == 3


def test_a_sample_names_its_records_and_the_next_command(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    shown = cli("stopping", "--sample", "3", "--reviewer", "ann").out
    (made,) = store.all(Sample)
    assert ", ".join(f"r{record}" for record in made.records) in shown
    assert "They come first in everyone's queue" in shown
    assert shown.splitlines()[-1].strip() == "reviewkit screen --reviewer ann"


def test_a_stop_says_what_it_means_and_how_to_go_on_or_back(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    shown = cli("stopping", "--stop", "--note", "the protocol says so", "--reviewer", "ann").out
    assert "150 records nobody screened" in shown
    assert "they are not excluded" in " ".join(shown.split())
    assert "reviewkit screen --stage title-abstract" in shown
    (made,) = store.all(Stop)
    assert made.by == "ann"
    told = cli("stopping").out
    assert "ann stopped screening on " in told
    assert "Reason: the protocol says so." in told
    assert "Not screened because of that: 150 records; none of them is excluded." in told

    assert "Taken back: the stop of" in cli("stopping", "--undo", "--reviewer", "ann").out
    assert "ann stopped screening" not in cli("stopping").out


def test_a_stop_that_the_method_does_not_back_is_told_as_such(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    shown = cli("stopping", "--stop", "--method", "hypergeometric", "--note", "no time", "--reviewer", "ann").out
    assert "The method did not say that screening can stop. The report tells so." in shown


def test_status_says_what_is_found_who_stopped_and_goes_on_to_the_full_texts(
    store: Store, protocol: Protocol, cli
) -> None:
    half_screened(store, protocol)
    before = cli("status").out
    assert "150 to be screened" in before
    assert "have been found, with 95 % confidence" in before
    cli("stopping", "--stop", "--note", "agreed", "--reviewer", "ann")
    after = cli("status")
    assert "150 not screened, as screening was stopped" in after.out
    assert "to be screened, 1" not in after.out
    assert "ann: 200 done, 0 left" in after.out
    assert "Stopped by ann on " in after.out
    assert "Next (10 records to be screened at full text):" in after.out
    status = json.loads(cli("status", "--json").out)["status"]
    assert status["stages"][0]["not_screened"] == 150
    assert status["stops"][0]["by"] == "ann"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("--stop --undo", 2, "three different things"),
        ("--seed 3", 2, "--seed belongs to --sample"),
        ("--method knee", 2, "--method belongs to --stop"),
        ("--stop --method guess --note x", 2, "the methods are counting-process, hypergeometric"),
        ("--sample 0", 2, "0 is not in the range"),
        ("--stop", 1, "say why, with --note"),
        ("--sample 151", 1, "150 records, and 151 were asked for"),
        ("--undo", 1, "nothing of ann to undo among samples and stops"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, protocol: Protocol, cli, words: str, code: int, told: str
) -> None:
    half_screened(store, protocol)
    shown = cli("stopping", *words.split(), "--reviewer", "ann")
    assert (shown.code, store.count(Stop), store.count(Sample)) == (code, 0, 0)
    assert told in " ".join(shown.err.split())


def test_whoever_acts_must_be_named_and_whoever_looks_need_not(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    assert cli("stopping").code == 0
    assert "Who is deciding?" in cli("stopping", "--stop", "--note", "x").err


def test_names_are_known_from_stops_too(store: Store, workspace: Path, cli, protocol: Protocol) -> None:
    half_screened(store, protocol)
    cli("stopping", "--sample", "5", "--reviewer", "Zoë")
    cli("stopping", "--undo", "--reviewer", "ZOË")
    assert {row.by for row in store.all(Sample)} == {"Zoë"}


def test_hostile_words_reach_no_terminal(store: Store, protocol: Protocol, cli) -> None:
    half_screened(store, protocol)
    cli("stopping", "--stop", "--note", "\x1b[31mred [bold]", "--reviewer", "ann")
    shown = cli("stopping").out
    assert "\x1b" not in shown
    assert "red [bold]" in shown


def test_blinded_reviewers_see_no_verdict_in_it(workspace: Path, store: Store, cli) -> None:
    from reviewkit.protocol import load_protocol

    make_workspace(workspace, reviewers=2)
    half_screened(store, load_protocol(workspace / "protocols" / "backpain.toml"), people=("ann", "bob"))
    before = cli("stopping").out, cli("stopping", "--json").out
    store.add(screened(range(READ + 1, READ + 30), relevant=range(RECORDS), people=["ann"]))
    assert (cli("stopping").out, cli("stopping", "--json").out) == before
