"""Which column is which: recognised, named by a person, or told to be looked at."""

import pytest

from reviewkit.formats.columns import Places, choose, fields
from reviewkit.formats.rows import recognised
from reviewkit.model.citation import Citation
from tests.formats.reading import read

GERMAN = b"Titel;Verfasser;Jahr;Band;DOI\nVesikel;Doe J;2024;7;10.1000/a.b\n"
NAMED = {"Titel": "title", "verfasser": "authors", " JAHR ": "Year"}


def test_columns_that_a_person_names_are_read_beside_those_that_are_recognised() -> None:
    citations, findings = read("csv", GERMAN, NAMED)
    assert [(c.title, c.authors, c.year, c.volume, c.doi) for c in citations] == [
        ("Vesikel", ("Doe J",), 2024, "", "10.1000/a.b")
    ]
    assert findings == []


def test_what_a_person_names_outranks_what_is_recognised() -> None:
    body = b"title,display title,year,note\nshort,Long title,2020,a\n,Second,2021,b\nonly,,2022,c\n"
    citations, _ = read("csv", body, {"display title": "title", "year": "-", "note": ""})
    assert [c.title for c in citations] == ["Long title", "Second", "only"]
    assert {(c.year, c.notes) for c in citations} == {(None, "")}


@pytest.mark.parametrize("field", fields())
def test_every_field_can_be_named(field: str) -> None:
    values = {"doi": "10.1000/x", "year": "2020", "pmcid": "PMC17", "issn": "1234-5678", "eissn": "1234-5678"}
    body = f"title,q1\nx,{values.get(field, '12')}\n".encode()
    citations, findings = read("csv", body, {"q1": field})
    plain, named = read("csv", body)[0][0], citations[0]
    assert findings == []
    if field not in ("title", "month", "day", "end", "cited"):  # the first is taken, the others need company
        assert plain != named


def test_the_fields_that_can_be_named_are_those_of_a_citation_and_what_they_are_made_of() -> None:
    made_of = {"month", "day", "start", "end", "article_number", "eissn", "cited", "registration", "issn"}
    assert set(fields()) - made_of <= set(Citation.__dataclass_fields__)
    assert isinstance(choose(["a", "b"], {"a": "title", "b": "registrations"}, 1), Places)
    assert isinstance(choose(["a", "b"], {"a": "title", "b": "issns"}, 1), Places)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (
            {"Titel": "title", "Seiten": "pages"},
            "no column is headed 'Seiten'; the headings are: Titel, Verfasser, Jahr",
        ),
        ({"Titel": "titel"}, "there is no field 'titel'; the fields are: title, vernacular_title, abstract, authors"),
        ({"Titel": "own"}, "there is no field 'own'"),
        ({"": "title"}, "no column is headed ''"),
        ({"DOI": "doi"}, "no column is headed 'title'"),
    ],
)
def test_a_name_that_does_not_fit_is_one_finding_that_lists_what_would(named: dict[str, str], words: str) -> None:
    citations, findings = read("csv", GERMAN, named)
    assert (citations, [(f.line, f.rejected) for f in findings]) == ([], [(1, True)])
    assert words in findings[0].message


def test_a_heading_of_signs_alone_can_be_named_as_it_is_written() -> None:
    assert read("csv", b"title,%,#\nx,7,8\n", {"%": "volume", "#": "issue"})[0][0].volume == "7"


def test_the_guess_can_be_shown_and_follows_what_a_person_names() -> None:
    assert recognised(b"Title,Jahr,DOI,DOI\nx,2020,,\n") == [("Title", "title"), ("Jahr", ""), ("DOI", "doi")]
    assert recognised(b"Title,Jahr\nx,2020\n", {"Jahr": "year"}) == [("Title", "title"), ("Jahr", "year")]
    assert recognised(GERMAN)[:2] == [("Titel", ""), ("Verfasser", "")]
    assert recognised(GERMAN, {"Titel": "title", "nowhere": "year"})[-1] == ("DOI", "doi")
    assert recognised(b"") == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("\ufeffTitle", "title"), ("ï»¿Title", "title"), (' "TITLE" ', "title"), ("Article_Title", "title"),
        ("title (English)", "title"), ("Pub. Year", "year"), ("Year [YYYY]", "year"), ("Titles of chapters", ""),
    ],
)  # fmt: skip
def test_headings_are_known_in_whatever_dress(heading: str, field: str) -> None:
    assert [field for _, field in recognised(f"{heading},doi,title of article\n".encode())] == [field, "doi", "title"]


def test_the_first_of_two_columns_of_one_name_that_says_something_is_taken() -> None:
    citations, _ = read("csv", b"title,abstract,abstract\nx,,second\ny,first,second\n")
    assert [c.abstract for c in citations] == ["second", "first"]


def test_a_plain_column_goes_before_one_with_something_in_brackets() -> None:
    body = b"title,Publication date (online),Publication date\nx,2024-01-01,2024-03-18\ny,2023-01-01,\n"
    assert [c.date for c in read("csv", body)[0]] == ["2024-03-18", "2023-01-01"]


@pytest.mark.parametrize(
    ("tags", "issue", "issns"), [("TI,SO,PY,VL,IS,SN", "2", ("1234-567X",)), ("TI,JN,YR,VO,IP,IS", "", ("1234-567X",))]
)
def test_the_tag_is_means_the_issue_or_the_issn_according_to_its_company(
    tags: str, issue: str, issns: tuple[str, ...]
) -> None:
    cells = {"TI": "x", "SO": "Pain", "JN": "Pain", "IS": issue or "1234-567X", "SN": "1234-567X"}
    row = ",".join(cells.get(tag, "") for tag in tags.split(","))
    made = read("csv", f"{tags}\n{row}\n".encode())[0][0]
    assert (made.journal, made.issue, made.issns) == ("Pain", issue, issns)
