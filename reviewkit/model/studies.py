"""Studies: reports of one investigation, joined by links that people make and by what rules found related."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Pair, Partition, partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Row):
    """A judgement that two records report the same study (`joined`), or no longer (not `joined`); left < right."""

    left: int
    right: int
    joined: bool = True


def judged(links: Sequence[Link], record_of: Partition) -> dict[Pair, bool]:
    """Return the latest standing word on each pair of records: whether they report the same study.

    Links name records as they were when made and follow them through later merges. The latest word comes last.
    """
    latest: dict[Pair, bool] = {}
    for link in standing(links):
        left, right = record_of.group.get(link.left), record_of.group.get(link.right)
        if left is not None and right is not None and left != right:
            pair = (min(left, right), max(left, right))
            latest.pop(pair, None)  # so that the pairs come in the order of the latest word on each
            latest[pair] = link.joined
    return latest


def linked(links: Sequence[Link], record_of: Partition, related: Collection[Pair] = ()) -> Partition:
    """Group every record that is linked to another, whatever became of it in screening.

    Where links contradict each other, the later one holds.

    Args:
        related: pairs of records that rules found to report one study; a person's word on a pair outranks them.
    """
    latest = judged(links, record_of)
    by_rule = [pair for pair in related if pair not in latest]
    together = [*(pair for pair, joined in reversed(latest.items()) if joined), *by_rule]
    apart = [pair for pair, joined in latest.items() if not joined]
    return partition({record for pair in (*latest, *by_rule) for record in pair}, together, apart)


def studies(
    reports: Iterable[int], links: Sequence[Link], record_of: Partition, related: Collection[Pair] = ()
) -> Partition:
    """Group records into studies; a study is named by its earliest report. `related` is as for `linked`.

    Two reports that are linked through a third one are one study even where the third is not among `reports`.
    """
    groups = linked(links, record_of, related)
    members: dict[int, list[int]] = {}
    for report in sorted(set(reports)):
        members.setdefault(groups.group.get(report, report), []).append(report)
    named = sorted((tuple(group) for group in members.values()), key=lambda group: group[0])
    return Partition(
        {group[0]: group for group in named},
        {report: group[0] for group in named for report in group},
        groups.refused,
    )


def joining(records: Sequence[int], groups: Partition) -> list[Pair]:
    """Return the pairs to link so that these records, with all that are linked to them, are one study.

    Every pair across is named: a link supersedes what parted the two before.

    Args:
        records: two or more, of different studies or of none.
        groups: what is linked now.
    """
    parts = list(dict.fromkeys(groups.members.get(groups.group.get(r, 0), (r,)) for r in records))
    return sorted(
        (min(a, b), max(a, b))
        for place, part in enumerate(parts)
        for other in parts[place + 1 :]
        for a, b in product(part, other)
    )


def parting(
    record: int, groups: Partition, links: Sequence[Link], record_of: Partition, related: Collection[Pair] = ()
) -> dict[Pair, bool]:
    """Return what to say of each pair so that a record leaves its study and the others stay together."""
    rest = [other for other in groups.members[groups.group[record]] if other != record]
    apart = {(min(record, other), max(record, other)): False for other in rest}
    trial = [
        *standing(links),
        *(Link(left=a, right=b, joined=joined, by="", at="") for (a, b), joined in apart.items()),
    ]
    after = linked(trial, record_of, related)
    left_over = sorted({after.group[other] for other in rest})
    return apart | {(left_over[0], other): True for other in left_over[1:]}  # linked through the record only
