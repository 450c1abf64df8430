"""A loopback server that plays Elsevier's Scopus Search API over given records.

with ScopusServer(records=60, keys={KEY}) as server:
    ... REVIEWKIT_SCOPUS_URL=server.url, ELSEVIER_API_KEY=KEY ...
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.servers.elsevier import ElsevierServer, service_error
from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, json_reply

_YEARS = re.compile(r"PUBYEAR (IS|>|<) (\d{4})")


@dataclass(frozen=True)
class Document:
    """A record of this Scopus."""

    number: int
    year: int = 2020

    def entry(self, complete: bool) -> dict[str, object]:
        """The record as a view shows it."""
        shown: dict[str, object] = {
            "@_fa": "true",
            "dc:identifier": f"SCOPUS_ID:{self.number}",
            "eid": f"2-s2.0-{self.number}",
            "dc:title": f"Vesicles of record {self.number}",
            "dc:creator": "Wilson J.E.",
            "prism:publicationName": "Invented Spine",
            "prism:coverDate": f"{self.year}-03-18",
            "prism:doi": f"10.5555/s.{self.number}",
            "subtypeDescription": "Article",
        }
        if complete:
            shown["dc:description"] = f"What record {self.number} found."
            shown["author"] = [
                {"authname": "Wilson J.E.", "surname": "Wilson", "given-name": "Jane E.", "initials": "J.E."},
                {"authname": "Today B.", "surname": "Today", "given-name": "B.", "initials": "B."},
            ]
        return shown


@dataclass(kw_only=True)
class ScopusServer(ElsevierServer):
    """The Scopus Search API on a free port.

    Args:
        records: the records, or how many to make up; a query finds all of its years of publication.
        complete: is the view COMPLETE open to those with a token (or to all, where there are no tokens)?
        cap: the last place that it hands out by offset.
        cursor: may a cursor be used?
        most: entries on a page at this level of service.
    """

    records: int | Sequence[Document] = 30
    complete: bool = True
    cap: int = 5_000
    cursor: bool = False
    most: int = 25
    select: Callable[[str, Document], bool] = lambda query, document: True

    def __post_init__(self) -> None:
        if isinstance(self.records, int):
            self.records = [Document(85_000_000_000 + number) for number in range(self.records)]

    def right(self, asked: Asked) -> Reply:
        if refused := self.refusal(asked):
            return refused
        if asked.place != "/content/search/scopus":
            return service_error(404, "RESOURCE_NOT_FOUND", "The resource specified cannot be found.")
        said = asked.parameters
        query, count = said["query"], int(said.get("count", 25))
        if query.count("(") != query.count(")"):
            return service_error(400, "INVALID_INPUT", "Error translating query")
        complete = said.get("view") == "COMPLETE"
        if complete and not (self.complete and self.is_entitled(asked)):
            text = "The requestor is not authorized to access the requested view or fields of the resource"
            return service_error(401, "AUTHORIZATION_ERROR", text)
        if "cursor" in said and not self.cursor:
            return service_error(403, "ENTITLEMENTS_ERROR", "Use of the cursor parameter is restricted")
        found = self._found(query)
        start = self._place(said["cursor"]) if "cursor" in said else int(said.get("start", 0))
        if start is None:
            return service_error(400, "INVALID_INPUT", "Invalid cursor")
        if count > self.most or ("cursor" not in said and start + count > self.cap):
            return service_error(400, "INVALID_INPUT", "Exceeds the maximum number allowed for the service level")
        return json_reply(self._answer(found, start, count, complete, said.get("cursor")))

    def _found(self, query: str) -> list[Document]:
        assert not isinstance(self.records, int)
        first, last = 0, 9999
        for sign, year in _YEARS.findall(query):
            first = max(first, int(year) + (sign == ">")) if sign in ("IS", ">") else first
            last = min(last, int(year) - (sign == "<")) if sign in ("IS", "<") else last
        return [record for record in self.records if first <= record.year <= last and self.select(query, record)]

    def _place(self, cursor: str) -> int | None:
        if cursor == "*":
            return 0
        return int(cursor[3:]) if cursor.startswith("AoJ") else None

    def _answer(
        self, found: list[Document], start: int, count: int, complete: bool, cursor: str | None
    ) -> dict[str, object]:
        page = [record.entry(complete) for record in found[start : start + count]]
        results: dict[str, object] = {
            "opensearch:totalResults": str(len(found)),
            "opensearch:startIndex": str(start),
            "opensearch:itemsPerPage": str(len(page)),
            "entry": page or [{"@_fa": "true", "error": "Result set was empty"}],
        }
        if cursor:
            results["cursor"] = {"@current": cursor, "@next": f"AoJ{start + len(page)}"}
        return {"search-results": results}


def fewer(missing: int = 1) -> Fault:
    """A well-formed page that lacks its last entries."""

    def shorten(right: Reply) -> Reply:
        table = json.loads(right.body)
        entries = table["search-results"]["entry"]
        del entries[len(entries) - missing :]
        return json_reply(table)

    return shorten
