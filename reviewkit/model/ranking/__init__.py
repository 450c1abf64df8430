"""Which record to read next: features of the texts, a linear model of the decisions so far, the order, and its reasons.

    features(texts) -> Features                   once a set of records; `to_arrays` and `from_arrays` keep it in a file
    read_topic(features, text) -> Document        the protocol's own words, a stand-in for the first inclusion
    rank(features, labels, topic) -> Ranked       after decisions: the unread rows, likeliest first, and the model
    place_of_next(found, unread)                  which of that order is next: the first, but in a drought
    explain(features, ranked.model, row)          which words carried a record up or down; they add up to its score

Everything is a pure function, and the same records and decisions give the same order whatever order they came in.
numpy and scipy are imported with this package, so commands import it only when they run.
"""

from reviewkit.model.ranking.explain import Explanation, Part, explain
from reviewkit.model.ranking.explore import place_of_next
from reviewkit.model.ranking.features import Document, Features, Text, features, read_topic
from reviewkit.model.ranking.order import Labels, Model, Ranked, rank
from reviewkit.model.ranking.stored import from_arrays, to_arrays

__all__ = [
    "Document", "Explanation", "Features", "Labels", "Model", "Part", "Ranked", "Text", "explain", "features",
    "from_arrays", "place_of_next", "rank", "read_topic", "to_arrays",
]  # fmt: skip
