"""The database of an export file is told from its entries; a mixture and a library are told as such."""

import io

import pytest

from reviewkit.formats import FORMATS, detect
from reviewkit.formats import origin_clues as clues
from reviewkit.formats.origin import Origin, find_origin, joined
from reviewkit.model.runs import DATABASES
from tests.formats.reading import read
from tests.formats.test_zipped import pack


def ris(*lines: str, entries: int = 3) -> bytes:
    entry = "\n".join(("TY  - JOUR", "TI  - Vesicles for backache", *lines, "ER  - ", "", ""))
    return (entry * entries).encode()


def origin(body: bytes) -> Origin:
    return find_origin(io.BytesIO(body), detect(body))


SHOWN = {
    # what is written in a file -> the database and the platform it shows
    "Scopus RIS": (ris("DB  - Scopus", "N1  - Export Date: 12 March 2024"), "scopus", ""),
    "Scopus RIS by its number": (
        ris("UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85100000001&partnerID=40"),
        "scopus",
        "",
    ),
    "Web of Science RIS": (ris("AN  - WOS:000600000000001"), "web-of-science", "Web of Science"),
    "MEDLINE on Web of Science": (ris("AN  - MEDLINE:33000000"), "medline", "Web of Science"),
    "Embase.com RIS": (
        ris(
            "DB  - Medline",
            "U2  - L2001234567",
            "UR  - https://www.embase.com/search/results?subaction=viewrecord&id=L2",
        ),
        "embase",
        "embase.com",
    ),
    "Embase on Ovid": (
        ris("DB  - Embase <1974 to 2024 March 12>", "AN  - 2001234567", "VN  - Ovid Technologies"),
        "embase",
        "Ovid",
    ),
    "MEDLINE on Ovid by its address": (
        ris("UR  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=med19&AN=33000000"),
        "medline",
        "Ovid",
    ),
    "CENTRAL on Ovid": (
        ris("DB  - EBM Reviews - Cochrane Central Register of Controlled Trials", "AN  - CN-01234567", "VN  - Ovid"),
        "central",
        "Ovid",
    ),
    "CENTRAL with an entry of a register": (
        ris(
            "UR  - https://clinicaltrials.gov/show/NCT01234567",
            "AN  - CN-01234567",
            "US  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01234567/full",
        ),
        "central",
        "Cochrane Library",
    ),
    "CINAHL on EBSCOhost": (ris("DB  - CINAHL Complete", "DP  - EBSCOhost"), "cinahl", "EBSCOhost"),
    "CINAHL by EBSCOhost's code": (
        ris("UR  - https://search.ebscohost.com/login.aspx?direct=true&db=ccm&AN=137000000&site=ehost-live"),
        "cinahl",
        "EBSCOhost",
    ),
    "PsycInfo on ProQuest": (
        ris("DB  - APA PsycInfo®", "UR  - https://www.proquest.com/docview/2600000000"),
        "psycinfo",
        "ProQuest",
    ),
    "PubMed out of a reference manager": (ris("DP  - NLM", "DB  - PubMed"), "pubmed", ""),
    "Scopus RIS with its tags in lower case": (
        ris("DB  - Scopus").replace(b"TY", b"ty").replace(b"DB", b"db"),
        "scopus",
        "",
    ),
    "The Lens RIS": (ris("UR  - https://lens.org/000-123-456-789-01X"), "lens", ""),
    "ClinicalTrials.gov RIS": (ris("UR  - https://clinicaltrials.gov/study/NCT01234567"), "clinicaltrials-gov", ""),
    "PubMed text": (b"PMID- 1\nOWN - NLM\nTI  - x\n\nPMID- 2\nOWN - NLM\nTI  - y\n", "pubmed", ""),
    "ERIC text": (b"OWN - ERIC\nTI  - x\nOID - EJ1\n", "eric", ""),
    "PubMed XML": (b"<PubmedArticleSet><PubmedArticle></PubmedArticle></PubmedArticleSet>", "pubmed", ""),
    "Web of Science text": (
        b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI x\nUT WOS:0001\nER\n\nPT J\nUT WOS:0002\nER\n\nEF\n",
        "web-of-science",
        "Web of Science",
    ),
    "Scopus BibTeX": (
        b"Scopus\nEXPORT DATE: 12 March 2024\n\n@ARTICLE{Doe2020,\n\ttitle = {x},\n\tsource = {Scopus},\n}\n",
        "scopus",
        "",
    ),
    "Web of Science BibTeX": (
        b"@article{ WOS:000600000000001,\nTitle = {x},\nUnique-ID = {WOS:000600000000001},\n}\n",
        "web-of-science",
        "Web of Science",
    ),
    "EndNote XML": (
        b"<xml><records>"
        + b"<record><titles><title>x</title></titles><remote-database-name><style face='normal'>Embase</style>"
        b"</remote-database-name><remote-database-provider>Ovid</remote-database-provider></record>"
        * 3
        + b"</records></xml>",
        "embase",
        "Ovid",
    ),
    "Scopus CSV": (
        (
            b"Authors,Title,Year,Source title,Cited by,DOI,Link,Source,EID\n"
            b"Doe J.,x,2020,Spine,1,,https://www.scopus.com/inward/record.uri?eid=2-s2.0-85100000001,Scopus,2-s2.0-85100000001\n"
        ),
        "scopus",
        "",
    ),
    "PubMed CSV": (
        (
            b"PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
            b"7,x,Doe J,Spine. 2020,Doe J,Spine,2020,2020/01/01,,,\n"
        ),
        "pubmed",
        "",
    ),
    "Publish or Perish": (
        (
            b"Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate\n"
            b"3,J Doe,x,2020,Spine,Elsevier,https://europepmc.org/1,https://scholar.google.com/scholar?cites=1,1,2024-03-18\n"
            b"0,J Roe,y,2020,Spine,Elsevier,https://example.org/1,,2,2024-03-18\n"
        ),
        "google-scholar",
        "Publish or Perish",
    ),
    "Publish or Perish that asked Scopus": (
        (
            b"Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate\n"
            b"3,J Doe,x,2020,Spine,,https://www.scopus.com/inward/record.uri?eid=2-s2.0-85100000001,,1,2024-03-18\n"
        ),
        "scopus",
        "Publish or Perish",
    ),
    "CENTRAL CSV": (b"Cochrane Trial ID,Author(s),Title,Year\nCN-01234567,Doe J,x,2020\n", "central", ""),
    "CINAHL's new CSV": (
        b"shortDBName,longDBName,an,title,source\nccm,CINAHL,1765,x,Spine\n",
        "cinahl",
        "EBSCOhost",
    ),
    "Ovid CSV": (
        b"Database(s): Ovid MEDLINE(R) ALL 1946 to March 18, 2024\n\nUnique Identifier,Title,Authors\n7,x,Doe J\n",
        "medline",
        "Ovid",
    ),
    "Ovid's own text": (
        b"<1. >\nVN  - Ovid Technologies\nDB  - Embase\nAN  - 2001234567\nTI  - x\n\n<2. >\nDB  - Embase\nTI  - y\n",
        "embase",
        "Ovid",
    ),
    "the Cochrane Library's text": (
        b"Record #1 of 1\nID: CN-01234567\nAU: Doe J\nTI: x\nSO: Spine\nYR: 2020\n",
        "central",
        "Cochrane Library",
    ),
    "EndNote's Refer": (b"%0 Journal Article\n%A Doe, J\n%T x\n%~ CINAHL\n%W EBSCOhost\n", "cinahl", "EBSCOhost"),
    "ClinicalTrials.gov CSV": (
        b"NCT Number,Study Title,Study URL,Study Status,Conditions\nNCT01234567,x,https://x,COMPLETED,pain\n",
        "clinicaltrials-gov",
        "",
    ),
    "ICTRP CSV": (
        (
            b"TrialID,Last Refreshed on,Public title,Scientific title,Source Register,web address\n"
            b"CTRI/2020/01/1,18 March 2024,x,y,CTRI,http://x\n"
        ),
        "ictrp",
        "",
    ),
}


@pytest.mark.parametrize("what", SHOWN)
def test_the_database_is_told_from_what_its_exports_hold(what: str) -> None:
    body, database, platform = SHOWN[what]
    found = origin(body)
    assert (found.database, found.platform) == (database, platform), found
    assert database in DATABASES


def test_every_database_that_can_be_told_is_known_by_name() -> None:
    named = {name for table in (clues.DATABASES, clues.ADDRESSES) for _, name in table}
    named |= {name for _, name, _ in clues.NUMBERS} | {name for _, name in clues.TABLES}
    assert len(named) > 20
    assert named <= DATABASES.keys()


def test_a_mixture_is_told_with_counts() -> None:
    found = origin(ris("DB  - Scopus", entries=6) + ris("DB  - Embase") + ris())
    assert found.database == ""
    assert (found.databases, found.unnamed, found.entries) == ({"scopus": 6, "embase": 3}, 3, 12)


def test_a_few_entries_that_name_nothing_do_not_hide_the_database() -> None:
    assert origin(ris("DB  - Scopus", entries=19) + ris(entries=1)).database == "scopus"
    assert origin(ris("DB  - Scopus", entries=8) + ris(entries=2)).database == ""


@pytest.mark.parametrize(
    ("body", "program", "screening"),
    [
        (b"Title,Authors,Covidence #,Study,Notes,Tags\nx,Doe J,#1,Doe 2020,,\n", "Covidence", True),
        (
            b'key,title,year,location,notes,pubmed_id,pmc_id\nrayyan-1,x,2020,,"RAYYAN-INCLUSION: {}",1,\n',
            "Rayyan",
            True,
        ),
        (ris("ID  - rayyan-12", "DB  - Scopus"), "Rayyan", True),
        (b"title,abstract,asreview_label\nx,y,1\n", "ASReview", True),
        (b'"Key","Item Type","Title","Manual Tags"\n"A","journalArticle","x",""\n', "a Zotero library", False),
        (
            b'<xml><records><record><database name="My.enl">My.enl</database><titles/></record></records></xml>',
            "an EndNote library",
            False,
        ),
    ],
)
def test_the_files_of_screening_tools_and_libraries_are_no_databases(
    body: bytes, program: str, screening: bool
) -> None:
    found = origin(body)
    assert (found.database, found.program, found.is_screening) == ("", program, screening)


def test_files_taken_together_and_files_in_an_archive_are_told_together() -> None:
    scopus, embase = ris("DB  - Scopus"), ris("DB  - Embase")
    assert joined([origin(scopus), origin(embase)]).databases == {"scopus": 3, "embase": 3}
    archive = origin(pack({"a.ris": scopus, "b.ris": scopus.replace(b"backache", b"pain")}))
    assert archive.database == "scopus"
    assert archive.members == (("a.ris", "ris"), ("b.ris", "ris"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding: str, end: str) -> None:
    body = ris("DB  - Scopus", "AU  - Müller, J").decode().replace("\n", end).encode(encoding)
    found = origin(body)
    assert (found.database, found.begun) == ("scopus", 3)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("ris", ris(entries=7)),
        ("nbib", b"PMID- 1\nTI  - x\n\nPMID- 2\nTI  - y\n"),
        ("isi", SHOWN["Web of Science text"][0]),
        ("pubmed-xml", b"<PubmedArticleSet>" + b"<PubmedArticle><x/></PubmedArticle>" * 4 + b"</PubmedArticleSet>"),
        ("endnote-xml", SHOWN["EndNote XML"][0]),
    ],
)
def test_what_begins_an_entry_is_counted_apart_from_the_reader(kind: str, body: bytes) -> None:
    citations, findings = read(kind, body)
    assert origin(body).begun == len(citations) + sum(f.rejected for f in findings) > 1


def test_a_format_without_a_look_shows_nothing() -> None:
    assert find_origin(io.BytesIO(b"x"), "other") == Origin()
    assert all(isinstance(find_origin(io.BytesIO(b""), name), Origin) for name in FORMATS)
