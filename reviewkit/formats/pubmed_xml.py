"""PubMed XML (efetch answers, NLM's baseline and update files) read as a stream: one record in memory at a time."""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from reviewkit.formats.clean import clean
from reviewkit.formats.detect import describe
from reviewkit.formats.pubmed_record import citation_of
from reviewkit.formats.xml_records import XmlRecords
from reviewkit.formats.xml_slices import XmlSlices
from reviewkit.model.citation import Citation, Finding

_RECORDS = frozenset(("PubmedArticle", "PubmedBookArticle", "MedlineCitation"))
_COLLECTED = _RECORDS | {"DeleteCitation", "ERROR"}
_SETS = {  # the root -> what most of its children are
    "PubmedArticleSet": "PubmedArticle",
    "PubmedBookArticleSet": "PubmedBookArticle",
    "MedlineCitationSet": "MedlineCitation",
}


def parse_pubmed_xml(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read PubMed XML of any DTD version, with or without a DOCTYPE.

    PubmedArticle and PubmedBookArticle are entries. DeleteCitation lists PMIDs that NLM withdrew: it is no entry,
    so it comes as one Finding that is not rejected. A file that breaks off gives the records before the
    break, then one rejected Finding. Entities are never expanded and no DTD is ever fetched.
    """
    begin = file.tell()
    given = 0
    slices = XmlSlices(file, _COLLECTED, _SETS, unread="ReferenceList")
    for name, line, element in slices:
        given += 1
        yield from _read(name, line, element)
    if slices.whole:
        return
    file.seek(begin)
    reader = XmlRecords(file, _COLLECTED, "PubMed")
    records = 0
    for place, (name, line, element) in enumerate(reader):
        records += name in _RECORDS
        if place >= given:
            yield from _read(name, line, element)
    if reader.problem:
        yield reader.broken(records, describe(reader.head) if not records and reader.root not in _SETS else "")
    elif not reader.seen and reader.root not in _SETS:
        yield Finding(f"no PubMed record in it: the file is {describe(reader.head)}", line=1, rejected=True)


def _read(name: str, line: int, element: Element) -> Iterator[Citation | Finding]:
    if name in _RECORDS:
        citation = citation_of(element, line)
        if citation.title or citation.pmid or citation.doi:
            yield citation
        else:
            yield Finding("a record with neither title nor identifier", line=line, rejected=True)
    elif name == "DeleteCitation":
        pmids = ", ".join(clean(pmid.text or "") for pmid in element.iter("PMID"))
        yield Finding(f"PubMed lists PMID {pmids} as withdrawn (DeleteCitation); they are not records", line=line)
    else:
        yield Finding(f"PubMed answered with an error: {clean(element.text or '')}", line=line, rejected=True)
