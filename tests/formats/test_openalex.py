"""What OpenAlex answers is read whole: abstracts put in order again, names turned, files saved by hand."""

import json

import pytest

from reviewkit.formats import detect
from reviewkit.formats.openalex import abstract_of
from reviewkit.formats.origin import find_origin
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data

FORMAT = "openalex-json"
BODY = (DATA / "openalex.json").read_bytes()
WORKS = json.loads(BODY)["results"]


def test_every_field_of_a_work_is_read() -> None:
    assert read_data(FORMAT, "openalex.json")[0][0] == Citation(
        title="Exosomes in discogenic pain: a trial",
        abstract="Pain is common and it is costly.",
        authors=("Möller, Jane A.", "van der Berg, Karl", "Li, Jun", "Spine Vesicle Group"),
        year=2023,
        date="2023 Feb 10",
        journal="Journal of made-up results",
        volume="12",
        issue="3",
        pages="101-109",
        doi="10.1234/Made-Up.1",
        pmid="38000001",
        pmcid="PMC9900001",
        issns=("1234-5678", "2345-678X"),
        accession="W4300000001",
        language="en",
        types=("article", "Retracted Publication"),
        keywords=("Exosome",),
        subjects=("Back Pain/therapy", "Humans"),
        publisher="Made-up Press",
        url="https://doi.org/10.1234/made-up.1",
        added="2023-02-12",
        line=3,
    )


def test_a_retracted_work_is_known_as_one() -> None:
    retracted, preprint, *_ = read_data(FORMAT, "openalex.json")[0]
    assert (retracted.is_retracted, preprint.is_retracted) == (True, False)


def test_the_first_of_january_is_a_year_that_is_known_alone() -> None:
    preprint = read_data(FORMAT, "openalex.json")[0][1]
    assert (preprint.types, preprint.date, preprint.pages, preprint.journal) == (
        ("preprint",),
        "2022",
        "e12",
        "medRxiv",
    )


def test_a_work_that_says_nothing_is_refused_with_its_line() -> None:
    citations, findings = read_data(FORMAT, "openalex.json")
    assert [c.accession for c in citations] == ["W4300000001", "W4300000002", "W4300000003"]
    assert [(f.line, f.rejected) for f in findings] == [(32, True)]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(WORKS[:3]),
        "\n".join(json.dumps(work) for work in WORKS[:3]),
        json.dumps({"results": WORKS[:3], "meta": {"count": 3}}),
    ],
    ids=["a bare list", "one work a line", "an answer"],
)
def test_files_saved_by_hand_are_told_and_read(body: str) -> None:
    assert detect(body.encode()) == FORMAT
    citations, findings = read(FORMAT, body.encode())
    assert ([c.accession for c in citations], findings) == (["W4300000001", "W4300000002", "W4300000003"], [])


def test_a_single_work_is_read() -> None:
    body = json.dumps(WORKS[0], indent=2).encode()
    assert detect(body) == FORMAT
    assert [(c.accession, c.line) for c in read(FORMAT, body)[0]] == [("W4300000001", 1)]


def test_an_empty_answer_holds_nothing() -> None:
    body = b'{"meta": {"count": 0, "db_response_time_ms": 9, "page": 1, "per_page": 25}, "results": [], "group_by": []}'
    assert (detect(body), read(FORMAT, body)) == (FORMAT, ([], []))


def test_an_error_is_no_work() -> None:
    citations, findings = read(FORMAT, b'{"error": "Invalid query parameters error.", "message": "No such filter"}')
    assert citations == [] and [f.rejected for f in findings] == [True]


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"b": [1], "a": [0, 2]}, "a b a"),
        ({"Abstract": [0], "Pain": [1]}, "Pain"),
        ({"a": "0", "b": [True, 1.5, "2"], "c": [3]}, "c"),
        ([1, 2], ""),
    ],
)
def test_an_abstract_is_put_in_order_again(index: object, text: str) -> None:
    assert abstract_of(index) == text


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Jane A. Möller", "Möller, Jane A."),
        ("José de la Cruz", "de la Cruz, José"),
        ("Möller, Jane", "Möller, Jane"),
        ("Plato", "Plato"),
        ("John Smith Jr.", "Smith, John, Jr."),
        ("Society for Pain Research", "Society for Pain Research"),
    ],
)
def test_names_are_turned(written: str, read_as: str) -> None:
    body = json.dumps({"id": "https://openalex.org/W1", "authorships": [{"raw_author_name": written}]}).encode()
    assert read(FORMAT, body)[0][0].authors == (read_as,)


def test_the_database_is_known_from_the_file() -> None:
    with (DATA / "openalex.json").open("rb") as file:
        assert find_origin(file, FORMAT).database == "openalex"
