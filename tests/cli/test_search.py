"""`reviewkit search` as its user sees it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.build import protocol_text
from tests.conftest import Result
from tests.servers import faults
from tests.servers.eutils import EutilsServer

KEY = "0123456789abcdef0123456789abcdef0123"
Cli = Callable[..., Result]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EutilsServer]:
    with EutilsServer(records=30) as running:
        monkeypatch.setenv("REVIEWKIT_EUTILS_URL", running.url)
        monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
        monkeypatch.setenv("NCBI_API_KEY", KEY)  # ten requests a second: quicker tests
        yield running


def test_a_search_says_what_came_where_it_is_and_what_to_do_next(cli: Cli, server: EutilsServer) -> None:
    result = cli("search")
    assert result.code == 0
    assert "reported     30\n" in result.out
    assert "retrieved    30\n" in result.out
    assert "(exosomes AND back pain) AND english[la]" in result.out
    assert "searches/backpain/" in result.out
    assert result.out.endswith("Next: reviewkit dedupe\n")
    assert result.err == ""


def test_with_several_reviews_every_next_command_names_this_one(
    cli: Cli, server: EutilsServer, workspace: Path
) -> None:
    text = protocol_text().replace("[[include]]", '[[search]]\ndatabase = "scopus"\nstrategy = "x"\n\n[[include]]')
    for review in ("backpain", "shoulder"):
        (workspace / "protocols" / f"{review}.toml").write_text(text, encoding="utf-8")
    said = cli("search", "--review", "shoulder").out
    assert "reviewkit import FILE --database scopus --date YYYY-MM-DD --review shoulder\n" in said
    assert said.endswith("Next: reviewkit dedupe --review shoulder\n")
    assert "'reviewkit search --again --review shoulder'" in cli("search", "--review", "shoulder").out


def test_a_database_is_known_by_its_label_and_in_any_case(cli: Cli, server: EutilsServer) -> None:
    assert "retrieved    30\n" in cli("search", "--database", "PubMed").out


def test_an_address_that_is_none_names_its_setting(
    cli: Cli, server: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWKIT_EUTILS_URL", "not an address")
    assert "mend the REVIEWKIT_..._URL that names it" in cli("search").err


def test_without_an_email_the_way_to_set_one_is_told(
    cli: Cli, server: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REVIEWKIT_EMAIL")
    result = cli("search")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Error: PubMed asks for an e-mail address")
    assert server.log == []


def test_scripts_get_every_fact_as_json(cli: Cli, server: EutilsServer) -> None:
    facts = json.loads(cli("search", "--json").out)
    (run,) = facts["runs"]
    assert (run["reported"], run["retrieved"], run["complete"], run["kind"]) == (30, 30, True, "database")
    assert Path(run["path"], "search.toml").is_file()
    again = json.loads(cli("search", "--json").out)
    assert (again["runs"], [run["id"] for run in again["skipped"]]) == ([], [run["id"]])


def test_a_second_search_says_that_there_was_one(cli: Cli, server: EutilsServer) -> None:
    cli("search")
    assert len(server.log) == 3
    result = cli("search")
    assert result.code == 0
    assert "with this strategy (30 records, run " in result.out
    asked = len(server.log)
    assert cli("search", "--again").code == 0
    assert len(server.log) == 2 * asked == 6


def test_warnings_are_shown_and_hostile_ones_are_harmless(cli: Cli, server: EutilsServer) -> None:
    server.extra = (
        "<ErrorList><PhraseNotFound>fleegle&#x9b;31m [bold]x[/bold]</PhraseNotFound></ErrorList>"
        "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    )
    result = cli("search")
    assert "warning      PubMed does not know 'fleegle 31m [bold]x[/bold]'" in result.out
    assert "No items found. (OutputMessage)" in result.out
    assert "\x9b" not in result.out


def test_an_incomplete_search_is_said_loudly_and_is_no_success(cli: Cli, server: EutilsServer) -> None:
    busy = faults.too_many("0")  # so that asking again does not wait
    server.withheld = {30_000_001, 30_000_002}
    server.fail(lambda right: right if len(server.log) % 2 else busy(right), times=99)
    result = cli("search")
    assert result.code == 1
    assert "listed and not sent: PMID 30000001, 30000002. 28 records lie ready, and the same command" in result.err
    result = cli("search")
    assert result.code == 1
    assert "INCOMPLETE: run " in result.err
    assert "brought 28 of 30 records" in result.err
    assert "listed and not sent: PMID 30000001, 30000002" in result.out
    assert cli("search").code == 1


def test_a_wrong_key_is_told_and_never_repeated(cli: Cli, server: EutilsServer, workspace: Path) -> None:
    server.keys = set()
    result = cli("search")
    assert result.code == 1
    assert result.err.startswith("Error: The search in PubMed stopped: NCBI does not accept the API key. Nothing was")
    assert KEY not in result.out + result.err
    assert not list((workspace / "searches").rglob("*.gz"))


def test_waiting_is_announced(cli: Cli, server: EutilsServer) -> None:
    server.fail(faults.too_many("1"))
    result = cli("search")
    assert result.code == 0
    assert "requests come too fast (429); asking again in 1 s" in result.err


def test_recorded_searches_are_loaded_without_any_network(
    cli: Cli, server: EutilsServer, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("search")
    asked = len(server.log)
    for path in workspace.glob("reviewkit.db*"):
        path.unlink()
    monkeypatch.delenv("REVIEWKIT_EMAIL")
    monkeypatch.setenv("REVIEWKIT_EUTILS_URL", "http://127.0.0.1:1/")
    result = cli("search", "--recorded")
    assert result.code == 0
    assert "30 records" in result.out
    assert "Nothing to load: every run in searches/ is in the database." in cli("search", "--recorded").out
    assert len(server.log) == asked


def test_a_run_that_was_received_before_is_loaded_and_said(cli: Cli, server: EutilsServer, workspace: Path) -> None:
    cli("search")
    for path in workspace.glob("reviewkit.db*"):
        path.unlink()
    result = cli("search")
    assert "which was in searches/ and not in the database (30 records)" in result.out
    assert result.code == 0


def test_a_search_killed_in_the_middle_is_made_whole_by_the_same_command(
    cli: Cli, server: EutilsServer, workspace: Path
) -> None:
    reached, release = threading.Event(), threading.Event()

    def hold(right: faults.Reply) -> faults.Reply:
        reached.set()
        release.wait(60)
        return right

    server.fail(hold)
    process = subprocess.Popen([sys.executable, "-m", "reviewkit", "search"], cwd=workspace, env=os.environ)
    assert reached.wait(60)
    (left,) = (workspace / "searches" / "backpain").glob(".running-pubmed-*")
    assert {path.name for path in left.iterdir()} == {"search.toml", "0000-esearch.xml.gz"}
    process.send_signal(signal.SIGKILL)
    process.wait()
    release.set()
    asked = len(server.log)
    assert "went on from where an interrupted search had ended" in cli("search").out
    assert [later.utility for later in server.log[asked:]] == ["efetch", "esearch"]
    assert not left.exists()
    runs = json.loads(cli("search", "--json").out)["skipped"]
    assert [(run["retrieved"], run["first"]) for run in runs] == [(30, 1)]
