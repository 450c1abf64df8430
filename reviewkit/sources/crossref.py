"""Searching Crossref: what is sent of a strategy, and what is told of what came.

Crossref looks for words in the bibliographic data and ranks what holds any of them; there are no Boolean operators.
Parameters and filters: https://www.crossref.org/documentation/retrieve-metadata/rest-api/rest-api-filters/.
"""

import re
from datetime import date

from reviewkit.errors import UnknownParameter
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.crossref_api import ABOUT, DATABASE, Crossref
from reviewkit.sources.limits import limits_told
from reviewkit.sources.parameters import in_words, read_parameters

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

_QUERIES = (
    "query", "query.bibliographic", "query.title", "query.author", "query.container-title", "query.affiliation",
    "query.editor", "query.publisher-name", "query.funder-name",
)  # fmt: skip
_KNOWN = (*_QUERIES, "filter", "rows")
_WORDS = "query.bibliographic"  # of a strategy that names no parameter
_NUMBER = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_BOOLEAN = re.compile(r"\b(?:AND|OR|NOT|NEAR|ADJ)\b|[*\"“”()\[\]]")
_NO_BOOLEAN = (
    "Crossref has no Boolean search: it lists every work that holds any of the words, ranked by relevance. "
    "It cannot stand for a search of a database that has one"
)
_NO_LANGUAGE = "Crossref cannot be asked for languages"
_IGNORED = "the strategy holds AND, OR, NOT, quotation marks, brackets or *, which mean nothing to Crossref"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what Crossref gets: words for `query.bibliographic`, or the parameters that the strategy names; and filters.

    Raises:
        UnknownParameter: the strategy names one that Crossref does not have.
    """
    parameters = _parameters(strategy)
    rows = parameters.pop("rows", "")
    filters = [parameters.pop("filter")] if "filter" in parameters else []
    window = [
        f"{name}:{day}"
        for name, day in (("from-pub-date", strategy.published_from), ("until-pub-date", strategy.published_to))
        if day
    ]
    limits = limits_told(strategy, f"not sent: {_NO_LANGUAGE}", f"sent as {','.join(window)}")
    filters += window
    if since:
        filters.append(f"from-created-date:{since}")
        limits.append(f"added to Crossref on or after {since} (from-created-date)")
    if rows:
        limits.append(f"the first {rows} works of the list, which Crossref ranks by relevance")
    if filters:
        parameters["filter"] = ",".join(filters)
    return Sent(in_words(parameters), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many works Crossref finds."""
    reported = Crossref(asking).count(_query(as_sent(strategy)))
    return Counted(reported=reported, warnings=_warnings(strategy))


def known_term(known: Known) -> str:
    """Crossref's way of asking for one paper; it knows no PMIDs."""
    return f"filter=doi:{known.key}" if known.kind == "doi" else ""


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search Crossref and put every answer on the shelf, as `0001.json` and on.

    Raises:
        TooManyResults: more than anybody can screen, and the strategy does not say how many it wants.
        UnknownParameter: the strategy names one that Crossref does not have.
        Unanswered: Crossref does not answer, or not usably.
    """
    api = Crossref(asking)
    first = _first(strategy)
    total = 0

    def told(reported: int) -> None:
        nonlocal total
        total = reported

    pages = api.search(_query(as_sent(strategy, since)), shelf, progress, first, told)
    part = (
        (f"Crossref found {total:,} works; the first {first:,} by relevance were taken",) if 0 < first < total else ()
    )
    return pages.received(asking.access.platform(ABOUT), *_warnings(strategy), *part)


def _query(sent: Sent) -> dict[str, str]:
    return read_parameters(sent.strategy, _WORDS, _KNOWN, DATABASE)


def _parameters(strategy: Strategy) -> dict[str, str]:
    found = read_parameters(one_query(strategy.strategy), _WORDS, _KNOWN, DATABASE)
    if not _NUMBER.fullmatch(found.get("rows", "1")):
        raise UnknownParameter(database=DATABASE, name=f"rows={found['rows']}", known=", ".join(_KNOWN))
    return found


def _first(strategy: Strategy) -> int:
    """How many works the strategy asks for; 0 for all."""
    return int(_parameters(strategy).get("rows", "0"))


def _warnings(strategy: Strategy) -> tuple[str, ...]:
    words = " ".join(value for name, value in _parameters(strategy).items() if name in _QUERIES)
    languages = [f"{_NO_LANGUAGE}, so works in every language came"] if strategy.languages else []
    return (_NO_BOOLEAN, *([_IGNORED] if _BOOLEAN.search(words) else []), *languages)
