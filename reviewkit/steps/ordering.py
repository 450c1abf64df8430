"""In which order records are laid before a reviewer, and the name by which each decision remembers it."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Protocol as Shape

from reviewkit.model.lessons import lessons
from reviewkit.model.protocol import Order, Protocol, Stage
from reviewkit.steps.ranker import Learned, Ranker
from reviewkit.steps.standing import Standing
from reviewkit.steps.why import Why
from reviewkit.store import Store


class Ordering(Shape):
    """What a sitting asks of an order."""

    @property
    def name(self) -> str:
        """What decisions remember: "id", "newest", "relevance:120" where it was learned from 120 decided records."""

    @property
    def records(self) -> Sequence[int]:
        """Records in this order, decided ones too; those that came later are missing."""

    @property
    def trouble(self) -> str:
        """What hinders it, in words for the reviewer, or ''."""

    def begin(self, standing: Standing) -> None:
        """Take in where the review stands, at the beginning and whenever records themselves have changed."""

    def learn(self, part: Standing, touched: Collection[int]) -> None:
        """Take in what was decided: `part` is where the touched records stand now."""

    def renew(self) -> bool:
        """Take a newer order over, if there is one; return True when there was. Called only between two records."""

    def why(self, record: int) -> Why | None:
        """Say what carried a record up or down; None where the order rests on no words, or not yet."""


class PlainOrdering:
    """An order that nobody's decisions change."""

    def __init__(self, store: Store, protocol: Protocol, stage: Stage, reviewer: str, order: Order) -> None:
        self._store, self._protocol, self._order = store, protocol, order
        self._salt = f"{protocol.review}\0{stage.id.value}\0{reviewer}\0"
        self._records: list[int] = []

    @property
    def name(self) -> str:
        """The order's own name."""
        return self._order.value

    @property
    def records(self) -> Sequence[int]:
        """Records in this order, those that are alike in it by id."""
        return self._records

    @property
    def trouble(self) -> str:
        """Nothing hinders it."""
        return ""

    def begin(self, standing: Standing) -> None:
        """Look up once what the order goes by."""
        members = standing.records.members
        self._records = sorted(members)
        if self._order is Order.NEWEST:
            years = self._store.years()
            self._records.sort(key=lambda record: -max(years.get(citation) or 0 for citation in members[record]))
        elif self._order is Order.DATABASE:
            named = [search.database for search in self._protocol.search] + [run.database for run in standing.runs]
            database = {run.id: named.index(run.database) for run in standing.runs}
            self._records.sort(key=lambda record: database[standing.run_of[record]])
        elif self._order is Order.RANDOM:
            # Each record draws a lot that it keeps, whatever comes and goes around it.
            self._records.sort(key=lambda record: sha256(f"{self._salt}{record}".encode()).digest())

    def learn(self, part: Standing, touched: Collection[int]) -> None:
        """Learn nothing."""

    def renew(self) -> bool:
        """Say that the order is still the same."""
        return False

    def why(self, record: int) -> Why | None:
        """Say nothing: no word carried the record here."""
        return None


class RelevanceOrdering:
    """The order that is learned from decisions, elsewhere, while the reviewer reads.

    Before the first order has come, records are shown as they were ordered last, or else by id.
    """

    def __init__(self, ranker: Ranker, protocol: Protocol, stage: Stage, reviewer: str) -> None:
        self._ranker, self._protocol, self._stage, self._reviewer = ranker, protocol, stage, reviewer
        self._learned: Learned | None = None
        self._plain: list[int] = []
        self._begun = False

    @property
    def name(self) -> str:
        """The order at hand with the number of decided records that it was learned from; "id" before the first one."""
        return f"{Order.RELEVANCE.value}:{self._learned.learned}" if self._learned else Order.ID.value

    @property
    def records(self) -> Sequence[int]:
        """The likeliest records first."""
        return self._learned.ids if self._learned else self._plain

    @property
    def trouble(self) -> str:
        """Say when no newer order will come."""
        reason = self._ranker.failure
        return f"The order of relevance can no longer be learned ({reason}); decisions are kept." if reason else ""

    def begin(self, standing: Standing) -> None:
        """Begin with the order that there was last, and have it learned anew from all that may be learned from."""
        taught = lessons(standing.screening, self._protocol, self._stage, self._reviewer)
        self._plain = sorted(standing.records.members)
        if self._begun:
            self._ranker.read_again(taught)
            return
        self._begun = True
        self._learned = self._ranker.begin(standing.runs, self._stage, self._reviewer, taught)

    def learn(self, part: Standing, touched: Collection[int]) -> None:
        """Pass on what the touched records teach now."""
        taught = lessons(part.screening, self._protocol, self._stage, self._reviewer)
        self._ranker.teach({record: taught.get(record) for record in touched})

    def renew(self) -> bool:
        """Take over the newest order that has come."""
        newer = self._ranker.newest()
        if newer is None or newer is self._learned:
            return False
        self._learned = newer
        return True

    def why(self, record: int) -> Why | None:
        """Ask which words carried a record up or down."""
        return self._ranker.why(record) if self._learned else None


def begin_ordering(
    store: Store, protocol: Protocol, stage: Stage, reviewer: str, order: Order, ranker: Ranker | None
) -> Ordering:
    """Return the order of a sitting; by id in place of relevance where no ranker can be had."""
    if order is Order.RELEVANCE and ranker:
        return RelevanceOrdering(ranker, protocol, stage, reviewer)
    return PlainOrdering(store, protocol, stage, reviewer, Order.ID if order is Order.RELEVANCE else order)
