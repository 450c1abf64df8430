"""ClinicalTrials.gov's API v2: what it needs, its pages with a token, and what its refusals mean.

Behaviour as described at https://clinicaltrials.gov/data-api/api: no key; `countTotal` gives the count on the first
page alone; the token of the next page is missing on the last one; errors are plain text with status 400.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from reviewkit.errors import StrategyTooLong
from reviewkit.formats.json_entries import table_of, tables_of, text_of
from reviewkit.sources import About, Asking, Progress, Shelf
from reviewkit.sources.http import Answer, PoliteSession
from reviewkit.sources.paging import LostPlace, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.whole_pages import ask_whole

DATABASE = "ClinicalTrials.gov"
FORMAT = "clinicaltrials-json"
ABOUT = About(
    platform="ClinicalTrials.gov API v2",
    address="https://clinicaltrials.gov/api/v2",
    address_variable="REVIEWKIT_CLINICALTRIALS_URL",
    documentation="https://clinicaltrials.gov/data-api/api",
    since=True,
    note="A study register: PRISMA counts it apart. The status of an entry says whether results are posted.",
)
PAGE = 500  # studies a request, about 4 MB; 1,000 are allowed
PER_SECOND = 0.8  # no limit is published; 50 requests a minute is what clients report to be borne
LONGEST = 7_500  # characters of an address: the strategy travels in it, and servers refuse above 8 KB

# What a citation is made of, and what a reviewer may want to look up in the stored answer. Tables of results and
# places of recruitment are left out: they make a study a hundred times as large.
_FIELDS = (
    "IdentificationModule", "StatusModule", "SponsorCollaboratorsModule", "DescriptionModule", "ConditionsModule",
    "DesignModule", "ArmsInterventionsModule", "OutcomesModule", "EligibilityModule", "ReferencesModule",
    "ConditionBrowseModule", "InterventionBrowseModule", "HasResults",
)  # fmt: skip


class ClinicalTrials:
    """ClinicalTrials.gov's API as one person uses it: address and pace."""

    def __init__(self, asking: Asking) -> None:
        self._base = asking.access.address(ABOUT)
        self._session = PoliteSession(asking.politeness, PER_SECOND)

    def count(self, query: Mapping[str, str]) -> int:
        """Ask how many studies a query finds."""
        return _total(self._get({**query, "fields": "NCTId", "countTotal": "true", "pageSize": "1"}, _total))

    def search(self, query: Mapping[str, str], shelf: Shelf, progress: Progress) -> Pages:
        """Fetch all studies of a query."""
        parameters = {**query, "fields": ",".join(_FIELDS), "countTotal": "true", "pageSize": str(PAGE)}

        def ask(place: str, received: int) -> bytes:
            here = parameters | ({"pageToken": place} if place else {})

            def missing(body: bytes) -> int:
                page = read_page(body)
                wanted = PAGE if page.following else min(PAGE, (page.reported or 0) - received)
                return wanted - len(page.ids)

            return ask_whole(lambda check: self._get(here, check), missing, DATABASE)

        return fetch_pages(shelf, FORMAT, ask, read_page, progress)

    def _get(self, parameters: Mapping[str, str], read: Callable[[bytes], Any]) -> bytes:
        address = f"{self._base}/studies?{urlencode({'format': 'json', **parameters})}"
        if len(address) > LONGEST:
            raise StrategyTooLong(database=DATABASE, length=f"{len(address):,}", longest=f"{LONGEST:,}")

        def check(answer: Answer) -> None:
            _check(answer, "pageToken" in parameters)
            if answer.status == 200:
                read(answer.body)

        return self._session.ask("GET", address, check=check).body


def read_page(body: bytes) -> Page:
    """Read a page of studies. Raises AskAgain where it is none."""
    table = as_json(body, DATABASE)
    studies = table.get("studies")
    if not isinstance(studies, list):
        raise AskAgain("ClinicalTrials.gov's answer holds no studies")
    total = table.get("totalCount")
    return Page(
        total if isinstance(total, int) else None, tuple(map(_number, tables_of(studies))),
        text_of(table.get("nextPageToken")),
    )  # fmt: skip


def _number(study: dict[str, Any]) -> str:
    protocol = table_of(study.get("protocolSection"))
    return text_of(table_of(protocol.get("identificationModule")).get("nctId"))


def _total(body: bytes) -> int:
    total = as_json(body, DATABASE).get("totalCount")
    if not isinstance(total, int):
        raise AskAgain("ClinicalTrials.gov's answer holds no count")
    return total


def _check(answer: Answer, placed: bool) -> None:
    """Recognise what the register refuses; its words are plain text."""
    if answer.status not in (400, 414):
        return
    said = " ".join(answer.body[:400].decode("utf-8", "replace").split())[:300] or f"status {answer.status}"
    if placed and "token" in said.lower():
        raise LostPlace
    raise Unanswered(f"ClinicalTrials.gov answered: {said}", "mend the strategy, then run the same command again.")
