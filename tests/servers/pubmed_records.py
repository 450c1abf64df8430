"""Made-up PubMed records, as the XML that efetch gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)


@dataclass(frozen=True)
class Record:
    """One article; what is not said is made up from the PMID."""

    pmid: int
    title: str = ""
    year: int = 2020
    created: str = "2020-03-01"  # the day it came into PubMed; '-' where none is known
    entered: str = ""  # its entry date, where that is another
    published: str = ""  # the day of publication that PubMed searches in; March 1 of the year where not said
    abstract: str = ""
    status: str = "MEDLINE"
    types: tuple[str, ...] = ("Journal Article",)
    notices: tuple[tuple[str, str], ...] = ()  # ("RetractionIn", PMID) ...

    @lru_cache(maxsize=50_000)  # noqa: B019  # large results are sent many times over
    def to_xml(self) -> str:
        """The article as efetch writes it."""
        year, month, day = self.created.split("-") if self.created != "-" else ("1950", "1", "1")
        types = "".join(f'<PublicationType UI="D0">{escape(kind)}</PublicationType>' for kind in self.types)
        abstract = escape(self.abstract or f"Patient {self.pmid} felt better; p < 0.05.")
        notices = "".join(
            f'<CommentsCorrections RefType="{kind}"><RefSource>J Made Up</RefSource><PMID Version="1">{pmid}</PMID>'
            "</CommentsCorrections>"
            for kind, pmid in self.notices
        )
        if notices:
            notices = f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList>"
        return f"""<PubmedArticle><MedlineCitation Status="{self.status}" Owner="NLM">
<PMID Version="1">{self.pmid}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Electronic">1234-5678</ISSN><JournalIssue CitedMedium="Internet">
<Volume>{self.pmid % 90 + 1}</Volume><Issue>2</Issue><PubDate><Year>{self.year}</Year><Month>Mar</Month></PubDate>
</JournalIssue><Title>Journal of made-up results</Title><ISOAbbreviation>J Made Up</ISOAbbreviation></Journal>
<ArticleTitle>{escape(self.title or f"Exosomes in back pain, study number {self.pmid}.")}</ArticleTitle>
<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1234/made-up.{self.pmid}</ELocationID>
<Abstract><AbstractText>{abstract}</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Möller</LastName><ForeName>Jane A</ForeName>
<Initials>JA</Initials></Author></AuthorList><Language>eng</Language><PublicationTypeList>
{types}</PublicationTypeList></Article>{notices}</MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>{year}</Year><Month>{int(month)}</Month>
<Day>{int(day)}</Day></PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">{self.pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
"""


def to_page(records: Iterable[Record]) -> bytes:
    """An answer of efetch."""
    return (_HEAD + "".join(record.to_xml() for record in records) + "</PubmedArticleSet>").encode()
