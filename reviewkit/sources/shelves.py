"""What sources share in using a shelf: an answer that is asked for once, and a part for each of many questions."""

from collections.abc import Callable
from dataclasses import dataclass

from reviewkit.sources import Shelf
from reviewkit.sources.paging import LostPlace


class StartAnew(LostPlace):
    """One of many questions lost its place in the result; all of them are asked again."""


@dataclass(frozen=True, slots=True)
class PartOfShelf:
    """A shelf's bodies whose names begin with `lead`; a search of many questions keeps those of each apart."""

    shelf: Shelf
    lead: str

    def put(self, name: str, format: str, body: bytes) -> None:
        """Keep a body."""
        self.shelf.put(f"{self.lead}-{name}", format, body)

    def get(self, name: str, format: str) -> bytes | None:
        """Return the body of this name where an earlier attempt kept it."""
        return self.shelf.get(f"{self.lead}-{name}", format)

    def clear(self) -> None:
        """A part cannot be let go of alone. Raises StartAnew."""
        raise StartAnew


def kept_or_asked(shelf: Shelf, name: str, ask: Callable[[], bytes]) -> bytes:
    """Return an answer without citations, such as a count: as an earlier attempt kept it, else a new one, now kept."""
    body = shelf.get(name, "")
    if body is None:
        body = ask()
        shelf.put(name, "", body)
    return body
