"""Files made ready for other screening programs: what each takes, under the headings that it knows."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reviewkit.formats.cells import csv_line
from reviewkit.formats.identifiers import MONTHS
from reviewkit.formats.ris_write import to_ris
from reviewkit.model.citation import Citation
from reviewkit.model.ids import record_label

_DATE = re.compile(rf"\d{{4}} ({'|'.join(MONTHS)})(?: (\d{{1,2}}))?")
_RAYYAN = (
    "key", "title", "year", "month", "day", "journal", "issn", "volume", "issue", "pages", "authors", "url", "language",
    "publisher", "location", "abstract", "notes", "doi", "keywords", "pubmed_id", "pmc_id",
)  # fmt: skip
_ASREVIEW = (
    "record_id", "title", "abstract", "authors", "keywords", "year", "journal", "doi", "url", "pmid", "notes",
    "included",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that a list of records can be handed to, and what it takes at most in one file."""

    name: str  # its key in TOOLS
    label: str
    suffix: str
    write: Callable[[Iterable[Citation]], Iterator[bytes]]
    most: int = 0  # entries in one file; 0: no limit is known
    largest: int = 0  # bytes of one file


def to_rayyan(citations: Iterable[Citation]) -> Iterator[bytes]:
    """Write the CSV that Rayyan imports, in its own headings; notes may hold decisions as Rayyan writes them.

    There is no byte-order mark, which would become part of the first heading.
    """
    yield csv_line(_RAYYAN).encode()
    for number, citation in enumerate(citations, 1):
        date = _DATE.fullmatch(citation.date)
        month, day = (str(MONTHS.index(date[1]) + 1), date[2] or "") if date else ("", "")
        cells = (
            record_label(citation.id) if citation.id else f"{number}", citation.title, str(citation.year or ""), month,
            day, citation.journal, ", ".join(citation.issns), citation.volume, citation.issue, citation.pages,
            " and ".join(citation.authors), citation.url, citation.language, citation.publisher, "", citation.abstract,
            citation.notes, citation.doi, "; ".join(_keywords(citation)), citation.pmid, citation.pmcid,
        )  # fmt: skip
        yield csv_line(cells).encode()


def to_asreview(citations: Iterable[Citation], label: Callable[[Citation], str] = lambda _: "") -> Iterator[bytes]:
    """Write the CSV that ASReview takes; an empty `included` means that the record was not seen yet.

    ASReview wants whole numbers as record_id, and no byte-order mark, which would become part of the first heading.

    Args:
        citations: what is written.
        label: gives "1", "0" or "".
    """
    yield csv_line(_ASREVIEW).encode()
    for number, citation in enumerate(citations, 1):
        cells = (
            citation.id or number, citation.title, citation.abstract, "; ".join(citation.authors),
            "; ".join(_keywords(citation)), citation.year, citation.journal, citation.doi, citation.url, citation.pmid,
            citation.notes, label(citation),
        )  # fmt: skip
        yield csv_line(cells).encode()


def _keywords(citation: Citation) -> Iterable[str]:
    return dict.fromkeys((*citation.keywords, *citation.subjects))


# Covidence imports RIS, EndNote XML and PubMed text, at most 15,000 references and 50 MB in one file (its help pages,
# 2025); Rayyan CSV with its headings, RIS and others, 100 MB a file; ASReview CSV, RIS and workbooks.
TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("covidence", "Covidence", ".ris", to_ris, most=15_000, largest=50_000_000),
        Tool("rayyan", "Rayyan", ".csv", to_rayyan, largest=100_000_000),
        Tool("asreview", "ASReview", ".csv", to_asreview),
    )
}
