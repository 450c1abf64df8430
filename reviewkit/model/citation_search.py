"""Citation searches in words: directions, seeds, what each brought, and what a run's strategy and lines say of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from reviewkit.model.known import Known
from reviewkit.model.runs import Line, SearchRun

DATABASE = "citation-searching"

_LINE = re.compile(r"(backward|forward) from (.+?) \(")
_UNKNOWN = "not known there, so nothing was asked"


class Direction(StrEnum):
    """The directions of citation searching, as the TARCiS statement names them."""

    BACKWARD = "backward"  # the works that a seed cites
    FORWARD = "forward"  # the works that cite a seed


_SAYS = {
    Direction.BACKWARD: "Backward, the works that these cite",
    Direction.FORWARD: "Forward, the works that cite these",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """A publication from which a citation search starts: its label, and its identifiers wherever it was found."""

    label: str  # "r12", or "PMID 12345678" where it was given by its identifier
    known: tuple[Known, ...] = ()

    def __str__(self) -> str:
        words = {"pmid": "PMID", "doi": "DOI"}
        named = ", ".join(f"{words[each.kind]} {each.key}" for each in self.known)
        return f"{self.label} ({named})" if named not in ("", self.label) else self.label


@dataclass(frozen=True, slots=True)
class Step:
    """One seed in one direction."""

    direction: Direction
    seed: Seed


@dataclass(frozen=True, slots=True)
class Link:
    """What an index told of one step: its own numbers of the seed, and how many works it reported.

    `numbers` is empty where the index does not know the seed; `count` is then -1.
    """

    step: Step
    numbers: tuple[str, ...] = ()
    count: int = -1


def as_strategy(index: str, ways: dict[Direction, str], steps: Sequence[Step]) -> str:
    """Say exactly what is asked: the index, and for each direction how, and from which seeds.

    Args:
        index: its name as printed.
        ways: how the index is asked in each direction.
        steps: what is asked, sorted by direction.
    """
    said = [_title(index)]
    for direction, asked in groupby(steps, key=lambda step: step.direction):
        seeds = [str(step.seed) for step in asked]
        count = f"{len(seeds)} seed{'s' if len(seeds) > 1 else ''}"
        said.append(f"{_SAYS[direction]} ({ways[direction]}); {count}: {', '.join(seeds)}.")
    return "\n".join(said)


def as_lines(links: Iterable[Link]) -> tuple[Line, ...]:
    """Return a run's lines, one for each seed and direction."""
    return tuple(
        Line(
            label=str(place),
            text=f"{link.step.direction.value} from {link.step.seed.label} ({'; '.join(link.numbers) or _UNKNOWN})",
            count=link.count,
        )
        for place, link in enumerate(links, start=1)
    )


def was_asked(step: Step, runs: Iterable[SearchRun], index: str, update: int) -> bool:
    """Tell whether an index was asked for this step in this round, and answered in full.

    A seed that it did not know counts as asked while its identifiers are the same.
    """
    mine = (run for run in runs if run.complete and is_search(run, index) and run.update == update)
    return any(_answers(line, step, run.strategy) for run in mine for line in run.lines)


def is_search(run: SearchRun, index: str) -> bool:
    """Tell whether a run is a citation search in an index, given by its name as printed."""
    return run.database == DATABASE and run.strategy.startswith(_title(index))


def ways_of(run: SearchRun) -> frozenset[Direction]:
    """Return the directions in which a citation search went."""
    return frozenset(Direction(found[1]) for line in run.lines if (found := _LINE.match(line.text)))


def _answers(line: Line, step: Step, strategy: str) -> bool:
    found = _LINE.match(line.text)
    if not found or (found[1], found[2]) != (step.direction.value, step.seed.label):
        return False
    return line.count >= 0 or f"{step.seed}," in strategy or f"{step.seed}." in strategy


def _title(index: str) -> str:
    return f"Citation searching in {index}."
