"""The order of relevance of a review's records: from texts, protocol and lessons to an order and its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewkit.model import matches as matching
from reviewkit.model.citation import Citation
from reviewkit.model.known import known_as, read_known
from reviewkit.model.lessons import Lesson
from reviewkit.model.matches import Match
from reviewkit.model.partition import Partition
from reviewkit.model.ranking import (
    Document,
    Features,
    Model,
    Text,
    explain,
    features,
    from_arrays,
    rank,
    read_topic,
    to_arrays,
)
from reviewkit.model.represent import represent
from reviewkit.steps.wanted import Wanted
from reviewkit.steps.why import Pull, Why
from reviewkit.store import Store
from reviewkit.workspace.cache import keep_arrays, kept_arrays

_WORDS = 40  # that an explanation names; all others are summed up
_KEY = "texts"  # the array by which a cache is known to be of these very texts


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The records of a review as the model sees them; row n of the features is record `ids[n]`."""

    ids: tuple[int, ...]
    row: Mapping[int, int]
    features: Features
    topic: Document
    known: Mapping[str, int]  # of the protocol's known papers those that are here -> their records


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """All records, the likeliest first, and what they were ordered by."""

    ids: tuple[int, ...]
    learned: int  # how many decided records it was learned from
    scores: NDArray[np.float32]  # by row; comparable within one order only
    models: tuple[Model | None, ...]  # one; or two, where a record with hidden lessons is seen by the other one
    kept_from: Mapping[int, int]  # row -> the model that knows nothing of its hidden lesson


def read_shelf(store: Store, wanted: Wanted, cache: Path | None = None) -> Shelf:
    """Read the records of a review; their features are computed where the cache does not hold those of these texts."""
    records = matching.records(store.citation_runs(), store.all(Match))
    texts, known = _read_texts(store, records, wanted.must_find)
    ids = tuple(texts)
    seen = _features(ids, list(texts.values()), cache)
    topic = read_topic(seen, wanted.topic)
    return Shelf(ids, {record: row for row, record in enumerate(ids)}, seen, topic, known)


def order_records(shelf: Shelf, lessons: Mapping[int, Lesson]) -> Order:
    """Order all records by what was decided; the same lessons give the same order, whenever they came.

    Verdicts that the reviewer may not see yet never move the record that they are on: such records are parted in two
    halves, and each half is ordered by what was learned without it.
    """
    here = {shelf.row[record]: told for record, told in lessons.items() if record in shelf.row}
    known = {row: 1.0 for record in shelf.known.values() if (row := shelf.row[record]) not in here}
    labels = known | {row: told.says for row, told in here.items()}
    half = {row: shelf.ids[row] % 2 for row, told in here.items() if told.hidden}
    learnt = []
    for number in (0, 1) if half else (0,):
        taught = {row: says for row, says in labels.items() if half.get(row) != number} if half else labels
        learnt.append(rank(shelf.features, taught, shelf.topic))
    scores: NDArray[np.float32] = np.stack([each.scores for each in learnt]).mean(axis=0, dtype=np.float32)
    for row, number in half.items():
        scores[row] = learnt[number].scores[row]
    ids = np.array(shelf.ids, dtype=np.int64)[np.argsort(-scores, kind="stable")]
    return Order(tuple(ids.tolist()), len(here), scores, tuple(each.model for each in learnt), half)


def explain_place(shelf: Shelf, order: Order, record: int) -> Why:
    """Say which words carried a record up or down."""
    row = shelf.row.get(record)
    models = [model for model in order.models if model]
    if row is None or not models:
        return Why(record, order.learned)
    if len(models) == 2 and row not in order.kept_from:
        model = _between(*models)
    else:
        model = order.models[order.kept_from.get(row, 0)] or models[0]
    told = explain(shelf.features, model, row)
    words = tuple(Pull(part.word, part.worth, part.in_title, part.records) for part in told.parts[:_WORDS])
    others = sum(part.worth for part in told.parts[_WORDS:])
    return Why(record, order.learned, told.score, words, others, told.year, told.base)


def _between(one: Model, other: Model) -> Model:
    return Model(
        (one.words + other.words) / 2,
        (one.latent + other.latent) / 2,
        (one.year + other.year) / 2,
        (one.base + other.base) / 2,
    )


def _read_texts(store: Store, records: Partition, must_find: Iterable[str]) -> tuple[dict[int, Text], dict[str, int]]:
    """Return what is known of each record before anyone reads it, and the known papers among them."""
    sought = {known: name for name in must_find if (known := read_known(name))}
    texts: dict[int, Text] = dict.fromkeys(records.members, Text(""))
    found: dict[str, int] = {}
    several = {c: record for record, held in records.members.items() if len(held) > 1 for c in held}
    for citation, title, abstract, year, doi, pmid in store.texts():
        if citation not in records.group:
            continue  # came meanwhile
        for known in known_as(doi, pmid) if sought else ():
            if known in sought:
                found.setdefault(sought[known], records.group[citation])
        if citation not in several:
            texts[citation] = Text(title, abstract, year)
    parts: dict[int, list[Citation]] = {}
    for held in store.citations(several):
        parts.setdefault(several[held.id], []).append(held)
    for record, citations in parts.items():
        shown = represent(citations)
        texts[record] = Text(shown.title, shown.abstract, shown.year)
    return texts, dict(sorted(found.items()))


def _features(ids: tuple[int, ...], texts: list[Text], cache: Path | None) -> Features:
    key = _key(ids, texts)
    kept = kept_arrays(cache) if cache else None
    if kept is not None and np.array_equal(kept.get(_KEY, ()), key) and (known := from_arrays(kept)):
        return known
    made = features(texts)
    if cache:
        keep_arrays(cache, {_KEY: key, **to_arrays(made)})
    return made


def _key(ids: tuple[int, ...], texts: list[Text]) -> NDArray[np.uint8]:
    taken = blake2b()
    for record, text in zip(ids, texts, strict=True):
        taken.update(f"{record}\0{text.year}\0{text.title}\0{text.abstract}\0\0".encode("utf-8", "replace"))
    return np.frombuffer(taken.digest(), dtype=np.uint8)
