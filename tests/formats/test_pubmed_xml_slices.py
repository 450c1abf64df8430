"""PubMed XML is read by slices where it is plain, and by one stream where it is not: nobody can tell which."""

import io
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewkit.formats import detect
from reviewkit.formats.pubmed_xml import parse_pubmed_xml
from reviewkit.formats.xml_slices import XmlSlices
from reviewkit.model.citation import Citation, Finding
from tests.formats.reading import DATA
from tests.formats.recordings import bodies
from tests.formats.test_any_bytes import damaged

ODD = (DATA / "odd.xml").read_bytes()
PROLOG = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


def read(body: bytes) -> list[Citation | Finding]:
    return list(parse_pubmed_xml(io.BytesIO(body)))


def read_as_stream(body: bytes) -> list[Citation | Finding]:
    """Read with a comment before the root, which slices cannot bear; it shifts nothing but bytes."""
    root = body.index(b"<PubmedArticleSet")
    return read(body[:root] + b"<!---->" + body[root:])


def told(found: list[Citation | Finding]) -> list[object]:
    """What was found, without the byte at which a file breaks."""
    return [
        (item.line, item.rejected, re.sub(r"byte [\d,]+", "byte", item.message)) if isinstance(item, Finding) else item
        for item in found
    ]


def is_sliced(body: bytes) -> bool:
    """True when the quick reader gives the whole file."""
    slices = XmlSlices(io.BytesIO(body), ["PubmedArticle"], {"PubmedArticleSet": "PubmedArticle"}, "ReferenceList")
    list(slices)
    return slices.whole


def record(pmid: int, inside: str = "", after: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>Title {pmid}{inside}</ArticleTitle>"
        f"</Article></MedlineCitation><PubmedData>{after}</PubmedData></PubmedArticle>\n"
    )


def file_of(*records: str, prolog: bytes = PROLOG) -> bytes:
    return prolog + f"<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>\n".encode()


FORMULA = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi></mml:math>'
CITED = (
    '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/c</ArticleId></ArticleIdList></Reference>'
)
PARTS = (
    record(1),
    record(2, FORMULA),
    record(3, after=f"{CITED}</ReferenceList>"),
    record(4, after=f"{CITED}{CITED}</ReferenceList></ReferenceList>"),
    record(5, after=CITED),
    record(6, after="</ReferenceList>"),
    record(7, after="<ReferenceList></PubmedData></ReferenceList>"),
    record(8, after="<ReferenceList>&#0;</ReferenceList>"),
    record(9, "&nbsp;&amp;"),
    record(10, "<!-- <PubmedArticle></PubmedArticle> -->"),
    record(11, "<![CDATA[</PubmedArticle>]]>"),
    record(12, "<?php </PubmedArticle> ?>"),
    record(13, after=record(14)),
    record(15, "\r\n\r\n\r"),
    record(16, "é\u2028\x85"),
    record(17, "<mml:x/>"),
    record(18, "<ArticleTitle xmlns='x'>y</ArticleTitle>"),
    record(19, "</r><r>"),
    record(20, "\x00"),
    record(21, "]]>"),
    "<DeleteCitation><PMID>22</PMID></DeleteCitation>",
    "<PubmedBookArticle><BookDocument><PMID>23</PMID></BookDocument></PubmedBookArticle>",
    "<ERROR>24</ERROR>",
    "<Wrapped>" + record(25) + "</Wrapped>",
    "<PubmedArticle/>",
    "<PubmedArticleX></PubmedArticleX>",
    "text",
    "</PubmedArticleSet><PubmedArticleSet>",
    "<PubmedArticle ",
    "\ufeff",
)


@given(st.lists(st.sampled_from(PARTS), max_size=6), st.integers(0, 60))
@example([PARTS[0]] * 300, 0)  # many slices
@example([*[PARTS[0]] * 300, PARTS[11]], 0)
def test_slices_and_stream_give_the_same_whatever_stands_in_the_file(parts: list[str], cut: int) -> None:
    body = file_of(*parts)
    body = body[: max(len(body) - cut, body.index(b"<PubmedArticleSet>") + 18)]
    assert told(read(body)) == told(read_as_stream(body))


@settings(max_examples=60)
@given(st.data())
def test_slices_and_stream_give_the_same_wherever_the_file_is_damaged(data: st.DataObject) -> None:
    whole = file_of(*(PARTS[n] for n in (0, 2, 1, 15, 20, 21)))
    start = whole.index(b"<PubmedArticleSet>") + 18
    at = data.draw(st.integers(start, len(whole)))
    gone = data.draw(st.integers(0, 40))
    body = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + gone :]
    assert told(read(body)) == told(read_as_stream(body))


@pytest.mark.parametrize(
    "prolog",
    [
        b"",
        b"\n \n",
        b"\xef\xbb\xbf",
        b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>',
        b'<?xml version="1.0" encoding="UTF-8"?>\r\n<!DOCTYPE PubmedArticleSet SYSTEM "http://dtd.example/x.dtd">\r\n',
    ],
)
def test_a_plain_file_is_read_by_slices(prolog: bytes) -> None:
    body = file_of(PARTS[0], PARTS[2], prolog=prolog)
    assert is_sliced(body)
    assert [item.pmid for item in read(body) if isinstance(item, Citation)] == ["1", "3"]
    assert told(read(body)) == told(read_as_stream(body))


@pytest.mark.parametrize(
    "prolog",
    [
        b'<?xml version="1.0" encoding="iso-8859-1"?>',
        b'<?xml version="1.1"?>',
        b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "b">]>',
        b'<!DOCTYPE PubmedArticleSet [<!ATTLIST PubmedArticle x CDATA "y">]>',
        b'<?xml version="1.0" standalone="yes"?>',
        b"<!-- x -->",
    ],
)
def test_a_file_that_could_be_more_than_plain_is_left_to_the_stream(prolog: bytes) -> None:
    assert not is_sliced(file_of(PARTS[0], prolog=prolog))


def test_one_end_in_a_comment_does_not_part_a_record() -> None:
    body = file_of(*[PARTS[0]] * 2, PARTS[9], PARTS[10], PARTS[0])
    assert [item.pmid for item in read(body) if isinstance(item, Citation)] == ["1", "1", "10", "11", "1"]


def test_a_record_longer_than_many_slices_is_one_record() -> None:
    body = file_of(PARTS[0], record(2, "x" * 3_000_000), PARTS[0])
    assert is_sliced(body)
    assert [len(item.title) for item in read(body) if isinstance(item, Citation)] == [7, 3_000_007, 7]


def test_elements_nested_deep_cost_neither_the_stack_nor_the_words() -> None:
    deep = "<i>" * 20_000 + "deep" + "</i>" * 20_000
    (item,) = (item for item in read(file_of(record(1, deep))) if isinstance(item, Citation))
    assert item.title == "Title 1deep"


def test_recordings_and_their_damaged_copies_read_the_same_both_ways(shared: Path) -> None:
    chance = Random("slices")
    sliced = 0
    for _, body in bodies(shared / "recordings"):
        if detect(body[:65536]) != "pubmed-xml" or b"<PubmedArticleSet" not in body:
            continue
        assert told(read(body)) == told(read_as_stream(body))
        sliced += is_sliced(body)
        if len(body) < 30_000:
            for copy in chance.sample([copy for copy in damaged(body, chance) if b"<PubmedArticleSet" in copy], 2):
                assert told(read(copy)) == told(read_as_stream(copy))
    assert sliced > 110
