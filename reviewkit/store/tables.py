"""The tables, made from the frozen dataclasses they hold: one column a field, named alike.

Bound names: SQLite and PostgreSQL both understand every type used here. Tuples are stored as JSON text.
"""

from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy.types import JSON, TypeEngine

from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import Row
from reviewkit.model.matches import Match
from reviewkit.model.notices import Check, Notice
from reviewkit.model.runs import SearchRun
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link

metadata = MetaData()

_NAME = String(200)  # names take part in keys, where PostgreSQL and others want a bound


def _type_of(hint: Any) -> TypeEngine[Any]:
    if get_origin(hint) is tuple:
        return JSON()
    plain = next((arg for arg in get_args(hint) if arg is not type(None)), hint)
    if plain is bool:
        return Boolean()
    return Integer() if plain is int else Text()


def _columns(shape: type[Any], leave: tuple[str, ...] = ()) -> list[Column[Any]]:
    hints = get_type_hints(shape)
    return [
        Column(f.name, _type_of(hints[f.name]), nullable=type(None) in get_args(hints[f.name]))
        for f in fields(shape)
        if f.name not in leave
    ]


def _journal(name: str, shape: type[Row]) -> Table:
    return Table(
        name,
        metadata,
        Column("review", _NAME, nullable=False),
        *_columns(shape),
        PrimaryKeyConstraint("review", "n"),
    )


runs = Table(
    "runs",
    metadata,
    Column("review", _NAME, nullable=False),
    Column("id", _NAME, nullable=False),
    *_columns(SearchRun, leave=("id",)),
    PrimaryKeyConstraint("review", "id"),
)

citations = Table(
    "citations",
    metadata,
    Column("review", _NAME, nullable=False),
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("run", _NAME, nullable=False),
    *_columns(Citation, leave=("id", "run")),
    PrimaryKeyConstraint("review", "id"),
    ForeignKeyConstraint(["review", "run"], ["runs.review", "runs.id"]),
    Index("citations_by_run", "review", "run"),
)

protocols = Table(
    "protocols",
    metadata,
    Column("review", _NAME, nullable=False),
    Column("version", _NAME, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("review", "version"),
)

counters = Table(
    "counters",
    metadata,
    Column("review", _NAME, nullable=False),
    Column("journal", _NAME, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("review", "journal"),
)

JOURNALS: dict[type[Row], Table] = {
    Match: _journal("matches", Match),
    Decision: _journal("decisions", Decision),
    Link: _journal("links", Link),
    Extraction: _journal("extractions", Extraction),
    Sample: _journal("samples", Sample),
    Stop: _journal("stops", Stop),
    Check: _journal("checks", Check),
    Notice: _journal("notices", Notice),
}
