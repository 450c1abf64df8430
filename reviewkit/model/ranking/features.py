"""A record as numbers: its words, weighted; what its words usually stand beside; and the year.

Words are weighted by tf-idf, (1 + ln count) times (1 + ln((1 + records) / (1 + records with the word))), and each text
has length one. Words of the title count once more, at a third. Every word is kept: common ones tell long abstracts from
none, and rare ones keep a text of many rarities from looking like others.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reviewkit.model.ranking.counting import count_known, count_words
from reviewkit.model.ranking.latent import Axes, find_axes, project

Floats = NDArray[np.float32]

TITLE = 0.3  # how much the title's own words count beside all words
YEAR = 0.15  # how much one standard deviation of the years counts beside a text, whose length is one
_YEARS_OFF = 2.0  # standard deviations beyond which a year is not more different
_TOO_COMMON = 0.95  # of the records: a word in more of them tells nothing


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of a record before anyone reads it."""

    title: str
    abstract: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What is computed once of a set of records; row n is the n-th text.

    Column j of `rows` is word j in title or abstract, column j + len(words) the same word in the title.
    """

    words: tuple[str, ...]
    idf: Floats  # of each column of `rows`; 0 where the word is not used there
    rows: Any  # scipy.sparse.csr_matrix of float32
    axes: Axes
    latent: Floats  # records x axes: where the words' company places a record
    years: Floats  # of each record, scaled; 0 where unknown
    mean_year: float
    deviation: float  # of the years; 0 where fewer than two differ

    def __len__(self) -> int:
        return len(self.years)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A text that is no record, such as the protocol's question, seen with the records' features."""

    row: Any  # a sparse matrix of one row
    latent: Floats

    def __bool__(self) -> bool:
        """True when the records share any word with it."""
        return bool(self.row.nnz)


def features(texts: Sequence[Text]) -> Features:
    """Compute the features of a set of records; equal texts in equal order give equal features."""
    counts = count_words([(text.title, text.abstract) for text in texts])
    idf_wholes, idf_titles = _idf(counts.wholes), _idf(counts.titles)
    idf = np.concatenate([idf_wholes, idf_titles]).astype(np.float32)
    rows = _weigh(counts.wholes, counts.titles, idf)
    axes = find_axes(rows)
    years, mean, deviation = _scale_years([text.year for text in texts])
    return Features(counts.words, idf, rows, axes, project(rows, axes), years, mean, deviation)


def read_topic(features: Features, text: str) -> Document:
    """See a text, such as the protocol's question and criteria, with the features of the records."""
    counted = count_known(text, {word: number for number, word in enumerate(features.words)})
    width = len(features.words)
    whole = sparse.csr_matrix(
        (np.array([*counted.values()], np.float32), (np.zeros(len(counted), np.int32), np.array([*counted], np.int32))),
        shape=(1, width),
    )
    row = _weigh(whole, sparse.csr_matrix((1, width), dtype=np.float32), features.idf)
    return Document(row, project(row, features.axes)[0])


def records_with(features: Features, word: int) -> int:
    """Return how many records hold the n-th word, told from its weight; 0 for one that is in nearly all of them."""
    weight = float(features.idf[word])
    return round((1 + len(features)) / math.exp(weight - 1)) - 1 if weight else 0


def _idf(counts: Any) -> NDArray[np.float64]:
    records = counts.shape[0]
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    weights = np.log((1 + records) / (1 + holding)) + 1
    return np.where((holding > 0) & (holding <= max(1, _TOO_COMMON * records)), weights, 0.0)


def _weigh(wholes: Any, titles: Any, idf: Floats) -> Any:
    """Weigh counts, make every row one long, and put title words into columns of their own."""
    width = wholes.shape[1]
    whole = _unit(_log_counts(wholes, idf[:width]))
    title = _unit(_log_counts(titles, idf[width:])) * np.float32(TITLE)
    rows = _unit(sparse.hstack([whole, title], format="csr"))
    rows.sort_indices()
    return rows


def _log_counts(counts: Any, idf: Floats) -> Any:
    data = (1 + np.log(counts.data)) * idf[counts.indices]
    made = sparse.csr_matrix((data.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape, copy=True)
    made.eliminate_zeros()
    return made


def _unit(rows: Any) -> Any:
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1))
    rows.data = rows.data / np.repeat(lengths, np.diff(rows.indptr)).astype(np.float32)
    return rows


def _scale_years(years: Sequence[int | None]) -> tuple[Floats, float, float]:
    known = np.array([np.nan if year is None else float(year) for year in years])
    some = known[~np.isnan(known)]
    mean, deviation = (float(some.mean()), float(some.std())) if len(some) else (0.0, 0.0)
    if not deviation:
        return np.zeros(len(known), np.float32), mean, 0.0
    scaled = np.clip((known - mean) / deviation, -_YEARS_OFF, _YEARS_OFF) * YEAR
    return np.nan_to_num(scaled, nan=0.0).astype(np.float32), mean, deviation
