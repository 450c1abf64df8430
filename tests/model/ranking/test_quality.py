"""The figures of an order, against hand-made cases and the definitions that the shared sets come with."""

import importlib.util
import random
from pathlib import Path

import pytest

from reviewkit.model.ranking.quality import quality


def test_a_small_order_by_hand() -> None:
    told = quality([False, True, False, True, False])
    assert (told.records, told.included, told.read_for_95, told.read_for_all) == (5, 2, 4, 4)
    assert told.loss == pytest.approx(0.5)
    assert told.wss_95 == pytest.approx(0.95 - 0.8)
    assert told.recall_at[25] == 0


def test_the_best_order_loses_nothing_and_the_worst_everything() -> None:
    best = [True] * 20 + [False] * 380
    assert quality(best).loss == 0
    assert quality(best).ndcg == pytest.approx(1)
    assert quality(best).read_for_95 == 19
    assert quality(best[::-1]).loss == pytest.approx(1)


@pytest.mark.parametrize("same", [[], [True], [False, False]])
def test_one_label_alone_cannot_be_judged(same: list[bool]) -> None:
    with pytest.raises(ValueError, match="both labels"):
        quality(same)


def test_the_figures_are_those_of_the_shared_sets_own_program(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("score", shared / "bench" / "screening" / "score.py")
    assert spec and spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    dice = random.Random(5)
    for _ in range(100):
        n = dice.randrange(5, 300)
        order = [dice.random() < 0.1 for _ in range(n)]
        order[0], order[-1] = True, False
        dice.shuffle(order)
        mine, theirs = quality(order), score.metrics(order)
        assert mine.loss == pytest.approx(theirs["loss"])
        assert mine.ndcg == pytest.approx(theirs["ndcg"])
        assert mine.wss_95 == pytest.approx(theirs["wss95"])
        assert mine.wss_100 == pytest.approx(theirs["wss100"])
        assert (mine.read_for_95, mine.read_for_all) == (theirs["n95"], theirs["n100"])
        assert mine.recall_at == {share: pytest.approx(theirs[f"recall{share}"]) for share in (5, 10, 25)}
