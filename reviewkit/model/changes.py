"""What changed between two versions of a protocol, as far as it bears on decisions already made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reviewkit.model.protocol import Criterion, Protocol, Stage


class Kind(StrEnum):
    """How something differs from what it was."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it is about ("criterion E1"), and its wording before and after, '' where there is none."""

    kind: Kind
    what: str
    before: str = ""
    after: str = ""


def find_changes(before: Protocol, after: Protocol) -> tuple[Change, ...]:
    """Return how criteria and stages differ; wording for diagrams, searches and the form change no decision."""
    return (
        *_compare("inclusion criterion", _texts(before.include), _texts(after.include)),
        *_compare("exclusion criterion", _texts(before.exclude), _texts(after.exclude)),
        *_compare("stage", _rules(before.stage), _rules(after.stage)),
    )


def _texts(criteria: tuple[Criterion, ...]) -> Mapping[str, str]:
    return {criterion.id: " ".join(criterion.text.split()) for criterion in criteria}


def _rules(stages: tuple[Stage, ...]) -> Mapping[str, str]:
    return {
        s.id.value: f"reviewers = {s.reviewers}, settled_by = {s.settled_by}, reasons = {s.reasons}" for s in stages
    }


def _compare(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name, text in after.items():
        if name not in before:
            yield Change(Kind.ADDED, f"{what} {name}", after=text)
        elif before[name] != text:
            yield Change(Kind.CHANGED, f"{what} {name}", before[name], text)
    for name, text in before.items():
        if name not in after:
            yield Change(Kind.REMOVED, f"{what} {name}", before=text)
