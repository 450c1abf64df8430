"""Opening a database: engine, settings for safety, and the schema brought up to date."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from reviewkit.errors import DatabaseFailed, DatabaseTooNew, DatabaseUnreachable, UserError

SCHEMA = "0001"  # the newest migration in reviewkit/store/migrations/versions


def open_engine(url: str) -> Engine:
    """Connect to a database and migrate it to the present schema.

    Args:
        url: a SQLAlchemy URL; `sqlite:///...` or `postgresql://...`.

    Raises:
        DatabaseUnreachable: the URL is wrong or the server does not answer; the password is not shown.
        DatabaseTooNew: a newer reviewkit migrated it.
    """
    shown = url
    try:
        parsed = make_url(url)
        shown = parsed.render_as_string(hide_password=True)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed)
        if engine.dialect.name == "sqlite":
            _make_safe(engine)
        migrate(engine)
        _speak_plainly(engine, shown)
        return engine
    except UserError:
        raise
    except ModuleNotFoundError as error:
        reason = f"the driver {error.name} is missing; install it with pip install 'reviewkit[postgres]'"
        raise DatabaseUnreachable(url=shown, reason=reason) from error
    except (OperationalError, ArgumentError) as error:
        raise DatabaseUnreachable(url=shown, reason=str(error).splitlines()[0]) from error


def _make_safe(engine: Engine) -> None:
    """Let SQLite survive kills and power loss, and let readers go on while one writes."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, so that DDL is transactional too
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _speak_plainly(engine: Engine, shown: str) -> None:
    """Turn what the database refuses later on (disk full, read-only, locked, connection lost) into a clear error."""

    @event.listens_for(engine, "handle_error")
    def _refused(context: ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, OperationalError):
            reason = str(context.original_exception).splitlines()[0]
            context.chained_exception = DatabaseFailed(reason=reason, url=shown)


def migrate(engine: Engine) -> None:
    """Bring the schema up to date in one transaction; do nothing, quickly, where it is."""
    with engine.begin() as connection:
        found = _schema_of(connection)
        if found == SCHEMA:
            return
        if found > SCHEMA:
            raise DatabaseTooNew(found=found, known=SCHEMA)
    # Alembic takes a quarter of a second to import, so it is loaded only when there is work for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
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
