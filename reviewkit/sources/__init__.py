"""One module a database, and the one polite way of talking to servers.

A source is a module that keeps `Source`'s promises and a line in `SOURCES`. It asks its server and hands every
response body over untouched; what the bodies mean is the business of `reviewkit.formats`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from reviewkit.model.protocol import Strategy
from reviewkit.sources.politeness import Politeness

Progress = Callable[[int, int], None]  # records received so far, records reported

SOURCES: dict[str, str] = {
    # database -> module that can search it
    "pubmed": "reviewkit.sources.pubmed",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Who is asking and with which keys; kept out of `repr`, so that no log can show them."""

    email: str = field(default="", repr=False)
    ncbi_api_key: str = field(default="", repr=False)
    eutils_url: str = ""  # base URL in place of NCBI's
    config: Path = Path()  # the file that could hold them, for messages


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes to the database: the strategy with every limit that is part of it, and all limits in words."""

    strategy: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of one search, besides the bodies: what the database said, and whether everything came.

    `complete` is False when what came is not what the database reported; `warnings` then says what is missing.
    """

    reported: int
    complete: bool
    translation: str = ""
    warnings: tuple[str, ...] = ()
    platform: str = ""
    client: str = ""  # libraries and versions, beside reviewkit's own


class Shelf(Protocol):
    """Where a source puts response bodies as they come.

    Names are the same for the same search, so that a shelf which holds some of them already can be used again.
    """

    def put(self, name: str, format: str, body: bytes) -> None:
        """Keep a body; `format` is a key of `reviewkit.formats.FORMATS`, or '' when it holds no citations."""

    def clear(self) -> None:
        """Let go of everything put so far: the search begins anew."""


class Source(Protocol):
    """A database that can be searched over the network."""

    def check_access(self, access: Access) -> None:
        """Raise the user error for what is missing (e-mail, key), before any request."""

    def as_sent(self, strategy: Strategy) -> Sent:
        """Say exactly what will be sent."""

    def search(
        self, strategy: Strategy, access: Access, shelf: Shelf, politeness: Politeness, progress: Progress
    ) -> Received:
        """Search and put every body on the shelf. Raises Unanswered, or a user error."""


def find_source(database: str) -> Source | None:
    """Return the source for a database, or None where it cannot be searched from here."""
    return cast(Source, import_module(SOURCES[database])) if database in SOURCES else None
