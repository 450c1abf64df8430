"""`reviewkit update` as a timer runs it and as a person reads it: exit status, JSON, what is printed and written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewkit.model.protocol import Protocol
from reviewkit.store import Store
from reviewkit.workspace import find_workspace
from tests.servers import faults
from tests.steps.updating import Changing, Review, made


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Changing]:
    with Changing(records=made(*range(1, 11))) as running:
        monkeypatch.setenv("REVIEWKIT_EUTILS_URL", running.url)
        monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
        yield running


@pytest.fixture
def review(workspace: Path, protocol: Protocol, store: Store, server: Changing) -> Review:
    """A finished review of May 2024: ten records, of which r1 and r2 are included."""
    found = Review(find_workspace(workspace).choose(None), protocol, store, server)
    found.search()
    found.decide_all({1, 2})
    return found


def timer(review: Review, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as cron does: no terminal, nothing but the environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "REVIEWKIT_CONFIG": os.devnull,
        "REVIEWKIT_EMAIL": "ann@example.org",
        "REVIEWKIT_EUTILS_URL": review.server.url,
    }
    return subprocess.run(
        [sys.executable, "-m", "reviewkit", "update", *words],
        cwd=review.folders.workspace.root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip


def test_a_timer_learns_from_the_exit_status_whether_there_is_work(review: Review) -> None:
    quiet = timer(review, "--json")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert json.loads(quiet.stdout)["done"]["new"] == []


def test_a_timer_finds_new_records_and_the_exit_status_says_so(review: Review) -> None:
    review.server.put(*made(101, 102), *made(1, notices=(("RetractionIn", "39000001"),)))
    found = timer(review, "--json")
    assert (found.returncode, found.stderr) == (10, "")
    said = json.loads(found.stdout)
    assert (said["done"]["update"], len(said["done"]["new"])) == (1, 2)
    assert (said["done"]["new"], said["report"]["grave"]) == (["r21", "r22"], ["r1"])
    assert [(each["database"], each["failed"]) for each in said["done"]["databases"]] == [("pubmed", False)]
    exports = review.folders.exports
    assert {path.name for path in exports.iterdir()} == {"update-1.md", "update-1.xlsx"}


def test_json_calls_records_and_studies_as_every_other_command_does(cli, review: Review) -> None:
    review.server.put(*made(101), *made(5, title="Quite another title than it had before"))
    review.server.put(*made(1, notices=(("RetractionIn", "39000001"),)))
    review.server.drop(30_000_007)
    done = json.loads(cli("update", "--json").out)
    review.decide_all({next(int(name[1:]) for name in done["done"]["new"])}, "2099-01-01")
    shown = json.loads(cli("update", "--show", "--json").out)["report"]
    for report in (done["report"], shown):
        (source,) = report["sources"]
        assert (report["new"], report["grave"], report["checked"][:2]) == (["r20"], ["r1"], ["r1", "r2"])
        assert source["records"] == report["new"] and len(source["new"]) == 1
        assert {change["record"] for change in source["changed"]} == {"r1", "r5"}
        assert [(name, notice["record"]) for name, (notice,) in report["notices"].items()] == [("r1", "r1")]
        assert [(name, flag["record"]) for name, flag in report["flags"].items()] == [("r1", "r1"), ("r5", "r5")]
        assert report["flags"]["r5"]["reasons"] == ["title changed since the decision"]
        assert {"r1", "r5", "r20"} <= {*report["state"]} == {*report["shown"]} == {*report["titles"]}
        assert source["gone"] == ["r7"]
    assert (shown["reports"], shown["studies"]) == (["r20"], ["s20"])
    assert _whole_numbers(shown) <= {"update", "waiting", "before_count", "count", "reported", "known", "n", "undoes"}


def _whole_numbers(tree: object, name: str = "") -> set[str]:
    """The names of all whole numbers in a tree of plain values."""
    if isinstance(tree, dict):
        return {found for key, value in tree.items() for found in _whole_numbers(value, key)}
    if isinstance(tree, list):
        return {found for value in tree for found in _whole_numbers(value, name)}
    return {name} if isinstance(tree, int) and not isinstance(tree, bool) else set()


def test_a_failure_has_its_own_exit_status_and_the_same_command_makes_up_for_it(cli, review: Review) -> None:
    review.server.put(*made(101))
    review.server.fail(faults.no_count("Empty term and query_key - nothing todo"), on="esearch", times=1000)
    failed = cli("update")
    assert failed.code == 1
    assert "FAILED: PubMed." in failed.err and "'reviewkit update' goes on from there" in failed.err
    review.server._troubles.clear()
    assert cli("update").code == 10


def test_a_person_reads_what_is_new_changed_gone_and_retracted(cli, review: Review) -> None:
    review.server.put(*made(101), *made(5, title="A title that is \u202enew"))
    review.server.put(*made(1, notices=(("RetractionIn", "39000001"),)))
    review.server.drop(30_000_007)
    shown = cli("update")
    assert shown.code == 10
    for text in (
        "Update 1\n",
        "10 on ",
        "(10 on 2024-05-01): 1 new here, 9 known, 1 no longer returned, 2 changed",
        "RETRACTION (PMID 39000001)",
        "title changed since the decision",
        "PubMed was asked about 2 included records",
        "1 new record.",
    ):
        assert text in shown.out
    assert "\u202e" not in shown.out
    again = cli("update", "--show")
    assert (again.code, "RETRACTION (PMID 39000001)" in again.out) == (0, True)

    status = cli("status")
    assert "RETRACTED, or of concern, among what is included: r1" in status.out
    assert "2 records changed after being decided on" in status.out
    notices = json.loads(cli("status", "--json").out)["status"]["notices"]
    assert (notices["grave"], notices["flagged"]) == (["r1"], ["r1", "r5"])
    decided = cli("decide", "r5", "exclude", "--criterion", "E1", "--reviewer", "ann")
    assert "r5 at title and abstract: excluded, E1 No exosomes." in decided.out
    assert "It was decided on before: title changed since the decision." in decided.out
    assert "1 record changed after being decided on" in cli("status").out


def test_the_record_files_tell_notices_and_flags(cli, review: Review) -> None:
    review.server.put(*made(5, title="Quite another title than it had before"))
    review.server.put(*made(1, notices=(("RetractionIn", "39000001"),)))
    cli("update")
    assert cli("export").code == 0
    records = (review.folders.exports / "records.csv").read_text(encoding="utf-8-sig")
    assert "Listed by PubMed: retraction (PMID 39000001)" in records
    assert "To look at again: title changed since the decision" in records
    report = (review.folders.exports / "report.html").read_text(encoding="utf-8")
    assert '<span class="flag">RETRACTED</span> PubMed lists: retraction (PMID 39000001).' in report


def test_what_must_be_exported_by_hand_is_listed_with_its_command(cli, review: Review, workspace: Path) -> None:
    path = workspace / "protocols" / "backpain.toml"
    more = '[[search]]\ndatabase = "google-scholar"\nstrategy = "exosomes"\n\n[[include]]'
    path.write_text(path.read_text(encoding="utf-8").replace("[[include]]", more, 1), encoding="utf-8")
    (workspace / "scholar.ris").write_text("TY  - JOUR\nTI  - Exosomes at last\nER  - \n", encoding="utf-8")
    shown = cli("update")
    assert shown.code == 0
    command = "reviewkit import FILE --database google-scholar --date YYYY-MM-DD --update 1"
    assert command in shown.out
    day = next(run.date for run in review.store.runs() if run.update)
    words = command.replace("FILE", "scholar.ris").replace("YYYY-MM-DD", day).split()[1:]
    assert cli(*words).code == 0
    later = cli("update")
    assert "google-scholar --date" not in later.out
    assert "Google Scholar" in later.out  # among the searches compared


def test_an_export_of_only_the_new_items_is_another_search_when_its_own_strategy_is_given(
    cli, review: Review, workspace: Path
) -> None:
    path = workspace / "protocols" / "backpain.toml"
    more = '[[search]]\ndatabase = "google-scholar"\nstrategy = "exosomes"\n\n[[include]]'
    path.write_text(path.read_text(encoding="utf-8").replace("[[include]]", more, 1), encoding="utf-8")

    def export(*titles: str, date: str, more: Sequence[str] = ()) -> dict[str, Any]:
        name = f"{date}.ris"
        entries = "".join(f"TY  - JOUR\nTI  - {title}\nAU  - Doe, J\nER  - \n" for title in titles)
        (workspace / name).write_text(entries, encoding="utf-8")
        assert cli("import", name, "--database", "google-scholar", "--date", date, *more).code == 0
        (source,) = json.loads(cli("update", "--show", "--json").out)["report"]["sources"] or [{}]
        return source

    first, second, third, fourth = (f"Vesicles in the {word} of four clinics" for word in ("1st", "2nd", "3rd", "4th"))
    export(first, second, date="2024-05-02")
    window = export(third, date="2024-06-01", more=("--update", "1", "--strategy", "exosomes (added since 2024-05-01)"))
    assert (len(window["new"]), window["gone"], window["incomparable"]) == (
        1, [], "the strategy or its limits changed"
    )  # fmt: skip
    whole = export(first, third, fourth, date="2024-07-01", more=("--update", "2"))
    assert (len(whole["new"]), whole["known"], whole["before_date"]) == (1, 2, "2024-05-02")
    assert (len(whole["gone"]), whole["incomparable"]) == (1, "")
    alone = export("A fifth clinic with vesicles of its own", date="2024-08-01", more=("--update", "3"))
    assert len(alone["gone"]) == 3  # taken for the very same search, as docs/updating.md warns


@pytest.mark.parametrize("since", ["yesterday", "2024-13-01", "2024"])
def test_a_day_that_is_none_is_a_mistake_in_the_command(cli, review: Review, since: str) -> None:
    refused = cli("update", "--since", since)
    assert (refused.code, f"'{since}' is neither a day" in refused.err) == (2, True)


def test_a_database_that_the_protocol_does_not_search_is_refused(cli, review: Review) -> None:
    refused = cli("update", "--database", "scopus")
    assert (refused.code, "there is none for 'scopus', only for pubmed" in refused.err) == (1, True)


def test_status_names_the_databases_whose_searches_are_old(cli, review: Review) -> None:
    said = cli("status").out
    assert "within 12 months before publication, better 6 (Cochrane MECIR C37): reviewkit update." in said
    assert "PubMed 2024-05-01" in said


def test_a_check_that_came_with_the_folders_is_loaded_without_a_network(cli, review: Review, workspace: Path) -> None:
    review.server.put(*made(1, notices=(("RetractionIn", "39000001"),)))
    cli("archive")
    cli("update")
    for path in workspace.glob("reviewkit.db*"):
        path.rename(path.with_suffix(".old"))
    assert cli("restore").code == 0
    assert "RETRACTED, or of concern, among what is included: r1" in cli("status").out
    assert "Nothing to load" in cli("search", "--recorded").out
