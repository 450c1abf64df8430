"""A loopback server that plays Crossref's REST API over made-up works.

It keeps the place in a result itself, as Crossref does: the cursor stays the same from page to page, each request
moves on, and a cursor that it has forgotten gets 404.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.faults import Reply
from tests.servers.loopback import Asked, Loopback, json_reply

_KNOWN = {"query", "filter", "rows", "cursor", "mailto", "offset", "sort", "order", "select"}
_FILTERS = {"from-pub-date", "until-pub-date", "from-created-date", "type", "doi"}


def work(number: int, **given: Any) -> dict[str, Any]:
    """A work; what is not said is made up from its number."""
    return {
        "DOI": f"10.1234/made-up.{number}",
        "type": "journal-article",
        "title": [f"Exosomes in back pain, study number {number}"],
        "container-title": ["Journal of made-up results"],
        "author": [{"given": "Jane A.", "family": "Möller", "sequence": "first", "affiliation": []}],
        "issued": {"date-parts": [[2020, 3, 1 + number % 28]]},
        "created": {"date-time": f"2020-03-{1 + number % 28:02}T10:00:00Z"},
        "is-referenced-by-count": number % 7,
        "volume": str(number % 90 + 1),
        "page": f"{number}-{number + 9}",
        "URL": f"https://doi.org/10.1234/made-up.{number}",
    } | given


def _everything(parameters: Mapping[str, str], works: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    return works


@dataclass(kw_only=True)
class CrossrefServer(Loopback):
    """Crossref on a free port.

    Args:
        works: its works, or how many to make up; every search finds them all, unless `select` says otherwise.
        limit: requests a second that its headers announce.
        total: what it reports in place of the true count.
    """

    works: int | Sequence[dict[str, Any]] = 30
    select: Callable[[Mapping[str, str], Sequence[dict[str, Any]]], Sequence[dict[str, Any]]] = _everything
    limit: str = "3"
    total: int | None = None
    _places: dict[str, tuple[list[dict[str, Any]], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.works, int):
            self.works = [work(number) for number in range(1, self.works + 1)]

    def forget(self) -> None:
        """Forget every cursor, as after five minutes."""
        self._places.clear()

    def right(self, asked: Asked) -> Reply:
        """Answer /works."""
        headers = {"X-Rate-Limit-Limit": self.limit, "X-Rate-Limit-Interval": "1s", "X-Api-Pool": "polite-array"}
        if asked.utility != "works" or asked.method != "GET":
            return Reply(b"Resource not found.", 404, "text/plain", headers)
        if complaint := _complaint(asked.parameters):
            body = {"status": "failed", "message-type": "validation-failure", "message": [complaint]}
            return json_reply(body, 400, headers)
        assert not isinstance(self.works, int)
        found = list(self.select(asked.parameters, self.works))
        rows, cursor = int(asked.parameters.get("rows", 20)), asked.parameters.get("cursor", "")
        start = 0
        if cursor == "*":
            cursor = f"DnF1ZXJ5VGhlbkZldGNo{len(self.log):04}+/=="
            self._places[cursor] = (found, 0)
        elif cursor and cursor not in self._places:
            return Reply(b"Resource not found.", 404, "text/plain", headers)
        if cursor:
            found, start = self._places[cursor]
            self._places[cursor] = (found, start + rows)
        message = {
            "facets": {},
            "total-results": len(found) if self.total is None else self.total,
            "items": found[start : start + rows],
            "items-per-page": rows,
            "query": {"start-index": 0, "search-terms": asked.parameters.get("query")},
        }
        if cursor:
            message["next-cursor"] = cursor
        body = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}
        return json_reply(body, headers=headers)


def _complaint(parameters: Mapping[str, str]) -> dict[str, str]:
    """What Crossref finds wrong with a request."""
    for name in parameters:
        if name not in _KNOWN and not name.startswith("query."):
            told = f"Parameter {name} specified but there is no such parameter available on any route"
            return {"type": "unknown-parameter", "value": name, "message": told}
    for part in filter(None, parameters.get("filter", "").split(",")):
        if part.partition(":")[0] not in _FILTERS:
            told = f"Filter {part.partition(':')[0]} specified but there is no such filter for this route"
            return {"type": "filter-not-available", "value": part, "message": told}
    if not 0 <= int(parameters.get("rows", 20)) <= 1000:
        return {
            "type": "integer-not-valid",
            "value": parameters["rows"],
            "message": "Integer specified must be <= 1000",
        }
    return {}
