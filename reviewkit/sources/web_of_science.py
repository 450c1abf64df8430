"""Searching the Web of Science Core Collection through Clarivate's Starter API, which gives no abstracts.

It takes the syntax of the advanced search with some of its field tags: https://developer.clarivate.com/apis/wos-starter.
"""

from datetime import date

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.limits import limited, limits_told
from reviewkit.sources.slices import fetch_all, span_of
from reviewkit.sources.wos_api import ABOUT, CAP, WebOfScience, years_query

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

_NO_ABSTRACTS = (
    "Web of Science's Starter API gives no abstracts; for screening by them, export the same search from "
    "www.webofscience.com (plain text file, full record) and import that in place of this run"
)
_NO_LANGUAGES = "the Starter API knows no limit by language, so records in every language came"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:  # noqa: ARG001 - the API cannot be asked for it
    """Say what Web of Science gets: years of publication become part of the query, languages cannot.

    Nor can the API be asked for what was added since a day.
    """
    window = years_query(span_of(strategy))
    limits = limits_told(
        strategy,
        languages="not sent: the API knows no such limit",
        published=f"sent as {window}: Web of Science limits by whole years",
    )
    return Sent(limited(one_query(strategy.strategy), [window] if strategy.published_limit else []), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records Web of Science finds."""
    wos = WebOfScience(asking, as_sent(strategy).strategy)
    return Counted(reported=wos.total(wos.ask_count(None)), warnings=_doubts(strategy))


def known_term(known: Known) -> str:
    """Web of Science's way of asking for one paper."""
    return f"PMID={known.key}" if known.kind == "pmid" else f'DO="{known.key}"'


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search Web of Science and put every answer on the shelf: counts as `0000-...`, then pages `0001.json` and on.

    Raises:
        Unanswered: Web of Science does not answer, or not usably.
    """
    wos = WebOfScience(asking, as_sent(strategy, since).strategy)
    pages = fetch_all(wos, CAP, span_of(strategy), shelf, progress)
    told = (_NO_ABSTRACTS,) if pages.reported else ()
    return pages.received(asking.access.platform(ABOUT), *_doubts(strategy), *told)


def _doubts(strategy: Strategy) -> tuple[str, ...]:
    return (_NO_LANGUAGES,) if strategy.languages else ()
