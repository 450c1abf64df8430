"""Asking a citation index for every seed in every direction, as `receiving` asks a source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from reviewkit.model.citation_search import Link, Seed, Step
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Asking, Progress, Received, Shelf
from reviewkit.sources.citation_indexes import (
    INDEXES,
    CitationIndex,
    index_about,
    open_index,
)
from reviewkit.sources.paging import Pages
from reviewkit.sources.politeness import Unanswered
from reviewkit.sources.shelves import PartOfShelf, StartAnew, kept_or_asked

_ATTEMPTS = 2  # times a lost place in one of the results makes us ask all of them again


@dataclass(slots=True)
class AskedIndex:
    """A citation index with what it is asked; `links` fills in the order of `steps` while it is searched."""

    index: str  # a key of INDEXES
    steps: tuple[Step, ...]
    links: list[Link] = field(default_factory=list)

    def count_steps(self, asking: Asking, progress: Progress) -> None:
        """Ask for the count of every step; `progress` hears how many steps are done. Raises Unanswered."""
        opened = open_index(self.index, asking)
        numbers: dict[Seed, tuple[str, ...]] = {}
        self.links.clear()
        for step in self.steps:
            if step.seed not in numbers:
                numbers[step.seed] = _unite(opened.numbers(opened.look_up(each)) for each in step.seed.known)
            found = numbers[step.seed]
            counted = sum(opened.count(step.direction, number) for number in found) if found else -1
            self.links.append(Link(step, found, counted))
            progress(len(self.links), len(self.steps))

    def search(
        self,
        strategy: Strategy,
        asking: Asking,
        shelf: Shelf,
        progress: Progress,
        since: date | None = None,
    ) -> Received:
        """Ask for every step and put every answer on the shelf. Raises Unanswered."""
        opened = open_index(self.index, asking)
        for _ in range(_ATTEMPTS):
            try:
                return self._search(opened, shelf, progress).received(asking.access.platform(index_about(self.index)))
            except StartAnew:
                shelf.clear()
        raise Unanswered("the index lost our place in its result again and again")

    def _search(self, opened: CitationIndex, shelf: Shelf, progress: Progress) -> Pages:
        name = INDEXES[self.index][2]
        numbers: dict[Seed, tuple[str, ...]] = {}
        problems: list[str] = []
        notes: list[str] = []
        reported = 0
        self.links.clear()
        for seed in dict.fromkeys(step.seed for step in self.steps):
            numbers[seed] = _look_up(opened, seed, PartOfShelf(shelf, f"seed-{len(numbers) + 1:03}"))
        unknown = [str(seed) for seed in numbers if not numbers[seed]]
        if unknown:
            them = "it" if len(unknown) == 1 else "them"
            notes.append(f"{name} does not know {', '.join(unknown)}; nothing was asked from {them}")
        without: dict[str, list[str]] = {}
        for step in self.steps:
            place = list(numbers).index(step.seed) + 1
            count = 0 if numbers[step.seed] else -1
            told = f"{step.direction.value} from {step.seed.label}"
            for copy, number in enumerate(numbers[step.seed], start=1):
                part = PartOfShelf(shelf, f"{step.direction.value}-{place:03}-{copy}")
                pages = opened.fetch(step.direction, number, part, _from(reported + count, progress))
                count += pages.reported
                problems += [f"{told}: {problem}" for problem in pages.problems]
                notes += [f"{told}: {note}" for note in pages.notes]
            if count == 0:
                without.setdefault(step.direction.value, []).append(step.seed.label)
            reported += max(count, 0)
            self.links.append(Link(step, numbers[step.seed], count))
        notes += [f"{direction} from {', '.join(labels)}: {name} lists none" for direction, labels in without.items()]
        return Pages(reported, 0, tuple(problems), tuple(notes))


def _look_up(opened: CitationIndex, seed: Seed, shelf: Shelf) -> tuple[str, ...]:
    """Return the index's numbers for a seed, by all its identifiers; the answers go on the shelf."""
    found = []
    for place, known in enumerate(seed.known, start=1):
        answer = kept_or_asked(shelf, f"{place}.json", partial(opened.look_up, known))
        found.append(opened.numbers(answer))
    return _unite(found)


def _unite(found: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for numbers in found for number in numbers))


def _from(start: int, progress: Progress) -> Progress:
    """Count on from what earlier steps brought."""
    return lambda done, total: progress(start + done, start + total)
