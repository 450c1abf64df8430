"""One reviewer's sitting at one stage: which record comes next, what was skipped, and going back."""

from collections.abc import Callable

from reviewkit.model.decisions import Basis, Decision, Verdict, outcome
from reviewkit.model.matches import Match
from reviewkit.model.protocol import Protocol, Stage
from reviewkit.steps.decide import record_decision, undo_last
from reviewkit.steps.screen import (
    Exhibit,
    Progress,
    load_exhibit,
    own_votes,
    progress,
    queue,
    waits_for,
)
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store

PLAIN_ORDER = "id"  # records are shown by ascending id


class Sitting:
    """The records that wait for one reviewer at one stage, one at a time.

    Every decision is stored before the next record comes. What others do meanwhile (decisions, merges) is taken in
    between two records. Skipped records, and those left undecided by a "maybe", wait for the next sitting.
    """

    def __init__(self, store: Store, protocol: Protocol, stage: Stage, reviewer: str, clock: Callable[[], str]) -> None:
        self._store, self._protocol, self._clock = store, protocol, clock
        self.stage, self.reviewer = stage, reviewer
        self._later: set[int] = set()
        self._shown = 0
        self._first = 0  # the record whose decision was just taken back
        self._standing: Standing
        self._waiting: list[int]
        self._own: dict[int, Decision]
        self._seen: tuple[int, int]  # how many rows of which kind were there when everything was last derived
        self._derive()

    def current(self) -> Exhibit | None:
        """Return the record to decide now, or None when this sitting has no more."""
        if self._rows() != self._seen:
            self._derive()
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
        self._own[made.record] = made
        others = [v for v in self._standing.screening.stages[made.stage][made.record].votes if v.by != self.reviewer]
        if waits_for(outcome(self.stage, [*others, made], self._protocol.exclude), self.stage.reviewers, self.reviewer):
            self._later.add(made.record)
        else:
            self._waiting.remove(made.record)
        if made.n == self._seen[0] + 1:  # else somebody else's rows came in between, and `current` derives anew
            self._seen = (made.n, self._seen[1])
        return made

    def skip(self) -> None:
        """Put the current record off to the next sitting."""
        self._later.add(self._shown)

    def undo(self) -> Decision:
        """Take back this reviewer's last decision at this stage; its record comes next. Raises NothingToUndo."""
        taken_back = undo_last(self._store, self.reviewer, self._clock(), self.stage.id, Basis.REVIEWER)
        self._derive()
        self._first = self._standing.records.group.get(taken_back.record, 0)
        self._later.discard(self._first)
        return taken_back

    def _derive(self) -> None:
        """Derive everything anew: a fifth of a second at 10,000 records, so not after each decision of one's own."""
        self._seen = self._rows()
        self._standing = standing(self._store, self._protocol)
        self._waiting = queue(self._standing, self._protocol, self.stage.id, self.reviewer)
        self._own = own_votes(self._standing, self.stage.id, self.reviewer)

    def _rows(self) -> tuple[int, int]:
        return self._store.count(Decision), self._store.count(Match)
