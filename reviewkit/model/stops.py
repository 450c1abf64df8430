"""How far titles and abstracts are screened: random samples that people drew, and the points at which they stopped."""

import hashlib
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.decisions import Outcome, State
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Row):
    """Records drawn at random out of those on which nobody had decided, to be screened before all others.

    `records` are in the order of the draw, which `seed` and the records that waited determine (see `draw`).
    """

    stage: str
    seed: int
    through: int  # the last citation that the review held then
    decided: int  # the number of the last decision then
    waiting: int  # the records that it was drawn from
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Row):
    """A person stopped screening at a stage; what was known then, and the estimate that it rests on, in words.

    `through` is the last citation that the review held: records that later searches bring are not stopped at.
    `enough` tells whether the method said that screening could stop; a person may stop all the same.
    """

    stage: str
    through: int
    decided: int
    screened: int
    relevant: int  # of the screened
    waiting: int  # on which nobody had decided
    method: str = ""
    reference: str = ""
    said: str = ""
    enough: bool = False


def draw(waiting: Collection[int], size: int, seed: int) -> tuple[int, ...]:
    """Draw records at random: those whose SHA-256 of "SEED rRECORD" is smallest, in that order.

    Anyone can draw the same sample again, in any programming language and with any version of it.
    """
    keys = {record: hashlib.sha256(f"{seed} r{record}".encode()).digest() for record in waiting}
    return tuple(sorted(keys, key=keys.__getitem__)[:size])


def untouched(outcomes: Mapping[int, Outcome]) -> list[int]:
    """Return the records of a stage on which nobody has decided, by ascending id."""
    return [record for record, found in outcomes.items() if found.state is State.PENDING and not found.votes]


def sampled(samples: Sequence[Sample], stage: str, record_of: Partition) -> dict[int, int]:
    """Return the records of the samples that were not taken back -> their place in the order of the draw."""
    drawn = (record for sample in standing(samples) if sample.stage == stage for record in sample.records)
    now = dict.fromkeys(record_of.group[record] for record in drawn if record in record_of.group)
    return {record: place for place, record in enumerate(now)}


def in_force(stops: Sequence[Stop], stage: str) -> list[Stop]:
    """Return the stops at a stage that hold: those not taken back; of several at the same records, the last."""
    held: dict[int, Stop] = {}
    for stop in standing(stops):
        if stop.stage == stage:
            held.pop(stop.through, None)
            held[stop.through] = stop
    return list(held.values())


def stopped_at(stops: Iterable[Stop], outcomes: Mapping[int, Outcome], drawn: Container[int] = ()) -> dict[int, Stop]:
    """Return the records that nobody screened because of a stop, by ascending id, each with that stop.

    A record that someone has begun to decide on still waits for the others, and one of a random sample waits to be
    screened. One that was screened after all is not among them, and neither is one that a later search brought: its id
    is higher than any that the stop knew of.

    Args:
        stops: those in force at the stage.
        drawn: the records of random samples.
    """
    first = sorted(stops, key=lambda stop: stop.through)
    found = {}
    for record in untouched(outcomes) if first else ():
        stop = next((stop for stop in first if record <= stop.through), None)
        if stop and record not in drawn:
            found[record] = stop
    return found
