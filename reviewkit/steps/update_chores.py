"""What an update leaves to a person: databases to be exported from by hand, citation searches to be made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reviewkit.model.citation_search import Direction, is_search, ways_of
from reviewkit.model.protocol import Strategy
from reviewkit.model.runs import SearchRun
from reviewkit.sources.citation_indexes import INDEXES

RECENT = 31  # days for which a file that was exported by hand is taken as up to date


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A database to be exported from by hand: when it was last, and why it cannot be asked from here ('' if never)."""

    database: str
    strategy: str
    last: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationsAgain:
    """A citation index that was searched in an earlier round and not in this one: its key, its name, when and how."""

    index: str
    name: str
    last: str
    directions: tuple[Direction, ...]


def export_again(strategy: Strategy, runs: Sequence[SearchRun], today: str, reason: str = "") -> ByHand | None:
    """Say what must be exported by hand; nothing where that was done lately."""
    last = max((run.date for run in runs if run.database == strategy.database), default="")
    if last and date.fromisoformat(last) + timedelta(days=RECENT) >= date.fromisoformat(today):
        return None
    return ByHand(database=strategy.database, strategy=strategy.strategy, last=last, reason=reason)


def citations_again(runs: Sequence[SearchRun], update: int) -> tuple[CitationsAgain, ...]:
    """Return the citation searches of earlier rounds that were not made in this one."""
    found = []
    for index, (_, _, name) in INDEXES.items():
        mine = [run for run in runs if is_search(run, name)]
        before = [run for run in mine if run.update < update]
        if before and not any(run.update == update and run.complete for run in mine):
            used = {way for run in before for way in ways_of(run)}
            ways = tuple(way for way in Direction if way in used) or tuple(Direction)
            found.append(CitationsAgain(index=index, name=name, last=max(run.date for run in before), directions=ways))
    return tuple(found)
