"""`reviewkit citations` as its user sees it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.servers import faults
from tests.servers.europe_pmc import EuropePmcServer
from tests.servers.openalex import OpenAlexServer, shortened, used_up
from tests.servers.works import Work

KEY = "openalex-key-0123456789"
WORKS = (
    Work(1, title="Exosomes for back pain", cites=(10, 11), unmatched=("A thesis on pain",)),
    Work(10, year=1999),
    Work(11, year=1999),
    Work(20, year=2024, cites=(1,)),
)
RIS = "".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Möller, Jane A.\nPY  - {year}\n{number}ER  - \n"
    for title, year, number in (
        ("Exosomes for back pain", 2020, "DO  - 10.1234/made-up.1\n"),
        ("Vesicles nobody indexes", 2020, "DO  - 10.9999/unknown\n"),
        ("A report without a number", 2020, ""),
        ("Exosomes in back pain, study number 10", 1999, "DO  - 10.1234/made-up.10\n"),
    )
)
Cli = Callable[..., Result]


@pytest.fixture
def openalex(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAlexServer]:
    with OpenAlexServer(works=WORKS) as running:
        monkeypatch.setenv("REVIEWKIT_OPENALEX_URL", running.url)
        monkeypatch.setenv("OPENALEX_API_KEY", KEY)
        yield running


@pytest.fixture
def reviewed(cli: Cli, workspace: Path, openalex: OpenAlexServer) -> Cli:
    """A review with three included records of four."""
    (workspace / "export.ris").write_text(RIS, encoding="utf-8")
    assert cli("import", "export.ris", "--database", "scopus", "--date", "2024-03-18").code == 0
    assert cli("dedupe", "--rules-only").code == 0
    for record in ("r1", "r2", "r3"):
        for stage in ("title-abstract", "full-text"):
            assert cli("decide", record, "include", "--stage", stage, "--reviewer", "ann").code == 0
    return cli


def test_it_says_what_each_seed_brought_and_what_nobody_could_be_asked_for(reviewed: Cli) -> None:
    result = reviewed("citations")
    assert result.code == 0
    assert "       2  backward  r1 (DOI 10.1234/made-up.1)\n" in result.out
    assert "       -  backward  r2 (DOI 10.9999/unknown)\n" in result.out
    assert "       1  forward   r1 (DOI 10.1234/made-up.1)\n" in result.out
    assert "  retrieved    3\n" in result.out
    assert result.out.endswith("Next: reviewkit dedupe\n")
    assert "OpenAlex does not know r2 (DOI 10.9999/unknown); nothing was asked from it." in result.err
    assert "r3 has neither PMID nor DOI" in result.err


def test_the_flow_counts_it_under_other_methods_and_only_what_is_new_is_left_to_screen(reviewed: Cli) -> None:
    reviewed("citations")
    reviewed("dedupe", "--rules-only")
    boxes = {box["key"]: box["n"] for box in flatten(json.loads(reviewed("flow", "--json").out))}
    assert boxes["other-methods:citation-searching"] == 3
    assert boxes["other-methods:duplicates"] == 1
    assert boxes["other-methods:not-yet-screened"] == 2
    assert boxes["databases:scopus"] == 4


def flatten(value: object) -> list[dict[str, object]]:
    """Every box of a flow, wherever it stands."""
    if isinstance(value, list):
        return [box for item in value for box in flatten(item)]
    if not isinstance(value, dict):
        return []
    return [*([value] if "key" in value and "n" in value else []), *flatten(list(value.values()))]


def test_asked_again_it_asks_nothing_twice(reviewed: Cli, openalex: OpenAlexServer) -> None:
    reviewed("citations")
    asked = len(openalex.log)
    result = reviewed("citations")
    assert (result.code, len(openalex.log)) == (0, asked)
    assert (
        "Nothing to ask: 2 seeds asked for before in this round and not again; 'reviewkit citations --again' does."
        in result.out
    )
    assert "r3 has neither" in result.err


def test_a_dry_run_keeps_nothing(reviewed: Cli, workspace: Path) -> None:
    result = reviewed("citations", "--dry-run")
    assert "       3  in all" in result.out
    assert "Counted only; nothing was kept.\n" in result.out
    assert list(workspace.glob("searches/*/*citation*")) == []


def test_it_can_start_from_a_record_or_an_identifier_and_go_one_way(reviewed: Cli) -> None:
    found = json.loads(reviewed("citations", "--record", "r4", "--seed", "30000001", "--forward", "--json").out)
    assert [(link["seed"], link["direction"], link["count"]) for link in found["links"]] == [
        ("r4", "forward", 1),
        ("PMID 30000001", "forward", 1),
    ]
    assert found["run"]["database"] == "citation-searching"
    assert found["run"]["path"].endswith("-citation-searching")


def test_json_names_every_seed_that_could_not_be_asked_for(reviewed: Cli) -> None:
    found = json.loads(reviewed("citations", "--json", "--dry-run").out)
    assert (found["unknown"], found["without_identifier"], found["run"]) == (["r2"], ["r3"], None)
    assert found["links"][0] == {
        "seed": "r1",
        "direction": "backward",
        "identifiers": ["doi:10.1234/made-up.1"],
        "known": True,
        "numbers": ["W4300000001"],
        "count": 2,
    }


def test_europe_pmc_can_be_asked(reviewed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with EuropePmcServer(works=WORKS) as server:
        monkeypatch.setenv("REVIEWKIT_EUROPE_PMC_URL", server.url)
        result = reviewed("citations", "--by", "europe-pmc")
        assert "       3  backward  r1 (DOI 10.1234/made-up.1)\n" in result.out
        assert "'reviewkit citations --by europe-pmc --again'" in reviewed("citations", "--by", "europe-pmc").out


def test_without_included_studies_it_says_what_to_do(cli: Cli, openalex: OpenAlexServer) -> None:
    result = cli("citations")
    assert result.code == 1
    assert "No study is included yet" in result.err and "--record r12" in result.err


def test_what_is_no_seed_is_named(cli: Cli, openalex: OpenAlexServer) -> None:
    result = cli("citations", "--seed", "back pain")
    assert (result.code, "'back pain' is no seed" in result.err) == (1, True)


def test_less_than_reported_is_incomplete(reviewed: Cli, openalex: OpenAlexServer) -> None:
    openalex.fail(shortened, on="works", times=5, after=2)
    result = reviewed("citations", "--backward")
    assert result.code == 1
    assert "INCOMPLETE: run " in result.err and "brought 1 of 2 works" in result.err


def test_a_used_up_allowance_is_told_and_the_same_command_goes_on(reviewed: Cli, openalex: OpenAlexServer) -> None:
    openalex.fail(used_up, on="works", after=3)
    result = reviewed("citations")
    assert result.code == 1
    assert "The search in OpenAlex stopped: today's free allowance of OpenAlex is used up" in result.err
    assert "goes on from there" in result.err
    again = reviewed("citations")
    assert again.code == 0 and "It went on with a search that was begun on " in again.out


def test_the_key_is_shown_nowhere(reviewed: Cli, openalex: OpenAlexServer, workspace: Path) -> None:
    openalex.fail(faults.repeats(KEY), on="works")
    failed = reviewed("citations")
    told = reviewed("citations", "--json")
    kept = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert KEY not in failed.out + failed.err + told.out + told.err
    assert KEY.encode() not in kept
