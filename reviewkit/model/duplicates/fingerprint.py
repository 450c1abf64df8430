"""What of a citation is compared, normalised once and kept small: a million of these fit in a laptop's memory."""

import re
from functools import lru_cache
from sys import intern
from typing import NamedTuple
from zlib import crc32

from reviewkit.model import text
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates.accession import accession_key
from reviewkit.model.duplicates.journals import journal_key
from reviewkit.model.duplicates.pages import Pages, pages_of
from reviewkit.model.duplicates.people import Name, people

_NOTICES = {  # publication types, as databases report them, that make an entry a piece about another publication
    "published erratum": "correction", "erratum": "correction", "correction": "correction", "corrigendum": "correction",
    "retraction of publication": "retraction", "retraction notice": "retraction", "expression of concern": "retraction",
    "retraction": "retraction",
}  # fmt: skip
_ABSTRACTS = frozenset(
    (
        "meeting abstract",
        "conference abstract",
        "congress abstract",
        "abstract",
        "meeting abstracts",
        "poster",
        "abstract of published work",
    )
)
_PREPRINT_DOI = re.compile(  # bioRxiv and medRxiv, Research Square, SSRN, preprints.org, arXiv, OSF, ChemRxiv ...
    r"10\.(?:1101/\d|64898/\d|21203/rs|2139/ssrn|20944/preprints|48550/arxiv|312(?:19|34|35)/osf|26434/chemrxiv"
    r"|36227/techrxiv|22541/au|2196/preprints|1590/scielopreprints)"
)
_PREPRINT_SERVER = re.compile(
    r"\b(?:biorxiv|medrxiv|arxiv|chemrxiv|psyarxiv|socarxiv|techrxiv|ssrn|research ?square|preprints?|authorea)\b"
)
_REGISTER = re.compile(  # as the name of a journal, often with an address
    r"\b(?:clinical ?trials gov|trialsearch|trials? regist(?:er|ry)|clinicaltrialsregister|isrctn|drks)\b"
)
_THESES = frozenset(("thesis", "dissertation", "academic dissertation", "dissertation abstract", "phd thesis"))
_THESIS_ABSTRACTS = re.compile(
    r"dissertation(?:s)? abstracts? int|dissertations? (?:and|&) theses|masters abstracts int"
)
_OF_CONGRESS = re.compile(
    r"[.:;] ?conference ?(?::|start|publication)|\bconference publication\b", re.IGNORECASE
)  # Ovid
_FIGURE = re.compile(r"\d+")
_FIGURES = 12  # that are kept
# Abstracts are long, and where all figures are 0 to 9 a table of bytes finds them in a seventh of the time. The figures
# of other scripts are after D8 in UTF-8, and none of them among the signs that begin with E2.
_NO_FIGURES = bytes(range(0xD9)) + b"\xe2"
_ONLY_FIGURES = bytes(c if c in b"0123456789" else ord(" ") for c in range(256))
_ABSTRACT_START = 60  # letters of an abstract that are compared; databases differ in what they add at its end
_NOTHING: frozenset[str] = frozenset()


class Fingerprint(NamedTuple):  # a tuple is made in a fifth of the time that a frozen dataclass of so many fields takes
    """The comparable facts of one citation; '' , () or None where the source did not say."""

    id: int
    titles: tuple[str, ...]  # in each language that it is given in: words without accents, case and punctuation
    generic: bool  # a title that many works carry
    kind: str  # "correction", "reply" ...: a piece about another publication
    form: str  # "register", "preprint", "thesis", "abstract" (of a congress), or '' for all else
    people: tuple[Name, ...]
    year: int | None
    journal: str
    issns: frozenset[str]
    volume: str
    issue: str
    pages: Pages | None
    doi: str
    pmid: str
    pmcid: str
    accession: str  # the database's own number, with its name before it
    registrations: frozenset[str]
    abstract: int  # a number made of its beginning, 0 for none
    figures: tuple[str, ...]  # the first figures in the abstract: sizes of groups, results

    @property
    def author(self) -> str:
        """The first author's family name, or ''."""
        return self.people[0][0] if self.people else ""


def fingerprint(citation: Citation) -> Fingerprint:
    """Normalise a citation for comparison."""
    types = [t.lower() for t in citation.types]
    notices = [_NOTICES[t] for t in types if t in _NOTICES]
    kind = notices[0] if notices else text.kind_of_title(citation.title)
    title = text.about(citation.title) if kind == "correction" else citation.title
    texts = [part for given in (title, citation.vernacular_title) if given for part in text.languages(given)]
    titles = [*dict.fromkeys(filter(None, map(text.title_words, texts)))]
    doi = text.doi_key(citation.doi) if citation.doi else ""
    journal = citation.journal or citation.journal_abbreviation
    key = intern(journal_key(journal)) if journal else ""
    return Fingerprint(
        id=citation.id,
        titles=tuple([" ".join(map(_one_spelling, words)) for words in titles]),
        generic=bool(titles) and text.is_generic(titles[0]),
        kind=kind,
        form=_form(citation, types, doi, key),
        people=people(citation.authors),
        year=citation.year,
        journal=key,
        issns=frozenset(i.replace("-", "").upper() for i in citation.issns) if citation.issns else _NOTHING,
        volume=intern(text.number_key(citation.volume)),
        issue=intern(text.issue_key(citation.issue)),
        pages=pages_of(citation.pages) if citation.pages else None,
        doi=doi,
        pmid=text.digits_key(citation.pmid) if citation.pmid else "",
        pmcid=text.digits_key(citation.pmcid) if citation.pmcid else "",
        accession=accession_key(citation) if citation.accession and citation.run else "",
        registrations=frozenset(filter(None, map(text.registration_key, citation.registrations)))
        if citation.registrations
        else _NOTHING,
        abstract=_beginning(citation.abstract),
        figures=_figures(citation.abstract),
    )


def _form(citation: Citation, types: list[str], doi: str, journal: str) -> str:
    if citation.is_register_entry or (not (doi or citation.pmid) and _is_register(journal)):
        return "register"
    # a congress or journal that gives a preprint's DOI is not the preprint
    if "preprint" in types or (_is_server(journal) if journal else _PREPRINT_DOI.match(doi)):
        return "preprint"
    if not _THESES.isdisjoint(types) or _THESIS_ABSTRACTS.match(journal):
        return "thesis"
    return "" if _ABSTRACTS.isdisjoint(types) and not _is_of_congress(citation.journal) else "abstract"


_one_spelling = lru_cache(maxsize=50_000)(text.one_spelling)  # of a word: most titles are made of the same ones


@lru_cache(maxsize=50_000)
def _is_of_congress(journal: str) -> bool:
    return _OF_CONGRESS.search(journal) is not None


@lru_cache(maxsize=50_000)
def _is_register(journal: str) -> bool:
    return _REGISTER.search(journal) is not None


@lru_cache(maxsize=50_000)
def _is_server(journal: str) -> bool:
    return _PREPRINT_SERVER.search(journal) is not None


def _beginning(abstract: str) -> int:
    if len(abstract) < 2 * _ABSTRACT_START:
        return 0
    start = "".join(filter(str.isalnum, abstract[: 3 * _ABSTRACT_START].lower()))
    for heading in ("abstract", "background", "objectives", "objective", "aims", "aim", "introduction", "purpose"):
        start = start.removeprefix(heading)
    return crc32(start[:_ABSTRACT_START].encode())


def _figures(abstract: str) -> tuple[str, ...]:
    if len(abstract) < 2 * _ABSTRACT_START:
        return ()
    beginning = abstract[:4000]
    letters = beginning.encode()
    if letters.translate(None, _NO_FIGURES):
        return tuple(map(intern, _FIGURE.findall(beginning)[:_FIGURES]))
    return tuple(map(intern, letters.translate(_ONLY_FIGURES).decode().split(None, _FIGURES)[:_FIGURES]))
