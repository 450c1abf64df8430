"""How often each word stands in each text: the counts that weights are made from, as a sparse matrix."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reviewkit.model.text import words

LONGEST = 20_000  # characters of a title or abstract that are read: no abstract is longer, damaged files are
_AT_ONCE = 2_000  # texts that are counted at a time, so that memory stays small
_LETTERS = 40  # of a word: longer ones are sequences, addresses and damage


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of two fields of the same records, their columns the same words."""

    words: tuple[str, ...]
    titles: Any  # sparse row matrices: records x words
    wholes: Any  # title and abstract together


def count_words(texts: Sequence[tuple[str, str]]) -> Counts:
    """Count the words of every title, and of title and abstract together."""
    number: dict[str, int] = defaultdict(count().__next__)
    titles, wholes = [], []
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        of_title = [_numbers(title, number) for title, _ in some]
        of_rest = [_numbers(rest, number) for _, rest in some]
        titles.append(_table(of_title))
        wholes.append(_table([title + rest for title, rest in zip(of_title, of_rest, strict=True)]))
    width = len(number)
    return Counts(tuple(number), _stack(titles, width), _stack(wholes, width))


def count_known(text: str, number: Mapping[str, int]) -> dict[int, int]:
    """Count the words of one text that are known."""
    counted: dict[int, int] = defaultdict(int)
    for word in _words(text):
        if word in number:
            counted[number[word]] += 1
    return dict(sorted(counted.items()))


def _words(text: str) -> Iterator[str]:
    return (word for word in words(text[:LONGEST]) if 1 < len(word) <= _LETTERS)


def _numbers(text: str, number: dict[str, int]) -> list[int]:
    return [number[word] for word in _words(text)]


_Table = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]


def _table(texts: Sequence[Sequence[int]]) -> _Table:
    """Return, for texts as numbers of words: entries a row, their columns in order, and their counts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    flat = np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=int(lengths.sum()))
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    keys, counts = np.unique(rows << 32 | flat, return_counts=True)
    filled = np.bincount(keys >> 32, minlength=len(texts))
    return filled.astype(np.int64), (keys & 0xFFFFFFFF).astype(np.int32), counts.astype(np.float32)


def _stack(tables: Sequence[_Table], width: int) -> Any:
    starts = np.concatenate([np.zeros(1, np.int64), *(filled for filled, _, _ in tables)]).cumsum()
    columns = np.concatenate([np.zeros(0, np.int32), *(columns for _, columns, _ in tables)])
    counts = np.concatenate([np.zeros(0, np.float32), *(counts for _, _, counts in tables)])
    return sparse.csr_matrix((counts, columns, starts), shape=(len(starts) - 1, width))
