"""What a record is as numbers: computed once, kept in a file, the same for the same texts."""

import io

import numpy as np
import pytest

from reviewkit.model.ranking import Text, features, from_arrays, rank, read_topic, to_arrays
from tests.screened import TOPIC, screened


def texts(records: int = 120) -> list[Text]:
    return [Text(record.title, record.abstract, record.year) for record in screened(records, 10).records]


def test_every_text_with_words_is_one_long_and_one_without_is_nothing() -> None:
    known = features([*texts(), Text("", "", None), Text("", "only an abstract", 2001)])
    lengths = np.sqrt(np.asarray(known.rows.multiply(known.rows).sum(axis=1)).ravel())
    assert lengths[:120] == pytest.approx(np.ones(120), abs=1e-5)
    assert lengths[120] == 0
    assert lengths[121] == pytest.approx(1, abs=1e-5)


def test_words_are_the_same_however_they_are_written() -> None:
    one = features([Text("The β-Amyloid of Alzheimer's"), Text("x y")] * 2).words
    other = features([Text("the beta amyloid of ALZHEIMERS"), Text("x y")] * 2).words
    assert one == other == ("the", "beta", "amyloid", "of", "alzheimers")


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_few_records_or_none_are_no_trouble(count: int) -> None:
    known = features(texts()[:count])
    assert len(known) == count
    assert sorted(rank(known, {0: 1.0} if count else {}).order.tolist()) == list(range(1, count))


def test_records_without_any_word_are_no_trouble() -> None:
    known = features([Text("", "")] * 4)
    assert known.words == ()
    assert sorted(rank(known, {0: True, 1: False}, read_topic(known, TOPIC)).order.tolist()) == [2, 3]


def test_an_unknown_year_neither_helps_nor_harms() -> None:
    known = features([Text("a title of words", year=year) for year in (1990, 2000, 2010, None)])
    assert known.years.tolist()[3] == 0
    assert known.years.tolist()[0] == pytest.approx(-known.years.tolist()[2])
    assert not features([Text("same year", year=2000)] * 3).years.any()


def test_features_are_the_same_after_being_kept_in_a_file() -> None:
    known = features(texts())
    file = io.BytesIO()
    np.savez(file, **to_arrays(known))
    file.seek(0)
    again = from_arrays(np.load(file, allow_pickle=False))
    assert again is not None
    labels, topic = {3: 1.0, 7: 0.0}, read_topic(known, TOPIC)
    assert again.words == known.words
    assert rank(again, labels, read_topic(again, TOPIC)).scores.tolist() == rank(known, labels, topic).scores.tolist()


def test_features_of_another_version_or_a_damaged_file_are_computed_anew() -> None:
    arrays = to_arrays(features(texts(20)))
    assert from_arrays({**arrays, "version": np.array(0)}) is None
    assert from_arrays({name: array for name, array in arrays.items() if name != "idf"}) is None
    assert from_arrays({**arrays, "words": np.frombuffer(b"\xff\xfe", dtype=np.uint8)}) is None


def test_endless_texts_and_words_are_cut() -> None:
    known = features([Text("x" * 1_000_000, "long " * 1_000_000), Text("short words", "here")] * 2)
    assert max(map(len, known.words)) <= 40
    assert "x" * 40 not in known.words


def test_a_topic_without_a_word_of_the_records_counts_as_none() -> None:
    known = features(texts(20))
    assert read_topic(known, TOPIC)
    assert not read_topic(known, "Quintessenz Gesamtkunstwerk")
    assert not read_topic(known, "")
