"""The column headings by which other programs' tables are read, as data: a new program is a line here."""

import re
from functools import lru_cache

_MISREAD_MARK = "ï»¿"  # UTF-8's byte-order mark, read as Windows-1252 and saved so


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """Return a heading as it is compared: letters and digits, lower case."""
    return re.sub(r"[\W_]+", "", heading.removeprefix(_MISREAD_MARK).replace("#", "number")).lower()


# field -> headings in order of preference, compared without case, blanks and punctuation.
# Seen in: reviewkit, PubMed CSV, Europe PMC, Scopus, Web of Science (full headings and two-letter tags), Embase, Ovid
# (field names and two-letter tags), Cochrane Library, EBSCO (CINAHL; old and new pages), ProQuest, IEEE Xplore,
# Dimensions, Lens, OpenAlex, Crossref clients, LILACS, Springer, Semantic Scholar, Zotero, EndNote, Mendeley, JabRef,
# RefWorks, Covidence, Rayyan, DistillerSR, EPPI, ASReview, revtools, bibliometrix, Publish or Perish,
# ClinicalTrials.gov (old and new) and WHO ICTRP.
HEADINGS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "primary title", "title primary", "item title", "study title",
        "scientific title", "public title", "brief title", "official title", "report title", "title of article",
        "reference title", "paper title", "publication title primary", "titles", "display name", "TI", "T1",
    ),
    "vernacular_title": (
        "vernacular title", "original title", "foreign title", "original non-English title", "translated title",
        "alternate title", "TT",
    ),
    "abstract": (
        "abstract", "abstract note", "abstract text", "abstracts", "brief summary", "abstract summary", "summary",
        "AB", "N2",
    ),
    "authors": (
        "authors", "author", "author names", "author full names", "authors primary", "author list", "author string",
        "authorships author display name", "author display name", "creators", "creator", "contributors", "full author",
        "AU", "A1", "AF", "first author", "primary sponsor", "sponsor", "lead sponsor", "sponsor collaborators",
    ),
    "year": (
        "year", "publication year", "published year", "pub year", "year of publication", "year published",
        "year of pub", "date year", "PY", "YR",
    ),
    "date": (
        "date", "publication date", "date of publication", "published date", "date published", "cover date",
        "pub date", "pubdate free from", "issued", "published print", "published online", "published",
        "first publication date", "date registration", "date registration 3", "first posted", "first submitted",
        "PD", "DP", "date registered",
    ),
    "month": ("month", "published month", "publication month"),
    "day": ("day", "published day", "publication day"),
    "journal": (
        "journal", "source title", "publication title", "journal/book", "journal name", "journal title",
        "secondary title", "periodical", "periodical full", "container title", "publication name", "published in",
        "host publication", "pub title", "parent title", "book title", "venue",
        "primary location source display name", "host venue display name", "JN", "T2", "JO", "JF", "source", "SO",
    ),
    "journal_abbreviation": (
        "journal abbreviation", "abbreviated source title", "journal iso abbreviation", "ISO abbreviation",
        "periodical abbrev", "journal abbrev", "abbreviated journal", "J9", "JI", "JA", "TA",
    ),
    "volume": ("volume", "vol", "volume number", "journal volume", "biblio volume", "VL", "VO", "VI"),
    "issue": ("issue", "number", "issue number", "issue/part", "journal issue", "biblio issue", "IS", "IP"),
    "pages": ("pages", "page", "pagination", "page range", "page numbers", "page info", "PG", "pp"),
    "start": ("page start", "start page", "first page", "biblio first page", "BP", "SP"),
    "end": ("page end", "end page", "last page", "biblio last page", "other pages", "EP"),
    "article_number": ("art. no.", "article number", "article no", "AR", "e-location", "elocation id"),
    "doi": (
        "doi", "digital object identifier", "DI", "DO", "DOI link", "item DOI", "DOI number", "DOI URL", "ids doi",
        "book DOI",
    ),
    "pmid": (
        "pmid", "pubmed id", "medline pmid", "pubmed", "pubmed number", "pubmed unique identifier", "ids pmid",
        "PMID number", "PM",
    ),
    "pmcid": ("pmcid", "pmc id", "pmc", "PubMed Central ID", "ids pmcid", "PMCID number"),
    "registration": (
        "registration", "registrations", "registration number", "NCT number", "NCT ID", "trial registration",
        "trial registration number", "trial id", "clinical trial number", "clinical trial numbers",
        "clinical trial registry number", "register number", "main id", "other ids", "secondary id", "secondary ids",
    ),
    "issn": ("issn", "issns", "ISSN/ISBN", "journal issn", "SN", "print issn", "primary location source issn"),
    "eissn": ("eissn", "e-issn", "electronic issn", "online issn", "EI"),
    "accession": (
        "accession number", "accession", "UT (unique WOS ID)", "unique WOS ID", "UT", "EID", "PUI", "PUI number",
        "embase accession id", "embase accession number", "lens id", "publication id", "store id", "covidence #",
        "accession no", "cochrane review id", "cochrane trial id", "unique identifier", "UI", "AN", "ext id",
        "paper id", "openalex id", "key", "record id", "rec id", "ref id", "item id", "citation key", "bibtex key",
        "identifier", "CN", "id",
    ),
    "language": (
        "language", "language of original document", "language of article", "article language", "original language",
        "languages", "LA", "LG",
    ),
    "types": (
        "document type", "document types", "publication type", "publication types", "item type", "type of reference",
        "reference type", "entry type", "doc type", "doc types", "pub type", "pub types", "content type", "study type",
        "type", "types", "DT", "article type",
    ),
    "keywords": (
        "keywords", "keyword", "author keywords", "manual tags", "keywords display name", "conditions", "condition",
        "interventions", "intervention", "DE", "KW",
    ),
    "subjects": (
        "subjects", "index keywords", "mesh terms", "mesh", "mesh heading", "mesh headings", "mesh subject headings",
        "subject headings", "subject heading", "subject terms", "descriptors", "emtree", "emtree drug index terms",
        "emtree medical index terms", "emtree device index terms", "emtree terms", "keywords plus", "automatic tags",
        "IEEE terms", "MH",
    ),
    "publisher": ("publisher", "publisher name", "source register", "register", "book publisher", "PU", "PB"),
    "url": (
        "url", "article url", "urls", "link", "study url", "web address", "full text link", "fulltext url",
        "full text url", "document url", "external url", "permalink", "plink", "PDF link", "landing page url",
        "dimensions url", "UR",
    ),
    "notes": ("notes", "note", "extra", "remarks", "comments"),
    "related": ("related",),
    "added": ("added",),
    "status": ("processing status", "study status"),  # the second is ClinicalTrials.gov's
    "results": ("results first posted",),  # the day on which ClinicalTrials.gov posted them; goes into the status
    "own": ("reviewkit",),  # what has no column of its own, in files of reviewkit
    # The whole of journal, year, volume and pages in one text; read where no column has them on its own.
    "cited": ("citation", "source citation", "bibliographic citation"),
}  # fmt: skip

# Two-letter tags that mean different things: (tags that tell the program) -> field of a heading in its tables, '' for
# one that is not read: Web of Science's PG is a number of pages, its SP a conference's sponsor.
DIALECTS: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (
        frozenset(("ti", "so", "py")),
        {"id": "subjects", "pg": "", "sp": "", "ps": "pages", "ft": "vernacular_title"},
    ),  # Web of Science, bibliometrix: ID is "Keywords Plus"; BIOSIS and Zoological Record write pages under PS
    (
        frozenset(("ti", "yr")),
        {"is": "issn", "so": "cited", "pt": "types"},
    ),  # Ovid: IS is the ISSN, SO the whole source
    (frozenset(("ti", "vo", "ip")), {"is": "issn", "so": "cited", "pt": "types"}),
    (frozenset(("uniqueidentifier", "title", "source")), {"source": "cited"}),  # Ovid, with the fields' names
)

OWN_IDS = ("id", "record id", "rec id", "key", "identifier", "uid")  # a table's own name of its rows

SYNONYMS = {"registrations": "registration", "issns": "issn"}  # fields of Citation that a table has under others

EXPECTED = "title, authors, year, journal, volume, issue, pages, doi, pmid, pmcid, registration, notes"
