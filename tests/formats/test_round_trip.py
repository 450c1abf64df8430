"""What goes out comes back the same: every field, every format that can be written, whatever the texts hold."""

import csv
import io
import xml.etree.ElementTree as ET
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.formats import FORMATS
from reviewkit.formats.authors import is_et_al
from reviewkit.formats.clean import clean
from reviewkit.formats.identifiers import year_in
from reviewkit.formats.own_fields import note, restore
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read

WRITTEN = sorted(name for name, known in FORMATS.items() if known.write)
FIELDS = [field.name for field in fields(Citation) if field.name not in ("id", "run", "line")]

NASTY = (
    "\\", "{", "}", "$", "&", "%", "#", "_", "^", "~", '"', "'", "``", "''", "--", "---", " and ", "; ", ", ", "ER  - ",
    "TY  - JOUR", "@article{a,", "<b>", "</b>", "&lt;", "&amp", "عربي", "עברית", "10^6", "=1+1", "@x", "é", "PMID: 12",
    "doi: 10.1000/x", "nan", "-", "Wilson JE", "Jr", "{JE}", "]]>", "<!--", "10.1000/xyz", "NCT01234567", "PMC123",
    "0001-0002", "2020", "|", "*", "http://x.org/a", "🙂", "reviewkit {}", "Label: x",
)  # fmt: skip
texts = (
    st.one_of(
        st.text(max_size=30),
        st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=5)), max_size=6).map("".join),
    )
    .map(clean)
    .filter(lambda text: clean(text) == text)
)
said = texts.filter(bool)
paragraphs = st.lists(said, max_size=3).map("\n".join)
items = st.lists(said, max_size=3, unique=True).map(tuple)
names = said.map(lambda text: text.strip(",; ")).filter(lambda t: t and clean(t) == t and not is_et_al(t))
dates = st.one_of(
    st.sampled_from(["", "2024", "2024 Mar", "2024 Mar 8", "1998 Dec-1999 Jan", "Spring", "18/03/2024"]), texts
)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    date = draw(dates)
    doi = draw(st.sampled_from(["", "10.1000/A.b(1)", "10.1002/(SICI)1097(1998)17:15<1661::AID-S>3.0.CO;2-2"]))
    return Citation(
        title=draw(said if not doi else texts),
        vernacular_title=draw(texts),
        abstract=draw(paragraphs),
        authors=tuple(draw(st.lists(names, max_size=3))),
        year=draw(st.one_of(st.just(year_in(date)), st.integers(1500, 2099), st.none())),
        date=date,
        journal=draw(texts),
        journal_abbreviation=draw(texts),
        volume=draw(texts),
        issue=draw(texts),
        pages=draw(st.one_of(texts, st.sampled_from(["12-19", "e57539", "1--2", "12 – 19", "S12"]))),
        doi=doi,
        pmid=draw(st.sampled_from(["", "1", "38707134"])),
        pmcid=draw(st.sampled_from(["", "PMC7"])),
        registrations=draw(st.one_of(items, st.just(("NCT01234567", "ISRCTN12345678")))),
        issns=draw(st.one_of(items, st.just(("1234-567X", "0000-0001")))),
        accession=draw(texts),
        language=draw(texts),
        types=draw(st.one_of(items, st.sampled_from([("Journal Article", "Review"), ("Book chapter",), ("Thesis",)]))),
        keywords=draw(items),
        subjects=draw(items),
        publisher=draw(texts),
        url=draw(st.one_of(texts, st.just("https://example.org/?a=1&copy=2%20_~b"))),
        notes=draw(paragraphs),
        status=draw(texts),
        related=draw(items),
        added=draw(st.one_of(texts, st.just("2024-01-02"))),
    )


def written(format: str, made: list[Citation]) -> bytes:
    """Return the file that holds these citations."""
    write = FORMATS[format].write
    assert write is not None
    return b"".join(write(made))


@pytest.mark.parametrize("format", WRITTEN)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(made=st.lists(citations(), min_size=1, max_size=3))
def test_every_field_comes_back_whatever_it_holds(format: str, made: list[Citation]) -> None:
    back, findings = read(format, written(format, made))
    assert [replace(citation, line=0) for citation in back] == made
    assert not [finding for finding in findings if finding.rejected]


FULL = Citation(
    title="RNA & 5 % of {braces} cost $5, a_b ~ 10^6 \\ #1 <b and c>",
    vernacular_title="علاج آلام أسفل الظهر",
    abstract='Background: "it" hurts; 50%.\nER -\nTY - JOUR\n@article{x, title={y}}\nThe end -- really.',
    authors=("Wilson JE", "King ML Jr", "van Beethoven, Ludwig", "Smith, John, Jr", "A and B", "Wang Y", "Wang Y"),
    year=2024,
    date="2024 Mar 8",
    journal="Journal of Tests & More",
    journal_abbreviation="J Tests",
    volume="7",
    issue="2 Suppl",
    pages="S12-9",
    doi="10.1000/A_b%7B(1)",
    pmid="38707134",
    pmcid="PMC11068073",
    registrations=("NCT01234567", "U1111-1234-5678"),
    issns=("1234-567X", "0000-0001"),
    accession="WOS:000123456700001",
    language="eng; ger",
    types=("Journal Article", "Review"),
    keywords=("Pain, low back", "a; b", "Exosomes"),
    subjects=("Exosomes", "Humans", "Low Back Pain/therapy"),
    publisher="Tests & Sons",
    url="https://example.org/a_b?c=%20&d=~e#f",
    notes="one\nPMID: 38707134\ntwo, with {brace",
    status="MEDLINE",
    related=("ErratumIn:123", "RetractionIn:J Tests. 2024;1(2):3"),
    added="2024-03-18",
)  # fmt: skip


@pytest.mark.parametrize("format", WRITTEN)
def test_a_record_with_every_field_comes_back(format: str) -> None:
    assert all(getattr(FULL, name) for name in FIELDS)
    back, findings = read(format, written(format, [FULL]))
    assert ([replace(c, line=0) for c in back], findings) == ([FULL], [])


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("format", WRITTEN)
def test_each_field_comes_back_alone(format: str, name: str) -> None:
    alone = replace(Citation(title="T"), **{name: getattr(FULL, name)})
    assert [replace(c, line=0) for c in read(format, written(format, [alone]))[0]] == [alone]


@pytest.mark.parametrize("format", WRITTEN)
def test_a_field_of_a_million_characters_comes_back(format: str) -> None:
    long = Citation(title="T", abstract="word {x} & " * 100_000 + "end", authors=("A, B",) * 5_000)
    assert [replace(c, line=0) for c in read(format, written(format, [long]))[0]] == [long]


@pytest.mark.parametrize("format", WRITTEN)
def test_what_other_formats_gave_survives_in_each(format: str) -> None:
    kept = 0
    sources = (
        ("pubmed-xml", "odd.xml"), ("nbib", "quirks.nbib"), ("csv", "rayyan.csv"), ("csv", "scopus.csv"),
        ("ris", "quirks.ris"), ("bibtex", "dialects.bib"), ("endnote-xml", "endnote.xml"),
    )  # fmt: skip
    for source, name in sources:
        came = read(source, (DATA / name).read_bytes())[0]
        back = read(format, written(format, came))[0]
        assert [replace(c, line=0) for c in back] == [replace(c, line=0) for c in came], name
        kept += len(came)
    assert kept > 20


@pytest.mark.parametrize("format", WRITTEN)
def test_plain_records_need_no_note_of_ours(format: str) -> None:
    plain = replace(
        FULL, title="Exosomes", abstract="One.\nTwo.", registrations=("NCT01234567",), issue="2", subjects=(),
        status="", authors=("Wilson JE", "Chen, Gang"), related=(), added="", keywords=("pain", "disc"), notes="",
        language="eng", vernacular_title="Exosomen", accession="2-s2.0-85193",
    )  # fmt: skip
    body = written(format, [plain]).decode()
    assert "reviewkit {" not in body
    assert "reviewkit = " not in body


@pytest.mark.parametrize("format", WRITTEN)
def test_files_are_written_as_a_stream(format: str) -> None:
    def endless():
        while True:
            yield FULL

    write = FORMATS[format].write
    assert write is not None
    chunks = write(endless())
    assert sum(len(next(chunks)) for _ in range(1_000)) > 500_000


def test_bibtex_keys_are_unique_and_plain() -> None:
    made = [replace(FULL, authors=("Müller, Ö.",))] * 250 + [replace(FULL, authors=(), year=None)]
    body = written("bibtex", made).decode()
    keys = [line.partition("{")[2].rstrip(",") for line in body.splitlines() if line.startswith("@article{")]
    assert (len(set(keys)), keys[0], keys[-1]) == (251, "Muller2024-1", "entry-251")
    assert "@article{Wilson2024-r12,\n" in written("bibtex", [replace(FULL, id=12)]).decode()


def test_bibtex_braces_balance_for_programs_that_count_them() -> None:
    body = written("bibtex", [replace(FULL, title="a { b", notes="}} c {", journal="\\{")]).decode()
    assert body.count("{") == body.count("}")
    assert "{{" in body.splitlines()[1]  # the title keeps its capitals


def test_endnote_xml_is_well_formed_for_any_reader() -> None:
    root = ET.fromstring(written("endnote-xml", [FULL]))
    assert root.findtext("records/record/titles/title") == FULL.title
    assert root.findtext("records/record/electronic-resource-num") == FULL.doi
    assert [a.text for a in root.iter("author")] == list(FULL.authors)


def test_a_table_is_inert_and_names_its_columns() -> None:
    body = written("csv", [replace(FULL, id=3, title="=HYPERLINK(1)", volume="-1", notes="@x")]).decode("utf-8-sig")
    assert body.startswith("record,title,original title,authors,year,")
    assert "\nr3,'=HYPERLINK(1)," in body
    assert ",'-1," in body
    assert written("csv", []).decode("utf-8-sig").startswith("title,")


def test_a_note_of_ours_changes_only_what_it_may() -> None:
    plain = Citation(title="T", id=4, line=7)
    assert restore(plain, note(FULL, FIELDS)) == replace(FULL, id=4, line=7)
    for line in (
        "", "reviewkit", "reviewkit {", 'reviewkit {"id": 9, "run": "x", "line": 1, "nonsense": 2}', "reviewkit []",
        'reviewkit {"year": "x", "title": 3, "authors": "A", "pmid": "abc", "doi": "x"}', "reviewkit " + "[" * 100_000,
        "reviewkit {" + '"a":{' * 100_000, 'x reviewkit {"title": "y"}',
    ):  # fmt: skip
        assert restore(plain, line) == plain
    assert restore(plain, 'reviewkit {"title": "a\\u0000<b>b</b>  c"}').title == "ab c"


@given(st.text())
def test_any_line_may_stand_where_a_note_does(text: str) -> None:
    assert restore(Citation(title="T"), f"reviewkit {{{text}").line == 0


def test_a_file_of_ours_is_read_by_others() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", [FULL]).decode("utf-8-sig"))))
    assert (rows[0]["title"], rows[0]["pmid"], rows[0]["keywords"]) == (FULL.title, FULL.pmid, "; ".join(FULL.keywords))
