"""One reviewer's sitting at one stage: which record comes next, what was skipped, and going back."""

from collections.abc import Callable
from dataclasses import replace

from reviewkit.model.decisions import Basis, Decision, Verdict, renewed, screening
from reviewkit.model.matches import Match
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol, Stage
from reviewkit.steps.decide import record_decision, undo_last
from reviewkit.steps.screen import (
    Exhibit,
    Progress,
    load_exhibit,
    next_stage,
    own_votes,
    progress,
    queue,
)
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store

PLAIN_ORDER = "id"  # records are shown by ascending id

_MANY = 1_000  # new decisions at once, such as a table imported meanwhile: then all is derived anew


class Sitting:
    """The records that wait for one reviewer at one stage, one at a time.

    Every decision is stored before the next record comes. What others do meanwhile (decisions, merges) is taken in
    between two records. Skipped records, and those left undecided by a "maybe", wait for the next sitting.
    """

    def __init__(
        self, store: Store, protocol: Protocol, stage: Stage | None, reviewer: str, clock: Callable[[], str]
    ) -> None:
        """Begin at a stage, or with None at the first one at which something waits for this reviewer."""
        self._store, self._protocol, self._clock = store, protocol, clock
        self.reviewer = reviewer
        self._later: set[int] = set()
        self._shown = 0
        self._first = 0  # the record whose decision was just taken back
        self._standing: Standing
        self._waiting: list[int]
        self._own: dict[int, Decision]
        self._seen: tuple[int, int]  # how many decisions and matches there were when everything was last derived
        self._read()
        self.stage = stage or next_stage(self._standing, protocol, reviewer) or protocol.stage[0]
        self._queue()

    def standing(self) -> Standing:
        """Return where the review stands now; studies as they were when records last changed."""
        self._catch_up()
        return self._standing

    def current(self) -> Exhibit | None:
        """Return the record to decide now, or None when this sitting has no more."""
        self._catch_up()
        left = [record for record in self._waiting if record not in self._later]
        if not left:
            return None
        self._shown = self._first if self._first in left else left[0]
        return load_exhibit(self._store, self._standing, self._shown)

    def progress(self) -> Progress:
        """Return how far this reviewer is at this stage, earlier sittings counted."""
        return progress(self._own, self._waiting)

    def left_for_later(self) -> int:
        """Count the records that were put off in this sitting and still wait."""
        return len(self._later.intersection(self._waiting))

    def decide(self, verdict: Verdict, criterion: str = "", note: str = "") -> Decision:
        """Store a verdict on the current record. Raises what `record_decision` raises; then nothing has changed."""
        wanted = Decision(
            record=self._shown, stage=self.stage.id.value, verdict=verdict, criterion=criterion, note=note,
            by=self.reviewer, at=self._clock(), order=PLAIN_ORDER,
        )  # fmt: skip
        made = record_decision(self._store, self._protocol, self._standing, wanted)
        self._catch_up()
        if made.record in self._waiting:  # a "maybe" that left it undecided
            self._later.add(made.record)
        return made

    def skip(self) -> None:
        """Put the current record off to the next sitting."""
        self._later.add(self._shown)

    def undo(self) -> Decision:
        """Take back this reviewer's last decision at this stage; its record comes next. Raises NothingToUndo."""
        taken_back = undo_last(self._store, self.reviewer, self._clock(), self.stage.id, Basis.REVIEWER)
        self._catch_up()
        self._first = self._standing.records.group.get(taken_back.record, 0)
        self._later.discard(self._first)
        return taken_back

    def _catch_up(self) -> None:
        """Take in what was stored since, one's own rows and others'."""
        decisions, matches = self._rows()
        if matches != self._seen[1] or decisions > self._seen[0] + _MANY:
            self._read()
            self._queue()
        elif decisions != self._seen[0]:
            group = self._standing.records.group
            new = self._store.all(Decision, after=self._seen[0])
            self._take_in({group[row.record] for row in new if row.record in group})
            self._seen = (new[-1].n, matches)

    def _read(self) -> None:
        """Derive everything anew: a second at 100,000 records, so only at the start and where records have changed."""
        self._seen = self._rows()
        self._standing = standing(self._store, self._protocol)

    def _queue(self) -> None:
        self._waiting = queue(self._standing, self._protocol, self.stage.id, self.reviewer)
        self._own = own_votes(self._standing, self.stage.id, self.reviewer)

    def _take_in(self, touched: set[int]) -> None:
        """Derive anew only the records on which somebody has decided."""
        members = self._standing.records.members
        few = Partition({r: members[r] for r in sorted(touched)}, {c: r for r in touched for c in members[r]})
        screened = screening(self._protocol, few, self._store.decisions_on(few.group))
        part = replace(self._standing, records=few, screening=screened)
        self._standing = replace(self._standing, screening=renewed(self._standing.screening, screened, touched))
        for record in touched:
            self._own.pop(record, None)
        self._own |= own_votes(part, self.stage.id, self.reviewer)
        self._waiting = [record for record in self._waiting if record not in touched]
        if again := queue(part, self._protocol, self.stage.id, self.reviewer):
            self._waiting = sorted((*self._waiting, *again), key=lambda record: (record in self._own, record))

    def _rows(self) -> tuple[int, int]:
        return self._store.count(Decision), self._store.count(Match)
