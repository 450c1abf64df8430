"""Citations written as a CSV table with a column for every field, so that `parse_csv` reads the same back."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain

from reviewkit.formats.authors import split_authors
from reviewkit.formats.cells import csv_line
from reviewkit.formats.own_fields import exactly
from reviewkit.formats.table import parse_csv
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.ids import record_label

# Headings that `headings.py` knows -> field of Citation.
COLUMNS: dict[str, str] = {
    "title": "title", "original title": "vernacular_title", "authors": "authors", "year": "year", "date": "date",
    "journal": "journal", "journal abbreviation": "journal_abbreviation", "volume": "volume", "issue": "issue",
    "pages": "pages", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "registration": "registrations",
    "issn": "issns", "accession number": "accession", "language": "language", "publication type": "types",
    "keywords": "keywords", "subject headings": "subjects", "publisher": "publisher", "url": "url",
    "abstract": "abstract", "notes": "notes", "processing status": "status", "related": "related", "added": "added",
}  # fmt: skip
_MARK = b"\xef\xbb\xbf"  # without a byte-order mark Excel garbles accents
_OWN = "reviewkit"


def to_table(citations: Iterable[Citation]) -> Iterator[bytes]:
    """Write citations as CSV in UTF-8, row by row, every cell inert; records have their id in the first column.

    Lists are parted by semicolons. Whatever would come back otherwise is a line of JSON in the last column.
    """
    waiting = iter(citations)
    first = next(waiting, None)
    numbered = first is not None and first.id > 0
    header = [*(["record"] if numbered else []), *COLUMNS, _OWN]

    def write(citation: Citation, own: str, _number: int) -> str:
        cells = [_cell(getattr(citation, field)) for field in COLUMNS.values()]
        return csv_line([*([record_label(citation.id)] if numbered else []), *cells, own])

    def read(rows: str) -> Iterator[Citation | Finding]:
        return parse_csv(io.BytesIO((csv_line(header) + rows).encode()))

    yield _MARK + csv_line(header).encode()
    for row in exactly(chain([] if first is None else [first], waiting), (), write, read):
        yield row.encode()


def _cell(value: object) -> str:
    if not isinstance(value, tuple):
        return "" if value is None else str(value)
    alone = value[0] if len(value) == 1 else ""
    # A semicolon behind a single name that would be taken for several, "Pfizer and Co".
    return "; ".join(value) + (";" if alone and split_authors(alone) != (alone,) else "")
