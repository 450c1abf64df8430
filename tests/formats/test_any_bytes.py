"""No bytes whatever make a parser raise, loop, or lose count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.formats import FORMATS, describe, detect
from tests.formats.reading import DATA, read

FIXTURES = {
    "pubmed-xml": (DATA / "odd.xml").read_bytes(),
    "nbib": (DATA / "quirks.nbib").read_bytes(),
    "ris": (DATA / "quirks.ris").read_bytes(),
    "csv": (DATA / "scopus.csv").read_bytes(),
}


def check(format: str, body: bytes) -> None:
    citations, findings = read(format, body)
    lines = body.count(b"\n") + body.count(b"\r") + 1
    assert all(c.title or c.doi or c.pmid or c.pmcid or c.registrations or c.accession for c in citations)
    assert all(c.id == 0 and c.run == "" and 1 <= c.line <= lines for c in citations)
    assert all(f.message and f.file == "" and 0 <= f.line <= lines + 1 for f in findings)
    assert all(f.line >= 1 for f in findings if f.rejected)
    assert isinstance(describe(body), str)
    assert detect(body) in ("", *FORMATS)


@pytest.mark.parametrize("format", sorted(FORMATS))
@given(st.binary(max_size=600))
def test_any_bytes_are_survived(format: str, body: bytes) -> None:
    check(format, body)


@pytest.mark.parametrize("format", sorted(FORMATS))
@settings(max_examples=60)
@given(data=st.data())
def test_a_file_damaged_anywhere_is_survived(format: str, data: st.DataObject) -> None:
    whole = FIXTURES[data.draw(st.sampled_from(sorted(FIXTURES)))]
    at = data.draw(st.integers(0, len(whole)))
    gone = data.draw(st.integers(0, 40))
    check(format, whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + gone :])


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
    "a long document type": ("pubmed-xml", b"<!DOCTYPE a [" + b'<!ATTLIST PubmedArticle a CDATA "x">' * MANY),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_cost_no_more_than_their_size(what: str) -> None:
    """Each of these would run for hours if a pattern or a loop were quadratic."""
    kind, body = HOSTILE[what]
    assert read(kind, body) != ([], [])
    assert isinstance(describe(body[:65536]), str)
