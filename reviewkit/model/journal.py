"""Append-only rows: what they share, and which of them still stand after the undos."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every appended row carries: who, when, its number in its table, and what it takes back.

    `n` counts from 1 within a review and a table; 0 means not stored yet. A row whose `undoes` is not 0
    says nothing itself: it takes row `undoes` of the same table back (and may be taken back in turn).
    `at` is UTC, `YYYY-MM-DDTHH:MM:SSZ`.
    """

    by: str
    at: str
    n: int = 0
    undoes: int = 0
    note: str = ""


AnyRow = TypeVar("AnyRow", bound=Row)


def standing(rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Return the rows that still stand, in their order; undo rows and what they took back are left out."""
    return list(newest_standing(reversed(rows)))[::-1]


def newest_standing(rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
    """Yield the rows that still stand out of rows given newest first; reads no more of them than it is asked for."""
    undone: set[int] = set()
    for row in rows:
        if row.n in undone:
            continue
        if row.undoes:
            undone.add(row.undoes)
        else:
            yield row


def last_standing(rows: Sequence[AnyRow], by: str) -> AnyRow | None:
    """Return the latest row of one person that still stands, the one that an undo takes back."""
    return next((row for row in reversed(standing(rows)) if row.by == by), None)


def last_act(rows: Sequence[AnyRow], by: str, about: Callable[[AnyRow], object]) -> list[AnyRow]:
    """Return the standing rows that one person appended together last, in order; [] when there are none.

    Rows appended together follow each other in number, share time and note, and are each about something else.
    """
    own = [row for row in standing(rows) if row.by == by]
    act = own[-1:]
    named = {about(row) for row in act}
    for row in reversed(own[:-1]):
        if (row.n, row.at, row.note) != (act[-1].n - 1, act[-1].at, act[-1].note) or about(row) in named:
            break
        act.append(row)
        named.add(about(row))
    return act[::-1]


def latest(rows: Iterable[AnyRow]) -> str:
    """Return the time of the latest row, or ''; what exports print as 'state of'."""
    return max((row.at for row in rows), default="")
