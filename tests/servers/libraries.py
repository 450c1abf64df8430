"""Eight databases that hold one made-up literature, each in its own way of writing, and find by Boolean queries.

with Libraries(make_literature(200)) as libraries:
    ... libraries.environment ...
    libraries.hold(later)
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from tests.servers import clinicaltrials, crossref, embase, eutils, openalex, scopus, web_of_science
from tests.servers.europe_pmc import EuropePmcServer
from tests.servers.library_entries import (
    InEmbase,
    InIndex,
    InPubmed,
    InScopus,
    InWebOfScience,
    as_crossref,
    as_register_entry,
)  # fmt: skip
from tests.servers.literature import REGISTER, Publication
from tests.servers.pubmed_query import Paper, matches

KEY = "0123456789abcdef0123456789abcdef"
_NO_TEXT = re.compile(
    r"PUBYEAR \S+ \d{4}|PY=\([\d-]*\)|\[\d{4}-\d{4}\]/py|(?:FIRST_[PI]DATE:\[[^\]]*\])"
    r"|\bLANG:\"?\w+\"?|\[english\]/lim|LA=\(?English\)?|LANGUAGE\(english\)",
    re.I,
)
_FIELD = re.compile(r"TITLE-ABS-KEY|TITLE_ABS:|\bTS=|\bTI=|:ti,ab,kw|:ti,ab|/exp|/de|TITLE:|ABSTRACT:")


def finds(query: str, publication: Publication) -> bool:
    """Does a query of any of the databases find a publication? Fields other than PubMed's are passed over."""
    text = _FIELD.sub("", _NO_TEXT.sub("", query)).replace("'", '"')
    text = re.sub(r"\(\s*(?:(?:OR|AND)\s*)*\)", "", text)
    text = re.sub(r"(?:\s*\bAND\b\s*)+$|^(?:\s*AND\s+)+|(?:AND\s+)+(?=\))", "", text.strip())
    text = re.sub(r"\bAND(?:\s+AND)+\b", "AND", text)
    return matches(text, _paper(publication))


def _paper(publication: Publication) -> Paper:
    return Paper(
        30_000_000 + publication.number, title=publication.title.lower(), abstract=publication.abstract.lower(),
        mesh=("Low Back Pain",) if "low back pain" in publication.title.lower() else (),
        language=publication.language, year=publication.year, doi=publication.doi,
    )  # fmt: skip


class _EuropePmc(EuropePmcServer):
    by: "Libraries"

    def _found(self, query: str, given: Any) -> list[Any]:
        if re.search(r"\b(?:EXT_ID|CITES|REFFED_BY|DOI):", query):
            return super()._found(query, given)
        window = re.search(r"FIRST_IDATE:\[(\S+) TO", query)
        said = {"english": "en", "german": "de"}
        asked = {said.get(name, name) for name in re.findall(r'LANG:"?(\w+)', query)}
        asked = {"en" if name == "eng" else name for name in asked}
        found = self.by.select(query, [work for work in self.works if isinstance(work, InIndex)])
        return [
            work for work in found
            if (not asked or work.language in asked) and (not window or work.added >= window[1])
        ]  # fmt: skip


class _OpenAlex(openalex.OpenAlexServer):
    by: "Libraries"

    def _found(self, given: Any) -> list[Any]:
        words = [value for name, value in given.items() if name.startswith("search")]
        found = super()._found({name: value for name, value in given.items() if not name.startswith("search")})
        return self.by.select(words[0], found) if words else found


@dataclass
class Libraries:
    """The databases, which hold the same literature until they are told another one."""

    publications: Sequence[Publication]
    keys: bool = True
    _stack: ExitStack = field(default_factory=ExitStack)
    _known: dict[tuple[str, int], bool] = field(default_factory=dict)

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        self.pubmed = enter(eutils.EutilsServer(select=self._pubmed))
        self.scopus = enter(scopus.ScopusServer(keys={KEY}, select=self._finds))
        self.wos = enter(web_of_science.WosServer(keys={KEY}, select=self._finds))
        self.embase = enter(embase.EmbaseServer(keys={KEY}, select=self._finds))
        self.europe_pmc = enter(_EuropePmc())
        self.openalex = enter(_OpenAlex(keys=frozenset((KEY,))))
        self.europe_pmc.by = self.openalex.by = self
        self.crossref = enter(crossref.CrossrefServer(limit="50", select=self._crossref))
        self.register = enter(clinicaltrials.ClinicalTrialsServer(select=self._register))
        self.hold(self.publications)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which reviewkit finds them."""
        served = {
            "EUTILS": self.pubmed, "SCOPUS": self.scopus, "WOS": self.wos, "EMBASE": self.embase,
            "EUROPE_PMC": self.europe_pmc, "OPENALEX": self.openalex, "CROSSREF": self.crossref,
            "CLINICALTRIALS": self.register,
        }  # fmt: skip
        said = {f"REVIEWKIT_{name}_URL": server.url for name, server in served.items()}
        keys = ("NCBI_API_KEY", "ELSEVIER_API_KEY", "WOS_API_KEY", "OPENALEX_API_KEY")
        return said | {"REVIEWKIT_EMAIL": "ann@example.org"} | {name: KEY for name in keys if self.keys}

    def hold(self, publications: Sequence[Publication]) -> None:
        """Let them hold this literature from now on."""
        self.publications = publications
        self._known.clear()
        self.__dict__.pop("by_number", None)
        newest_first = sorted(publications, key=lambda each: -each.number)

        def held(book: str, make: Callable[[Publication], Any]) -> list[Any]:
            return [make(each) for each in newest_first if book in each.held_by]

        self.pubmed.records = held("pubmed", InPubmed.of)
        self.scopus.records = held("scopus", InScopus.of)
        self.wos.records = held("web-of-science", InWebOfScience.of)
        self.embase.records = held("embase", InEmbase.of)
        self.europe_pmc.works = held("europe-pmc", InIndex.of)
        self.openalex.works = held("openalex", InIndex.of)
        self.crossref.works = held("crossref", as_crossref)
        self.register.studies = held(REGISTER, as_register_entry)

    @cached_property
    def by_number(self) -> dict[int, Publication]:
        """The literature by number."""
        return {each.number: each for each in self.publications}

    def found_by(self, query: str, book: str) -> set[int]:
        """The truth: what a query finds in a database."""
        return {each.number for each in self.publications if book in each.held_by and self._does_find(query, each)}

    def select(self, query: str, entries: Iterable[Any]) -> list[Any]:
        """Return the entries of publications that a query finds."""
        return [entry for entry in entries if self._does_find(query, entry.publication)]

    def _does_find(self, query: str, publication: Publication) -> bool:
        asked = (query, publication.number)
        if asked not in self._known:
            self._known[asked] = finds(query, publication)
        return self._known[asked]

    def _finds(self, query: str, entry: Any) -> bool:
        return self._does_find(query, entry.publication)

    def _pubmed(self, parameters: Any, records: Sequence[Any]) -> list[Any]:
        term, since = parameters["term"], ""
        if window := re.search(r'\s*AND\s*\(?"(\d{4}/\d\d/\d\d)"\[crdt\] : "[^"]*"\[crdt\]\)?', term):
            term, since = term.replace(window[0], ""), window[1].replace("/", "-")
        first, last = (parameters.get(name, default)[:4] for name, default in (("mindate", "0"), ("maxdate", "9999")))
        found = self.select(term, records)
        return [each for each in found if each.created >= since and int(first) <= each.year <= int(last)]

    def _crossref(self, parameters: Any, works: Sequence[Any]) -> list[Any]:
        words = " ".join(value for name, value in parameters.items() if name.startswith("query")).lower().split()
        if wanted := re.search(r"doi:(\S+)", parameters.get("filter", "")):
            works = [work for work in works if work["DOI"] == wanted[1]]
        return [work for work in works if not words or any(word in str(work).lower() for word in words)]

    def _register(self, parameters: Any, studies: Sequence[Any]) -> list[Any]:
        query = " AND ".join(f"({value})" for name, value in parameters.items() if name.startswith("query"))
        numbers = [int(each["protocolSection"]["identificationModule"]["nctId"][3:]) - 5_000_000 for each in studies]
        return [
            study for study, number in zip(studies, numbers, strict=True)
            if not query or self._does_find(query, self.by_number[number])
        ]  # fmt: skip
