"""Cutting a result that is larger than a database hands out into slices by year of publication, each counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reviewkit.model.protocol import Strategy
from reviewkit.sources import Progress, Shelf
from reviewkit.sources.paging import Pages
from reviewkit.sources.politeness import Unanswered


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


def cut(count: Callable[[Years], int], cap: int, span: Years, total: int) -> list[tuple[Years, int]]:
    """Halve the years until no slice holds more than `cap` records; return the slices that hold any, with how many.

    A single year that holds more stays as it is.
    """
    if total <= cap or span.first == span.last:
        return [(span, total)] if total else []
    middle = (span.first + span.last) // 2
    halves = Years(span.first, middle), Years(middle + 1, span.last)
    return [part for half in halves for part in cut(count, cap, half, count(half))]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a shelf that belongs to one slice: the names of its bodies begin with the part's own."""

    shelf: Shelf
    name: str

    def put(self, name: str, format: str, body: bytes) -> None:
        """Keep a body."""
        self.shelf.put(f"{self.name}-{name}", format, body)

    def get(self, name: str, format: str) -> bytes | None:
        """Return the body that an earlier attempt kept."""
        return self.shelf.get(f"{self.name}-{name}", format)

    def clear(self) -> None:
        """Refuse: the other slices are on the same shelf, and are not to be lost."""
        raise Unanswered(f"the database lost our place in the records of {self.name}")


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

        pages = fetch(years, Part(shelf, years.label), within)
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
