"""Groups from pairwise judgements: which ids belong together when some pairs must stay apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Partition:
    """Disjoint groups of ids; a group is named by its smallest (earliest) id, so names survive growth.

    `refused` holds the pairs that were judged together but would have joined a pair judged apart.
    """

    members: Mapping[int, tuple[int, ...]]  # group -> its ids, ascending; every id is in one group
    group: Mapping[int, int]  # id -> group
    refused: tuple[Pair, ...] = field(default=())


def partition(ids: Iterable[int], together: Iterable[Pair], apart: Iterable[Pair] = ()) -> Partition:
    """Group ids by union-find, taking the pairs in the order given.

    Args:
        ids: every id; pairs that name others are ignored (a run that is not loaded here).
        together: pairs to join, the most trusted first.
        apart: pairs that must never share a group, whatever joins them.

    Returns:
        The groups. Time is near linear in the number of pairs.
    """
    parent = {i: i for i in ids}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    foes: dict[int, set[int]] = {}
    for a, b in apart:
        if a in parent and b in parent:
            foes.setdefault(a, set()).add(b)
            foes.setdefault(b, set()).add(a)

    refused: list[Pair] = []
    for a, b in together:
        if a not in parent or b not in parent:
            continue
        low, high = sorted((root(a), root(b)))
        if low == high:
            continue
        if any(root(foe) == high for foe in foes.get(low, ())):
            refused.append((a, b))
            continue
        parent[high] = low
        if high in foes:
            foes.setdefault(low, set()).update(foes.pop(high))

    members: dict[int, list[int]] = {}
    for i in sorted(parent):
        members.setdefault(root(i), []).append(i)
    return Partition(
        {name: tuple(group) for name, group in members.items()}, {i: root(i) for i in parent}, tuple(refused)
    )
