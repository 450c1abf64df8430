"""Made-up PubMed records with all that real ones carry: addresses, headings, substances, grants, references, markup."""

import random
from itertools import product
from pathlib import Path

DTD = "pubmed_240101.dtd"  # Biopython reads a file only when it carries the DTD, and it carries this one

HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" '
    f'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/{DTD}">\n<PubmedArticleSet>\n'
)
TAIL = "</PubmedArticleSet>"

_SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wa", "xe", "zu")
_WORDS = ["".join(word) for length in (1, 2, 3) for word in product(_SYLLABLES, repeat=length)]
_FAMILIES = ("Smith", "Müller", "García", "Wang", "Kowalski", "Nguyễn", "Okafor", "Sørensen", "O'Brien", "Yılmaz")
_GIVEN = ("Jane", "Martin", "Xiao-Ming", "Olga", "Pierre", "Aiko", "Luís", "Ann", "Dmitri", "Zoë", "Peter", "Fatima")
_SIGNS = ("p &lt; 0.05", "95% CI 1–2", "± 3.1", "10<sup>6</sup> cells", "CO<sub>2</sub>", "<i>in vitro</i>", "TNF-α")
_PARTS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")


def record(pmid: int) -> str:
    """Return a record as efetch writes it, always the same for a PMID.

    It has about 7,400 bytes, as the median of 600 recorded ones.
    """
    return _record(random.Random(pmid), pmid)


def write_records(path: Path, count: int) -> None:
    """Write an answer of efetch."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(map(record, range(1, count + 1)))
        file.write(TAIL)


def _record(dice: random.Random, pmid: int) -> str:
    year = dice.randrange(1990, 2025)
    data = "".join(_event(status, year, dice) for status in ("received", "accepted", "pubmed", "medline", "entrez"))
    return (
        '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">'
        f'<PMID Version="1">{pmid}</PMID>{_day("DateCompleted", year, dice)}{_day("DateRevised", year + 1, dice)}'
        f'<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1234-{pmid % 10000:04}</ISSN>'
        f'<JournalIssue CitedMedium="Internet"><Volume>{pmid % 90}</Volume><Issue>{pmid % 12 + 1}</Issue><PubDate>'
        f"<Year>{year}</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of Results {pmid % 300}</Title>"
        f"<ISOAbbreviation>J Res {pmid % 300}</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{_title(dice, pmid)}</ArticleTitle><Pagination>"
        f"<StartPage>{pmid % 900}</StartPage><EndPage>{pmid % 900 + 9}</EndPage>"
        f"<MedlinePgn>{pmid % 900}-{pmid % 900 + 9}</MedlinePgn></Pagination>"
        f'<ELocationID EIdType="doi" ValidYN="Y">10.1000/results.{pmid}</ELocationID>{_abstract(dice)}'
        f'<AuthorList CompleteYN="Y">{"".join(_author(dice) for _ in range(dice.randrange(2, 9)))}</AuthorList>'
        f"<Language>eng</Language>{_grants(dice)}<PublicationTypeList>"
        '<PublicationType UI="D016428">Journal Article</PublicationType><PublicationType UI="D013485">'
        "Research Support, Non-U.S. Gov't</PublicationType></PublicationTypeList>"
        f"{_day('ArticleDate', year, dice)}</Article><MedlineJournalInfo><Country>United States</Country>"
        f"<MedlineTA>J Res {pmid % 300}</MedlineTA><NlmUniqueID>0{pmid % 900000}</NlmUniqueID><ISSNLinking>"
        f"1234-{pmid % 10000:04}</ISSNLinking></MedlineJournalInfo><ChemicalList>"
        f"{''.join(_chemical(dice) for _ in range(dice.randrange(6)))}</ChemicalList>"
        f"<CitationSubset>IM</CitationSubset>"
        f"<MeshHeadingList>{''.join(_heading(dice) for _ in range(dice.randrange(5, 14)))}</MeshHeadingList>"
        f'<KeywordList Owner="NOTNLM">{"".join(_keyword(dice) for _ in range(dice.randrange(6)))}</KeywordList>'
        "<CoiStatement>The authors declare no conflicts.</CoiStatement></MedlineCitation><PubmedData>"
        f"<History>{data}</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="doi">10.1000/results.{pmid}</ArticleId>'
        f"</ArticleIdList>{_references(dice)}</PubmedData></PubmedArticle>\n"
    )


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(_WORDS, k=count))


def _title(dice: random.Random, pmid: int) -> str:
    words = _words(dice, 12).capitalize()
    return f"{words} in <i>Mus musculus</i> {pmid}." if dice.random() < 0.15 else f"{words} {pmid}."


def _abstract(dice: random.Random) -> str:
    if dice.random() < 0.1:
        return ""
    if dice.random() < 0.35:
        parts = "".join(
            f'<AbstractText Label="{part}" NlmCategory="{part}">{_text(dice, 3)}</AbstractText>' for part in _PARTS
        )
    else:
        parts = f"<AbstractText>{_text(dice, 9)}</AbstractText>"
    return f"<Abstract>{parts}<CopyrightInformation>© 2024 The Authors.</CopyrightInformation></Abstract>"


def _text(dice: random.Random, sentences: int) -> str:
    sign = dice.choice(_SIGNS) if dice.random() < 0.4 else "p = 0.05"
    said = [f"{_words(dice, dice.randrange(10, 22)).capitalize()}." for _ in range(sentences)]
    return " ".join([*said[:-1], f"({sign})", said[-1]])


def _author(dice: random.Random) -> str:
    given = dice.choice(_GIVEN)
    orcid = '<Identifier Source="ORCID">0000-0001-2345-6789</Identifier>' if dice.random() < 0.1 else ""
    return (
        f'<Author ValidYN="Y"><LastName>{dice.choice(_FAMILIES)}</LastName><ForeName>{given} A</ForeName>'
        f"<Initials>{given[0]}A</Initials>{orcid}<AffiliationInfo><Affiliation>Department of Orthopaedics, University "
        f"Hospital {dice.randrange(200)}, Town, Country.</Affiliation></AffiliationInfo></Author>"
    )


def _grants(dice: random.Random) -> str:
    grants = "".join(
        f"<Grant><GrantID>R01 {dice.randrange(99999)}</GrantID><Acronym>AR</Acronym><Agency>NIAMS NIH HHS</Agency>"
        "<Country>United States</Country></Grant>"
        for _ in range(dice.randrange(1, 4))
    )
    return f'<GrantList CompleteYN="Y">{grants}</GrantList>' if dice.random() < 0.3 else ""


def _chemical(dice: random.Random) -> str:
    number = dice.randrange(99999)
    return (
        f'<Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D{number:06}">Substance {number % 700}'
        "</NameOfSubstance></Chemical>"
    )


def _heading(dice: random.Random) -> str:
    number = dice.randrange(900)
    qualifiers = "".join(
        f'<QualifierName UI="Q{n:06}" MajorTopicYN="N">qualifier {n}</QualifierName>'
        for n in dice.sample(range(60), dice.choice((0, 0, 1, 1, 2)))
    )
    return (
        f'<MeshHeading><DescriptorName UI="D{number:06}" MajorTopicYN="N">Heading {number}</DescriptorName>'
        f"{qualifiers}</MeshHeading>"
    )


def _keyword(dice: random.Random) -> str:
    return f'<Keyword MajorTopicYN="N">{_words(dice, 2)}</Keyword>'


def _references(dice: random.Random) -> str:
    if dice.random() > 0.15:
        return ""
    listed = "".join(
        f"<Reference><Citation>Doe J, Roe R. {_words(dice, 5)}. J Res. {dice.randrange(1970, 2024)};88(3):595-618."
        f'</Citation><ArticleIdList><ArticleId IdType="doi">10.1000/cited.{dice.randrange(10**6)}</ArticleId>'
        f'<ArticleId IdType="pubmed">{dice.randrange(10**8)}</ArticleId></ArticleIdList></Reference>'
        for _ in range(dice.randrange(8, 24))
    )
    return f"<ReferenceList>{listed}</ReferenceList>"


def _day(name: str, year: int, dice: random.Random) -> str:
    return (
        f"<{name}><Year>{year}</Year><Month>{dice.randrange(1, 13):02}</Month><Day>{dice.randrange(1, 29):02}</Day>"
        f"</{name}>"
    )


def _event(status: str, year: int, dice: random.Random) -> str:
    return (
        f'<PubMedPubDate PubStatus="{status}"><Year>{year}</Year><Month>{dice.randrange(1, 13)}</Month>'
        f"<Day>{dice.randrange(1, 29)}</Day><Hour>6</Hour><Minute>0</Minute></PubMedPubDate>"
    )
