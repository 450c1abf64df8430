"""Bytes in, citations out, and back: one module a file format, and the table of those that can be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from reviewkit.formats.detect import advise, describe, detect
from reviewkit.formats.nbib import parse_nbib
from reviewkit.formats.pubmed_xml import parse_pubmed_xml
from reviewkit.formats.ris import parse_ris
from reviewkit.formats.table import parse_csv
from reviewkit.model.citation import Citation, Finding

__all__ = ["FORMATS", "Format", "advise", "describe", "detect"]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format that can be read.

    `parse` takes a file opened for reading bytes and streams it: a Citation (its `id` still 0) for every entry
    that was kept, a rejected Finding with its line for every entry that was not, so that kept + rejected is what
    the file holds; and Findings that are not rejected for doubts. It never raises because of what the file holds.
    """

    name: str  # its key in FORMATS
    label: str
    suffixes: tuple[str, ...]
    parse: Callable[[IO[bytes]], Iterator[Citation | Finding]]


FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        Format("pubmed-xml", "PubMed XML", (".xml",), parse_pubmed_xml),
        Format("nbib", "PubMed (MEDLINE) text", (".nbib", ".txt"), parse_nbib),
        Format("ris", "RIS", (".ris", ".txt"), parse_ris),
        Format("csv", "CSV table", (".csv", ".tsv", ".txt"), parse_csv),
    )
}
