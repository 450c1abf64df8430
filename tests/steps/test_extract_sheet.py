"""The workbook that an extractor gets: what is on it, what may be done in it, and that it shows nobody else's work."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from reviewkit.errors import BadExtraction, NoForm, NoStudies
from reviewkit.protocol import parse_protocol
from reviewkit.steps.extract.write import extraction_sheet
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import citation
from tests.steps.workbooks import (
    FORM,
    Desk,
    add_row,
    columns,
    extraction_protocol,
    filled,
    include_studies,
    opened,
    put,
    row_of,
    saved,
)


def test_there_is_a_row_for_every_included_study_with_what_identifies_it(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Studies"], columns(workbook, "Studies")
    row = row_of(workbook, "Studies", "s1")
    seen = {name: sheet.cell(row, where[f"reviewkit.{name}"]).value for name in ("study", "name", "year", "reports")}
    assert seen == {
        "study": "s1",
        "name": "Wilson 2024",
        "year": 2024,
        "reports": "r1, PMID 38345678, doi 10.2217/rme-2023-0214",
    }
    assert sheet.max_row == row_of(workbook, "Studies", "s3") == 6


def test_headings_show_group_label_unit_and_what_must_be_filled(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Studies"], columns(workbook, "Studies")
    assert sheet.cell(3, where["design.n"]).value == "Participants (people) *"
    assert sheet.cell(1, where["design.n"]).value == "Study design"
    assert sheet.cell(3, where["design.n"] + 1).value == "Quote and page"
    assert where["design.n.source"] == where["design.n"] + 1
    note = sheet.cell(3, where["design.n"]).comment
    assert note is not None
    assert "How many were treated." in note.text and "not reported" in note.text


def test_repeated_outcomes_have_their_own_sheet_with_the_studies_to_choose_from(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Outcomes"], columns(workbook, "Outcomes")
    assert "outcome.name" not in columns(workbook, "Studies")
    assert "outcome.name.source" not in where and "outcome.change.source" in where
    assert [sheet.cell(row, 1).value for row in (4, 5, 6, 7)] == [
        "s1 Wilson 2024",
        "s2 Phillips 2022",
        "s3 Doe 2020",
        None,
    ]
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    chosen = next(formula for area, formula in lists.items() if area.startswith("A4:"))
    assert [c[0].value for c in workbook["reviewkit"][chosen.split("!")[1].replace("$", "")]] == [
        "s1 Wilson 2024",
        "s2 Phillips 2022",
        "s3 Doe 2020",
    ]


def test_choices_are_drop_downs_that_hold_the_statements_too(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Studies"], columns(workbook, "Studies")
    by_column = {next(iter(v.sqref.ranges)).min_col: v for v in sheet.data_validations.dataValidation}

    def entries(field: str) -> list[object]:
        area = str(by_column[where[field]].formula1).split("!")[1].replace("$", "")
        return [cell[0].value for cell in workbook["reviewkit"][area]]

    assert entries("design.kind") == ["trial", "case series", "not reported", "unclear"]
    assert entries("design.blinded") == ["yes", "no", "not reported", "unclear"]
    assert by_column[where["design.kind"]].showErrorMessage
    assert not by_column[where["design.routes"]].showErrorMessage  # several choices may stand in one cell


def test_numbers_and_dates_are_checked_while_typing_and_the_statements_pass(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Studies"], columns(workbook, "Studies")
    by_column = {next(iter(v.sqref.ranges)).min_col: v for v in sheet.data_validations.dataValidation}
    for field, word in (
        ("design.n", "whole number in people"),
        ("design.dose", "number in ml"),
        ("design.start", "date"),
    ):
        rule = by_column[where[field]]
        assert rule.type == "custom" and '"not reported"' in rule.formula1 and '"unclear"' in rule.formula1
        assert word in rule.error and "not reported" in rule.error
        assert len(rule.formula1) <= 255 and len(rule.error) <= 225 and len(rule.errorTitle) <= 32  # Excel's limits


def test_what_identifies_a_study_is_locked_and_values_are_not(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    sheet, where = workbook["Studies"], columns(workbook, "Studies")
    assert sheet.protection.sheet and not sheet.protection.password
    assert not sheet.protection.sort and not sheet.protection.autoFilter  # False means allowed
    locked = {name for name, number in where.items() if sheet.cell(4, number).protection.locked}
    assert locked == {f"reviewkit.{name}" for name in ("study", "name", "title", "year", "reports")}
    assert sheet.freeze_panes == "C4" and sheet.auto_filter.ref.startswith("A3:")
    assert sheet.row_dimensions[2].hidden


def test_protected_rows_may_be_sorted_in_excel(desk: Desk) -> None:
    with zipfile.ZipFile(BytesIO(desk.sheet())) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        ranges = [name for name in names if b"<protectedRange " in archive.read(name)]
    assert len(ranges) == 2  # Studies and Outcomes


def test_instructions_and_dictionary_explain_every_field(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    assert workbook.sheetnames == ["Instructions", "Studies", "Outcomes", "Data dictionary", "reviewkit"]
    assert workbook["reviewkit"].sheet_state == "hidden"
    rows = list(workbook["Data dictionary"].iter_rows(min_row=2, values_only=True))
    ids = [row[3] for row in rows]
    fields = [f"{g.id}.{f.id}" for g in desk.protocol.extraction.group for f in g.field]
    assert ids == fields
    told = " ".join(str(cell.value) for row in workbook["Instructions"].iter_rows() for cell in row if cell.value)
    assert "not reported" in told and "reviewkit extract read" in told
    assert "'Outcomes' has one row for each outcome and time point in a study" in told


def test_an_extractor_sees_his_own_values_and_nobody_elses(desk: Desk) -> None:
    workbook = opened(desk.sheet("ann"))
    put(workbook, "s1", {"design.n": 20, "design.comment": "Anns opinion", "design.n.source": "p. 3"})
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "1 month", "outcome.change": 65.04})
    desk.read(saved(workbook))
    own, others = opened(desk.sheet("ann")), opened(desk.sheet("bob"))
    row, where = row_of(own, "Studies", "s1"), columns(own, "Studies")
    assert own["Studies"].cell(row, where["design.n"]).value == 20
    assert own["Studies"].cell(row, where["design.n.source"]).value == "p. 3"
    assert [c.value for c in own["Outcomes"][4]][:3] == ["s1 Wilson 2024", "pain", "1 month"]
    everything = {str(c.value) for sheet in others.worksheets for row in sheet.iter_rows() for c in row if c.value}
    assert not everything & {"Anns opinion", "p. 3", "65.04", "1 month"}
    assert others["Studies"].cell(row, where["design.n"]).value is None


def test_the_same_review_gives_the_same_bytes(desk: Desk) -> None:
    desk.read(filled(desk.sheet(), {"s1": {"design.n": 20}}))
    assert desk.sheet() == desk.sheet()


def test_text_from_outside_stays_text(store: Store) -> None:
    desk = Desk(store, extraction_protocol())
    include_studies(store, desk.protocol, [citation(title='=HYPERLINK("http://x","y")', authors=("@cmd A",))])
    desk.read(filled(desk.sheet(), {"s1": {"design.n": 3}}))
    workbook = opened(desk.sheet())
    formulas = [c for sheet in workbook.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert not formulas
    assert workbook["Studies"]["C4"].value == '=HYPERLINK("http://x","y")'


def test_group_names_that_no_program_takes_as_sheet_names_are_mended(store: Store) -> None:
    form = "".join(
        f'\n[[extraction.group]]\nid = "g{n}"\nlabel = "{label}"\nrepeated = true\nkey = ["k"]\n'
        '[[extraction.group.field]]\nid = "k"\nlabel = "K"\n'
        for n, label in enumerate(["Studies", "a/b: [c]*?", "x" * 40, "x" * 41, "Instructions"])
    )
    desk = Desk(store, extraction_protocol(form=form))
    include_studies(store, desk.protocol)
    names = opened(desk.sheet()).sheetnames
    assert names[1:7] == ["Studies", "Studies 2", "a b c", "x" * 31, f"{'x' * 29} 2", "Instructions 2"]


def test_without_studies_form_or_a_usable_name_it_says_what_to_do(store: Store) -> None:
    protocol = extraction_protocol()
    with pytest.raises(NoStudies, match="reviewkit status"):
        extraction_sheet(store, protocol, standing(store, protocol), "ann")
    include_studies(store, protocol)
    bare = parse_protocol(protocol.source.replace(FORM, ""), Path("backpain.toml"))
    with pytest.raises(NoForm, match=r"extraction\.group"):
        extraction_sheet(store, bare, standing(store, bare), "ann")
    with pytest.raises(BadExtraction, match="stands for what was settled"):
        extraction_sheet(store, protocol, standing(store, protocol), "Consensus")
