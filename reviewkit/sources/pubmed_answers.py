"""PubMed's answers: what esearch says of a result set, and which records a page of efetch holds."""

import io
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse

from reviewkit.sources.politeness import AskAgain, Unanswered

_WARNINGS = {
    "PhraseNotFound": "PubMed does not know '{}' and searched without it (PhraseNotFound)",
    "FieldNotFound": "PubMed does not know the field '{}' (FieldNotFound)",
    "QuotedPhraseNotFound": "no record has the phrase {} (QuotedPhraseNotFound)",
    "PhraseIgnored": "PubMed ignored '{}' (PhraseIgnored)",
    "OutputMessage": "PubMed says: {} (OutputMessage)",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What esearch tells: `ids` are PMIDs in the order in which they will be sent."""

    count: int
    ids: tuple[str, ...]
    webenv: str
    query_key: str
    translation: str
    warnings: tuple[str, ...]


def parse_esearch(body: bytes) -> Found:
    """Read an answer of esearch.

    Raises:
        AskAgain: it is cut short, or no answer of esearch.
    """
    root = _xml(body)
    count = root.findtext("Count", "").strip()
    if root.tag != "eSearchResult" or not count.isdigit():
        raise AskAgain("PubMed's answer to the search holds no count")
    warnings = [
        _WARNINGS.get(entry.tag, entry.tag + ": {}").format(" ".join((entry.text or "").split()))
        for part in ("ErrorList", "WarningList")
        for entry in root.iterfind(f"{part}/*")
        if (entry.text or "").strip()
    ]
    return Found(
        count=int(count),
        ids=tuple((entry.text or "").strip() for entry in root.iterfind("IdList/Id")),
        webenv=root.findtext("WebEnv", "").strip(),
        query_key=root.findtext("QueryKey", "").strip(),
        translation=" ".join(root.findtext("QueryTranslation", "").split()),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def parse_page(body: bytes) -> list[str]:
    """Return the PMID of every record of an answer of efetch, in order, '' where there is none.

    Raises:
        AskAgain: it is cut short, or no answer of efetch.
        Unanswered: it declares entities.
    """
    pmids: list[str] = []
    root: Element | None = None
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(body), events=("start", "end")):
            if event == "start":
                root = element if root is None else root
                depth += 1
                continue
            depth -= 1
            if depth == 1 and element.tag in ("PubmedArticle", "PubmedBookArticle"):
                pmid = element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID") or ""
                pmids.append(pmid.strip())
            if depth == 1 and root is not None:
                root.clear()  # a page of large records must not stay in memory as a tree
    except ParseError:
        raise AskAgain("PubMed's XML broke off or is damaged") from None
    except DefusedXmlException:
        raise Unanswered("the XML declares entities, which PubMed never does; it is not read") from None
    if root is None or root.tag != "PubmedArticleSet":
        raise AskAgain("PubMed's answer holds no records")
    return pmids


def _xml(body: bytes) -> Element:
    try:
        root: Element = fromstring(body)
        return root
    except ParseError:
        raise AskAgain("PubMed's XML broke off or is damaged") from None
    except DefusedXmlException:
        raise Unanswered("the XML declares entities, which PubMed never does; it is not read") from None
