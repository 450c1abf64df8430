"""Bytes in, citations out, and back: one module a file format, and the table of those that can be read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from reviewkit.formats.bibtex import parse_bibtex
from reviewkit.formats.bibtex_write import to_bibtex
from reviewkit.formats.detect import advise, describe, detect
from reviewkit.formats.endnote_write import to_endnote_xml
from reviewkit.formats.endnote_xml import parse_endnote_xml
from reviewkit.formats.isi import parse_isi
from reviewkit.formats.nbib import parse_nbib
from reviewkit.formats.pubmed_xml import parse_pubmed_xml
from reviewkit.formats.ris import parse_ris
from reviewkit.formats.ris_relatives import parse_cochrane, parse_ovid, parse_refer
from reviewkit.formats.ris_write import to_ris
from reviewkit.formats.table import parse_csv
from reviewkit.formats.table_write import to_table
from reviewkit.formats.workbook import parse_xlsx
from reviewkit.formats.zipped import parse_zip
from reviewkit.model.citation import Citation, Finding

__all__ = ["AS_NAMED", "FORMATS", "Columns", "Format", "advise", "describe", "detect"]

Columns = Mapping[str, str]  # heading as the table has it -> field of Citation
AS_NAMED: Columns = MappingProxyType({})  # no heading is overruled


@dataclass(frozen=True, slots=True)
class Format:
    """One file format that can be read, and perhaps written.

    `parse` takes a seekable file opened for reading bytes, and the columns that a person named (tables obey them,
    the others have none), and streams it: a Citation (its `id` still 0) for every entry
    that was kept, a rejected Finding with its line for every entry that was not, so that kept + rejected is what
    the file holds; and Findings that are not rejected for doubts. It never raises because of what the file holds.
    """

    name: str  # its key in FORMATS
    label: str
    suffixes: tuple[str, ...]
    parse: Callable[[IO[bytes], Columns], Iterator[Citation | Finding]]
    write: Callable[[Iterable[Citation]], Iterator[bytes]] | None = None


def _without_columns(
    parse: Callable[[IO[bytes]], Iterator[Citation | Finding]],
) -> Callable[[IO[bytes], Columns], Iterator[Citation | Finding]]:
    return lambda file, _columns: parse(file)


def _parse_zip(file: IO[bytes], columns: Columns) -> Iterator[Citation | Finding]:
    return parse_zip(file, columns, lambda name, member, named: FORMATS[name].parse(member, named))


FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        Format("pubmed-xml", "PubMed XML", (".xml",), _without_columns(parse_pubmed_xml)),
        Format("nbib", "PubMed (MEDLINE) text", (".nbib", ".txt"), _without_columns(parse_nbib)),
        Format("ris", "RIS", (".ris", ".txt"), _without_columns(parse_ris), to_ris),
        Format("isi", "Web of Science plain text", (".isi", ".ciw", ".txt"), _without_columns(parse_isi)),
        Format("refer", "EndNote Refer", (".enw", ".txt"), _without_columns(parse_refer)),
        Format("ovid", "Ovid tagged text", (".cgi", ".ovd", ".txt"), _without_columns(parse_ovid)),
        Format("cochrane", "Cochrane Library text", (".txt",), _without_columns(parse_cochrane)),
        Format("bibtex", "BibTeX", (".bib", ".txt"), _without_columns(parse_bibtex), to_bibtex),
        Format("endnote-xml", "EndNote XML", (".xml",), _without_columns(parse_endnote_xml), to_endnote_xml),
        Format("csv", "CSV table", (".csv", ".tsv", ".txt"), parse_csv, to_table),
        Format("xlsx", "Excel workbook", (".xlsx",), parse_xlsx),
        Format("zip", "Zip archive", (".zip",), _parse_zip),
    )
}
