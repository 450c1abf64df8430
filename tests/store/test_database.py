"""Opening a database: schema, errors in plain words, and no password shown."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import reviewkit.store
from reviewkit.errors import DatabaseFailed, DatabaseTooNew, DatabaseUnreachable, NoDatabase
from reviewkit.model.decisions import Decision
from reviewkit.model.stops import Stop
from reviewkit.store import Store, open_store
from reviewkit.store.database import SCHEMA, open_engine
from reviewkit.store.tables import metadata
from tests.build import add_run, citation, decision, make_workspace

MIGRATIONS = Path(reviewkit.store.__file__).parent / "migrations"


def test_migrations_make_exactly_the_tables_that_the_code_uses(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_that_the_code_asks_for() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA]


def test_an_up_to_date_database_is_opened_without_alembic(url: str) -> None:
    """Alembic takes a quarter of a second to import, which every command would pay for."""
    open_engine(url).dispose()
    code = (
        "import sys; from reviewkit.store import open_store; "
        f"open_store({url!r}, 'backpain').runs(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_database_of_a_newer_reviewkit_is_left_alone(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew, match="schema 9999"):
        open_engine(url)


@pytest.mark.parametrize(
    "bad",
    [
        "postgresql://ann:s3cret@127.0.0.1:1/reviews",
        "postgres://ann:s3cret@127.0.0.1:1/reviews",
        "postgresql://ann:s3cret@no-such-host.invalid/reviews",
        "postgresql:/ann:s3cret@127.0.0.1/reviews",
        "ann:s3cret@127.0.0.1",
        "postgresql://ann:s3cret@127.0.0.1:port/reviews",
        "oracle://ann:s3cret@127.0.0.1/reviews",
        "nosuchthing://ann:s3cret@127.0.0.1/reviews",
        "postgresql://127.0.0.1:1/reviews?user=ann&password=s3cret",
    ],
)
def test_a_server_that_cannot_be_reached_is_named_without_its_password(bad: str) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        open_store(bad, "backpain")
    shown = str(caught.value)
    assert "s3cret" not in shown
    assert shown.startswith("Cannot open the database ")
    assert len(shown.splitlines()) == 1
    assert "REVIEWKIT_DATABASE_URL" in shown  # where to mend it


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_is_named(postgres_url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match=r'database "reviewkit_test_\d+_\d+x" does not exist'):
        open_store(re.sub(r"(reviewkit_test_\d+_\d+)", r"\1x", postgres_url), "backpain")


@pytest.mark.postgres
def test_a_user_who_may_not_make_tables_is_told_so(postgres_url: str) -> None:
    """The usual case since PostgreSQL 15: a new user may connect, but not write into the schema `public`."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 's3cret'")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        with pytest.raises(DatabaseUnreachable, match="permission denied for schema public"):
            open_store(postgres_url.replace("reviewkit@", "guest:s3cret@"), "backpain")
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("DROP ROLE guest")


@pytest.mark.postgres
def test_a_user_who_may_only_read_can_look_and_is_told_why_nothing_is_written(postgres_url: str) -> None:
    import psycopg

    open_store(postgres_url, "backpain").close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 's3cret'")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    store = open_store(postgres_url.replace("reviewkit@", "reader:s3cret@"), "backpain")
    try:
        assert store.all(Decision) == []
        with pytest.raises(DatabaseFailed, match="permission denied for table") as caught:
            store.add([decision(1, "include")])
        assert "s3cret" not in str(caught.value)
    finally:
        store.close()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY reader")
            connection.execute("DROP ROLE reader")


@pytest.mark.postgres
def test_a_restarted_server_is_not_noticed(postgres_url: str) -> None:
    import psycopg

    store = open_store(postgres_url, "backpain")
    store.add([decision(1, "include")])
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        ).fetchall()
    assert (True,) in ended
    assert store.add([decision(2, "include")])[0].n == 2
    store.close()


@pytest.mark.postgres
def test_what_the_server_cannot_hold_is_a_clear_error(postgres_url: str) -> None:
    store = open_store(postgres_url, "r" * 201)
    with pytest.raises(DatabaseFailed, match="value too long"):
        store.add([decision(1, "include")])
    store.close()


def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "reviewkit.db"
    file.write_text("my shopping list, long enough to be taken for a page of a database\n" * 20)
    before = file.read_bytes()
    with pytest.raises(DatabaseUnreachable, match="file is not a database"):
        open_store(f"sqlite:///{file}", "backpain")
    assert file.read_bytes() == before


def test_a_folder_that_is_missing_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="unable to open database file"):
        open_store(f"sqlite:///{tmp_path / 'missing' / 'reviewkit.db'}", "backpain")


def test_a_folder_in_which_sqlite_cannot_write_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "reviewkit.db"
    open_store(f"sqlite:///{file}", "backpain").close()
    (tmp_path / "reviewkit.db-wal").mkdir()  # as in a folder that is read-only, which for root none is
    with pytest.raises(DatabaseUnreachable, match="work in a copy where its folder cannot be written"):
        open_store(f"sqlite:///{file}", "backpain")


def test_another_kind_of_server_is_not_promised() -> None:
    with pytest.raises(DatabaseUnreachable, match="Only SQLite and PostgreSQL are supported"):
        open_store("mysql://ann@127.0.0.1/reviews", "backpain")


def test_a_read_only_database_can_be_read_and_says_why_it_takes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "reviewkit.db"
    writable = open_store(f"sqlite:///{file}", "backpain")
    writable.add([decision(1, "include")])
    writable.close()

    store = open_store(f"sqlite:///file:{file}?mode=ro&uri=true", "backpain")
    assert store.count(Decision) == 1
    with pytest.raises(DatabaseFailed, match="attempt to write a readonly database"):
        store.add([decision(2, "include")])
    assert store.count(Decision) == 1
    store.close()


@pytest.fixture
def locked(tmp_path: Path):
    """A store whose database another program is writing to, and that program's connection."""
    file = tmp_path / "reviewkit.db"
    store = open_store(f"sqlite:///{file}", "backpain")
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield store, other
    other.close()
    store.close()


def test_a_writer_waits_for_another_one_to_finish(locked: tuple[Store, sqlite3.Connection]) -> None:
    store, other = locked
    Timer(0.3, other.execute, ["COMMIT"]).start()
    assert store.add([decision(1, "include")])[0].n == 1


def test_a_database_that_stays_locked_is_a_clear_error(locked: tuple[Store, sqlite3.Connection]) -> None:
    store, other = locked
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")  # in place of half a minute
    with pytest.raises(DatabaseFailed, match="database is locked"):
        store.add([decision(1, "include")])
    other.execute("COMMIT")
    assert store.add([decision(1, "include")])[0].n == 1


@pytest.mark.parametrize("name", ["with space", "what?", "100 %", "a%20b", "a#b", "é中", "it's", "semi;colon&x=1"])
def test_a_workspace_may_have_any_name(tmp_path: Path, name: str) -> None:
    from reviewkit.workspace import Workspace

    workspace = Workspace(make_workspace(tmp_path / name))
    store = open_store(workspace.database_url({}), "backpain")
    store.add([decision(1, "include")])
    store.close()
    assert workspace.database.is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_database_that_is_only_looked_at_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "reviewkit.db"
    with pytest.raises(NoDatabase, match=r"reviewkit\.db.*reviewkit restore"):
        open_store(f"sqlite:///{path}", "backpain", make=False)
    assert not path.exists()
    path.touch()
    with pytest.raises(NoDatabase):
        open_store(f"sqlite:///{path}", "backpain", make=False)
    open_store(f"sqlite:///{path}", "backpain").close()
    opened = open_store(f"sqlite:///{path}", "backpain", make=False)
    assert opened.is_empty()
    opened.close()


def test_damage_inside_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reviewkit.db"
    store = open_store(f"sqlite:///{path}", "backpain")
    assert store.damage() == []
    add_run(store, [citation(title=f"title {n}") for n in range(500)])
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 4096 // 2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    store = open_store(f"sqlite:///{path}", "backpain")
    try:
        damaged = bool(store.damage())
    except DatabaseFailed:
        damaged = True
    assert damaged
    with pytest.raises(DatabaseFailed, match="malformed"):
        list(store.citations())
    store.close()


def test_a_database_of_before_samples_and_stops_is_brought_up_to_date_and_keeps_what_it_holds(url: str) -> None:
    store = open_store(url, "backpain")
    made = store.add([decision(1, "include", note="kept")])
    with store._engine.begin() as connection:
        for old in (
            *(f"ALTER TABLE runs DROP COLUMN {name}" for name in ("searcher", "since", "reported_before", "lines")),
            "DROP TABLE checks",
            "DROP TABLE notices",
            "DROP TABLE samples",
            "DROP TABLE stops",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            connection.execute(text(old))
    store.close()

    again = open_store(url, "backpain")
    assert again.all(Decision) == made
    assert again.all(Stop) == []
    again.close()
