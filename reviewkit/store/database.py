"""Opening a database: engine, settings for safety, and the schema brought up to date."""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, DBAPIError, OperationalError

from reviewkit.errors import DatabaseFailed, DatabaseTooNew, DatabaseUnreachable, NoDatabase
from reviewkit.store.tables import metadata

SCHEMA = "0004"  # the newest migration in reviewkit/store/migrations/versions
_FORBIDDEN = ("42501", "25006")  # PostgreSQL: no privilege for it; the server takes no writing, as a standby does


def open_engine(url: str, make: bool = True) -> Engine:
    """Connect to a database and migrate it to the present schema.

    Args:
        url: a SQLAlchemy URL; `sqlite:///...` or `postgresql://...`.
        make: make the tables where there are none yet.

    Raises:
        NoDatabase: there is none, and none is to be made.
        DatabaseUnreachable: the URL is wrong or the server does not answer; the password is not shown.
        DatabaseTooNew: a newer reviewkit migrated it.
    """
    try:
        parsed = _parse(url)
    except (ArgumentError, ValueError) as error:
        remedy = "it is not of the form postgresql://user:password@host/database"
        raise DatabaseUnreachable(url="that REVIEWKIT_DATABASE_URL names", reason=remedy) from error
    shown = without_password(parsed)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        # A server may be restarted while someone screens; asking first saves that person an error.
        ask_first = parsed.get_backend_name() != "sqlite"
        engine = create_engine(parsed, pool_pre_ping=ask_first, json_deserializer=_from_json)
        if engine.dialect.name == "sqlite":
            if not make and not _has_file(parsed):
                raise NoDatabase(where=shown)
            _make_safe(engine)
        if parsed.database or engine.dialect.name != "sqlite":
            migrate(engine, make)
        else:
            metadata.create_all(engine)  # in memory, gone with the process: nothing to migrate
        _speak_plainly(engine, shown)
        return engine
    except ModuleNotFoundError as error:
        remedy = "Install it with pip install 'reviewkit[postgres]'."
        if parsed.get_backend_name() != "postgresql":
            remedy = "Only SQLite and PostgreSQL are supported; mend REVIEWKIT_DATABASE_URL."
        raise DatabaseUnreachable(url=shown, reason=f"the driver {error.name} is missing", remedy=remedy) from error
    except DBAPIError as error:
        reason, remedy = str(error.orig).splitlines()[0].rstrip("."), ""
        if reason in ("unable to open database file", "disk I/O error") and _has_file(parsed):
            # the file is there, but SQLite needs to keep its journal beside it, for reading too
            remedy = "Look whether the disk is full, and work in a copy where its folder cannot be written."
        raise DatabaseUnreachable(url=shown, reason=reason, remedy=remedy) from error
    except ArgumentError as error:
        raise DatabaseUnreachable(url=shown, reason=str(error).splitlines()[0].rstrip(".")) from error


def _from_json(text: str | bytes) -> Any:
    """Read JSON; most lists of most citations are empty, and to say so at once is four times as fast."""
    return [] if text == "[]" else json.loads(text)


def _parse(url: str) -> URL:
    path = url.removeprefix("sqlite:///")
    if path == url or "uri=true" in url:
        return make_url(url)
    return URL.create("sqlite", database=path)  # as it stands: a folder may be called "100 %" or "why?"


def _has_file(url: URL) -> bool:
    return Path(unquote((url.database or "").removeprefix("file:"))).is_file()


def without_password(url: URL) -> str:
    """Name a database as shown to people: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    hidden = {key: "***" for key in url.query if "password" in key}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def _make_safe(engine: Engine) -> None:
    """Let SQLite survive kills and power loss, and let readers go on while one writes."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, so that DDL is transactional too
        cursor = connection.cursor()
        for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        _write_ahead(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Keep the journal ahead of the file; once set, the file remembers it.

    SQLite does not wait for a lock while it changes the mode, so two programs that open a new file at once must try
    again themselves.
    """
    for attempt in range(100, -1, -1):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if attempt == 0 or "locked" not in str(error):
                raise
            time.sleep(0.05)


def _speak_plainly(engine: Engine, shown: str) -> None:
    """Turn what the database refuses later on (disk full, read-only, locked, no longer there) into a clear error."""

    @event.listens_for(engine, "handle_error")
    def _refused(context: ExceptionContext) -> DatabaseFailed | None:
        error = context.sqlalchemy_exception
        damaged = type(error) is DatabaseError  # "database disk image is malformed", "file is not a database"
        forbidden = getattr(context.original_exception, "sqlstate", "") in _FORBIDDEN
        if (damaged or forbidden or isinstance(error, OperationalError | DataError)) and not context.is_pre_ping:
            return DatabaseFailed(reason=str(context.original_exception).splitlines()[0], url=shown)
        return None


def migrate(engine: Engine, make: bool = True) -> None:
    """Bring the schema up to date in one transaction; do nothing, quickly, where it is.

    Raises:
        NoDatabase: there is no schema yet, and none is to be made.
        DatabaseTooNew: a newer reviewkit migrated it.
    """
    with engine.begin() as connection:
        found = _schema_of(connection)
        if found == SCHEMA:
            return
        if not found and not make:
            raise NoDatabase(where=without_password(engine.url))
        if found > SCHEMA:
            raise DatabaseTooNew(found=found, known=SCHEMA)
    # Alembic takes a quarter of a second to import, so it is loaded only when there is work for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    script = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", script.replace("%", "%%"))  # its config reads % as a reference
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two first starts at once: the second one waits
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(7243610)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _schema_of(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
