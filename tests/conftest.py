"""Fixtures that many tests share: a workspace, its store, and the command line run in this process."""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewkit import cli as command_line
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import load_protocol
from reviewkit.store import Store, open_store
from tests.build import make_workspace
from tests.servers import postgres

SHARED = Path(__file__).resolve().parents[2] / "shared"  # third-party data beside the checkout; absent elsewhere


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, nor any command that it starts, waits for what the person who runs them asks of servers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the settings of the person who runs it."""
    for name in set(os.environ) - {"REVIEWKIT_TEST_POSTGRES_URL"}:
        if name.startswith(("REVIEWKIT_", "NCBI_", "ELSEVIER_", "WOS_", "OPENALEX_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("REVIEWKIT_CONFIG", str(tmp_path_factory.getbasetemp() / "no-config.toml"))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one protocol (one reviewer a stage), which is the current folder."""
    root = make_workspace(tmp_path / "review")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def protocol(workspace: Path) -> Protocol:
    """The workspace's protocol."""
    return load_protocol(workspace / "protocols" / "backpain.toml")


@pytest.fixture
def store(workspace: Path) -> Iterator[Store]:
    """The workspace's database."""
    opened = open_store(f"sqlite:///{workspace / 'reviewkit.db'}", "backpain")
    yield opened
    opened.close()


@dataclass(frozen=True)
class Result:
    """What a command gave back."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command in the workspace as its user would, but in this process: `cli("status", "--json")`."""

    def run(*words: str) -> Result:
        monkeypatch.setattr("sys.argv", ["reviewkit", *words])
        capsys.readouterr()
        code = 0
        try:
            command_line.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party data; tests that need it skip, and say so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"third-party data not found at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; tests that need it skip, and say so, where none can be had."""
    try:
        with postgres.running() as server:
            yield server
    except postgres.NoPostgres as reason:
        pytest.skip(str(reason))


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database; mark the test with `pytest.mark.postgres`."""
    with postgres_server.database() as url:
        yield url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On a build server (CI is set) a skipped test of PostgreSQL or LibreOffice is a failure: they can be had there."""
    report = yield
    needs = any(item.get_closest_marker(name) for name in ("postgres", "libreoffice"))
    if report.skipped and needs and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed where CI is set: {report.longrepr}"
    return report
