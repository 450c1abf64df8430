"""Two extractors: blind until both have finished, compared then, and settled on a sheet or one by one."""

import pytest

from reviewkit.errors import BadExtraction, BadId, BadRows, NothingToSettle, NothingToUndo
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import Cell, Extraction
from reviewkit.steps.evidence import evidence
from reviewkit.steps.extract.compare import compare
from reviewkit.steps.extract.record import set_value, undo_last
from reviewkit.store import Store
from tests.steps.workbooks import (
    AT,
    LATER,
    Desk,
    add_row,
    columns,
    extraction_protocol,
    filled,
    include_studies,
    opened,
    saved,
)


def extract(desk: Desk, person: str, study: str = "s1", **values: object) -> None:
    desk.read(filled(desk.sheet(person), {study: {f"design.{name}": value for name, value in values.items()}}))


def both(desk: Desk) -> None:
    """Ann and bob differ on the dose, and only ann says anything on blinding; s2 is finished by ann alone."""
    extract(desk, "ann", n=20, dose=0.5, kind="Trial", blinded="no")
    extract(desk, "bob", n=20, dose=5, kind="trial")
    extract(desk, "ann", "s2", n=8)


def put_agreed(desk: Desk, values: dict[str, object], note: str = "", person: str = "ann") -> bytes:
    """Fill in the consensus sheet: field -> agreed value."""
    workbook = opened(desk.consensus(person))
    sheet, where = workbook["Differences"], columns(workbook, "Differences")
    for row in range(4, sheet.max_row + 1):
        field = str(sheet.cell(row, where["reviewkit.cell"]).value)
        if field in values:
            sheet.cell(row, where["reviewkit.agreed"]).value = values[field]  # type: ignore[union-attr]
            if note:
                sheet.cell(row, where["reviewkit.note"]).value = note
    return saved(workbook)


def test_nothing_is_compared_until_both_have_finished_the_study(desk: Desk) -> None:
    extract(desk, "ann", n=20, dose=0.5)
    extract(desk, "bob", dose=5)  # the required number of participants is missing
    found = compare(desk.store, desk.protocol, desk.standing)
    assert found.contrasts == () and found.waiting == ("s1", "s2", "s3")
    assert found.people == {"ann": 1, "bob": 0}
    shown = evidence(desk.store, desk.protocol, desk.standing)
    assert {(a.value, a.source, a.waiting) for a in shown.values()} == {("", "", True)}
    with pytest.raises(NothingToSettle, match="3 of 3 studies wait"):
        desk.consensus()
    extract(desk, "bob", n="NR")
    assert compare(desk.store, desk.protocol, desk.standing).compared == ("s1",)


def test_the_values_that_differ_are_shown_side_by_side(desk: Desk) -> None:
    both(desk)
    found = compare(desk.store, desk.protocol, desk.standing)
    shown = {c.field: {who: said.value for who, said in c.values.items()} for c in found.contrasts}
    assert shown == {"dose": {"ann": "0.5", "bob": "5"}, "blinded": {"ann": "no", "bob": ""}}
    assert found.contrasts[0].label == "Study design: Dose (ml)"
    assert found.compared == ("s1",) and found.waiting == ("s2", "s3")


def test_only_agreed_and_settled_values_are_evidence(desk: Desk) -> None:
    both(desk)
    shown = evidence(desk.store, desk.protocol, desk.standing)
    assert shown[Cell(1, "design", "", "n")].value == "20"
    assert shown[Cell(1, "design", "", "n")].by == ("ann", "bob")
    assert shown[Cell(1, "design", "", "kind")].value == "trial"
    assert shown[Cell(1, "design", "", "dose")].differs
    assert shown[Cell(1, "design", "", "blinded")].differs
    assert shown[Cell(2, "design", "", "n")].waiting
    desk.read(put_agreed(desk, {"design.dose": 0.5}))
    settled = evidence(desk.store, desk.protocol, desk.standing)[Cell(1, "design", "", "dose")]
    assert (settled.value, settled.by, settled.differs) == ("0.5", ("ann",), False)


def test_the_consensus_sheet_shows_both_and_reads_back_what_is_agreed(desk: Desk) -> None:
    both(desk)
    workbook = opened(desk.consensus("carol"))
    sheet, where = workbook["Differences"], columns(workbook, "Differences")
    rows = [
        [sheet.cell(row, where[name]).value for name in ("reviewkit.cell", "reviewkit.value.1", "reviewkit.value.2")]
        for row in range(4, sheet.max_row + 1)
    ]
    assert rows == [["design.dose", "0.5", "5"], ["design.blinded", "no", "(blank)"]]
    assert [sheet.cell(3, where[f"reviewkit.value.{n}"]).value for n in (1, 2)] == ["ann", "bob"]
    assert not sheet.cell(4, where["reviewkit.agreed"]).protection.locked
    assert sheet.cell(4, where["reviewkit.value.1"]).protection.locked
    body = put_agreed(
        desk, {"design.dose": "0,5", "design.blinded": "not reported"}, note="see table 1", person="carol"
    )
    found = desk.read(body)
    assert found.kind == "consensus" and found.person == "carol"
    rows_stored = [row for row in desk.store.all(Extraction) if row.basis is Basis.CONSENSUS]
    assert {(row.field, row.value, row.by) for row in rows_stored} == {
        ("dose", "0.5", "carol"),
        ("blinded", "not reported", "carol"),
    }
    assert all(row.note.startswith("see table 1") for row in rows_stored)
    assert desk.values("ann")["s1 design.dose"] == "0.5"  # the extractors' own values stay as they were
    assert desk.values("bob")["s1 design.dose"] == "5"


def test_a_consensus_sheet_read_twice_adds_nothing_and_clearing_takes_back(desk: Desk) -> None:
    both(desk)
    body = put_agreed(desk, {"design.dose": 5})
    desk.read(body)
    before = desk.stored()
    assert desk.read(body).changes == ()
    again = put_agreed(desk, {})  # written anew: what was settled stands in it
    assert desk.read(again).changes == () and desk.stored() == before
    desk.read(put_agreed(desk, {"design.dose": None}))
    assert desk.values("consensus") == {}
    assert evidence(desk.store, desk.protocol, desk.standing)[Cell(1, "design", "", "dose")].differs


def test_agreed_values_are_checked_by_their_field(desk: Desk) -> None:
    both(desk)
    with pytest.raises(BadRows) as refused:
        desk.read(put_agreed(desk, {"design.dose": "half", "design.blinded": "(blank)"}))
    assert len(refused.value.problems) == 2
    assert "'(blank)' cannot be agreed" in "\n".join(refused.value.problems)
    assert "is not a number" in "\n".join(refused.value.problems)
    assert desk.values("consensus") == {}


def test_a_reason_without_an_agreed_value_settles_nothing(desk: Desk) -> None:
    both(desk)
    body = put_agreed(desk, {"design.dose": None, "design.blinded": "perhaps"}, note="see table 1")
    with pytest.raises(BadRows) as refused:
        desk.read(body)
    assert ["without an agreed value" in problem for problem in refused.value.problems].count(True) == 1
    assert desk.read(body, keep_good=True).changes == ()
    assert desk.values("consensus") == {}


def test_the_order_of_a_sorted_consensus_sheet_does_not_matter(desk: Desk) -> None:
    both(desk)
    workbook = opened(put_agreed(desk, {"design.dose": 5}))
    sheet = workbook["Differences"]
    first, second = ([cell.value for cell in sheet[row]] for row in (4, 5))
    for row, values in ((4, second), (5, first)):
        for number, value in enumerate(values, start=1):
            sheet.cell(row, number).value = value  # type: ignore[union-attr]
    desk.read(saved(workbook))
    assert desk.values("consensus") == {"s1 design.dose": "5"}


def test_a_row_that_only_one_has_is_a_difference_in_its_values(desk: Desk) -> None:
    both(desk)
    workbook = opened(desk.sheet("ann"))
    add_row(workbook, "s1", {"outcome.name": "pain", "outcome.time": "day 1", "outcome.change": 5})
    desk.read(saved(workbook))
    found = [c for c in compare(desk.store, desk.protocol, desk.standing).contrasts if c.group == "outcome"]
    assert [(c.row, c.field, c.values["bob"].value) for c in found] == [("pain | day 1", "change", "")]
    desk.read(put_agreed(desk, {"outcome.change": 5}))
    shown = evidence(desk.store, desk.protocol, desk.standing)
    assert {c.field: a.value for c, a in shown.items() if c.row == "pain | day 1"} == {
        "name": "pain",
        "time": "day 1",
        "change": "5",
    }


def test_only_the_person_whom_the_protocol_names_settles(store: Store) -> None:
    desk = Desk(store, extraction_protocol(reviewers=2, settled_by="Dr Lee"))
    include_studies(store, desk.protocol)
    both(desk)
    with pytest.raises(BadExtraction, match="Dr Lee settles differences"):
        desk.consensus("ann")
    with pytest.raises(BadExtraction, match="Dr Lee settles differences"):
        settle(desk, "design.dose", "5", by="ann")
    body = put_agreed(desk, {"design.dose": 5}, person="Dr Lee")
    assert desk.read(body).person == "Dr Lee"


def settle(desk: Desk, field: str, value: str, by: str = "carol", **given: object) -> tuple[Extraction, bool]:
    options = {"study": "s1", "basis": Basis.CONSENSUS, "at": LATER, **given}
    return set_value(desk.store, desk.protocol, desk.standing, field=field, value=value, by=by, **options)  # type: ignore[arg-type]


def put(desk: Desk, field: str, value: str, by: str = "ann", **given: object) -> tuple[Extraction, bool]:
    return settle(desk, field, value, by, **{"basis": Basis.REVIEWER, **given})


def test_one_difference_is_settled_without_a_sheet(desk: Desk) -> None:
    both(desk)
    stored, new = settle(desk, "design.dose", "0,5 ml", note="misprint in table 2")
    assert (stored.value, stored.note, new) == ("0.5", "misprint in table 2", True)
    assert compare(desk.store, desk.protocol, desk.standing).unsettled[0].field == "blinded"
    assert settle(desk, "design.dose", "0.5")[1] is False
    with pytest.raises(BadExtraction, match="waits for another extractor"):
        settle(desk, "design.n", "8", study="s2")


def test_a_value_is_set_and_taken_back_without_a_sheet(desk: Desk) -> None:
    stored, new = put(desk, "Design.N", "20 people", source="p. 3")
    assert (stored.value, stored.source, new) == ("20", "p. 3", True)
    assert put(desk, "design.n", "20")[1] is False  # the quote stays
    assert put(desk, "design.n", "")[1] is True
    assert desk.values() == {}
    assert put(desk, "design.n", "")[1] is False


def test_setting_a_value_of_a_new_row_makes_the_row_with_its_keys(desk: Desk) -> None:
    put(desk, "outcome.change", "65,04", row="Pain|1 month")
    put(desk, "outcome.change", "66", row="pain | 1 MONTH")
    assert desk.values() == {
        "s1 Pain | 1 month outcome.change": "66",
        "s1 Pain | 1 month outcome.name": "Pain",
        "s1 Pain | 1 month outcome.time": "1 month",
    }
    put(desk, "outcome.change", "", row="pain | 1 month")  # the last value of a row takes the row with it
    assert desk.values() == {}


@pytest.mark.parametrize(
    ("field", "value", "given", "said"),
    [
        ("design.dosis", "5", {}, "the nearest is design.dose"),
        ("dose", "5", {}, "design.dose"),
        ("design.dose", "five", {}, "is not a number"),
        ("design.dose", "5", {"row": "pain"}, "leave --row out"),
        ("design.dose", "5", {"study": "s9"}, "they are s1, s2, s3"),
        ("outcome.change", "5", {}, "--row 'Outcome | Time point'"),
        ("outcome.change", "5", {"row": "pain"}, "--row 'Outcome | Time point'"),
        ("outcome.name", "function", {"row": "pain | day 1"}, "it names the row"),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_is_stored(
    desk: Desk, field: str, value: str, given: dict[str, object], said: str
) -> None:
    with pytest.raises(BadExtraction) as refused:
        put(desk, field, value, **given)
    assert said in str(refused.value)
    with pytest.raises(BadId):
        put(desk, "design.dose", "5", study="Wilson")
    assert desk.stored() == 0


def test_undo_takes_back_one_value_or_one_whole_reading(desk: Desk) -> None:
    extract(desk, "ann", n=20, dose=3)
    extract(desk, "bob", n=21)
    put(desk, "design.comment", "by hand")
    assert [row.value for row in undo_last(desk.store, "ann", LATER)] == ["by hand"]
    assert {row.value for row in undo_last(desk.store, "ann", LATER)} == {"20", "3"}
    assert desk.values("ann") == {} and desk.values("bob") == {"s1 design.n": "21"}
    with pytest.raises(NothingToUndo, match="nothing of ann"):
        undo_last(desk.store, "ann", LATER)


def test_undo_takes_the_keys_of_a_row_with_the_value_that_began_or_ended_it(desk: Desk) -> None:
    row = "pain | 1 month"
    put(desk, "outcome.change", "65", row=row)
    put(desk, "outcome.change", "66", row=row)
    assert [taken.value for taken in undo_last(desk.store, "ann", LATER)] == ["66"]
    standing = desk.values("ann")
    assert len(standing) == 3
    put(desk, "outcome.change", "", row=row)
    assert desk.values("ann") == {}
    assert [taken.field for taken in undo_last(desk.store, "ann", LATER)][-1] == "change"
    assert desk.values("ann") == standing
    assert [taken.value for taken in undo_last(desk.store, "ann", LATER)] == ["pain", "1 month", "65"]
    assert desk.values("ann") == {}


def test_two_extractors_of_a_form_for_one_are_compared_and_the_latest_value_holds(store: Store) -> None:
    desk = Desk(store, extraction_protocol(reviewers=1))
    include_studies(store, desk.protocol)
    extract(desk, "ann", n=20)
    assert evidence(store, desk.protocol, desk.standing)[Cell(1, "design", "", "n")].value == "20"
    desk.read(filled(desk.sheet("bob"), {"s1": {"design.n": 21}}), at=AT)
    assert evidence(store, desk.protocol, desk.standing)[Cell(1, "design", "", "n")].value == "21"
    assert [c.field for c in compare(store, desk.protocol, desk.standing).contrasts] == ["n"]
