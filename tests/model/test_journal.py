"""Which appended rows still stand."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.journal import Row, last_act, last_standing, latest, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Row):
    """A row with nothing but what all rows share."""


def said(n: int, undoes: int = 0, by: str = "ann", at: str = "10:00", note: str = "") -> Said:
    return Said(n=n, undoes=undoes, by=by, at=at, note=note)


def number(row: Said) -> int:
    return row.n


def numbers(rows: list[Said]) -> list[int]:
    return [row.n for row in standing(rows)]


def test_an_undo_takes_its_row_back_and_stands_for_nothing_itself():
    assert numbers([said(1), said(2), said(3, undoes=1)]) == [2]


def test_an_undo_that_is_undone_brings_the_row_back():
    assert numbers([said(1), said(2, undoes=1), said(3, undoes=2)]) == [1]
    assert numbers([said(1), said(2, undoes=1), said(3, undoes=2), said(4, undoes=3)]) == []


def test_undoing_one_row_twice_is_undoing_it_once():
    assert numbers([said(1), said(2, undoes=1), said(3, undoes=1)]) == []
    assert numbers([said(1), said(2, undoes=1), said(3, undoes=1), said(4, undoes=3)]) == []


@st.composite
def journals(draw: st.DrawFn) -> list[Said]:
    length = draw(st.integers(0, 12))
    return [said(n, undoes=draw(st.integers(0, n - 1))) for n in range(1, length + 1)]


@given(journals())
def test_what_stands_is_told_by_looking_at_each_row_alone(rows):
    """A row stands when none of the undos that name it stands."""

    def stands(n: int) -> bool:
        return not any(later.undoes == n and stands(later.n) for later in rows if later.n > n)

    assert numbers(rows) == [row.n for row in rows if not row.undoes and stands(row.n)]


@given(journals())
def test_undo_of_an_undo_restores_what_stood(rows):
    before = numbers(rows)
    for target in [row.n for row in rows]:
        n = len(rows) + 1
        again = [*rows, said(n, undoes=target), said(n + 1, undoes=n)]
        assert numbers(again) == before


def test_the_last_row_of_a_person_is_the_one_an_undo_takes_back():
    rows = [said(1, by="ann"), said(2, by="bob"), said(3, by="ann", undoes=1)]
    assert last_standing(rows, "bob").n == 2
    assert last_standing(rows, "ann") is None


def test_rows_appended_together_are_one_act():
    rows = [said(1, at="9:00"), said(2), said(3), said(4, by="bob")]
    assert [row.n for row in last_act(rows, "ann", number)] == [2, 3]
    assert [row.n for row in last_act([*rows, said(5, undoes=3), said(6, undoes=2)], "ann", number)] == [1]
    assert last_act(rows, "eve", number) == []


def test_rows_with_another_note_or_others_rows_between_are_another_act():
    assert [row.n for row in last_act([said(1, note="a"), said(2, note="b")], "ann", number)] == [2]
    assert [row.n for row in last_act([said(1), said(2, by="bob"), said(3)], "ann", number)] == [3]


def test_an_act_says_one_thing_only_of_each_subject():
    assert [row.n for row in last_act([said(1), said(2)], "ann", lambda row: "the same")] == [2]


def test_the_state_of_a_review_is_the_time_of_its_latest_row():
    assert latest([said(1, at="2024-05-01"), said(2, at="2024-04-01")]) == "2024-05-01"
    assert latest([]) == ""
