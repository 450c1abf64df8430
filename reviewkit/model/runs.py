"""Search runs: one strategy executed once in one database, or one imported export file."""

import re
from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """Where PRISMA 2020 counts what a run identified."""

    DATABASE = "database"
    REGISTER = "register"
    OTHER = "other"  # websites, organisations, citation searching


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response body as received, or the imported file: its name in the run's folder and its hash.

    `columns` are the headings of an imported table that a person named, each as "heading=field". `file` is the name
    of an imported file as the user had it, where the run holds several.
    """

    name: str
    format: str  # a key of reviewkit.formats.FORMATS
    bytes: int  # size of the body before any compression
    sha256: str  # of the body before any compression
    columns: tuple[str, ...] = ()
    file: str = ""

    def as_columns(self) -> dict[str, str]:
        """The named columns as heading -> field; a heading may hold "=" itself."""
        return {heading: field for heading, _, field in (named.rpartition("=") for named in self.columns)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a strategy as search appendices print it, and how many records it found by itself."""

    label: str  # "1"; the line is referred to as #1
    text: str  # as written: "#1 AND #2"
    count: int = -1  # -1 where it was not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun:
    """What PRISMA-S asks to be told of one search (items 1, 3, 8, 9, 13, 15), and how to replay it.

    `first` is the id of the run's first citation; the run owns ids `first` to `first + retrieved - 1`.
    `reported` is what the database said it found, `retrieved` what was received and kept, `rejected` the
    entries that could not be read. `complete` is False when retrieved + rejected falls short of reported.
    `update` is 0 for the original review, 1 for its first update, and so on: an update's records are counted apart.
    `reported_before` is what the database reported when the search began, where that differs from the end; else 0.
    `since` is set where only records were asked for that the database added on that day or later.
    """

    id: str  # "2024-03-18-pubmed": the folder's name
    database: str  # "pubmed"
    kind: SourceKind = SourceKind.DATABASE
    platform: str = ""
    origin: str = "api"  # "api" or "import"
    file: str = ""  # name of the imported file as the user had it
    date: str  # day of the search, YYYY-MM-DD
    started: str = ""
    finished: str = ""
    strategy: str = ""  # as sent
    translation: str = ""  # how the database read it
    limits: tuple[str, ...] = ()  # "language: english", "published to 2024-03-18"
    warnings: tuple[str, ...] = ()
    reported: int
    retrieved: int
    rejected: int = 0
    complete: bool = True
    first: int
    update: int = 0
    client: str = ""  # software and versions that made the run
    protocol: str = ""  # version of the protocol that the strategy was taken from
    responses: tuple[Response, ...] = ()
    searcher: str = ""  # who ran it
    since: str = ""  # YYYY-MM-DD
    reported_before: int = 0
    lines: tuple[Line, ...] = ()  # of a line-by-line strategy

    @property
    def days(self) -> tuple[str, str]:
        """The days on which it began and ended, which differ where it was interrupted and went on."""
        return (self.date, self.finished[:10])

    @property
    def ids(self) -> range:
        """The citation ids that the run owns."""
        return range(self.first, self.first + self.retrieved)


DATABASES: dict[str, tuple[str, SourceKind]] = {
    # name in protocols and folders -> label in diagrams and reports, where PRISMA counts it
    "pubmed": ("PubMed", SourceKind.DATABASE),
    "medline": ("MEDLINE", SourceKind.DATABASE),
    "scopus": ("Scopus", SourceKind.DATABASE),
    "web-of-science": ("Web of Science", SourceKind.DATABASE),
    "embase": ("Embase", SourceKind.DATABASE),
    "google-scholar": ("Google Scholar", SourceKind.DATABASE),
    "europe-pmc": ("Europe PMC", SourceKind.DATABASE),
    "openalex": ("OpenAlex", SourceKind.DATABASE),
    "crossref": ("Crossref", SourceKind.DATABASE),
    "cinahl": ("CINAHL", SourceKind.DATABASE),
    "psycinfo": ("PsycInfo", SourceKind.DATABASE),
    "central": ("CENTRAL", SourceKind.DATABASE),
    "cochrane-reviews": ("Cochrane Database of Systematic Reviews", SourceKind.DATABASE),
    "lilacs": ("LILACS", SourceKind.DATABASE),
    "amed": ("AMED", SourceKind.DATABASE),
    "sportdiscus": ("SPORTDiscus", SourceKind.DATABASE),
    "eric": ("ERIC", SourceKind.DATABASE),
    "biosis": ("BIOSIS", SourceKind.DATABASE),
    "scielo": ("SciELO", SourceKind.DATABASE),
    "ieee-xplore": ("IEEE Xplore", SourceKind.DATABASE),
    "acm": ("ACM Digital Library", SourceKind.DATABASE),
    "dimensions": ("Dimensions", SourceKind.DATABASE),
    "lens": ("The Lens", SourceKind.DATABASE),
    "semantic-scholar": ("Semantic Scholar", SourceKind.DATABASE),
    "proquest-dissertations": ("ProQuest Dissertations & Theses", SourceKind.DATABASE),
    "clinicaltrials-gov": ("ClinicalTrials.gov", SourceKind.REGISTER),
    "ictrp": ("WHO ICTRP", SourceKind.REGISTER),
    "isrctn": ("ISRCTN", SourceKind.REGISTER),
    "websites": ("Websites", SourceKind.OTHER),
    "organisations": ("Organisations", SourceKind.OTHER),
    "citation-searching": ("Citation searching", SourceKind.OTHER),
}


def database_label(database: str) -> str:
    """The name of a database as printed; an unknown one is printed with its hyphens as spaces, capitalised."""
    if database in DATABASES:
        return DATABASES[database][0]
    return database.replace("-", " ").capitalize()


def database_in(run: str) -> str:
    """The database that the id of a search run names: "2024-03-18-web-of-science-2" is a run of web-of-science."""
    found = _RUN_ID.fullmatch(run)
    return found[1] if found else ""


_RUN_ID = re.compile(r"\d{4}-\d\d-\d\d-(.+?)(?:-\d+)?")


def database_name(text: str) -> str:
    """The name of a database from its name or its label, whatever the case: "Web of Science" is web-of-science."""
    labels = {label.casefold(): name for name, (label, _) in DATABASES.items()}
    name = labels.get(text.strip().casefold()) or "-".join(text.casefold().split())
    return name if name in DATABASES else labels.get(name.replace("-", " "), name)


def database_kind(database: str) -> SourceKind:
    """Where PRISMA counts a database; an unknown one counts as a database."""
    return DATABASES[database][1] if database in DATABASES else SourceKind.DATABASE
