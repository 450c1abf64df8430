"""Cutting a result that is larger than a database hands out into slices by year of publication, each counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from reviewkit.model.protocol import Strategy
from reviewkit.sources import Progress, Shelf
from reviewkit.sources.paging import NOTHING, Pages
from reviewkit.sources.politeness import Unanswered
from reviewkit.sources.shelves import PartOfShelf, StartAnew, kept_or_asked


@dataclass(frozen=True, slots=True)
class Years:
    """Years of publication, the first and the last of them included."""

    first: int
    last: int

    @property
    def label(self) -> str:
        """As messages and names of files have it: "2019", "1500-1979"."""
        return f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"


EVER = Years(1500, 2100)  # no database holds anything that is older or further ahead


def span_of(strategy: Strategy) -> Years:
    """Return the years that a strategy's limits leave."""
    first, last = strategy.published_from, strategy.published_to
    return Years(first.year if first else EVER.first, last.year if last else EVER.last)


class Countable(Protocol):
    """A search that can be limited to years of publication; None for all of them."""

    def ask_count(self, years: Years | None) -> bytes:
        """Return an answer that counts the records."""

    def total(self, body: bytes) -> int:
        """Return how many records such an answer reports."""

    def fetch(self, years: Years | None, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch the records."""


def fetch_all(search: Countable, cap: int, span: Years, shelf: Shelf, progress: Progress) -> Pages:
    """Fetch all records, in slices by year where they are more than the `cap` of one search.

    The counts are kept on the shelf, as `0000-count.json` and `0000-count-YEARS.json`.
    """

    def count(years: Years | None) -> int:
        return search.total(kept_count(search, years, shelf))

    total = count(None)
    if not total:
        return NOTHING
    if total <= cap:
        return search.fetch(None, shelf, progress)

    def recount() -> int:
        return search.total(search.ask_count(None))

    return fetch_slices(cut(count, cap, span, total), search.fetch, shelf, progress, recount)


def kept_count(search: Countable, years: Years | None, shelf: Shelf) -> bytes:
    """Return the answer that counts, as an earlier attempt kept it, or a new one."""
    name = f"0000-count-{years.label}.json" if years else "0000-count.json"
    return kept_or_asked(shelf, name, lambda: search.ask_count(years))


def cut(count: Callable[[Years], int], cap: int, span: Years, total: int) -> list[tuple[Years, int]]:
    """Halve the years until no slice holds more than `cap` records; return the slices that hold any, with how many.

    A single year that holds more stays as it is.
    """
    if total <= cap or span.first == span.last:
        return [(span, total)] if total else []
    middle = (span.first + span.last) // 2
    halves = Years(span.first, middle), Years(middle + 1, span.last)
    return [part for half in halves for part in cut(count, cap, half, count(half))]


def fetch_slices(
    slices: Iterable[tuple[Years, int]],
    fetch: Callable[[Years, Shelf, Progress], Pages],
    shelf: Shelf,
    progress: Progress,
    recount: Callable[[], int],
) -> Pages:
    """Fetch every slice, and hold their sum against the whole.

    Args:
        fetch: fetches one slice to a shelf and holds what came against the slice's own count.
        recount: how many records the database reports in all, asked at the end.
    """
    planned = list(slices)
    total = came = sum(count for _, count in planned)
    done = 0
    problems: list[str] = []
    notes = [f"more than it hands out at once, so fetched in {len(planned)} slices by year of publication"]
    for years, _ in planned:

        def within(received: int, _reported: int, before: int = done) -> None:
            progress(min(before + received, total), total)

        try:
            pages = fetch(years, PartOfShelf(shelf, years.label), within)
        except StartAnew:  # the other slices are on the same shelf, and are not to be lost
            raise Unanswered(f"the database lost our place in the records of {years.label}") from None
        problems += [f"{years.label}: {problem}" for problem in pages.problems]
        notes += [f"{years.label}: {note}" for note in pages.notes]
        done += pages.reported
    reported, came = recount(), done
    if came < reported:
        problems.append(
            f"the database reported {reported:,} records and the slices by year hold {came:,}; records without a year "
            "of publication, or added meanwhile, are not among them"
        )
    elif came > reported:
        notes.append(f"the slices hold {came:,} records and the database reported {reported:,} at the end")
    return Pages(max(reported, came), total if total != max(reported, came) else 0, tuple(problems), tuple(notes))
