"""Searching Scopus: what is sent of a strategy, and what is told of what came.

Search syntax: https://dev.elsevier.com/sc_search_tips.html; views: https://dev.elsevier.com/sc_search_views.html.
"""

import re
from datetime import date, timedelta

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.limits import limited, limits_told
from reviewkit.sources.scopus_api import ABOUT, Scopus
from reviewkit.sources.slices import span_of

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

_FIELD = re.compile(r"(?!(?:AND|NOT|or|and|not)\b)[A-Za-z-]{3,}\(|\b(?:PUBYEAR|DOCTYPE)\b")  # TITLE-ABS-KEY(...)
_NO_ABSTRACTS = (
    "Scopus gave no abstracts, and of each record the first author alone: the key is not entitled to the view "
    "COMPLETE. Run it within your institution's network or with ELSEVIER_INSTTOKEN, or export from www.scopus.com"
)
_NO_FIELD = "the strategy names no field, so Scopus searched all of them, references too; TITLE-ABS-KEY( ) is usual"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what Scopus gets: languages, years of publication and the day of loading become part of the query."""
    parts, window = [], ""
    if strategy.languages:
        named = " OR ".join(f"LANGUAGE({_plain(name)})" for name in strategy.languages)
        parts.append(f"({named})" if len(strategy.languages) > 1 else named)
    if strategy.published_from or strategy.published_to:
        window = _window(strategy.published_from, strategy.published_to)
        parts.append(window)
    limits = limits_told(strategy, published=f"sent as {window}: Scopus limits by whole years")
    if since:
        parts.append(f"ORIG-LOAD-DATE AFT {since - timedelta(days=1):%Y%m%d}")
        limits.append(f"added to Scopus on or after {since} (ORIG-LOAD-DATE)")
    return Sent(limited(one_query(strategy.strategy), parts), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records Scopus finds."""
    scopus = Scopus(asking, as_sent(strategy).strategy, view="STANDARD")
    return Counted(reported=scopus.count(), warnings=_doubts(strategy))


def known_term(known: Known) -> str:
    """Scopus's way of asking for one paper."""
    return f"PMID({known.key})" if known.kind == "pmid" else f'DOI("{known.key}")'


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search Scopus and put every answer on the shelf: counts as `0000-...`, then pages `0001.json` and on.

    Raises:
        Unanswered: Scopus does not answer, or not usably; or one year alone holds more than it hands out.
    """
    scopus = Scopus(asking, as_sent(strategy, since).strategy)
    pages = scopus.fetch_all(span_of(strategy), shelf, progress)
    abstracts = () if scopus.view == "COMPLETE" or not pages.reported else (_NO_ABSTRACTS,)
    return pages.received(asking.access.platform(ABOUT), *_doubts(strategy), *abstracts)


def _doubts(strategy: Strategy) -> tuple[str, ...]:
    return () if _FIELD.search(strategy.strategy) else (_NO_FIELD,)


def _window(first: date | None, last: date | None) -> str:
    after = [f"PUBYEAR > {first.year - 1}"] if first else []
    before = [f"PUBYEAR < {last.year + 1}"] if last else []
    return " AND ".join(after + before)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[()\"]", " ", name).lower().split())
