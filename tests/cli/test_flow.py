"""`reviewkit flow` as its users see it."""

import json
from collections.abc import Callable

from reviewkit.model.protocol import Protocol
from reviewkit.store import Store
from tests.build import add_run, citation
from tests.steps.review_to_export import fill


def test_the_counts_are_shown_with_their_keys(cli: Callable, store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    shown = cli("flow")
    assert shown.code == 0
    line = next(line for line in shown.out.splitlines() if "Reports excluded" in line)
    assert line.split() == ["Reports", "excluded", "2", "excluded-full-text"]
    assert "--list" in shown.out


def test_the_records_behind_a_number_are_listed(cli: Callable, store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    shown = cli("flow", "--list", "excluded:human:E1")
    assert "No exosomes (n = 1)" in shown.out
    assert "r7" in shown.out
    assert "r2" not in shown.out


def test_json_gives_every_box_with_its_ids(cli: Callable, store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    tree = json.loads(cli("flow", "--json").out)
    boxes = {box["key"]: box for box in tree["boxes"]}
    assert boxes["excluded"]["ids"] == [2, 7]
    assert boxes["not-yet-screened"]["n"] == 0
    listed = json.loads(cli("flow", "--list", "ongoing", "--json").out)
    assert [entry["id"] for entry in listed["entries"]] == ["r9"]


def test_an_unknown_box_is_one_clear_line(cli: Callable, store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    result = cli("flow", "--list", "excludet")
    assert result.code == 1
    assert result.err.startswith("Error: There is no box 'excludet' in the flow; the boxes are: identified")


def test_text_from_outside_cannot_steer_the_terminal(cli: Callable, store: Store) -> None:
    add_run(store, [citation(title="\x1b[2J\x1b]0;owned\x07[red]Title[/red]")])
    shown = cli("flow", "--list", "identified")
    assert "\x1b" not in shown.out
    assert "\x07" not in shown.out
    assert "[red]Title[/red]" in shown.out


def test_an_empty_review_has_a_flow_of_zeros(cli: Callable) -> None:
    shown = cli("flow")
    assert shown.code == 0
    assert "identified" in shown.out
