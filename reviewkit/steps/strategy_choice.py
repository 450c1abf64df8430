"""Which of the protocol's strategies a command is about."""

from reviewkit.errors import NothingToSearch
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import database_name


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
