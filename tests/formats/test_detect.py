"""A format is told from the content; what is none is described in words."""

import io
import zipfile

import pytest

from reviewkit.formats import FORMATS, advise, describe, detect
from tests.formats.reading import DATA


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_every_fixture_is_recognised_without_its_name(path) -> None:
    body = path.read_bytes()
    expected = next(name for name, known in FORMATS.items() if path.suffix in known.suffixes)
    if path.suffix == ".txt":
        expected = "cochrane"
    if path.suffix == ".xml" and b"<records>" in body:
        expected = "endnote-xml"
    if path.suffix == ".json":
        expected = path.stem if path.stem in FORMATS else f"{path.stem}-json"
    assert detect(body) == expected
    if path.suffix not in (".xml", ".xlsx", ".xls", ".zip"):
        assert detect(body.decode().encode("utf-16")) == expected


def zipped(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "an empty file"),
        (b" \n\t\r\n", "an empty file"),
        (b"\xef\xbb\xbf", "an empty file"),
        (b"<!doctype HTML><html>TY  - JOUR PubmedArticle", "an HTML page"),
        (b"<html><title>Log in</title>", "an HTML page"),
        (b"%PDF-1.4\n%\xe2\xe3", "a PDF document"),
        (zipped("word/document.xml"), "a Word document"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\x1f\x8b\x08", "a gzip-compressed file"),
        (b"\x00\x01\x02\x03" * 50, "a binary file"),
        (b"<?xml version='1.0'?><eSearchResult>", "an XML file (eSearchResult) that is neither PubMed's nor EndNote's"),
        (b"1: Wilson JE. Vesicles. Regen Med. 2024. doi: 10.1/x. PMID: 1.", "PubMed's summary or abstract text"),
        (b'{"a": 1}', "a JSON file"),
        (b"Dear colleague, please find the title attached.", "plain text"),
    ],
)
def test_what_is_no_known_format_is_described(head: bytes, words: str) -> None:
    assert detect(head) == ""
    assert describe(head).startswith(words)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x1f\x8b\x08", "Unpack it"),
        (b"\xd0\xcf\x11\xe0", "save the table as CSV"),
        (b"<html><title>Log in</title>", "a login or error page"),
        (b"%PDF-1.4\n%\xe2\xe3", "Export it as one of: RIS, CSV."),
        (b"Dear colleague, please find the title attached.", "Or name its format with --format."),
    ],
)
def test_for_what_is_no_known_format_there_is_advice(head: bytes, words: str) -> None:
    assert words in advise(head, "RIS, CSV")
    assert ("--format" in advise(head, "RIS, CSV")) == ("--format" in words)


@pytest.mark.parametrize(
    ("head", "format", "words"),
    [
        (zipped("a.ris"), "zip", "a zip archive"),
        (zipped("exl/workbook.ris"), "zip", "a zip archive"),
        (b"PK\x05\x06" + b"\0" * 18, "zip", "a zip archive"),
        (zipped("xl/workbook.xml"), "xlsx", "an Excel workbook"),
        (b"<xml><records><record>", "endnote-xml", "EndNote XML"),
        (b'<?xml version="1.0"?>\n<records>\n <record>', "endnote-xml", "EndNote XML"),
        (b"\xef\xbb\xbf@article{wilson2024,\n title={x}}", "bibtex", "BibTeX"),
        (b"Scopus\nEXPORT DATE: 12 March 2024\n\n@ARTICLE{x,\n", "bibtex", "BibTeX"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "isi", "Web of Science plain text"),
        (b"\xef\xbb\xbfPT J\r\nAU Doe, J\r\n", "isi", "Web of Science plain text"),
        (b"TY  - JOUR\nAB  - see\n@article{a,\n", "ris", "RIS"),
        (b"PMID- 1\nAB  - x\n", "nbib", "PubMed (MEDLINE) text"),
    ],
)
def test_a_format_is_told_by_what_it_begins_with(head: bytes, format: str, words: str) -> None:
    assert (detect(head), describe(head)) == (format, words)


def test_an_answer_whose_journal_elements_look_like_html_is_still_pubmed() -> None:
    assert detect(b"<PubmedArticleSet><PubmedArticle><Title>x</Title>") == "pubmed-xml"


def test_formats_are_named_for_people() -> None:
    assert [known.name for known in FORMATS.values()] == list(FORMATS)
    assert {"pubmed-xml", "nbib", "ris", "csv"} < set(FORMATS)
