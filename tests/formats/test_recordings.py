"""Real PubMed answers, read in place: all parse, nothing is lost, and what was checked by hand is right."""

import io
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from Bio import Medline

from reviewkit.formats import describe, detect
from reviewkit.formats.clean import clean
from reviewkit.formats.ris_write import to_ris
from reviewkit.model.citation import Citation
from tests.formats.reading import read
from tests.formats.recordings import bodies, counts


@pytest.fixture(scope="module")
def recordings(shared: Path) -> Path:
    return shared / "recordings"


@pytest.fixture(scope="module")
def articles(recordings: Path) -> dict[str, Citation]:
    """PMID -> the record, from XML; where a PMID has several copies the first that has a title."""
    found: dict[str, Citation] = {}
    for _, body in bodies(recordings):
        if detect(body[:65536]) == "pubmed-xml":
            for citation in read("pubmed-xml", body)[0]:
                if citation.title:
                    found.setdefault(citation.pmid, citation)
    return found


def test_every_file_holds_as_many_records_as_its_readme_says(recordings: Path) -> None:
    expected = counts(recordings)
    assert len(expected) > 150
    # the README does not count those that come from another database than PubMed
    eric = {"medline/zotero_nbib_4.nbib": 3, "medline/zotero_nbib_6.nbib": 4}
    read_from: Counter[str] = Counter()
    for name, body in bodies(recordings):
        kind = detect(body[:65536])
        if kind:
            citations, findings = read(kind, body)
            read_from[name] += len(citations)
            assert not [f for f in findings if f.rejected], name
    assert {name: eric.get(name, n) for name, (_, n) in expected.items() if n or name in eric} == dict(read_from)


def test_pmids_are_the_records_own_and_in_their_order(recordings: Path) -> None:
    seen = 0
    for name, body in bodies(recordings):
        if detect(body[:65536]) != "pubmed-xml":
            continue
        root = ElementTree.fromstring(body)
        own = [
            e.text for r in root for e in (r.find("MedlineCitation/PMID"), r.find("BookDocument/PMID")) if e is not None
        ]
        assert [c.pmid for c in read("pubmed-xml", body)[0]] == own, name
        seen += len(own)
    assert seen == 604


def test_withdrawn_citations_are_told_and_not_read(recordings: Path) -> None:
    body = (recordings / "bulk" / "tipplerow_pubmed_sample.xml").read_bytes()
    (finding,) = read("pubmed-xml", body)[1]
    assert (finding.rejected, finding.line) == (False, 1655)
    assert "30830050, 30830053, 30830055" in finding.message


def test_every_word_of_titles_and_abstracts_is_there(recordings: Path) -> None:
    """Compare with the bare text of the XML, blanks aside."""

    def bare(text: str) -> str:
        return "".join(c for c in clean(text) if c.isalnum())

    compared = 0
    for name, body in bodies(recordings):
        if detect(body[:65536]) != "pubmed-xml":
            continue
        kept = read("pubmed-xml", body)[0]
        for record, citation in zip(
            (r for r in ElementTree.fromstring(body) if r.tag != "DeleteCitation"), kept, strict=True
        ):
            title = record.find(".//ArticleTitle")
            if title is not None and title.text and "math" not in ElementTree.tostring(title, encoding="unicode"):
                assert bare("".join(title.itertext())) == bare(citation.title), name
            own = record.find("MedlineCitation/Article/Abstract")
            if own is not None and "MathML" not in ElementTree.tostring(own, encoding="unicode"):
                parts = [
                    p.get("Label", "").replace("UNLABELLED", "") + "".join(p.itertext())
                    for p in own.findall("AbstractText")
                ]
                assert bare("".join(parts)) == bare(citation.abstract), name
                compared += 1
    assert compared > 500


def test_every_record_says_what_a_reviewer_needs(articles: dict[str, Citation]) -> None:
    assert len(articles) == 588
    without = {
        field: sorted(pmid for pmid, c in articles.items() if not getattr(c, field))
        for field in ("title", "year", "date", "journal", "added")
    }
    assert without["title"] == []
    assert without["year"] == without["date"] == []
    assert without["journal"] == ["20301295"]  # a whole book
    assert without["added"] == ["1001", "1002", "1003", "20301295", "29292925"]  # their XML has no such date


def test_no_record_reads_as_markup(articles: dict[str, Citation]) -> None:
    for citation in articles.values():
        for text in (citation.title, *citation.abstract.split("\n"), *citation.authors):
            assert not any(mark in text for mark in ("<sup", "<i>", "</", "&amp;", "&lt;", "  ", "\t")), citation.pmid


# Read in the XML by hand: pmid -> what must be so.
CHECKED: dict[str, dict[str, object]] = {
    "12091962": {"year": 1990, "date": "1990 Spring", "authors": ("Olivero JM",), "pages": "113-25"},
    "23657305": {"year": 2013, "date": "2013 Jan-Mar", "doi": "10.1590/s0004-28032013000100008"},
    "40": {"authors": ("Roskoski R Jr", "Lim CT", "Roskoski LM"), "doi": "10.1021/bi00694a013", "date": "1975 Nov 18"},
    "43": {"authors": ("Gilbert HF 3rd", "O'Leary MH"), "pages": "5194-9"},
    "30978": {"year": 1978, "date": "1978 Sep-OCT", "added": "1978-09-01", "language": "rus"},
    "31388331": {"year": 2019, "date": "2019 Apr-Jun", "pmcid": "PMC6684245", "volume": "780", "issue": ""},
    "31540998": {"year": 2019, "date": "2019 Sep/Oct", "doi": "10.1523/ENEURO.0089-19.2019"},
    "31388328": {"authors": (
        "Norhazrina N", "Syazwana N", "Aisyah M", "Aznani H", "Maideen H", "M S Nizam",
    )},
    "31388343": {"registrations": ("NCT01806480",), "pages": "35"},
    "11452036": {"registrations": (), "pmcid": "PMC55807"},  # its data bank is GENBANK
    "31746150": {"registrations": (), "pages": "e972"},
    "31541003": {
        "related": ("RetractionIn:32167152",), "is_retracted": True,
        "types": ("Journal Article", "Retracted Publication"),
        "doi": "10.1042/BSR20182466", "pmcid": "",
    },
    "38962805": {"title": "Correction.", "authors": (), "related": ("ErratumFor:38446048",), "pages": "228-229"},
    "12778222": {"authors": ("National Toxicology Program",), "year": 1982, "doi": ""},
    "21813142": {
        "title": "[Hospitalized surgical patients comanaged by Internal Medicine specialists].",
        "vernacular_title": "Pacientes quirúrgicos ingresados: asistencia compartida con Medicina Interna.",
        "abstract": "", "language": "spa", "doi": "10.1016/j.medcli.2011.05.017", "added": "2011-08-05",
    },
    "36987902": {"language": "eng; nor", "journal_abbreviation": "Tidsskr Nor Laegeforen", "date": "2023 Mar 28"},
    "29292925": {"title": "Psykisk ohälsa, radikalisering och terrorism - Inget säkert samband har kunnat påvisas."},
    "20301382": {
        "title": "Single Large-Scale Mitochondrial DNA Deletion Syndromes", "journal": "GeneReviews®", "year": 2003,
        "authors": ("Goldstein A", "Falk MJ"), "date": "2003 Dec 17", "accession": "NBK1203", "pmcid": "", "doi": "",
        "publisher": "University of Washington, Seattle", "types": ("Review",),
    },
    "20301295": {"title": "GeneReviews™", "authors": ("Pagon RA",), "accession": "NBK1116"},
    "26711635": {"doi": "10.1016/j.diagmicrobio.2015.11.017", "year": 2015, "date": "2015 Dec 1"},
    "32025781": {"authors": (), "related": ("CommentIn:32020328",)},  # its people are investigators
    "29963580": {"pages": "026002", "doi": "10.1117/1.JMI.5.2.026002", "pmcid": "PMC6022861"},
    "38833407": {"related": ("UpdateOf:37873115",), "pages": "67003"},
    "32048627": {"title": "In vitro comparison of the cytotoxic effects of statins in the U266 myeloma cell line."},
}  # fmt: skip


@pytest.mark.parametrize("pmid", sorted(CHECKED))
def test_what_was_read_by_hand_is_read_the_same(articles: dict[str, Citation], pmid: str) -> None:
    assert {field: getattr(articles[pmid], field) for field in CHECKED[pmid]} == CHECKED[pmid]


def test_numbers_do_not_run_together(articles: dict[str, Citation]) -> None:
    assert "3.1 × 10^-3" in articles["31510438"].abstract
    assert "mc2 155" in articles["36598232"].abstract
    assert "TiO2" in articles["26568896"].abstract


def test_formulas_are_text(articles: dict[str, Citation]) -> None:
    assert "32 ppm) via drinking water or DEHP (5 mg/kg-day)" in articles["38833407"].abstract
    assert "3He/129Xe MRI" in articles["29963580"].abstract
    assert "(a+1)/b" in articles["32759406"].abstract


def test_structured_abstracts_are_paragraphs(articles: dict[str, Citation]) -> None:
    labels = [line.split(":")[0] for line in articles["36987902"].abstract.split("\n")]
    assert labels == ["BACKGROUND", "MATERIAL AND METHOD", "RESULTS", "INTERPRETATION"]


def test_medline_text_is_read_as_biopython_reads_it(recordings: Path) -> None:
    compared = 0
    for name, body in bodies(recordings):
        if detect(body[:65536]) != "nbib" or "zotero_nbib_4" in name or "zotero_nbib_6" in name:
            continue
        ours = read("nbib", body)[0]
        theirs = [r for r in Medline.parse(io.StringIO(body.decode().replace("\r\n", "\n"))) if r]
        assert len(ours) == len(theirs), name
        for citation, record in zip(ours, theirs, strict=True):
            assert citation.pmid == record["PMID"].lstrip("0")
            assert citation.title == clean(record.get("TI", ""))
            people = [name for name in record.get("AU", []) if name != "et al."]
            assert [name for name in citation.authors if name in people] == people
            groups = [name for name in citation.authors if name not in people]
            assert " ".join(groups) == clean(" ".join(record.get("CN", [])))  # Biopython parts a name at its line end
            assert citation.abstract.replace("\n", " ") == clean(record.get("AB", ""))
            assert (citation.volume, citation.issue) == (clean(record.get("VI", "")), clean(record.get("IP", "")))
            assert (citation.date, citation.status) == (clean(record.get("DP", "")), record.get("STAT", ""))
            assert citation.added == record.get("CRDT", [""])[0][:10].replace("/", "-")
            compared += 1
    assert compared > 690


def test_every_medline_entry_that_gives_a_doi_has_it(recordings: Path) -> None:
    found = 0
    for name, body in bodies(recordings):
        if detect(body[:65536]) == "nbib" and "zotero_nbib_4" not in name and "zotero_nbib_6" not in name:
            dois = [c.doi for c in read("nbib", body)[0] if c.doi]
            entries = body.decode().replace("\r\n", "\n").split("\n\n")
            assert len(dois) == sum("[doi]" in entry for entry in entries), name
            assert all(doi.startswith("10.") and " " not in doi and "[" not in doi for doi in dois)
            found += len(dois)
    assert found == 282


def test_every_record_survives_being_written_as_ris(articles: dict[str, Citation]) -> None:
    again, findings = read("ris", b"".join(to_ris(articles.values())))
    assert findings == []
    assert len(again) == len(articles)
    for back, citation in zip(again, articles.values(), strict=True):
        for field in (
            "title",
            "abstract",
            "authors",
            "year",
            "date",
            "journal",
            "pages",
            "doi",
            "pmid",
            "pmcid",
            "types",
        ):
            assert getattr(back, field) == getattr(citation, field), (citation.pmid, field)


def test_answers_that_hold_no_records_are_described(recordings: Path) -> None:
    said = {describe(body[:65536]) for _, body in bodies(recordings) if not detect(body[:65536])}
    assert "an HTML page" in said
    assert "a JSON file" in said
    assert "an XML file (eSearchResult) that is neither PubMed's nor EndNote's" in said
