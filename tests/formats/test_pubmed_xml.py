"""PubMed XML: every field that a reviewer needs, and files that break, lie or attack."""

import io
import tracemalloc

import pytest

from reviewkit.formats import AS_NAMED, FORMATS
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read, read_data

ODD = (DATA / "odd.xml").read_bytes()


def record(pmid: int, extra: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>Title {pmid}</ArticleTitle>"
        f"{extra}</Article></MedlineCitation></PubmedArticle>\n"
    )


def file_of(*records: str, prolog: str = "") -> bytes:
    return f"{prolog}<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>".encode()


def test_an_article_with_every_oddity_is_read_right() -> None:
    article = read("pubmed-xml", ODD)[0][0]
    assert article == Citation(
        title="Doses of 10^6 to 2.5 × 10^-3 CD63+ vesicles in Mus musculus (H2O2) mc2 155.",
        abstract="BACKGROUND: Pain < 3 of 10.\nA middle part.\nRESULTS: It fell by n=10^2 points.",
        authors=("Wilson JE", "King M Jr", "Sukarno", "Müller JP", "The EV Study Group"),
        year=1998,
        date="1998 Dec-1999 Jan",
        journal="Journal of tests & trials",
        journal_abbreviation="J Tests",
        volume="7",
        issue="2 Suppl",
        pages="S12-S19",
        doi="10.1000/Right(1)",
        pmid="101",
        pmcid="PMC55",
        registrations=("NCT01234567",),
        issns=("1234-567X", "0000-0001"),
        language="eng; ger",
        types=("Journal Article", "Retracted Publication"),
        keywords=("vesicle", "back pain"),
        subjects=("Low Back Pain/therapy/etiology", "Exosomes"),
        status="MEDLINE",
        related=("RetractionIn:102", "ErratumIn:J Tests. 1999;8:1"),
        added="1999-01-09",
        line=4,
    )
    assert article.is_retracted


def test_a_title_that_is_not_available_gives_way_to_the_original_one() -> None:
    article = read("pubmed-xml", ODD)[0][1]
    assert article.title == article.vernacular_title == "Dolor lumbar crónico."
    assert (article.year, article.date) == (2003, "2003 Spring")


def test_another_abstract_is_taken_only_where_there_is_none_english_first() -> None:
    citations = read("pubmed-xml", ODD)[0]
    assert "Anders" not in citations[0].abstract
    assert citations[1].abstract == "In English."


def test_a_book_chapter_has_its_own_authors_and_date_and_names_its_book() -> None:
    chapter = read("pubmed-xml", ODD)[0][2]
    assert (chapter.title, chapter.journal, chapter.publisher) == ("A chapter", "Handbook®", "Test Press")
    assert (chapter.authors, chapter.year, chapter.date) == (("Writer W",), 2007, "2007 Jan 10")
    assert (chapter.doi, chapter.accession, chapter.abstract) == ("10.1000/book", "NBK7", "SCOPE: All.")


def test_what_was_not_kept_is_told_with_its_line() -> None:
    citations, findings = read("pubmed-xml", ODD)
    assert [c.line for c in citations] == [4, 71, 89]
    assert [(f.line, f.rejected) for f in findings] == [(86, True), (108, False)]
    assert "105, 106" in findings[1].message


def test_ids_of_cited_articles_are_never_taken() -> None:
    cited = (
        '<PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/c</ArticleId>'
        '<ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>'
    )
    article = read("pubmed-xml", file_of(record(1).replace("</MedlineCitation>", "</MedlineCitation>" + cited)))[0][0]
    assert (article.doi, article.pmcid) == ("", "")


def test_a_doi_that_nlm_holds_invalid_is_not_taken_from_the_list_of_ids_either() -> None:
    listed = '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/bad</ArticleId></ArticleIdList></PubmedData>'
    body = record(1, '<ELocationID EIdType="doi" ValidYN="N">10.1000/bad</ELocationID>')
    assert (
        read("pubmed-xml", file_of(body.replace("</MedlineCitation>", "</MedlineCitation>" + listed)))[0][0].doi == ""
    )


@pytest.mark.parametrize(
    ("date", "year", "text"),
    [
        ("<Year>2024</Year><Month>03</Month><Day>08</Day>", 2024, "2024 Mar 8"),
        ("<Year>2024</Year><Month>Mar</Month>", 2024, "2024 Mar"),
        ("<MedlineDate>1976-1977</MedlineDate>", 1976, "1976-1977"),
        ("<MedlineDate>Winter 1999-2000</MedlineDate>", 1999, "Winter 1999-2000"),
        ("<MedlineDate>undated</MedlineDate>", None, "undated"),
    ],
)
def test_dates_give_year_and_wording(date: str, year: int | None, text: str) -> None:
    body = record(1, f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>")
    article = read("pubmed-xml", file_of(body))[0][0]
    assert (article.year, article.date) == (year, text)


def test_older_files_of_bare_citations_are_read() -> None:
    body = b"<MedlineCitationSet><MedlineCitation><PMID>5</PMID></MedlineCitation></MedlineCitationSet>"
    assert [c.pmid for c in read("pubmed-xml", body)[0]] == ["5"]


def test_an_empty_answer_is_no_finding() -> None:
    assert read("pubmed-xml", b"<PubmedArticleSet></PubmedArticleSet>") == ([], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_are_those_the_file_declares(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    body = file_of(record(1, "<VernacularTitle>Rücken</VernacularTitle>"), prolog=declared).decode().encode(encoding)
    assert read("pubmed-xml", body)[0][0].vernacular_title == "Rücken"


def test_records_before_a_break_are_kept_and_the_break_is_named() -> None:
    whole = file_of(*(record(n) for n in range(1, 9)))
    cut = whole[: whole.index(b"Title 6")]
    citations, findings = read("pubmed-xml", cut)
    assert [c.pmid for c in citations] == ["1", "2", "3", "4", "5"]
    assert [(f.rejected, f.line) for f in findings] == [(True, 7)]
    assert f"byte {len(cut)}" in findings[0].message
    assert "the 5 records before it kept" in findings[0].message


def test_blank_lines_before_the_declaration_only_shift_the_lines() -> None:
    body = file_of(record(1), prolog='<?xml version="1.0"?>')
    assert [c.line for c in read("pubmed-xml", b"\n\n " + body)[0]] == [4]
    assert [f.line for f in read("pubmed-xml", b"\n\n " + body[:-3])[1]] == [5]


def test_bytes_that_are_no_text_break_the_file_where_they_stand() -> None:
    damaged = file_of(record(1), record(2)).replace(b"Title 2", b"Title \xff")
    citations, findings = read("pubmed-xml", damaged)
    assert ([c.pmid for c in citations], [(f.rejected, f.line) for f in findings]) == (["1"], [(True, 3)])


def test_an_entity_bomb_is_refused_and_nothing_is_expanded() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE PubmedArticleSet [<!ENTITY l0 "lol">{levels}]>'
    citations, findings = read(
        "pubmed-xml", file_of(record(1, "<VernacularTitle>&l11;</VernacularTitle>"), prolog=bomb)
    )
    assert citations == []
    assert [(f.rejected, f.line) for f in findings] == [(True, 1)]
    assert "refused" in findings[0].message


def test_an_entity_that_names_a_local_file_is_refused() -> None:
    prolog = '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    citations, findings = read(
        "pubmed-xml", file_of(record(1, "<VernacularTitle>&x;</VernacularTitle>"), prolog=prolog)
    )
    assert (citations, len(findings)) == ([], 1)


def test_elements_nested_without_end_are_refused() -> None:
    citations, findings = read("pubmed-xml", file_of(record(1), record(2, "<a>" * 100_000)))
    assert ([c.pmid for c in citations], len(findings)) == (["1"], 1)
    assert "nested" in findings[0].message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "an HTML page"),
        (b"<html><head><meta charset=utf-8><title>502</title></head>", "an HTML page"),
        (b"", "an empty file"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (
            b"<?xml version='1.0'?><eFetchResult><ERROR>Unable to obtain query</ERROR></eFetchResult>",
            "Unable to obtain",
        ),
        (
            b"<eSearchResult><Count>1</Count></eSearchResult>",
            "an XML file (eSearchResult) that is neither PubMed's nor EndNote's",
        ),
        (b'{"error": "API rate limit exceeded"}', "a JSON file"),
    ],
)
def test_what_is_not_an_answer_is_one_finding_that_says_what_it_is(body: bytes, words: str) -> None:
    citations, findings = read("pubmed-xml", body)
    assert (citations, [f.rejected for f in findings]) == ([], [True])
    assert words in findings[0].message


def test_memory_does_not_grow_with_the_number_of_records() -> None:
    def peak(records: int) -> int:
        body = io.BytesIO(file_of(*(record(n, "<VernacularTitle>x</VernacularTitle>" * 20) for n in range(records))))
        tracemalloc.start()
        count = sum(1 for _ in FORMATS["pubmed-xml"].parse(body, AS_NAMED))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == records
        return used

    peak(50)
    assert peak(4000) < 3 * peak(400)


def test_a_fixture_read_twice_gives_the_same() -> None:
    assert read_data("pubmed-xml", "odd.xml") == read_data("pubmed-xml", "odd.xml")


def notice(kind: str, source: str = "", pmid: str = "") -> str:
    found = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
    return f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>{found}</CommentsCorrections>'


def test_every_notice_is_kept_with_its_kind_and_pmid_or_else_where_it_stands() -> None:
    notices = "".join(
        (
            notice("RetractionIn", "J Tests. 2021;4(2):7", "11"),
            notice("ExpressionOfConcernIn", "J Tests. 2020;3:1. doi: 10.1000/eoc"),
            notice("CorrectedandRepublishedIn", "J Tests. 2020;3:2", "12"),
            notice("RepublishedIn", "Br J Tests. 2019;1:1", "13"),
            notice("UpdateOf", "testRxiv. 2018", "14"),
            notice("ErratumIn", "J Tests. 2021;4(2):8", "15"),
            notice("ErratumIn", "J Tests. 2021;4(3):9", "16"),
            notice("ErratumIn", "J Tests. 2021;4(3):9", "16"),
            notice("Cites", "J Tests. 1999", "17"),
            notice("SomethingNewIn", "J Tests. 2030", "18"),
        )
    )
    body = record(1).replace(
        "</MedlineCitation>", f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList></MedlineCitation>"
    )
    article = read("pubmed-xml", file_of(body))[0][0]
    assert article.related == (
        "RetractionIn:11",
        "ExpressionOfConcernIn:J Tests. 2020;3:1. doi: 10.1000/eoc",
        "CorrectedandRepublishedIn:12",
        "RepublishedIn:13",
        "UpdateOf:14",
        "ErratumIn:15",
        "ErratumIn:16",
        "SomethingNewIn:18",
    )
    assert article.is_retracted


def test_investigators_of_a_study_group_are_not_its_authors() -> None:
    person = "<LastName>{}</LastName><ForeName>Ann B</ForeName><Initials>AB</Initials>"
    authors = (
        f'<AuthorList><Author ValidYN="Y">{person.format("Doe")}</Author><Author ValidYN="Y"><CollectiveName> Vesicle '
        "<sup>2</sup> Group </CollectiveName></Author></AuthorList>"
    )
    investigators = (
        f'<InvestigatorList><Investigator ValidYN="Y">{person.format("Roe")}</Investigator></InvestigatorList>'
    )
    body = record(1, authors).replace("</MedlineCitation>", f"{investigators}</MedlineCitation>")
    assert read("pubmed-xml", file_of(body))[0][0].authors == ("Doe AB", "Vesicle 2 Group")


@pytest.mark.parametrize(
    ("status", "added"),
    [("entrez", "2020-03-09"), ("pubmed", ""), ("medline", ""), ("received", "")],
)
def test_a_record_was_added_on_its_creation_date_and_on_no_other(status: str, added: str) -> None:
    day = "<Year>2020</Year><Month>3</Month><Day>9</Day><Hour>6</Hour>"
    history = f'<PubmedData><History><PubMedPubDate PubStatus="{status}">{day}</PubMedPubDate></History></PubmedData>'
    body = record(1).replace("</MedlineCitation>", f"</MedlineCitation>{history}")
    assert read("pubmed-xml", file_of(body))[0][0].added == added


def test_the_articles_own_doi_goes_before_that_of_the_list_of_ids() -> None:
    listed = '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/List</ArticleId></ArticleIdList></PubmedData>'
    own = '<ELocationID EIdType="pii">10.1000/pii</ELocationID><ELocationID EIdType="doi">10.1000/own</ELocationID>'
    bodies = [record(1, own), record(2)]
    found = [body.replace("</MedlineCitation>", f"</MedlineCitation>{listed}") for body in bodies]
    assert [c.doi for c in read("pubmed-xml", file_of(*found))[0]] == ["10.1000/own", "10.1000/List"]


def test_an_issue_without_a_date_leaves_the_day_of_the_article() -> None:
    dates = (
        "<Journal><JournalIssue><PubDate/></JournalIssue></Journal>"
        '<ArticleDate DateType="Electronic"><Year>2019</Year><Month>11</Month><Day>09</Day></ArticleDate>'
    )
    article = read("pubmed-xml", file_of(record(1, dates)))[0][0]
    assert (article.year, article.date) == (2019, "2019 Nov 9")


def test_an_empty_title_gives_way_to_the_original_one_and_several_languages_are_kept() -> None:
    body = record(1, "<Language>nor</Language><Language>eng</Language><VernacularTitle>Rygg</VernacularTitle>")
    body = body.replace("<ArticleTitle>Title 1</ArticleTitle>", "<ArticleTitle/>")
    article = read("pubmed-xml", file_of(body))[0][0]
    assert (article.title, article.language) == ("Rygg", "nor; eng")
