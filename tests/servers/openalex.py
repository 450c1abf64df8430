"""A loopback server that plays OpenAlex's list of works, as https://developers.openalex.org describes it.

with OpenAlexServer(works=make_works(30)) as server:
    server.fail(too_many("0"), on="works", times=2)
    ... REVIEWKIT_OPENALEX_URL=server.url ...
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked, Loopback, json_reply
from tests.servers.works import Work, make_works

LONGEST = 4_094


def used_up(right: Reply) -> Reply:
    """The day's allowance is spent."""
    message = "Insufficient budget. This request costs $0.001 but you only have $0 remaining. Resets at midnight UTC."
    return json_reply({"error": "Rate limit exceeded", "message": message}, 429, {"Retry-After": "30000"})


def refused(status: int, message: str) -> Fault:
    """An error with a message, as OpenAlex words them."""
    return lambda right: json_reply({"error": "Invalid query parameters error.", "message": message}, status)


def shortened(right: Reply) -> Reply:
    """A page that lacks its last work, though it says nothing of it."""
    import json

    table = json.loads(right.body)
    return json_reply({**table, "results": table["results"][:-1]})


@dataclass
class OpenAlexServer(Loopback):
    """OpenAlex on a free port.

    Args:
        works: what it holds; a search finds those whose title holds every word joined by AND.
        keys: valid API keys; without one of them there is no paging by cursor.
    """

    works: int | Sequence[Work] = 30
    keys: frozenset[str] = frozenset(("openalex-key-0123456789",))
    select: Callable[[Mapping[str, str], Work], bool] = lambda parameters, work: True
    drift: dict[int, Sequence[Work]] = field(default_factory=dict)  # after so many requests, what it holds then

    def __post_init__(self) -> None:
        if isinstance(self.works, int):
            self.works = make_works(self.works)

    def right(self, asked: Asked) -> Reply:
        """Answer as OpenAlex does."""
        assert not isinstance(self.works, int)
        self.works = self.drift.pop(len(self.log), self.works)
        key = asked.headers.get("api_key", asked.parameters.get("api_key", ""))
        if key and key not in self.keys:
            return _error(401, f"Invalid API key: {key}")
        if len(self.url) - 1 + len(asked.path) > LONGEST:
            return _error(400, f"Your request URL is {len(asked.path)} bytes, over the 4094-byte limit (roughly 4 KB)")
        if asked.place != "/works":
            return _error(404, f"{asked.place} not found")
        given = dict(asked.parameters)
        if sum(name.startswith("search") for name in given) > 1:
            return _error(400, "Only one search parameter is allowed per request")
        try:
            found = self._found(given)
        except KeyError as unknown:
            return _error(400, f"{unknown.args[0]} is not a valid field. Valid fields are: cites, doi, language ...")
        return self._page(found, given, bool(key))

    def _found(self, given: Mapping[str, str]) -> list[Work]:
        assert not isinstance(self.works, int)
        found = [work for work in self.works if self.select(given, work)]
        for name, value in given.items():
            if name.startswith("search"):
                words = [word.strip(' "()').lower() for word in value.split(" AND ")]
                found = [work for work in found if all(word in work.name.lower() for word in words)]
        for part in filter(None, given.get("filter", "").split(",")):
            name, _, value = part.partition(":")
            found = [work for work in found if self._passes(work, name, value.split("|"))]
        newest_first = given.get("sort", "") == "publication_date:desc"
        return sorted(found, key=lambda work: (-work.year if newest_first else work.year, work.number))

    def _passes(self, work: Work, name: str, values: list[str]) -> bool:
        assert not isinstance(self.works, int)
        if name == "cites":
            return any(other.number in work.cites for other in self.works if other.openalex in values)
        if name == "cited_by":
            return any(work.number in other.cites for other in self.works if other.openalex in values)
        tests: dict[str, Callable[[str], bool]] = {
            "doi": lambda value: work.identifier.lower() == value.lower().removeprefix("https://doi.org/"),
            "pmid": lambda value: bool(work.pmid) and work.pmid == value,
            "openalex": lambda value: work.openalex == value,
            "language": lambda value: work.language == value,
            "type": lambda value: value == ("preprint" if work.preprint else "article"),
            "from_publication_date": lambda value: f"{work.year}-02-10" >= value,
            "to_publication_date": lambda value: f"{work.year}-02-10" <= value,
            "from_created_date": lambda value: work.added >= value,
        }
        return any(map(tests[name], values))

    def _page(self, found: list[Work], given: Mapping[str, str], has_key: bool) -> Reply:
        size = int(given.get("per_page", 25))
        if not 1 <= size <= 100:
            return _error(400, "per_page parameter must be between 1 and 100")
        meta: dict[str, Any] = {"count": len(found), "db_response_time_ms": 12, "per_page": size}
        if "cursor" not in given:
            page = int(given.get("page", 1))
            if page * size > 10_000:
                return _error(400, "Maximum results size of 10,000 records is exceeded. Cursor pagination is required.")
            meta |= {"page": page}
            listed = found[(page - 1) * size : page * size]
        else:
            if not has_key:
                return _error(401, "Cursor paging needs an API key. Get a free key at openalex.org/settings/api")
            try:
                start = 0 if given["cursor"] == "*" else int(base64.b64decode(given["cursor"], validate=True))
            except (ValueError, binascii.Error):
                return _error(400, "Cursor value is invalid")
            listed = found[start : start + size]
            # The cursor is there as long as the page holds anything; the last page is empty.
            following = base64.b64encode(str(start + len(listed)).encode()).decode() if listed else None
            meta |= {"page": None, "next_cursor": following}
        return json_reply({"meta": meta, "results": [as_openalex(work) for work in listed], "group_by": []})


def as_openalex(work: Work) -> dict[str, Any]:
    """A work as OpenAlex writes it."""
    address = f"https://openalex.org/{work.openalex}"
    ids = {"openalex": address}
    if work.pmid:
        ids["pmid"] = f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}"
    return {
        "id": address,
        "doi": f"https://doi.org/{work.identifier}" if work.identifier else None,
        "title": work.name,
        "display_name": work.name,
        "publication_year": work.year,
        "publication_date": f"{work.year}-02-10",
        "language": work.language,
        "type": "preprint" if work.preprint else "article",
        "ids": ids,
        "primary_location": {"source": {"display_name": "Journal of made-up results", "issn": ["1234-5678"]}},
        "authorships": [{"author": {"display_name": "Jane A. Möller"}, "raw_author_name": "Jane A. Möller"}],
        "biblio": {"volume": str(work.number % 90 + 1), "issue": "2", "first_page": "1", "last_page": "9"},
        "is_retracted": work.retracted,
        "referenced_works_count": len(work.cites),
        "abstract_inverted_index": {"Patient": [0], f"{work.number}": [1], "felt": [2], "better.": [3]},
        "created_date": f"{work.added}T01:02:03.000000",
        **work.in_openalex(),
    }


def _error(status: int, message: str) -> Reply:
    return json_reply({"error": "Invalid query parameters error.", "message": message}, status)
