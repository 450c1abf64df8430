"""The PRISMA 2020 diagram: its wording, and that nothing overlaps or leaves its box whatever it has to show."""

import io
import struct
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.model.boxes import Box, Column, Flow, Totals
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.model.studies import Link
from reviewkit.steps.export.diagram import draw_flow
from reviewkit.steps.export.drawing import Drawing, Line, Rect, Text, measure, to_png, to_svg, wrap
from reviewkit.steps.export.flow_text import changed_later
from reviewkit.steps.flow import review_flow
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision
from tests.steps.review_to_export import fill

NBSP = "\N{NO-BREAK SPACE}"
SVG = "{http://www.w3.org/2000/svg}"


def stored(store: Store, protocol: Protocol) -> Flow:
    return review_flow(protocol, standing(store, protocol))


def boxes_of(drawing: Drawing) -> list[tuple[Rect, list[Text]]]:
    """Every box with the lines of text that begin in it."""
    rects = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    texts = [shape for shape in drawing.shapes if isinstance(shape, Text)]
    return [(r, [t for t in texts if r.x <= t.x <= r.x + r.width and r.y <= t.y <= r.y + r.height]) for r in rects]


def wording(drawing: Drawing) -> list[str]:
    """The text of every box with square corners, its lines joined."""
    return [
        " ".join(line.text for line in lines).replace(NBSP, " ")
        for rect, lines in boxes_of(drawing)
        if not rect.radius
    ]  # fmt: skip


def check_geometry(drawing: Drawing) -> None:
    """Nothing overlaps, nothing leaves its box or the page, and no line runs through a box."""
    rects = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    assert len(rects) >= 12
    for a, b in combinations(rects, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a, b)
    inside = 0
    for rect, lines in boxes_of(drawing):
        for line in lines:
            inside += 1
            width = measure(line.text, line.size, line.bold)
            if line.turned:
                assert rect.y <= line.y - width / 2
                assert line.y + width / 2 <= rect.y + rect.height
            else:
                left = line.x - width / 2 if line.centred else line.x
                assert rect.x + 2 < left
                assert left + width < rect.x + rect.width - 2, line
                assert rect.y + line.size * 0.8 <= line.y <= rect.y + rect.height - line.size * 0.25
        upright = sorted(line.y for line in lines if not line.turned)
        assert all(later - earlier > 9 for earlier, later in pairwise(upright))
    assert inside > 20
    for shape in drawing.shapes:
        if isinstance(shape, Text):
            width = measure(shape.text, shape.size, shape.bold)
            assert shape.turned or shape.centred or shape.x + width <= drawing.width
            assert 0 < shape.y < drawing.height
        if isinstance(shape, Line):
            for start, end in zip(shape.points, shape.points[1:], strict=False):
                for rect in rects:
                    assert not runs_through(start, end, rect), (shape, rect)


def runs_through(start: tuple[float, float], end: tuple[float, float], rect: Rect) -> bool:
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return (
        right > rect.x + 0.5
        and left < rect.x + rect.width - 0.5
        and bottom > rect.y + 0.5
        and top < rect.y + rect.height - 0.5
    )


def test_the_wording_is_that_of_prisma_2020(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    assert wording(drawing) == [
        (
            "Records identified from*: Databases (n = 7) PubMed (n = 5) Scopus (n = 2) "
            "Registers (n = 2) ClinicalTrials.gov (n = 2)"
        ),
        (
            "Records removed before screening: Duplicate records removed (n = 1) "
            "Records marked as ineligible by automation tools (n = 0) Records removed for other reasons (n = 0)"
        ),
        "Records screened (n = 8)",
        "Records excluded** (n = 2)",
        "Reports sought for retrieval (n = 6)",
        "Reports not retrieved (n = 1)",
        "Reports assessed for eligibility (n = 5)",
        "Reports excluded: No exosomes (n = 1) Back pain not targeted (n = 1)",
        "Reports of ongoing studies (n = 1)",
        "Studies included in review (n = 1) Reports of included studies (n = 2)",
    ]
    words = [shape.text for shape in drawing.shapes if isinstance(shape, Text)]
    assert "Identification of studies via databases and registers" in words
    assert {"Identification", "Screening", "Included"} <= set(words)
    check_geometry(drawing)


def test_a_review_in_progress_shows_what_waits_in_dashed_boxes(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation(), citation()])
    store.add([decision(1, "include"), decision(2, "exclude")])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    dashed = [lines for rect, lines in boxes_of(drawing) if rect.dashed]
    assert [" ".join(t.text for t in lines).replace(NBSP, " ") for lines in dashed] == [
        "Records not yet screened (n = 1)", "Reports awaiting a full-text decision (n = 1)"
    ]  # fmt: skip
    notes = " ".join(shape.text for shape in drawing.shapes if isinstance(shape, Text) and shape.size < 10)
    assert "Review in progress" in notes
    check_geometry(drawing)


def test_other_methods_get_the_second_column_of_the_template(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation()])
    add_run(store, [citation(), citation()], "citation-searching")
    store.add([decision(i, "include") for i in (1, 2, 3)] + [decision(4, "exclude")])
    store.add([decision(3, "include", stage="full-text")])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    found = wording(drawing)
    assert "Records identified from: Citation searching (n = 2)" in found
    assert "Records not sought for retrieval: Records excluded (n = 1)" in found
    assert found.count("Reports sought for retrieval (n = 2)") == 1
    assert found.count("Reports sought for retrieval (n = 1)") == 1
    assert any(t.text == "Identification of studies via other methods" for t in drawing.shapes if isinstance(t, Text))
    check_geometry(drawing)


def updated(store: Store, citations: int, database: str = "pubmed", update: int = 1) -> None:
    add_run(store, [citation() for _ in range(citations)], database, f"202{4 + update}-09-30", update)


def test_an_updated_review_gets_the_template_for_updated_reviews(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)  # r1 to r9; one study in two reports
    updated(store, 3)
    store.add([Match(left=1, right=10, judgement=Judgement.SAME, rule="doi", by="reviewkit", at=AT)])
    store.add([decision(11, "include"), decision(12, "exclude"), decision(11, "include", stage="full-text")])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    assert wording(drawing) == [
        "Records identified from*: Databases (n = 3) PubMed (n = 3) Registers (n = 0)",
        (
            "Records removed before screening: Duplicate records removed (n = 1) "
            "Already known from earlier searches (n = 1) "
            "Records marked as ineligible by automation tools (n = 0) Records removed for other reasons (n = 0)"
        ),
        "Records screened (n = 2)",
        "Records excluded** (n = 1)",
        "Reports sought for retrieval (n = 1)",
        "Reports not retrieved (n = 0)",
        "Reports assessed for eligibility (n = 1)",
        "Reports excluded (n = 0)",
        "New studies included in review (n = 1) Reports of new included studies (n = 1)",
        (
            "Studies included in previous version of review (n = 1) "
            "Reports of studies included in previous version of review (n = 2)"
        ),
        "Total studies included in review (n = 2) Reports of total included studies (n = 3)",
    ]
    headings = [shape.text for shape in drawing.shapes if isinstance(shape, Text) and shape.bold]
    assert headings[:2] == ["Previous studies", "Identification of new studies via databases and registers"]
    assert "Previous version: original review (searched 2024-03-18)." in notes_of(drawing)
    check_geometry(drawing)
    # both ways lead into the total: from above the new studies, from the left the previous ones
    total = next(r for r, lines in boxes_of(drawing) if lines and lines[0].text.startswith("Total studies"))
    ends = [line.points[-1] for line in drawing.shapes if isinstance(line, Line) and line.arrow]
    assert (total.x, total.y + total.height / 2) in ends
    assert (total.x + total.width / 2, total.y) in ends


def notes_of(drawing: Drawing) -> str:
    return " ".join(shape.text for shape in drawing.shapes if isinstance(shape, Text) and shape.size < 10)


def test_with_several_updates_the_latest_is_drawn_and_all_before_it_is_the_previous_version(
    store: Store, protocol: Protocol
) -> None:
    add_run(store, [citation(), citation()])
    updated(store, 2, update=1)
    updated(store, 1, "citation-searching", update=2)
    store.add([decision(i, "include") for i in (1, 3, 5)] + [decision(2, "exclude")])
    store.add([decision(i, "include", stage="full-text") for i in (1, 3, 5)])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    words = wording(drawing)
    assert "Records identified from: Citation searching (n = 1)" in words
    assert any(w.startswith("Studies included in previous version of review (n = 2)") for w in words)
    assert "New studies included in review (n = 1) Reports of new included studies (n = 1)" in words
    assert "Total studies included in review (n = 3) Reports of total included studies (n = 3)" in words
    assert "Identification of new studies via other methods" in [s.text for s in drawing.shapes if isinstance(s, Text)]
    notes = notes_of(drawing)
    assert "Previous version: original review (searched 2024-03-18) and update 1 (searched 2025-09-30)." in notes
    assert (
        "Not counted above, still in progress (update 1): Records not yet screened: 1." in notes
    )  # r4, which no box counts
    check_geometry(drawing)


def test_what_has_no_box_in_the_template_is_told_in_footnotes(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation(), citation()])
    both = ("title-abstract", "full-text")
    store.add([decision(i, "include", stage=stage) for i in (1, 2) for stage in both])
    updated(store, 2)
    later = {"at": "2026-01-01T00:00:00Z"}
    store.add([replace(decision(2, "exclude", stage="full-text", criterion="E1"), **later)])
    store.add([replace(decision(3, "include", stage=stage), **later) for stage in both])  # reconsidered as well
    store.add([replace(decision(4, "include", stage=stage), **later) for stage in both])
    store.add([replace(decision(5, "exclude"), **later)])
    store.add([Link(left=1, right=4, by="ann", at=AT)])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    words = wording(drawing)
    assert any("version of review (n = 3) Reports of studies" in w and w.endswith("(n = 3)") for w in words)
    assert "New studies included in review (n = 0) Reports of new included studies\u2021 (n = 1)" in words
    assert "Total studies included in review (n = 2) Reports of total included studies\u2020 (n = 3)" in words
    notes = notes_of(drawing)
    assert "\u2021Of these, of studies that were included before: 1 report." in notes
    assert (
        "\u2020Total = previous + new - withdrawn on reconsideration. Included when the searches of update 1" in notes
    )
    assert "and no longer: 1 study, 1 report." in notes
    assert "Included only after the searches of update 1 began: 1 report." in notes
    check_geometry(drawing)
    flow = stored(store, protocol)
    assert flow.totals is not None
    assert changed_later(flow.totals) == (
        "Counted as decided now; of the previous version, since the searches of update 1 began: 1 report withdrawn, "
        "1 report included."
    )


def test_an_update_that_brought_nothing_new_says_so_in_its_boxes(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation()])
    store.add([decision(1, "include"), decision(1, "include", stage="full-text")])
    updated(store, 1)
    store.add([Match(left=1, right=2, judgement=Judgement.SAME, rule="doi", by="reviewkit", at=AT)])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    words = wording(drawing)
    assert "Records screened (n = 0)" in words
    assert "New studies included in review (n = 0) Reports of new included studies (n = 0)" in words
    assert "Total studies included in review (n = 1) Reports of total included studies (n = 1)" in words
    check_geometry(drawing)


def a_box(key: str, label: str, n: int, *parts: Box) -> Box:
    return Box(key, label, "records", tuple(range(n)), parts)


def crowded(labels: list[str], n: int, waiting: int = 0) -> Column:
    """A column with these labels as databases, registers and reasons."""
    sources = tuple(a_box(f"d{i}", label, n) for i, label in enumerate(labels))
    hands = (a_box("excluded:human", "By a human", n), a_box("excluded:automation", "By automation tools", n))
    plain = {name: a_box(name, name.replace("_", " "), n) for name in Column.__dataclass_fields__}
    for name in ("not_yet_screened", "conflicts", "awaiting_full_text", "full_text_conflicts"):
        plain[name] = a_box(name, name.replace("_", " "), waiting)
    plain["identified"] = a_box(
        "identified", "Records identified from", n, a_box("databases", "Databases", n, *sources)
    )
    plain["excluded"] = a_box("excluded", "Records excluded", n, *hands)
    plain["excluded_full_text"] = a_box("excluded-full-text", "Reports excluded", n, *sources)
    return Column(**plain)


def crowded_flow(labels: list[str], n: int, waiting: int, second: bool, update: bool = False) -> Flow:
    column = crowded(labels, n, waiting)
    flow = Flow(
        update=0, searched="2024-03-18", databases=column, other=column if second else crowded([], 0),
        included=a_box("included", "Reports of included studies", n), studies=a_box("studies", "Studies included", n),
    )  # fmt: skip
    if not update:
        return flow
    counted = {name: a_box(name, name.replace("_", " "), n) for name in Totals.__dataclass_fields__}
    whole = Totals(**(counted | {"update": 1, "began": "2025-01-01"}))  # type: ignore[arg-type]
    return replace(flow, updates=(replace(flow, update=1),), totals=whole)


LONG = [
    "MEDLINE (Ovid), including Epub Ahead of Print, In-Process, In-Data-Review & Other Non-Indexed Citations",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "中国知网", "<b>&amp;</b>",
    "$x^2$ costs", "a", "Ovid " * 40, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "LILACS",
    "Wrong comparator", "Wrong population: the report describes other people than the protocol asks for", "dose",
]  # fmt: skip


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("update", [False, True])
def test_many_long_names_and_large_counts_stay_inside(second: bool, update: bool) -> None:
    drawing = draw_flow(crowded_flow(LONG, 345_678, 345_678, second, update), "Stress")
    check_geometry(drawing)
    assert drawing.height < 2 * drawing.width
    root = ElementTree.fromstring(to_svg(drawing))
    assert any("345,678" in (text.text or "") for text in root.iter(f"{SVG}text"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=120), min_size=0, max_size=12),
    st.sampled_from([0, 1, 999, 99_999]),
    st.sampled_from([0, 7]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_the_labels_the_layout_holds_and_the_svg_is_well_formed(
    labels: list[str], n: int, waiting: int, second: bool, update: bool
) -> None:
    drawing = draw_flow(crowded_flow(labels, n, waiting, second and n > 0, update), " ".join(labels))
    check_geometry(drawing)
    ElementTree.fromstring(to_svg(drawing))


def test_the_svg_is_accessible_and_runs_nothing(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    content = to_svg(draw_flow(stored(store, protocol), "<script>alert(1)</script>"))
    root = ElementTree.fromstring(content)
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "PRISMA 2020 flow diagram: <script>alert(1)</script>"
    assert "Records screened: 8." in (description.text or "")
    assert "Reports excluded: 2 (No exosomes: 1; Back pain not targeted: 1)." in (description.text or "")
    assert b"<script" not in content
    assert b"href" not in content


def test_the_png_has_300_dots_per_inch_and_says_nothing_of_time_or_software(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    content = to_png(drawing)
    chunks, file = {}, io.BytesIO(content[8:])
    while head := file.read(8):
        length, kind = struct.unpack(">I4s", head)
        chunks[kind] = file.read(length + 4)
    assert set(chunks) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND", b"PLTE", b"tRNS"}
    per_metre = struct.unpack(">I", chunks[b"pHYs"][:4])[0]
    assert round(per_metre * 0.0254) == 300
    assert struct.unpack(">I", chunks[b"IHDR"][:4])[0] == pytest.approx(drawing.width / 72 * 300, abs=1)
    assert to_png(drawing) == content


def test_a_count_stands_to_the_right_of_an_arabic_reason_in_the_png_as_in_the_svg() -> None:
    from PIL import Image

    drawing = Drawing(300, 40, "", "", (Text(10, 25, "مقارنة غير مناسبة (n\u00a0=\u00a02)"),))
    picture = Image.open(io.BytesIO(to_png(drawing))).convert("L")
    alone = Image.open(io.BytesIO(to_png(Drawing(300, 40, "", "", (Text(10, 25, "مقارنة غير مناسبة"),))))).convert("L")
    left, _, right, _ = alone.point(lambda shade: 255 * (shade < 128)).getbbox()
    area = (0, 0, right - 2, picture.height)
    assert right - left > 100
    assert picture.crop(area).tobytes() == alone.crop(area).tobytes()


def test_lines_are_never_wider_than_asked_and_lose_no_letter() -> None:
    text = f"Records of something (n{NBSP}={NBSP}12,345) {'W' * 90} and more"
    lines = wrap(text, 120, 11)
    assert all(measure(line, 11) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert any(f"(n{NBSP}={NBSP}12,345)" in line for line in lines)
