"""Crossref's REST API: what it needs, its pages with a cursor, and what its refusals mean.

Behaviour as described at https://www.crossref.org/documentation/retrieve-metadata/rest-api/ and
https://api.crossref.org/swagger-ui/. The cursor is kept by the server for five minutes, and each request moves it on
(https://gitlab.com/crossref/user_stories/-/issues/649); the list ends with an empty page. An e-mail address in the
User-Agent gives better service, and the headers X-Rate-Limit-Limit and -Interval say how fast one may ask.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from reviewkit import __version__
from reviewkit.errors import TooManyResults
from reviewkit.formats.json_entries import table_of, tables_of, text_of
from reviewkit.sources import About, Asking, Need, Progress, Shelf
from reviewkit.sources.http import Answer, PoliteSession
from reviewkit.sources.paging import LostPlace, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered

DATABASE = "Crossref"
FORMAT = "crossref-json"
CAP = 10_000  # our own: what any of a few words finds runs to millions, and nobody can screen that
EMAIL = Need(
    variable="REVIEWKIT_EMAIL",
    what="an e-mail address",
    required=False,
    benefit="3 requests a second in place of 1, and Crossref's more reliable pool of servers",
)
ABOUT = About(
    platform="Crossref REST API",
    address="https://api.crossref.org",
    address_variable="REVIEWKIT_CROSSREF_URL",
    documentation="https://www.crossref.org/documentation/retrieve-metadata/rest-api/",
    needs=(EMAIL,),
    cap=CAP,
    since=True,
    note="No Boolean search: it lists what holds any of the words, ranked by relevance. Use few words, or rows=500.",
)
PAGE = 500  # works a request, about 3 MB with their lists of references; 1,000 are allowed
PER_SECOND, PER_SECOND_WITH_EMAIL = 1, 3  # for lists, since December 2025; headers of the answers can lower it


class Crossref:
    """Crossref's API as one person uses it: address, e-mail and pace."""

    def __init__(self, asking: Asking) -> None:
        self._asking, self._email = asking, asking.access.value(EMAIL)
        self._base = asking.access.address(ABOUT)
        self._pace: float = PER_SECOND_WITH_EMAIL if self._email else PER_SECOND
        self._session = self._new_session(self._pace)

    def count(self, query: Mapping[str, str]) -> int:
        """Ask how many works a query finds."""
        return _message(self._get(query, {"rows": "0"}, _message))[1]

    def search(
        self, query: Mapping[str, str], shelf: Shelf, progress: Progress, first: int, told: Callable[[int], None]
    ) -> Pages:
        """Fetch the works of a query, no more than `first` where that is not 0; `told` hears how many there are."""

        def read(body: bytes) -> Page:
            message, reported = _message(body)
            told(reported)
            dois = tuple(text_of(work.get("DOI")).casefold() for work in tables_of(message.get("items") or []))
            return Page(min(reported, first or reported), dois, text_of(message.get("next-cursor")))

        def ask(place: str, received: int) -> bytes:
            if place == "*" and not first and (found := self.count(query)) > CAP:
                raise TooManyResults(database=DATABASE, count=f"{found:,}", cap=f"{CAP:,}")
            rows = min(PAGE, first - received) if first else PAGE
            lost = place != "*"
            return self._get(query, {"rows": str(rows), "cursor": place}, read, lost)

        most = first or None
        return fetch_pages(shelf, FORMAT, ask, read, progress, start="*", most=most, anew_if_short=True)

    def _get(
        self, query: Mapping[str, str], more: dict[str, str], read: Callable[[bytes], Any], placed: bool = False
    ) -> bytes:
        parameters = {**query, **more}

        def check(answer: Answer) -> None:
            _check(answer, placed)
            if answer.status == 200:
                read(answer.body)

        # The e-mail address stands in a header, where no log of addresses keeps it.
        who = f" (mailto:{quote(self._email, safe='@+._-')})" if self._email else ""
        headers = {"User-Agent": f"reviewkit/{__version__}{who}"}
        answer = self._session.ask("GET", f"{self._base}/works?{urlencode(parameters)}", None, headers, check)
        self._keep_to(answer)
        return answer.body

    def _keep_to(self, answer: Answer) -> None:
        """Ask more slowly from now on where the answer's headers allow less than we took."""
        allowed = _allowed(answer)
        if allowed and allowed < self._pace:
            self._pace = allowed
            self._session = self._new_session(allowed)

    def _new_session(self, per_second: float) -> PoliteSession:
        return PoliteSession(self._asking.politeness, per_second, (self._email,))


def _message(body: bytes) -> tuple[dict[str, Any], int]:
    """Return what an answer's message holds, and how many works it reports. Raises AskAgain."""
    message = table_of(as_json(body, DATABASE).get("message"))
    reported = message.get("total-results")
    if not isinstance(reported, int) or reported < 0:
        raise AskAgain("Crossref's answer holds no count")
    return message, reported


def _check(answer: Answer, placed: bool) -> None:
    """Recognise what Crossref refuses; `placed` where a cursor was sent, which it forgets after five minutes."""
    if answer.status == 404 and placed:
        raise LostPlace
    if answer.status == 403:
        remedy = "Crossref blocks whom it finds too fast; ask support@crossref.org, and run the same command again."
        raise Unanswered("Crossref refuses to answer (403)", remedy)
    if answer.status == 400:
        said = _complaints(answer.body)
        if placed and "cursor" in said.lower():
            raise LostPlace
        raise Unanswered(f"Crossref answered: {said}", "mend the strategy, then run the same command again.")


def _complaints(body: bytes) -> str:
    try:
        message = as_json(body, DATABASE).get("message")
    except AskAgain:
        message = None
    said = "; ".join(filter(None, (text_of(entry.get("message")) for entry in tables_of(message))))
    return said[:300] or " ".join(body[:300].decode("utf-8", "replace").split())[:200] or "nothing"


def _allowed(answer: Answer) -> float:
    """Requests a second that the headers allow; 0 where they do not say. An interval is written "1s"."""
    limit, interval = answer.headers.get("x-rate-limit-limit", ""), answer.headers.get("x-rate-limit-interval", "")
    seconds = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*s?\s*", interval)
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 7 and seconds) or not float(seconds[1]):
        return 0.0
    return int(limit) / float(seconds[1])
