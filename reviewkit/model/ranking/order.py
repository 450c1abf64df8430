"""The order in which to read: learned from the decisions so far, or from the protocol's words before there are any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reviewkit.model.ranking.features import Document, Features
from reviewkit.model.ranking.learn import Doubles, Examples, solve

Labels = Mapping[int, float]  # row -> 1 (or True) included, 0 (or False) excluded, 0.5 for a maybe

_PENALTY = 6.0
_FOR_INCLUDED = 20.0  # how much more all inclusions count than all exclusions: what is sought is rare and alike
_FOR_TOPIC = 2.0  # inclusions that the protocol's words are worth; they pale as real ones come


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A weight for every column of the features; a record's score is the sum of its features times these, plus base."""

    words: Doubles  # of each column of `Features.rows`
    latent: Doubles  # of each axis
    year: float
    base: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The rows not decided yet, likeliest first, and how that came about."""

    order: NDArray[np.int64]
    scores: NDArray[np.float32]  # of every row; comparable within one `Ranked` only
    model: Model | None  # None where nothing is known of what is wanted: then the order is that of the rows


def rank(features: Features, labels: Labels, topic: Document | None = None) -> Ranked:
    """Order the rows that have no label by how likely they are to be included, ties by row.

    Args:
        features: of all records.
        labels: what was decided, by row; the order of the mapping does not matter.
        topic: the protocol's words, see `read_topic`.
    """
    unread = np.ones(len(features), dtype=bool)
    unread[np.fromiter(labels, dtype=np.int64, count=len(labels))] = False
    topic = topic or None
    if topic is None and not any(labels.values()):
        scores = np.zeros(len(features), np.float32)
        return Ranked(np.flatnonzero(unread), scores, None)
    model = _learn(features, labels, topic)
    scores = score(features, model)
    rows = np.flatnonzero(unread)
    return Ranked(rows[np.argsort(-scores[rows], kind="stable")], scores, model)


def score(features: Features, model: Model) -> NDArray[np.float32]:
    """Return the score of every record."""
    found = features.rows @ model.words.astype(np.float32)
    found += features.latent @ model.latent.astype(np.float32)
    found += features.years * np.float32(model.year) + np.float32(model.base)
    return np.asarray(found, np.float32)


def _learn(features: Features, labels: Labels, topic: Document | None) -> Model:
    rows, says, counts = _weigh(labels, _FOR_TOPIC if topic else 0.0)
    picked = features.rows[rows]
    dense = np.column_stack([features.latent[rows], features.years[rows], np.ones(len(rows), np.float32)])
    if topic:
        picked = sparse.vstack([picked, topic.row], format="csr")
        dense = np.vstack([dense, np.append(topic.latent, [0.0, 1.0])])
    # Words of no example keep the weight 0, so they need not take part.
    used, columns = _used(picked)
    picked = sparse.csr_matrix((picked.data.astype(np.float64), columns, picked.indptr), shape=(len(says), len(used)))
    weights = solve(Examples(picked, dense.astype(np.float64), says, counts), _PENALTY)
    words = np.zeros(features.rows.shape[1])
    words[used] = weights[: len(used)]
    latent, year, base = weights[len(used) : -2], float(weights[-2]), float(weights[-1])
    return Model(words, latent, year, base)


def _weigh(labels: Labels, topic: float) -> tuple[NDArray[np.int64], Doubles, Doubles]:
    """Return the rows to learn from, what each says (1 or -1), and how much it counts; 1 on average.

    A label between 0 and 1 is an inclusion and an exclusion, each of its share. The topic comes last.
    """
    read = sorted(labels.items())
    included = [(row, float(label)) for row, label in read if label > 0]
    excluded = [(row, 1.0 - float(label)) for row, label in read if label < 1]
    wanted = sum(share for _, share in included) + topic
    unwanted = sum(share for _, share in excluded)
    each = wanted / _FOR_INCLUDED / unwanted if unwanted else 0.0
    shares = [share for _, share in included] + [share * each for _, share in excluded] + ([topic] if topic else [])
    rows = np.array([row for row, _ in included] + [row for row, _ in excluded], dtype=np.int64)
    says = np.array([1.0] * len(included) + [-1.0] * len(excluded) + ([1.0] if topic else []))
    counts = np.array(shares)
    return rows, says, counts * (len(labels) + topic) / counts.sum()


def _used(rows: Any) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the columns in which anything stands, and for each entry of the rows its place among these."""
    there = np.zeros(rows.shape[1], dtype=bool)
    there[rows.indices] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1).astype(np.int32)[rows.indices]
