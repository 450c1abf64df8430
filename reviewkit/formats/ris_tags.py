"""RIS tags as data: which tag of which program holds which field. A new dialect is a line here."""

# field -> tags, the preferred one first; the first that says something is taken.
TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT", "BT", "ST"),  # ST: the short title, better than none
    "vernacular_title": ("TT", "OT"),
    "abstract": ("AB", "N2"),
    "volume": ("VL", "VO"),
    "issue": ("IS", "CP"),
    "article_number": ("C7", "AR"),  # EndNote, Scopus: C7; Web of Science: AR
    "language": ("LA", "LG"),
    "publisher": ("PB", "PU"),  # Web of Science: PU
}

AUTHORS = ("AU", "A1")
# A2 and the like are editors, series editors or, in Ovid's PsycINFO, authors that are cited: only of a whole work
# that names no author do they stand for its authors.
EDITORS = (("ED", "A2"), ("A3",))
WHOLE_WORKS = frozenset(("BOOK", "EBOOK", "EDBOOK", "SER", "RPRT", "GOVDOC", "ENCYC", "DICT", "PAMP", "CTLG"))

LISTS: dict[str, tuple[str, ...]] = {
    "keywords": ("KW", "DE"),
    "notes": ("N1", "RN"),
    "issns": ("SN", "EI"),
    "types": ("M3", "PT"),  # CENTRAL: both
    "addresses": ("UR", "LK", "L2", "L1", "US"),  # US: CENTRAL
}

LINES = frozenset((*LISTS["keywords"], *LISTS["notes"], "M2", "UR"))  # each line without a tag is an item of its own
PROSE = frozenset((*TEXTS["abstract"], *LISTS["notes"], "FX", "AD"))  # where a line may look tagged and is not

# Full names first. JO holds the full name in some programs (Springer) and the short one in others (Embase, Wiley),
# so it is the journal only where none of the others is there, and the abbreviation where one is.
JOURNAL = ("JF", "T2", "BT", "JO", "T3")
ABBREVIATION = ("JA", "J2", "JI", "J9", "J1", "JO")

YEAR = ("PY", "Y1", "DA", "YR")  # never Y2, the day on which someone looked
DATE = ("DA", "Y1", "PY")

# M3: SpringerLink and EndNote; L3: Zotero; L2, UR: a resolver's address; ID: some PubMed converters.
DOI = ("DO", "DI", "DOI", "M3", "L3", "UR", "L2", "LK")

# Where a PMID, PMCID or registration number may stand. The C and U tags are "custom" in RIS: what is in them is
# believed only where it can be nothing else.
#   PMID: in PM, or "PMID: 1" anywhere here; digits in AN when DB says PubMed or MEDLINE (EndNote, ProQuest); in C5
#         (Embase.com); in C2 when DB says Scopus; "1[pmid]" in U1 (HubMed); "PUBMED 1" in C3 (CENTRAL); "PMID: 1" on
#         a line of M2 or N1 (Zotero's Extra); "PMID: NLM1" within N1 (CINAHL); in ID or UR of Ovid's MEDLINE.
#   PMCID: "PMC1", in C2 (EndNote) or any other.
#   Registration numbers by their shape: AN and ID of register exports (CENTRAL, ICTRP), U3 of reviewkit, "CTGOV NCT1"
#         in C3 (CENTRAL), CN (Embase.com), and the addresses of registers.
IDENTIFIERS = frozenset((
    "PMID", "PM", "PMC", "PMCI", "AN", "ID", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "CN", "XR",
    "U1", "U2", "U3", "U4", "U5",
))  # fmt: skip
ACCESSION = ("AN", "UT", "U2")  # UT: Web of Science; U2: Embase.com ("L2001234567")

# Nothing is taken from these, which are long: affiliations, funding, addresses of publishers and for reprints.
UNREAD = frozenset(("AD", "RP", "FU", "FX", "PA", "PI", "CA", "AV", "CR"))

KNOWN = frozenset((
    *UNREAD, "TY", "ER", "DB", "DP", "CY", "EP", "SP", "ET", "M1", "M2", "NV", "OP", "SE", "SV", "TA", "Y2", "C9",
    "L4", "LB", "N3", "A4", "A5", "RI", "T4", "PP", "DS", "WE", "NS",
    *(tag for tags in TEXTS.values() for tag in tags), *(tag for tags in LISTS.values() for tag in tags),
    *AUTHORS, *(tag for group in EDITORS for tag in group), *JOURNAL, *ABBREVIATION, *YEAR, *DATE, *DOI, *IDENTIFIERS,
    *ACCESSION,
))  # fmt: skip

# TY -> what it is called in Citation.types where M3 does not say it better; '' where it says nothing.
TYPES: dict[str, str] = {
    "JOUR": "", "GEN": "", "EJOUR": "", "JFULL": "", "ABST": "Abstract", "BOOK": "Book", "EBOOK": "Book",
    "CHAP": "Book chapter", "ECHAP": "Book chapter", "EDBOOK": "Edited book", "CONF": "Conference proceedings",
    "CPAPER": "Conference paper", "THES": "Thesis", "RPRT": "Report", "GOVDOC": "Government document",
    "UNPB": "Unpublished work", "MANSCPT": "Manuscript", "INPR": "In press", "DATA": "Dataset", "AGGR": "Dataset",
    "ELEC": "Web page", "BLOG": "Blog", "PAT": "Patent", "NEWS": "Newspaper article", "MGZN": "Magazine article",
    "CTLG": "Catalogue", "SER": "Serial", "STAND": "Standard", "VIDEO": "Video", "CLSWK": "Classical work",
    "DBASE": "Database", "SLIDE": "Slides", "PAMP": "Pamphlet", "ENCYC": "Encyclopedia article",
    "DICT": "Dictionary entry", "UNPD": "Unpublished work",
}  # fmt: skip

# Citation.types -> the TY that reviewkit writes; other types are journal articles.
WRITTEN_TYPES: dict[str, str] = {
    "book": "BOOK", "books": "BOOK", "book chapter": "CHAP", "conference paper": "CPAPER", "thesis": "THES",
    "dissertation": "THES", "academic dissertation": "THES", "report": "RPRT", "technical report": "RPRT",
    "dataset": "DATA", "web page": "ELEC", "preprint": "UNPB", "patent": "PAT", "newspaper article": "NEWS",
}  # fmt: skip
