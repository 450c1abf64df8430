"""Inclusions as a counting process whose rate falls as one reads on, after Stevenson and Bin-Hezam 2023.

(Stopping methods for technology-assisted reviews based on point processes, ACM TOIS 42(3).) The rate after x records is
hyperbolic, a / (1 + b d x)^(1/b), from an exponential fall (b = 0) to a slow one (b = 1). Where they take the
curve that fits best, and let its error in through a Cox process, here every curve counts by how well it explains what
was seen (Bayes' theorem, no curve preferred beforehand). Few inclusions leave many curves open, and the estimate
careful; it needs five to say anything.
"""

import numpy as np
from numpy.typing import NDArray

from reviewkit.model.stopping.history import Estimate, History

NAME = "counting-process"
_FEWEST = 5  # inclusions
_SHAPES = np.linspace(0, 1, 9)  # b
_FALLS = np.geomspace(0.05, 2000, 60)  # d times the number of records: from no fall worth the name to a cliff

Doubles = NDArray[np.float64]


def stops(past: History, target: float, confidence: float) -> bool:
    """Return True when, at this confidence, no more are missed than the target allows."""
    if past.unread == 0 or past.found < _FEWEST:
        return past.unread == 0
    allowed = int(past.found / target + 1e-9) - past.found
    return _Left(past).at_most(allowed) >= confidence


def estimate(past: History, target: float, confidence: float) -> Estimate:
    """Return the recall that is reached at this confidence, and the likeliest."""
    if past.found < _FEWEST:
        return Estimate(NAME, False, target, confidence)
    left = _Left(past)
    missed, middle = left.quantile(confidence), left.quantile(0.5)
    low, likely = past.found / (past.found + missed), past.found / (past.found + middle)
    return Estimate(NAME, left.at_most(int(past.found / target + 1e-9) - past.found) >= confidence, target, confidence,
                    low, likely, missed)  # fmt: skip


class _Left:
    """How many inclusions are left, as a distribution: over all curves, of negative binomials."""

    def __init__(self, past: History) -> None:
        shapes = np.repeat(_SHAPES, len(_FALLS))
        falls = np.tile(_FALLS / past.total, len(_SHAPES))
        by_now, by_end = _area(shapes, falls, past.read), _area(shapes, falls, past.total)
        fits = _log_rates(shapes, falls, np.asarray(past.found_at, np.float64) - 0.5).sum(axis=1) - past.found * np.log(
            by_now
        )
        weights = np.exp(fits - fits.max())
        self._weights = weights / weights.sum()
        self._share = by_now / by_end  # of all inclusions, that a curve expects by now
        self._found, self._unread = past.found, past.unread

    def at_most(self, missed: int) -> float:
        """Return the chance that no more than these are left."""
        from scipy.special import betainc

        if missed >= self._unread:
            return 1.0
        return float(self._weights @ betainc(self._found, missed + 1, self._share))

    def quantile(self, chance: float) -> int:
        """Return the smallest number that no more are left with this chance."""
        low, high = -1, self._unread
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at_most(middle) >= chance else (middle, high)
        return high


def _area(shapes: Doubles, falls: Doubles, read: int) -> Doubles:
    """Return the integral of each curve from 0 to `read`, its height taken as 1."""
    reach = falls * read
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (1 - (1 + shapes * reach) ** (1 - 1 / shapes)) / (1 - shapes)
    area = np.where(shapes == 0, -np.expm1(-reach), np.where(shapes == 1, np.log1p(reach), between))
    return np.asarray(area / falls)


def _log_rates(shapes: Doubles, falls: Doubles, at: Doubles) -> Doubles:
    reach = falls[:, None] * at
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = np.log1p(shapes[:, None] * reach) / shapes[:, None]
    return np.asarray(-np.where(shapes[:, None] == 0, reach, bent))
