"""Databases that are searched on their websites: where, in which format to export, what to tick, how many at a time.

Facts of the sites' own help pages and of guides of university libraries, which change: what is not known is not said.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How the result of one database gets out of its website and into a file that can be imported."""

    site: str  # address, or platform
    format: str  # what to choose; the best first
    boxes: str = ""  # what to tick, so that abstracts and identifiers come
    most: str = ""  # records at a time, and what to do with more
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The advice in sentences, one a line."""
        chosen = f"Choose {self.boxes}" if self.boxes else ""
        told = (f"Search at {self.site}", f"Export as {self.format}", chosen, self.most, self.note)
        return tuple(f"{text}." for text in told if text)


_BATCHES = "export more in batches, and import every file"
_OVID = Export(
    site="Ovid",
    format="RIS",
    boxes="the fields 'Complete Reference'; without them there are no abstracts and accession numbers",
    most=f"Ovid gives 2,000 or 3,000 at a time, depending on the licence; {_BATCHES}",
)
_EBSCO = Export(
    site="EBSCOhost",
    format="RIS or CSV",
    boxes="the format with abstracts",
    most="Export all results (Share, or Download) sends up to 25,000 as a file by e-mail",
)
_REGISTER = "Registers are counted apart from databases in the PRISMA diagram"

_EXPORTS: dict[str, Export] = {
    "pubmed": Export(
        site="pubmed.ncbi.nlm.nih.gov",
        format="'PubMed' under Save (.txt), or 'Citation manager' (.nbib)",
        boxes="'All results'; the formats 'Summary' and 'Abstract' leave out what is needed",
        most="It gives 10,000 at a time; cut more by years of publication",
    ),
    "medline": _OVID,
    "amed": _OVID,
    "psycinfo": Export(
        site="Ovid, EBSCOhost or ProQuest, whichever your library has",
        format="RIS",
        boxes="what includes abstracts ('Complete Reference' on Ovid)",
        most=f"Ovid gives 2,000 or 3,000 at a time, EBSCOhost 25,000; {_BATCHES}",
    ),
    "cinahl": _EBSCO,
    "sportdiscus": _EBSCO,
    "scopus": Export(
        site="www.scopus.com",
        format="RIS, CSV or BibTeX",
        boxes="all of 'Citation information', 'Bibliographical information' and 'Abstract & keywords'",
        most="It gives up to 20,000 documents as CSV; cut more by years of publication",
    ),
    "web-of-science": Export(
        site="www.webofscience.com",
        format="plain text file; RIS, tab-delimited file, BibTeX and Excel are read too",
        boxes="'Full Record' as the record content (authors and titles alone have no abstracts)",
        most=f"It gives 1,000 records at a time, 500 with cited references; {_BATCHES}",
        note="Say in the protocol's platform which collection was searched: Core Collection, or all databases",
    ),
    "embase": Export(
        site="www.embase.com",
        format="RIS or CSV",
        boxes="'Full record' as the output",
        most="It gives up to 10,000 records at a time; cut more by years of publication",
        note="Embase on Ovid: RIS, 'Complete Reference'",
    ),
    "google-scholar": Export(
        site="Google Scholar through the program Publish or Perish (harzing.com), or in a browser with Zotero",
        format="CSV, RIS or BibTeX (Publish or Perish: Save results), or RIS from Zotero",
        most="It shows no more than 1,000 results of any search, whatever number it reports; say in the protocol how "
        "many of them you screen",
        note="Google Scholar has no API and forbids programs to collect its results, so reviewkit never asks it. The "
        "results have no abstracts, and change from day to day: note the date",
    ),
    "central": Export(
        site="www.cochranelibrary.com (Advanced search, tab Trials)",
        format="RIS; its plain text and CSV are read too",
        boxes="'Include abstract'",
        note="Trials and Reviews are two result lists: export each by itself",
    ),
    "cochrane-reviews": Export(
        site="www.cochranelibrary.com (Advanced search, tab Cochrane Reviews)",
        format="RIS; its plain text and CSV are read too",
        boxes="'Include abstract'",
    ),
    "lilacs": Export(
        site="pesquisa.bvsalud.org (filter: Database LILACS)",
        format="RIS or CSV",
        boxes="all references, not this page alone",
        note="The portal searches other databases too; without the filter they come along",
    ),
    "ictrp": Export(
        site="trialsearch.who.int",
        format="CSV; its XML is not read",
        boxes="all trials",
        note=_REGISTER,
    ),
    "clinicaltrials-gov": Export(
        site="clinicaltrials.gov",
        format="CSV (Download)",
        boxes="all studies and all available columns",
        note=_REGISTER,
    ),
    "proquest-dissertations": Export(
        site="ProQuest",
        format="RIS",
        boxes="'Citation, abstract & indexing'",
        most=f"It gives a page at a time; {_BATCHES}",
    ),
    "ieee-xplore": Export(
        site="ieeexplore.ieee.org",
        format="CSV (Export, Search Results)",
        most="It gives 2,000 at a time; cut more by years of publication",
    ),
    "europe-pmc": Export(site="europepmc.org", format="RIS or CSV", boxes="the format with abstracts"),
}
_ANY = Export(
    site="the website of the database",
    format="RIS; CSV, BibTeX and EndNote's formats are read too",
    boxes="a format with abstracts and identifiers (DOI, accession number)",
)


def has_own_advice(database: str) -> bool:
    """True when more is known of a database's website than of any."""
    return database in _EXPORTS


def how_to_export(database: str) -> Export:
    """Return the advice for a database; general advice where nothing is known of it."""
    return _EXPORTS.get(database, _ANY)
