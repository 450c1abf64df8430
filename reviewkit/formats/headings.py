"""The column headings by which other programs' tables are read, as data: a new program is a line here."""

import re
from collections.abc import Sequence

# field -> headings in order of preference, compared without case, blanks and punctuation.
# Seen in: reviewkit, PubMed CSV, Scopus, Web of Science (full headings and two-letter tags), Embase, Zotero, EndNote,
# Covidence, Rayyan, ASReview, Publish or Perish, Dimensions, Lens, ClinicalTrials.gov, WHO ICTRP.
HEADINGS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "primary title", "item title", "study title", "scientific title",
        "public title", "report title", "title of article", "reference title", "TI", "T1",
    ),
    "vernacular_title": ("vernacular title", "original title", "foreign title"),
    "abstract": ("abstract", "abstract note", "abstract text", "brief summary", "AB", "N2"),
    "authors": (
        "authors", "author", "author names", "author full names", "authors primary", "author(s)", "first author",
        "sponsor", "AU", "A1",
    ),
    "year": (
        "year", "publication year", "published year", "pub year", "year of publication", "year published", "PY",
    ),
    "date": (
        "date", "publication date", "date of publication", "published date", "cover date", "PD", "first posted",
        "date registration",
    ),
    "month": ("month", "published month"),
    "day": ("day", "published day"),
    "journal": (
        "journal", "source title", "publication title", "journal/book", "journal name", "journal title",
        "secondary title", "periodical", "container title", "publication name", "published in", "host publication",
        "source", "source register", "SO",
    ),
    "journal_abbreviation": (
        "journal abbreviation", "abbreviated source title", "journal iso abbreviation", "ISO abbreviation", "J9", "JI",
    ),
    "volume": ("volume", "vol", "VL"),
    "issue": ("issue", "number", "issue number", "IS"),
    "pages": ("pages", "page", "pagination", "page range", "page numbers"),
    "start": ("page start", "start page", "first page", "BP"),
    "end": ("page end", "end page", "last page", "EP"),
    "article_number": ("art. no.", "article number", "article no", "AR"),
    "doi": ("doi", "digital object identifier", "DI", "DOI link"),
    "pmid": ("pmid", "pubmed id", "pubmed_id", "medline pmid", "PM"),
    "pmcid": ("pmcid", "pmc id", "pmc"),
    "registration": (
        "registration", "registration number", "registrations", "NCT number", "trial registration", "trial id",
        "clinical trial number", "clinical trial numbers", "register number", "main id",
    ),
    "issn": ("issn", "ISSN/ISBN", "SN", "print issn"),
    "eissn": ("eissn", "e-issn", "electronic issn", "EI"),
    "accession": (
        "accession number", "accession", "UT (unique WOS ID)", "UT", "EID", "PUI", "embase accession id", "lens id",
        "covidence #", "accession no", "key", "record id", "id",
    ),
    "language": ("language", "language of original document", "LA"),
    "types": (
        "document type", "publication type", "item type", "type of reference", "reference type", "study type", "type",
        "DT",
    ),
    "keywords": ("keywords", "author keywords", "manual tags", "DE", "KW"),
    "subjects": ("index keywords", "mesh terms", "subject headings", "emtree", "keywords plus", "automatic tags"),
    "publisher": ("publisher", "PU", "PB"),
    "url": ("url", "article url", "urls", "link", "study url", "web address", "full text link", "UR"),
    "notes": ("notes", "note", "extra", "remarks", "comments"),
}  # fmt: skip

EXPECTED = "title, authors, year, journal, volume, issue, pages, doi, pmid, pmcid, registration, notes"


def plain(heading: str) -> str:
    """Return a heading as it is compared: letters and digits, lower case."""
    return re.sub(r"[\W_]+", "", heading.replace("#", "number")).lower()


_RANKS: dict[str, tuple[str, int]] = {}
for _field, _names in HEADINGS.items():
    for _rank, _heading in enumerate(_names):
        _RANKS.setdefault(plain(_heading), (_field, _rank))


def columns(headings: Sequence[str]) -> dict[str, list[int]]:
    """Return field -> its columns, the preferred heading first; a heading that is not known has no place."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, heading in enumerate(headings):
        if known := _RANKS.get(plain(heading)):
            found.setdefault(known[0], []).append((known[1], place))
    return {field: [place for _, place in sorted(places)] for field, places in found.items()}
