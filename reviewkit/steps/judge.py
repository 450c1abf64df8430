"""What a person says of duplicates: two records are the same or different, a citation leaves its record, and undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reviewkit.errors import NothingToSplit, NothingToUndo, NotInRecord, SplitInstead, UnknownRecord
from reviewkit.model import matches as matching
from reviewkit.model.ids import record_label
from reviewkit.model.journal import last_act, standing
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.partition import Pair, Partition
from reviewkit.store import Store


def judge(store: Store, left: int, right: int, judgement: Judgement, by: str, at: str, note: str = "") -> list[Match]:
    """Record that two records are the same or different; return the rows added, none when that stands already.

    Args:
        left, right: the records, or any citation of each.
        judgement: SAME or DIFFERENT.

    Raises:
        UnknownRecord: no run brought one of them.
        SplitInstead: judged different, and they belong to one record.
    """
    matches, records = _load(store)
    one, other = _record(records, left), _record(records, right)
    if one == other:
        if judgement is Judgement.DIFFERENT:
            names = {"left": record_label(left), "right": record_label(right), "record": record_label(one)}
            raise SplitInstead(**names)
        return []
    if judgement is Judgement.SAME:
        said = matching.joining(left, right, records, matches)
    else:
        said = matching.parting(left, right, records, matches)
        if said.items() <= _said_by_people(matches).items():
            return []
    evidence = f"{record_label(min(one, other))} and {record_label(max(one, other))} compared"
    return store.add(_rows(said, evidence, by, at, note))


@dataclass(frozen=True, slots=True)
class Parting:
    """What became of a record that a citation was parted from: the record of the citation, and that of the others.

    The two names can change places: a record is named by its earliest citation, and decisions stay with the name.
    """

    citation: int
    rest: int
    rows: tuple[Match, ...]


def split(store: Store, record: int, citation: int, by: str, at: str, note: str = "") -> Parting:
    """Part one citation from its record, whatever joins them; the others stay together.

    Raises:
        UnknownRecord, NotInRecord, NothingToSplit: there is no such record, it does not hold the citation, or only it.
    """
    matches, records = _load(store)
    name = _record(records, record)
    _record(records, citation)
    members = records.members[name]
    if citation not in members:
        held = ", ".join(map(record_label, members))
        raise NotInRecord(citation=record_label(citation), record=record_label(name), held=held)
    if len(members) == 1:
        raise NothingToSplit(record=record_label(name))
    evidence = f"{record_label(citation)} parted from {record_label(name)}"
    rows = store.add(_rows(matching.splitting(citation, records, matches), evidence, by, at, note))
    after = matching.records(store.citation_runs(), matches + rows)
    rest = next(c for c in members if c != citation)
    return Parting(after.group[citation], after.group[rest], tuple(rows))


def take_back(store: Store, by: str, at: str) -> list[Match]:
    """Take back what a person said last of duplicates, all rows of it at once; return the rows taken back.

    Raises:
        NothingToUndo: the person said nothing, or took all of it back already.
    """
    act = [row for row in last_act(store.all(Match), by, lambda m: m.pair) if row.rule == PERSON]
    if not act:
        raise NothingToUndo(who=by, where=" about duplicates")
    act = [row for row in act if row.evidence == act[-1].evidence]
    store.add([replace(row, by=by, at=at, n=0, undoes=row.n, note="") for row in reversed(act)])
    return act


def in_words(act: Sequence[Match]) -> str:
    """Say in a sentence what one act of a person was, given its rows."""
    first = act[0]
    said = first.evidence if " parted from " in first.evidence else f"{first.evidence}, judged {first.judgement}"
    return f"{said} (by {first.by}, {first.at})."


def _load(store: Store) -> tuple[list[Match], Partition]:
    matches = store.all(Match)
    return matches, matching.records(store.citation_runs(), matches)


def _record(records: Partition, citation: int) -> int:
    if citation not in records.group:
        raise UnknownRecord(record=record_label(citation))
    return records.group[citation]


def _said_by_people(matches: list[Match]) -> dict[Pair, Judgement]:
    return {m.pair: m.judgement for m in standing(matches) if m.rule == PERSON}


def _rows(said: Mapping[Pair, Judgement], evidence: str, by: str, at: str, note: str) -> list[Match]:
    return [
        Match(left=a, right=b, judgement=judgement, rule=PERSON, evidence=evidence, by=by, at=at, note=note)
        for (a, b), judgement in said.items()
    ]
