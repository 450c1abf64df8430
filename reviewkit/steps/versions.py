"""Protocol versions: which decisions were made under an earlier one, and what has changed since."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from reviewkit.errors import InvalidProtocol
from reviewkit.model.changes import Change, find_changes
from reviewkit.model.decisions import Decision
from reviewkit.model.journal import standing
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A protocol version other than the present one, under which decisions were made that still stand.

    `changes` says how criteria and stages differ now; not `known`: its text is not kept or can no longer be read.
    """

    version: str
    since: str  # time it was first used, '' when not known
    decisions: int
    changes: tuple[Change, ...] = ()
    known: bool = True


def earlier_versions(store: Store, protocol: Protocol) -> list[EarlierVersion]:
    """Return the earlier versions under which standing decisions were made, oldest first."""
    if {*store.distinct(Decision, "protocol")} <= {"", protocol.version}:
        return []  # as nearly always; to read every decision takes half a second where there are 100,000
    made = Counter(decision.protocol for decision in standing(store.all(Decision)) if decision.protocol)
    kept = store.protocols()
    order = [*kept, *sorted(made.keys() - kept.keys())]
    return [_compare(v, kept.get(v), made[v], protocol) for v in order if made[v] and v != protocol.version]


def _compare(version: str, kept: tuple[str, str] | None, decisions: int, now: Protocol) -> EarlierVersion:
    text, since = kept or ("", "")
    try:
        before = parse_protocol(text, Path(f"{version}.toml"))
    except InvalidProtocol:
        return EarlierVersion(version, since, decisions, known=False)
    return EarlierVersion(version, since, decisions, find_changes(before, now))
