"""The order of relevance: what it is learned from, what it never tells, and a cache that can be lost at any time."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from reviewkit.model.lessons import Lesson, lessons
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.steps.rank import Order, Shelf, explain_place, order_records, read_shelf
from reviewkit.steps.rank_list import list_ranking
from reviewkit.steps.standing import standing
from reviewkit.steps.wanted import Wanted, wanted
from reviewkit.store import Store
from reviewkit.workspace.cache import kept_arrays
from tests.build import AT, add_run, citation, decision
from tests.ranked import invented, is_wanted, relevance_protocol

COUNT = 120
ONE, TWO = relevance_protocol(1), relevance_protocol(2)
ALL = relevance_protocol(2, 'learn_from = "all"')
RELEVANT = [record for record in range(1, COUNT + 1) if is_wanted(record)]


@pytest.fixture(autouse=True)
def _records(store: Store) -> None:
    add_run(store, invented(COUNT))


def order_of(store: Store, protocol: Protocol, reviewer: str) -> Order:
    stand = standing(store, protocol)
    taught = lessons(stand.screening, protocol, protocol.stage[0], reviewer)
    return order_records(read_shelf(store, wanted(protocol)), taught)


def test_before_any_decision_the_protocols_own_words_bring_what_is_wanted_first(store: Store):
    order = order_of(store, ONE, "ann")
    assert sorted(order.ids[: len(RELEVANT)]) == RELEVANT
    assert (order.learned, len(order.ids)) == (0, COUNT)


def test_the_words_are_those_of_question_criteria_and_terms_towards_inclusion():
    topic = wanted(ONE).topic
    for word in ("Do exosomes help", "adults with back pain", "Uses exosomes for back pain", "exosom"):
        assert word in topic
    assert "mice" not in topic
    assert "not targeted" not in topic


def test_without_a_word_in_common_and_without_an_inclusion_records_come_as_they_are(store: Store):
    shelf = read_shelf(store, Wanted("zzz"))
    assert order_records(shelf, {7: Lesson(0.0)}).ids == tuple(range(1, COUNT + 1))
    assert explain_place(shelf, order_records(shelf, {}), 3).words == ()


def test_one_inclusion_and_some_exclusions_turn_the_order_towards_what_is_included(store: Store):
    store.add([decision(1, "include"), *(decision(r, "exclude") for r in RELEVANT)])
    order = order_of(store, ONE, "ann")
    about = {c.id: c.title.split(",")[0] for c in store.citations()}
    left = [record for record in order.ids if record not in (1, *RELEVANT)]
    kin = [place for place, record in enumerate(left) if about[record] == about[1]]
    assert len(kin) > 5
    assert sum(kin) / len(kin) < len(left) / 4
    excluded = [order.ids.index(record) for record in RELEVANT]
    assert sum(excluded) / len(excluded) > COUNT * 3 / 4  # whatever the protocol's words are
    assert order.learned == len(RELEVANT) + 1


def test_the_same_lessons_give_the_same_order_whatever_order_they_came_in(store: Store):
    shelf = read_shelf(store, wanted(ONE))
    taught = {record: Lesson(float(is_wanted(record)), record % 3 == 0) for record in range(1, 80)}
    mixed = list(taught.items())
    Random(1).shuffle(mixed)
    one, other = order_records(shelf, taught), order_records(shelf, dict(mixed))
    assert one.ids == other.ids
    assert np.array_equal(one.scores, other.scores)


def test_known_papers_count_as_included_and_are_told_when_no_search_found_them(
    store: Store, protocol: Protocol, tmp_path: Path
):
    add_run(store, [citation(title="Sleep of nurses, once more", pmid="0123", doi="10.1/A")], database="scopus")
    named = replace(ONE, must_find=("PMID 123", "https://doi.org/10.1/a", "10.9/none"))
    shelf = read_shelf(store, replace(wanted(named), topic="zzz"))
    assert shelf.known == {"PMID 123": COUNT + 1, "https://doi.org/10.1/a": COUNT + 1}
    order = order_records(shelf, {})
    assert order.ids[0] == COUNT + 1
    titles = {c.id: c.title for c in store.citations()}
    assert all(titles[record].startswith("Sleep") for record in order.ids[:5])
    assert order_records(shelf, {COUNT + 1: Lesson(0.0)}).ids == tuple(
        range(1, COUNT + 2)
    )  # a person thought otherwise
    told = list_ranking(store, named, standing(store, named), named.stage[0], "", tmp_path / "x.npz", 5)
    assert [(known.paper, known.id) for known in told.known] == [
        ("PMID 123", f"r{COUNT + 1}"), ("https://doi.org/10.1/a", f"r{COUNT + 1}"), ("10.9/none", ""),
    ]  # fmt: skip


def test_a_record_of_several_citations_is_read_as_it_is_shown(store: Store):
    add_run(store, [citation(title="In short", abstract="exosomes vesicles disc pain " * 9)], database="scopus")
    store.add([Match(left=1, right=COUNT + 1, judgement=Judgement.SAME, rule=PERSON, by="ann", at=AT)])
    shelf = read_shelf(store, wanted(ONE))
    assert len(shelf.ids) == COUNT
    assert shelf.ids.index(1) == shelf.row[1]
    assert order_records(shelf, {}).ids.index(1) < 2 * len(RELEVANT)


# --- blinding ------------------------------------------------------------------------------------------------


def test_another_reviewers_pending_verdicts_never_change_ones_own_order(store: Store):
    store.add([decision(r, "include" if is_wanted(r) else "exclude", "bob") for r in (1, 2, 20, 40)])
    before = order_of(store, TWO, "bob")
    store.add([decision(r, "exclude" if is_wanted(r) else "include") for r in range(41, 101)])
    after = order_of(store, TWO, "bob")
    assert after.ids == before.ids
    assert np.array_equal(after.scores, before.scores)
    assert order_of(store, TWO, "ann").ids != before.ids
    assert order_of(store, TWO, "").ids == order_of(store, TWO, "cyd").ids  # nobody's own: the protocol's words


def test_what_both_have_decided_changes_everybodys_order(store: Store):
    before = order_of(store, TWO, "cyd").ids
    store.add(
        [decision(r, "exclude" if is_wanted(r) else "include", by) for r in range(1, 60) for by in ("ann", "bob")]
    )
    assert order_of(store, TWO, "cyd").ids != before
    assert order_of(store, TWO, "cyd").learned == 59


def test_where_all_verdicts_teach_a_hidden_one_moves_others_but_never_its_own_record(store: Store):
    store.add([decision(r, "include" if is_wanted(r) else "exclude", "bob") for r in (1, 2, 20, 40)])
    anns = {60: "include", 61: "exclude", 5: "include", 8: "exclude"}
    store.add([decision(r, verdict) for r, verdict in anns.items()])
    shelf = read_shelf(store, wanted(ALL))
    stand = standing(store, ALL)
    taught = lessons(stand.screening, ALL, ALL.stage[0], "bob")
    order = order_records(shelf, taught)
    assert order.ids != order_records(shelf, {r: told for r, told in taught.items() if not told.hidden}).ids
    for record in anns:
        turned = {**taught, record: Lesson(1 - taught[record].says, hidden=True)}
        other = order_records(shelf, turned)
        assert other.scores[shelf.row[record]] == order.scores[shelf.row[record]]
        assert explain_place(shelf, other, record) == explain_place(shelf, order, record)
        assert not np.array_equal(other.scores, order.scores)


# --- reasons ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [False, True])
def test_what_an_explanation_names_adds_up_to_the_score(store: Store, hidden: bool):
    shelf = read_shelf(store, wanted(ONE))
    order = order_records(shelf, {r: Lesson(float(is_wanted(r)), hidden and r > 40) for r in range(1, 80)})
    for record in (3, 41, 60, 100):
        why = explain_place(shelf, order, record)
        total = sum(pull.worth for pull in why.words) + why.others + why.year + why.base
        assert total == pytest.approx(why.score, abs=1e-5)
        assert why.score == pytest.approx(float(order.scores[shelf.row[record]]), abs=1e-4)
    up = {pull.word for pull in explain_place(shelf, order, 100).words if pull.worth > 0}
    assert up & {"exosomes", "vesicles", "disc", "lumbar"}


# --- the cache -------------------------------------------------------------------------------------------------


def same(one: Shelf, other: Shelf) -> bool:
    return order_records(one, {}).ids == order_records(other, {}).ids and one.ids == other.ids


def test_texts_are_read_into_a_cache_that_no_version_control_takes(store: Store, tmp_path: Path):
    cache = tmp_path / ".cache" / "x-features.npz"
    first = read_shelf(store, wanted(ONE), cache)
    made = cache.stat().st_mtime_ns
    again = read_shelf(store, wanted(ONE), cache)
    assert cache.stat().st_mtime_ns == made
    assert same(first, again)
    assert (cache.parent / ".gitignore").read_text() == "*\n"
    assert {path.name for path in cache.parent.iterdir()} == {".gitignore", cache.name}


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "other", "folder"])
def test_a_damaged_cache_is_made_again_and_nobody_hears_of_it(store: Store, tmp_path: Path, damage: str):
    cache = tmp_path / "features.npz"
    first = read_shelf(store, wanted(ONE), cache)
    whole = cache.read_bytes()
    if damage == "folder":
        cache.unlink()
        cache.mkdir()
    elif damage == "other":
        np.savez(cache, texts=np.arange(64, dtype=np.uint8))
    else:
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        cache.write_bytes({"empty": b"", "cut": whole[:middle], "flipped": flipped, "text": b"no zip"}[damage])
    assert same(first, read_shelf(store, wanted(ONE), cache))
    if damage != "folder":
        assert kept_arrays(cache) is not None
        assert cache.read_bytes() == whole


def test_a_cache_of_other_texts_is_not_believed(store: Store, tmp_path: Path):
    cache = tmp_path / "features.npz"
    read_shelf(store, wanted(ONE), cache)
    store.add([Match(left=1, right=2, judgement=Judgement.SAME, rule=PERSON, by="ann", at=AT)])
    assert len(read_shelf(store, wanted(ONE), cache).ids) == COUNT - 1
    add_run(store, [citation(title="One more")], database="scopus")
    assert len(read_shelf(store, wanted(ONE), cache).ids) == COUNT


def test_where_no_cache_can_be_written_all_works_without(store: Store, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    shelf = read_shelf(store, wanted(ONE), tmp_path / "file" / "features.npz")
    assert sorted(order_records(shelf, {}).ids[: len(RELEVANT)]) == RELEVANT


def test_a_review_without_records_has_an_empty_order(store: Store, tmp_path: Path):
    from reviewkit.store import open_store

    empty = open_store("sqlite://", "empty")
    shelf = read_shelf(empty, wanted(ONE), tmp_path / "features.npz")
    assert order_records(shelf, {5: Lesson(1.0)}).ids == ()
