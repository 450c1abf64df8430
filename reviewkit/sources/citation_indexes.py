"""Citation indexes: which works a publication cites (backward), and which cite it (forward).

An index is a class that keeps `CitationIndex`'s promises and a line in `INDEXES`.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from reviewkit.model.citation_search import Direction
from reviewkit.model.known import Known
from reviewkit.sources import About, Asking, Progress, Shelf
from reviewkit.sources.paging import Pages

INDEXES: dict[str, tuple[str, str, str]] = {
    # index -> module and class that ask it, its name as printed
    "openalex": ("reviewkit.sources.openalex_citations", "OpenAlexIndex", "OpenAlex"),
    "europe-pmc": ("reviewkit.sources.europe_pmc_citations", "EuropePmcIndex", "Europe PMC"),
}


class CitationIndex(Protocol):
    """A citation index that can be asked over the network. Its methods raise Unanswered."""

    @staticmethod
    def how(direction: Direction) -> str:
        """Say how a direction is asked, with ID in place of a work's number: "filter=cites:ID"."""

    def look_up(self, known: Known) -> bytes:
        """Ask for the works that have an identifier; return the answer."""

    def numbers(self, answer: bytes) -> tuple[str, ...]:
        """Return the index's own numbers of the works in an answer of `look_up`. Raises AskAgain."""

    def count(self, direction: Direction, number: str) -> int:
        """Ask how many works there are in one direction from a work."""

    def fetch(self, direction: Direction, number: str, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch the works in one direction from a work and put every answer on the shelf."""


def open_index(name: str, asking: Asking) -> CitationIndex:
    """Return an index of `INDEXES`, ready to be asked."""
    module, made, _ = INDEXES[name]
    made_for: Callable[[Asking], CitationIndex] = getattr(import_module(module), made)
    return made_for(asking)


def index_about(name: str) -> About:
    """Return what the provider of an index says of itself."""
    module, made, _ = INDEXES[name]
    return cast(About, getattr(import_module(module), made).about)


def index_ways(name: str) -> dict[Direction, str]:
    """Say how an index is asked in each direction."""
    module, made, _ = INDEXES[name]
    how: Callable[[Direction], str] = getattr(import_module(module), made).how
    return {direction: how(direction) for direction in Direction}
