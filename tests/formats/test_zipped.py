"""An archive of export files is read file by file; what is hostile, damaged or no export is told and harms nothing."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from reviewkit.formats import zipped
from tests.formats.reading import read

RIS = b"TY  - JOUR\nTI  - Vesicles\nER  - \nTY  - JOUR\nAB  - nothing\nER  - \n"
NBIB = b"PMID- 7\nTI  - Seven\n"
CSV = b"Titel,Year\nExosomes,2020\n"


def pack(members: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_each_file_is_read_in_its_own_format_and_findings_name_it(how: int) -> None:
    citations, findings = read("zip", pack({"scopus/a.ris": RIS, "b.txt": NBIB}, how))
    assert [(c.title, c.line) for c in citations] == [("Vesicles", 1), ("Seven", 1)]
    assert [(f.file, f.line, f.rejected) for f in findings] == [("scopus/a.ris", 4, True)]


def test_the_columns_that_a_person_named_count_for_the_tables_in_it() -> None:
    citations, findings = read("zip", pack({"a.csv": CSV, "b.nbib": NBIB}), {"Titel": "title"})
    assert [c.title for c in citations] == ["Exosomes", "Seven"]
    assert findings == []


def test_what_is_no_export_file_is_listed_once() -> None:
    others = {
        "readme.txt": b"Exported, on Monday\nby, someone\n",
        "__MACOSX/._a.ris": b"\0\5",
        ".DS_Store": b"x",
        "paper.pdf": b"%PDF-1.4",
        "folder/": b"",
        "script.py": b"a, b = 1, 2\nc, d = 3, 4\n",
    }
    citations, (finding,) = read("zip", pack({"b.nbib": NBIB, **others}))
    assert len(citations) == 1
    assert not finding.rejected
    assert finding.message == (
        "left aside, since they are no export files: readme.txt (a table), __MACOSX/._a.ris, .DS_Store, "
        "paper.pdf (a PDF document), script.py (a table)"
    )


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("inner.zip", pack({"a.ris": RIS}), "it is a zip archive in the archive; unpack it"),
        ("inner.ris.gz", b"\x1f\x8b\x08", "it is a gzip-compressed file in the archive; unpack it"),
        ("a.ris", b"<html><body>Sign in</body></html>", "it looks like an HTML page, which cannot be read"),
        ("a.csv", b"", "it looks like an empty file, which cannot be read"),
    ],
)
def test_an_export_file_that_cannot_be_read_is_a_loss(name: str, body: bytes, words: str) -> None:
    citations, findings = read("zip", pack({name: body, "b.nbib": NBIB}))
    assert len(citations) == 1
    assert [(f.file, f.rejected, f.message.startswith(words)) for f in findings] == [(name, True, True)]


def test_names_are_only_shown_and_never_followed() -> None:
    names = ["../../etc/a.ris", "/srv/b.ris", "C:\\c.ris", "d\x1b[31m.ris", "e" * 300 + ".ris"]
    citations, findings = read("zip", pack({name: NBIB.replace(b"7", b"%d" % n) for n, name in enumerate(names)}))
    assert len(citations) == len(names)
    assert [f.file for f in findings] == ["../../etc/a.ris", "/srv/b.ris", "C:\\c.ris"]
    assert {f.message for f in findings} == {"its name points out of the archive; it was not followed"}
    assert zipped.shown(names[3]) == "d [31m.ris"
    assert len(zipped.shown(names[4])) < 100


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_both_read_and_told() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.nbib", NBIB)
        archive.writestr("a.nbib", NBIB.replace(b"7", b"8"))
    citations, (finding,) = read("zip", made.getvalue())
    assert [c.pmid for c in citations] == ["7", "8"]
    assert (finding.file, finding.rejected) == ("a.nbib", False)
    assert finding.message == "2 files in the archive have this name; each was read"


def test_a_file_under_a_password_is_a_loss() -> None:
    body = bytearray(pack({"a.ris": RIS}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + place] |= 1
    (finding,) = read("zip", bytes(body))[1]
    assert finding.rejected
    assert finding.message.startswith("it is protected with a password")


def test_of_a_damaged_file_nothing_is_read_and_the_others_are() -> None:
    body = pack({"a.ris": RIS * 50, "b.nbib": NBIB}, zipfile.ZIP_STORED).replace(b"Vesicles", b"Vesicles"[::-1], 1)
    citations, findings = read("zip", body)
    assert [c.title for c in citations] == ["Seven"]
    assert [(f.file, f.rejected) for f in findings] == [("a.ris", True)]
    assert "damaged in the archive" in findings[0].message


def test_a_way_of_packing_that_costs_what_the_file_asks_for_is_refused() -> None:
    (finding,) = read("zip", pack({"a.ris": RIS}, zipfile.ZIP_LZMA))[1]
    assert "packed in a way that cannot be read here" in finding.message


def test_a_bomb_is_refused_before_anything_is_unpacked() -> None:
    (finding,) = read("zip", pack({"a.ris": bytes(zipped._SMALL + 1)}))[1]
    assert finding.rejected
    assert "(a 'zip bomb')" in finding.message


def test_an_archive_that_lies_about_its_sizes_gives_no_more_than_it_says() -> None:
    body = bytearray(pack({"a.ris": RIS * 1000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = body.index(mark) + place
        body[at : at + 4] = struct.pack("<I", 10)
    citations, findings = read("zip", bytes(body))
    assert citations == []
    assert "damaged in the archive" in findings[0].message


def test_an_archive_of_thousands_of_files_is_refused() -> None:
    (finding,) = read("zip", pack({f"{n}.ris": b"" for n in range(zipped._MOST_MEMBERS + 1)}))[1]
    assert finding.message == "the archive holds 1,001 files, and at most 1,000 are read"


@pytest.mark.parametrize("body", [pack({}), pack({"paper.pdf": b"%PDF-1.4"})])
def test_an_archive_without_an_export_file_says_so(body: bytes) -> None:
    citations, findings = read("zip", body)
    assert citations == []
    assert findings[-1].message == "there is no export file in the archive"
    assert findings[-1].rejected


@pytest.mark.parametrize("cut", [4, 30, -10, -30])
def test_a_truncated_archive_says_so(cut: int) -> None:
    citations, findings = read("zip", pack({"a.ris": RIS, "b.nbib": NBIB})[:cut])
    assert citations == []
    assert findings[0].message.startswith("the archive is damaged")
