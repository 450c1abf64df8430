"""The order of relevance on the terminal: the list, one record's reasons, and the screening page that goes by it."""

import json
import time
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision
from reviewkit.store import Store
from tests.build import add_run, citation, decision
from tests.cli.terminal import PATIENCE, Terminal
from tests.ranked import invented, is_wanted, relevance_text

COUNT = 200
RELEVANT = {record for record in range(1, COUNT + 1) if is_wanted(record)}
KNOWN = 'must_find = ["10.1/none", "PMID 77"]\n'


@pytest.fixture
def ranked(workspace: Path, store: Store) -> Path:
    """A workspace of 200 records, ten of them wanted, that shows the most relevant first."""
    (workspace / "protocols" / "backpain.toml").write_text(KNOWN + relevance_text(), encoding="utf-8")
    add_run(store, invented(COUNT))
    return workspace


def test_the_list_shows_the_most_relevant_first_and_says_what_it_was_learned_from(ranked: Path, cli, store: Store):
    add_run(store, [citation(title="\x1b[31mA known one\x1b[0m", pmid="77")], database="scopus")
    shown = cli("rank", "--top", "3")
    assert shown.code == 0
    assert "201 records at title and abstract, the most relevant first" in shown.out
    assert "A known one" in shown.out
    assert "\x1b" not in shown.out
    assert "Learned from the protocol's own words, as nothing" in shown.out
    assert "A score is no probability" in shown.out
    assert "Known paper 10.1/none was not found by any search." in shown.out
    assert f"Known paper PMID 77 is r{COUNT + 1}." in shown.out
    store.add([decision(r, "exclude") for r in (1, 2, 3)])
    assert "Learned from 3 decided records and the protocol's own words." in cli("rank", "--reviewer", "ann").out
    assert store.count(Decision) == 3


def test_json_holds_the_same(ranked: Path, cli):
    told = json.loads(cli("rank", "--top", "10", "--json").out)
    assert {int(each["id"][1:]) for each in told["first"]} == RELEVANT
    assert [each["place"] for each in told["first"]] == list(range(1, 11))
    assert [each["score"] for each in told["first"]] == sorted((each["score"] for each in told["first"]), reverse=True)
    assert (told["stage"], told["reviewer"], told["learned"], told["waiting"]) == ("title-abstract", "", 0, COUNT)
    assert told["known"] == [{"paper": "10.1/none", "id": ""}, {"paper": "PMID 77", "id": ""}]


def test_one_record_is_explained_by_words_with_signs_and_bars(ranked: Path, cli, store: Store):
    store.add([decision(r, "include" if is_wanted(r) else "exclude") for r in range(1, 60)])
    shown = cli("rank", "--explain", "r100").out
    assert "r100 comes at place" in shown
    assert "of 141: Exosomes for back pain, part 100" in shown
    up, down = shown.split("Carried up by")[1].split("Carried down by")
    assert "exosomes" in up
    assert "++++" in up
    assert "records title" in up
    assert "--" not in up
    assert "score" in down
    decided = cli("rank", "--explain", "r1").out
    assert "r1 does not wait to be screened: " in decided
    assert "----" in decided
    told = json.loads(cli("rank", "--explain", "r100", "--json").out)
    parts = told["why"]
    total = sum(word["worth"] for word in parts["words"]) + parts["others"] + parts["year"] + parts["base"]
    assert total == pytest.approx(parts["score"], abs=1e-5)
    assert told["asked"]["id"] == "r100"


def test_a_record_that_is_not_there_and_a_name_that_is_none_are_refused(ranked: Path, cli):
    assert cli("rank", "--explain", "r999").code == 1
    assert cli("rank", "--explain", "elephant").code == 1
    assert cli("rank", "--top", "0").code == 2


def test_an_empty_review_has_an_empty_list(workspace: Path, cli):
    assert cli("rank").code == 0


def test_at_full_text_only_what_got_there_is_listed(ranked: Path, cli, store: Store):
    store.add([decision(r, "include" if r in (40, 5) else "exclude") for r in range(1, 101)])
    told = json.loads(cli("rank", "--stage", "full-text", "--json").out)
    assert [each["id"] for each in told["first"]] == ["r40", "r5"]
    assert told["learned"] == 98


# --- the screening page --------------------------------------------------------------------------------------


def screen(folder: Path, *more: str) -> Terminal:
    return Terminal(folder, "screen", "--reviewer", "ann", *more, rows=40, columns=120)


def wait_for_order(workspace: Path) -> None:
    """Wait until the first order is kept; it is told right after that."""
    until = time.monotonic() + PATIENCE
    while not list((workspace / ".cache").glob("*-order-first.json")):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.5)


def record_on(screen: str) -> int:
    return int(screen.split()[0].removeprefix("r"))


def test_a_reviewer_is_shown_the_included_ones_first_asks_why_quits_and_goes_on(ranked: Path, store: Store):
    with screen(ranked) as ann:
        ann.see("r1   0 of 200 decided", "by id, learning", "q quit")
        ann.press("w", "came before the order of relevance", "q quit")
        wait_for_order(ranked)
        shown = ann.press("x", "1 of 200 decided", "by relevance", "q quit")
        number, seen = 1, []
        while len(seen) < len(RELEVANT):
            seen.append(record_on(shown))
            number += 1
            shown = ann.press("i" if is_wanted(seen[-1]) else "x", f"{number} of 200 decided", "q quit")
        assert set(seen) == RELEVANT
        why = ann.press("w", f"Why r{record_on(shown)} is here", "Carried down by", "Any key goes back")
        assert "A score is no probability" in " ".join(why.split())
        assert "decided record" in why
        ann.press("i", f"{number} of 200 decided", "q quit")  # decides nothing
        ann.child.send("q")
        ann.until_end()
    made = store.all(Decision)
    assert made[0].order == "id"
    learned = [int(row.order.removeprefix("relevance:")) for row in made[1:]]
    assert learned == sorted(learned)
    assert all(count < row.n for count, row in zip(learned, made[1:], strict=True))
    with screen(ranked) as ann:
        shown = ann.see(f"{number} of 200 decided", "by relevance", "q quit")  # at once
        assert record_on(shown) not in {row.record for row in made}


def test_on_a_narrow_screen_the_order_gives_way_to_what_is_decided(ranked: Path):
    for columns, there in ((80, True), (60, False)):
        with Terminal(ranked, "screen", "--reviewer", "ann", rows=24, columns=columns) as ann:
            shown = ann.see("of 200 decided", "Title and abstract", "q quit")
            assert ("by id, learning" in shown or "by relevance" in shown) is there


def test_another_order_for_one_sitting_changes_nothing_that_was_decided(ranked: Path, store: Store):
    store.add([decision(20, "include", order="relevance:0")])
    with screen(ranked, "--order", "id") as ann:
        shown = ann.see("r1   1 of 200 decided", "q quit")
        assert "relevance" not in shown
        ann.press("w", "No word carried this record here; 'reviewkit rank --explain'")
        ann.press("x", "r2   2 of 200 decided")
    with screen(ranked, "--order", "newest") as ann:
        ann.see("r19   2 of 200 decided", "newest first")
        ann.press("x", "r39   3 of 200 decided")
    with screen(ranked, "--order", "random") as ann:
        first = record_on(ann.see("3 of 200 decided", "random order", "q quit"))
    with screen(ranked, "--order", "random") as ann:
        assert record_on(ann.see("3 of 200 decided", "random order", "q quit")) == first
    assert [(row.record, row.order) for row in store.all(Decision)] == [
        (20, "relevance:0"), (1, "id"), (19, "newest"),
    ]  # fmt: skip
    assert not (ranked / ".cache").exists()


def test_a_criterion_has_no_key_that_means_something_else():
    from reviewkit.cli.screening import _AT_FULL_TEXT, _CRITERION_KEYS, _OTHER, _VERDICTS

    taken = [*_VERDICTS, *_AT_FULL_TEXT, *(key for key, _ in _OTHER), "x"]
    assert len({*taken, *_CRITERION_KEYS}) == len(taken) + len(_CRITERION_KEYS)
