"""A loopback server that plays Elsevier's Embase API over given records.

with EmbaseServer(records=60, keys={KEY}) as server:
    ... REVIEWKIT_EMBASE_URL=server.url, ELSEVIER_API_KEY=KEY ...
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.servers.elsevier import ElsevierServer, service_error
from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, json_reply

_YEARS = re.compile(r"\[(\d{4})-(\d{4})\]/py")


@dataclass(frozen=True)
class Article:
    """A record of this Embase."""

    number: int
    year: int = 2020

    def result(self) -> dict[str, object]:
        """The record as the API sends it."""
        ids = {"lui": f"L{self.number}", "embase": f"{self.number}", "doi": f"10.5555/e.{self.number}"}
        head = {
            "citationTitle": {"titleText": [{"ttltext": f"Vesicles of record {self.number}", "lang": "eng"}]},
            "authorList": {"authors": [{"surname": "Wilson", "initials": "J.E."}]},
            "abstracts": {"abstracts": [{"lang": "eng", "paras": [f"What record {self.number} found."]}]},
            "source": {"sourceTitle": "Invented Spine", "publicationYear": str(self.year)},
        }
        return {"itemInfo": {"itemIdList": ids}, "head": head}


@dataclass(kw_only=True)
class EmbaseServer(ElsevierServer):
    """The Embase API on a free port.

    Args:
        records: the records, or how many to make up; a query finds all of its years of publication.
        limit: the last place that it hands out; none where it is 0.
    """

    records: int | Sequence[Article] = 30
    limit: int = 0
    select: Callable[[str, Article], bool] = lambda query, article: True

    def __post_init__(self) -> None:
        if isinstance(self.records, int):
            self.records = [Article(600_000_000 + number) for number in range(self.records)]

    def right(self, asked: Asked) -> Reply:
        if refused := self.refusal(asked):
            return refused
        if not self.is_entitled(asked):
            return service_error(401, "AUTHENTICATION_ERROR", "Invalid API Key: valid apikey credentials required.")
        if asked.place != "/content/embase/article" or not asked.parameters.get("query"):
            return service_error(404, "RESOURCE_NOT_FOUND", "The resource specified cannot be found.")
        assert not isinstance(self.records, int)
        said = asked.parameters
        query, start, count = said["query"], int(said.get("start", 1)), int(said.get("count", 25))
        if query.count("(") != query.count(")"):
            return service_error(400, "INVALID_INPUT", "Syntax error in the query")
        if self.limit and start + count - 1 > self.limit:
            return service_error(400, "INVALID_INPUT", "Exceeds the maximum number allowed for the service level")
        spans = [(int(first), int(last)) for first, last in _YEARS.findall(query)]
        found = [record for record in self.records if all(first <= record.year <= last for first, last in spans)]
        found = [record for record in found if self.select(query, record)]
        page = [record.result() for record in found[start - 1 : start - 1 + count]]
        return json_reply({"header": {"query": query.lower(), "hits": len(found)}, "results": page})


def fewer(missing: int = 1) -> Fault:
    """A well-formed page that lacks its last entries."""

    def shorten(right: Reply) -> Reply:
        table = json.loads(right.body)
        del table["results"][len(table["results"]) - missing :]
        return json_reply(table)

    return shorten
