"""A loopback server that plays Clarivate's Web of Science Starter API over given records.

with WosServer(records=120, keys={KEY}) as server:
    ... REVIEWKIT_WOS_URL=server.url, WOS_API_KEY=KEY ...
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, Loopback, json_reply

_YEARS = re.compile(r"PY=\((\d{4})(?:-(\d{4}))?\)")


def clarivate_error(status: int, title: str, details: str) -> Reply:
    """An error as the API writes it."""
    return json_reply({"error": {"status": status, "title": title, "details": details}}, status)


def day_used_up(_right: Reply) -> Reply:
    """429 of the gateway: the requests of the day are used up."""
    headers = {"X-RateLimit-Limit-Day": "50", "X-RateLimit-Remaining-Day": "0"}
    return json_reply({"message": "API rate limit exceeded"}, 429, headers)


def throttled(_right: Reply) -> Reply:
    """429 of the gateway, without a word on when to come again."""
    return json_reply({"message": "API rate limit exceeded"}, 429)


@dataclass(frozen=True)
class Document:
    """A record of this Web of Science."""

    number: int
    year: int = 2020

    def hit(self) -> dict[str, object]:
        """The record as the API sends it."""
        return {
            "uid": f"WOS:{self.number:015}",
            "title": f"Vesicles of record {self.number}",
            "types": ["Article"],
            "source": {"sourceTitle": "INVENTED SPINE", "publishYear": self.year, "pages": {"range": "1-2"}},
            "names": {"authors": [{"displayName": "Wilson, Jane E.", "wosStandard": "Wilson, JE"}]},
            "identifiers": {"doi": f"10.5555/w.{self.number}"},
            "keywords": {"authorKeywords": []},
        }


@dataclass(kw_only=True)
class WosServer(Loopback):
    """The Starter API on a free port.

    Args:
        records: the records, or how many to make up; a query finds all of its years of publication.
        keys: API keys that are valid.
        none_is_404: say 404 where a search finds nothing.
    """

    base: str = "/apis/wos-starter/v1"
    records: int | Sequence[Document] = 120
    keys: set[str] = field(default_factory=set)
    none_is_404: bool = False
    select: Callable[[str, Document], bool] = lambda query, document: True

    def __post_init__(self) -> None:
        if isinstance(self.records, int):
            self.records = [Document(number) for number in range(1, self.records + 1)]

    def right(self, asked: Asked) -> Reply:
        if asked.headers.get("X-ApiKey") not in self.keys:
            table = {"error_description": "The access token is missing", "error": "invalid_request"}
            return json_reply(table, 401)
        if asked.place != f"{self.base}/documents":
            return clarivate_error(404, "Not found", "The resource is not found")
        said = asked.parameters
        query, page, limit = said["q"], int(said.get("page", 1)), int(said.get("limit", 10))
        if query.count("(") != query.count(")") or re.search(r"\b(?:AB|WC|LA)=", query):
            return clarivate_error(400, "Bad request", "Invalid query. Please check your query.")
        if not 1 <= limit <= 50:
            return clarivate_error(400, "Bad request", "limit must be between 1 and 50")
        assert not isinstance(self.records, int)
        spans = [(int(first), int(last or first)) for first, last in _YEARS.findall(query)]
        found = [record for record in self.records if all(first <= record.year <= last for first, last in spans)]
        found = [record for record in found if self.select(query, record)]
        if not found and self.none_is_404:
            details = "There is no record found in the Web of Science database. Please check your query."
            return clarivate_error(404, "Resource couldn't be found", details)
        hits = [record.hit() for record in found[(page - 1) * limit : page * limit]]
        return json_reply({"metadata": {"total": len(found), "page": page, "limit": limit}, "hits": hits})


def fewer(missing: int = 1) -> Fault:
    """A well-formed page that lacks its last entries."""

    def shorten(right: Reply) -> Reply:
        table = json.loads(right.body)
        del table["hits"][len(table["hits"]) - missing :]
        return json_reply(table)

    return shorten
