"""In which order the records of a stage were read, and which part of the reading tells how many are still to be found.

What the methods of `reviewkit.model.stopping` say holds for records that came up in an order of relevance, or at
random, out of all that there were. Reading that was done otherwise, or before the last records came, is left aside:
what it found is found, and the records are out of the count of those that could still come up.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reviewkit.model.decisions import Basis, Decision, Outcome, State, Verdict, as_read
from reviewkit.model.protocol import Stage


class Way(StrEnum):
    """How a record came up."""

    RELEVANCE = "relevance"
    RANDOM = "random"
    SAMPLE = "sample"  # drawn at random out of the rest, see `reviewkit.model.stops`
    OTHER = "other"  # by number, year or database; from a table; by a script


@dataclass(frozen=True, slots=True)
class Read:
    """A record that was read to the end: what was decided, and when and how it had come up."""

    record: int
    relevant: bool
    n: int  # the number of the decision with which its reading was complete
    at: str
    way: Way


@dataclass(frozen=True, slots=True)
class Batch:
    """The records that came with one search run: the last of them, and when they came."""

    last: int
    at: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of how many relevant records are left.

    `found` holds, in the order of reading, whether each record that counts was relevant; `read` and `relevant` are of
    all records read, `total` of all records of the stage. `since` is when the last records came, where something was
    read before.
    """

    way: Way
    found: tuple[bool, ...]
    read: int
    relevant: int
    total: int
    since: str = ""

    @property
    def aside(self) -> int:
        """Records read in another way or earlier."""
        return self.read - len(self.found)

    @property
    def unread(self) -> int:
        """Records of which nothing is known yet."""
        return self.total - self.read


def way_of(order: str) -> Way:
    """Return how a record came up, from what its decision says of the order."""
    name = order.partition(":")[0]
    return Way(name) if name in (Way.RELEVANCE, Way.RANDOM, Way.SAMPLE) else Way.OTHER


def reads(
    stage: Stage,
    outcomes: Mapping[int, Outcome],
    made: Mapping[int, Sequence[Decision]],
    drawn: Mapping[int, int],
) -> list[Read]:
    """Return the records of a stage whose outcome is final, in the order in which they were read.

    A record is read when as many people as the protocol asks for have decided on it for the first time; later changes
    of mind, and the settling of a conflict, say what was found there. A record that is in conflict, or waits for
    another reviewer, is not read yet: so no verdict shows in any estimate before it may be shown.

    Args:
        made: record -> its decisions at the stage that stand, in order.
        drawn: record of a random sample -> the number of the last decision when it was drawn.
    """
    found = []
    for record, outcome in outcomes.items():
        if outcome.state in (State.PENDING, State.CONFLICT):
            continue
        first: dict[str, Decision] = {}
        for row in made[record]:
            if row.basis not in (Basis.CONSENSUS, Basis.ELSEWHERE):
                first.setdefault(row.by, row)
        votes = sorted(first.values(), key=lambda row: row.n)
        last = votes[stage.reviewers - 1] if len(votes) >= stage.reviewers else made[record][-1]
        found.append(_read(record, outcome.state is State.INCLUDED, last, drawn))
    return sorted(found, key=lambda read: read.n)


def own_reads(stage: Stage, by: str, made: Mapping[int, Sequence[Decision]], drawn: Mapping[int, int]) -> list[Read]:
    """Return what one reviewer has read, in his order and by his own verdicts: for his eyes only."""
    found = []
    for record, rows in made.items():
        own = [row for row in rows if row.by == by and row.basis is Basis.REVIEWER]
        if own:
            relevant = as_read(own[-1], stage) is Verdict.INCLUDE
            found.append(_read(record, relevant, own[0], drawn))
    return sorted(found, key=lambda read: read.n)


def _read(record: int, relevant: bool, row: Decision, drawn: Mapping[int, int]) -> Read:
    sample = record in drawn and row.n > drawn[record]
    return Read(record, relevant, row.n, row.at, Way.SAMPLE if sample else way_of(row.order))


def evidence(done: Sequence[Read], unread: Collection[int], batches: Iterable[Batch]) -> Evidence:
    """Choose the reading that tells most: in one way, out of records that had all come by then.

    Reading from before the last records came says nothing of these. It counts all the same where all that came later is
    read: then it is about the others alone.

    Args:
        done: what was read, in order.
        unread: the records that were not.
        batches: what brought the records, in the order of their numbers.
    """
    relevant = sum(read.relevant for read in done)
    best = Evidence(Way.RELEVANCE, (), len(done), relevant, len(done) + len(unread))
    furthest, complete = max(unread, default=0), ""
    for batch in batches:
        complete = max(complete, batch.at)
        if furthest > batch.last:
            continue
        now = [read for read in done if read.record <= batch.last and read.at >= complete]
        since = complete if any(read.at < complete for read in done) else ""
        best = best if best.found else replace(best, since=since)
        for way in (Way.RELEVANCE, Way.RANDOM):
            found = tuple(read.relevant for read in now if read.way is way)
            if len(found) > len(best.found):
                best = Evidence(way, found, len(done), relevant, best.total, since)
    return best
