"""A linear support vector machine, solved exactly: squared hinge loss, L2 penalty on every weight, base included.

Newton's method on the weights (Keerthi and DeCoste 2005): the records inside the margin make a least-squares problem,
solved by conjugate gradients. Only words of the examples take part, so that the cost follows the number of decisions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

_EXACT = 1e-4  # of the first gradient's length: scores then differ in the fourth digit
_STEPS, _INNER, _HALVINGS = 50, 200, 12


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """What is learned from: sparse and dense parts of the same rows, what each row says, and how much it counts."""

    sparse: Any
    dense: Doubles
    says: Doubles  # 1 or -1
    counts: Doubles


def solve(examples: Examples, penalty: float) -> Doubles:
    """Return the weights, sparse columns first, that minimise the penalty on them plus the loss of the examples."""
    at = examples.sparse.T.tocsr()
    width = at.shape[0]

    def values(weights: Doubles) -> Doubles:
        return np.asarray(examples.sparse @ weights[:width] + examples.dense @ weights[width:])

    def back(each: Doubles) -> Doubles:
        return np.concatenate([at @ each, each @ examples.dense])

    def objective(weights: Doubles, margins: Doubles) -> float:
        short = np.maximum(margins, 0)
        return 0.5 * (penalty * _dot(weights, weights) + _dot(examples.counts * short, short))

    weights = np.zeros(width + examples.dense.shape[1])
    margins = np.ones(len(examples.says))
    enough = _EXACT * np.sqrt(_square(back(examples.counts * examples.says)))
    for _ in range(_STEPS):
        inside = np.where(margins > 0, examples.counts, 0.0)
        gradient = penalty * weights - back(inside * margins * examples.says)
        if np.sqrt(_square(gradient)) <= enough:
            break
        step = _newton(gradient, penalty, inside, values, back)
        before, moved = objective(weights, margins), examples.says * values(step)
        size = 1.0
        for _ in range(_HALVINGS):
            if objective(weights + size * step, margins - size * moved) <= before:
                break
            size /= 2
        weights, margins = weights + size * step, margins - size * moved
    return weights


def _newton(gradient: Doubles, penalty: float, inside: Doubles, values: Any, back: Any) -> Doubles:
    """Solve the least-squares problem of the rows inside the margin by conjugate gradients."""
    step = np.zeros_like(gradient)
    rest = -gradient
    towards = rest.copy()
    left = _square(rest)
    enough = 1e-4 * left
    for _ in range(_INNER):
        bent = penalty * towards + back(inside * values(towards))
        size = left / _dot(towards, bent)
        step += size * towards
        rest -= size * bent
        now = _square(rest)
        if now <= enough:
            break
        towards = rest + (now / left) * towards
        left = now
    return step


def _dot(one: Doubles, other: Doubles) -> float:
    return float(np.einsum("i,i->", one, other))  # in this thread: what BLAS saves by several, it spends on waking them


def _square(one: Doubles) -> float:
    return _dot(one, one)
