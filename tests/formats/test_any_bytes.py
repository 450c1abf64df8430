"""No bytes whatever make a parser raise, loop, or lose count."""

import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from reviewkit.formats import FORMATS, describe, detect
from reviewkit.formats.origin import find_origin
from tests.formats.reading import DATA, read
from tests.formats.recordings import bodies
from tests.formats.test_zipped import pack


def workbook() -> bytes:
    book, made = Workbook(), io.BytesIO()
    for row in (
        ("Title", "Authors", "Year", "DOI"),
        ("Vesicles", "Doe J", 2020, "10.1/x"),
        ("Discs", "Roe R", None, 1.5),
    ):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def fixtures() -> dict[str, tuple[str, bytes]]:
    """Every fixture that is told as a format, and a workbook and an archive of some of them: name -> (format, body)."""
    found = {path.name: path.read_bytes() for path in sorted(DATA.iterdir()) if path.is_file()}
    found["made.xlsx"] = workbook()
    found["made.zip"] = pack(
        {name: body for name, body in found.items() if name[-4:] in (".ris", ".xml", "xlsx", "nbib")}
    )
    return {name: (known, body) for name, body in found.items() if (known := detect(body[:HEAD]))}


HEAD = 65536
FIXTURES = fixtures()
WITHOUT_LINES = ("xlsx", "zip")  # what is read out of them has lines of its own


def check(format: str, body: bytes) -> None:
    citations, findings = read(format, body)
    lines = body.count(b"\n") + body.count(b"\r") + 1 if format not in WITHOUT_LINES else len(body) + 1_100_000
    assert all(c.title or c.doi or c.pmid or c.pmcid or c.registrations or c.accession for c in citations)
    assert all(c.id == 0 and c.run == "" and 1 <= c.line <= lines for c in citations)
    assert all(f.message and 0 <= f.line <= lines + 1 for f in findings)
    assert all(f.file == "" or format == "zip" for f in findings)
    assert all(f.line >= 1 for f in findings if f.rejected)
    assert isinstance(describe(body), str)
    assert detect(body) in ("", *FORMATS)
    origin = find_origin(io.BytesIO(body), format)
    if format in ("ris", "isi", "nbib") and origin.begun:  # counted once more, apart from the parser
        told = len(citations) + sum(f.rejected or "passed over" in f.message for f in findings)
        assert origin.begun <= told, (origin, findings)


def damaged(body: bytes, chance: Random) -> Iterator[bytes]:
    """Copies of a file with damages of every kind: bits, ends, lines, encodings, parts that are there twice."""
    at = chance.randrange(len(body))
    other = chance.randrange(len(body))
    few = chance.sample(range(len(body)), min(8, len(body)))
    yield bytes(byte ^ (1 << chance.randrange(8)) if place in few else byte for place, byte in enumerate(body))
    yield body[:at]
    yield body[at:]
    yield body[:at] + body[min(at, other) : max(at, other)] + body[at:]
    lines = body.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    yield b"".join((*lines[:place], *lines[place + 1 :]))
    yield b"".join((*lines[: place + 1], *lines[place:]))
    yield b"".join(chance.sample(lines, len(lines)))
    yield body.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"\n\r", b"\x85", b" ")))
    yield body.decode("utf-8", "replace").encode(
        chance.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "cp500")), "replace"
    )
    yield (
        body[:at]
        + chance.choice((b"\x00", b"\xff\xfe", b'"', b"<", b"&", b"]]>", b"{", b"\\", b"@", b"\x1a")) * 20
        + body[at:]
    )


@pytest.mark.parametrize("format", sorted(FORMATS))
@given(st.binary(max_size=600))
def test_any_bytes_are_survived(format: str, body: bytes) -> None:
    check(format, body)


@pytest.mark.parametrize("format", sorted(FORMATS))
@settings(max_examples=30)
@given(data=st.data())
def test_a_file_read_as_any_format_and_damaged_anywhere_is_survived(format: str, data: st.DataObject) -> None:
    whole = FIXTURES[data.draw(st.sampled_from(sorted(FIXTURES)))][1]
    at = data.draw(st.integers(0, len(whole)))
    gone = data.draw(st.integers(0, 40))
    check(format, whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + gone :])


def test_there_is_a_file_of_every_format_to_be_damaged() -> None:
    assert {known for known, _ in FIXTURES.values()} >= {"ris", "nbib", "pubmed-xml", "csv", "xlsx", "zip"}


@pytest.mark.parametrize("name", FIXTURES)
def test_damaged_copies_of_every_fixture_are_survived(name: str) -> None:
    known, body = FIXTURES[name]
    chance = Random(name)
    copies = [copy for _ in range(3) for copy in damaged(body, chance)]
    assert len(copies) == 30
    for copy in copies:
        check(known, copy)


def test_damaged_copies_of_real_answers_are_survived(shared: Path) -> None:
    chance = Random("recordings")
    real = [
        (known, body)
        for _, body in bodies(shared / "recordings")
        if (known := detect(body[:HEAD])) and len(body) < 40_000
    ]
    assert len(real) > 60
    for known, body in chance.sample(real, 30):
        copies = list(damaged(body, chance))
        for copy in chance.sample(copies, 3):
            check(known, copy)


@given(
    st.lists(st.sampled_from(["TY  - JOUR", "TI  - a", "ER  - ", "", "DO  - 10.1/x", "IL-6", "AU  - b"]), max_size=30)
)
def test_kept_and_rejected_are_the_entries_of_a_ris_file(lines: list[str]) -> None:
    body = "\n".join(["TY  - JOUR", "TI  - first", "ER  - ", *lines]).encode()
    citations, findings = read("ris", body)
    begun = 0
    inside = False
    for line in ["TY  - JOUR", "TI  - first", "ER  - ", *lines]:
        tag = line[:2]
        if tag == "TY" or (not inside and tag == "TI") or (not inside and tag == "DO"):
            begun, inside = begun + 1, True
        elif tag == "ER":
            inside = False
    passed_over = sum("outside any entry" in f.message for f in findings)
    orphans = sum(f.rejected for f in findings) + len(citations) + passed_over
    assert begun <= orphans <= begun + lines.count("AU  - b")


@given(st.lists(st.booleans(), max_size=20))
def test_kept_and_rejected_are_the_rows_of_a_table(titled: list[bool]) -> None:
    rows = "".join(f"{n},{'t' if has else ''},2020\n" for n, has in enumerate(titled))
    citations, findings = read("csv", f"id,title,year\n{rows}".encode())
    assert len(citations) == sum(titled)
    assert [f.line for f in findings if f.rejected] == [n + 2 for n, has in enumerate(titled) if not has]


MANY = 100_000
HOSTILE = {
    "a long line": ("ris", b"TY  - JOUR\nTI  - " + b"x" * 50 * MANY + b"\nER  - \n"),
    "unclosed tags": ("ris", b"TY  - JOUR\nTI  - " + b"<b x='" * MANY + b"</\nER  - \n"),
    "half a DOI, often": ("ris", b"TY  - JOUR\nTI  - x\nDO  - " + b"10.1000" * MANY + b"\nER  - \n"),
    "a DOI of brackets": ("ris", b"TY  - JOUR\nTI  - x\nDO  - 10.1000/" + b")" * MANY + b"\nER  - \n"),
    "nearly PubMed's address": ("ris", b"TY  - JOUR\nTI  - x\nAN  - " + b"pubmed/" * MANY + b"\nER  - \n"),
    "many continuations": ("ris", b"TY  - JOUR\nTI  - x\nKW  - a\n" + b"b\n" * MANY),
    "only line ends": ("ris", b"\r" * 10 * MANY),
    "nearly labels": ("nbib", b"PMID- 1\nAB  - " + b". A" * MANY + b"\n"),
    "an open quotation": ("csv", b'title,year\n"' + b"x\n" * 10 * MANY),
    "many columns": ("csv", b"title" + b",a" * MANY + b"\n1" + b",2" * MANY),
    "many names": ("csv", b'title,authors\nx,"' + b"Doe J, " * MANY + b'"\n'),
    "many elements": ("pubmed-xml", b"<a>" * 10 * MANY),
    "one endless record": ("endnote-xml", b"<xml><records><record><url>" + b"<style " * 10 * MANY),
    "many beginnings of a record": ("endnote-xml", b"<xml><records>" + b"<record>" * MANY),
    "values never closed": ("bibtex", b"@a{k,title={\n" + b"x={\n" * MANY),
    "quotation marks never closed": ("bibtex", b"@a{k," + b'x="y\n' * MANY),
    "many names in braces": ("bibtex", b"@a{k,title={x},author={" + b"{A} and " * MANY + b"}}"),
    "a field often begun": ("bibtex", b"@a{k,title={x}" + b",=" * MANY + b"}"),
    "brackets never closed": ("bibtex", b"@a(k,title={T}" * (MANY // 4)),
    "many styles": (
        "endnote-xml",
        b"<xml><records><record><titles><title>" + b"<style face='superscript'>1</style>" * MANY + b"</title>",
    ),
    "many entries in one line": ("bibtex", b"@article{a, title={x}} " * (MANY // 4)),
    "open braces": ("bibtex", b"@article{a, title=" + b"{" * 10 * MANY),
    "many beginnings of an entry": ("isi", b"FN ISI\nPT J\n" + b"PT J\n" * (MANY // 4)),
    "a long document type": ("pubmed-xml", b"<!DOCTYPE a [" + b'<!ATTLIST PubmedArticle a CDATA "x">' * MANY),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_cost_no_more_than_their_size(what: str) -> None:
    """Each of these would run for hours if a pattern or a loop were quadratic."""
    kind, body = HOSTILE[what]
    assert read(kind, body) != ([], [])
    assert isinstance(describe(body[:HEAD]), str)
    assert find_origin(io.BytesIO(body), kind).entries >= 0
