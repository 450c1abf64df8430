"""What exports say of the order of screening, of samples and of stops: all of it, and nothing where there is none."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.frames import Review
from reviewkit.model.protocol import Protocol
from reviewkit.model.stops import Stop
from reviewkit.protocol import parse_protocol
from reviewkit.steps.export import export_all
from reviewkit.steps.export.diagram import draw_flow
from reviewkit.steps.export.gather import gather
from reviewkit.steps.export.stopping_text import footnote
from reviewkit.store import Store
from reviewkit.workspace import Folders, Workspace
from tests.build import protocol_text
from tests.steps.stopped import READ, half_screened, load, sample, screened, stop
from tests.steps.test_export_diagram import boxes_of, check_geometry
from tests.steps.test_export_report import Page

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))


def written(store: Store, protocol: Protocol, root: Path) -> dict[str, bytes]:
    made = export_all(store, protocol, Folders(Workspace(root), "backpain"))
    return {file.path.name: file.path.read_bytes() for file in made}


def page(store: Store, protocol: Protocol, root: Path) -> str:
    return Page(written(store, protocol, root)["report.html"]).text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_review_in_plain_order_has_no_word_of_it(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    load(store, 10)
    store.add(screened(range(1, 6), order="id"))
    told = page(store, protocol, tmp_path)
    assert "Order of screening" not in told
    assert "not screened" not in told.lower()
    assert gather(store, protocol).screening == ()


def test_the_report_names_order_model_method_estimate_and_who_stopped(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    half_screened(store, protocol)
    stop(store, protocol, note="As the protocol says.")
    told = page(store, protocol, tmp_path)
    for words in (
        "Order of screening, and where it stopped",
        "200 in order of relevance",
        "with a linear support vector machine",
        "no record was included or excluded by it",
        "stopped by ann on 2024-05-01, after 200 records, of which 10 relevant; on 150 nobody had decided",
        "Reason given: As the protocol says.",
        "It rests on the counting process, which said then: At least 95 % of the relevant records have been found",
        "Reference: Stevenson M, Bin-Hezam R.",
        "Not screened by a person because of that: 150 records.",
        "None of them was excluded, and some may be relevant.",
        "Records not screened (screening was stopped): 150",
    ):
        assert words in told, words
    assert "not yet screened" not in told


def test_a_stop_that_the_method_did_not_back_is_reported_as_such(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    half_screened(store, protocol)
    stop(store, protocol, method="hypergeometric", note="no time left")
    told = page(store, protocol, tmp_path)
    assert "That does not say that screening could stop: it was stopped all the same." in told
    assert "the hypergeometric test had not said that it could be" in told  # below the diagram


def test_the_sample_is_reported_with_its_interval_and_seed(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 30, seed=11)
    store.add(screened(drawn, relevant=drawn[:1], order="sample"))
    told = page(store, protocol, tmp_path)
    assert "200 in order of relevance; 30 as part of a random sample" in told
    assert "of 150 records on which nobody had decided, 30 were drawn and screened; 1 was relevant" in told
    assert "exact hypergeometric interval" in told
    assert "drawn by ann with seed 11" in told
    assert "How much has been found by now:" in told


def test_a_finished_review_says_what_nobody_screened(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    load(store)
    store.add(screened(range(1, READ + 1), relevant=()))
    stop(store, protocol)
    told = page(store, protocol, tmp_path)
    assert "Screening was stopped: 150 records nobody screened. Every other record is decided." in told
    assert "Every record of the original review is decided" not in told


def test_the_diagram_has_a_box_for_it_with_a_solid_edge_and_a_footnote(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    stop(store, protocol)
    material = gather(store, protocol)
    drawing = draw_flow(material.flow, protocol.title, footnote(material.standing))
    check_geometry(drawing)
    (box,) = [
        rect
        for rect, lines in boxes_of(drawing)
        if any("not screened" in line.text for line in lines) and rect.width < 400
    ]
    assert not box.dashed
    notes = " ".join(shape.text for shape in drawing.shapes if hasattr(shape, "text"))
    assert (
        "***Not screened by a person, and not excluded. Screening was stopped on 2024-05-01 by ann: at least" in notes
    )


def test_an_update_says_what_was_not_screened_of_it(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    load(store, 4)
    store.add(screened(range(1, 5), relevant=(), order="id"))
    load(store, 3, database="scopus", date="2025-01-01", update=1)
    store.add(screened([5], relevant=(), order="id"))
    stop(store, protocol)
    told = page(store, protocol, tmp_path)
    assert "3 new records (2 not screened, as screening was stopped)" in told
    assert "Records not screened (screening was stopped): 2" in told  # in the diagram of the update


def test_record_files_and_notebooks_say_it_of_each_record(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    half_screened(store, protocol)
    stop(store, protocol)
    files = written(store, protocol, tmp_path)
    rows = list(csv.DictReader(io.StringIO(files["records.csv"].decode("utf-8-sig"))))
    said = "Title and abstract: not screened: ann stopped screening on 2024-05-01; nobody excluded it"
    assert sum(said in " ".join(map(str, row.values())) for row in rows) == 150
    assert files["records.ris"].count(said.encode()) == 150
    states = Review(protocol, store).records.state.value_counts()
    assert (states["not-screened"], states["excluded"]) == (150, 190)


def test_the_same_rows_give_the_same_bytes(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    half_screened(store, protocol)
    drawn = sample(store, protocol, 30)
    store.add(screened(drawn, relevant=drawn[:1], order="sample"))
    stop(store, protocol)
    assert written(store, protocol, tmp_path / "one") == written(store, protocol, tmp_path / "two")


def test_verdicts_that_are_hidden_are_in_no_count_of_orders(store: Store, tmp_path: Path) -> None:
    half_screened(store, DUAL, people=("ann", "bob"))
    before = gather(store, DUAL).screening
    store.add(screened(range(READ + 1, READ + 30), people=["ann"]))
    assert gather(store, DUAL).screening == before


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "a & b", "]]>"])
def test_words_of_people_are_inert_in_the_report(store: Store, protocol: Protocol, tmp_path: Path, words: str) -> None:
    half_screened(store, protocol)
    stop(store, protocol, note=words, by=words)
    report = written(store, protocol, tmp_path)["report.html"].decode()
    assert words not in report
    assert words in page(store, protocol, tmp_path)


def test_a_stop_makes_the_exports_older_than_the_review(store: Store, protocol: Protocol) -> None:
    half_screened(store, protocol)
    before = gather(store, protocol).state_of
    stop(store, protocol)
    store.add([replace(store.all(Stop)[0], n=0, at="2030-01-01T00:00:00Z")])
    assert gather(store, protocol).state_of == "2030-01-01T00:00:00Z" > before
