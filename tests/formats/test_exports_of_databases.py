"""The export files of each database, in its own dialect, go from the protocol's search to stored records unharmed.

Headings, tags, order, encoding and line ends are the sites' own; the records are invented.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from reviewkit.model.citation import Citation
from reviewkit.store import Store
from tests.conftest import Result
from tests.formats.reading import DATA

Cli = Callable[..., Result]

STRATEGIES = {
    "scopus": "TITLE-ABS-KEY(exosomes AND back pain)",
    "web-of-science": 'TS=(exosomes AND "back pain")',
    "embase": "'exosome'/exp AND 'back pain':ti,ab",
    "google-scholar": "exosomes back pain",
}
ABSTRACT = "It helped (p < 0.05)."


@pytest.fixture(autouse=True)
def _searches(workspace: Path) -> None:
    """The protocol's four searches, as the worked example has them beside PubMed."""
    path = workspace / "protocols" / "backpain.toml"
    text = path.read_text(encoding="utf-8")
    tables = [f"[[search]]\ndatabase = '{name}'\nstrategy = '''{said}'''\n" for name, said in STRATEGIES.items()]
    start, end = text.index("[[search]]"), text.index("[[include]]")
    path.write_text(text[:start] + "\n".join(tables) + "\n" + text[end:], encoding="utf-8")


def imported(cli: Cli, store: Store, path: Path, *more: str) -> tuple[dict[str, object], list[Citation]]:
    """Import a file with the real command; return its run and the stored citations."""
    result = cli("import", str(path), "--date", "2024-03-18", *more, "--json")
    assert result.code == 0, result.err + result.out
    facts = json.loads(result.out)
    assert facts["findings"] == []
    return facts["run"], list(store.citations())


def table(rows: list[Mapping[str, str]], headings: str, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file under the headings of a site."""
    written = io.StringIO()
    out = csv.DictWriter(written, headings.split(","), lineterminator="\r\n", quoting=csv.QUOTE_ALL, restval="")
    out.writeheader()
    out.writerows(rows)
    return written.getvalue().encode(encoding)


SCOPUS_RIS = f"""\
TY  - JOUR
AU  - Wilson, Jane E.
AU  - Today, Bo A.
TI  - Vesicles for pain
PY  - 2024
T2  - Regenerative Medicine
VL  - 19
IS  - 2
C7  - 104
SP  - 12
EP  - 19
DO  - 10.1000/a.b
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85193000001&doi=10.1000%2fa.b&partnerID=40&md5=0f0f
AD  - Department of Nowhere, University of Somewhere, Town, Country
AB  - {ABSTRACT} © 2024 The Authors
KW  - exosome
KW  - pain
PB  - Test Press
SN  - 1234567X (ISSN)
LA  - English
J2  - Regen. Med.
M3  - Article
DB  - Scopus
N1  - Export Date: 18 March 2024; Cited By: 3; Correspondence Address: J.E. Wilson; Town, Country
C2  - 38707134
ER  -
"""
SCOPUS_HEADINGS = (
    "Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,"
    "Page count,Cited by,DOI,Link,Affiliations,Authors with affiliations,Abstract,Author Keywords,Index Keywords,"
    "Molecular Sequence Numbers,Chemicals/CAS,Tradenames,Manufacturers,Funding Details,Funding Texts,References,"
    "Correspondence Address,Editors,Publisher,Sponsors,Conference name,Conference date,Conference location,"
    "Conference code,ISSN,ISBN,CODEN,PubMed ID,Language of Original Document,Abbreviated Source Title,Document Type,"
    "Publication Stage,Open Access,Source,EID"
)
SCOPUS_ROW = {
    "Authors": "Wilson J.E.; Today B.A.", "Author full names": "Wilson, Jane E. (57190); Today, Bo A. (57191)",
    "Author(s) ID": "57190; 57191", "Title": "Vesicles for pain", "Year": "2024",
    "Source title": "Regenerative Medicine", "Volume": "19", "Issue": "2", "Page start": "12", "Page end": "19",
    "DOI": "10.1000/a.b", "Link": "https://www.scopus.com/inward/record.uri?eid=2-s2.0-85193000001",
    "Abstract": ABSTRACT, "Author Keywords": "exosome; pain", "Index Keywords": "adult; human", "ISSN": "1234567X",
    "PubMed ID": "38707134", "Language of Original Document": "English", "Document Type": "Article",
    "Publication Stage": "Final", "Source": "Scopus", "EID": "2-s2.0-85193000001", "Publisher": "Test Press",
}  # fmt: skip
SCOPUS_BIBTEX = """\
Scopus
EXPORT DATE: 18 March 2024

@ARTICLE{Wilson202412,
	author = {Wilson, Jane E. and Today, Bo A.},
	title = {Vesicles for pain},
	year = {2024},
	journal = {Regenerative Medicine},
	volume = {19},
	number = {2},
	pages = {12 – 19},
	doi = {10.1000/a.b},
	url = {https://www.scopus.com/inward/record.uri?eid=2-s2.0-85193000001&doi=10.1000%2fa.b&partnerID=40},
	affiliations = {Department of Nowhere},
	abstract = {It helped (p < 0.05). © 2024 The Authors},
	author_keywords = {exosome; pain},
	keywords = {adult; human},
	correspondence_address = {J.E. Wilson; Town, Country},
	publisher = {Test Press},
	issn = {1234567X},
	pmid = {38707134},
	language = {English},
	abbrev_source_title = {Regen. Med.},
	type = {Article},
	publication_stage = {Final},
	source = {Scopus},
	note = {Cited by: 3; All Open Access, Gold Open Access}
}
"""
WOS_TEXT = f"""\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Wilson, JE
   Today, BA
AF Wilson, Jane E.
   Today, Bo A.
TI Vesicles for
   pain
SO REGENERATIVE MEDICINE
LA English
DT Article
DE exosome; pain
ID STEM-CELLS
AB {ABSTRACT}
C1 [Wilson, Jane E.] Univ Nowhere, Dept Spine, Town, Country.
CR Doe J, 2020, SPINE, V1, P1
NR 1
TC 3
PU TEST PRESS
SN 1234-567X
J9 REGEN MED
JI Regen. Med.
PD MAR 18
PY 2024
VL 19
IS 2
BP 12
EP 19
DI 10.1000/a.b
PG 8
WC Cell & Tissue Engineering
UT WOS:000123456700001
PM 38707134
DA 2024-03-18
ER

EF
"""
WOS_RIS = f"""\
TY  - JOUR
AU  - Wilson, JE
AU  - Today, BA
TI  - Vesicles for pain
T2  - REGENERATIVE MEDICINE
LA  - English
KW  - exosome
KW  - pain
AB  - {ABSTRACT}
AD  - Univ Nowhere, Dept Spine, Town, Country
PU  - TEST PRESS
PI  - TOWN
SN  - 1234-567X
J9  - REGEN MED
JI  - Regen. Med.
DA  - MAR 18
PY  - 2024
VL  - 19
IS  - 2
SP  - 12
EP  - 19
DO  - 10.1000/a.b
WE  - Science Citation Index Expanded (SCI-EXPANDED)
AN  - WOS:000123456700001
N1  - Times Cited in Web of Science Core Collection:  3
Total Times Cited:  3
Cited Reference Count:  1
ER  -

"""
WOS_BIBTEX = """\

@article{ WOS:000123456700001,
Author = {Wilson, Jane E. and Today, Bo A.},
Title = {Vesicles for
   pain},
Journal = {REGENERATIVE MEDICINE},
Year = {2024},
Volume = {19},
Number = {2},
Pages = {12-19},
Month = {MAR 18},
Abstract = {It helped (p
   < 0.05).},
Publisher = {TEST PRESS},
Type = {Article},
Language = {English},
DOI = {10.1000/a.b},
ISSN = {1234-567X},
Keywords = {exosome; pain},
Keywords-Plus = {STEM-CELLS},
Web-of-Science-Categories  = {Cell \\& Tissue Engineering},
Number-of-Cited-References = {1},
Times-Cited = {3},
Journal-ISO = {Regen. Med.},
Unique-ID = {WOS:000123456700001},
DA = {2024-03-18},
}
"""
WOS_TAGS = (
    "PT,AU,BA,BE,GP,AF,BF,CA,TI,SO,SE,BS,LA,DT,CT,CY,CL,SP,HO,DE,ID,AB,C1,C3,RP,EM,RI,OI,FU,FP,FX,CR,NR,TC,Z9,U1,U2,PU,"
    "PI,PA,SN,EI,BN,J9,JI,PD,PY,VL,IS,PN,SU,SI,MA,BP,EP,AR,DI,DL,D2,EA,PG,WC,WE,SC,GA,PM,OA,HC,HP,DA,UT"
)
WOS_TAGGED = {
    "PT": "J", "AU": "Wilson, JE; Today, BA", "AF": "Wilson, Jane E.; Today, Bo A.", "TI": "Vesicles for pain",
    "SO": "REGENERATIVE MEDICINE", "LA": "English", "DT": "Article", "DE": "exosome; pain", "ID": "STEM-CELLS",
    "AB": ABSTRACT, "PU": "TEST PRESS", "SN": "1234-567X", "JI": "Regen. Med.", "PD": "MAR 18", "PY": "2024",
    "VL": "19", "IS": "2", "BP": "12", "EP": "19", "DI": "10.1000/a.b", "PM": "38707134", "DA": "2024-03-18",
    "UT": "WOS:000123456700001",
}  # fmt: skip
WOS_HEADINGS = (
    "Publication Type,Authors,Book Authors,Book Editors,Book Group Authors,Author Full Names,Book Author Full Names,"
    "Group Authors,Article Title,Source Title,Book Series Title,Book Series Subtitle,Language,Document Type,"
    "Conference Title,Conference Date,Conference Location,Conference Sponsor,Conference Host,Author Keywords,"
    "Keywords Plus,Abstract,Addresses,Affiliations,Reprint Addresses,Email Addresses,Researcher Ids,ORCIDs,"
    "Funding Orgs,Funding Name Preferred,Funding Text,Cited References,Cited Reference Count,"
    '"Times Cited, WoS Core","Times Cited, All Databases",180 Day Usage Count,Since 2013 Usage Count,Publisher,'
    "Publisher City,Publisher Address,ISSN,eISSN,ISBN,Journal Abbreviation,Journal ISO Abbreviation,Publication Date,"
    "Publication Year,Volume,Issue,Part Number,Supplement,Special Issue,Meeting Abstract,Start Page,End Page,"
    "Article Number,DOI,DOI Link,Book DOI,Early Access Date,Number of Pages,WoS Categories,Web of Science Index,"
    "Research Areas,IDS Number,Pubmed Id,Open Access Designations,Highly Cited Status,Hot Paper Status,Date of Export,"
    "UT (Unique WOS ID),Web of Science Record"
)
WOS_ROW: dict[str, object] = {
    "Publication Type": "J", "Authors": "Wilson, JE; Today, BA", "Author Full Names": "Wilson, Jane E.; Today, Bo A.",
    "Article Title": "Vesicles for pain", "Source Title": "REGENERATIVE MEDICINE", "Language": "English",
    "Document Type": "Article", "Author Keywords": "exosome; pain", "Keywords Plus": "STEM-CELLS",
    "Abstract": ABSTRACT, "Publisher": "TEST PRESS", "ISSN": "1234-567X", "Publication Date": "MAR 18",
    "Publication Year": 2024, "Volume": 19, "Issue": 2, "Start Page": 12, "End Page": 19, "DOI": "10.1000/a.b",
    "DOI Link": "http://dx.doi.org/10.1000/a.b", "Pubmed Id": 38707134, "Date of Export": "2024-03-18",
    "UT (Unique WOS ID)": "WOS:000123456700001", "Web of Science Record": "View Full Record in Web of Science",
}  # fmt: skip
EMBASE_RIS = f"""\
TY  - JOUR
M3  - Article
Y1  - 2024
VL  - 19
IS  - 2
SP  - 12
EP  - 19
SN  - 1234-567X
JF  - Regenerative Medicine
JO  - Regen. Med.
UR  - https://www.embase.com/search/results?subaction=viewrecord&id=L2030123456&from=export
U2  - L2030123456
C5  - 38707134
DB  - Embase
DB  - Medline
U3  - 2024-03-18
U4  - 2024-03-20
L2  - http://dx.doi.org/10.1000/a.b
DO  - 10.1000/a.b
A1  - Wilson J.E.
A1  - Today B.A.
M1  - (Wilson J.E., wilson@example.org; Today B.A.) Department of Nowhere, Town, Country
AD  - J.E. Wilson, Department of Nowhere, Town, Country
T1  - Vesicles for pain
LA  - English
KW  - adult
KW  - human
N2  - {ABSTRACT}
ER  -
"""
EMBASE_HEADINGS = (
    "Title,Original Non-English Title,Author Names,Author Addresses,Correspondence Address,Editors,AiP/IP Entry Date,"
    "Full Record Entry Date,Source,Source title,Publication Year,Volume,Issue,First Page,Last Page,Date of Publication,"
    "Publication Type,ISSN,Book Publisher,Abstract,Author Keywords,Emtree Drug Index Terms (Major Focus),"
    "Emtree Drug Index Terms,Emtree Medical Index Terms (Major Focus),Emtree Medical Index Terms,CAS Registry Numbers,"
    "Clinical Trial Numbers,Embase Classification,Article Language,Summary Language,Embase Accession ID,Medline PMID,"
    "PUI,DOI,Full Text Link,Embase Link,Open URL Link,Copyright"
)
EMBASE_ROW = {
    "Title": "Vesicles for pain", "Author Names": "Wilson J.E., Today B.A.", "Source title": "Regenerative Medicine",
    "Source": "Regenerative Medicine (2024) 19:2 (12-19). Date of Publication: 18 Mar 2024", "Publication Year": "2024",
    "Volume": "19", "Issue": "2", "First Page": "12", "Last Page": "19", "Date of Publication": "18 Mar 2024",
    "Publication Type": "Article", "ISSN": "1234-567X", "Abstract": ABSTRACT,
    "Emtree Medical Index Terms": "adult; human",
    "Article Language": "English", "Embase Accession ID": "2030123456", "Medline PMID": "38707134",
    "PUI": "L2030123456", "DOI": "10.1000/a.b",
    "Embase Link": "https://www.embase.com/search/results?subaction=viewrecord&id=L2030123456&from=export",
}  # fmt: skip
PERISH_HEADINGS = (
    "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,CitationURL,Volume,"
    "Issue,StartPage,EndPage,ECC,CitesPerYear,CitesPerAuthor,AuthorCount,Age,Abstract,FullTextURL,RelatedURL"
)
PERISH_ROW = {
    "Cites": "3", "Authors": "JE Wilson, BA Today", "Title": "Vesicles for pain", "Year": "2024",
    "Source": "Regenerative Medicine", "Publisher": "example.org", "ArticleURL": "https://example.org/vesicles",
    "CitesURL": "https://scholar.google.com/scholar?cites=1&as_sdt=2005&sciodt=2007&hl=en", "GSRank": "1",
    "QueryDate": "2024-03-18 09:00:00", "Volume": "0", "Issue": "0", "StartPage": "0", "EndPage": "0", "ECC": "3",
    "AuthorCount": "2", "Age": "1", "Abstract": "It helped …",
}  # fmt: skip
PERISH_RIS = """\
TY  - JOUR
AU  - Wilson, JE
AU  - Today, BA
TI  - Vesicles for pain
T2  - Regenerative Medicine
PY  - 2024
PB  - example.org
UR  - https://example.org/vesicles
AB  - It helped …
N1  - Cited By (since 2024): 3
M1  - Query date: 2024-03-18 09:00:00
ER  -

"""
PERISH_BIBTEX = """\
@article{Wilson2024,
  title = {Vesicles for pain},
  author = {JE Wilson and BA Today},
  journal = {Regenerative Medicine},
  year = {2024},
  publisher = {example.org},
  url = {https://example.org/vesicles},
  note = {3 cites: https://scholar.google.com/scholar?cites=1&as_sdt=2005&sciodt=2007&hl=en},
  abstract = {It helped …},
}
"""
ZOTERO_RIS = """\
TY  - JOUR
TI  - Vesicles for pain
AU  - Wilson, Jane E.
AU  - Today, Bo A.
T2  - Regenerative Medicine
DA  - 2024///
PY  - 2024
DP  - Google Scholar
VL  - 19
IS  - 2
SP  - 12
EP  - 19
UR  - https://example.org/vesicles
Y2  - 2024/03/18/
ER  -

"""


def xlsx() -> bytes:
    """What a person who opens the export in Excel saves."""
    book, made = Workbook(), io.BytesIO()
    headings = next(csv.reader([WOS_HEADINGS]))
    book.active.title = "savedrecs"
    book.active.append(headings)
    book.active.append([WOS_ROW.get(heading) for heading in headings])
    book.save(made)
    return made.getvalue()


def ended(ris: str, encoding: str = "utf-8") -> bytes:
    """RIS with the blank behind ER that the sites write."""
    return ris.replace("ER  -\n", "ER  - \n").encode(encoding)


def tagged_table() -> bytes:
    """Web of Science's tab-delimited file: marked UTF-8, CRLF, nothing quoted."""
    names = WOS_TAGS.split(",")
    lines = ["\t".join(names), "\t".join(WOS_TAGGED.get(name, "") for name in names), ""]
    return "\r\n".join(lines).encode("utf-8-sig")


FULL_NAMES, BY_INITIALS = ("Wilson, Jane E.", "Today, Bo A."), ("Wilson, JE", "Today, BA")
DOTTED = ("Wilson J.E.", "Today B.A.")
EID, UT = {"accession": "2-s2.0-85193000001"}, {"accession": "WOS:000123456700001"}
PUI, PMID = {"accession": "L2030123456"}, {"pmid": "38707134"}
WORDS, PLUS, HUMANS, WOS = ("exosome", "pain"), ("exosome", "pain", "STEM-CELLS"), ("adult", "human"), "web-of-science"

# file -> database, body, what it must give besides title, year, journal, volume, issue, pages, DOI and abstract
EXPORTS: dict[str, tuple[str, bytes, dict[str, object]]] = {
    "scopus.ris": ("scopus", ended(SCOPUS_RIS, "utf-8-sig"), {"authors": FULL_NAMES, "keywords": WORDS} | EID),
    "scopus.csv": (
        "scopus",
        table([SCOPUS_ROW], SCOPUS_HEADINGS),
        {"authors": DOTTED, "subjects": HUMANS} | EID | PMID,
    ),
    "scopus.bib": ("scopus", SCOPUS_BIBTEX.encode(), {"authors": FULL_NAMES, "keywords": WORDS} | EID | PMID),
    "savedrecs.txt": (WOS, WOS_TEXT.encode("utf-8-sig"), {"authors": FULL_NAMES, "keywords": PLUS} | UT | PMID),
    "savedrecs.ris": (WOS, WOS_RIS.encode(), {"authors": BY_INITIALS, "types": ()} | UT),
    "savedrecs-tab.txt": (WOS, tagged_table(), {"authors": BY_INITIALS} | UT | PMID),
    "savedrecs.bib": (WOS, WOS_BIBTEX.encode(), {"authors": FULL_NAMES} | UT),
    "savedrecs.xlsx": (WOS, xlsx(), {"authors": BY_INITIALS} | UT | PMID),
    "embase.ris": ("embase", ended(EMBASE_RIS), {"authors": DOTTED} | PUI | PMID),
    "embase.csv": ("embase", table([EMBASE_ROW], EMBASE_HEADINGS), {"authors": DOTTED} | PUI | PMID),
}
SCHOLAR: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "PoPCites.csv": (table([PERISH_ROW], PERISH_HEADINGS), ("Wilson JE", "Today BA")),
    "PoPCites.ris": (ended(PERISH_RIS), BY_INITIALS),
    "PoPCites.bib": (PERISH_BIBTEX.encode(), ("Wilson, JE", "Today, BA")),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_told_read_whole_and_stored_under_the_protocol_s_search(
    cli: Cli, store: Store, tmp_path: Path, name: str
) -> None:
    database, body, expected = EXPORTS[name]
    (tmp_path / name).write_bytes(body)
    run, (kept,) = imported(cli, store, tmp_path / name)
    assert (run["database"], run["strategy"], run["retrieved"]) == (database, STRATEGIES[database], 1)
    assert (kept.title, kept.year, kept.journal.lower()) == ("Vesicles for pain", 2024, "regenerative medicine")
    assert (kept.volume, kept.issue, kept.pages, kept.doi) == ("19", "2", "12-19", "10.1000/a.b")
    assert kept.abstract.startswith(ABSTRACT)
    assert kept.issns == ("1234-567X",)
    assert kept.language == "English"
    assert kept.types == expected.get("types", ("Article",))
    assert {field: getattr(kept, field) for field in expected} == expected


@pytest.mark.parametrize("name", SCHOLAR)
def test_what_publish_or_perish_saved_of_google_scholar_is_read(
    cli: Cli, store: Store, tmp_path: Path, name: str
) -> None:
    body, authors = SCHOLAR[name]
    (tmp_path / name).write_bytes(body)
    run, (kept,) = imported(cli, store, tmp_path / name, "--database", "google-scholar")
    assert (run["database"], run["strategy"]) == ("google-scholar", STRATEGIES["google-scholar"])
    assert (kept.title, kept.year, kept.journal) == ("Vesicles for pain", 2024, "Regenerative Medicine")
    assert kept.authors == authors
    assert kept.url == "https://example.org/vesicles"
    assert (kept.volume, kept.pages) == ("", "")


def test_what_zotero_collected_from_google_scholar_is_read(cli: Cli, store: Store, tmp_path: Path) -> None:
    (tmp_path / "Exported Items.ris").write_bytes(ended(ZOTERO_RIS))
    run, (kept,) = imported(cli, store, tmp_path / "Exported Items.ris", "--database", "google-scholar")
    assert run["database"] == "google-scholar"
    assert (kept.title, kept.authors, kept.pages) == ("Vesicles for pain", FULL_NAMES, "12-19")


def test_web_of_science_s_own_excel_file_is_of_the_old_kind_and_is_read(cli: Cli, store: Store) -> None:
    run, (first, second) = imported(cli, store, DATA / "wos.xls")
    assert (run["database"], run["strategy"]) == ("web-of-science", STRATEGIES["web-of-science"])
    assert (first.title, first.year, first.pages, first.pmid) == ("Vesicles for pain", 2024, "12-19", "38707134")
    assert (first.abstract, first.accession) == ("It helped.", "WOS:000123456700001")
    assert (second.title, second.pages, second.line) == ("Another study", "e1234", 3)


@pytest.mark.parametrize(
    ("name", "database"), [("scopus.json", "scopus"), ("wos.json", "web-of-science"), ("embase.json", "embase")]
)
def test_an_answer_of_an_api_that_was_saved_by_hand_is_imported_like_an_export(
    cli: Cli, store: Store, name: str, database: str
) -> None:
    run, kept = imported(cli, store, DATA / name)
    assert (run["database"], run["strategy"]) == (database, STRATEGIES[database])
    assert len(kept) == run["retrieved"] >= 2


def test_two_batches_of_one_export_are_one_search_and_are_all_stored(cli: Cli, store: Store, tmp_path: Path) -> None:
    second = (
        WOS_TEXT.replace("Vesicles for\n   pain", "Discs again").replace("00001\n", "00002\n").replace("a.b", "c.d")
    )
    (tmp_path / "savedrecs.txt").write_bytes(WOS_TEXT.encode("utf-8-sig"))
    (tmp_path / "savedrecs(1).txt").write_bytes(second.encode("utf-8-sig"))
    result = cli(
        "import", str(tmp_path / "savedrecs.txt"), str(tmp_path / "savedrecs(1).txt"), "--date", "2024-03-18", "--json"
    )
    assert result.code == 0
    assert json.loads(result.out)["run"]["retrieved"] == 2
    assert [each.title for each in store.citations()] == ["Vesicles for pain", "Discs again"]
