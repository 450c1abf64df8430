import json
from pathlib import Path

import pytest

from reviewkit.store import Store
from tests.build import add_run, citation, decision, make_workspace


def last_line(out: str) -> str:
    return out.splitlines()[-1].strip()


def test_a_review_that_has_not_begun_is_told_to_search(workspace: Path, cli) -> None:
    shown = cli("status")
    assert shown.code == 0
    assert "No search so far." in shown.out
    assert last_line(shown.out) == "reviewkit search"
    assert [path.name for path in workspace.iterdir()] == ["protocols"]  # looking makes nothing


def test_where_a_review_stands_is_shown_stage_by_stage(store: Store, workspace: Path, cli) -> None:
    add_run(store, [citation(title=f"Study {n * 7919}", authors=(f"N{n}son A",)) for n in range(3)])
    store.add([decision(1, "include"), decision(2, "exclude", criterion="E1")])

    shown = cli("status").out

    assert "3 records identified, 0 duplicates among them" in shown
    assert "Title and abstract: 3 records, on each of which one person decides" in shown
    assert "1 to be screened, 1 included, 1 excluded" in shown
    assert "ann: 2 done, 1 left" in shown
    assert "Next (1 record to be screened at title and abstract):" in shown
    assert last_line(shown) == "reviewkit screen --reviewer ann"
    assert last_line(cli("status", "--reviewer", "bob").out) == "reviewkit screen --reviewer bob"
    assert last_line(cli("status", "--reviewer", "Ann").out) == "reviewkit screen --reviewer ann"  # one person


def test_counts_of_one_and_removals_are_worded_as_what_they_are(store: Store, cli) -> None:
    add_run(store, [citation(title="One thing", authors=("Ason A",))])
    add_run(store, [citation(title="Another thing", authors=("Bson A",))])
    assert cli("decide", "remove", "r1", "--automation", "classifier", "--reason", "not a trial").code == 0
    shown = cli("status").out
    assert "        1 record\n" in shown
    assert "1 removed before screening, by people or automation tools" in shown


def test_the_records_of_an_update_are_shown_apart(store: Store, cli) -> None:
    add_run(store, [citation(title="One thing", authors=("Ason A",))])
    add_run(store, [citation(title=f"Other {n * 7919}", authors=(f"B{n}son B",)) for n in range(2)], "scopus",
            date="2024-09-01", update=1)  # fmt: skip
    store.add([decision(1, "exclude", criterion="E1")])

    shown = cli("status").out
    assert "Update 1 of 2024-09-01: 2 new records, which wait to be screened" in shown
    assert "2024-09-01        2 records  update 1" in shown

    store.add([decision(2, "exclude", criterion="E1")])
    assert "Update 1 of 2024-09-01: 2 new records, 1 of which waits to be screened" in cli("status").out


def test_what_a_blinded_reviewer_decided_is_not_in_the_json_either(store: Store, workspace: Path, cli) -> None:
    make_workspace(workspace, reviewers=2)
    add_run(store, [citation()])
    store.add([decision(1, "exclude", by="ann", criterion="E1", note="my secret reason")])

    told = cli("status", "--json").out

    assert "secret" not in told
    assert "E1" not in told
    status = json.loads(told)["status"]
    assert status["stages"][0]["states"] == {
        "pending": 1, "conflict": 0, "included": 0, "excluded": 0, "not-retrieved": 0, "awaiting": 0, "ongoing": 0,
    }  # fmt: skip
    assert status["stages"][0]["people"] == [{"name": "ann", "done": 1, "left": 0}]
    assert json.loads(told)["next"]["command"] == "reviewkit screen --reviewer NAME"


def test_an_interrupted_search_is_told_in_words(store: Store, workspace: Path, cli) -> None:
    (workspace / "searches" / "backpain" / ".running-scopus-0123abcd").mkdir(parents=True)
    told = "A search is going on or was interrupted (scopus-0123abcd); the command that began it goes on with it."
    assert f"Note: {told}\n" in cli("status").out


def test_a_search_that_is_a_year_old_is_pointed_out(store: Store, cli) -> None:
    add_run(store, [citation()], date="2020-01-01")
    assert "Searches should be run again within 12 months before publication" in cli("status").out


def test_a_reviewers_name_that_needs_quotes_is_quoted(store: Store, cli) -> None:
    add_run(store, [citation(), citation(title="Another matter")])
    store.add([decision(1, "include", by="O'Neill, Ann")])
    assert last_line(cli("status").out) == """reviewkit screen --reviewer 'O'"'"'Neill, Ann'"""


def test_outside_a_workspace_the_way_out_is_named(tmp_path: Path, monkeypatch, cli) -> None:
    monkeypatch.chdir(tmp_path)
    shown = cli("status")
    assert (shown.code, shown.out) == (1, "")
    assert "is not inside a reviewkit workspace" in shown.err
    assert "reviewkit init" in shown.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/reviews", "Check what REVIEWKIT_DATABASE_URL says, and that the server"),
        ("sqlite:////nowhere/at/all/reviewkit.db", "Check that its folder is there, and that you may write in it."),
    ],
)
def test_a_database_that_cannot_be_opened_says_what_to_look_at(
    workspace: Path, cli, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("REVIEWKIT_DATABASE_URL", url)
    assert said in cli("conflicts").err
