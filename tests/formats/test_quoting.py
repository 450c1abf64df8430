"""Text tables whose quotation marks are wrong: nothing is swallowed, and what is guessed is told."""

import pytest

from tests.formats.reading import read

HEAD = "id,title,year\n"


def rows(body: str) -> tuple[list[tuple[str, int | None, int]], list[tuple[int, bool]]]:
    citations, findings = read("csv", body.encode())
    return [(c.title, c.year, c.line) for c in citations], [(f.line, f.rejected) for f in findings]


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ('1,"The "new" method",2020', 'The "new" method'),
        ('1,"The "new", better method",2020', 'The "new", better method'),
        ('1,""New" methods",2020', '"New" methods'),
        ('1,"Old" methods,2020', '"Old" methods'),
        ('"1","A "new" method","2020"', 'A "new" method'),
        ('1,"A \\"new\\" method",2020', 'A "new" method'),
        ('1,"A ""new"" and "old" method",2020', 'A "new" and "old" method'),
        ('1,A 5" disc,2020', 'A 5" disc'),
        ('1, "Spaces around" ,2020', "Spaces around"),
    ],
)
def test_a_mark_that_is_not_doubled_is_taken_as_a_character(row: str, title: str) -> None:
    kept, told = rows(f"{HEAD}0,before,2019\n{row}\n2,after,2021\n")
    assert kept == [("before", 2019, 2), (title, 2020, 3), ("after", 2021, 4)]
    assert told in ([], [(3, False)])


def test_a_mark_that_is_not_doubled_in_a_cell_of_several_lines() -> None:
    body = 'title,abstract,year\n"A","first "line"\nsecond, line",2020\nB,x,2021\n'
    citations, findings = read("csv", body.encode())
    assert [(c.title, c.abstract, c.year) for c in citations] == [
        ("A", 'first "line"\nsecond, line', 2020), ("B", "x", 2021)
    ]  # fmt: skip
    assert [(f.line, f.rejected) for f in findings] == [(2, False)]


def test_a_mark_that_is_never_closed_costs_no_other_row() -> None:
    many = "".join(f"{n},row {n},2020\n" for n in range(5_000))
    kept, told = rows(f'{HEAD}{many}x,"never closed,2021\n{many}')
    assert len(kept) == 10_001
    assert kept[5_000] == ("never closed", 2021, 5_002)
    assert told == [(5_002, False)]


def test_lines_that_cannot_be_read_are_rejected_with_their_numbers_and_the_next_row_is_kept() -> None:
    body = 'id,title,abstract,year\n1,A,"begun\nand, never\n closed,2020\n2,B,good,2021\n'
    kept, told = rows(body)
    assert kept == [("B", 2021, 5)]
    assert told == [(2, True)]
    assert "lines 2-4" in read("csv", body.encode())[1][0].message


def test_a_mark_at_the_beginning_of_a_title_does_not_join_its_row_with_the_next() -> None:
    kept, told = rows(HEAD + '1,"Old" methods,2020\n2,"Good, old ones",2021\n3,C,2022\n')
    assert kept == [('"Old" methods', 2020, 2), ("Good, old ones", 2021, 3), ("C", 2022, 4)]
    assert told == [(2, False)]


def test_a_text_of_a_thousand_lines_is_one_cell() -> None:
    text = "\n".join(f"line {n}" for n in range(1_000))
    citations, findings = read("csv", f'title,abstract\nx,"{text}"\ny,z\n'.encode())
    assert [(c.title, c.abstract.count("\n"), c.line) for c in citations] == [("x", 999, 2), ("y", 0, 1_002)]
    assert findings == []


@pytest.mark.parametrize("line", ['a","', 'a,"b', '"a,b"c', '""a', 'x,""","'])
def test_a_file_of_nothing_but_wrong_marks_is_read_to_its_end_in_little_time(line: str) -> None:
    """Read again for every line, this would take hours."""
    citations, findings = read("csv", (HEAD + f"{line}\n" * 50_000).encode())
    assert citations or findings[0].rejected
    assert findings


def test_the_same_kind_of_doubt_is_told_a_few_times_and_then_counted() -> None:
    _, findings = read("csv", (HEAD + '1,"a "b" c",2020\n' * 100).encode())
    assert [f.line for f in findings] == [2, 3, 4, 5, 6, 0]
    assert "and 95 more rows" in findings[-1].message
