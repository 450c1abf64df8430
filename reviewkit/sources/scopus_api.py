"""Scopus's Search API itself: counting, and the three ways of fetching: by offset, by cursor, in slices by year.

https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl. By offset it hands out 5,000 records; a cursor goes on
beyond, for subscribers alone.
"""

import re
from collections.abc import Callable
from typing import Any

from reviewkit.sources import About, Asking, Progress, Shelf
from reviewkit.sources.elsevier import API_KEY, TOKEN, BeyondLimit, Elsevier, NotEntitled, not_entitled
from reviewkit.sources.paging import NOTHING, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.shelves import kept_or_asked
from reviewkit.sources.slices import Years, cut, fetch_slices
from reviewkit.sources.whole_pages import ask_whole

ABOUT = About(
    platform="Scopus Search API",
    address="https://api.elsevier.com",
    address_variable="REVIEWKIT_SCOPUS_URL",
    documentation="https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl",
    needs=(API_KEY, TOKEN),
    since=True,
    note=(
        "Abstracts and all authors come only where your institution subscribes: within its network, or with its token. "
        "More than 5,000 records come by a cursor, or in slices by year for keys that may not use one."
    ),
)
PER_SECOND = 9  # and 20,000 a week: https://dev.elsevier.com/api_key_settings.html
PAGE = 25  # the most that the view COMPLETE and keys without a subscription are given
CAP = 5_000  # by offset

_PATH = "/content/search/scopus"
_ORDER = "+orig-load-date"  # what is added while we fetch comes last, so that nothing moves
_NUMBER = re.compile(r"\d{1,12}")


class Scopus:
    """One query; `view` is the fullest that the key is entitled to, once it is open."""

    def __init__(self, asking: Asking, query: str, view: str = "COMPLETE") -> None:
        self._api = Elsevier(asking, ABOUT, "Scopus", PER_SECOND)
        self._query, self.view = query, view

    def fetch_all(self, span: Years, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all records, which are of these years of publication, the way that their number asks for."""
        total = self._open(shelf)
        if not total:
            return NOTHING
        if total <= CAP:
            return self._by_offset(None, shelf, progress)
        try:
            return self._by_cursor(total, shelf, progress)
        except NotEntitled:  # to the cursor
            return self._by_year(span, total, shelf, progress)

    def _open(self, shelf: Shelf) -> int:
        """Find the view that the key is entitled to; return how many records there are."""
        for view in ("COMPLETE", "STANDARD"):
            if body := shelf.get(_count_name(view), ""):
                self.view = view
                return _total(body)
        try:
            body = self._ask_count(None, may_refuse=True)
        except NotEntitled:
            self.view = "STANDARD"
            body = self._ask_count(None)
        shelf.put(_count_name(self.view), "", body)
        return _total(body)

    def count(self, years: Years | None = None) -> int:
        """Ask how many records there are, of these years of publication."""
        return _total(self._ask_count(years))

    def _by_offset(self, years: Years | None, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch up to 5,000 records."""

        def ask(place: str, _received: int) -> bytes:
            start = int(place)

            def missing(body: bytes) -> int:
                results = _results(body)
                if _number(results, "opensearch:startIndex") != start:
                    raise AskAgain("Scopus sent another page than was asked for")
                return min(PAGE, _number(results, "opensearch:totalResults") - start, CAP - start) - len(_ids(results))

            return self._ask(years, missing, count=PAGE, start=start)

        def read(body: bytes) -> Page:
            results = _results(body)
            total = _number(results, "opensearch:totalResults")
            behind = _number(results, "opensearch:startIndex") + PAGE
            return Page(total, _ids(results), str(behind) if behind < min(total, CAP) else "")

        return fetch_pages(shelf, "scopus-json", ask, read, progress, start="0", most=CAP, by_place=True)

    def _by_cursor(self, total: int, shelf: Shelf, progress: Progress) -> Pages:
        def ask(place: str, received: int) -> bytes:
            def missing(body: bytes) -> int:
                results = _results(body)
                wanted = min(PAGE, _number(results, "opensearch:totalResults", total) - received)
                return max(0, wanted - len(_ids(results)))

            first = place == "*"
            return self._ask(None, missing, may_refuse=first, going_on=not first, count=PAGE, cursor=place)

        def read(body: bytes) -> Page:
            results = _results(body)
            cursor = results.get("cursor")
            places = cursor if isinstance(cursor, dict) else {}
            following = str(places.get("@next") or "")
            more = _ids(results) and following != places.get("@current")
            return Page(_number(results, "opensearch:totalResults"), _ids(results), following if more else "")

        return fetch_pages(shelf, "scopus-json", ask, read, progress, start="*")

    def _by_year(self, span: Years, total: int, shelf: Shelf, progress: Progress) -> Pages:
        def count(years: Years) -> int:
            return _total(kept_or_asked(shelf, _count_name(years.label), lambda: self._ask_count(years)))

        slices = cut(count, CAP, span, total)
        for years, found in slices:
            if found > CAP:
                raise Unanswered(
                    f"it finds {found:,} records of the year {years.label} alone, hands out {CAP:,} for one search, "
                    "and does not let your key go on from there",
                    "cut the strategy into parts with a [[search]] each, or search on www.scopus.com, which exports up "
                    "to 20,000 records as CSV, and import the file.",
                )
        return fetch_slices(slices, self._by_offset, shelf, progress, self.count)

    def _ask_count(self, years: Years | None, may_refuse: bool = False) -> bytes:
        return self._ask(years, lambda body: _total(body) * 0, may_refuse, count=1)

    def _ask(
        self,
        years: Years | None,
        missing: Callable[[bytes], int],
        may_refuse: bool = False,
        going_on: bool = False,
        **parameters: str | int,
    ) -> bytes:
        """Ask for a body that lacks nothing; NotEntitled is raised only where another way is open (`may_refuse`)."""
        query = f"({self._query}) AND {_years(years)}" if years else self._query
        asked = {"query": query, "view": self.view, "sort": _ORDER, **parameters}
        try:
            return ask_whole(lambda check: self._api.ask(_PATH, asked, check, going_on=going_on), missing, "Scopus")
        except BeyondLimit:
            raise Unanswered("Scopus hands out no more records for one search at your level of service") from None
        except NotEntitled as refused:
            if may_refuse:
                raise
            raise not_entitled("Scopus", refused) from None


def _results(body: bytes) -> dict[str, Any]:
    """Return what stands in "search-results". Raises AskAgain."""
    results = as_json(body, "Scopus").get("search-results")
    if not isinstance(results, dict):
        raise AskAgain("the answer of Scopus holds no results")
    _number(results, "opensearch:totalResults")
    return results


def _ids(results: dict[str, Any]) -> tuple[str, ...]:
    """Return the number of each record; an empty result holds one entry that says so."""
    entries = results.get("entry")
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = (entry.get("eid") or entry.get("dc:identifier") for entry in found if "error" not in entry)
    return tuple(str(name or "") for name in named)


def _number(results: dict[str, Any], name: str, usual: int | None = None) -> int:
    """Return a count, which Scopus writes as text. Raises AskAgain."""
    text = str(results.get(name, "" if usual is None else usual))
    if not _NUMBER.fullmatch(text):
        raise AskAgain("the answer of Scopus says not how many records there are")
    return int(text)


def _total(body: bytes) -> int:
    return _number(_results(body), "opensearch:totalResults")


def _count_name(of: str) -> str:
    return f"0000-count-{of.lower()}.json"


def _years(years: Years) -> str:
    if years.first == years.last:
        return f"PUBYEAR IS {years.first}"
    return f"PUBYEAR > {years.first - 1} AND PUBYEAR < {years.last + 1}"
