"""What people and spreadsheet programs write becomes one canonical text, or a problem that says what to write."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.extractions import STATEMENTS
from reviewkit.model.protocol import Field, FieldType
from reviewkit.model.values import LONGEST, Misread, canonical, for_cell


def day(text: str) -> datetime:
    """A cell that holds a date, as spreadsheet libraries hand it over: without a time zone."""
    return datetime.fromisoformat(text)


def field(type: str, **given: object) -> Field:
    return Field(id="f", label="F", type=FieldType(type), **given)  # type: ignore[arg-type]


TEXT, WHOLE, NUMBER, DAY, YES_NO = (field(t) for t in ("text", "integer", "number", "date", "yes-no"))
PERCENT = field("number", unit="%")
DESIGN = field("choice", choices=("randomised trial", "case series", "1"))
ROUTES = field("choices", choices=("epidural", "facet joint", "intradiscal"))
ALL = (TEXT, WHOLE, NUMBER, DAY, YES_NO, PERCENT, DESIGN, ROUTES)


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        (WHOLE, 20, "20"),
        (WHOLE, 20.0, "20"),  # spreadsheet programs store every number as a fraction
        (WHOLE, " 20 ", "20"),
        (WHOLE, "1 234", "1234"),
        (WHOLE, "1\u202f234\u202f567", "1234567"),
        (WHOLE, "1,234,567", "1234567"),
        (WHOLE, "1'234", "1234"),
        (WHOLE, "-3", "-3"),
        (WHOLE, "\u22123", "-3"),
        (WHOLE, "1e10", "10000000000"),
        (WHOLE, 0, "0"),
        (field("integer", unit="people"), "20 people", "20"),
        (NUMBER, "65,04", "65.04"),
        (NUMBER, "65.04", "65.04"),
        (NUMBER, 65.04, "65.04"),
        (NUMBER, 0.1 + 0.2, "0.3"),
        (NUMBER, "1,234.5", "1234.5"),
        (NUMBER, "1.234,5", "1234.5"),
        (NUMBER, "0,234", "0.234"),
        (NUMBER, "1,2345", "1.2345"),
        (NUMBER, "1.234", "1.234"),
        (NUMBER, ".5", "0.5"),
        (NUMBER, "1.50", "1.5"),
        (NUMBER, "1.5E+20", "1.5e20"),
        (NUMBER, "-0", "0"),
        (PERCENT, "20 %", "20"),
        (PERCENT, "65,04%", "65.04"),
        (DAY, "2024-03-18", "2024-03-18"),
        (DAY, "2024-03", "2024-03"),
        (DAY, "2024", "2024"),
        (DAY, 2024, "2024"),
        (DAY, day("2024-03-18"), "2024-03-18"),
        (DAY, date(2024, 3, 18), "2024-03-18"),
        (DAY, "18.3.2024", "2024-03-18"),
        (DAY, "18/03/2024", "2024-03-18"),
        (DAY, "03/18/2024", "2024-03-18"),
        (DAY, "05/05/2024", "2024-05-05"),
        (DAY, "18 March 2024", "2024-03-18"),
        (DAY, "March 18, 2024", "2024-03-18"),
        (DAY, "Sept 2024", "2024-09"),
        (DAY, "2024-03-18T10:00:00", "2024-03-18"),
        (YES_NO, "Yes", "yes"),
        (YES_NO, "N", "no"),
        (YES_NO, True, "yes"),
        (YES_NO, False, "no"),
        (YES_NO, 1.0, "yes"),
        (DESIGN, "Case  Series", "case series"),
        (DESIGN, 1, "1"),
        (DESIGN, 1.0, "1"),
        (ROUTES, "intradiscal; Epidural", "epidural; intradiscal"),
        (ROUTES, "epidural\nepidural;", "epidural"),
        (TEXT, "  two\r\nlines  \r\n", "two\nlines"),
        (TEXT, 12, "12"),
        (TEXT, 12.5, "12.5"),
        (TEXT, "=1+1", "=1+1"),
        (TEXT, "a\u0000b", "a b"),
        (TEXT, "a\tb", "a b"),  # OpenDocument loses a tab in a cell
        (TEXT, "cafe\u0301", "café"),
        (TEXT, "not reported by sex", "not reported by sex"),
    ],
)
def test_what_people_write_is_understood(asked: Field, found: object, expected: str) -> None:
    assert canonical(asked, found) == expected


@pytest.mark.parametrize("asked", ALL)
@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("not reported", "not reported"),
        (" Not  Reported ", "not reported"),
        ("NR", "not reported"),
        ("n.r.", "not reported"),
        ("Unclear", "unclear"),
        ("", ""),
        ("   ", ""),
        (None, ""),
    ],
)
def test_every_field_takes_the_statements_and_blank(asked: Field, found: object, expected: str) -> None:
    assert canonical(asked, found) == expected


@pytest.mark.parametrize(
    ("asked", "found", "said"),
    [
        (WHOLE, 20.5, "20.5"),
        (WHOLE, "twenty", '"twenty" is not a whole number'),
        (WHOLE, "1,234", "write 1234 or 1.234"),
        (NUMBER, "1,234", "write 1234 or 1.234"),
        (NUMBER, "<0.001", "is not a number"),
        (NUMBER, "10-12", "is not a number"),
        (NUMBER, "nan", "is not a number"),
        (NUMBER, "1e999999999", "is not a number"),
        (NUMBER, "1e400", "beyond"),
        (NUMBER, True, "TRUE is not a number"),
        (NUMBER, "65 %", "is a percentage, and the field has no unit"),
        (field("number", unit="ml"), "65 %", "is a percentage, and the field asks for ml"),
        (field("number", unit="ml"), "5 mg", "write only the number in ml"),
        (NUMBER, day("2024-10-12"), "2024-10-12 is not a number"),
        (DAY, "03/04/2024", "write 2024-04-03 or 2024-03-04"),
        (DAY, "31.2.2024", "no such day"),
        (DAY, "spring 2024", "is not a date"),
        (DAY, 45369, "the number of 2024-03-18"),
        (DAY, day("1905-07-16"), "the year 2024"),
        (DAY, "0024-03-18", "cannot be right"),
        (YES_NO, "perhaps", "write yes, no"),
        (DESIGN, "case serie", 'did you mean "case series"?'),
        (DESIGN, "xyz", 'write "randomised trial", "case series", "1"'),
        (ROUTES, "epidural; oral", '"oral" is not among the choices'),
        (ROUTES, "epidural; not reported", "beside a choice"),
        (TEXT, day("2024-10-12"), "a spreadsheet program makes dates"),
        (TEXT, time(3, 4), "a spreadsheet program makes dates"),
        (TEXT, "x" * (LONGEST + 1), "too many for one value"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_that_says_what_to_write(asked: Field, found: object, said: str) -> None:
    result = canonical(asked, found)
    assert isinstance(result, Misread)
    assert said in result.problem
    if asked is not TEXT:
        assert all(statement in result.problem for statement in STATEMENTS)


ANYTHING = st.one_of(
    st.text(), st.floats(allow_nan=True), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none()
)


@given(st.sampled_from(ALL), ANYTHING)
def test_a_canonical_value_reads_as_itself_from_text_and_from_a_cell(asked: Field, found: object) -> None:
    value = canonical(asked, found)
    if isinstance(value, str):
        assert canonical(asked, value) == value
        assert canonical(asked, for_cell(asked, value)) == value


def test_numbers_go_into_cells_as_numbers_unless_digits_would_be_lost() -> None:
    assert for_cell(NUMBER, "65.04") == 65.04
    assert for_cell(WHOLE, "20") == 20
    assert for_cell(NUMBER, "0.12345678901234567") == "0.12345678901234567"
    assert for_cell(NUMBER, "not reported") == "not reported"
    assert for_cell(TEXT, "20") == "20"
