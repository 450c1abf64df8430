"""The tables of the databases and programs, one invented record each: every column that says something is read."""

import io
from typing import Any

import pytest

from reviewkit.formats import detect
from reviewkit.formats.rows import recognised
from reviewkit.formats.table import parse_csv_with_ids
from tests.formats.reading import DATA, read, read_data

WILSON = ("Wilson, Jane E.", "Today, B. A.")
WILSON_BY_INITIALS = ("Wilson J.E.", "Today B.A.")
BIBLIOGRAPHY: dict[str, Any] = {
    "title": "Vesicles for pain", "authors": WILSON, "year": 2024, "journal": "Regenerative Medicine", "volume": "19",
    "issue": "2", "pages": "12-19", "doi": "10.1000/a.b", "pmid": "", "pmcid": "", "registrations": (),
}  # fmt: skip
PUBMED = {"pmid": "38707134"}
PMC = {"pmid": "38707134", "pmcid": "PMC11068073"}
ISSNS = ("1234-567X", "2345-6789")
PAIN = ("exosome", "pain")
HUMANS = ("Adult", "Humans")
REGISTER = {"journal": "", "volume": "", "issue": "", "pages": "", "doi": "", "year": 2022}

# fixture -> what differs from BIBLIOGRAPHY, and what else must be there
PROGRAMS: dict[str, dict[str, Any]] = {
    "asreview.csv": {"journal": "", "volume": "", "issue": "", "pages": "", "keywords": PAIN, "accession": "0"},
    "bench.csv": PUBMED | {"accession": "r000001", "issns": ("1234-567X",), "language": "eng", "types": ("article",)},
    "bibliometrix.csv": PUBMED
    | {"title": "VESICLES FOR PAIN", "authors": ("WILSON JE", "TODAY BA"), "journal": "REGENERATIVE MEDICINE"}
    | {"keywords": ("EXOSOME", "PAIN"), "subjects": ("STEM-CELLS", "DISC"), "accession": "WOS:000123456700001"},
    "central.csv": PUBMED
    | {"authors": ("Wilson JE", "Today BA"), "pages": "12‐19", "accession": "CN-02654321", "keywords": HUMANS},
    "crossref.csv": {"date": "2024-03-18", "issns": ISSNS, "abstract": "It helped.", "types": ("journal-article",)},
    "ctgov.csv": REGISTER
    | {"authors": ("Direct Biologics, LLC",), "registrations": ("NCT05514639",), "date": "2022-08-24"}
    | {"url": "https://clinicaltrials.gov/study/NCT05514639", "abstract": "It helped.", "types": ("INTERVENTIONAL",)}
    | {"keywords": ("Low Back Pain", "Sciatica", "DRUG: Exosomes", "DRUG: Saline")},
    "ctgov-old.csv": REGISTER
    | {"authors": ("Direct Biologics, LLC",), "registrations": ("NCT05514639",), "date": "August 24, 2022"},
    "dimensions.csv": PMC | {"date": "2024-03-18", "issns": ISSNS, "subjects": HUMANS, "accession": "pub.1170000001"},
    "distiller.csv": {"issue": "", "accession": "17"},
    "ebsco.csv": {"pages": "12", "date": "Mar2024", "accession": "176543210", "subjects": ("Exosomes", "Back Pain")},
    "ebsco-new.csv": {"date": "20240318", "accession": "176543210", "subjects": ("Exosomes", "Back Pain")},
    "embase.csv": PUBMED
    | {"authors": ("Wilson J.E.", "Today B.A."), "registrations": ("NCT05514639",), "accession": "L2030123456"}
    | {"date": "18 Mar 2024", "subjects": ("adult", "human", "exosome (drug therapy)"), "language": "English"},
    "embase-blocks.csv": PUBMED
    | {"authors": ("Wilson J.E.", "Today B.A."), "registrations": ("NCT05514639",), "accession": "L2030123456"}
    | {"vernacular_title": "Vésicules", "keywords": PAIN, "subjects": ("adult", "human"), "language": "English"},
    "endnote.tsv": {"date": "2024 Mar 18", "accession": "38707134", "keywords": PAIN, "types": ("Journal Article",)},
    "europepmc.csv": PMC | {"title": "Vesicles for pain.", "authors": ("Wilson JE", "Today BA"), "issns": ISSNS},
    "ictrp.csv": REGISTER
    | {"authors": ("University of Somewhere",), "registrations": ("ISRCTN12345678", "NCT05514639")}
    | {"date": "24/08/2022", "publisher": "ISRCTN", "url": "https://www.isrctn.com/ISRCTN12345678"},
    "ieee.csv": {"authors": ("J. E. Wilson", "B. A. Today"), "keywords": PAIN, "subjects": ("Pain", "Diseases")},
    "jabref.csv": {"date": "2024 Mar", "accession": "Wilson2024"},
    "lens.csv": PMC | {"authors": ("Jane E Wilson", "B A Today"), "issns": ISSNS, "accession": "000-123-456-789-01X"},
    "lilacs.csv": {"authors": ("Wilson, Jane E", "Today, B. A"), "subjects": ("Exosomes", "Pain"), "language": "en"},
    "mendeley.csv": PUBMED | {"date": "2024 Mar 18", "keywords": PAIN, "accession": "Wilson2024"},
    "openalex.csv": PMC
    | {"authors": ("Jane E. Wilson", "B. A. Today"), "issns": ISSNS, "keywords": ("Exosome", "Pain")},
    "ovid.csv": {"authors": ("Wilson JE", "Today BA"), "date": "2024 Mar", "accession": "38707134", "subjects": HUMANS},
    "ovid-tags.csv": {"authors": ("Wilson JE", "Today BA"), "date": "2024 Mar", "issns": ("1234-567X",)}
    | {"types": ("Journal Article",)},
    "proquest.csv": {"authors": ("Wilson, Jane E", "Today, B A"), "accession": "3012345678", "date": "Mar 18, 2024"},
    "refworks.csv": {"date": "2024 Mar 18", "journal_abbreviation": "Regen Med", "keywords": PAIN},
    "revtools.csv": {"issns": ("1234-567X",), "language": ""},
    "semantic-scholar.csv": PUBMED
    | {"authors": ("Jane E. Wilson", "B. A. Today"), "volume": "", "issue": "", "pages": "", "accession": "0a1b2c"},
    "springer.csv": {"authors": ("Jane E. Wilson", "B. A. Today"), "pages": "", "types": ("Article",)},
    "wos-full.csv": PUBMED
    | {"authors": ("Wilson, JE", "Today, BA"), "journal": "REGENERATIVE MEDICINE", "date": "2024 MAR 18"}
    | {"subjects": ("STEM-CELLS",), "types": ("Article",), "accession": "WOS:000123456700001"},
    "wos-tab.tsv": PUBMED
    | {"title": '"Vesicles" for pain', "authors": ("Wilson, JE", "Today, BA"), "journal": "REGENERATIVE MEDICINE"}
    | {"abstract": '"It helped. See "methods".', "subjects": ("STEM-CELLS", "DISC"), "issns": ISSNS},
}  # fmt: skip
TOLD = {"dimensions.csv": "About the data: Exported on Mar 18, 2024", "ovid.csv": "Ovid MEDLINE(R) ALL 1946"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_column_of_a_programs_table_is_read(name: str) -> None:
    expected = BIBLIOGRAPHY | PROGRAMS[name]
    citations, findings = read_data("csv", name)
    assert {field: getattr(citations[0], field) for field in expected} == expected
    assert [f.rejected for f in findings] == [False] * (name in TOLD)
    assert all(TOLD[name] in f.message for f in findings)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_the_same_is_read_from_excels_unicode_text(name: str, encoding: str) -> None:
    """Excel's "Unicode text" is UTF-16."""
    text = (DATA / name).read_bytes().decode("utf-8-sig")
    assert detect(text.encode(encoding)) == "csv"
    assert read("csv", text.replace("\n", "\r\n").encode(encoding)) == read_data("csv", name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_recognised_can_be_shown(name: str) -> None:
    shown = recognised((DATA / name).read_bytes())
    assert "title" in [field for _, field in shown]
    assert len(shown) >= 7


def test_the_second_record_of_a_file_made_of_blocks_begins_at_its_title() -> None:
    citations, _ = read_data("csv", "embase-blocks.csv")
    assert [(c.title, c.line, c.authors, c.year) for c in citations] == [
        ("Vesicles for pain", 1, WILSON_BY_INITIALS, 2024),
        ("Another study", 25, ("Doe J.",), 2023),
    ]


def test_a_mark_in_a_web_of_science_file_swallows_no_cell_and_no_row() -> None:
    citations, _ = read_data("csv", "wos-tab.tsv")
    assert [(c.title, c.pages) for c in citations] == [('"Vesicles" for pain', "12-19"), ('Another "study', "e1234")]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("bench.csv", "r000001"),
        ("asreview.csv", "0"),
        ("rayyan.csv", "rayyan-1"),
        ("wos-tab.tsv", ""),
        ("ovid.csv", ""),
    ],
)
def test_each_row_comes_with_the_id_that_its_table_gives_it(name: str, own: str) -> None:
    first = next(
        found for found in parse_csv_with_ids(io.BytesIO((DATA / name).read_bytes())) if isinstance(found, tuple)
    )
    assert first[0] == own


def test_pages_and_foreign_titles_of_biosis_and_zoological_record_are_read() -> None:
    authors = "Wilson, Jane E. (je@example.org) ; Today, B. A."
    cells = ("J", "Vesicles in birds", "Vesikel", authors, "Condor", "2018", "94-105", "BCI:1")
    body = "\n".join("\t".join(row) for row in (("PT", "TI", "FT", "AU", "SO", "PY", "PS", "UT"), cells)).encode()
    entry = read("csv", body)[0][0]
    assert (entry.pages, entry.vernacular_title) == ("94-105", "Vesikel")
    assert entry.authors == ("Wilson, Jane E.", "Today, B. A.")


def test_a_nought_of_publish_or_perish_is_no_volume_and_no_page() -> None:
    body = b"Cites,Authors,Title,Year,GSRank,QueryDate,Volume,Issue,StartPage,EndPage\n"
    entry = read("csv", body + b"3,JE Wilson,Vesicles,2020,1,2024-03-18,0,0,0,0\n")[0][0]
    assert (entry.volume, entry.issue, entry.pages) == ("", "", "")
    other = read("csv", b"Title,Volume\nVesicles,0\n")[0][0]
    assert other.volume == "0"  # where another program wrote it, it may be meant
