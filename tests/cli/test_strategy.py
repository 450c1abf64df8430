"""Strategies as their user sees them: checked, counted, translated, and tested by known papers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.build import protocol_text
from tests.conftest import Result
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_query import answer_from, records_of
from tests.steps.papers import LINES, PAPERS

Cli = Callable[..., Result]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EutilsServer]:
    with EutilsServer(records=records_of(PAPERS), select=answer_from(PAPERS)) as running:
        monkeypatch.setenv("REVIEWKIT_EUTILS_URL", running.url)
        monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
        monkeypatch.setenv("NCBI_API_KEY", "0123456789abcdef0123456789abcdef0123")
        yield running


@pytest.fixture
def write(workspace: Path) -> Callable[..., None]:
    """Write a PubMed strategy and known papers into the protocol."""

    def write(strategy: str, *must_find: str) -> None:
        text = protocol_text().replace(
            'strategy = "exosomes AND back pain"', f"strategy = '''{strategy}'''\npublished_from = 2000-01-01"
        )
        known = f"must_find = {json.dumps(must_find)}\n" if must_find else ""
        (workspace / "protocols" / "backpain.toml").write_text(known + text, encoding="utf-8")

    return write


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_mistake_is_shown_with_a_caret_under_it(cli: Cli, write: Callable[..., None]) -> None:
    write("(pain[ti]\nOR back[ti]")
    result = cli("strategy", "check")
    assert result.code == 1
    assert "error row 1, column 1: this bracket is never closed [unbalanced-bracket]\n" in result.out
    assert "      (pain[ti]\n      ^\n      -> add ) where its group ends\n" in result.out
    (facts,) = json.loads(cli("strategy", "check", "--json").out)
    assert facts["findings"][0]["rule"] == "unbalanced-bracket"
    assert facts["findings"][0]["severity"] == "error"


def test_a_search_with_a_mistake_sends_nothing_unless_told_to(
    cli: Cli, server: EutilsServer, write: Callable[..., None]
) -> None:
    write("pai*[ti] OR exosom*[ti]")
    result = cli("search")
    assert (result.code, result.out) == (1, "")
    assert "Error: The strategies have 1 mistake, so nothing was searched." in result.err
    assert "PubMed, row 1, column 1: 'pai*': PubMed needs at least four letters before *" in result.err
    assert server.log == []
    assert cli("search", "--anyway").code == 0
    assert cli("check").code == 1


def test_what_is_doubtful_is_said_with_the_search(cli: Cli, server: EutilsServer, write: Callable[..., None]) -> None:
    write("exosom*[tiab] NOT mice[ti]")
    result = cli("search")
    assert result.code == 0
    assert "row 1, column 15: NOT takes away every record that mentions mice[ti]" in result.err
    assert "Strategy warning: PubMed, row 1, column 15" in cli("check").out
    facts = json.loads(cli("search", "--json").out)
    assert facts["strategies"][0]["findings"][0]["rule"] == "not-on-the-whole"


def test_a_dry_run_shows_every_line_and_writes_nothing(
    cli: Cli, server: EutilsServer, write: Callable[..., None], workspace: Path
) -> None:
    write(LINES)
    before = files(workspace)
    result = cli("search", "--dry-run")
    assert result.code == 0
    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    assert '#1 "low back pain"[mesh] 2' in lines
    assert "#6 (#3 AND #4) NOT #5 5" in lines
    assert result.out.endswith("Next: reviewkit search\n")
    (count,) = json.loads(cli("search", "--dry-run", "--json").out)["strategies"]
    assert (count["reported"], [line["count"] for line in count["lines"]]) == (3, [2, 37, 37, 7, 1, 5])
    assert files(workspace) == before
    assert server.asked("efetch") == []


def test_a_dry_run_that_cannot_ask_is_no_success(
    cli: Cli, server: EutilsServer, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REVIEWKIT_EMAIL")
    result = cli("search", "--dry-run")
    assert result.code == 1
    assert "PubMed asks for an e-mail address" in result.out


def test_a_run_keeps_and_shows_what_each_line_found(cli: Cli, server: EutilsServer, write: Callable[..., None]) -> None:
    write(LINES)
    result = cli("search", "--searcher", "Ann Searcher")
    assert result.code == 0
    assert "#4    exosom*[tiab]" in result.out
    (run,) = json.loads(cli("search", "--json").out)["skipped"]
    assert run["searcher"] == "Ann Searcher"
    assert [(line["label"], line["count"]) for line in run["lines"]] == [
        ("1", 2), ("2", 37), ("3", 37), ("4", 7), ("5", 1), ("6", 5),
    ]  # fmt: skip


def test_a_count_that_fails_does_not_fail_the_search(
    cli: Cli, server: EutilsServer, write: Callable[..., None]
) -> None:
    write(LINES)
    whole = json.loads(cli("search", "--json").out)["runs"][0]
    asked = len(server.asked("esearch")) - 6  # those of the search itself
    server.fail(faults.too_many("0"), on="esearch", times=99, after=asked + 1)
    result = cli("search", "--again", "--json")
    assert result.code == 0
    (run,) = json.loads(result.out)["runs"]
    assert (run["retrieved"], run["complete"]) == (whole["retrieved"], True)
    assert [line["count"] for line in run["lines"]] == [2, -1, -1, -1, -1, -1]
    assert "the lines from #2 on could not be counted" in run["warnings"][-1]


def test_known_papers_are_looked_for_after_a_search_and_the_reason_is_asked(
    cli: Cli, server: EutilsServer, write: Callable[..., None]
) -> None:
    write(LINES, "PMID 2", "PMID 4", "PMID 99")
    assert cli("strategy", "known").out.startswith("Nothing was searched yet.")
    result = cli("search")
    assert result.code == 0
    assert "Known papers (must_find): 1 of 3 found, 2 MISSED" in result.out
    assert "'reviewkit strategy known --online' asks the databases why." in result.out
    asked = len(server.log)
    offline = cli("strategy", "known")
    assert (offline.code, len(server.log)) == (1, asked)
    assert "MISSED  PMID 4\n            PubMed: its search did not bring it" in offline.out
    online = cli("strategy", "known", "--online")
    assert "PubMed holds it, but NOT takes it away, because it matches line #5" in online.out
    assert "PubMed does not hold it (asked as 99[uid])" in online.out
    facts = json.loads(cli("strategy", "known", "--json").out)
    assert [item["name"] for item in facts["missed"]] == ["PMID 4", "PMID 99"]
    assert [item["name"] for item in json.loads(cli("search", "--json").out)["known"]["found"]] == ["PMID 2"]


def test_when_every_known_paper_was_found_all_is_well(
    cli: Cli, server: EutilsServer, write: Callable[..., None]
) -> None:
    write(LINES, "PMID 2")
    cli("search")
    result = cli("strategy", "known")
    assert (result.code, result.out.splitlines()[0]) == (0, "Known paper (must_find): 1 of 1 found")
    write(LINES)
    assert "The protocol names no known papers." in cli("strategy", "known").out


def test_counts_are_asked_only_with_online(cli: Cli, server: EutilsServer, write: Callable[..., None]) -> None:
    write(LINES.replace(" NOT #5", "").replace("#5 mice[ti]\n", ""))
    assert cli("strategy", "check").out.endswith("--online asks the databases what every term adds.\n")
    assert server.log == []
    result = cli("strategy", "check", "--online")
    assert result.code == 0
    assert "warning line #2: lumbagoo[tiab] finds no record at all [finds-nothing]" in result.out
    assert "records without its limits (" in result.out
    facts = json.loads(cli("strategy", "check", "--online", "--json").out)
    assert facts[0]["online"]["asked"] > 5


def test_a_translation_is_loudly_a_proposal_and_changes_nothing(
    cli: Cli, write: Callable[..., None], workspace: Path
) -> None:
    write('"low back pain"[mesh] AND (exosom*[tiab] OR medline[sb])')
    protocol = (workspace / "protocols" / "backpain.toml").read_bytes()
    result = cli("strategy", "translate", "--to", "scopus", "--to", "web-of-science")
    assert result.code == 0
    assert "Scopus: A PROPOSAL, NOT A STRATEGY\nTo be checked by a person who knows the database" in result.out
    assert 'TITLE-ABS-KEY("low back pain") AND TITLE-ABS(exosom*)' in result.out
    assert "NOT CARRIED OVER, because the database has nothing like it:\n  - medline[sb]" in result.out
    assert "search-query 0." in result.out
    assert (workspace / "protocols" / "backpain.toml").read_bytes() == protocol
    facts = json.loads(cli("strategy", "translate", "--to", "embase", "--json").out)
    assert (facts["to_be_checked"], facts["proposals"][0]["lost"]) == (True, ["medline[sb]"])
    assert "can be translated for: scopus" in cli("strategy", "translate", "--to", "nowhere").err


def test_hostile_text_in_a_strategy_does_not_steer_the_terminal(cli: Cli, write: Callable[..., None]) -> None:
    write("(pa\u009b31m[ti] [bold]x[/bold]\u202e")
    result = cli("strategy", "check")
    assert result.code == 1
    assert "\x9b" not in result.out
    assert "\u202e" not in result.out
