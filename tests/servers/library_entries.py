"""One made-up publication as each database writes it: with its own names, numbers, gaps and mistakes."""

import re
from dataclasses import dataclass
from typing import Any, Self
from xml.sax.saxutils import escape

from reviewkit.model.citation import Citation
from tests.servers import clinicaltrials, crossref, embase, scopus, web_of_science
from tests.servers.literature import Publication
from tests.servers.pubmed_records import Record
from tests.servers.works import Work


def pmid_of(number: int) -> int:
    """The PMID of a publication that PubMed holds."""
    return 30_000_000 + number


def _every(publication: Publication, which: int) -> bool:
    """True for one publication in so many."""
    return publication.number % which == 0


def _initials(given: str) -> str:
    return "".join(part[0] for part in given.replace("-", " ").split())


def _short_pages(publication: Publication) -> str:
    """Pages as PubMed shortens them: 345-9."""
    first, last = map(str, publication.pages)
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=True)) if one != other), len(first) - 1)
    return f"{first}-{last[same:]}"


@dataclass(frozen=True)
class InPubmed(Record):
    """As efetch writes it."""

    publication: Any = None

    @classmethod
    def of(cls, said: Publication) -> Self:
        return cls(pmid_of(said.number), title=said.title, year=said.year, created=said.added, publication=said)

    def to_xml(self) -> str:  # type: ignore[override]
        said = self.publication
        journal, short, issn = said.journal
        kinds = {"erratum": ["Published Erratum"], "preprint": ["Preprint"]}.get(said.kind, ["Journal Article"])
        if any(kind == "RetractionIn" for kind, _ in said.notices):
            kinds.append("Retracted Publication")
        types = "".join(f'<PublicationType UI="D0">{kind}</PublicationType>' for kind in kinds)
        notices = "".join(
            f'<CommentsCorrections RefType="{kind}"><RefSource>Made Up</RefSource><PMID Version="1">{pmid_of(number)}'
            "</PMID></CommentsCorrections>"
            for kind, number in said.notices
        )
        if said.kind == "erratum":
            notices = (
                '<CommentsCorrections RefType="ErratumFor"><RefSource>Made Up</RefSource>'
                f'<PMID Version="1">{pmid_of(said.of)}</PMID></CommentsCorrections>'
            )
        people = "".join(
            f'<Author ValidYN="Y"><LastName>{escape(family)}</LastName><ForeName>{given}</ForeName>'
            f"<Initials>{_initials(given)}</Initials></Author>"
            for family, given in said.authors
        )
        year, month, day = map(int, said.added.split("-"))
        abstract = f"<Abstract><AbstractText>{escape(said.abstract)}</AbstractText></Abstract>" if said.abstract else ""
        listed = f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList>" if notices else ""
        return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Electronic">{issn}</ISSN><JournalIssue CitedMedium="Internet">
<Volume>{said.volume}</Volume><Issue>2</Issue><PubDate><Year>{said.year}</Year><Month>Mar</Month></PubDate></JournalIssue>
<Title>{journal}</Title><ISOAbbreviation>{short}</ISOAbbreviation></Journal><ArticleTitle>{escape(said.title)}.
</ArticleTitle><Pagination><MedlinePgn>{_short_pages(said)}</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{said.doi}</ELocationID>{abstract}
<AuthorList CompleteYN="Y">{people}</AuthorList>
<Language>{said.language[:3]}</Language><PublicationTypeList>{types}</PublicationTypeList></Article>{listed}
</MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>
</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">
{self.pmid}</ArticleId><ArticleId IdType="doi">{said.doi}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
"""


@dataclass(frozen=True)
class InScopus(scopus.Document):
    """As the view COMPLETE shows it: one in twelve without its DOI, half of those in MEDLINE with their PMID."""

    publication: Any = None

    @classmethod
    def of(cls, said: Publication) -> Self:
        return cls(85_000_000_000 + said.number, year=said.year, publication=said)

    def entry(self, complete: bool) -> dict[str, object]:
        said = self.publication
        shown = super().entry(complete) | {
            "dc:title": said.title,
            "dc:creator": f"{said.authors[0][0]} {'.'.join(_initials(said.authors[0][1]))}.",
            "prism:publicationName": said.journal[0],
            "prism:volume": said.volume,
            "prism:pageRange": "-".join(map(str, said.pages)),
            "prism:doi": said.doi,
            "subtypeDescription": "Erratum" if said.kind == "erratum" else "Article",
        }
        if _every(said, 12):
            del shown["prism:doi"]
        if "pubmed" in said.held_by and _every(said, 2):
            shown["pubmed-id"] = str(pmid_of(said.number))
        if complete:
            shown["dc:description"] = f"{said.abstract} © {said.year} The Authors."
            shown["author"] = [
                {"authname": f"{family} {_initials(given)}", "surname": family, "given-name": given,
                 "initials": ".".join(_initials(given)) + "."}
                for family, given in said.authors
            ]  # fmt: skip
        return shown


@dataclass(frozen=True)
class InWebOfScience(web_of_science.Document):
    """Journals in capitals, titles in Title Case, no abstracts; one in thirty says the year of the first appearance."""

    publication: Any = None

    @classmethod
    def of(cls, said: Publication) -> Self:
        return cls(said.number, year=said.year, publication=said)

    def hit(self) -> dict[str, object]:
        said = self.publication
        first, last = map(str, said.pages)
        identifiers = {} if _every(said, 10) else {"doi": said.doi}
        if "pubmed" in said.held_by and _every(said, 3):
            identifiers["pmid"] = f"MEDLINE:{pmid_of(said.number)}"
        year = said.year - _every(said, 30)
        return super().hit() | {
            "title": said.title.title().replace("'S", "'s"),
            "types": ["Meeting Abstract" if said.kind == "meeting abstract" else "Article"],
            "source": {
                "sourceTitle": said.journal[0].upper(), "publishYear": year, "publishMonth": "MAR",
                "volume": said.volume, "issue": "2",
                "pages": {"range": f"{first}-{last}", "begin": first, "end": last},
            },
            "names": {
                "authors": [
                    {"displayName": f"{family}, {given}", "wosStandard": f"{family}, {_initials(given)}"}
                    for family, given in said.authors
                ]
            },
            "identifiers": identifiers,
        }  # fmt: skip


@dataclass(frozen=True)
class InEmbase(embase.Article):
    """British spelling the other way round, initials alone; one in seven without its DOI."""

    publication: Any = None

    @classmethod
    def of(cls, said: Publication) -> Self:
        return cls(600_000_000 + said.number, year=said.year, publication=said)

    def result(self) -> dict[str, object]:
        said = self.publication
        ids = {"lui": f"L{self.number}", "embase": str(self.number)} | ({} if _every(said, 7) else {"doi": said.doi})
        if "pubmed" in said.held_by and said.number % 5 < 3:
            ids["medl"] = str(pmid_of(said.number))
        first, last = map(str, said.pages)
        paragraphs = [said.abstract.replace("isation", "ization")] if said.abstract else []
        title = said.title.replace("randomised", "randomized")
        head = {
            "citationTitle": {"titleText": [{"ttltext": title, "lang": "eng"}]},
            "authorList": {
                "authors": [
                    {"surname": family, "initials": ".".join(_initials(given)) + "."} for family, given in said.authors
                ]
            },
            "abstracts": {"abstracts": [{"lang": "eng", "paras": paragraphs}]},
            "source": {
                "sourceTitle": said.journal[0], "publicationYear": str(said.year), "volume": said.volume,
                "firstPage": first, "lastPage": last,
            },
            "citationInfo": {
                "citationType": "Conference Abstract" if said.kind == "meeting abstract" else "Article"
            },
        }  # fmt: skip
        return {"itemInfo": {"itemIdList": ids}, "head": head}


@dataclass(frozen=True)
class InIndex(Work):
    """As Europe PMC and OpenAlex write it, which hold preprints too."""

    publication: Any = None

    @classmethod
    def of(cls, said: Publication) -> Self:
        return cls(
            said.number, title=said.title, year=said.year, language={"english": "en", "german": "de"}[said.language],
            added=said.added, cites=said.cites, retracted=any(kind == "RetractionIn" for kind, _ in said.notices),
            preprint=said.kind == "preprint", doi=said.doi, in_pubmed="pubmed" in said.held_by, publication=said,
        )  # fmt: skip

    def in_europe_pmc(self) -> dict[str, Any]:
        said = self.publication
        people = [
            {"fullName": f"{family} {_initials(given)}", "firstName": given, "lastName": family,
             "initials": _initials(given)}
            for family, given in said.authors
        ]  # fmt: skip
        journal = {"title": said.journal[0], "isoabbreviation": said.journal[1], "issn": said.journal[2]}
        issue = {"volume": said.volume, "issue": "2", "dateOfPublication": f"{said.year} Mar", "journal": journal}
        made = {
            "authorString": ", ".join(person["fullName"] for person in people) + ".",
            "authorList": {"author": people},
            "abstractText": said.abstract.replace("Methods:", "<h4>Methods</h4>"),
            "title": f"{said.title}.",
        }
        if self.preprint:
            return made | {"bookOrReportDetails": {"publisher": said.journal[0]}, "journalInfo": {}}
        return made | {"journalInfo": issue, "pageInfo": _short_pages(said)}

    def in_openalex(self) -> dict[str, Any]:
        said = self.publication
        words: dict[str, list[int]] = {}
        for place, word in enumerate(said.abstract.split()):
            words.setdefault(word, []).append(place)
        title = said.title.partition(":")[0] if _every(said, 25) else said.title
        first, last = map(str, said.pages)
        issue = {"volume": said.volume, "issue": "2", "first_page": first, "last_page": last}
        return {
            "title": title,
            "display_name": title,
            "primary_location": {"source": {"display_name": said.journal[0], "issn": [said.journal[2]]}},
            "authorships": [{"raw_author_name": f"{given} {family}"} for family, given in said.authors],
            "biblio": dict.fromkeys(issue) if self.preprint else issue,
            "abstract_inverted_index": words,
        }


def as_crossref(said: Publication) -> dict[str, Any]:
    """As Crossref writes it, with markup in the title of one in five."""
    title = said.title.replace("low back pain", "<i>low back pain</i>") if _every(said, 5) else said.title
    first, last = said.pages
    return crossref.work(
        said.number, DOI=said.doi, title=[title], volume=said.volume, page=f"{first}-{last}",
        author=[{"given": given, "family": family} for family, given in said.authors],
        issued={"date-parts": [[said.year, 3]]}, **{"container-title": [said.journal[0]]},
        created={"date-time": f"{said.added}T10:00:00Z"}, URL=f"https://doi.org/{said.doi}",
    )  # fmt: skip


def as_register_entry(said: Publication) -> dict[str, Any]:
    """As ClinicalTrials.gov writes it."""
    made = clinicaltrials.study(5_000_000 + said.number, said.added, said.results, said.status)
    made["protocolSection"]["identificationModule"]["briefTitle"] = said.title
    made["protocolSection"]["descriptionModule"]["briefSummary"] = said.abstract
    return made


def as_publish_or_perish(said: Publication) -> str:
    """As Publish or Perish exports it from Google Scholar: no DOI, initials first, a title that is cut off at times."""
    title = f"{said.title[:60]}…" if _every(said, 4) else said.title
    people = "\n".join(f"AU  - {_initials(given)} {family}" for family, given in said.authors[:4])
    return (
        f"TY  - JOUR\nTI  - {title}\n{people}\nPY  - {said.year}\nJO  - {said.journal[0]}\n"
        f"UR  - https://invent.example/{said.number}\nER  - \n\n"
    )


def number_of(said: Citation, run: str) -> int:
    """The number of the publication that an entry of a search run is a copy of, by what its database calls it."""
    book = re.sub(r"^[\d-]{10}-(.*?)(?:-\d+)?$", r"\1", run)
    if book == "pubmed":
        return int(said.pmid) - 30_000_000
    if book == "europe-pmc":
        source, _, number = said.accession.partition(":")
        return int(number) - 30_000_000 if source == "MED" else int(number.removeprefix("PPR")) - 100_000
    if book in ("crossref", "google-scholar", "clinicaltrials-gov"):
        place = {"crossref": said.doi, "google-scholar": said.url}.get(book, said.registrations[0:1])
        return int(re.findall(r"\d+", str(place))[-1]) % 5_000_000
    number = int(re.findall(r"\d+", said.accession)[-1])
    first = {"scopus": 85_000_000_000, "embase": 600_000_000, "openalex": 4_300_000_000}
    return number - first.get(book, 0)
