"""CSV and other text tables of citations, whatever program wrote them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import IO

from reviewkit.formats.blocks import Blocks, is_blocks
from reviewkit.formats.clean import clean
from reviewkit.formats.columns import choose, score
from reviewkit.formats.columns import columns as columns_of
from reviewkit.formats.delimited import SEPARATORS, Delimited, find_headings
from reviewkit.formats.entries import entries
from reviewkit.model.citation import Citation, Finding

_LOOKED_AT = 20  # lines of a file's beginning by which a table is told


def parse_csv(file: IO[bytes], columns: Mapping[str, str] = MappingProxyType({})) -> Iterator[Citation | Finding]:
    """Read a table with a heading row; each row that is not blank is an entry.

    A row with more or fewer cells than headings is kept with a doubt. Without a heading for the title the whole
    table is one rejected Finding that names the headings found.

    Args:
        file: the table.
        columns: heading -> field of `columns.fields()`, for what is not recognised or is wrongly; '' or '-' for a
            column that shall not be read. A heading or field that does not exist rejects the table.
    """
    for found in parse_csv_with_ids(file, columns):
        yield found if isinstance(found, Finding) else found[1]


def parse_csv_with_ids(
    file: IO[bytes], columns: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, Citation] | Finding]:
    """Read a table like `parse_csv`, each citation with the id that its own row has.

    That id is the raw text of the column headed `id`, or else of the first one headed `record id`, `rec id`, `key`,
    `identifier` or `uid`; '' where the table has none.
    """
    table = open_text(file, columns)
    if not table.head:
        yield from (found for found in table if isinstance(found, Finding))
        yield Finding("the table is empty", line=1, rejected=True)
        return
    chosen = choose(table.head, columns, table.line)
    if isinstance(chosen, Finding):
        yield chosen
        return
    if table.preface:
        yield Finding(f"the lines before the headings were passed over: {clean(table.preface)[:200]}", line=1)
    yield from entries(chosen, table)
    yield from table.doubts


def open_text(file: IO[bytes], columns: Mapping[str, str] = MappingProxyType({})) -> Delimited | Blocks:
    """Open a text table, also one with a field a line; `columns` are headings that count as known."""
    begin = file.tell()
    table = Delimited(file, partial(score, mapped=columns))
    if not is_blocks(table):
        return table
    file.seek(begin)
    return Blocks(file, table.separator)


def looks_like_table(text: str) -> bool:
    """True when the beginning of a file is a table, with headings that are known or at least regular columns."""
    lines = [line for line in text.split("\n")[:_LOOKED_AT] if line.strip()]
    if not lines:
        return False
    if find_headings(lines, partial(score, mapped={}))[2]:
        return True
    return _is_regular(lines[:3]) or any(
        len(columns_of(next(csv.reader([line], delimiter=separator), []))) > 1
        for line in lines
        for separator in SEPARATORS
    )


def _is_regular(lines: Sequence[str]) -> bool:
    """True when lines have the same number of a separator, more than none."""
    counts = ({line.count(separator) for line in lines} for separator in SEPARATORS)
    return len(lines) > 1 and any(len(count) == 1 and count != {0} for count in counts)
