"""One record of PubMed XML, an element of some DTD version, as a citation."""

from collections.abc import Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element

from reviewkit.formats.authors import is_et_al, pubmed_name
from reviewkit.formats.clean import clean
from reviewkit.formats.identifiers import doi_in, iso_day, issns_in, pmcid_in, pmid_in, written_date, year_in
from reviewkit.formats.markup import flatten
from reviewkit.formats.pubmed_terms import is_elsewhere, registrations_of, title_of
from reviewkit.model.citation import Citation

_NOTHING = Element("nothing")
_term = lru_cache(maxsize=10_000)(clean)  # words of a vocabulary and of journals, which come again and again


def citation_of(record: Element, line: int) -> Citation:
    """Return the citation that a PubmedArticle, PubmedBookArticle or bare MedlineCitation holds."""
    if record.tag == "PubmedBookArticle":
        return _book(record, line)
    return _article(record, line)


def _article(record: Element, line: int) -> Citation:
    medline = record if record.tag == "MedlineCitation" else _child(record, "MedlineCitation")
    article = _child(medline, "Article")
    journal = _child(article, "Journal")
    issue = _child(journal, "JournalIssue")
    info = _child(medline, "MedlineJournalInfo")
    data = _child(record, "PubmedData")
    vernacular = flatten(article.find("VernacularTitle"))
    date = _date(issue.find("PubDate")) or _date(article.find("ArticleDate"))
    abstract = _abstract(article.find("Abstract"))
    return Citation(
        title=title_of(flatten(article.find("ArticleTitle")), vernacular),
        vernacular_title=vernacular,
        abstract=abstract or _other_abstract(medline),
        authors=_authors(article.findall("AuthorList")),
        year=year_in(date) or year_in(_date(article.find("ArticleDate"))),
        date=date,
        journal=flatten(journal.find("Title")) or _said(info, "MedlineTA"),
        journal_abbreviation=_said(journal, "ISOAbbreviation") or _said(info, "MedlineTA"),
        volume=_said(issue, "Volume"),
        issue=_said(issue, "Issue"),
        pages=_pages(article),
        doi=_doi(article.findall("ELocationID"), data),
        pmid=pmid_in(_said(medline, "PMID")) or _id(data, "pubmed"),
        pmcid=pmcid_in(_id(data, "pmc")),
        registrations=_registrations(article.find("DataBankList")),
        issns=issns_in(f"{_said(journal, 'ISSN')} {_said(info, 'ISSNLinking')}"),
        language="; ".join(_all(article.findall("Language"))),
        types=_all(_child(article, "PublicationTypeList")),
        keywords=_all(keyword for listed in medline.findall("KeywordList") for keyword in listed),
        subjects=_subjects(_child(medline, "MeshHeadingList")),
        status=medline.get("Status", ""),
        related=_related(_child(medline, "CommentsCorrectionsList")),
        added=_added(data),
        line=line,
    )


def _book(record: Element, line: int) -> Citation:
    document = _child(record, "BookDocument")
    book = _child(document, "Book")
    data = _child(record, "PubmedBookData")
    chapter = flatten(document.find("ArticleTitle"))
    name = flatten(book.find("BookTitle"))
    vernacular = flatten(document.find("VernacularTitle"))
    # A chapter's own date: the book's is the year in which a loose-leaf work like GeneReviews began.
    date = (_date(document.find("ContributionDate")) if chapter else "") or _date(book.find("PubDate"))
    return Citation(
        title=title_of(chapter or name, vernacular),
        vernacular_title=vernacular,
        abstract=_abstract(document.find("Abstract")),
        authors=_authors(document.findall("AuthorList")) or _authors(book.findall("AuthorList")),
        year=year_in(date),
        date=date,
        journal=name if chapter else flatten(book.find("CollectionTitle")),
        volume=_said(book, "Volume"),
        pages=_pages(document),
        doi=_doi([*document.findall("ELocationID"), *book.findall("ELocationID")], data, document),
        pmid=pmid_in(_said(document, "PMID")) or _id(data, "pubmed"),
        pmcid=pmcid_in(_id(data, "pmc")),
        accession=_id(document, "bookaccession"),
        language="; ".join(_all(document.findall("Language"))),
        types=_all(document.findall("PublicationType")),
        keywords=_all(keyword for listed in document.findall("KeywordList") for keyword in listed),
        publisher=flatten(book.find("Publisher/PublisherName")),
        added=_added(data),
        line=line,
    )


def _child(element: Element, name: str) -> Element:
    found = element.find(name)
    return _NOTHING if found is None else found


def _said(element: Element, name: str) -> str:
    return clean(element.findtext(name) or "")


def _all(elements: Iterable[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(flatten, elements))))


def _abstract(abstract: Element | None) -> str:
    """Return the paragraphs of an abstract, "LABEL: text" where it is structured."""
    if abstract is None:
        return ""
    paragraphs = []
    for part in abstract.findall("AbstractText"):
        text = flatten(part)
        label = clean(part.get("Label", "")).rstrip(": ")
        if text and label and label.upper() != "UNLABELLED":
            text = f"{label}: {text}"
        paragraphs.append(text)
    return "\n".join(filter(None, paragraphs))


def _other_abstract(medline: Element) -> str:
    others = medline.findall("OtherAbstract")
    others.sort(key=lambda other: other.get("Language", "eng") != "eng")
    return next((text for other in others if (text := _abstract(other)) and not is_elsewhere(text)), "")


def _authors(lists: list[Element]) -> tuple[str, ...]:
    """Return the names of the authors; of the editors only where a book has no authors."""
    kinds = sorted({group.get("Type", "authors") for group in lists}, key=lambda kind: (kind != "authors", kind))
    for kind in kinds:
        people = [p for group in lists if group.get("Type", "authors") == kind for p in group.findall("Author")]
        if names := tuple(filter(None, map(_name, people))):
            return names
    return ()


def _name(author: Element) -> str:
    if author.get("ValidYN") == "N":  # a misspelt name that NLM keeps beside the corrected one
        return ""
    family = _said(author, "LastName")
    if not family:
        group = flatten(author.find("CollectiveName"))
        return group or _given(author) or flatten(author.find("PersonalName"))
    initials = _said(author, "Initials")
    given = "" if initials else _given(author)
    name = pubmed_name(family, given, initials, flatten(author.find("Suffix")))
    return "" if is_et_al(name) else name


def _given(author: Element) -> str:
    return flatten(author.find("ForeName")) or flatten(author.find("FirstName"))


def _date(date: Element | None) -> str:
    if date is None:
        return ""
    year = _said(date, "Year")
    written = written_date(year, _said(date, "Month") or _said(date, "Season"), _said(date, "Day"))
    return _said(date, "MedlineDate") if not year else written


def _pages(article: Element) -> str:
    pages = _child(article, "Pagination")
    first, last = _said(pages, "StartPage"), _said(pages, "EndPage")
    return _said(pages, "MedlinePgn") or (f"{first}-{last}" if last and last != first else first)


def _doi(locations: list[Element], *data: Element) -> str:
    """Return the DOI that NLM holds valid: the article's own first, then that of PubMed's list of its ids."""
    known = [(doi_in(e.text or ""), e.get("ValidYN") != "N") for e in locations if e.get("EIdType") == "doi"]
    invalid = {doi for doi, valid in known if not valid}
    listed = [doi_in(_id(element, "doi")) for element in data]
    return next((doi for doi in [*(d for d, valid in known if valid), *listed] if doi and doi not in invalid), "")


def _id(data: Element, kind: str) -> str:
    # Direct children only: the lists of ids inside a ReferenceList belong to other articles.
    for listed in data.findall("ArticleIdList"):
        for found in listed:
            if found.get("IdType", "pubmed") == kind:
                return clean(found.text or "")
    return ""


def _registrations(banks: Element | None) -> tuple[str, ...]:
    if banks is None:
        return ()
    return registrations_of(
        (bank.findtext("DataBankName", ""), number.text or "")
        for bank in banks
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    )


def _subjects(headings: Element) -> tuple[str, ...]:
    """Return the MeSH headings as "Descriptor/qualifier/qualifier"."""
    found = ["/".join([_term(part.text) for part in heading if part.text]) for heading in headings]
    return tuple(dict.fromkeys(filter(None, found)))


def _related(items: Element) -> tuple[str, ...]:
    found = []
    for item in items:
        kind = item.get("RefType", "")
        if kind and kind != "Cites":  # until 2018 the list of references stood here too
            found.append(f"{kind}:{_said(item, 'PMID') or _said(item, 'RefSource')}")
    return tuple(dict.fromkeys(found))


def _added(data: Element) -> str:
    for date in _child(data, "History"):
        if date.get("PubStatus") == "entrez":
            return iso_day(_said(date, "Year"), _said(date, "Month"), _said(date, "Day"))
    return ""
