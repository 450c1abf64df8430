"""Workbooks of before 2007 (.xls) are read like the newer ones, and damaged ones end in words."""

import io
from random import Random

from reviewkit.formats import describe, detect
from reviewkit.formats.rows import read_rows
from tests.formats.reading import DATA, read, read_data

XLS = (DATA / "wos.xls").read_bytes()


def test_numbers_and_dates_are_read_as_they_are_shown() -> None:
    (_, row), (_, other) = list(read_rows(io.BytesIO(XLS)))
    assert (row["Publication Year"], row["Volume"], row["Start Page"]) == ("2024", "19", "12")
    assert row["Date of Export"] == "2024-03-18"
    assert other["Article Title"] == "Another study"


def test_an_old_workbook_is_told_from_an_old_word_file() -> None:
    assert detect(XLS[:65536]) == "xlsx"
    assert describe(XLS[:65536]) == "an Excel workbook"
    word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")
    assert detect(word) == ""
    assert "old Word file" in describe(word)


def test_citations_have_the_rows_that_a_person_sees() -> None:
    citations, findings = read_data("xlsx", "wos.xls")
    assert [(each.title, each.line) for each in citations] == [("Vesicles for pain", 2), ("Another study", 3)]
    assert not findings


def test_a_damaged_old_workbook_is_survived() -> None:
    chance = Random(7)
    for _ in range(60):
        body = bytearray(XLS)
        for _ in range(chance.choice((1, 8, 200))):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        citations, findings = read("xlsx", bytes(body[: chance.choice((len(body), len(body) // 2, 600))]))
        assert citations or any(found.rejected and found.message for found in findings)


def test_what_is_in_the_container_without_a_workbook_says_what_to_do() -> None:
    citations, (found,) = read("xlsx", b"\xd0\xcf\x11\xe0" + bytes(5000))
    assert not citations
    assert "old Excel workbook (.xls) or Word document" in found.message
    assert "save it as .xlsx or CSV" in found.message
