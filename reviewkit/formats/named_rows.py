"""A table as a user hands it in: CSV bytes to rows by column name, each with its line."""

import csv
import io
from collections.abc import Sequence

from reviewkit.errors import UnreadableFile
from reviewkit.formats.cells import original

_SEPARATORS = ",;\t"  # Excel writes a semicolon where the comma is the decimal sign
_CELL_LIMIT = 1 << 24  # characters; the csv module's own 128 KiB is less than a cell of some exports


def parse_named_rows(content: bytes, name: str, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return (line, column name -> text) for every row that is not blank; names in small letters, order as in the file.

    UTF-8, UTF-16 with its mark, or the Windows encoding; comma, semicolon or tab. The apostrophe that keeps a
    cell inert is taken away.

    Args:
        name: the file's name, for messages.
        needed: columns without which the table makes no sense.

    Raises:
        UnreadableFile: no text, no heading with the needed columns, or broken quoting.
    """
    text = _decode(content)
    heading = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(_CELL_LIMIT)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        columns = [cell.strip().casefold() for cell in next(reader, [])]
        problems = [f"line 1: there is no column '{column}'" for column in needed if column not in columns]
        problems += [
            f"line 1: column '{c}' is there twice" for c in sorted({c for c in columns if c}) if columns.count(c) > 1
        ]
        if problems:
            raise UnreadableFile(f"{name} is not a table with the columns {', '.join(needed)}:", problems)
        first = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((first, {c: original(v.strip()) for c, v in zip(columns, cells, strict=False) if c}))
            first = reader.line_num + 1
    except csv.Error as error:
        place = f"line {reader.line_num}: {error}; check the quotation marks there and above"
        raise UnreadableFile(f"{name} cannot be read as CSV:", [place]) from error
    return rows


def column_names(content: bytes) -> list[str]:
    """Return the column names of the first line in small letters, whatever the rest is."""
    heading = _decode(content).split("\n", 1)[0]
    cells = next(csv.reader([heading], delimiter=max(_SEPARATORS, key=heading.count)), [])
    return [cell.strip().casefold() for cell in cells]


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
