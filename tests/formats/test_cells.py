import csv
import io
import os
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from reviewkit.formats.cells import inert, original, set_text, to_csv, to_xlsx

ACTIVE = ["=1+1", "+49 30", "-", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']
PLAIN = ["", "text", "3.5", "a=b", "é 😀", "'quoted", "''twice", "'=1"]


@pytest.mark.parametrize("text", ACTIVE)
def test_text_that_a_spreadsheet_would_run_is_made_inert_in_csv(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", [*ACTIVE, *PLAIN])
def test_inert_text_gives_back_what_it_was(text: str) -> None:
    assert original(inert(text)) == text


def test_a_csv_is_utf8_with_a_mark_for_excel_and_every_text_inert() -> None:
    body = to_csv(["name", "n"], [["=1+1", 3], ['é, "x"\nnext', None]])
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows == [["name", "n"], ["'=1+1", "3"], ['é, "x"\nnext', ""]]


@pytest.mark.parametrize("text", [*ACTIVE, *PLAIN])
def test_text_in_a_workbook_stays_text_whatever_it_begins_with(text: str) -> None:
    workbook = Workbook()
    set_text(workbook.active["A1"], text)
    cell = load_workbook(io.BytesIO(to_xlsx(workbook))).active["A1"]
    assert cell.data_type in ("s", "inlineStr", "n" if not text else "s")
    assert (cell.value or "") == text


def test_what_xml_cannot_hold_and_what_excel_cannot_show_is_left_out_with_a_mark() -> None:
    workbook = Workbook()
    set_text(workbook.active["A1"], "a\x00b\x1b")
    set_text(workbook.active["A2"], "x" * 40_000)
    read = load_workbook(io.BytesIO(to_xlsx(workbook))).active
    assert read["A1"].value == "a b "
    assert len(read["A2"].value) == 32_767
    assert read["A2"].value.endswith(" [...]")


_MAKE = """
import sys
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from reviewkit.formats.cells import set_text, to_xlsx
book = Workbook()
book.properties.creator = "reviewkit"
for n, text in enumerate(["=1+1", "", "a & <b>  'c'", "\\u00e9 \\n next", "\\U0001F600"], start=1):
    set_text(book.active.cell(n, 1), text)
    book.active.cell(n, 2).font = Font(bold=True)
book.active["C1"].comment = Comment("help", "reviewkit")
book.active["C1"].hyperlink = "https://example.org/?a=1&b=2"
book.active.oddFooter.left.text = "left"
book.create_sheet("Second")
sys.stdout.buffer.write(to_xlsx(book))
"""


def test_a_workbook_has_the_same_bytes_with_and_without_lxml() -> None:
    """openpyxl uses lxml where it is installed, and lxml writes the same content in other bytes."""
    made = [
        subprocess.run(
            [sys.executable, "-c", _MAKE], env={**os.environ, "OPENPYXL_LXML": use}, capture_output=True, check=True
        ).stdout
        for use in ("True", "False")
    ]
    assert made[0] == made[1]
    book = load_workbook(io.BytesIO(made[0]))
    assert book.sheetnames == ["Sheet", "Second"]
    assert book.active["A3"].value == "a & <b>  'c'"
    assert book.active["C1"].comment.text == "help"
    with zipfile.ZipFile(io.BytesIO(made[0])) as parts:
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))  # every part is XML, its namespaces too
        drawing = parts.read(next(name for name in parts.namelist() if name.endswith(".vml"))).decode()
    assert drawing.startswith('<xml xmlns:o="urn:schemas-microsoft-com:office:office" ')  # as Excel writes it
    assert "<x:Row>0</x:Row>" in drawing
    assert "visibility:hidden" in drawing
