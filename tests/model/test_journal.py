"""Append-only rows: what stands after undos, undos of undos, and nothing else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.journal import Row, last_standing, latest, standing


def rows(*undoes: int, by: str = "ann") -> list[Row]:
    """Rows numbered from 1; each argument is the row that this one takes back, 0 for none."""
    return [Row(by=by, at=f"2024-05-01T10:00:{n:02}Z", n=n, undoes=target) for n, target in enumerate(undoes, start=1)]


def numbers(kept: list[Row]) -> list[int]:
    return [row.n for row in kept]


def test_what_nobody_took_back_stands_in_its_order():
    assert numbers(standing(rows(0, 0, 0))) == [1, 2, 3]


def test_an_undo_removes_its_row_and_says_nothing_itself():
    assert numbers(standing(rows(0, 0, 1))) == [2]


def test_an_undo_that_was_undone_leaves_its_row_standing():
    assert numbers(standing(rows(0, 1, 2))) == [1]
    assert numbers(standing(rows(0, 1, 2, 3))) == []


def test_taking_the_same_row_back_twice_is_as_good_as_once():
    assert numbers(standing(rows(0, 1, 1))) == []


def test_rows_not_stored_yet_all_stand():
    fresh = [replace(row, n=0) for row in rows(0, 0)]
    assert standing(fresh) == fresh


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=30))
def test_a_row_stands_exactly_when_no_standing_later_row_takes_it_back(targets: list[int]):
    made = rows(*(target if target < n else 0 for n, target in enumerate(targets, start=1)))

    def counts(row: Row) -> bool:  # the definition, written down without cleverness
        return not any(later.undoes == row.n and counts(later) for later in made if later.n > row.n)

    assert standing(made) == [row for row in made if not row.undoes and counts(row)]


def test_the_last_standing_row_of_a_person_is_the_one_an_undo_takes_back():
    made = [*rows(0, 0), Row(by="bob", at="2024-05-02T10:00:00Z", n=3)]
    assert last_standing(made, "ann") == made[1]
    assert last_standing([*made, Row(by="ann", at="", n=4, undoes=2)], "ann") == made[0]
    assert last_standing(made, "zoe") is None


def test_the_latest_time_is_that_of_any_row_undone_or_not():
    assert latest(rows(0, 0, 2)) == "2024-05-01T10:00:03Z"
    assert latest([]) == ""
