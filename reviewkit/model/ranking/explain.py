"""Why a record stands where it stands: the words that carried it up or down, adding up to its score exactly."""

from dataclasses import dataclass

from reviewkit.model.ranking.features import Features, records_with
from reviewkit.model.ranking.latent import scale
from reviewkit.model.ranking.order import Model


@dataclass(frozen=True, slots=True)
class Part:
    """What one word contributes, wherever it stands in the record."""

    word: str
    worth: float  # above 0 it carries the record up
    in_title: bool
    records: int  # how many hold the word: common ones tell a reader little


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: parts, year and base add up to it."""

    score: float
    parts: tuple[Part, ...]  # the weightiest first, up or down
    year: float
    base: float  # what every record has, and what is told by the words that are missing


def explain(features: Features, model: Model, row: int) -> Explanation:
    """Take the score of one record apart."""
    axes, width = features.axes, len(features.words)
    record = features.rows[row]
    # A place on an axis is a sum over words too; by what the place was stretched, so is each word's share in it.
    place = record[:, axes.columns] @ axes.loadings - axes.centre
    stretch = float(scale(place)[0])
    worth = model.words.copy()
    worth[axes.columns] += stretch * (axes.loadings @ model.latent)
    by_word: dict[int, float] = {}
    titled = set()
    for column, value in zip(record.indices.tolist(), (record.data * worth[record.indices]).tolist(), strict=True):
        word = column % width
        by_word[word] = by_word.get(word, 0.0) + value
        if column >= width:
            titled.add(word)
    parts = sorted(
        (
            Part(features.words[word], value, word in titled, records_with(features, word))
            for word, value in by_word.items()
        ),
        key=lambda part: (-abs(part.worth), part.word),
    )
    year = float(features.years[row]) * model.year
    base = model.base - stretch * float(axes.centre @ model.latent)
    return Explanation(sum(by_word.values()) + year + base, tuple(parts), year, base)
