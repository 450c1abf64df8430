"""Citation searching by Europe PMC: its lists of references, and its search field CITES.

A list of references holds what the publication cites as printed; those of which Europe PMC holds a record are fetched
in full, the others are read from the list itself. Of many publications Europe PMC knows no list of references.
"""

from collections.abc import Sequence
from typing import Any

from reviewkit.formats.europe_pmc import accession_of
from reviewkit.formats.json_entries import table_of, tables_of
from reviewkit.model.citation_search import Direction
from reviewkit.model.known import Known
from reviewkit.sources import About, Asking, Progress, Shelf, untold
from reviewkit.sources.europe_pmc import ABOUT, DATABASE, EuropePmc, known_term, read_page
from reviewkit.sources.paging import Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain
from reviewkit.sources.shelves import PartOfShelf

_REFERENCES = "europe-pmc-references"  # key of FORMATS: the references without a record
_SIZE = 1_000  # references on a page, the most that it gives
_LOT = 100  # records asked for in one query


class EuropePmcIndex:
    """Europe PMC as a citation index. Its records are numbered by source and id: MED:12345678."""

    about: About = ABOUT

    def __init__(self, asking: Asking) -> None:
        self._api = EuropePmc(asking)

    @staticmethod
    def how(direction: Direction) -> str:
        """Say how a direction is asked, with ID in place of a record's number."""
        return "module references of SOURCE/ID" if direction is Direction.BACKWARD else "CITES:ID_SOURCE"

    def look_up(self, known: Known) -> bytes:
        """Ask for the records that have an identifier."""
        return self._api.find(known_term(known))

    def numbers(self, answer: bytes) -> tuple[str, ...]:
        """Return the records' numbers, such as MED:12345678. Raises AskAgain."""
        return tuple(filter(None, read_page(answer).ids))

    def count(self, direction: Direction, number: str) -> int:
        """Ask how many references a record has, or how many records cite it."""
        if direction is Direction.FORWARD:
            return self._api.count(_citing(number))
        return _read_references(self._references(number, page=1, size=1))[0]

    def fetch(self, direction: Direction, number: str, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch the references of a record, or the records that cite it."""
        if direction is Direction.FORWARD:
            return self._api.search(_citing(number), shelf, progress)
        held: list[str] = []

        pages = entries = 0

        def read(body: bytes) -> Page:
            nonlocal pages, entries
            reported, numbers = _read_references(body)
            held.extend(filter(None, numbers))
            pages, entries = pages + 1, entries + len(numbers)
            return Page(reported, numbers, str(pages + 1) if entries < reported else "")

        def ask(place: str, _received: int) -> bytes:
            return self._references(number, int(place), _SIZE)

        listed = fetch_pages(shelf, _REFERENCES, ask, read, untold, start="1")  # references are no records yet
        records = list(dict.fromkeys(held))
        return _together(listed, self._fetch_records(records, shelf, progress), len(held) - len(records))

    def _references(self, number: str, page: int, size: int) -> bytes:
        source, _, record = number.partition(":")

        def check(body: bytes) -> None:
            reported, numbers = _read_references(body)
            if page == 1 and reported and not numbers:
                raise AskAgain("Europe PMC sent no reference of its list")

        path = f"{source}/{record}/references"
        return self._api.get(path, check, page=str(page), pageSize=str(size))

    def _fetch_records(self, numbers: Sequence[str], shelf: Shelf, progress: Progress) -> list[Pages]:
        """Fetch records in full, by their numbers, in lots."""
        fetched: list[Pages] = []
        for start in range(0, len(numbers), _LOT):
            terms = (number.partition(":") for number in numbers[start : start + _LOT])
            query = " OR ".join(f"(EXT_ID:{record} AND SRC:{source})" for source, _, record in terms)
            part = PartOfShelf(shelf, f"records-{start // _LOT + 1:02}")
            pages = self._api.search(query, part, progress)
            lot = len(numbers[start : start + _LOT])
            missing = lot - pages.reported
            lost = (f"of {lot:,} references with a record, {missing:,} records were not found",) if missing > 0 else ()
            fetched.append(Pages(max(lot, pages.reported), 0, (*pages.problems, *lost), pages.notes))
        return fetched


def _together(listed: Pages, fetched: Sequence[Pages], twice: int) -> Pages:
    """Return what a list of references and the records of it come to."""
    parts = (listed, *fetched)
    notes = [f"{twice:,} of the references {'are' if twice > 1 else 'is'} listed twice"] if twice else []
    return Pages(
        listed.reported - twice,
        0,
        tuple(problem for part in parts for problem in part.problems),
        (*(note for part in fetched for note in part.notes), *notes),
    )


def _citing(number: str) -> str:
    source, _, record = number.partition(":")
    return f"CITES:{record}_{source}"


def _read_references(body: bytes) -> tuple[int, tuple[str, ...]]:
    """Read a page of references: how many there are, and the numbers of these, '' for one without a record."""
    table = as_json(body, DATABASE)
    reported = table.get("hitCount", 0)  # missing where no list is known
    if not isinstance(reported, int):
        raise AskAgain("Europe PMC's list of references holds no count")
    entries: list[dict[str, Any]] = tables_of(table_of(table.get("referenceList")).get("reference") or [])
    return reported, tuple(map(accession_of, entries))
