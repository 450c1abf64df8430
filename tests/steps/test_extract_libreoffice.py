"""A workbook that LibreOffice has opened, converted and saved reads back with no loss."""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.store import Store
from tests.build import citation
from tests.steps.test_extract_read import move_rows
from tests.steps.workbooks import (
    Desk,
    add_row,
    columns,
    extraction_protocol,
    include_studies,
    opened,
    put,
    saved,
)

pytestmark = pytest.mark.libreoffice

TEXTS = (
    "=SUM(A1:A9)",
    "+1 (555) 0100",
    "-5 to 5",
    "@home",
    "'quoted'",
    "3-4",
    "1/2",
    "007",
    "1e5",
    "TRUE",
    "65 %",
    "2024-03",
    "line one\nline two",
    "café Ångström 腰痛 ≥ µ",
    "<b>&amp;</b>",
    "x" * 5_000,
    "a_x000D_b",
    "a  b   c",
)


@pytest.fixture
def convert(tmp_path: Path) -> Callable[[bytes, str, str], bytes]:
    """Convert a workbook with LibreOffice, which has a profile of its own for the test."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (soffice not found)")

    def run(body: bytes, before: str, after: str) -> bytes:
        source = tmp_path / before / f"sheet.{before}"
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(body)
        target = tmp_path / f"to-{after}"
        profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
        command = [program, profile, "--headless", "--convert-to", after, "--outdir", str(target), str(source)]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return (target / f"sheet.{after}").read_bytes()

    return run


@pytest.fixture
def desk(store: Store) -> Desk:
    desk = Desk(store, extraction_protocol())
    authors = (
        "Wilson JE",
        "Phillips D",
        "Doe J",
        "=Evil A",
        "Ångström Ö",
        "Müller K",
        *(f"Author{n} A" for n in range(14)),
    )
    include_studies(
        store,
        desk.protocol,
        [citation(title=f"{n}. =Trial & <more>", authors=(name,), year=2000 + n) for n, name in enumerate(authors)],
    )
    return desk


def fill_everything(desk: Desk) -> tuple[bytes, dict[str, str]]:
    """Fill a workbook in as a person does; return it with the values that must come out of it."""
    workbook = opened(desk.sheet())
    where = columns(workbook, "Studies")
    expected: dict[str, str] = {}
    for n, text in enumerate(TEXTS, start=1):
        put(
            workbook,
            f"s{n}",
            {"design.comment": text, "design.n": n, "design.dose": n / 8, "design.comment.source": text},
        )
        for field in ("design.comment", "design.comment.source"):
            workbook["Studies"].cell(3 + n, where[field]).data_type = "s"  # typed into a cell formatted as text
        expected[f"s{n} design.n"] = str(n)
        expected[f"s{n} design.dose"] = f"{n / 8:g}"
    put(workbook, "s1", {"design.kind": "trial", "design.start": "2024-03-18", "design.blinded": "yes"})
    put(
        workbook,
        "s2",
        {"design.kind": "not reported", "design.start": "2024", "design.routes": "epidural; facet joint"},
    )
    put(workbook, "s20", {"design.n": "not reported", "design.dose": "unclear", "design.blinded": True})
    expected |= {
        "s1 design.kind": "trial", "s1 design.start": "2024-03-18", "s1 design.blinded": "yes",
        "s2 design.kind": "not reported", "s2 design.start": "2024", "s2 design.routes": "epidural; facet joint",
        "s20 design.n": "not reported", "s20 design.dose": "unclear", "s20 design.blinded": "yes",
    }  # fmt: skip
    for n, day in ((1, "day 1"), (1, "3-4 weeks"), (2, "1/2 year")):
        add_row(workbook, f"s{n}", {"outcome.name": "pain", "outcome.time": day, "outcome.change": -65.04})
        expected |= {
            f"s{n} pain | {day} outcome.{field}": value
            for field, value in (("name", "pain"), ("time", day), ("change", "-65.04"))
        }
    order = list(range(4, 24))
    random.Random(7).shuffle(order)
    move_rows(workbook, "Studies", order)
    for row in range(4, 24):  # sorting carries the text cells along
        for field in ("design.comment", "design.comment.source"):
            cell = workbook["Studies"].cell(row, where[field])
            if cell.value:
                cell.data_type = "s"
        title = workbook["Studies"].cell(row, where["reviewkit.title"])
        title.data_type = "s"
    return saved(workbook), expected


@pytest.mark.parametrize("way", [("xlsx",), ("ods", "xlsx")], ids="-".join)
def test_nothing_is_lost_on_the_way_through_libreoffice(
    desk: Desk, convert: Callable[[bytes, str, str], bytes], way: tuple[str, ...]
) -> None:
    body, expected = fill_everything(desk)
    before = "xlsx"
    for after in way:
        body, before = convert(body, before, after), after
    found = desk.read(body)
    got = desk.values()
    comments = {name: got.pop(name) for name in list(got) if name.endswith("design.comment")}
    assert got == expected
    assert comments == {f"s{n} design.comment": in_canon(text) for n, text in enumerate(TEXTS, start=1)}
    quotes = {name: text for name, text in desk.sources().items() if name.endswith("comment")}
    assert quotes == {f"s{n} design.comment": in_canon(text) for n, text in enumerate(TEXTS, start=1)}
    assert found.notes == ()
    assert desk.read(body).changes == ()
    assert desk.read(convert(desk.sheet(), "xlsx", "xlsx")).changes == ()  # prefilled and untouched


def in_canon(text: str) -> str:
    """What is stored of a text that no .xlsx can hold as it is: Excel's line end is one."""
    return text.replace("_x000D_", "\n")
