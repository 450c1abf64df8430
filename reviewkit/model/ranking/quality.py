"""How good an order was, once every label is known: recall, work saved, loss and NDCG, as the field defines them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_SLACK = 1e-9  # 0.95 times 20 is 19 inclusions, whatever the arithmetic says


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of one order; prior records count as read.

    `recall_at` is the recall after 5, 10 and 25 % of the records. `read_for_95` and `read_for_all` are how many records
    were read when 95 % and all of the inclusions were found. WSS@95 is 0.95 less the share read by then (Cohen 2006).
    The loss is 0 where all inclusions come first and 1 where they come last (ASReview's); NDCG is 1 and near 0.
    """

    records: int
    included: int
    recall_at: dict[int, float]
    read_for_95: int
    read_for_all: int
    wss_95: float
    wss_100: float
    loss: float
    ndcg: float


def quality(included: Sequence[bool]) -> Quality:
    """Judge an order of all records, given whether each was included.

    Raises:
        ValueError: not both labels are there.
    """
    labels = np.asarray(included, dtype=bool)
    n, wanted = len(labels), int(labels.sum())
    if wanted in (0, n):
        raise ValueError("both labels are needed")
    curve = np.cumsum(labels)
    found_at = np.flatnonzero(labels) + 1
    read_for_95 = int(found_at[math.ceil(0.95 * wanted - _SLACK) - 1])
    ranks = np.log2(np.arange(2, n + 2))
    return Quality(
        records=n,
        included=wanted,
        recall_at={share: _recall_at(curve, share) for share in (5, 10, 25)},
        read_for_95=read_for_95,
        read_for_all=int(found_at[-1]),
        wss_95=0.95 - read_for_95 / n,
        wss_100=1 - int(found_at[-1]) / n,
        loss=float((wanted * (n - (wanted - 1) / 2) - curve.sum()) / (wanted * (n - wanted))),
        ndcg=float((labels / ranks).sum() / (1 / ranks[:wanted]).sum()),
    )


def _recall_at(curve: "np.ndarray[tuple[int], np.dtype[np.int64]]", percent: int) -> float:
    read = math.floor(percent / 100 * len(curve) + _SLACK)
    return float(curve[read - 1] / curve[-1]) if read else 0.0
