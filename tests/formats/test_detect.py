"""A format is told from the content; what is none is described in words."""

import io
import zipfile

import pytest

from reviewkit.formats import FORMATS, advise, describe, detect
from tests.formats.reading import DATA


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_every_fixture_is_recognised_without_its_name(path) -> None:
    expected = {".xml": "pubmed-xml", ".nbib": "nbib", ".ris": "ris", ".csv": "csv"}[path.suffix]
    body = path.read_bytes()
    assert detect(body) == expected
    if expected != "pubmed-xml":
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
        (zipped("a.ris"), "a zip archive"),
        (zipped("xl/workbook.xml"), "an Excel workbook"),
        (b"\x1f\x8b\x08", "a gzip-compressed file"),
        (b"\x00\x01\x02\x03" * 50, "a binary file"),
        (b"<xml><records><record>", "an EndNote XML file"),
        (b"<?xml version='1.0'?><eSearchResult>", "an XML file (eSearchResult) that is not PubMed's"),
        (b"@article{wilson2024,\n title={x}}", "a BibTeX file"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "a Web of Science plain text file"),
        (b"%0 Journal Article\n%T Vesicles\n", "an EndNote or Refer (%A, %T) file"),
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
        (zipped("a.ris"), "Unpack it"),
        (zipped("xl/workbook.xml"), "save the table as CSV"),
        (b"<html><title>Log in</title>", "a login or error page"),
        (b"%PDF-1.4\n%\xe2\xe3", "Export it as one of: RIS, CSV."),
        (b"Dear colleague, please find the title attached.", "Or name its format with --format."),
    ],
)
def test_for_what_is_no_known_format_there_is_advice(head: bytes, words: str) -> None:
    assert words in advise(head, "RIS, CSV")
    assert ("--format" in advise(head, "RIS, CSV")) == ("--format" in words)


def test_an_answer_whose_journal_elements_look_like_html_is_still_pubmed() -> None:
    assert detect(b"<PubmedArticleSet><PubmedArticle><Title>x</Title>") == "pubmed-xml"


def test_formats_are_named_for_people() -> None:
    assert [known.name for known in FORMATS.values()] == list(FORMATS)
    assert {"pubmed-xml", "nbib", "ris", "csv"} < set(FORMATS)
