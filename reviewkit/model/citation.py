"""Citations: what one search run reported, exactly as it reported it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One entry of one search run; a parser fills the bibliography, loading a run gives `id` and `run`.

    Texts are Unicode without markup, runs of white space folded. Empty text, None or () means
    that the source did not say.

    `id` is the running number within the review (first id of the run + position in the run), so
    the same runs give the same ids. `line` is the 1-based line of the file where the entry begins.
    """

    id: int = 0
    run: str = ""
    title: str = ""
    vernacular_title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()  # "Family GN" or "Family, Given", or a group's name, as reported
    year: int | None = None
    date: str = ""  # as reported: "2024 Mar 18", "1998 Dec-1999 Jan"
    journal: str = ""
    journal_abbreviation: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""  # or the article number
    doi: str = ""  # "10.1000/x", no resolver in front, case as reported
    pmid: str = ""  # digits
    pmcid: str = ""  # "PMC123"
    registrations: tuple[str, ...] = ()  # "NCT01234567", "ISRCTN..." ...
    issns: tuple[str, ...] = ()
    accession: str = ""  # the database's own number: EID, UT, AN
    language: str = ""
    types: tuple[str, ...] = ()  # publication types as reported
    keywords: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()  # controlled vocabulary: MeSH, Emtree
    publisher: str = ""
    url: str = ""
    notes: str = ""
    status: str = ""  # the database's processing state: MEDLINE, Publisher, ...; a register's: see `register_status`
    related: tuple[str, ...] = ()  # "RetractionIn:12345678", "ErratumIn:..." (PubMed CommentsCorrections)
    added: str = ""  # day the database added the entry, YYYY-MM-DD
    line: int = 0

    @property
    def first_author(self) -> str:
        """The first author as reported, or ''."""
        return self.authors[0] if self.authors else ""

    @property
    def is_register_entry(self) -> bool:
        """True when this is a study register's own entry and not an article that mentions a number."""
        if not self.registrations or self.doi or self.pmid:
            return False
        journal = self.journal.lower()
        return not journal or "clinicaltrials.gov" in journal or "trial registry" in journal

    @property
    def has_results(self) -> bool:
        """True when a study register says that it shows results of the study."""
        return _RESULTS in self.status

    @property
    def results_posted(self) -> str:
        """The day on which a register posted results, YYYY-MM-DD, or '' where it has none or gives no day."""
        return self.status.partition(_RESULTS)[2].strip()

    @property
    def is_retracted(self) -> bool:
        """True when the database marks the publication itself as retracted."""
        return "Retracted Publication" in self.types or any(r.startswith("RetractionIn") for r in self.related)


_RESULTS = "results posted"


def register_status(recruitment: str, has_results: bool = False, posted: str = "") -> str:
    """Return the status of a register entry: "RECRUITING", "COMPLETED; results posted 2024-03-18".

    Args:
        recruitment: the register's own word.
        has_results: the register shows results of the study.
        posted: since when, YYYY-MM-DD, where it says so.
    """
    results = f"{_RESULTS} {posted}".strip() if has_results or posted else ""
    return "; ".join(filter(None, (recruitment, results)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem met while reading outside data; the rest is read all the same.

    `rejected` tells an entry that could not be kept from one that was kept with a doubt.
    """

    message: str
    file: str = ""
    line: int = 0
    rejected: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.message
