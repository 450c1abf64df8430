"""The order of relevance as a list: what waits at a stage, the likeliest first, and one record's place explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewkit.model.decisions import State
from reviewkit.model.ids import record_label
from reviewkit.model.lessons import lessons
from reviewkit.model.protocol import Protocol, Stage
from reviewkit.steps.one_thread import one_thread
from reviewkit.steps.rank import explain_place, order_records, read_shelf
from reviewkit.steps.screen import queue
from reviewkit.steps.standing import Standing, load_records
from reviewkit.steps.wanted import wanted
from reviewkit.steps.why import Why
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Placed:
    """A record that waits, and its place; a score only tells which of two records comes first."""

    place: int
    id: str
    title: str
    year: int | None
    score: float


@dataclass(frozen=True, slots=True)
class Known:
    """A paper that the protocol names as known, and the record that it is here, '' where it was not found."""

    paper: str
    id: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The beginning of an order, what it rests on, and the record that was asked about."""

    stage: str
    reviewer: str  # '' for what anyone may learn from
    learned: int  # decided records that it was learned from
    waiting: int
    known: tuple[Known, ...]
    first: tuple[Placed, ...]
    asked: Placed | None = None  # its place is 0 where it does not wait
    why: Why | None = None


def list_ranking(
    store: Store,
    protocol: Protocol,
    standing: Standing,
    stage: Stage,
    reviewer: str,
    cache: Path,
    top: int,
    explain: int | None = None,
) -> Ranking:
    """Order what waits for a reviewer, or with '' for anybody, by what he may learn from.

    Args:
        top: how many records to list.
        explain: any citation of a record whose place is to be explained.

    Raises:
        UnknownRecord: there is no such record.
    """
    asked = None if explain is None else standing.record(explain)
    with one_thread():
        shelf = read_shelf(store, wanted(protocol), cache)
        order = order_records(shelf, lessons(standing.screening, protocol, stage, reviewer))
        why = None if asked is None else explain_place(shelf, order, asked)
    if reviewer:
        waiting = {*queue(standing, protocol, stage.id, reviewer)}
    else:
        waiting = {*standing.in_state(stage.id, State.PENDING)}
    ranked = [record for record in order.ids if record in waiting]
    place = {record: number for number, record in enumerate(ranked, start=1)}
    shown = ranked[:top] if asked is None else [asked]

    def placed(records: Sequence[int]) -> tuple[Placed, ...]:
        texts = load_records(store, standing, records)
        return tuple(
            Placed(place.get(r, 0), record_label(r), texts[r].title, texts[r].year, float(order.scores[shelf.row[r]]))
            for r in records
        )

    known = tuple(Known(p, record_label(shelf.known[p]) if p in shelf.known else "") for p in protocol.must_find)
    entries = placed(shown)
    return Ranking(
        stage=stage.id.value,
        reviewer=reviewer,
        learned=order.learned,
        waiting=len(ranked),
        known=known,
        first=entries if asked is None else (),
        asked=entries[0] if asked is not None else None,
        why=why,
    )
