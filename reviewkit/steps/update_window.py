"""Since when a database is asked for what it added: only where all that came before is known to be there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reviewkit.model.protocol import Strategy
from reviewkit.model.repeats import when
from reviewkit.model.runs import SearchRun
from reviewkit.sources import Source

OVERLAP = 14  # days before the last search that --since last asks for again: databases add entries with some delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for: everything, only what was added since a day, or since each database's last search."""

    since: date | None = None
    last: bool = False


EVERYTHING = Window()


def since_when(window: Window, source: Source, strategy: Strategy, runs: Iterable[SearchRun]) -> date | None:
    """Return since when a database is asked; None, for everything, where it cannot be asked so.

    "Since the last search" needs a last search of this very strategy: one that is new or was changed also finds what
    the database has had for long.
    """
    if not source.ABOUT.since or not (window.since or window.last):
        return None
    if window.since:
        return window.since
    known = _known_until(source, strategy, sorted((run for run in runs if run.complete), key=when))
    return date.fromisoformat(known) - timedelta(days=OVERLAP) if known else None


def _known_until(source: Source, strategy: Strategy, made: Sequence[SearchRun]) -> str:
    """Return the day up to which all is there that a strategy finds, or ''.

    A search for everything begins it; one for what was added since a day goes on from there when it leaves no gap.
    """
    known = ""
    asked_by_hand = (strategy.strategy.strip(), strategy.limits)
    for run in made:
        if run.database != strategy.database or (run.since and not (known and run.since <= known)):
            continue
        sent = source.as_sent(strategy, date.fromisoformat(run.since) if run.since else None)
        asked = (run.strategy.strip(), run.limits)
        if asked == (sent.strategy.strip(), sent.limits) or (run.origin != "api" and asked == asked_by_hand):
            known = max(known, run.date)
    return known
