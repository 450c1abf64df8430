"""One reviewer's sitting at one stage: which record comes next, what was skipped, and going back."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from reviewkit.model.decisions import Basis, Decision, Verdict, renewed, screening
from reviewkit.model.matches import Match
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Order, Protocol, Stage, StageId
from reviewkit.steps.decide import record_decision, undo_last
from reviewkit.steps.ordering import begin_ordering
from reviewkit.steps.ranker import Ranker
from reviewkit.steps.screen import (
    Exhibit,
    Progress,
    load_exhibit,
    next_stage,
    own_votes,
    progress,
    queue,
    turn,
)
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.why import Why
from reviewkit.store import Store

IN_SAMPLE = "sample"  # the order of a decision on a record that was drawn at random

_MANY = 1_000  # new decisions at once, such as a table imported meanwhile: then all is derived anew


class Sitting:
    """The records that wait for one reviewer at one stage, one at a time.

    Every decision is stored before the next record comes. What others do meanwhile (decisions, merges), and a newer
    order, is taken in between two records: a record that is shown stays until it is decided or put off, unless it no
    longer waits. Skipped records, and those left undecided by a "maybe", wait for the next sitting.
    """

    def __init__(
        self,
        store: Store,
        protocol: Protocol,
        stage: Stage | None,
        reviewer: str,
        clock: Callable[[], str],
        order: Order | None = None,
        ranker: Ranker | None = None,
    ) -> None:
        """Begin at a stage, or with None at the first one at which something waits for this reviewer.

        Args:
            order: in place of the protocol's, for this sitting.
            ranker: what learns the order of relevance; without it records come by id instead.
        """
        self._store, self._protocol, self._clock = store, protocol, clock
        self.reviewer = reviewer
        self._later: set[int] = set()
        self._shown = 0
        self._held = False  # the record is being looked at
        self._order = ""  # by which it came up
        self._first = 0  # the record whose decision was just taken back
        self._standing: Standing
        self._waiting: set[int]
        self._own: dict[int, Decision]
        self._seen: tuple[int, int]  # how many decisions and matches there were when everything was last derived
        self._read()
        self.stage = stage or next_stage(self._standing, protocol, reviewer) or protocol.stage[0]
        self._asked_for = order or self.stage.order
        self._ordering = begin_ordering(store, protocol, self.stage, reviewer, self._asked_for, ranker)
        self._ordering.begin(self._standing)
        self._queue()

    def standing(self) -> Standing:
        """Return where the review stands now; studies as they were when records last changed."""
        self._catch_up()
        return self._standing

    def current(self) -> Exhibit | None:
        """Return the record to decide now, or None when this sitting has no more."""
        self._catch_up()
        if not (self._held and self._shown in self._waiting):
            self._ordering.renew()
            following = self._next()
            if following is None:
                return None
            self._shown, self._held, self._order = following, True, self._order_of(following)
        return load_exhibit(self._store, self._standing, self._shown)

    @property
    def order(self) -> str:
        """The order in which the record at hand came up, as its decision will remember it (see `Decision`)."""
        return self._order

    @property
    def asked_for(self) -> Order:
        """The order that was asked for, which the record at hand may have come before."""
        return self._asked_for

    def no_why(self) -> str:
        """Say why `why` has no answer for the record at hand."""
        if self._asked_for is not Order.RELEVANCE:
            return "No word carried this record here; 'reviewkit rank --explain' says what relevance would."
        if self._order.startswith(Order.RELEVANCE):
            return self._ordering.trouble or "The order of relevance is being learned; ask again in a moment."
        early = "This record came before the order of relevance was learned; the next one comes by it."
        return self._ordering.trouble or early

    def why(self) -> Why | None:
        """Say what carried the record at hand up or down; None where no words did, or it cannot be said now."""
        return self._ordering.why(self._shown) if self._order.startswith(Order.RELEVANCE) else None

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
            by=self.reviewer, at=self._clock(), order=self._order,
        )  # fmt: skip
        made = record_decision(self._store, self._protocol, self._standing, wanted)
        self._held = False
        self._catch_up()
        if made.record in self._waiting:  # a "maybe" that left it undecided
            self._later.add(made.record)
        return made

    def skip(self) -> None:
        """Put the current record off to the next sitting."""
        self._later.add(self._shown)
        self._held = False

    def undo(self) -> Decision:
        """Take back this reviewer's last decision at this stage; its record comes next. Raises NothingToUndo."""
        taken_back = undo_last(self._store, self.reviewer, self._clock(), self.stage.id, Basis.REVIEWER)
        self._catch_up()
        self._held = False
        self._first = self._standing.records.group.get(taken_back.record, 0)
        self._later.discard(self._first)
        return taken_back

    def _catch_up(self) -> None:
        """Take in what was stored since, one's own rows and others'."""
        decisions, matches = self._rows()
        if matches != self._seen[1] or decisions > self._seen[0] + _MANY:
            self._read()
            self._ordering.begin(self._standing)
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
        self._own = own_votes(self._standing, self.stage.id, self.reviewer)
        self._waiting = {*queue(self._standing, self._protocol, self.stage.id, self.reviewer)}

    def _next(self) -> int | None:
        """Return the record that comes next: one just taken back, then a sample's, then what the order has first."""
        left, later, own, stand = self._waiting, self._later, self._own, self._standing
        if self._first in left and self._first not in later:
            return self._first
        sample = stand.sampled if self.stage.id is StageId.TITLE_ABSTRACT else ()
        for record in chain(sample, self._ordering.records):
            if record in left and record not in later and record not in own and record not in stand.stopped:
                return record
        # Left are those at which screening was stopped, those that came later, and one's own "maybe".
        turn_of = turn(stand, self.stage.id, own)
        place = {record: number for number, record in enumerate(self._ordering.records)}
        return min(
            left - later,
            key=lambda record: (*turn_of(record)[:-1], place.get(record, len(place)), record),
            default=None,
        )

    def _order_of(self, record: int) -> str:
        drawn = self.stage.id is StageId.TITLE_ABSTRACT and record in self._standing.sampled
        return IN_SAMPLE if drawn else self._ordering.name

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
        self._waiting.difference_update(touched)
        self._waiting.update(queue(part, self._protocol, self.stage.id, self.reviewer))
        self._ordering.learn(part, touched)

    def _rows(self) -> tuple[int, int]:
        return self._store.count(Decision), self._store.count(Match)
