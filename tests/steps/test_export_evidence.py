"""`evidence-table.xlsx`: what is in it, how it looks, and that nothing in it runs."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reviewkit.model.extractions import Extraction
from reviewkit.model.protocol import Protocol
from reviewkit.steps.decision_table import decision_rows
from reviewkit.steps.export import all_tables
from reviewkit.steps.export.evidence import to_workbook
from reviewkit.steps.export.gather import gather
from reviewkit.steps.export.listings import MOST_DECISIONS, decision_table
from reviewkit.steps.export.report import state_in_words
from reviewkit.steps.export.tables import Column, Table
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision
from tests.steps.review_to_export import fill


def written(store: Store, protocol: Protocol) -> bytes:
    material = gather(store, protocol)
    header, decisions = decision_rows(store, protocol, material.standing)
    return to_workbook(all_tables(material, header, decisions), protocol.title, state_in_words(material))


def workbook(store: Store, protocol: Protocol) -> Workbook:
    return load_workbook(io.BytesIO(written(store, protocol)))


def rows_of(sheet: Worksheet) -> list[list[object]]:
    """The cells of a table from its headings on, up to the first empty row."""
    found: list[list[object]] = []
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if not any(cell not in (None, "") for cell in row):
            break
        found.append(["" if cell is None else cell for cell in row])
    return found


def test_it_holds_every_table_of_the_review(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    book = workbook(store, protocol)
    assert book.sheetnames == [
        "Evidence table", "Outcomes", "Excluded full texts", "Ongoing and awaiting", "Sources",
        "PRISMA counts", "Decisions", "Data dictionary",
    ]  # fmt: skip


def test_the_evidence_is_one_row_a_study_with_reports_units_and_notes(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    sheet = workbook(store, protocol)["Evidence table"]
    assert sheet["A1"].value == "Table 1. Characteristics and results of the included studies"
    assert "Every record of the original review is decided." in sheet["A2"].value
    groups, headings, study = rows_of(sheet)
    assert groups == ["", "", "Study design", ""]
    assert headings == ["Study", "Reports", "Participants (people)", "Design"]
    assert study == [
        "Doe 2020 (s1)",
        (
            "r1: Doe J, Roe R. Exosomes in a trial. Spine. 2020. doi:10.1000/Copy.\n"
            "r8: Register entry. ClinicalTrials.gov. 2020. NCT00000001."
        ),
        20,
        "NR",
    ]
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "NR = not reported." in texts


def test_repeated_groups_have_a_sheet_with_numbers_as_numbers_in_natural_order(
    store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    sheet = workbook(store, protocol)["Outcomes"]
    assert rows_of(sheet) == [
        ["Study", "Outcome", "Time point", "Change (%)"],
        ["Doe 2020", "Pain", "3 months", "NR"],
        ["Doe 2020", "Pain", "12 months", -65.04],
    ]


def test_excluded_reports_carry_reason_text_note_and_person(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    book = workbook(store, protocol)
    _, first, second = rows_of(book["Excluded full texts"])
    assert first[:1] + first[2:] == ["r3", "E1", "Exosomes not used", "+1 says: only plasma", "ann"]
    assert second[0] == "r4"
    states = [row[2] for row in rows_of(book["Ongoing and awaiting"])]
    assert states == ["State", "Ongoing study", "Full text not retrieved"]


def test_text_that_a_spreadsheet_would_run_is_inert(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    book = workbook(store, protocol)
    active = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value[0] in "=+-@":
                    active += 1
                    assert cell.quotePrefix, (sheet.title, cell.coordinate)
    assert active >= 4
    with zipfile.ZipFile(io.BytesIO(written(store, protocol))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_every_sheet_prints_on_landscape_pages_one_page_wide_with_its_headings(
    store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    for sheet in workbook(store, protocol):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows.startswith("$4:")
        assert sheet.freeze_panes.startswith("B")


def test_rows_are_high_enough_for_their_text(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    sheet = workbook(store, protocol)["Evidence table"]
    assert 4 * 12 <= sheet.row_dimensions[6].height <= 8 * 13  # two references of two lines each


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("lumbar and cervical radiculopathy", 1),
        ("WORLD WIDE WOMEN MAMMOGRAPHY", 2),
        ("运动疗法对慢性非特异性腰痛患者", 2),
        ("x" * 80, 3),
    ],
)
def test_narrow_letters_take_less_room_than_wide_ones(text: str, lines: int) -> None:
    table = Table("T", "Title", (Column("Value", 30),), ((text,),))
    sheet = load_workbook(io.BytesIO(to_workbook([table], "Review", "State.")))["T"]
    assert sheet.row_dimensions[5].height == lines * 13 + 4


def test_what_is_said_about_a_table_breaks_within_its_width_so_that_the_printed_page_does_not_shrink(
    store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    material = gather(store, protocol)
    about = "In progress: studies without extraction: " + ", ".join(f"Wilson {year}" for year in range(1950, 2024))
    tables = all_tables(material, *decision_rows(store, protocol, material.standing))
    book = load_workbook(io.BytesIO(to_workbook(tables, protocol.title, about)))
    for table in tables:
        sheet = book[table.name]
        merged = {area.min_row: area for area in sheet.merged_cells.ranges if area.min_col == 1}
        assert merged[2].max_col == len(table.columns)
        assert sheet["A2"].alignment.wrap_text
        width = sum(column.width for column in table.columns)
        assert sheet.row_dimensions[2].height >= 12 * len(sheet["A2"].value) / (1.3 * width)
        notes = [row for row in merged if row > sheet.max_row - len(table.notes)]
        assert len(notes) == len(table.notes)


def test_a_field_that_the_form_no_longer_has_is_told_in_a_note(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    store.add([Extraction(study=1, group="design", field="gone", value="x", by="ann", at=AT)])
    sheet = workbook(store, protocol)["Evidence table"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert any("1 value of fields that the extraction form no longer has" in text for text in texts)


def test_an_included_study_that_nobody_extracted_is_a_row_of_dashes(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation()])
    store.add([decision(1, "include"), decision(1, "include", stage="full-text")])
    sheet = workbook(store, protocol)["Evidence table"]
    assert rows_of(sheet)[2][2:] == ["–", "–"]
    assert "studies without extraction: Doe 2020" in sheet["A2"].value


def test_more_decisions_than_a_sheet_should_hold_are_cut_with_a_note() -> None:
    table = decision_table(("record", "title"), [("r1", "x")] * (MOST_DECISIONS + 1))
    assert len(table.rows) == MOST_DECISIONS
    assert "The first 50,000 of 50,001 decisions; decisions.csv holds all of them." in table.notes


@pytest.mark.libreoffice
def test_libreoffice_reads_it_with_the_same_values(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    fill(store, protocol)
    before = workbook(store, protocol)
    source = tmp_path / "evidence-table.xlsx"
    source.write_bytes(written(store, protocol))
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(source)], check=True, capture_output=True, timeout=180
    )
    after = load_workbook(io.BytesIO((tmp_path / "out" / "evidence-table.xlsx").read_bytes()))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        assert rows_of(after[sheet.title]) == rows_of(sheet)
