"""A finished screening done again: honest, the same every time, and better than the peer on published reviews."""

import csv
from pathlib import Path
from statistics import mean

import pytest

from reviewkit.errors import NotAmongRecords, UnknownOutput
from reviewkit.model.ranking.quality import quality
from reviewkit.model.stopping import DEFAULT
from reviewkit.steps.labelled import Labelled, LabelledRecord, read_labelled
from reviewkit.steps.recall_curve import draw_curve, write_curve
from reviewkit.steps.simulate import Simulated, simulate, write_ranking
from tests.screened import TOPIC, screened

MADE = screened(250, 18)
PRIORS = [next(r.id for r in MADE.records if r.included), next(r.id for r in MADE.records if not r.included)]


def run(labelled: Labelled = MADE, **how) -> Simulated:
    return simulate(labelled, **{"progress": lambda read, found: None, **how})


def test_the_order_begins_with_the_priors_and_ends_with_the_last_included_record() -> None:
    included = {record.id for record in MADE.records if record.included}
    done = run(priors=PRIORS)
    assert list(done.order[:2]) == PRIORS
    assert done.order[-1] in included
    assert included <= set(done.order)
    assert len(set(done.order)) == len(done.order)
    assert (len(done.found), sum(done.found)) == (250, 18)
    assert done.quality == quality(done.found)
    assert done.quality.loss < 0.1


def test_the_same_start_gives_the_same_order_and_the_seed_counts_only_where_nothing_is_known() -> None:
    assert run(priors=PRIORS, seed=1).order == run(priors=PRIORS, seed=2).order
    assert run(topic=TOPIC, seed=1).order == run(topic=TOPIC, seed=2).order
    assert run(seed=3).order == run(seed=3).order
    assert run(seed=3).order != run(seed=4).order


def test_the_topic_finds_the_first_inclusion_at_once() -> None:
    done = run(topic=TOPIC)
    assert done.used_topic
    assert sum(done.found[:15]) > 10
    assert not run(topic="Quintessenz").used_topic


def test_labels_of_what_was_not_read_yet_change_nothing() -> None:
    read = run(priors=PRIORS).order[:15]
    turned = tuple(
        record
        if record.id in read
        else LabelledRecord(record.id, record.title, record.abstract, record.year, not record.included)
        for record in MADE.records
    )
    assert run(Labelled("turned.csv", turned, ()), priors=PRIORS).order[:15] == read


def test_priors_must_be_in_the_file() -> None:
    with pytest.raises(NotAmongRecords, match="has no record 999"):
        run(priors=["5", "999"])


def test_progress_counts_every_record_that_is_read() -> None:
    told = []
    done = run(progress=lambda read, found: told.append((read, found)))
    assert [read for read, _ in told] == list(range(1, len(done.order) + 1))
    assert told[-1][1] == 18


def test_every_rule_says_where_it_would_have_stopped() -> None:
    done = run(priors=PRIORS)
    assert done.stops[0].rule is DEFAULT
    for stop in done.stops:
        assert stop.recall == sum(done.found[: stop.read]) / 18
        assert stop.said_stop == (stop.read < 250)
    assert done.stops[0].recall >= 0.95


def test_the_ranking_is_a_table_with_one_id_a_row(tmp_path: Path) -> None:
    write_ranking(tmp_path / "order.csv", ["3", "a,b", "1"])
    with (tmp_path / "order.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id"], ["3"], ["a,b"], ["1"]]


@pytest.mark.parametrize(("format", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_curve_is_drawn_the_same_twice(format: str, begins: bytes) -> None:
    done = run(priors=PRIORS)
    drawn = draw_curve(done, "$made_$ <b>", format)
    assert drawn.startswith(begins)
    assert draw_curve(done, "$made_$ <b>", format) == drawn
    if format == "svg":
        assert b"Records read" in drawn
        assert b"&lt;b&gt;" in drawn


def test_the_curve_is_written_as_png_or_svg_only(tmp_path: Path) -> None:
    with pytest.raises(UnknownOutput, match=r"\.png, \.svg"):
        write_curve(tmp_path / "curve.pdf", run(topic=TOPIC), "made")


SMALL = ("ADHD", "Estrogens", "NSAIDS", "Triptans")  # a second each; benchmarks/ranking.py takes all ten


@pytest.fixture(scope="module")
def sets(shared: Path) -> dict[str, Labelled]:
    return {name: read_labelled(shared / "bench" / "screening" / f"{name}.csv") for name in SMALL}


def table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "bench" / "screening" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def peers(shared: Path, name: str, column: str, cold: bool = False) -> float:
    rows = [row for row in table(shared, "asreview-3.0.8.csv") if row["set"] == name and row["source"] != "random"]
    return mean(float(row[column]) for row in rows if (row["replicate"] == "cold") == cold)


def test_with_priors_the_published_reviews_are_ordered_better_than_by_asreview(
    sets: dict[str, Labelled], shared: Path
) -> None:
    loss, saved = {}, {}
    for name, labelled in sets.items():
        priors = [(row["included_id"], row["excluded_id"]) for row in table(shared, "priors.csv") if row["set"] == name]
        told = [run(labelled, priors=pair).quality for pair in priors[:3]]
        loss[name], saved[name] = mean(q.loss for q in told), mean(q.wss_95 for q in told)
    assert mean(loss.values()) < 0.9 * mean(peers(shared, name, "loss") for name in SMALL)
    assert mean(saved.values()) > mean(peers(shared, name, "wss95") for name in SMALL)
    assert loss["ADHD"] < peers(shared, "ADHD", "loss") + 0.01


def test_with_the_topic_alone_the_loss_is_a_fifth_below_asreviews_cold_start(
    sets: dict[str, Labelled], shared: Path
) -> None:
    topics = {row["set"]: row["text"] for row in table(shared, "topics.csv")}
    loss = mean(run(labelled, topic=topics[name]).quality.loss for name, labelled in sets.items())
    assert loss < 0.8 * mean(peers(shared, name, "loss", cold=True) for name in SMALL)
