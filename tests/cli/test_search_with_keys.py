"""`reviewkit search` over the databases that ask for keys: with them from the network, without them by hand."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewkit.store import Store
from tests.conftest import Result
from tests.formats.reading import DATA
from tests.servers import elsevier
from tests.servers.embase import EmbaseServer
from tests.servers.eutils import EutilsServer
from tests.servers.scopus import ScopusServer
from tests.servers.web_of_science import WosServer

Cli = Callable[..., Result]

KEY, TOKEN = "7f00000000000000000000000000abcd", "1f0000000000000000000000000beef1"
SEARCHES = """\
[[search]]
database = "pubmed"
strategy = "exosomes AND back pain"

[[search]]
database = "scopus"
strategy = "TITLE-ABS-KEY(exosomes AND back pain)"

[[search]]
database = "web-of-science"
strategy = "TS=(exosomes AND back pain)"

[[search]]
database = "embase"
strategy = "'exosome'/exp AND 'back pain':ti,ab"

[[search]]
database = "google-scholar"
strategy = "exosomes back pain"

"""


@pytest.fixture(autouse=True)
def _searches(workspace: Path) -> None:
    path = workspace / "protocols" / "backpain.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[search]]")] + SEARCHES + text[text.index("[[include]]") :], encoding="utf-8")


@pytest.fixture
def scopus(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScopusServer]:
    """All four servers, reached by the addresses in the environment; no key is set."""
    with (
        ScopusServer(records=60, keys={KEY}, tokens={TOKEN}) as served,
        EmbaseServer(records=30, keys={KEY}, tokens={TOKEN}) as embase,
        WosServer(records=40, keys={KEY}) as wos,
        EutilsServer(records=5) as pubmed,
    ):
        monkeypatch.setenv("REVIEWKIT_SCOPUS_URL", served.url)
        monkeypatch.setenv("REVIEWKIT_EMBASE_URL", embase.url)
        monkeypatch.setenv("REVIEWKIT_WOS_URL", wos.url)
        monkeypatch.setenv("REVIEWKIT_EUTILS_URL", pubmed.url)
        monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
        yield served


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELSEVIER_API_KEY", KEY)
    monkeypatch.setenv("ELSEVIER_INSTTOKEN", TOKEN)
    monkeypatch.setenv("WOS_API_KEY", KEY)


@pytest.mark.usefixtures("scopus")
def test_without_keys_pubmed_is_searched_and_the_rest_is_told_how_to_export(cli: Cli, store: Store) -> None:
    result = cli("search")
    assert result.code == 0, result.err
    assert [run.database for run in store.runs()] == ["pubmed"]
    for database, said in (
        ("scopus", "'Abstract & keywords'"),
        ("web-of-science", "'Full Record'"),
        ("embase", "www.embase.com"),
        ("google-scholar", "forbids programs to collect its results"),
    ):
        assert f"reviewkit import FILE --database {database} --date YYYY-MM-DD" in result.out
        assert said in result.out
    assert "Set ELSEVIER_API_KEY" in result.out
    assert "Set WOS_API_KEY" in result.out


@pytest.mark.usefixtures("scopus")
def test_scripts_get_the_advice_too(cli: Cli) -> None:
    planned = json.loads(cli("search", "--json").out)["by_hand"]
    assert {each["database"] for each in planned} == {"scopus", "web-of-science", "embase", "google-scholar"}
    assert all(each["how"] for each in planned)


@pytest.mark.usefixtures("scopus")
def test_what_was_exported_by_hand_is_no_longer_asked_for(cli: Cli) -> None:
    assert cli("import", str(DATA / "wos.xls"), "--date", "2024-03-18").code == 0
    told = cli("search").out
    assert "--database web-of-science" not in told
    assert "WOS_API_KEY" not in told
    assert "--database scopus" in told


@pytest.mark.usefixtures("scopus")
def test_a_database_that_is_asked_for_by_name_needs_its_key(cli: Cli, store: Store) -> None:
    result = cli("search", "--database", "scopus")
    assert result.code == 1
    assert "Set ELSEVIER_API_KEY" in result.err
    assert not list(store.runs())


@pytest.mark.usefixtures("keys", "scopus")
def test_with_keys_all_of_them_are_searched_stored_and_clean(cli: Cli, store: Store, workspace: Path) -> None:
    result = cli("search")
    assert result.code == 0, result.err
    assert {run.database: run.retrieved for run in store.runs()} == {
        "pubmed": 5, "scopus": 60, "web-of-science": 40, "embase": 30
    }  # fmt: skip
    assert all(run.complete and run.strategy and run.platform for run in store.runs())
    assert "no abstracts" in result.out  # of Web of Science
    abstracts = [each for each in store.citations() if each.run.endswith(("scopus", "embase")) and each.abstract]
    assert len(abstracts) == 90
    assert cli("verify").code == 0
    assert "searched on" in cli("search").out  # and nothing is asked again
    for path in (each for each in workspace.rglob("*") if each.is_file()):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert KEY.encode() not in body, path
        assert TOKEN.encode() not in body, path
    assert KEY not in result.out + result.err


@pytest.mark.usefixtures("keys")
def test_a_used_up_quota_says_when_and_the_same_command_goes_on(cli: Cli, scopus: ScopusServer, store: Store) -> None:
    scopus.fail(elsevier.quota_exceeded, on="scopus", after=3)
    stopped = cli("search", "--database", "scopus")
    assert stopped.code == 1
    assert "quota" in stopped.err
    assert "after 2024-03-22 12:38 UTC" in stopped.err
    assert not list(store.runs())
    before = len(scopus.log)
    assert cli("search", "--database", "scopus").code == 0
    assert len(scopus.log) == before + 1  # the one page that was wanting
    (run,) = store.runs()
    assert (run.retrieved, run.complete) == (60, True)
    assert len({each.accession for each in store.citations()}) == 60


@pytest.mark.usefixtures("keys")
def test_a_database_that_fails_keeps_no_other_from_being_searched(cli: Cli, scopus: ScopusServer, store: Store) -> None:
    scopus.fail(elsevier.quota_exceeded, on="scopus", after=1)
    stopped = cli("search")
    assert stopped.code == 1
    assert {run.database for run in store.runs()} == {"pubmed", "web-of-science", "embase"}
    assert "FAILED, while the other searches were done:\n  The search in Scopus stopped: " in stopped.err
    assert "goes on from there" in stopped.err
    assert "Web of Science" in stopped.out  # what came is shown all the same
    assert stopped.out.endswith("Next: reviewkit search, which asks these databases alone\n")
    again = cli("search")
    assert again.code == 0, again.err
    assert {run.database for run in store.runs()} == {"pubmed", "scopus", "web-of-science", "embase"}
    assert again.out.endswith("Next: reviewkit dedupe\n")


@pytest.mark.usefixtures("keys")
def test_all_failures_are_listed_at_the_end(cli: Cli, scopus: ScopusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WOS_API_KEY", "wrong-key-0123456789")
    scopus.fail(elsevier.quota_exceeded, on="scopus")
    stopped = cli("search", "--json")
    facts = json.loads(stopped.out)
    assert stopped.code == 1
    assert [each["database"] for each in facts["failed"]] == ["scopus", "web-of-science"]
    assert [run["database"] for run in facts["runs"]] == ["pubmed", "embase"]
    assert all(each["problem"].startswith("The search in ") for each in facts["failed"])
    assert "wrong-key" not in stopped.out + stopped.err
