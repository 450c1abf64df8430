"""PubMed's answers: what esearch says of a result, and which records a page of efetch holds."""

import re
from dataclasses import dataclass
from typing import NoReturn
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from reviewkit.sources.politeness import AskAgain, Unanswered

_WARNINGS = {
    "PhraseNotFound": "PubMed does not know '{}' and searched without it (PhraseNotFound)",
    "FieldNotFound": "PubMed does not know the field '{}' (FieldNotFound)",
    "QuotedPhraseNotFound": "no record has the phrase {} (QuotedPhraseNotFound)",
    "PhraseIgnored": "PubMed ignored '{}' (PhraseIgnored)",
    "OutputMessage": "PubMed says: {} (OutputMessage)",
}
_CAP_MET = "Restrictions achieved"  # only says that a list is cut at the cap, which we cut into slices ourselves

# efetch puts the record's own PMID first; others stand further down, in references and comments.
_RECORD = re.compile(
    rb"<(?:PubmedArticle|PubmedBookArticle)(?:\s[^>]*)?>\s*<(?:MedlineCitation|BookDocument)(?:\s[^>]*)?>\s*"
    rb"(?:<PMID(?:\s[^>]*)?>\s*(\d*)\s*</PMID>)?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What esearch tells: `count` records, the first of them listed as PMIDs."""

    count: int
    ids: tuple[str, ...]
    translation: str
    warnings: tuple[str, ...]


def parse_esearch(body: bytes) -> Found:
    """Read an answer of esearch.

    Raises:
        AskAgain: it is cut short, or no answer of esearch.
        Unanswered: it declares entities.
    """
    root = _xml(body)
    count = root.findtext("Count", "").strip()
    if root.tag != "eSearchResult" or not count.isdigit():
        raise AskAgain("PubMed's answer to the search holds no count")
    warnings = [
        _WARNINGS.get(entry.tag, entry.tag + ": {}").format(" ".join((entry.text or "").split()))
        for part in ("ErrorList", "WarningList")
        for entry in root.iterfind(f"{part}/*")
        if (entry.text or "").strip() and _CAP_MET not in (entry.text or "")
    ]
    return Found(
        count=int(count),
        ids=tuple((entry.text or "").strip() for entry in root.iterfind("IdList/Id")),
        translation=" ".join(root.findtext("QueryTranslation", "").split()),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def parse_page(body: bytes) -> list[str]:
    """Return the PMID of every record of an answer of efetch, in order, '' where there is none.

    The whole body is checked for being well-formed, by expat alone: nothing is built of it, since what the records
    say is read later, by `formats`.

    Raises:
        AskAgain: it is cut short, or no answer of efetch.
        Unanswered: it declares entities.
    """
    parser = expat.ParserCreate()
    roots: list[str] = []

    def note_root(name: str, _attributes: object) -> None:
        roots.append(name)
        parser.StartElementHandler = None  # from here on no Python is called

    parser.StartElementHandler = note_root
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise AskAgain("PubMed's XML broke off or is damaged") from None
    if roots != ["PubmedArticleSet"]:
        raise AskAgain("PubMed's answer holds no records")
    return [(found.group(1) or b"").decode() for found in _RECORD.finditer(body)]


def _refuse_entity(*_declared: object) -> NoReturn:
    raise Unanswered("the XML declares entities, which PubMed never does; it is not read")


def _xml(body: bytes) -> Element:
    try:
        root: Element = fromstring(body)
        return root
    except ParseError:
        raise AskAgain("PubMed's XML broke off or is damaged") from None
    except DefusedXmlException:
        raise Unanswered("the XML declares entities, which PubMed never does; it is not read") from None
