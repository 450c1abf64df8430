"""Searching OpenAlex: how a strategy becomes parameters of /works, and fetching the works page by page.

Behaviour as described at https://developers.openalex.org (searching, filtering, paging, authentication, errors), read
in November 2026: one search parameter a request, AND, OR and NOT in capitals; 100 works a page; a request's address
of at most 4,094 bytes; the key in a header; an allowance a day, which is ten times as large with a free key.
"""

import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.languages import language_codes
from reviewkit.sources.limits import limits_told
from reviewkit.sources.openalex_api import ABOUT, DATABASE, OpenAlex
from reviewkit.sources.parameters import in_words

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

_USUAL = "search.title_and_abstract"  # what a bibliographic database searches; plain `search` takes full texts in
_PARAMETER = r"(?:search(?:\.[a-z_]{1,40}){0,3}|filter)"
_NAMED = re.compile(rf"\s*{_PARAMETER}\s*=")
_BETWEEN = re.compile(rf"\s*&\s*(?={_PARAMETER}\s*=)")
_ADDRESS = re.compile(r"\s*https?://(?:api\.)?openalex\.org/works\?\S+\s*\Z")


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say which parameters OpenAlex gets.

    A strategy is searched for in titles and abstracts. One that names its parameters is sent as it says:
    `search=exosomes AND pain & filter=type:article`; so is an address copied from the website.

    Raises:
        UnknownLanguage: a language that OpenAlex cannot be asked for.
    """
    parameters = _parameters(strategy.strategy)
    filters = [parameters["filter"]] if parameters.get("filter") else []
    languages = "language:" + "|".join(language_codes(name, DATABASE).short for name in strategy.languages)
    if strategy.languages:
        filters.append(languages)
    days = (
        ("from_publication_date", strategy.published_from),
        ("to_publication_date", strategy.published_to),
    )
    if window := ",".join(f"{name}:{day}" for name, day in days if day):
        filters.append(window)
    limits = limits_told(strategy, f"sent as {languages}", f"sent as {window}")
    if since:
        filters.append(f"from_created_date:{since}")
        limits.append(f"added to OpenAlex on or after {since} (from_created_date)")
    if filters:
        parameters["filter"] = ",".join(filters)
    return Sent(in_words(parameters), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many works OpenAlex finds.

    Raises:
        StrategyTooLong: more than OpenAlex takes in one request.
    """
    return Counted(reported=OpenAlex(asking).count(_parameters(as_sent(strategy).strategy)))


def known_term(known: Known) -> str:
    """OpenAlex's way of asking for one paper."""
    return f"filter={known.kind}:{known.key}"


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search OpenAlex and put every answer on the shelf, as `0001.json` and on.

    Raises:
        StrategyTooLong: more than OpenAlex takes in one request.
        Unanswered: OpenAlex does not answer, or not usably.
    """
    api = OpenAlex(asking)
    pages = api.fetch(_parameters(as_sent(strategy, since).strategy), shelf, progress)
    return pages.received(asking.access.platform(ABOUT))


def _parameters(text: str) -> dict[str, str]:
    """Read what a strategy sends: parameter -> value."""
    if _ADDRESS.match(text):
        asked = parse_qsl(urlsplit(text.strip()).query)
        return {name: one_query(value) for name, value in asked if re.fullmatch(_PARAMETER, name)}
    query = one_query(text)
    if not _NAMED.match(query):
        return {_USUAL: query}
    parts = (part.partition("=") for part in _BETWEEN.split(query))
    return {name.strip(): value.strip() for name, _, value in parts}
