"""Which databases can be searched from here, what each needs and has, and which are searched by hand."""

from dataclasses import dataclass
from typing import cast

from reviewkit.errors import UnknownDatabase
from reviewkit.model.runs import DATABASES, SourceKind, database_kind, database_label, database_name
from reviewkit.sources import SOURCES, About, Access, Need, Source, find_source, host_of
from reviewkit.sources.by_hand import Export, has_own_advice, how_to_export


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something that a database asks for, and whether the person has set it; the value itself is never held here."""

    need: Need
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A database that reviewkit can search.

    `host` is the server that is asked in place of the provider's own, '' where it is that.
    """

    database: str
    label: str
    kind: SourceKind
    about: About
    needs: tuple[Held, ...]
    host: str = ""

    @property
    def is_ready(self) -> bool:
        """True when nothing is missing that it cannot do without."""
        return all(held.is_set for held in self.needs if held.need.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """How a person searches a database on its website, and gets the result out of it."""

    database: str
    label: str
    kind: SourceKind
    export: Export


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All databases that reviewkit knows, in the order of its table."""

    searchable: tuple[Searchable, ...]
    by_hand: tuple[ByHand, ...]


def list_sources(access: Access) -> Sources:
    """Return every database with what it needs and has."""
    known = [name for name in DATABASES if database_kind(name) is not SourceKind.OTHER]
    return Sources(
        searchable=tuple(_searchable(name, access) for name in known if name in SOURCES),
        by_hand=tuple(_by_hand(name) for name in known if name not in SOURCES),
    )


def find_one(text: str, access: Access) -> tuple[Searchable | None, ByHand | None]:
    """Return what is known of one database, by its name or its label: how it is searched from here, and how by hand.

    Raises:
        UnknownDatabase: it is none of those known.
    """
    name = database_name(text)
    if name not in DATABASES or database_kind(name) is SourceKind.OTHER:
        names = ", ".join(known for known in DATABASES if database_kind(known) is not SourceKind.OTHER)
        remedy = f"Known are {names}. What was exported from any other can be imported, with --kind beside --database."
        raise UnknownDatabase(name=text, hint="", remedy=remedy)
    if name not in SOURCES:
        return None, _by_hand(name)
    return _searchable(name, access), _by_hand(name) if has_own_advice(name) else None


def _searchable(name: str, access: Access) -> Searchable:
    about = cast(Source, find_source(name)).ABOUT  # whatever stands in SOURCES is found
    address = access.address(about)
    return Searchable(
        database=name,
        label=database_label(name),
        kind=database_kind(name),
        about=about,
        needs=tuple(Held(need=need, is_set=bool(access.value(need))) for need in about.needs),
        host="" if address == about.address else host_of(address),
    )


def _by_hand(name: str) -> ByHand:
    return ByHand(database=name, label=database_label(name), kind=database_kind(name), export=how_to_export(name))
