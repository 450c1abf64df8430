"""Which words keep which company: latent semantic analysis of the records, decided or not.

A truncated singular value decomposition (Halko, Martinsson and Tropp 2011, with a fixed seed) of the weighted words.
Records that share no word, but words that elsewhere stand together, come near each other: "heartburn" and "reflux".
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LATENT = 0.4  # how much a record's place counts beside its words, whose length is one
_AXES = 100
_SPARE = 10  # axes computed and thrown away: they make the others exact
_PASSES = 2
_RARE = 3  # records that a word must be in to have company that means anything


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Directions in the space of words; `columns` are those of the features that take part."""

    columns: NDArray[np.int32]
    loadings: Floats  # columns x axes
    centre: Floats  # where the mean record lies


def find_axes(rows: Any) -> Axes:
    """Find the directions in which the records differ most."""
    holding = np.bincount(rows.indices, minlength=rows.shape[1])
    columns = np.flatnonzero(holding >= _RARE).astype(np.int32)
    part = rows[:, columns]
    width = min(_AXES + _SPARE, *part.shape)
    if width < 2:
        return Axes(columns, np.zeros((len(columns), 0), np.float32), np.zeros(0, np.float32))
    basis = np.random.default_rng(0).standard_normal((part.shape[1], width), dtype=np.float32)
    turned = part.T.tocsr()
    for _ in range(_PASSES):
        basis, _ = np.linalg.qr(turned @ np.linalg.qr(part @ basis)[0])
    _, _, rotation = np.linalg.svd(part @ basis, full_matrices=False)
    loadings = np.ascontiguousarray(basis @ rotation[: min(_AXES, width)].T)
    centre = np.asarray(part.mean(axis=0)).ravel() @ loadings
    return Axes(columns, loadings, centre.astype(np.float32))


def project(rows: Any, axes: Axes) -> Floats:
    """Place rows on the axes, seen from the mean record, each at the same distance from it."""
    place = rows[:, axes.columns] @ axes.loadings - axes.centre
    return np.asarray(place * scale(place)[:, None], np.float32)


def scale(place: Floats) -> Floats:
    """Return what makes each place as long as it shall count."""
    lengths = np.sqrt(np.einsum("ij,ij->i", place, place))
    return np.asarray(LATENT / np.where(lengths > 0, lengths, 1), np.float32)
