"""Reading a workbook back: whatever was done to it, what was changed is stored once, and every problem is placed."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook

from reviewkit.errors import BadRows, WrongSheet
from reviewkit.model.extractions import Extraction
from reviewkit.model.studies import Link
from reviewkit.steps.extract.read import SheetRead
from reviewkit.steps.extract.record import set_value, undo_last
from tests.build import decision
from tests.steps.workbooks import (
    AT,
    FORM,
    LATER,
    Desk,
    add_row,
    columns,
    extraction_protocol,
    filled,
    opened,
    put,
    row_of,
    saved,
)

EVERYTHING = {
    "design.n": 20,
    "design.n.source": 'p. 3: "twenty people"',
    "design.kind": "Case series",
    "design.dose": "0,5",
    "design.start": "18 March 2024",
    "design.blinded": "N",
    "design.routes": "facet joint; epidural",
    "design.comment": "=SUM(A1)",
}


def problems(desk: Desk, body: bytes, **options: object) -> list[str]:
    """The problems for which a workbook is refused; nothing may have been stored."""
    before = desk.stored()
    with pytest.raises(BadRows) as refused:
        desk.read(body, **options)
    assert desk.stored() == before
    return list(refused.value.problems)


def test_values_of_every_type_are_read_in_their_canonical_form(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    put(workbook, "s1", EVERYTHING)
    workbook["Studies"].cell(4, columns(workbook, "Studies")["design.comment"]).data_type = "s"
    found = desk.read(saved(workbook))
    assert desk.values() == {
        "s1 design.n": "20",
        "s1 design.kind": "case series",
        "s1 design.dose": "0.5",
        "s1 design.start": "2024-03-18",
        "s1 design.blinded": "no",
        "s1 design.routes": "epidural; facet joint",
        "s1 design.comment": "=SUM(A1)",
    }
    assert desk.sources() == {"s1 design.n": 'p. 3: "twenty people"'}
    assert len(found.changes) == 7 and found.person == "ann"


def test_rows_know_the_protocol_version_that_they_were_read_under(desk: Desk) -> None:
    desk.read(filled(desk.sheet(), {"s1": {"design.n": 20}}))
    assert {row.protocol for row in desk.store.all(Extraction)} == {desk.protocol.version}
    assert desk.protocol.version in desk.store.protocols()


def test_an_unchanged_workbook_adds_nothing(desk: Desk) -> None:
    assert desk.read(desk.sheet()).changes == ()
    body = filled(desk.sheet(), {"s1": EVERYTHING | {"design.comment": "plain"}})
    desk.read(body)
    before = desk.stored()
    assert desk.read(body).changes == ()  # read again
    assert desk.read(desk.sheet()).changes == ()  # written anew, prefilled
    assert desk.stored() == before > 0


def test_a_cleared_cell_takes_its_value_back_and_is_listed(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": 20, "design.comment": "long"}})
    desk.read(body)
    found = desk.read(filled(body, {"s1": {"design.comment": None}}))
    assert [(c.field, c.before, c.after) for c in found.changes] == [("design.comment", "long", "")]
    assert desk.values() == {"s1 design.n": "20"}


def test_the_same_file_can_be_worked_in_and_read_again_and_again(desk: Desk) -> None:
    body = desk.sheet()
    for number in (20, 21, 22):
        body = filled(body, {"s1": {"design.n": number}})
        assert [c.after for c in desk.read(body).changes] == [str(number)]
    assert desk.values() == {"s1 design.n": "22"}


def test_an_old_sheet_does_not_undo_what_was_entered_since(desk: Desk) -> None:
    old = desk.sheet()
    desk.read(filled(desk.sheet("ann"), {"s1": {"design.n": 20}}))
    old_of_now = desk.sheet()
    set_value(desk.store, desk.protocol, desk.standing, study="s1", field="design.n", value="", by="ann", at=LATER)
    set_value(desk.store, desk.protocol, desk.standing, study="s2", field="design.n", value="8", by="ann", at=LATER)
    desk.read(filled(old_of_now, {"s3": {"design.n": 9}}), at=LATER)
    assert desk.values() == {"s2 design.n": "8", "s3 design.n": "9"}
    desk.read(filled(old, {"s2": {"design.dose": 3}, "s1": {"design.n": 20}, "s3": {"design.n": 9}}), at=LATER)
    assert desk.values()["s2 design.n"] == "8"


def test_what_was_changed_here_and_elsewhere_is_a_problem_and_not_a_guess(desk: Desk) -> None:
    desk.read(filled(desk.sheet(), {"s1": {"design.n": 20}}))
    sheet = desk.sheet()
    set_value(desk.store, desk.protocol, desk.standing, study="s1", field="design.n", value="25", by="ann", at=LATER)
    assert desk.read(sheet).changes == ()  # untouched here: what was entered since stands
    said = problems(desk, filled(sheet, {"s1": {"design.n": 30}}))
    assert len(said) == 1
    assert said[0].startswith('Studies!F4: "30" here, but it was changed to "25" on 2024-06-02')
    assert desk.read(filled(sheet, {"s1": {"design.n": 25}})).changes == ()
    assert desk.values() == {"s1 design.n": "25"}


def test_after_undo_the_file_can_be_read_once_more(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": 20, "design.kind": "trial"}})
    desk.read(body)
    assert len(undo_last(desk.store, "ann", LATER)) == 2
    assert desk.values() == {}
    assert len(desk.read(body).changes) == 2


# --- what people do to workbooks -------------------------------------------------------------------


def move_rows(workbook: Workbook, sheet: str, order: list[int]) -> None:
    """Put the rows from 4 on into another order, as sorting does."""
    page = workbook[sheet]
    rows = {row: [page.cell(row, n).value for n in range(1, page.max_column + 1)] for row in order}
    for place, row in enumerate(order, start=4):
        for number, value in enumerate(rows[row], start=1):
            page.cell(place, number).value = value  # type: ignore[union-attr]


def move_columns(workbook: Workbook, sheet: str, order: list[int]) -> None:
    """Put whole columns into another order."""
    page = workbook[sheet]
    kept = {n: [page.cell(row, n).value for row in range(1, page.max_row + 1)] for n in order}
    for place, number in enumerate(order, start=1):
        for row, value in enumerate(kept[number], start=1):
            page.cell(row, place).value = value  # type: ignore[union-attr]


def test_sorted_hidden_moved_and_extra_rows_and_columns_are_understood(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    put(workbook, "s1", {"design.n": 1})
    put(workbook, "s2", {"design.n": 2, "design.comment": "two"})
    put(workbook, "s3", {"design.n": 3})
    add_row(workbook, "s2", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": -3.5})
    studies = workbook["Studies"]
    studies.cell(3, 30).value = "My own remarks"
    studies.cell(5, 30).value = "check again"
    move_rows(workbook, "Studies", [6, 4, 5])
    move_columns(workbook, "Studies", list(range(studies.max_column, 0, -1)))
    studies.insert_rows(1, 2)
    studies.insert_rows(6)  # a blank row among the data
    studies.cell(20, 1).value = "a line below, in a column of my own"
    studies.row_dimensions[7].hidden = True
    studies.column_dimensions["F"].hidden = True
    studies.title = "My studies"
    workbook.create_sheet("Scratch")["A1"] = 5
    del workbook["Instructions"]
    workbook.move_sheet("Outcomes", -1)
    found = desk.read(saved(workbook))
    assert desk.values() == {
        "s1 design.n": "1",
        "s2 design.n": "2",
        "s2 design.comment": "two",
        "s3 design.n": "3",
        "s2 pain | day 1 outcome.name": "pain",
        "s2 pain | day 1 outcome.time": "day 1",
        "s2 pain | day 1 outcome.change": "-3.5",
    }
    assert "ignored: sheet 'Scratch'" in found.notes
    assert any("My own remarks" in note for note in found.notes)
    assert not any("values stand" in note for note in found.notes)


def test_a_deleted_column_or_sheet_leaves_its_values_alone(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    put(workbook, "s1", {"design.n": 20, "design.n.source": "p. 3", "design.kind": "trial"})
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": 5})
    desk.read(saved(workbook))
    before = desk.values()
    assert len(before) == 5
    workbook = opened(desk.sheet())
    workbook["Studies"].delete_cols(columns(workbook, "Studies")["design.kind"])
    workbook["Studies"].delete_cols(columns(workbook, "Studies")["design.n.source"])
    put(workbook, "s1", {"design.n": 21})
    del workbook["Outcomes"]
    found = desk.read(saved(workbook), at=LATER)
    assert desk.values() == before | {"s1 design.n": "21"}
    assert desk.sources()["s1 design.n"] == "p. 3"
    assert any("'Outcomes' is not in the file; its values stand" in note for note in found.notes)


def test_a_row_that_is_gone_keeps_its_values_unless_asked(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    put(workbook, "s1", {"design.n": 20})
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": 5})
    desk.read(saved(workbook))
    workbook = opened(desk.sheet())
    row = row_of(workbook, "Outcomes", "s1")
    workbook["Outcomes"].cell(row, columns(workbook, "Outcomes")["outcome.time"]).value = "day 2"
    body = saved(workbook)
    found = desk.read(body, at=LATER)
    assert {c.row for c in found.changes} == {"pain | day 2"}
    assert desk.values()["s1 pain | day 1 outcome.change"] == "5"
    gone = [note for note in found.notes if "no longer in the sheet" in note]
    assert gone == [
        (
            "no longer in the sheet: s1 Wilson 2024, Outcomes, pain | day 1; its values stand; "
            "add --drop-missing to take them back"
        )
    ]
    dropped = desk.read(body, at=LATER, drop_missing=True)
    assert {(c.row, c.after) for c in dropped.changes} == {("pain | day 1", "")}
    assert sorted(desk.values()) == [
        "s1 design.n",
        "s1 pain | day 2 outcome.change",
        "s1 pain | day 2 outcome.name",
        "s1 pain | day 2 outcome.time",
    ]
    assert desk.read(body, at=LATER, drop_missing=True).changes == ()


def test_a_deleted_study_row_keeps_its_values(desk: Desk) -> None:
    desk.read(filled(desk.sheet(), {"s1": {"design.n": 20}, "s2": {"design.n": 8}}))
    workbook = opened(desk.sheet())
    workbook["Studies"].delete_rows(row_of(workbook, "Studies", "s1"))
    found = desk.read(saved(workbook))
    assert desk.values() == {"s1 design.n": "20", "s2 design.n": "8"}
    assert any(note.startswith("no longer in the sheet: s1 Wilson 2024;") for note in found.notes)


def test_the_case_of_a_key_does_not_make_a_new_row(desk: Desk) -> None:
    for person, name in (("ann", "Pain"), ("bob", "pain ")):
        workbook = opened(desk.sheet(person))
        add_row(workbook, "s1", {"outcome.name": name, "outcome.time": "day 1", "outcome.change": 5})
        desk.read(saved(workbook))
    assert {row.row for row in desk.store.all(Extraction)} == {"Pain | day 1"}


def test_a_percentage_typed_in_excel_is_read_as_it_is_shown(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    row = add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": 0.6504})
    workbook["Outcomes"].cell(row, columns(workbook, "Outcomes")["outcome.change"]).number_format = "0.00%"
    desk.read(saved(workbook))
    assert desk.values()["s1 pain | day 1 outcome.change"] == "65.04"
    workbook = opened(desk.sheet())
    put(workbook, "s1", {"design.dose": 0.5})
    workbook["Studies"].cell(4, columns(workbook, "Studies")["design.dose"]).number_format = "0%"
    assert "is a percentage, and the field asks for ml" in problems(desk, saved(workbook))[0]


def test_a_study_chosen_by_name_or_by_number_is_the_study(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    names = columns(workbook, "Outcomes")
    for row, study in enumerate(("Phillips 2022", "S2", "s2 Phillips 2022", " 2 "), start=10):
        for column, value in {"reviewkit.study": study, "outcome.name": "pain", "outcome.time": f"day {row}"}.items():
            workbook["Outcomes"].cell(row, names[column]).value = value  # type: ignore[union-attr]
    desk.read(saved(workbook))
    assert {row.study for row in desk.store.all(Extraction)} == {2}


def test_values_follow_a_study_whose_reports_were_linked_since(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s2": {"design.n": 8}})
    desk.store.add([Link(left=1, right=2, by="ann", at=AT)])
    desk.read(body)
    assert desk.values() == {"s1 design.n": "8"}
    both = filled(body, {"s1": {"design.n": 20}})
    assert problems(desk, both) == ["Studies!A5: s1 stands in Studies!A4 already; keep one of the two rows"]


# --- problems --------------------------------------------------------------------------------------


def test_every_problem_is_listed_with_its_cell_and_nothing_is_stored(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    put(workbook, "s1", {"design.n": "twenty", "design.kind": "cohort", "design.dose": "1,234"})
    put(workbook, "s2", {"design.n": 8, "design.start": "=TODAY()", "design.comment": "#N/A"})
    where = columns(workbook, "Studies")
    workbook["Studies"].cell(5, where["design.comment"]).data_type = "e"
    workbook["Studies"].cell(9, where["reviewkit.study"]).value = "s99"
    workbook["Studies"].cell(9, where["design.n"]).value = 3
    workbook["Studies"].cell(10, where["design.n"]).value = 3
    workbook["Studies"].cell(11, where["reviewkit.study"]).value = "Wilson et al"
    workbook["Studies"].cell(11, where["design.n"]).value = 3
    workbook["Studies"].merge_cells("F6:G6")
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.change": 5})
    found = problems(desk, saved(workbook))
    expected = [
        "Studies!F6:G6: these cells are merged",
        'Studies!F4: Participants: "twenty" is not a whole number; write only the number in people, such as 20',
        'Studies!H4: Design: "cohort" is not among the choices; write "trial", "case series"',
        'Studies!J4: Dose: "1,234" can be read in two ways',
        "Studies!L5: a formula that has not been calculated",
        "Studies!R5: the error #N/A",
        "Studies!A9: s99 is not among the included studies",
        "Studies!A10: the row has values but no study",
        "Studies!A11: 'Wilson et al' is not a study of this review",
        "Outcomes!C4: 'Time point' tells the rows of a study apart and is blank",
    ]
    for text in expected:
        assert any(text.replace("L5: a", "L5: Start: a").replace("R5: the", "R5: Comment: the") in p for p in found), (
            text
        )
    assert len(found) == len(expected)


def test_the_good_cells_can_be_kept(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": "twenty", "design.dose": 3}})
    assert len(problems(desk, body)) == 1
    found = desk.read(body, keep_good=True)
    assert desk.values() == {"s1 design.dose": "3"}
    assert len(found.problems) == 1 and found.problems[0].startswith("Studies!F4")


def test_a_bad_cell_never_takes_a_stored_value_back(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": 20, "design.n.source": "p. 3"}})
    desk.read(body)
    desk.read(filled(body, {"s1": {"design.n": "twenty", "design.n.source": None}}), keep_good=True)
    assert desk.values() == {"s1 design.n": "20"}
    assert desk.sources() == {"s1 design.n": "p. 3"}


def test_a_key_twice_in_a_study_names_both_cells(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    for name in ("pain", " PAIN"):
        add_row(workbook, "s1", {"outcome.name": name, "outcome.time": "day 1"})
    add_row(workbook, "s2", {"outcome.name": "pain", "outcome.time": "day 1"})
    assert problems(desk, saved(workbook)) == [
        "Outcomes!B7: s1 PAIN | day 1 stands in Outcomes!B4 already; keep one of the two rows"
    ]


def test_a_calculated_formula_counts_as_its_value(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": "=10+10"}})
    with zipfile.ZipFile(io.BytesIO(body)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    empty = re.compile(rb"(<f>10\+10</f>)<v>?\s*(?:</v>|/>)")  # as openpyxl writes it with lxml, and without
    changed = {name: empty.sub(rb"\1<v>20</v>", part) for name, part in parts.items()}
    assert changed != parts
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name, part in changed.items():
            target.writestr(name, part)
    desk.read(written.getvalue())
    assert desk.values() == {"s1 design.n": "20"}


def test_a_copied_column_and_a_missing_key_column_are_problems(desk: Desk) -> None:
    workbook = opened(desk.sheet())
    number = columns(workbook, "Studies")["design.n"]
    workbook["Studies"].cell(2, 40).value = workbook["Studies"].cell(2, number).value  # type: ignore[union-attr]
    outcomes = columns(workbook, "Outcomes")
    workbook["Outcomes"].delete_cols(outcomes["outcome.time"])
    found = problems(desk, saved(workbook))
    assert any("columns F and AN are the same column twice" in problem for problem in found)
    assert any("the column Time point is gone" in problem for problem in found)


# --- whose, which and what file ----------------------------------------------------------------------


def refused(desk: Desk, body: bytes, **options: object) -> str:
    before = desk.stored()
    with pytest.raises(WrongSheet) as error:
        desk.read(body, **options)
    assert desk.stored() == before
    return str(error.value)


def test_the_sheet_says_whose_it_is_and_a_contradiction_is_refused(desk: Desk) -> None:
    body = filled(desk.sheet("bob"), {"s1": {"design.n": 20}})
    assert "it was written for bob, not for ann" in refused(desk, body, person="ann")
    assert desk.read(body).person == "bob"
    assert desk.values("bob") == {"s1 design.n": "20"}
    assert desk.read(body, person="Bob").changes == ()  # the same person, however he writes himself


def test_a_sheet_of_another_review_is_recognised(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": 20}})
    other = Desk(desk.store, replace(desk.protocol, review="knee"))
    assert "belongs to the review 'backpain', and this is 'knee'" in refused(other, body)


def test_a_sheet_of_another_protocol_version_is_recognised(desk: Desk) -> None:
    body = filled(desk.sheet(), {"s1": {"design.n": 20, "design.kind": "trial", "design.blinded": "yes"}})
    reworded = replace(desk.protocol, title="Another title", version="0123456789ab")
    found = Desk(desk.store, reworded).read(body)
    assert any("the extraction form is the same" in note for note in found.notes)
    form = FORM.replace('"blinded"', '"masked"').replace('"Blinded"', '"Masked"')
    changed = Desk(desk.store, extraction_protocol(2, form=form))
    body = filled(body, {"s2": {"design.n": 8, "design.blinded": "no"}})
    assert "the extraction form has changed since" in refused(changed, body)
    read: SheetRead = changed.read(body, other_version=True)
    assert {(c.study, c.field) for c in read.changes} == {("s2", "design.n")}
    assert any("column design.blinded: the form no longer has it" in note for note in read.notes)


def test_a_study_that_was_excluded_since_is_a_problem_only_where_it_was_filled_in(desk: Desk) -> None:
    blank = desk.sheet()
    body = filled(blank, {"s3": {"design.n": 9}})
    desk.store.add([decision(3, "exclude", stage="full-text", criterion="E1")])
    assert problems(desk, body)[0].startswith("Studies!A6: s3 is not among the included studies")
    assert desk.read(filled(blank, {"s1": {"design.n": 20}})).changes != ()


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (80 << 20))
    return written.getvalue()


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return written.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"study,n\ns1,20\n", "it is not an .xlsx workbook. Open it in your spreadsheet program and save it as"),
        (b"", "it is empty"),
        (OLE, "old .xls workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument file"),
        (zipped(word__document=b"x"), "it is not an .xlsx workbook"),
        (zipped(**{"xl__workbook.xml": b"<not xml"}), "it is damaged"),
        (b"PK\x03\x04broken", "it is damaged"),
        (bomb(), "unpacks to 80 MB"),
    ],
    ids=["csv", "empty", "xls", "password", "ods", "docx", "broken xml", "broken zip", "bomb"],
)
def test_a_file_that_is_no_extraction_sheet_is_refused_with_a_remedy(desk: Desk, body: bytes, said: str) -> None:
    assert said in refused(desk, body)


def test_a_workbook_that_reviewkit_did_not_write_is_refused(desk: Desk) -> None:
    assert "reviewkit did not write it" in refused(desk, saved(Workbook()))
    workbook = opened(desk.sheet())
    del workbook["reviewkit"]
    assert "its hidden sheet is gone" in refused(desk, saved(workbook))


def test_entities_in_a_workbook_are_not_expanded(desk: Desk) -> None:
    with zipfile.ZipFile(io.BytesIO(desk.sheet())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    lol = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    sheet = parts["xl/worksheets/sheet2.xml"].replace(b"s1</t>", b"s1&j;</t>")
    assert sheet != parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = (lol + "]>").encode() + sheet
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    assert "it is damaged" in refused(desk, written.getvalue())
