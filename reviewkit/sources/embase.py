"""Searching Embase through Elsevier's Embase API, for institutions that subscribe to it.

https://dev.elsevier.com/documentation/EmbaseAPI.wadl; the strategy is in the syntax of embase.com ("command language").
It takes a strategy of any length in the body of a POST, counts from 1, and says nowhere how many records it hands out
for one search: above 5,000, Elsevier's number for Scopus, the result is cut into slices by year of publication.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import About, Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.elsevier import API_KEY, TOKEN, BeyondLimit, Elsevier, NotEntitled, not_entitled
from reviewkit.sources.limits import limited, limits_told
from reviewkit.sources.paging import Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.slices import Years, fetch_all, kept_count, span_of
from reviewkit.sources.whole_pages import ask_whole

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

ABOUT = About(
    platform="Embase API",
    address="https://api.elsevier.com",
    address_variable="REVIEWKIT_EMBASE_URL",
    documentation="https://dev.elsevier.com/documentation/EmbaseAPI.wadl",
    needs=(API_KEY, TOKEN),
    since=True,
    note=(
        "Elsevier opens the Embase API on request, to institutions that subscribe to Embase; the institutional token "
        "is asked for outside their network."
    ),
)
PER_SECOND = 3  # no rate is published
PAGE = 25  # what it gives where no number is asked for
CAP = 5_000

_PATH = "/content/embase/article"
_ORDER = "entrydate"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what Embase gets: languages, years of publication and the day of entry become part of the query."""
    parts, window = [], ""
    if strategy.languages:
        named = " OR ".join(f"[{_plain(name)}]/lim" for name in strategy.languages)
        parts.append(f"({named})" if len(strategy.languages) > 1 else named)
    if strategy.published_from or strategy.published_to:
        window = _years(span_of(strategy))
        parts.append(window)
    limits = limits_told(strategy, published=f"sent as {window}: Embase limits by whole years")
    if since:
        parts.append(f"[{since:%d-%m-%Y}]/sd")
        limits.append(f"added to Embase on or after {since} (entry date, /sd)")
    return Sent(limited(one_query(strategy.strategy), parts), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records Embase finds."""
    embase = _Embase(asking, as_sent(strategy).strategy)
    body = embase.ask_count(None)
    return Counted(reported=_hits(body), translation=_read_as(body, embase.query))


def known_term(known: Known) -> str:
    """Embase's way of asking for one paper."""
    return f"{known.key}:ui" if known.kind == "pmid" else f"'{known.key}':do"


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search Embase and put every answer on the shelf: counts as `0000-...`, then pages `0001.json` and on.

    Raises:
        Unanswered: Embase does not answer, or not usably, or the key does not open it.
    """
    embase = _Embase(asking, as_sent(strategy, since).strategy)
    pages = fetch_all(embase, CAP, span_of(strategy), shelf, progress)
    read_as = _read_as(kept_count(embase, None, shelf), embase.query)
    return pages.received(asking.access.platform(ABOUT), translation=read_as)


class _Embase:
    """One query."""

    def __init__(self, asking: Asking, query: str) -> None:
        self._api = Elsevier(asking, ABOUT, "Embase", PER_SECOND)
        self.query = query

    def ask_count(self, years: Years | None) -> bytes:
        """Ask how many records there are, of these years of publication."""
        return self._ask(years, lambda body: _hits(body) * 0, start=1, count=1)

    def total(self, body: bytes) -> int:
        """Return how many records an answer reports."""
        return _hits(body)

    def fetch(self, years: Years | None, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all records, of these years of publication."""
        seen = 0  # Embase does not say where a page begins, so what came is counted

        def ask(_place: str, received: int) -> bytes:
            nonlocal seen
            seen = received

            def missing(body: bytes) -> int:
                return max(0, min(PAGE, _hits(body) - received) - len(_ids(body)))

            return self._ask(years, missing, start=received + 1, count=PAGE, sort=_ORDER)

        def read(body: bytes) -> Page:
            nonlocal seen
            ids = _ids(body)
            seen += len(ids)
            return Page(_hits(body), ids, "more" if seen < _hits(body) else "")

        return fetch_pages(shelf, "embase-json", ask, read, progress, by_place=True)

    def _ask(self, years: Years | None, missing: Callable[[bytes], int], **parameters: str | int) -> bytes:
        query = f"({self.query}) AND {_years(years)}" if years else self.query
        asked = {"query": query, **parameters}
        try:
            return ask_whole(lambda check: self._api.ask(_PATH, asked, check, post=True), missing, "Embase")
        except BeyondLimit:
            raise Unanswered(
                "Embase hands out no more records for one search at your level of service",
                "cut the strategy into parts with a [[search]] each, or search on www.embase.com, which exports up to "
                "10,000 records at a time, and import the files.",
            ) from None
        except NotEntitled as refused:
            raise not_entitled("Embase", refused) from None


def _answer(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return header and results. Raises AskAgain."""
    table = as_json(body, "Embase")
    header, results = table.get("header"), table.get("results")
    if not isinstance(header, dict):
        raise AskAgain("the answer of Embase has no header")
    return header, results if isinstance(results, list) else []


def _hits(body: bytes) -> int:
    text = str(_answer(body)[0].get("hits", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise AskAgain("the answer of Embase says not how many records there are")
    return int(text)


def _ids(body: bytes) -> tuple[str, ...]:
    ids = []
    for result in _answer(body)[1]:
        info = result.get("itemInfo") if isinstance(result, dict) else None
        listed = info.get("itemIdList") if isinstance(info, dict) else None
        known = listed if isinstance(listed, dict) else {}
        ids.append(str(known.get("lui") or known.get("pui") or known.get("embase") or ""))
    return tuple(ids)


def _read_as(body: bytes, query: str) -> str:
    """How Embase read the query, where it says so otherwise than it was sent."""
    said = " ".join(str(_answer(body)[0].get("query") or "").split())
    return said if said != query else ""


def _years(years: Years) -> str:
    return f"[{years.first}-{years.last}]/py"


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("[", " ").replace("]", " ").split())
