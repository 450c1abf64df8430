"""Outside text in spreadsheets: kept as it is, never run as a formula; and workbooks with the same bytes each time."""

import csv
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program runs what begins with these (OWASP, CSV injection)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML 1.0
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
_TITLE_LIMIT = 31  # characters, Excel's specification
_CELL_LIMIT = 32_767  # characters, Excel's specification
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can carry
# The prefixes that Excel itself writes into the drawings behind comments; others make LibreOffice show every comment.
_PREFIXES = (("v", "vml"), ("o", "office:office"), ("x", "office:excel"))


def inert(text: str) -> str:
    """Return text that no spreadsheet program runs when it opens a CSV: an apostrophe goes before an active sign."""
    return f"'{text}" if text.startswith(_ACTIVE) or text.startswith("'") else text


def original(text: str) -> str:
    """Undo `inert`."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_ACTIVE, "'")) else text


def to_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Write a table as UTF-8 CSV with a byte-order mark, without which Excel garbles accents; every text inert."""
    text = io.StringIO(newline="")
    text.write(_line(header))
    for row in rows:
        text.write(csv_line(row))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def csv_line(cells: Iterable[object]) -> str:
    """Write one row with its line end, every text inert."""
    return _line("" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in cells)


def _line(cells: Iterable[object]) -> str:
    """Write one row. The csv module quotes only the line ends it writes itself, and a text may hold a lone CR."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()[:-2] + "\n"


def set_text(cell: "Cell", text: str) -> None:
    """Put text into a workbook cell as text, whatever it begins with; cut at Excel's limit with a mark."""
    clean = _FORBIDDEN.sub(" ", text)
    if len(clean) > _CELL_LIMIT:
        clean = clean[: _CELL_LIMIT - 6] + " [...]"
    cell.value = clean
    if clean.startswith(_ACTIVE):
        cell.data_type = "s"
        cell.quotePrefix = True  # stays text when a person edits the cell


def sheet_title(label: str, taken: Iterable[str] = ()) -> str:
    """Make a sheet name out of a text: one that every spreadsheet program takes and that no other sheet has."""
    plain = " ".join(_NOT_IN_TITLE.sub(" ", label).split()).strip("'")[:_TITLE_LIMIT].strip(" '") or "Table"
    used = {title.casefold() for title in taken}
    name, count = plain, 1
    while name.casefold() in used:
        count += 1
        name = f"{plain[: _TITLE_LIMIT - len(str(count)) - 1]} {count}"
    return name


def to_xlsx(workbook: "Workbook") -> bytes:
    """Write a workbook so that the same content gives the same bytes: no time of writing inside."""
    import zipfile  # this and XML are slow to load, and who reads or writes CSV needs neither
    from xml.etree.ElementTree import canonicalize

    written = io.BytesIO()
    workbook.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", body)
            if name.endswith((".xml", ".rels")):  # openpyxl writes them otherwise where lxml is installed
                body = canonicalize(body.decode()).encode()
            elif name.endswith(".vml"):
                body = _same_drawing(body)
            target.writestr(zipfile.ZipInfo(name, _EPOCH), body, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _same_drawing(body: bytes) -> bytes:
    """Write a drawing behind comments in one way, all namespaces declared at its beginning, where Excel looks."""
    from xml.etree.ElementTree import fromstring, register_namespace, tostring

    for prefix, space in _PREFIXES:
        register_namespace(prefix, f"urn:schemas-microsoft-com:{space}")
    root = fromstring(body)  # noqa: S314 - openpyxl wrote it a moment ago
    for element in root.iter():
        attributes = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(attributes)
    return tostring(root)
