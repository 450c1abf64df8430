"""Clarivate's Web of Science Starter API itself: counting, fetching page by page, and its errors.

https://developer.clarivate.com/apis/wos-starter: fifty records a page, and five requests a second; a free trial key has
one a second and fifty a day.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from reviewkit.sources import About, Asking, Need, Progress, Shelf
from reviewkit.sources.http import Answer, PoliteSession, refuse_repeated
from reviewkit.sources.paging import Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.slices import Years
from reviewkit.sources.whole_pages import Check, ask_whole

API_KEY = Need(
    variable="WOS_API_KEY",
    what="an API key of Clarivate for the Web of Science Starter API",
    where="https://developer.clarivate.com/apis/wos-starter",
)
ABOUT = About(
    platform="Web of Science Starter API (Core Collection)",
    address="https://api.clarivate.com/apis/wos-starter/v1",
    address_variable="REVIEWKIT_WOS_URL",
    documentation="https://developer.clarivate.com/apis/wos-starter",
    needs=(API_KEY,),
    note="No abstracts: to screen by them, export from the website (plain text, full record) and import that.",
)
PER_SECOND = 1  # what every plan allows
PAGE = 50
CAP = 100_000  # start and count together, as Clarivate's larger API says; the Starter API names no number

_ORDER = "LD+A"  # by the day of loading: what is added while we fetch comes last, so that nothing moves
_NONE = "no record"  # "There is no record found in the Web of Science database."


class _NothingFound(Exception):
    """The API says 404 where a search finds nothing."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        super().__init__()


class WebOfScience:
    """One query."""

    def __init__(self, asking: Asking, query: str) -> None:
        self._key = asking.access.value(API_KEY)
        self._base = asking.access.address(ABOUT)
        self._session = PoliteSession(asking.politeness, PER_SECOND, (self._key,))
        self._query = query

    def ask_count(self, years: Years | None) -> bytes:
        """Ask how many records there are, of these years of publication."""
        return self._ask(years, lambda body: _total(body) * 0, page=1, limit=1)

    def total(self, body: bytes) -> int:
        """Return how many records an answer reports."""
        return _total(body)

    def fetch(self, years: Years | None, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all records, of these years of publication."""

        def ask(place: str, _received: int) -> bytes:
            page = int(place)

            def missing(body: bytes) -> int:
                if _number(body, "page") != page:
                    raise AskAgain("Web of Science sent another page than was asked for")
                return max(0, min(PAGE, _total(body) - (page - 1) * PAGE) - len(_ids(body)))

            return self._ask(years, missing, page=page, limit=PAGE)

        def read(body: bytes) -> Page:
            page, total = _number(body, "page"), _total(body)
            return Page(total, _ids(body), str(page + 1) if page * PAGE < total else "")

        return fetch_pages(shelf, "wos-json", ask, read, progress, start="1", by_place=True)

    def _ask(self, years: Years | None, missing: Callable[[bytes], int], **parameters: int) -> bytes:
        query = f"({self._query}) AND {years_query(years)}" if years else self._query
        form = urlencode({"q": query, "db": "WOS", "sortField": _ORDER, **parameters})
        try:
            return ask_whole(lambda check: self._send(form, check), missing, "Web of Science")
        except _NothingFound as answer:
            return answer.body

    def _send(self, form: str, check: Check) -> bytes:
        def check_answer(answer: Answer) -> None:
            self._check(answer)
            check(answer.body)

        headers = {"Accept": "application/json", "X-ApiKey": self._key}
        try:
            return self._session.ask(
                "GET", f"{self._base}/documents?{form}", headers=headers, check=check_answer, first=_check_day
            ).body
        except Unanswered as end:
            if "(429)" not in end.reason:
                raise
            raise Unanswered(end.reason, _TOMORROW) from None

    def _check(self, answer: Answer) -> None:
        text = _error(answer)
        if answer.status in (401, 403):
            raise Unanswered(
                f"Clarivate does not accept the API key ({answer.status}: {text or 'no reason given'})",
                "check WOS_API_KEY (wos_api_key in the user configuration), and at developer.clarivate.com that its "
                "subscription to the Web of Science Starter API is approved.",
            )
        if answer.status == 404 and _NONE in text.lower():
            raise _NothingFound(answer.body)
        if answer.status in (413, 414):
            raise Unanswered(
                f"the strategy is too long for the Starter API ({answer.status})",
                "search on the website, export the result there, and import it.",
            )
        if answer.status in (400, 404):
            raise Unanswered(
                f"Web of Science did not take the strategy ({answer.status}: {text or 'no reason given'})",
                "mend it: of the field tags the API knows TS, TI, AU, AI, SO, PY, DO, PMID, DT, OG, IS, VL, CS, "
                "PG and UT alone. With others, search on the website, export there, and import the file.",
            )
        if answer.status == 200:
            refuse_repeated(answer, self._key)


_TOMORROW = (
    "the requests of the day may be used up (50 with a free trial key, 5,000 with a member's): run the same command "
    "again tomorrow."
)


def _check_day(answer: Answer) -> None:
    """Tell a day's requests used up, which waiting a minute does not mend, from asking too fast; both are 429."""
    left = answer.headers.get("x-ratelimit-remaining-day", "")
    said = _error(answer).lower()
    if answer.status == 429 and (left == "0" or "quota" in said or "per day" in said):
        raise Unanswered("the requests that Clarivate gives your key for a day are used up (429)", _TOMORROW)


def _error(answer: Answer) -> str:
    """Return what an error says: {"error": {"title", "details"}}, {"error_description"}, or {"message"}."""
    if answer.status == 200:
        return ""
    try:
        table = json.loads(answer.body, strict=False)
        part = table.get("error")
        said = [part.get("title"), part.get("details")] if isinstance(part, dict) else [table.get("error_description")]
        return " ".join(" ".join(str(text) for text in (*said, table.get("message")) if text).split())[:300]
    except (ValueError, AttributeError, RecursionError):
        return ""


def _metadata(body: bytes) -> dict[str, Any]:
    metadata = as_json(body, "Web of Science").get("metadata")
    if not isinstance(metadata, dict):
        raise AskAgain("the answer of Web of Science has no metadata")
    return metadata


def _number(body: bytes, name: str) -> int:
    number = _metadata(body).get(name)
    if not isinstance(number, int) or number < 0:
        raise AskAgain("the answer of Web of Science says not how many records there are")
    return number


def _total(body: bytes) -> int:
    error = as_json(body, "Web of Science").get("error")
    return 0 if isinstance(error, dict) and _NONE in str(error.get("details")).lower() else _number(body, "total")


def _ids(body: bytes) -> tuple[str, ...]:
    hits = as_json(body, "Web of Science").get("hits")
    found = [hit for hit in hits if isinstance(hit, dict)] if isinstance(hits, list) else []
    return tuple(str(hit.get("uid") or "") for hit in found)


def years_query(years: Years) -> str:
    """Write years as the advanced search takes them."""
    return f"PY=({years.label})"
