"""Searching PubMed: what is sent, fetching page by page, and checking that everything reported has come."""

from datetime import date
from importlib.metadata import version

from reviewkit.errors import TooManyResults
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.eutils import ABOUT, Eutils, LostHistory
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.pubmed_answers import Found, parse_esearch, parse_page

__all__ = ["ABOUT", "as_sent", "count", "known_term", "search"]

PAGE = 500  # records a request: about 3 MB of XML, which NCBI sends in one go
CAP = 9_999  # more are never listed or sent for one search, whatever the documentation says
_SHORT = 3  # times a page with too few records is asked for
_LOSSES = 3  # times a lost result set is searched for again
_NAMED = 20  # missing records named in a warning

# PubMed takes mindate and maxdate only together; these are the open ends that its own search page uses.
_FIRST_DAY, _LAST_DAY = "1000/01/01", "3000/12/31"


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:  # noqa: ARG001
    """Say what PubMed gets: line ends and runs of blanks in the strategy become single blanks, languages are added."""
    term = one_query(strategy.strategy)
    if strategy.languages:
        languages = " OR ".join(_language(name) for name in strategy.languages)
        term = f"({term}) AND {languages}" if len(strategy.languages) == 1 else f"({term}) AND ({languages})"
    limits = list(strategy.limits)
    if window := _window(strategy):
        sent = " ".join(f"{name}={value}" for name, value in window.items())
        limits = [f"{limit} (sent as {sent})" if limit.startswith("published") else limit for limit in limits]
    return Sent(term, tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records PubMed finds."""
    ncbi = Eutils(asking)
    sent = as_sent(strategy)
    body = ncbi.esearch(lambda _body: None, term=sent.strategy, retmax=0, retmode="xml", **_window(strategy))
    found = parse_esearch(body)
    return Counted(reported=found.count, translation=found.translation, warnings=found.warnings)


def known_term(known: Known) -> str:
    """PubMed's way of asking for one paper."""
    return f"{known.key}[uid]" if known.kind == "pmid" else f'"{known.key}"[aid]'


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:  # noqa: ARG001
    """Search PubMed and put every answer on the shelf: `0000-esearch.xml`, then pages `0001.xml` and on.

    Raises:
        TooManyResults: more than PubMed hands out.
        Unanswered: PubMed does not answer, or not usably.
    """
    ncbi = Eutils(asking)
    found, body = _find(ncbi, strategy)
    shelf.put("0000-esearch.xml", "", body)
    notes: list[str] = []
    pages: list[list[str]] = []
    losses = 0
    while len(pages) * PAGE < found.count:
        try:
            page, body = _fetch(ncbi, found, start=len(pages) * PAGE)
        except LostHistory:
            losses += 1
            if losses > _LOSSES:
                raise Unanswered(f"PubMed lost the result set {losses} times") from None
            again, body = _find(ncbi, strategy)
            name = f"0000-esearch-{losses + 1}.xml"
            if again.ids != found.ids or again.count != found.count:
                # Pages of two different lists do not fit together, so the whole is fetched again.
                notes.append(_drift(found.count, again.count))
                shelf.clear()
                pages, name = [], "0000-esearch.xml"
            shelf.put(name, "", body)
            found = again
            continue
        pages.append(page)
        shelf.put(f"{len(pages):04}.xml", "pubmed-xml", body)
        progress(sum(map(len, pages)), found.count)
    missing = _what_is_missing(found, [pmid for page in pages for pmid in page])
    return Received(
        reported=found.count,
        complete=not missing,
        translation=found.translation,
        warnings=(*found.warnings, *notes, *missing),
        platform=ncbi.platform,
        client=f"biopython {version('biopython')}, requests {version('requests')}",
    )


def _find(ncbi: Eutils, strategy: Strategy) -> tuple[Found, bytes]:
    """Search, keeping the result set at NCBI; all PMIDs are listed, to hold what comes against them."""

    def check(body: bytes) -> None:
        found = parse_esearch(body)
        if found.count and not (found.webenv and found.query_key):
            raise AskAgain("PubMed kept no result set")

    sent = as_sent(strategy)
    body = ncbi.esearch(check, term=sent.strategy, usehistory="y", retmax=CAP, retmode="xml", **_window(strategy))
    found = parse_esearch(body)
    if found.count > CAP:
        raise TooManyResults(database="PubMed", count=f"{found.count:,}", cap=f"{CAP:,}")
    return found, body


def _fetch(ncbi: Eutils, found: Found, start: int) -> tuple[list[str], bytes]:
    """Fetch one page; a page with too few records is asked for again, and the fullest one is taken in the end."""
    wanted = min(PAGE, found.count - start)
    fullest: list[tuple[int, bytes]] = []

    def check(body: bytes) -> None:
        count = len(parse_page(body))
        fullest.append((count, body))
        fullest.sort(key=lambda page: -abs(page[0] - wanted))
        del fullest[:-1]
        if count != wanted:
            raise AskAgain(f"PubMed sent {count} records in place of {wanted}", tries=_SHORT)

    try:
        body = ncbi.efetch(
            check, WebEnv=found.webenv, query_key=found.query_key, retstart=start, retmax=wanted, retmode="xml"
        )
    except Unanswered:
        if not fullest:
            raise
        body = fullest[0][1]
    return parse_page(body), body


def _what_is_missing(found: Found, received: list[str]) -> list[str]:
    """Compare what came with what was reported; return what is wrong in words, nothing when all is there."""
    came, listed = set(received), set(found.ids)
    problems = []
    if len(received) != found.count:
        problems.append(f"PubMed reported {found.count} records and sent {len(received)}")
    if len(came) != len(received):
        twice = len(received) - len(came)
        problems.append(f"PubMed sent {twice} record{'s' if twice > 1 else ''} twice")
    if len(found.ids) != found.count:
        problems.append(f"PubMed reported {found.count} records and listed {len(found.ids)}")
        return problems
    for pmids, what in ((listed - came, "listed and not sent"), (came - listed, "sent and not listed")):
        if pmids:
            named = ", ".join(sorted(pmids, key=lambda pmid: (len(pmid), pmid))[:_NAMED])
            more = f" and {len(pmids) - _NAMED} more" if len(pmids) > _NAMED else ""
            problems.append(f"{what}: PMID {named}{more}")
    return problems


def _drift(before: int, after: int) -> str:
    counts = f"from {before} to {after} records" if before != after else f"among its {after} records"
    return f"PubMed's result changed {counts} while they were fetched; all of it was fetched again"


def _window(strategy: Strategy) -> dict[str, str]:
    """The date limits as E-utilities take them; pdat is the date of publication."""
    first, last = strategy.published_from, strategy.published_to
    if not (first or last):
        return {}
    return {
        "datetype": "pdat",
        "mindate": f"{first:%Y/%m/%d}" if first else _FIRST_DAY,
        "maxdate": f"{last:%Y/%m/%d}" if last else _LAST_DAY,
    }


def _language(name: str) -> str:
    plain = " ".join(name.lower().replace('"', " ").split())
    return f'"{plain}"[la]' if " " in plain else f"{plain}[la]"
