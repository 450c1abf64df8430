"""Reading and appending the rows of one review."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from reviewkit.errors import DatabaseNotEmpty, LoadedMeanwhile
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Decision
from reviewkit.model.journal import Row
from reviewkit.model.runs import SearchRun
from reviewkit.store import tables
from reviewkit.store.database import open_engine, without_password
from reviewkit.store.rows import reader, storable, to_row

AnyRow = TypeVar("AnyRow", bound=Row)

_INSERT: dict[str, Any] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}  # both know ON CONFLICT, each by its own function
_MARK = "mark: "  # what tells a mark from the counter of a journal
_BATCH = 2_000  # rows sent at once: bounds memory; SQLite takes 250,000 parameters, PostgreSQL streams


class Store:
    """One review in one database. Rows are appended and read, never changed or deleted.

    Every method that writes does so in one transaction: all of it is there afterwards, or nothing.
    """

    def __init__(self, engine: Engine, review: str) -> None:
        self._engine = engine
        self.review = review

    @property
    def place(self) -> str:
        """The database as shown to people: its file, or its address without the password."""
        return without_password(self._engine.url)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    def damage(self) -> list[str]:
        """Return what the embedded database finds wrong with its own file; a server looks after itself."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self._engine.connect() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(10)")]
        return [] if found == ["ok"] else found

    # --- protocol versions -------------------------------------------------------------------

    def add_protocol(self, version: str, text: str, at: str) -> None:
        """Keep a protocol version; one that is known already is left as it is."""
        if version in self.protocols():
            return
        try:
            with self._engine.begin() as connection:
                row = {"review": self.review, "version": version, "text": text, "at": at}
                connection.execute(insert(tables.protocols), row)
        except IntegrityError:  # another process was first: the content is the same, its hash says so
            return

    def protocols(self) -> dict[str, tuple[str, str]]:
        """Return version -> (TOML text, time first used), oldest first."""
        table = tables.protocols
        query = select(table).where(table.c.review == self.review).order_by(table.c.at, table.c.version)
        with self._engine.connect() as connection:
            return {row.version: (row.text, row.at) for row in connection.execute(query)}

    # --- search runs and citations -------------------------------------------------------------

    def add_run(self, run: SearchRun, citations: Iterable[Citation]) -> None:
        """Add a run with its citations, numbered and in order; both or neither.

        Args:
            citations: consumed once, in batches; each carries its id and run.

        Raises:
            LoadedMeanwhile: the run, or a citation with one of its ids, is there already.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(tables.runs), to_row(self.review, run))
                self._insert(connection, tables.citations, citations)
        except IntegrityError as error:
            raise LoadedMeanwhile(run=run.id) from error

    def runs(self) -> list[SearchRun]:
        """Return the loaded runs in the order of their first citation."""
        make = reader(SearchRun)
        query = self._select(tables.runs, SearchRun).order_by(tables.runs.c.first, tables.runs.c.id)
        with self._engine.connect() as connection:
            return [make(row) for row in connection.execute(query)]

    def citations(self, ids: Iterable[int] | None = None) -> Iterator[Citation]:
        """Yield citations by ascending id: all of them, or those with the given ids."""
        make = reader(Citation)
        table = tables.citations
        query = self._select(table, Citation).order_by(table.c.id)
        with self._engine.connect().execution_options(yield_per=_BATCH) as connection:
            if ids is None:
                yield from map(make, connection.execute(query))
                return
            wanted = iter(sorted(set(ids)))
            while batch := list(islice(wanted, _BATCH)):
                yield from map(make, connection.execute(query.where(table.c.id.in_(batch))))

    def citation_runs(self) -> dict[int, str]:
        """Return citation id -> id of its run, by ascending id; what grouping and counting need, without the texts."""
        table = tables.citations
        query = select(table.c.id, table.c.run).where(table.c.review == self.review).order_by(table.c.id)
        with self._engine.connect() as connection:
            return {citation: run for citation, run in connection.execute(query)}  # noqa: C416 - rows are no plain pairs

    def texts(self) -> Iterator[tuple[int, str, str, int | None, str, str]]:
        """Yield id, title, abstract, year, DOI and PMID of every citation by ascending id: what ranking reads."""
        table = tables.citations
        columns = (table.c.id, table.c.title, table.c.abstract, table.c.year, table.c.doi, table.c.pmid)
        query = select(*columns).where(table.c.review == self.review).order_by(table.c.id)
        with self._engine.connect().execution_options(yield_per=_BATCH) as connection:
            for row in connection.execute(query):
                yield row[0], row[1], row[2], row[3], row[4], row[5]

    def wordings(self, ids: Iterable[int]) -> Iterator[tuple[int, str, str, tuple[str, ...], tuple[str, ...]]]:
        """Yield id, title, abstract, types and related of the given citations by ascending id: what may change."""
        table = tables.citations
        columns = (table.c.id, table.c.title, table.c.abstract, table.c.types, table.c.related)
        query = select(*columns).where(table.c.review == self.review).order_by(table.c.id)
        wanted = iter(sorted(set(ids)))
        with self._engine.connect() as connection:
            while batch := list(islice(wanted, _BATCH)):
                for row in connection.execute(query.where(table.c.id.in_(batch))):
                    yield row[0], row[1], row[2], tuple(row[3]), tuple(row[4])

    def years(self) -> dict[int, int | None]:
        """Return citation id -> year of publication, by ascending id."""
        table = tables.citations
        query = select(table.c.id, table.c.year).where(table.c.review == self.review).order_by(table.c.id)
        with self._engine.connect() as connection:
            return {citation: year for citation, year in connection.execute(query)}  # noqa: C416 - rows are no plain pairs

    def registrations(self, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return citation id -> the study registrations that it names, for the given ones that name any."""
        table = tables.citations
        found: dict[int, tuple[str, ...]] = {}
        wanted = iter(sorted(set(ids)))
        with self._engine.connect() as connection:
            while batch := list(islice(wanted, _BATCH)):
                query = select(table.c.id, table.c.registrations).where(table.c.review == self.review)
                rows = connection.execute(query.where(table.c.id.in_(batch)).order_by(table.c.id))
                found.update((citation, tuple(named)) for citation, named in rows if named)
        return found

    # --- journals: matches, decisions, links, extractions ----------------------------------------

    def add(self, rows: Sequence[AnyRow]) -> list[AnyRow]:
        """Append rows of one kind and return them with their numbers.

        Rows that carry a number already (from an archive) keep it; then all of them must.
        """
        if not rows:
            return []
        table = tables.JOURNALS[type(rows[0])]
        with self._engine.begin() as connection:
            numbered = self._numbered(connection, table, [storable(row) for row in rows])
            self._insert(connection, table, numbered)
        return numbered

    def all(self, shape: type[AnyRow], after: int = 0) -> list[AnyRow]:
        """Return the rows of one kind, oldest first: `store.all(Decision)`; those numbered `after` one, if given."""
        table = tables.JOURNALS[shape]
        query = self._select(table, shape).where(table.c.n > after).order_by(table.c.n)
        with self._engine.connect() as connection:
            return list(map(reader(shape), connection.execute(query)))

    def decisions_on(self, citations: Iterable[int]) -> list[Decision]:
        """Return the decisions on some citations, oldest first."""
        table = tables.JOURNALS[Decision]
        query = self._select(table, Decision).where(table.c.record.in_(list(citations))).order_by(table.c.n)
        with self._engine.connect() as connection:
            return list(map(reader(Decision), connection.execute(query)))

    def newest_first(self, shape: type[AnyRow]) -> Iterator[AnyRow]:
        """Yield the rows of one kind, newest first, read page by page: whoever needs the last few reads no more."""
        table = tables.JOURNALS[shape]
        older = self._select(table, shape).order_by(table.c.n.desc()).limit(_BATCH)
        query = older
        while True:
            with self._engine.connect() as connection:
                page = list(map(reader(shape), connection.execute(query)))
            yield from page
            if len(page) < _BATCH:
                return
            query = older.where(table.c.n < page[-1].n)

    def distinct(self, shape: type[Row], column: str) -> list[str]:
        """Return what stands in one column of the rows of one kind, each text once, in the order of first rows."""
        table = tables.JOURNALS[shape]
        query = select(table.c[column]).where(table.c.review == self.review).group_by(table.c[column])
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(func.min(table.c.n))))

    def count(self, shape: type[AnyRow]) -> int:
        """Return how many rows of one kind there are."""
        table = tables.JOURNALS[shape]
        query = select(func.count()).select_from(table).where(table.c.review == self.review)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    # --- marks: numbers kept for speed alone, which may be lost at any time and are not archived -----------------

    def mark(self, name: str, number: int) -> None:
        """Keep a number under a name, in place of the one that was kept under it before."""
        marks = tables.counters
        row = {"review": self.review, "journal": _MARK + name, "last": number}
        with self._engine.begin() as connection:
            make = _INSERT[connection.dialect.name](marks)
            connection.execute(
                make.on_conflict_do_update(index_elements=["review", "journal"], set_={"last": number}), row
            )

    def marks(self) -> dict[str, int]:
        """Return name -> number of all that was kept."""
        marks = tables.counters
        query = select(marks.c.journal, marks.c.last).where(marks.c.review == self.review)
        with self._engine.connect() as connection:
            found = {name: int(number) for name, number in connection.execute(query)}
        return {name.removeprefix(_MARK): number for name, number in found.items() if name.startswith(_MARK)}

    def restore(
        self,
        protocols: dict[str, tuple[str, str]],
        runs: Iterable[tuple[SearchRun, Iterable[Citation]]],
        journals: Iterable[Sequence[Row]],
    ) -> None:
        """Fill an empty review from an archive in one transaction, with the numbers the rows carry.

        Raises:
            DatabaseNotEmpty: it holds something already, or another process was quicker.
        """
        if not self.is_empty():
            raise DatabaseNotEmpty(review=self.review, where=self.place)
        try:
            with self._engine.begin() as connection:
                for version, (text, at) in protocols.items():
                    row = {"review": self.review, "version": version, "text": text, "at": at}
                    connection.execute(insert(tables.protocols), row)
                for run, citations in runs:
                    connection.execute(insert(tables.runs), to_row(self.review, run))
                    self._insert(connection, tables.citations, citations)
                for rows in journals:
                    if rows:
                        table = tables.JOURNALS[type(rows[0])]
                        self._insert(connection, table, self._numbered(connection, table, rows))
        except IntegrityError as error:
            if self.is_empty():
                raise  # it is the rows that contradict each other
            raise DatabaseNotEmpty(review=self.review, where=self.place) from error

    def is_empty(self) -> bool:
        """Return True when nothing of this review is stored."""
        shapes = (tables.runs, tables.protocols, *tables.JOURNALS.values())
        with self._engine.connect() as connection:
            return not any(
                connection.execute(select(t.c.review).where(t.c.review == self.review).limit(1)).first() for t in shapes
            )

    # --- inside --------------------------------------------------------------------------------

    def _select(self, table: Table, shape: type[Any]) -> Select[Any]:
        """Ask for this review's rows with the columns in the order of the shape, as `reader` wants them."""
        return select(*(table.c[f.name] for f in fields(shape))).where(table.c.review == self.review)

    def _numbered(self, connection: Connection, table: Table, rows: Sequence[AnyRow]) -> list[AnyRow]:
        """Draw numbers from the counter; its row is locked first, so writers queue up on every database."""
        counters = tables.counters
        here = (counters.c.review == self.review) & (counters.c.journal == table.name)
        given = [row.n for row in rows if row.n]
        step = 0 if given else len(rows)
        advance = update(counters).where(here).values(last=counters.c.last + step)
        if connection.execute(advance).rowcount == 0:  # the first rows of all; another writer may be first as well
            make = _INSERT[connection.dialect.name](counters).on_conflict_do_nothing()
            connection.execute(make, {"review": self.review, "journal": table.name, "last": 0})
            connection.execute(advance)
        last = int(connection.execute(select(counters.c.last).where(here)).scalar_one())
        if given:
            connection.execute(update(counters).where(here).values(last=max(last, *given)))
            return list(rows)
        return [replace(row, n=last - len(rows) + place) for place, row in enumerate(rows, start=1)]

    def _insert(self, connection: Connection, table: Table, values: Iterable[Any]) -> None:
        rows = (to_row(self.review, value) for value in values)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(insert(table), batch)


def open_store(url: str, review: str, make: bool = True) -> Store:
    """Open the database at a SQLAlchemy URL for one review, making (unless told not to) or migrating it where needed.

    Raises:
        NoDatabase, DatabaseUnreachable, DatabaseTooNew: see `reviewkit.store.database.open_engine`.
    """
    return Store(open_engine(url, make), review)
