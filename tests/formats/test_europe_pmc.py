"""What Europe PMC answers is read whole: records in full and in short, preprints, references, files saved by hand."""

import json

import pytest

from reviewkit.formats import detect
from reviewkit.formats.origin import find_origin
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data

FORMAT = "europe-pmc-json"
BODY = (DATA / "europe-pmc.json").read_bytes()
ENTRIES = json.loads(BODY)["resultList"]["result"]


@pytest.fixture(scope="module")
def records() -> list[Citation]:
    return read_data(FORMAT, "europe-pmc.json")[0]


def test_every_field_of_a_full_record_is_read(records: list[Citation]) -> None:
    assert records[0] == Citation(
        title="Exosomes in discogenic pain: CO2 & a dose of 10^6 particles.",
        abstract="Background: Pain is common.\nMethods: We injected vesicles; p < 0.05.",
        authors=("Möller JA", "van der Berg K Jr", "Spine Vesicle Group"),
        year=2023,
        date="2023 Mar",
        journal="Journal of made-up results",
        journal_abbreviation="J. Made Up",
        volume="12",
        issue="3",
        pages="101-9",
        doi="10.1234/Made-Up.1",
        pmid="38000001",
        pmcid="PMC9900001",
        registrations=("NCT01234567",),
        issns=("2345-678X", "1234-5678"),
        accession="MED:38000001",
        language="eng",
        types=("Retracted Publication", "Randomized Controlled Trial", "Journal Article"),
        keywords=("Exosome", "Disc"),
        subjects=("Humans", "Back Pain/therapy"),
        status="ppublish",
        related=(
            "RetractionIn:38000009",
            "ExpressionOfConcernIn:38000008",
            "CorrectedandRepublishedIn:38000007",
            "PreprintOf:PPR100001",
            "ErratumIn:J Made Up. 2023;12:200",
        ),
        added="2023-02-11",
        line=7,
    )
    assert records[0].is_retracted


def test_a_preprint_is_one_and_names_its_server_and_its_article(records: list[Citation]) -> None:
    preprint = records[1]
    assert (preprint.types, preprint.journal, preprint.publisher) == (("Preprint",), "medRxiv", "")
    assert (preprint.accession, preprint.pmid, preprint.related) == ("PPR:PPR100001", "", ("PreprintIn:38000001",))
    assert preprint.date == "2022 Jan 2"


def test_a_record_in_short_is_read_as_far_as_it_goes(records: list[Citation]) -> None:
    short = records[2]
    assert (short.pmcid, short.journal, short.volume, short.authors) == ("PMC9900003", "Lite Journal", "7", ("Roe R",))
    assert short.types == ("review-article", "journal article")


def test_an_entry_that_says_nothing_is_refused_with_its_line() -> None:
    citations, findings = read_data(FORMAT, "europe-pmc.json")
    assert len(citations) == 4
    assert [(f.line, f.rejected) for f in findings] == [(64, True)]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ENTRIES[:4]),
        "\n".join(json.dumps(entry) for entry in ENTRIES[:4]),
        json.dumps({"version": "6.9", "hitCount": 4, "resultList": {"result": ENTRIES[:4]}}, indent=1),
    ],
    ids=["a bare list", "one record a line", "an answer, indented"],
)
def test_files_saved_by_hand_are_told_and_read(body: str) -> None:
    assert detect(body.encode()) == FORMAT
    citations, findings = read(FORMAT, body.encode())
    assert [c.accession for c in citations] == ["MED:38000001", "PPR:PPR100001", "PMC:PMC9900003", "AGR:IND44000001"]
    assert findings == []


def test_one_record_of_the_module_article_is_read() -> None:
    body = json.dumps({"version": "6.9", "hitCount": 1, "request": {"id": "1"}, "result": ENTRIES[0]}).encode()
    assert detect(body) == FORMAT
    assert [c.pmid for c in read(FORMAT, body)[0]] == ["38000001"]


def test_an_empty_answer_holds_nothing() -> None:
    body = b'{"version": "6.9", "hitCount": 0, "request": {}, "resultList": {"result": []}}'
    assert (detect(body), read(FORMAT, body)) == (FORMAT, ([], []))
    assert read(FORMAT, b'{"version": "6.9", "hitCount": 0, "request": {"id": "1", "source": "MED"}}') == ([], [])


def test_an_error_is_no_record() -> None:
    citations, findings = read(FORMAT, b'{"version": "6.9", "errCode": 404, "errMsg": "Invalid query provided"}')
    assert citations == [] and [f.rejected for f in findings] == [True]


def test_an_answer_that_breaks_off_gives_what_came_before() -> None:
    citations, findings = read(FORMAT, BODY[: BODY.index(b'"id": "PMC9900003"') + 40])
    assert [c.accession for c in citations] == ["MED:38000001", "PPR:PPR100001"]
    assert "breaks off" in findings[-1].message and findings[-1].rejected


REFERENCES = {
    "version": "6.9", "hitCount": 3, "request": {"id": "1"},
    "referenceList": {"reference": [
        {"id": "11", "source": "MED", "citationType": "JOURNAL ARTICLE", "title": "Known.", "authorString": "Doe J.",
         "journalAbbreviation": "J Made Up", "pubYear": 2001, "volume": "3", "issue": "1", "pageInfo": "4-5"},
        {"title": "A thesis", "authorString": "Old R, New S", "pubYear": 1998, "match": "N"},
        {"unstructuredInformation": "Roe R. A report. 1997.", "match": "N"},
    ]},
}  # fmt: skip


def test_a_list_of_references_is_read_with_and_without_records() -> None:
    body = json.dumps(REFERENCES).encode()
    assert detect(body) == FORMAT
    known, thesis, report = read(FORMAT, body)[0]
    assert (known.pmid, known.journal, known.year, known.volume, known.pages) == ("11", "J Made Up", 2001, "3", "4-5")
    assert (thesis.title, thesis.authors, thesis.year) == ("A thesis", ("Old R", "New S"), 1998)
    assert report.title == "Roe R. A report. 1997."


def test_the_references_without_a_record_can_be_read_alone() -> None:
    citations, findings = read("europe-pmc-references", json.dumps(REFERENCES).encode())
    assert ([c.title for c in citations], findings) == (["A thesis", "Roe R. A report. 1997."], [])


@pytest.mark.parametrize("text", ["<h4>", "<h4 ", "<h4>a</h4>", "<", "&lt;h4&gt;"])
def test_an_abstract_of_headings_alone_costs_no_more_than_its_size(text: str) -> None:
    body = json.dumps([{"id": "1", "source": "MED", "title": "t", "abstractText": text * 100_000}]).encode()
    assert [c.accession for c in read(FORMAT, body)[0]] == ["MED:1"]


def test_the_database_is_known_from_the_file(tmp_path) -> None:
    with (DATA / "europe-pmc.json").open("rb") as file:
        assert find_origin(file, FORMAT).database == "europe-pmc"
