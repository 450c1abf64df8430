"""Checking a review's protocol: its mistakes, what it says in brief, and how it differs from what was decided under."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from reviewkit.errors import InvalidProtocol, NotReadable
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import DATABASES
from reviewkit.protocol import load_protocol
from reviewkit.protocol.template import is_template
from reviewkit.steps.strategy_check import CheckedStrategy, check_strategies
from reviewkit.steps.versions import EarlierVersion, earlier_versions
from reviewkit.store import Store
from reviewkit.workspace import Folders


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: every mistake with its place; without mistakes the protocol, notes and earlier versions.

    `strategies` is what was found in how the search strategies are written.
    """

    review: str
    problems: tuple[str, ...] = ()
    protocol: Protocol | None = None
    notes: tuple[str, ...] = ()
    earlier: tuple[EarlierVersion, ...] = ()
    strategies: tuple[CheckedStrategy, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Are there neither mistakes nor strategies that are surely wrong?"""
        return not self.problems and not any(strategy.errors for strategy in self.strategies)


def check(folders: Folders, open_store: Callable[[], Store]) -> Checked:
    """Check one review's protocol.

    Args:
        open_store: opens the review's database; called only for a sound protocol.
    """
    try:
        protocol = load_protocol(folders.protocol)
    except InvalidProtocol as error:
        return Checked(folders.review, tuple(error.problems))
    except NotReadable as error:
        return Checked(folders.review, (str(error),))
    earlier = tuple(earlier_versions(open_store(), protocol))
    strategies = check_strategies(protocol) if protocol.search else ()
    return Checked(folders.review, protocol=protocol, notes=_notes(protocol), earlier=earlier, strategies=strategies)


def _notes(protocol: Protocol) -> tuple[str, ...]:
    """Say what is no mistake but may not be meant."""
    notes = ["It still says what the template says: write your own question, searches and criteria."]
    if not is_template(protocol.version):
        notes.clear()
    if not protocol.search:
        notes.append("It has no [[search]]: 'reviewkit search' will have nothing to run.")
    for search in protocol.search:
        if search.database not in DATABASES:
            close = get_close_matches(search.database, DATABASES, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else "."
            notes.append(f"'{search.database}' is not a database that reviewkit knows; PRISMA counts it as one{hint}")
    for stage in protocol.stage:
        if stage.learn_from == "all" and stage.reviewers > 1:
            told = 'with learn_from = "all" the order of relevance hints at verdicts that a reviewer cannot see yet'
            notes.append(f'{stage.label}: {told}; "own" keeps reviewers independent.')
    if not protocol.extraction.group:
        notes.append("It has no extraction form: add [[extraction.group]] before the first study is extracted.")
    return tuple(notes)
