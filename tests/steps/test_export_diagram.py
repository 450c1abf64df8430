"""The PRISMA 2020 diagram: its wording, and that nothing overlaps or leaves its box whatever it has to show."""

import io
import struct
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.model.boxes import Box, Column, Flow
from reviewkit.model.protocol import Protocol
from reviewkit.steps.export.diagram import draw_flow
from reviewkit.steps.export.drawing import Drawing, Line, Rect, Text, measure, to_png, to_svg, wrap
from reviewkit.steps.flow import review_flow
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision
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


def test_an_update_is_told_in_a_footnote_and_not_counted(store: Store, protocol: Protocol) -> None:
    run = add_run(store, [citation()])
    later = replace(run, id="2024-09-30-pubmed", date="2024-09-30", first=2, retrieved=2, update=1)
    store.add_run(later, [citation(id=2, run=later.id), citation(id=3, run=later.id)])
    drawing = draw_flow(stored(store, protocol), "Exosomes")
    notes = " ".join(shape.text for shape in drawing.shapes if isinstance(shape, Text) and shape.size < 10)
    assert "Not counted above: Update 1 (searched 2024-09-30): 2 records identified, 0 duplicates removed, " in notes
    assert "2 new records (all not yet screened)." in notes
    assert "Databases (n = 1)" in wording(drawing)[0]


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


def crowded_flow(labels: list[str], n: int, waiting: int, second: bool) -> Flow:
    column = crowded(labels, n, waiting)
    return Flow(
        update=0, searched="2024-03-18", databases=column, other=column if second else crowded([], 0),
        included=a_box("included", "Reports of included studies", n), studies=a_box("studies", "Studies included", n),
    )  # fmt: skip


LONG = [
    "MEDLINE (Ovid), including Epub Ahead of Print, In-Process, In-Data-Review & Other Non-Indexed Citations",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "中国知网", "<b>&amp;</b>",
    "$x^2$ costs", "a", "Ovid " * 40, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "LILACS",
    "Wrong comparator", "Wrong population: the report describes other people than the protocol asks for", "dose",
]  # fmt: skip


@pytest.mark.parametrize("second", [False, True])
def test_many_long_names_and_large_counts_stay_inside(second: bool) -> None:
    drawing = draw_flow(crowded_flow(LONG, 345_678, 345_678, second), "Stress")
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
)
def test_whatever_the_labels_the_layout_holds_and_the_svg_is_well_formed(
    labels: list[str], n: int, waiting: int, second: bool
) -> None:
    drawing = draw_flow(crowded_flow(labels, n, waiting, second and n > 0), " ".join(labels))
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
