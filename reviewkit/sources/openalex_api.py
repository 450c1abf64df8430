"""OpenAlex's API as one person uses it: address, key and pace; its errors, and its pages."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from reviewkit.errors import StrategyTooLong
from reviewkit.formats.json_entries import table_of, tables_of, text_of
from reviewkit.formats.openalex import accession_of
from reviewkit.sources import About, Asking, Need, Progress, Shelf
from reviewkit.sources.http import Answer, PoliteSession, refuse_repeated
from reviewkit.sources.paging import LostPlace, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.whole_pages import Check, ask_whole

DATABASE = "OpenAlex"
FORMAT = "openalex-json"
API_KEY = Need(
    variable="OPENALEX_API_KEY",
    what="an API key of OpenAlex",
    where="https://openalex.org/settings/api",
    required=False,
    benefit="ten times as many requests a day, and more than 10,000 works of one search; it is free",
)
ABOUT = About(
    platform="OpenAlex API",
    address="https://api.openalex.org",
    address_variable="REVIEWKIT_OPENALEX_URL",
    documentation="https://developers.openalex.org",
    needs=(API_KEY,),
    since=True,
    note="Titles and abstracts are searched; not every work comes with its abstract. Without a key no search "
    "gives more than 10,000 works.",
)
PAGE = 100  # works a request, the most that it gives
PER_SECOND = 10
LONGEST = 4_094  # bytes of a request's address
WITHOUT_KEY = 10_000  # works of one result, by the paging that needs no key

# The order by day of publication does not change while the result is fetched, as the one by relevance can.
_SORT = "publication_date:desc"
_PAID = re.compile(r"\bplan\b|premium|subscription|subscribe", re.I)  # days of creation and update, at times
_GET_KEY = f"get a free key at {API_KEY.where}, set OPENALEX_API_KEY, and run the same command again"
_USED_UP = re.compile(r"budget|daily|per day|credits|midnight|allowance", re.I)


class OpenAlex:
    """The list of works, asked for politely. The key travels in a header."""

    def __init__(self, asking: Asking) -> None:
        self._base = asking.access.address(ABOUT)
        self._key = asking.access.value(API_KEY)
        self._session = PoliteSession(asking.politeness, PER_SECOND, (self._key,))

    def count(self, parameters: Mapping[str, str]) -> int:
        """Ask how many works there are."""
        return read_page(self.find(parameters, most=1)).reported or 0

    def find(self, parameters: Mapping[str, str], most: int = 25) -> bytes:
        """Return the first few works."""
        return self._get({**parameters, "per_page": str(most)}, _reads)

    def fetch(self, parameters: Mapping[str, str], shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all works: by cursor with a key; without one by page number, which ends at 10,000."""
        where = "cursor" if self._key else "page"
        fixed = {**parameters, "sort": _SORT, "per_page": str(PAGE)}

        def ask(place: str, received: int) -> bytes:
            def missing(body: bytes) -> int:
                page = read_page(body)
                self._check_size(page.reported or 0)
                return min(PAGE, max((page.reported or 0) - received, 0)) - len(page.ids)

            return ask_whole(lambda check: self._get({**fixed, where: place}, check), missing, DATABASE)

        start = "*" if self._key else "1"
        return fetch_pages(shelf, FORMAT, ask, read_page, progress, start, by_place=not self._key)

    def _check_size(self, reported: int) -> None:
        if not self._key and reported > WITHOUT_KEY:
            reason = f"it finds {reported:,} works, and without a key hands out {WITHOUT_KEY:,}"
            raise Unanswered(reason, f"{_GET_KEY}, or narrow the strategy.")

    def _get(self, parameters: Mapping[str, str], check: Check) -> bytes:
        address = f"{self._base}/works?{urlencode(parameters, quote_via=quote, safe=':,|/*')}"
        if len(address) > LONGEST:
            raise StrategyTooLong(database=DATABASE, length=f"{len(address):,}", longest=f"{LONGEST:,}")

        def check_answer(answer: Answer) -> None:
            self._check(answer)
            check(answer.body)

        headers = {"api_key": self._key} if self._key else {}
        return self._session.ask("GET", address, headers=headers, check=check_answer, first=_check_allowance).body

    def _check(self, answer: Answer) -> None:
        """Turn OpenAlex's errors into what a person can do about them."""
        if answer.status == 200:
            refuse_repeated(answer, self._key)
            return
        said = _message(answer)
        if answer.status == 403 and "rate" in said.lower():
            raise AskAgain("OpenAlex says that requests come too fast", answer.retry_after)
        if answer.status in (400, 401, 403) and _PAID.search(said):
            remedy = "run the whole search again instead, without --since: what it brought before is recognised."
            raise Unanswered(f"OpenAlex keeps this for paying users ({said})", remedy)
        if answer.status in (401, 403) or "api key" in said.lower():
            reason = "OpenAlex does not accept the API key" if self._key else "OpenAlex asks for an API key"
            has = "check OPENALEX_API_KEY (openalex_api_key in the user configuration)."
            raise Unanswered(f"{reason} ({said})", has if self._key else f"{_GET_KEY}.")
        if answer.status == 400 and "cursor" in said.lower():
            raise LostPlace
        if answer.status in (400, 404, 414):
            remedy = "mend the strategy, then run the same command again."
            raise Unanswered(f"OpenAlex answered: {said}", remedy)


def read_page(body: bytes) -> Page:
    """Read an answer of /works. Raises AskAgain where it is none."""
    table = as_json(body, DATABASE)
    meta = table_of(table.get("meta"))
    reported, works = meta.get("count"), table.get("results")
    if not isinstance(reported, int) or not isinstance(works, list):
        raise AskAgain("OpenAlex's answer holds no works and no count")
    ids = tuple(map(accession_of, tables_of(works)))
    return Page(reported, ids, _following(meta, reported))


def _following(meta: dict[str, object], reported: int) -> str:
    if cursor := text_of(meta.get("next_cursor")):
        return cursor
    page, size = meta.get("page"), meta.get("per_page")
    return str(page + 1) if isinstance(page, int) and isinstance(size, int) and page * size < reported else ""


def _reads(body: bytes) -> None:
    read_page(body)


def _check_allowance(answer: Answer) -> None:
    """Tell a day's allowance that is used up from requests that come too fast: both are 429."""
    if answer.status == 429 and _USED_UP.search(said := _message(answer)):
        remedy = f"run the same command again tomorrow; a key of {API_KEY.where} brings ten times as much a day."
        raise Unanswered(f"today's free allowance of OpenAlex is used up ({said})", remedy)


def _message(answer: Answer) -> str:
    """What an error says, on one line."""
    try:
        table = as_json(answer.body, DATABASE)
    except AskAgain:
        return f"status {answer.status}"
    said = text_of(table.get("message")) or text_of(table.get("error")) or f"status {answer.status}"
    return said[:300]
