"""Searching Europe PMC through its Articles RESTful API, page by page with a cursor.

Behaviour as described at https://europepmc.org/RestfulWebService: `searchPOST` takes the parameters of `search` in
the body of a POST, so that no query is too long; pages hold up to 1,000 records; errors come with status 200 as
`errCode` and `errMsg`. Neither key nor e-mail is asked for. Synonyms are left off, as the API does by itself: the
search box of the website adds them, and finds more.
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from reviewkit.formats.europe_pmc import accession_of
from reviewkit.formats.json_entries import table_of, tables_of, text_of
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import About, Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.http import Answer, PoliteSession
from reviewkit.sources.languages import language_codes
from reviewkit.sources.limits import limited, limits_told
from reviewkit.sources.paging import LostPlace, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.whole_pages import Check, ask_whole

DATABASE = "Europe PMC"
FORMAT = "europe-pmc-json"
ABOUT = About(
    platform="Europe PMC Articles RESTful API",
    address="https://www.ebi.ac.uk/europepmc/webservices/rest",
    address_variable="REVIEWKIT_EUROPE_PMC_URL",
    documentation="https://europepmc.org/RestfulWebService",
    since=True,
    note="Asked without synonyms; the search box of its website adds them and finds more.",
)
PAGE = 500  # records a request, about 4 MB; 1,000 are allowed
PER_SECOND = 3  # no limit is published for search; pages of this size take longer to make anyway

# The order by day of publication does not change while the result is fetched, as the one by relevance can.
_SORT = "P_PDATE_D asc"
_FIRST_DAY, _LAST_DAY = "1000-01-01", "3000-12-31"
_PASSING = (429, 500, 502, 503, 504)


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what Europe PMC gets: the strategy, and its limits in the fields LANG, FIRST_PDATE and FIRST_IDATE.

    Raises:
        UnknownLanguage: a language that Europe PMC cannot be asked for.
    """
    added, window = [], ""
    if strategy.languages:
        codes = [language_codes(name, DATABASE) for name in strategy.languages]
        # Europe PMC holds both: MEDLINE's codes, and those of publishers and preprint servers.
        added.append("(" + " OR ".join(f'LANG:"{code}"' for pair in codes for code in (pair.marc, pair.short)) + ")")
    if strategy.published_from or strategy.published_to:
        window = f"FIRST_PDATE:[{strategy.published_from or _FIRST_DAY} TO {strategy.published_to or _LAST_DAY}]"
        added.append(f"({window})")
    limits = limits_told(strategy, published=f"sent as {window}")
    if since:
        added.append(f"(FIRST_IDATE:[{since} TO {_LAST_DAY}])")
        limits.append(f"added to Europe PMC on or after {since} (FIRST_IDATE)")
    return Sent(limited(one_query(strategy.strategy), added), tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records Europe PMC finds."""
    return Counted(reported=EuropePmc(asking).count(as_sent(strategy).strategy))


def known_term(known: Known) -> str:
    """Europe PMC's way of asking for one paper."""
    return f"(EXT_ID:{known.key} AND SRC:MED)" if known.kind == "pmid" else f'DOI:"{known.key}"'


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """Search Europe PMC and put every answer on the shelf, as `0001.json` and on.

    Raises:
        Unanswered: Europe PMC does not answer, or not usably.
    """
    api = EuropePmc(asking)
    pages = api.search(as_sent(strategy, since).strategy, shelf, progress)
    return pages.received(asking.access.platform(ABOUT))


class EuropePmc:
    """Europe PMC's API as one person uses it: address and pace."""

    def __init__(self, asking: Asking) -> None:
        self._base = asking.access.address(ABOUT)
        self._session = PoliteSession(asking.politeness, PER_SECOND)

    def count(self, query: str) -> int:
        """Ask how many records a query finds."""
        return _reported(as_json(self.find(query, most=1), DATABASE))

    def find(self, query: str, most: int = 25) -> bytes:
        """Return the first few records of a query, in short."""
        return self._post(query, "*", most, "lite", _reported_in)

    def search(self, query: str, shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all records of a query, in full."""

        def ask(place: str, received: int) -> bytes:
            def missing(body: bytes) -> int:
                page = read_page(body)
                return min(PAGE, max((page.reported or 0) - received, 0)) - len(page.ids)

            return ask_whole(lambda check: self._post(query, place, PAGE, "core", check), missing, DATABASE)

        return fetch_pages(shelf, FORMAT, ask, read_page, progress, start="*")

    def get(self, path: str, check: Check, **parameters: str) -> bytes:
        """Return the answer of one of the modules that take a record's number, such as MED/123/references."""
        form = urlencode({"format": "json", **parameters})

        def check_answer(answer: Answer) -> None:
            _check(answer)
            check(answer.body)

        return self._session.ask("GET", f"{self._base}/{path}?{form}", check=check_answer).body

    def _post(self, query: str, place: str, size: int, kind: str, check: Check) -> bytes:
        form = {"query": query, "format": "json", "resultType": kind, "pageSize": size, "cursorMark": place}
        form |= {"sort": _SORT, "synonym": "FALSE"}

        def check_answer(answer: Answer) -> None:
            _check(answer)
            check(answer.body)

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        data = urlencode(form).encode()
        return self._session.ask("POST", f"{self._base}/searchPOST", data, headers, check_answer).body


def read_page(body: bytes) -> Page:
    """Read an answer of search. Raises AskAgain where it is none."""
    table = as_json(body, DATABASE)
    reported = _reported(table)
    entries = tables_of(table_of(table.get("resultList")).get("result") or [])
    # On the last page the cursor is missing, or is the one that was sent.
    following, sent = text_of(table.get("nextCursorMark")), text_of(table_of(table.get("request")).get("cursorMark"))
    return Page(reported, tuple(map(accession_of, entries)), "" if following == sent else following)


def _reported(table: dict[str, Any]) -> int:
    reported = table.get("hitCount")
    if not isinstance(reported, int):
        raise AskAgain("Europe PMC's answer holds no count")
    return reported


def _reported_in(body: bytes) -> None:
    _reported(as_json(body, DATABASE))


def _check(answer: Answer) -> None:
    """Recognise errors by what the body says; the status is mostly 200."""
    if answer.body.lstrip()[:1] != b"{":
        if answer.status == 200:
            raise AskAgain("Europe PMC's answer is no JSON")
        return  # the session says so
    table = as_json(answer.body, DATABASE)
    said = text_of(table.get("errMsg")) or text_of(table.get("message"))
    if not ("errCode" in table or "errMsg" in table or (answer.status != 200 and said)):
        return
    code = table.get("errCode")
    if code in _PASSING:
        raise AskAgain(f"Europe PMC has trouble ({said or code})", answer.retry_after)
    if "cursor" in said.lower():
        raise LostPlace
    remedy = "mend the strategy, then run the same command again."
    raise Unanswered(f"Europe PMC answered: {said or code}", remedy)
