"""A table of any kind, CSV or Excel, as rows by heading: for whoever needs other columns than a citation's."""

from collections.abc import Iterator
from typing import IO

from reviewkit.formats.table import csv_rows
from reviewkit.model.citation import Finding


def read_rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str]] | Finding]:
    """Read a CSV table or Excel workbook as (line, heading -> cell) for each row that is not blank.

    Encoding, separator, preface and quoting are told from the content, as for citations. Headings are as the table
    has them, trimmed (a second one of the same name becomes "name (2)"); compare them with `headings.plain`. Cells are
    trimmed text, without the apostrophe that keeps them inert. The heading row is the first that names a title, or
    else the first row that is not blank. A row that cannot be read is a rejected Finding.
    """
    yield from csv_rows(file)
