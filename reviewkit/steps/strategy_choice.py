"""Which of the protocol's strategies a command is about."""

from collections.abc import Iterable

from reviewkit.errors import NotConfigured, NothingToSearch
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import database_label, database_name
from reviewkit.sources import Access, check_access, find_source


def choose_strategies(protocol: Protocol, database: str = "") -> tuple[Strategy, ...]:
    """Return the protocol's strategies, or the one for a database.

    Raises:
        NothingToSearch: there is none.
    """
    if not protocol.search:
        raise NothingToSearch(reason="it has none; add one with database and strategy")
    wanted = database_name(database) if database else ""
    chosen = tuple(strategy for strategy in protocol.search if not wanted or strategy.database == wanted)
    if not chosen:
        names = ", ".join(strategy.database for strategy in protocol.search)
        raise NothingToSearch(reason=f"there is none for '{database}', only for {names}")
    return chosen


def askable(databases: Iterable[str], access: Access) -> tuple[str, ...]:
    """Return the databases that can be asked from here: those with an API whose key is set, or that need none.

    An e-mail address, which everybody has, does not count as a key.
    """
    return tuple(name for name in databases if _is_askable(name, access))


def _is_askable(database: str, access: Access) -> bool:
    source = find_source(database)
    if source is None:
        return False
    try:
        check_access(source, database_label(database), access)
    except NotConfigured as missing:
        return not missing.facts["where"]
    return True
