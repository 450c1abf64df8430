"""Bytes in, citations out, and back: one module a file format, and the table of those that can be read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import IO, Any

from reviewkit.formats.detect import advise, describe, detect
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


# A format's module is loaded when the first file of it is read or written: a command pays for what it needs.


def _entries(module: str, function: str) -> Callable[[IO[bytes], Columns], Iterator[Citation | Finding]]:
    """Return the reader of a format whose entries name their fields themselves."""

    def parse(file: IO[bytes], _columns: Columns) -> Iterator[Citation | Finding]:
        found: Iterator[Citation | Finding] = _load(module, function)(file)
        return found

    return parse


def _rows(module: str, function: str) -> Callable[[IO[bytes], Columns], Iterator[Citation | Finding]]:
    """Return the reader of a table, which needs to know its columns."""

    def parse(file: IO[bytes], columns: Columns) -> Iterator[Citation | Finding]:
        found: Iterator[Citation | Finding] = _load(module, function)(file, columns)
        return found

    return parse


def _parse_zip(file: IO[bytes], columns: Columns) -> Iterator[Citation | Finding]:
    from reviewkit.formats.zipped import parse_zip

    return parse_zip(file, columns, lambda name, member, named: FORMATS[name].parse(member, named))


def _writer(module: str, function: str) -> Callable[[Iterable[Citation]], Iterator[bytes]]:
    def write(citations: Iterable[Citation]) -> Iterator[bytes]:
        made: Iterator[bytes] = _load(module, function)(citations)
        return made

    return write


def _load(module: str, function: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"reviewkit.formats.{module}"), function)
    return found


_RIS, _BIBTEX = _writer("ris_write", "to_ris"), _writer("bibtex_write", "to_bibtex")
_ENDNOTE, _CSV = _writer("endnote_write", "to_endnote_xml"), _writer("table_write", "to_table")

FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        Format("pubmed-xml", "PubMed XML", (".xml",), _entries("pubmed_xml", "parse_pubmed_xml")),
        Format("nbib", "PubMed (MEDLINE) text", (".nbib", ".txt"), _entries("nbib", "parse_nbib")),
        Format("ris", "RIS", (".ris", ".txt"), _entries("ris", "parse_ris"), _RIS),
        Format("isi", "Web of Science plain text", (".isi", ".ciw", ".txt"), _entries("isi", "parse_isi")),
        Format("refer", "EndNote Refer", (".enw", ".txt"), _entries("ris_relatives", "parse_refer")),
        Format("ovid", "Ovid tagged text", (".cgi", ".ovd", ".txt"), _entries("ris_relatives", "parse_ovid")),
        Format("cochrane", "Cochrane Library text", (".txt",), _entries("ris_relatives", "parse_cochrane")),
        Format("bibtex", "BibTeX", (".bib", ".txt"), _entries("bibtex", "parse_bibtex"), _BIBTEX),
        Format("endnote-xml", "EndNote XML", (".xml",), _entries("endnote_xml", "parse_endnote_xml"), _ENDNOTE),
        Format("scopus-json", "Scopus API answer", (".json",), _entries("scopus_json", "parse_scopus_json")),
        Format("wos-json", "Web of Science API answer", (".json",), _entries("wos_json", "parse_wos_json")),
        Format("embase-json", "Embase API answer", (".json",), _entries("embase_json", "parse_embase_json")),
        Format("europe-pmc-json", "Europe PMC API answer", (".json",), _entries("europe_pmc", "parse_europe_pmc")),
        Format(
            "europe-pmc-references",
            "Europe PMC list of references, those without a record",
            (".json",),
            _entries("europe_pmc", "parse_unmatched_references"),
        ),
        Format("crossref-json", "Crossref API answer", (".json",), _entries("crossref_json", "parse_crossref_json")),
        Format(
            "clinicaltrials-json",
            "ClinicalTrials.gov API answer",
            (".json",),
            _entries("clinicaltrials_json", "parse_clinicaltrials_json"),
        ),
        Format("openalex-json", "OpenAlex API answer", (".json",), _entries("openalex", "parse_openalex")),
        Format("csv", "CSV table", (".csv", ".tsv", ".txt"), _rows("table", "parse_csv"), _CSV),
        Format("xlsx", "Excel workbook", (".xlsx", ".xls"), _rows("workbook", "parse_xlsx")),
        Format("zip", "Zip archive", (".zip",), _parse_zip),
    )
}
