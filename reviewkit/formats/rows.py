"""A table of any kind, CSV or Excel, as rows by heading: for whoever needs other columns than a citation's."""

import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO

from reviewkit.formats.blocks import Blocks
from reviewkit.formats.cells import original
from reviewkit.formats.clean import clean
from reviewkit.formats.columns import choose, fitting
from reviewkit.formats.delimited import Delimited
from reviewkit.formats.table import open_text, parse_csv_with_ids
from reviewkit.model.citation import Citation, Finding

_NONE: Mapping[str, str] = MappingProxyType({})
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how one begins, old or new; what reads it is loaded for one only


def read_rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str]] | Finding]:
    """Read a CSV table or Excel workbook as (line, heading -> cell) for each row that is not blank.

    Encoding, separator, preface and quoting are told from the content, as for citations. Headings are as the table
    has them, trimmed (a second one of the same name becomes "name (2)"); compare them with `headings.plain`. Cells are
    trimmed text, without the apostrophe that keeps them inert. The heading row is the one that names a title and the
    most other fields, or else the first row that is not blank. A row with more or fewer cells than headings is read
    as far as they go, with a doubt; one that cannot be read is a rejected Finding. Of a workbook, the sheets with a
    title are read, or else the first one.
    """
    for head, rows in _tables(file):
        if isinstance(head, Finding):
            yield head
            continue
        names = _unlike(head)
        for found in rows:
            if isinstance(found, Finding):
                yield found
                continue
            line, cells = found
            texts = [cell.strip() for cell in cells]
            while len(texts) > len(names) and not texts[-1]:
                texts.pop()
            if not any(texts):
                continue
            if len(texts) != len(names):
                yield Finding(f"{len(texts)} cells under {len(names)} headings; check this row", line=line)
            yield line, {name: original(text) for name, text in zip(names, texts, strict=False) if name}


def parse_with_ids(file: IO[bytes], columns: Mapping[str, str] = _NONE) -> Iterator[tuple[str, Citation] | Finding]:
    """Read the citations of a CSV table or Excel workbook, each with the id that its own row has."""
    if not _is_workbook(file):
        return parse_csv_with_ids(file, columns)
    from reviewkit.formats.workbook import parse_xlsx_with_ids

    return parse_xlsx_with_ids(file, columns)


def recognised(source: bytes | IO[bytes], columns: Mapping[str, str] = _NONE) -> list[tuple[str, str]]:
    """Return each heading of a table with the field it is read as, '' where it is not read: the guess, to be shown.

    Args:
        source: the file, or its first bytes (for a workbook the whole of it).
        columns: what a person named; those that do not fit are passed over.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    shown: list[tuple[str, str]] = []
    for head, _ in _tables(file, columns):
        if not isinstance(head, Finding):
            chosen = choose(head, columns, 1)
            if isinstance(chosen, Finding):
                chosen = choose(head, fitting(head, columns), 1)
            shown += [(clean(text), "") for text in head] if isinstance(chosen, Finding) else chosen.shown
    return list(dict.fromkeys(shown))


_Rows = Iterator[tuple[int, list[str]] | Finding]


def _tables(file: IO[bytes], columns: Mapping[str, str] = _NONE) -> Iterator[tuple[list[str] | Finding, _Rows]]:
    """Yield the heading row and the rows of each table in a file; or what is wrong with it."""
    if _is_workbook(file):
        from reviewkit.formats.workbook import open_sheets

        for sheet in open_sheets(file, columns):
            if isinstance(sheet, Finding):
                yield sheet, iter(())
            else:
                yield sheet.head, iter(sheet)
        return
    table = open_text(file, columns)
    if table.head:
        yield table.head, _with_doubts(table)


def _with_doubts(table: Delimited | Blocks) -> _Rows:
    yield from table
    yield from table.doubts


def _is_workbook(file: IO[bytes]) -> bool:
    begin = file.tell()
    head = file.read(4)
    file.seek(begin)
    return head in _WORKBOOK


def _unlike(headings: list[str]) -> list[str]:
    """Number the headings that are there again: "name", "name (2)"."""
    names: dict[str, int] = {}
    unlike = []
    for heading in map(clean, headings):
        names[heading] = names.get(heading, 0) + 1
        unlike.append(heading if names[heading] == 1 or not heading else f"{heading} ({names[heading]})")
    return unlike
