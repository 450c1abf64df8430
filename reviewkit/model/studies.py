"""Studies: reports of one investigation, joined by links that people make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition, partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Row):
    """A judgement that two records report the same study (`joined`), or no longer (not `joined`); left < right."""

    left: int
    right: int
    joined: bool = True


def studies(reports: Iterable[int], links: Sequence[Link], record_of: Partition) -> Partition:
    """Group records into studies; a study is named by its earliest report.

    The latest standing link between two records counts. Links name records as they were when made and
    follow them through later merges.
    """
    latest: dict[tuple[int, int], bool] = {}
    for link in standing(links):
        left, right = record_of.group.get(link.left), record_of.group.get(link.right)
        if left is None or right is None or left == right:
            continue
        latest[min(left, right), max(left, right)] = link.joined
    together = [pair for pair, joined in latest.items() if joined]
    apart = [pair for pair, joined in latest.items() if not joined]
    return partition(reports, together, apart)
