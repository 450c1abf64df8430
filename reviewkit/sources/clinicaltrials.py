"""Searching ClinicalTrials.gov: what is sent of a strategy, and what is told of what came.

Strategies are written as in the site's box "Other terms", with AND, OR, NOT, quotation marks and AREA[...]
(https://clinicaltrials.gov/find-studies/constructing-complex-search-queries), or box by box:
query.cond=back pain&query.intr=exosomes.
"""

from datetime import date

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.clinicaltrials_api import ABOUT, DATABASE, ClinicalTrials
from reviewkit.sources.limits import limits_told
from reviewkit.sources.parameters import in_words, read_parameters

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

_TERM = "query.term"  # of a strategy that names no parameter
_KNOWN = (
    _TERM, "query.cond", "query.intr", "query.titles", "query.outc", "query.spons", "query.lead", "query.id",
    "query.locn", "query.patient", "filter.advanced", "filter.overallStatus", "filter.geo", "filter.ids",
    "filter.synonyms", "aggFilters",
)  # fmt: skip
_NO_LANGUAGE = "register entries are in English whatever the language of the study"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what the register gets: `query.term`, or the boxes that the strategy names, and days as `filter.advanced`.

    `since` asks for entries that were changed on that day or later, new ones among them: an old entry can begin to
    match by a change, and results are posted to old ones.

    Raises:
        UnknownParameter: the strategy names one that the register does not have.
    """
    parameters = _query(one_query(strategy.strategy))
    own = parameters.pop("filter.advanced", "")
    filters = [f"({own})"] if own and (since or strategy.published_limit) else [own]
    window = f"AREA[StudyFirstPostDate]RANGE[{strategy.published_from or 'MIN'},{strategy.published_to or 'MAX'}]"
    if strategy.published_limit:
        filters.append(window)
    limits = limits_told(strategy, f"not sent: {_NO_LANGUAGE}", f"sent as {window}: first posted then")
    if since:
        filters.append(f"AREA[LastUpdatePostDate]RANGE[{since},MAX]")
        limits.append(f"added to ClinicalTrials.gov or changed there on or after {since} (LastUpdatePostDate)")
    if advanced := " AND ".join(filter(None, filters)):
        parameters["filter.advanced"] = advanced
    return Sent(in_words(parameters), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many studies the register finds."""
    return Counted(reported=ClinicalTrials(asking).count(_query(as_sent(strategy).strategy)))


def known_term(known: Known) -> str:  # noqa: ARG001 - no paper can be asked for
    """Return '': the register holds studies, and no papers."""
    return ""


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search the register and put every answer on the shelf, as `0001.json` and on.

    Raises:
        StrategyTooLong: it does not fit into an address.
        UnknownParameter: the strategy names one that the register does not have.
        Unanswered: the register does not answer, or not usably.
    """
    api = ClinicalTrials(asking)
    pages = api.search(_query(as_sent(strategy, since).strategy), shelf, progress)
    return pages.received(asking.access.platform(ABOUT))


def _query(text: str) -> dict[str, str]:
    return read_parameters(text, _TERM, _KNOWN, DATABASE)
