"""Citation searching by OpenAlex: the filters cites and cited_by of its list of works."""

from reviewkit.model.citation_search import Direction
from reviewkit.model.known import Known
from reviewkit.sources import About, Asking, Progress, Shelf
from reviewkit.sources.openalex_api import ABOUT, OpenAlex, read_page
from reviewkit.sources.paging import Pages
from reviewkit.sources.politeness import Unanswered

_FILTER = {Direction.BACKWARD: "cited_by", Direction.FORWARD: "cites"}


class OpenAlexIndex:
    """OpenAlex as a citation index. An identifier can lead to several works: it holds some publications twice."""

    about: About = ABOUT

    def __init__(self, asking: Asking) -> None:
        self._api = OpenAlex(asking)

    @staticmethod
    def how(direction: Direction) -> str:
        """Say how a direction is asked, with ID in place of a work's number."""
        return f"filter={_FILTER[direction]}:ID"

    def look_up(self, known: Known) -> bytes:
        """Ask for the works that have an identifier."""
        if any(sign in known.key for sign in ",|"):
            raise Unanswered(
                f"OpenAlex cannot be asked for the identifier {known.key}, whose comma parts filters there"
            )
        return self._api.find({"filter": f"{known.kind}:{known.key}"})

    def numbers(self, answer: bytes) -> tuple[str, ...]:
        """Return the works' numbers, such as W2741809807. Raises AskAgain."""
        return tuple(filter(None, read_page(answer).ids))

    def count(self, direction: Direction, number: str) -> int:
        """Ask how many works there are in one direction from a work."""
        return self._api.count({"filter": f"{_FILTER[direction]}:{number}"})

    def fetch(self, direction: Direction, number: str, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch the works in one direction from a work."""
        return self._api.fetch({"filter": f"{_FILTER[direction]}:{number}"}, shelf, progress)
