"""One module a database, and the one polite way of talking to servers.

A source is a module that keeps `Source`'s promises and a line in `SOURCES`. It asks its server and hands every
response body over untouched; what the bodies mean is the business of `reviewkit.formats`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

from reviewkit.errors import NotConfigured
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources.politeness import Politeness

Progress = Callable[[int, int], None]  # records received so far, records reported


def untold(done: int, total: int) -> None:
    """Tell nobody about progress."""


SOURCES: dict[str, str] = {
    # database -> module that can search it
    "pubmed": "reviewkit.sources.pubmed",
    "scopus": "reviewkit.sources.scopus",
    "web-of-science": "reviewkit.sources.web_of_science",
    "embase": "reviewkit.sources.embase",
    "europe-pmc": "reviewkit.sources.europe_pmc",
    "openalex": "reviewkit.sources.openalex",
    "crossref": "reviewkit.sources.crossref",
    "clinicaltrials-gov": "reviewkit.sources.clinicaltrials",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that a person must have before a database lets him in, or that he may have to his advantage."""

    variable: str  # environment variable; in the user's configuration the same without REVIEWKIT_, in lower case
    what: str  # "an API key of NCBI"
    where: str = ""  # the page that gives it
    required: bool = True
    benefit: str = ""  # what it brings where it is not required: "10 requests a second in place of 3"

    @property
    def key(self) -> str:
        """Its name in the user's configuration file."""
        return self.variable.removeprefix("REVIEWKIT_").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a source says of itself, for `reviewkit sources` and for messages."""

    platform: str  # as search reports name it: "NCBI E-utilities"
    address: str  # base URL
    address_variable: str  # environment variable that names another one, for mirrors and tests
    documentation: str  # address of the provider's own description of the API
    needs: tuple[Need, ...] = ()
    cap: int | None = None  # records that it hands out for one search; None where there is no such limit
    since: bool = False  # can be asked for what it added since a day
    note: str = ""  # what a person should know: abstracts only with a subscription ...


@dataclass(frozen=True, slots=True)
class Access:
    """Who is asking, with which keys, where; what it finds is never shown, so that no log can hold a key."""

    find: Callable[[str], str] = field(default=lambda _variable: "", repr=False)  # environment variable -> value or ''
    config: Path = Path()  # the file that could hold the values, for messages

    def value(self, need: Need) -> str:
        """What the person has set for a need, or ''."""
        return self.find(need.variable)

    def address(self, about: About) -> str:
        """The base URL to ask, without a slash at its end."""
        return (self.find(about.address_variable) or about.address).rstrip("/")

    def platform(self, about: About) -> str:
        """What is asked, as a search report names it; another address than the provider's own is told."""
        address = self.address(about)
        return about.platform if address == about.address else f"{about.platform} at {host_of(address)}"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a source needs besides the question: who asks, and how patiently."""

    access: Access
    politeness: Politeness = field(default_factory=Politeness)


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes to the database: the strategy with every limit that is part of it, and all limits in words."""

    strategy: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many records a strategy finds, without fetching them, and what the database said of it."""

    reported: int
    translation: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of one search, besides the bodies: what the database said, and whether everything came.

    `complete` is False when what came is not what the database reported; `warnings` then says what is missing.
    `reported_before` is what it reported when the search began, where that differs from the end; else 0.
    """

    reported: int
    complete: bool
    translation: str = ""
    warnings: tuple[str, ...] = ()
    platform: str = ""
    client: str = ""  # libraries and versions, beside reviewkit's own
    reported_before: int = 0


class Shelf(Protocol):
    """Where a source puts response bodies as they come.

    Names are the same for the same search: a shelf may hold bodies of an earlier attempt that was interrupted, and
    what it holds need not be fetched again.
    """

    def put(self, name: str, format: str, body: bytes) -> None:
        """Keep a body; `format` is a key of `reviewkit.formats.FORMATS`, or '' when it holds no citations."""

    def get(self, name: str, format: str) -> bytes | None:
        """Return the body of this name where an earlier attempt kept it; from now on it is part of the run."""

    def clear(self) -> None:
        """Let go of everything put so far: the search begins anew."""


class Source(Protocol):
    """A database that can be searched over the network."""

    ABOUT: About

    def as_sent(self, strategy: Strategy, since: date | None = None) -> Sent:
        """Say exactly what will be sent. `since` asks only for what the database added on that day or later."""

    def count(self, strategy: Strategy, asking: Asking) -> Counted:
        """Ask how many records the strategy finds within its limits. Raises Unanswered, or a user error."""

    def search(
        self, strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None
    ) -> Received:
        """Search and put every body on the shelf. Raises Unanswered, or a user error."""

    def known_term(self, known: Known) -> str:
        """Return the query that finds this one paper, in the database's own syntax; '' where it has none."""


def host_of(address: str) -> str:
    """Return host and port of an address, for reports; a user and a password that stand before them are left out."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2] or "no address"
    except ValueError:
        return "no address"


def find_source(database: str) -> Source | None:
    """Return the source for a database, or None where it cannot be searched from here."""
    return cast(Source, import_module(SOURCES[database])) if database in SOURCES else None


def check_access(source: Source, database: str, access: Access) -> None:
    """Raise NotConfigured for the first thing that a source cannot do without, before any request."""
    for need in source.ABOUT.needs:
        if need.required and not access.value(need):
            where = f" You get it at {need.where}." if need.where else ""
            raise NotConfigured(
                database=database,
                what=need.what,
                variable=need.variable,
                key=need.key,
                config=access.config,
                where=where,
            )
