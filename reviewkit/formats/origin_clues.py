"""By what an export file shows the database and platform that it comes from, as data: a new database is a line here."""

import re

# what a file says of itself -> name in DATABASES; the first that fits. Ovid writes "Ovid MEDLINE(R) ALL <1946 to ...>",
# EBSCOhost "CINAHL Complete" or its code "ccm", Zotero's library catalog "PubMed".
DATABASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), name)
    for pattern, name in (
        (r"\bembase\b|^emed|^oemez", "embase"),
        (r"\bpubmed\b|^NLM$", "pubmed"),
        (r"cochrane central|register of controlled trials|^central$|^cctr$", "central"),
        (r"cochrane database of systematic|^coch$|^cochrane reviews?$", "cochrane-reviews"),
        (r"\bcinahl\b|^(?:ccm|c8h|cin20|rzh|jlh|cul)$", "cinahl"),
        (r"\bpsyc ?info\b|^(?:psyh|psyc\w{0,3})$", "psycinfo"),
        (r"\bmedline\b|^(?:cmedm|mdc|mnh|med[alp0-9]\w{0,4}|ppez\w?|prem\w?)$", "medline"),
        (r"\bscopus\b", "scopus"),
        (r"\bweb of science\b|^wos$|science citation index", "web-of-science"),
        (r"\bgoogle scholar\b", "google-scholar"),
        (r"\blilacs\b", "lilacs"),
        (r"\beurope ?pmc\b", "europe-pmc"),
        (r"\bopenalex\b", "openalex"),
        (r"clinical ?trials\.gov", "clinicaltrials-gov"),
        (r"\bictrp\b", "ictrp"),
        (r"^isrctn", "isrctn"),
        (r"^eric\b|\beric \(|education resources information", "eric"),
        (r"^amed\b|allied and complementary medicine", "amed"),
        (r"\bsport ?discus\b|^(?:s3h|sph)$", "sportdiscus"),
        (r"\bbiosis\b", "biosis"),
        (r"\bscielo\b", "scielo"),
        (r"\bieee xplore\b", "ieee-xplore"),
        (r"\bacm digital library\b|acm guide to computing", "acm"),
        (r"\bsemantic scholar\b", "semantic-scholar"),
        (r"^dimensions\b", "dimensions"),
        (r"^(?:the )?lens(?:\.org)?$", "lens"),
        (r"dissertations (?:&|and) theses|^pqdt", "proquest-dissertations"),
    )
)

PLATFORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), name)
    for pattern, name in (
        (r"\bovid\b|ovidsp|ovidweb", "Ovid"),
        (r"\bebsco|search\.ebsco", "EBSCOhost"),
        (r"\bproquest\b", "ProQuest"),
        (r"\bembase\.com", "embase.com"),
        (r"\bcochrane ?library\b", "Cochrane Library"),
        (r"\bwebof(?:science|knowledge)\.com|clarivate", "Web of Science"),
        (r"\bbvsalud\.org", "VHL Regional Portal"),
        (r"\bpublish or perish\b", "Publish or Perish"),
    )
)

# An accession number or address that only one database gives, the surest first, with the platform where it shows that.
NUMBERS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), name, platform)
    for pattern, name, platform in (
        (r"^CN-\d{8}\b|/central/CN-\d{8}\b", "central", ""),
        (r"^CD\d{6}\b", "cochrane-reviews", ""),
        (r"embase\.com/\S{0,200}(?:viewrecord|\bid=L?\d)|^L\d{7,10}$", "embase", ""),
        (r"^(?:WOS|ISI):\w|webofscience\.com/wos/woscc", "web-of-science", "Web of Science"),
        (r"^MEDLINE:\d", "medline", "Web of Science"),
        (r"^(?:BCI|BIOSIS):\w", "biosis", "Web of Science"),
        (r"^SCIELO:\w", "scielo", "Web of Science"),
        (r"\b2-s2\.0-\d{5,}|scopus\.com/(?:inward|record)", "scopus", ""),
        (r"^PREV\d{10,}$", "biosis", ""),
        (r"scholar\.google\.[a-z.]{2,6}/", "google-scholar", ""),
    )
)

# Addresses that may have been copied from elsewhere: they count where nothing else names a database.
ADDRESSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"trialsearch\.who\.int", "ictrp"),
        (r"clinicaltrials\.gov/(?:study|ct2/show|show)/NCT\d{8}", "clinicaltrials-gov"),
        (r"www\.isrctn\.com/ISRCTN\d{8}", "isrctn"),
        (r"api\.openalex\.org|openalex\.org/W\d", "openalex"),
        (r"semanticscholar\.org/paper", "semantic-scholar"),
        (r"app\.dimensions\.ai/", "dimensions"),
        (r"\blens\.org/", "lens"),
    )
)

# Codes of databases in the addresses of EBSCOhost (db=ccm) and Ovid (D=med5).
CODES = re.compile(r"(?:ebsco\S{0,200}[?&]db=|ovid\S{0,200}[?&]D=)(\w{2,8})")

# Headings that only one database or program writes, compared as in `headings.plain` -> name in DATABASES.
TABLES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("nctnumber", "studytitle", "studystatus")), "clinicaltrials-gov"),
    (frozenset(("nctnumber", "title", "status", "studyresults")), "clinicaltrials-gov"),
    (frozenset(("trialid", "publictitle", "sourceregister")), "ictrp"),
    (frozenset(("trialid", "publictitle", "lastrefreshedon")), "ictrp"),
    (frozenset(("isrctn", "title", "recruitmentstatus")), "isrctn"),
    (frozenset(("pmid", "title", "citation", "createdate")), "pubmed"),
    (frozenset(("utuniquewosid",)), "web-of-science"),
    (frozenset(("sourcetitle", "eid", "citedby")), "scopus"),
    (frozenset(("embaseaccessionid",)), "embase"),
    (frozenset(("pui", "medlinepmid")), "embase"),
    (frozenset(("cochranetrialid",)), "central"),
    (frozenset(("cochranereviewid",)), "cochrane-reviews"),
    (frozenset(("authorstring", "journaltitle", "isopenaccess")), "europe-pmc"),
    (frozenset(("documenttitle", "dateaddedtoxplore")), "ieee-xplore"),
    (frozenset(("paperid", "venue", "publicationtypes")), "semantic-scholar"),
    (frozenset(("lensid",)), "lens"),
    (frozenset(("publicationid", "dimensionsurl")), "dimensions"),
)
PLATFORM_TABLES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("shortdbname", "longdbname")), "EBSCOhost"),
    (frozenset(("storeid", "documenturl")), "ProQuest"),
)
# Headings of the cells that may name a database, and of those that may hold its number or address.
NAMING = frozenset((
    "source", "database", "databases", "databasename", "datasource", "db", "provider", "librarycatalog", "shortdbname",
    "longdbname",
))  # fmt: skip
NUMBERING = frozenset((
    "eid", "ut", "utuniquewosid", "accession", "accessionnumber", "an", "key", "id", "url", "link", "urls", "notes",
    "articleurl", "citesurl", "relatedurl", "pui", "webaddress", "plink", "documenturl",
))  # fmt: skip
PREFACE = re.compile(
    r"^\W{0,3}Database\(?s?\)?:\s{0,5}([^\n,]{1,200})", re.I | re.M
)  # Ovid's lines before the headings
SCHOLAR = frozenset(
    ("gsrank", "querydate")
)  # Publish or Perish, whatever it asked; without another clue, Google Scholar

# Programs that write files of entries but search nothing.
PROGRAM_TABLES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("covidencenumber",)), "Covidence"),
    (frozenset(("key", "pubmedid", "pmcid", "location", "notes")), "Rayyan"),
    (frozenset(("key", "itemtype", "manualtags")), "a Zotero library"),
    (frozenset(("asreviewlabel",)), "ASReview"),
    (frozenset(("includedasreview",)), "ASReview"),
)
PROGRAMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\brayyan-\d+|RAYYAN-INCLUSION"), "Rayyan"),
    (re.compile(r"^#?\d+ ?\[Covidence|\bCovidence\b.{0,20}#\d"), "Covidence"),
    (re.compile(r"ASReview_(?:relevant|irrelevant|not_seen)"), "ASReview"),
)
SCREENING = frozenset(
    ("Rayyan", "Covidence", "ASReview")
)  # what they hold was searched elsewhere and often chosen from
