"""Excel workbooks of citations: what people do to them, and what hostile ones try."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from reviewkit.formats import AS_NAMED, detect
from reviewkit.formats.rows import parse_with_ids, read_rows, recognised
from reviewkit.model.citation import Citation, Finding
from tests.formats.reading import DATA, read
from tests.formats.test_table_programs import BIBLIOGRAPHY, PROGRAMS

Rows = list[list[Any]]
HEAD = ["id", "title", "year", "doi"]
RECORD = ["r1", "Vesicles", 2024, "10.1000/a.b"]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def workbook(**sheets: Rows) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def repacked(body: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced: workbook_xml=b"..." is xl/workbook.xml; shared texts are added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].replace(".", "_")
            part = parts.get(key, old.read(name))
            if key == "workbook_xml_rels" and "sharedStrings_xml" in parts:  # openpyxl writes texts into the cells
                part = part.replace(
                    b"</Rel", b'<Relationship Type="x/sharedStrings" Target="sharedStrings.xml" Id="s"/></Rel'
                )
            new.writestr(name, part)
        if "sharedStrings_xml" in parts:
            new.writestr("xl/sharedStrings.xml", parts["sharedStrings_xml"])
    return made.getvalue()


def sheet_xml(*rows: str, head: str = "") -> bytes:
    return f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def inline(number: int, *texts: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{cells}</row>'


def only(body: bytes, columns=AS_NAMED) -> tuple[Citation, list[Finding]]:
    citations, findings = read("xlsx", body, columns)
    assert len(citations) == 1, findings
    return citations[0], findings


@pytest.mark.parametrize("name", sorted(set(PROGRAMS) - {"wos-tab.tsv", "embase-blocks.csv"}))
def test_a_programs_table_says_the_same_as_a_workbook(name: str) -> None:
    text = (DATA / name).read_text("utf-8-sig")
    mark = ";" if name == "bibliometrix.csv" else "\t" if name.endswith("tsv") else ","
    rows = [[cell or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    body = workbook(savedrecs=rows)
    assert detect(body) == "xlsx"
    row, _ = only(body)
    expected = BIBLIOGRAPHY | PROGRAMS[name]
    assert {field: getattr(row, field) for field in expected} == expected


def test_numbers_and_days_are_read_as_they_were_meant() -> None:
    head = ["Title", "Year", "Volume", "PubMed ID", "ISSN", "Date", "Issue"]
    row, findings = only(workbook(a=[head, ["x", 2019.0, 19.0, 38707134.0, 3051234, date(2024, 3, 18), "2"]]))
    assert (row.year, row.volume, row.pmid, row.issns) == (2019, "19", "38707134", ("0305-1234",))
    assert (row.date, row.issue, row.line, findings) == ("2024-03-18", "2", 2, [])


def test_pages_that_excel_made_a_date_of_are_kept_and_doubted() -> None:
    rows = [["title", "pages", "issue"], ["x", datetime(2024, 12, 15), 1], ["y", "Dec-15", None], ["z", "12-15", 1]]  # noqa: DTZ001
    citations, findings = read("xlsx", workbook(a=rows))
    assert [c.pages for c in citations] == ["2024-12-15", "Dec-15", "12-15"]
    assert [(f.line, f.rejected) for f in findings] == [(2, False), (3, False)]
    assert all("may be a date that Excel made" in f.message for f in findings)


def test_a_day_as_excels_number_is_read_and_said() -> None:
    row, findings = only(workbook(a=[["title", "date"], ["x", 45369]]))
    assert (row.date, row.year, len(findings)) == ("2024-03-18", 2024, 1)


def test_the_calendar_of_old_macs_is_known() -> None:
    body = workbook(a=[["title", "date"], ["x", date(2024, 3, 18)]])
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        book = archive.read("xl/workbook.xml").replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')
    assert only(repacked(body, workbook_xml=book))[0].date == "2028-03-19"


def test_formatted_text_is_read_whole_and_formulas_as_they_last_came_out() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(["r1", CellRichText("Exo", TextBlock(InlineFont(b=True), "somes"), " help"), None, None])
    body = saved(book)
    assert only(body)[0].title == "Exosomes help"
    formula = (
        '<row r="2"><c r="B2" t="str"><f>HYPERLINK("x")</f><v>Vesicles</v></c><c r="C2"><f>1+1</f><v>2024</v></c></row>'
    )
    row, _ = only(repacked(body, sheet1_xml=sheet_xml(inline(1, *HEAD), formula)))
    assert (row.title, row.year) == ("Vesicles", 2024)


def test_texts_that_cells_share_are_read_without_the_reading_aids_of_japanese() -> None:
    texts = (
        "<si><t>title</t></si><si><r><t>疼</t></r><r><rPr/><t>痛</t></r><rPh><t>トウツウ</t></rPh><phoneticPr/></si>"
    )
    cells = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(2))
    strings = f'<sst xmlns="{_MAIN}">{texts}</sst>'.encode()
    assert only(repacked(workbook(a=[HEAD]), sheet1_xml=sheet_xml(cells), sharedStrings_xml=strings))[0].title == "疼痛"


def test_an_error_in_place_of_a_text_is_said() -> None:
    row, findings = only(workbook(a=[HEAD, ["r1", "#NAME?", 2024, "10.1000/a.b"]]))
    assert (row.title, row.doi, row.line) == ("", "10.1000/a.b", 2)
    assert ["#NAME? stands in place of the title" in f.message for f in findings] == [True]


def test_excels_own_escapes_are_undone() -> None:
    assert only(workbook(a=[["title", "abstract"], ["x", "one_x000D_\ntwo"]]))[0].abstract == "one\ntwo"


def test_rows_before_the_headings_and_empty_ones_between_are_no_entries() -> None:
    rows = [["Search of 18 March 2024"], [], ["Hits", 2], HEAD, RECORD, [], ["r2", "Pain", 2023, None]]
    citations, findings = read("xlsx", workbook(a=rows))
    assert [(c.title, c.line) for c in citations] == [("Vesicles", 5), ("Pain", 7)]
    assert [(f.rejected, "Search of 18 March 2024" in f.message) for f in findings] == [(False, True)]


def test_a_row_without_title_or_identifier_is_rejected_with_its_number() -> None:
    citations, findings = read("xlsx", workbook(a=[HEAD, RECORD, ["r2", None, 2020, None]]))
    assert (len(citations), [(f.line, f.rejected) for f in findings]) == (1, [(3, True)])


def test_of_several_sheets_those_with_a_title_are_read_and_named() -> None:
    body = workbook(
        Notes=[["What I did"], ["first this"]], PubMed=[HEAD, RECORD], Scopus=[HEAD[1:], ["Pain", 2023]], Empty=[]
    )
    citations, findings = read("xlsx", body)
    assert [c.title for c in citations] == ["Vesicles", "Pain"]
    (told,) = (f for f in findings if "sheets" in f.message)
    assert "of 4 sheets, 'PubMed', 'Scopus' were read; 'Notes' was not" in told.message


def test_a_hidden_sheet_is_read_only_where_no_other_has_a_title() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(RECORD)
    hidden = book.create_sheet("old")
    hidden.append(HEAD)
    hidden.append(["r2", "Pain", 2023, None])
    hidden.sheet_state = "hidden"
    citations, findings = read("xlsx", saved(book))
    assert [c.title for c in citations] == ["Vesicles"]
    assert "'old' (hidden) was not" in findings[0].message
    book.active.delete_rows(1, 2)
    citations, findings = read("xlsx", saved(book))
    assert [c.title for c in citations] == ["Pain"]
    assert "'old' (hidden) was read" in findings[0].message


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    book = Workbook()
    for row in (HEAD, RECORD, ["r2", "Pain", 2023, None]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    citations, findings = read("xlsx", saved(book))
    assert [(c.title, c.year) for c in citations] == [("Vesicles", 2024), ("Pain", 2023)]
    assert ["1 rows are hidden" in f.message for f in findings] == [True]


def test_formats_colours_and_a_wrong_size_change_nothing() -> None:
    book = Workbook()
    for row in (HEAD, RECORD):
        book.active.append(row)
    book.active["A1"].font = Font(bold=True)
    book.active["Z900"].font = Font(bold=True)
    body = saved(book)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:Z900"', b'ref="A1"')
    assert only(repacked(body, sheet1_xml=sheet))[0].year == 2024


def test_cells_and_rows_without_an_address_and_with_a_prefix_are_read() -> None:
    xml = sheet_xml(inline(1, "title", "year"), "<row><c/><c><v>2023</v></c></row>", inline(9, "Vesicles", "2024"))
    row, findings = only(repacked(workbook(a=[HEAD]), sheet1_xml=xml))
    assert (row.title, row.line, [f.line for f in findings]) == ("Vesicles", 9, [2])
    prefixed = xml.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")
    assert only(repacked(workbook(a=[HEAD]), sheet1_xml=prefixed))[0].title == "Vesicles"


def test_columns_that_a_person_names_are_obeyed_in_the_sheets_that_have_them() -> None:
    body = workbook(A=[["Titel", "Jahr", "Seiten"], ["Vesikel", 2024, "1-9"]], B=[["title", "Jahr"], ["Pain", 2023]])
    citations, findings = read("xlsx", body, {"Titel": "title", "jahr": "year", "Seiten": "pages"})
    assert [(c.title, c.year, c.pages) for c in citations] == [("Vesikel", 2024, "1-9"), ("Pain", 2023, "")]
    assert not any(f.rejected for f in findings)
    citations, findings = read("xlsx", body, {"Titel": "title", "Band": "volume"})
    assert citations == []
    assert all("no column is headed 'Band'" in f.message for f in findings if f.rejected)


def test_a_workbook_without_a_title_names_what_it_has() -> None:
    citations, findings = read("xlsx", workbook(a=[["Titel", "Autor"], ["Vesikel", "Doe J"]]))
    assert (citations, [f.rejected for f in findings]) == ([], [True])
    assert "Titel, Autor" in findings[0].message
    assert [f.message for f in read("xlsx", workbook(a=[]))[1]] == ["the workbook is empty"]


def test_other_columns_and_own_ids_are_there_for_whoever_needs_them() -> None:
    body = workbook(a=[[*HEAD, "included"], [*RECORD, 1]])
    assert list(read_rows(io.BytesIO(body))) == [
        (2, {"id": "r1", "title": "Vesicles", "year": "2024", "doi": "10.1000/a.b", "included": "1"})
    ]
    assert [found[0] for found in parse_with_ids(io.BytesIO(body)) if isinstance(found, tuple)] == ["r1"]
    assert recognised(body) == [
        ("id", "accession"), ("title", "title"), ("year", "year"), ("doi", "doi"), ("included", "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel workbook (.xls)"),
        (b"<html><table><tr><td>title", "no Excel workbook but an HTML page"),
        (b"title,year\nVesicles,2024\n", "no Excel workbook but a table"),
        (b"", "no Excel workbook but an empty file"),
        (b"PK\x03\x04 cut off", "the workbook is damaged"),
    ],
)
def test_what_only_calls_itself_a_workbook_is_one_finding_that_says_what_to_do(body: bytes, words: str) -> None:
    citations, findings = read("xlsx", body)
    assert (citations, [(f.line, f.rejected) for f in findings]) == ([], [(1, True)])
    assert words in findings[0].message


def test_a_zip_of_something_else_and_a_binary_workbook_are_told() -> None:
    for name, words in (("word/document.xml", "no Excel workbook"), ("xl/workbook.bin", "binary workbook (.xlsb)")):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, "<a/>")
        assert [words in f.message for f in read("xlsx", made.getvalue())[1]] == [True]


def test_a_sheet_that_breaks_off_keeps_what_came_before_and_says_where() -> None:
    xml = sheet_xml(inline(1, *HEAD), inline(2, "r1", "Vesicles"), '<row r="3"><c t="s"><v>99</v></c></row>')
    body = workbook(a=[HEAD, RECORD])
    for broken in (xml, sheet_xml(inline(1, *HEAD), inline(2, "r1", "Vesicles"))[:-20]):
        row, findings = only(repacked(body, sheet1_xml=broken))
        assert row.title == "Vesicles"
        assert [(f.line, f.rejected) for f in findings] == [(3, True)]
        assert "damaged after row 2" in findings[0].message


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("part", ["sheet1_xml", "workbook_xml", "styles_xml", "sharedStrings_xml", "workbook_xml_rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entity_is_expanded_in_any_part(part: str, encoding: str) -> None:
    hostile = sheet_xml(inline(1, "title"), inline(2, "&b;&f;"), head=BOMB.decode()).decode().encode(encoding)
    citations, findings = read("xlsx", repacked(workbook(a=[HEAD, RECORD]), **{part: hostile}))
    assert citations == []
    assert any("document type" in f.message and f.rejected for f in findings)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    made = io.BytesIO(workbook(a=[HEAD, RECORD]))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.xml", b"\0" * (110 << 20))
    citations, findings = read("xlsx", made.getvalue())
    assert (citations, [f.rejected for f in findings]) == ([], [True])
    assert "zip bomb" in findings[0].message


def test_a_cell_far_out_is_refused() -> None:
    xml = sheet_xml(inline(1, "title"), '<row r="2"><c r="ZZZZ2" t="str"><v>x</v></c></row>')
    citations, findings = read("xlsx", repacked(workbook(a=[HEAD]), sheet1_xml=xml))
    assert citations == []
    assert "there is no cell ZZZZ2" in findings[-1].message


@pytest.mark.parametrize("shared", [True, False])
def test_a_long_workbook_is_read_in_little_memory(shared: bool) -> None:
    number, text = 3_000, "An abstract. " * 1_000
    texts = [f"Title {n}" for n in range(number)] + [f"{n} {text}" for n in range(number)]
    cells = '<row r="{}"><c t="s"><v>{}</v></c><c t="s"><v>{}</v></c></row>'
    rows = [
        cells.format(n + 2, n, number + n) if shared else inline(n + 2, texts[n], texts[number + n])
        for n in range(number)
    ]
    book = workbook(a=[["title", "abstract"]])
    strings = f'<sst xmlns="{_MAIN}">{"".join(f"<si><t>{t}</t></si>" for t in texts)}</sst>'.encode()
    sheet = sheet_xml(inline(1, "title", "abstract"), *rows)
    body = repacked(book, sheet1_xml=sheet, **({"sharedStrings_xml": strings} if shared else {}))
    assert len(strings) > 38_000_000
    del rows, texts, strings, sheet
    tracemalloc.start()
    found = 0
    for item in parse_with_ids(io.BytesIO(body)):
        found += not isinstance(item, Finding)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, peak < 20_000_000) == (number, True)
