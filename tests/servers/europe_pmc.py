"""A loopback server that plays Europe PMC's Articles RESTful API: searchPOST, search, references and citations.

As https://europepmc.org/RestfulWebService describes it: cursors, pages of at most 1,000, errors with status 200.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, Loopback, json_reply
from tests.servers.works import Work, make_works

_FIELD = re.compile(r'(EXT_ID|SRC|DOI|LANG|CITES|REFFED_BY):"?([^\s")]+)"?')
_PAIR = re.compile(r"\(EXT_ID:(\w+) AND SRC:(\w+)\)")
_WINDOW = re.compile(r"(FIRST_PDATE|FIRST_IDATE):\[(\S+) TO (\S+)\]")


def failed(message: str, code: int = 404) -> Fault:
    """An error as Europe PMC gives it: in the body of an answer with status 200."""
    return lambda right: json_reply({"version": "6.9", "errCode": code, "errMsg": message})


def shortened(right: Reply) -> Reply:
    """A page that lacks its last record."""
    table = json.loads(right.body)
    table["resultList"]["result"].pop()
    return json_reply(table)


@dataclass
class EuropePmcServer(Loopback):
    """Europe PMC on a free port; a search finds the records whose title holds every word joined by AND.

    Args:
        works: what it holds.
    """

    works: int | Sequence[Work] = 30
    select: Callable[[Mapping[str, str], Work], bool] = lambda parameters, work: True
    drift: dict[int, Sequence[Work]] = field(default_factory=dict)  # after so many requests, what it holds then
    base: str = field(default="/europepmc/webservices/rest/", kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.works, int):
            self.works = make_works(self.works)

    def right(self, asked: Asked) -> Reply:
        """Answer as Europe PMC does."""
        assert not isinstance(self.works, int)
        self.works = self.drift.pop(len(self.log), self.works)
        path = asked.place.removeprefix(self.base)
        if asked.parameters.get("format") != "json":
            return Reply(b"<?xml version='1.0'?><responseWrapper/>", 200, "application/xml")
        size = int(asked.parameters.get("pageSize", 25))
        if not 1 <= size <= 1000:
            return failed("Invalid page size provided. Valid size is between 1 and 1000")(Reply(b""))
        if path in ("search", "searchPOST"):
            return self._search(asked.parameters, size)
        if found := re.fullmatch(r"(MED|PPR)/(\w+)/(references|citations)", path):
            return self._list(*found.groups(), int(asked.parameters.get("page", 1)), size)
        return Reply(b"<html>Not found</html>", 404, "text/html")

    def _search(self, given: Mapping[str, str], size: int) -> Reply:
        query = given.get("query", "")
        if query.count("(") != query.count(")"):
            return failed("Invalid query provided")(Reply(b""))
        found = self._found(query, given)
        place = given.get("cursorMark", "*")
        if not re.fullmatch(r"\*|AoE\d+=", place):
            return failed("Invalid cursorMark provided")(Reply(b""))
        start = 0 if place == "*" else int(place[3:-1])
        listed = found[start : start + size]
        table: dict[str, Any] = {
            "version": "6.9",
            "hitCount": len(found),
            "request": {"queryString": query, "resultType": given.get("resultType"), "cursorMark": place},
            "resultList": {"result": [as_europe_pmc(work, given.get("resultType") == "core") for work in listed]},
        }
        if len(found) > 1:  # beyond the end the same cursor is given again
            table["nextCursorMark"] = f"AoE{start + len(listed)}=" if listed else place
        return json_reply(table)

    def _found(self, query: str, given: Mapping[str, str]) -> list[Work]:
        assert not isinstance(self.works, int)
        found = [work for work in self.works if self.select(given, work)]
        if ") OR (EXT_ID:" in query:
            pairs = set(_PAIR.findall(query))
            return [work for work in found if (work.id, work.source) in pairs]
        for name, value in _FIELD.findall(query):
            if name == "LANG":
                continue
            found = [work for work in found if self._has(work, name, value)]
        languages = {value for name, value in _FIELD.findall(query) if name == "LANG"}
        for name, first, last in _WINDOW.findall(query):
            day = (lambda work: work.added) if name == "FIRST_IDATE" else (lambda work: f"{work.year}-02-10")
            found = [work for work in found if first <= day(work) <= last]
        plain = _WINDOW.sub("", _FIELD.sub("", query))
        words = [word.strip(' "()').lower() for word in re.split(r"\bAND\b|\bOR\b", plain)]
        found = [work for work in found if all(word in work.name.lower() for word in words)]
        return [work for work in found if not languages or work.language in languages]

    def _has(self, work: Work, name: str, value: str) -> bool:
        assert not isinstance(self.works, int)
        number, _, source = value.partition("_")
        if name == "CITES":
            return any(w.number in work.cites for w in self.works if (w.id, w.source) == (number, source))
        if name == "REFFED_BY":
            return any(work.number in w.cites for w in self.works if (w.id, w.source) == (number, source))
        said = {"EXT_ID": work.id, "SRC": work.source, "DOI": work.identifier}
        return said[name].lower() == value.lower()

    def _list(self, source: str, number: str, kind: str, page: int, size: int) -> Reply:
        assert not isinstance(self.works, int)
        work = next((w for w in self.works if (w.id, w.source) == (number, source)), None)
        entries: list[dict[str, Any]] = []
        if work and kind == "references":
            cited = [w for w in self.works if w.number in work.cites]
            entries = [{**_short(w), "citedOrder": n, "match": "Y"} for n, w in enumerate(cited, 1)]
            entries += [
                {"title": title, "authorString": "Old R", "pubYear": 1998, "match": "N"} for title in work.unmatched
            ]
        elif work:
            entries = [_short(w) for w in self.works if work.number in w.cites]
        names = ("referenceList", "reference") if kind == "references" else ("citationList", "citation")
        listed = entries[(page - 1) * size : page * size]
        table: dict[str, Any] = {
            "version": "6.9",
            "hitCount": len(entries),
            "request": {"page": page, "pageSize": size},
        }
        return json_reply({**table, names[0]: {names[1]: listed}} if entries else table)


def as_europe_pmc(work: Work, core: bool = True) -> dict[str, Any]:
    """A record as Europe PMC writes it."""
    table = {**_short(work), "pmid": work.pmid, "doi": work.identifier, "firstIndexDate": work.added}
    if not work.pmid:
        del table["pmid"]
    if not core:
        return table
    types = ["Preprint"] if work.preprint else ["Journal Article"]
    return table | {
        "abstractText": f"<h4>Results</h4>Patient {work.number} felt better.",
        "authorList": {"author": [{"fullName": "Möller JA", "lastName": "Möller", "initials": "JA"}]},
        "journalInfo": {
            "volume": str(work.number % 90 + 1),
            "dateOfPublication": f"{work.year} Mar",
            "journal": {"title": "Journal of made-up results", "issn": "1234-5678"},
        },
        "language": {"en": "eng", "de": "ger"}.get(work.language, work.language),
        "pubTypeList": {"pubType": (["Retracted Publication"] if work.retracted else []) + types},
        **work.in_europe_pmc(),
    }


def _short(work: Work) -> dict[str, Any]:
    return {
        "id": work.id,
        "source": work.source,
        "title": work.name,
        "authorString": "Möller JA.",
        "pubYear": str(work.year),
        "citedByCount": 0,
    }
