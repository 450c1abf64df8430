"""Tables as users hand them in: whatever their program wrote, each row with its line."""

import pytest

from reviewkit.errors import UnreadableFile
from reviewkit.formats.cells import to_csv
from reviewkit.formats.named_rows import parse_named_rows


def rows(content: bytes, *needed: str) -> list[tuple[int, dict[str, str]]]:
    return parse_named_rows(content, "table.csv", needed)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_line_ends_and_encodings_of_spreadsheet_programs_are_understood(
    separator: str, ending: str, encoding: str
):
    text = ending.join(separator.join(cells) for cells in (("Record", " note "), ("r1", "Müller"), ("r2", "ok"), ()))
    assert rows(text.encode(encoding), "record") == [
        (2, {"record": "r1", "note": "Müller"}),
        (3, {"record": "r2", "note": "ok"}),
    ]


def test_lines_are_counted_as_an_editor_counts_them():
    table = b'record,note\r\nr1,"two\r\nlines"\r\n\r\n,\r\nr2,x\r\n'
    assert rows(table) == [(2, {"record": "r1", "note": "two\r\nlines"}), (6, {"record": "r2", "note": "x"})]


def test_short_rows_and_extra_cells_are_no_problem():
    assert rows(b"a,b,\n1\n1,2,3,4\n") == [(2, {"a": "1"}), (3, {"a": "1", "b": "2"})]


def test_what_was_made_inert_for_a_spreadsheet_comes_back_as_it_was():
    texts = ["=1+1", "'quoted", "plain", "-5", "@x", 'comma, quote " and\nline']
    read = rows(to_csv(["text"], [[text] for text in texts]))
    assert [cells["text"] for _, cells in read] == texts


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column 'record'"),
        (b"id,verdict\n1,include\n", "no column 'record'"),
        (b"record,record\nr1,r1\n", "column 'record' is there twice"),
        (b'record\n"r1\nr2\n', "quotation marks"),
    ],
)
def test_what_is_no_such_table_is_refused_with_the_place(content: bytes, told: str):
    with pytest.raises(UnreadableFile, match=told) as error:
        rows(content, "record")
    assert "table.csv" in str(error.value)
    assert "line" in str(error.value)
