"""A finished screening done again by the model: in which order it would have shown the records, and when to stop.

The model sees a label only when it has shown the record. It learns again after every decision as long as at most five
inclusions are known or fewer than a hundred decisions are made, and from there on whenever a fiftieth more is decided.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewkit.errors import NotAmongRecords
from reviewkit.formats.cells import csv_line
from reviewkit.model.ranking import Document, Features, Text, features, place_of_next, rank, read_topic
from reviewkit.model.ranking.explore import FEW
from reviewkit.model.ranking.quality import Quality, quality
from reviewkit.model.stopping import RULES, Rule, first_stop
from reviewkit.steps.labelled import Labelled
from reviewkit.steps.one_thread import one_thread
from reviewkit.workspace.files import write_bytes

Progress = Callable[[int, int], None]  # records read, and inclusions among them

_SLOWER = 50  # an order is kept for a fiftieth of the decisions it was learned from
_EXAMPLES = 5  # ids named in a message


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a rule would have stopped: everything was read where it never does."""

    rule: Rule
    read: int
    recall: float
    said_stop: bool


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated screening.

    `order` ends with the last included record; the rest, in the file's order, is all excluded. `used_topic` is False
    where the topic shares no word with the records.
    """

    order: tuple[str, ...]
    found: tuple[bool, ...]  # of every record in its order, the rest included
    priors: int
    used_topic: bool
    learned: int  # how often the model learned
    quality: Quality
    stops: tuple[Stop, ...]


def simulate(
    labelled: Labelled, *, priors: Sequence[str] = (), topic: str = "", seed: int = 0, progress: Progress
) -> Simulated:
    """Screen labelled records once more, in the order of the model, until the last included one is found.

    Args:
        labelled: the records.
        priors: ids of records whose labels are known beforehand; they are read first, in this order.
        topic: what the review is about, in words; it stands in for the first inclusion.
        seed: of the random order in which records are read until the first inclusion, where there are neither.
        progress: told after every decision.

    Raises:
        NotAmongRecords: a prior id is not in the file.
    """
    rows = _rows(labelled, priors)
    with one_thread():
        known = features([Text(record.title, record.abstract, record.year) for record in labelled.records])
        document = read_topic(known, topic) if topic.strip() else None
        screening = _Screening(labelled, known, document or None, random.Random(seed))  # noqa: S311  # no secret
        for row in screening.rows(rows):
            progress(*screening.read(row))
    rest = sorted(set(range(len(labelled.records))) - set(screening.order))
    found = tuple(labelled.records[row].included for row in [*screening.order, *rest])
    return Simulated(
        order=tuple(labelled.records[row].id for row in screening.order),
        found=found,
        priors=len(rows),
        used_topic=bool(document),
        learned=screening.learned,
        quality=quality(found),
        stops=tuple(_stop(rule, found) for rule in RULES.values()),
    )


class _Screening:
    """The reading as it goes on."""

    def __init__(self, labelled: Labelled, known: Features, topic: Document | None, dice: random.Random) -> None:
        self.order: list[int] = []
        self.learned = 0
        self._records = labelled.records
        self._left = labelled.included
        self._known = known
        self._topic = topic
        self._shuffled = list(range(len(labelled.records)))
        dice.shuffle(self._shuffled)
        self._labels: dict[int, float] = {}

    def read(self, row: int) -> tuple[int, int]:
        """Read one record and learn its label; return records and inclusions so far."""
        self.order.append(row)
        self._labels[row] = float(self._records[row].included)
        self._left -= self._records[row].included
        return len(self.order), round(sum(self._labels.values()))

    def rows(self, priors: Sequence[int]) -> Iterator[int]:
        """Yield what is read next, until the last included record was found."""
        yield from priors
        while self._left:
            for row in self._next_rows():
                yield row
                if not self._left:
                    return

    def _next_rows(self) -> Sequence[int]:
        ranked = rank(self._known, self._labels, self._topic)
        if ranked.model is None:
            return [next(row for row in self._shuffled if row not in self._labels)]
        self.learned += 1
        found = [self._records[row].included for row in self.order]
        begin = place_of_next(found, len(ranked.order))
        count = max(1, len(found) // _SLOWER) if sum(found) > FEW else 1
        kept: list[int] = ranked.order[begin : begin + count].tolist()
        return kept


def _rows(labelled: Labelled, ids: Sequence[str]) -> list[int]:
    row_of = {record.id: row for row, record in enumerate(labelled.records)}
    unknown = [name for name in ids if name not in row_of]
    if unknown:
        known = ", ".join(list(row_of)[:_EXAMPLES])
        raise NotAmongRecords(file=labelled.name, ids=", ".join(unknown), known=known)
    return list(dict.fromkeys(row_of[name] for name in ids))


def _stop(rule: Rule, found: Sequence[bool]) -> Stop:
    at = first_stop(rule, found, len(found))
    read = at or len(found)
    return Stop(rule, read, sum(found[:read]) / sum(found), said_stop=read < len(found))


def write_ranking(path: Path, order: Sequence[str]) -> None:
    """Write an order: the heading `id`, then one id a row. Raises NotWritable."""
    write_bytes(path, "".join(csv_line((name,)) for name in ("id", *order)).encode())
