"""Relations: records that rules found to report one study (preprint and article, register entry and article)."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from reviewkit.model.journal import standing
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.partition import Pair, Partition
from reviewkit.model.text import registration_key

_NUMBER = re.compile(r"([A-Z]*)(\d.*)")
_EUROPEAN = ("", "EUCTR", "EUDRACT")  # 2010-012345-67 is written with a prefix, a country behind it, or neither
_EUROPEAN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Relation:
    """Two records (left < right) that a rule links as reports of one study, and the match that says so."""

    left: int
    right: int
    match: Match

    @property
    def pair(self) -> Pair:
        """The two records, the earlier one first."""
        return (self.left, self.right)


def related_records(matches: Sequence[Match], record_of: Partition) -> dict[Pair, Match]:
    """Return the pairs of records between which a standing match says RELATED, in the order of those matches."""
    found: dict[Pair, Match] = {}
    for match in standing(matches):
        ends = (record_of.group.get(match.left), record_of.group.get(match.right))
        if match.judgement is Judgement.RELATED and None not in ends and ends[0] != ends[1]:
            low, high = sorted(end for end in ends if end is not None)
            found.setdefault((low, high), match)
    return found


def relations(found: Mapping[Pair, Match], numbers: Mapping[int, Set[str]]) -> tuple[Relation, ...]:
    """Return the pairs that can be taken as one study without a person: those that put no two trials together.

    An article that names two trials of one register (a pooled analysis, a review) would chain them into one study;
    so it is linked with none of them, and no link is made through which two trials of one register would meet.
    One trial with numbers in several registers stays one.

    Args:
        found: as `related_records` returns it.
        numbers: record -> the registration numbers that its citations name.
    """
    parent: dict[int, int] = {}
    held: dict[int, set[str]] = {}

    def root(record: int) -> int:
        parent.setdefault(record, record)
        while parent[record] != record:
            record = parent[record]
        return record

    taken = []
    for (left, right), match in found.items():
        one, other = root(left), root(right)
        trials = set[str]()
        for end in (one, other):
            trials |= held.setdefault(end, set(map(_trial, numbers.get(end, ()))))
        if one != other and _several(trials):
            continue
        parent[max(one, other)] = min(one, other)
        held[min(one, other)] = trials
        taken.append(Relation(left, right, match))
    return tuple(taken)


def _trial(number: str) -> str:
    """Return a registration number as "REGISTER digits", so that two of one register can be told."""
    key = registration_key(number)
    parts = _NUMBER.fullmatch(key)
    if not parts:
        return f"{key} "
    register, digits = parts.groups()
    if register in _EUROPEAN:
        return f"EUCTR {digits[:_EUROPEAN_DIGITS]}"
    return f"{register[:4]} {digits}"  # ChiCTR-IOR-17 and ChiCTR1700 are of one register


def _several(trials: Set[str]) -> bool:
    registers = [trial.split(" ")[0] for trial in trials]
    return len(set(registers)) < len(registers)
