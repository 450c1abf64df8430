"""`reviewkit sources`: which databases are ready, what the others need, and never a key on the screen."""

import json
from pathlib import Path

import pytest

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _outside_a_workspace(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)


def test_the_list_says_what_is_set_and_what_is_not(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
    result = cli("sources")
    assert result.code == 0
    lines = {line.split()[0]: line.split()[1] for line in result.out.splitlines() if line[:1].islower()}
    assert (lines["pubmed"], lines["scopus"], lines["crossref"]) == ("yes", "no", "yes")
    assert "REVIEWKIT_EMAIL: set" in result.out
    assert "ELSEVIER_API_KEY: NOT SET" in result.out
    assert "google-scholar" in result.out
    assert "example.org" not in result.out


@pytest.mark.parametrize("words", [(), ("scopus",), ("--json",), ("scopus", "--json")])
def test_no_key_is_ever_shown(cli, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    for variable in ("REVIEWKIT_EMAIL", "ELSEVIER_API_KEY", "ELSEVIER_INSTTOKEN", "WOS_API_KEY", "NCBI_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    monkeypatch.setenv("REVIEWKIT_SCOPUS_URL", f"http://ann:{KEY}@localhost/")
    result = cli("sources", *words)
    assert result.code == 0
    assert KEY not in result.out + result.err


def test_a_key_in_the_users_configuration_counts(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'wos_api_key = "{KEY}"\n', encoding="utf-8")
    monkeypatch.setenv("REVIEWKIT_CONFIG", str(config))
    assert json.loads(cli("sources", "web-of-science", "--json").out)["ready"] is True
    assert "WOS_API_KEY: set" in " ".join(cli("sources").out.split())


def test_one_database_is_told_with_its_keys_documentation_and_export(cli) -> None:
    told = " ".join(cli("sources", "Scopus").out.split())
    for part in (
        'database = "scopus"', "an API key of Elsevier: not set", "elsevier_api_key", "https://dev.elsevier.com",
        "--since", "By hand", "reviewkit import FILE --database scopus --date YYYY-MM-DD",
    ):  # fmt: skip
        assert part in told, part


def test_a_limit_is_told(cli) -> None:
    assert "10,000 records of one search" in cli("sources", "crossref").out
    assert "No Boolean search" in cli("sources", "crossref").out


def test_a_database_without_an_api_is_told_how_to_export_from(cli) -> None:
    told = " ".join(cli("sources", "google-scholar").out.split())
    assert "Google Scholar is not searched from here" in told
    assert "reviewkit import FILE --database google-scholar --date YYYY-MM-DD" in told


def test_json_holds_everything(cli) -> None:
    found = json.loads(cli("sources", "--json").out)
    crossref = next(entry for entry in found["searchable"] if entry["database"] == "crossref")
    assert crossref["needs"][0] == {
        "variable": "REVIEWKIT_EMAIL", "what": "an e-mail address", "where": "", "required": False, "set": False,
        "benefit": "3 requests a second in place of 1, and Crossref's more reliable pool of servers",
    }  # fmt: skip
    assert (crossref["cap"], crossref["since"], crossref["kind"]) == (10_000, True, "database")
    scholar = next(entry for entry in found["by_hand"] if entry["database"] == "google-scholar")
    assert scholar["export"]


def test_a_name_that_is_none_is_refused(cli) -> None:
    result = cli("sources", "nonsense")
    assert result.code == 1
    assert "'nonsense' is not a database that reviewkit knows" in result.err


def test_lines_fit_the_terminal_and_addresses_stay_whole(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    lines = cli("sources", "scopus").out.splitlines()
    assert all(len(line) <= 70 or "/" in line for line in lines)
    assert any(line.endswith("https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl") for line in lines)
