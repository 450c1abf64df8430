"""What an estimate is made from, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The reading so far: after how many records each inclusion was found, records read, records in all."""

    found_at: NDArray[np.int64]  # 1 is the first record
    read: int
    total: int

    @property
    def found(self) -> int:
        """Inclusions so far."""
        return len(self.found_at)

    @property
    def unread(self) -> int:
        """Records that nobody has read."""
        return self.total - self.read

    def until(self, read: int) -> "History":
        """Return how it stood after so many records."""
        return History(self.found_at[: np.searchsorted(self.found_at, read, side="right")], read, self.total)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much has been found, by one method.

    At the stated confidence at least `low` of all inclusions are found; None where the method makes no such statement,
    or not yet. `likely` is its best guess, `missed` how many inclusions at most are then among the unread.
    """

    method: str
    stop: bool
    target: float  # the recall that is wanted
    confidence: float | None = None
    low: float | None = None
    likely: float | None = None
    missed: int | None = None


def history(found: Sequence[bool], total: int) -> History:
    """Make a history of decisions (True: included) in the order in which the records were read.

    Raises:
        ValueError: more was read than there is.
    """
    if len(found) > total:
        raise ValueError(f"{len(found)} decisions on {total} records")
    return History(np.flatnonzero(np.asarray(found, dtype=bool)) + 1, len(found), total)


def everything(method: str, target: float, confidence: float | None = None) -> Estimate:
    """Say that every record was read, so that nothing is missed."""
    return Estimate(method, True, target, confidence, low=1.0, likely=1.0, missed=0)
