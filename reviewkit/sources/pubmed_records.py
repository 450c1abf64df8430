"""Fetching PubMed records by their PMIDs, page by page, so that what is missing is known by name."""

from collections.abc import Iterable, Sequence

from reviewkit.sources import Progress, Shelf
from reviewkit.sources.eutils import Eutils
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.pubmed_answers import parse_page

PAGE = 500  # records a request: about 3 MB of XML, which NCBI sends in one go
_FORMAT = "pubmed-xml"
_TRIES = 3  # times a page that lacks records is asked for; what it lacks is asked for by itself afterwards


class Records:
    """The records of one search as they come: pages `0001.xml`, `0002.xml` ... on a shelf, then `lacking-1-0001.xml`.

    Nothing is kept at NCBI between two requests: every request names its PMIDs, so that no lost result set, no cap
    and no change of the result can shift what a page holds.
    """

    def __init__(self, ncbi: Eutils, shelf: Shelf, progress: Progress) -> None:
        self._ncbi, self._shelf, self._progress = ncbi, shelf, progress
        self._listed: set[str] = set()  # every PMID that was asked for
        self._pages = 0
        self._fetched = 0  # pages that did not lie on the shelf
        self.came: dict[str, int] = {}  # PMID -> how often it came

    def fetch(self, pmids: Iterable[str], total: int) -> None:
        """Fetch those of the PMIDs that were not asked for yet; `total` is how many are expected in all.

        Raises:
            Unanswered: PubMed does not answer, or not usably.
        """
        wanted = [pmid for pmid in dict.fromkeys(pmids) if pmid not in self._listed]
        self._listed.update(wanted)
        for start in range(0, len(wanted), PAGE):
            self._pages += 1
            self._take(f"{self._pages:04}.xml", wanted[start : start + PAGE], total)

    def fetch_lacking(self, pmids: Iterable[str], attempt: int) -> bool:
        """Ask once more for those of the PMIDs that did not come; False where an earlier attempt had done so.

        Raises:
            Unanswered: PubMed does not answer, or not usably.
        """
        lacking, before = self.lacking(pmids), self._fetched
        for number, start in enumerate(range(0, len(lacking), PAGE), start=1):
            self._take(f"lacking-{attempt}-{number:04}.xml", lacking[start : start + PAGE], 0)
        return self._fetched > before

    def lacking(self, pmids: Iterable[str]) -> list[str]:
        """Return those of the PMIDs that did not come."""
        return [pmid for pmid in pmids if pmid not in self.came]

    @property
    def doubled(self) -> int:
        """How many entries came more than once."""
        return sum(times - 1 for times in self.came.values())

    def _take(self, name: str, wanted: Sequence[str], total: int) -> None:
        for pmid in self._page(name, wanted):
            self.came[pmid] = self.came.get(pmid, 0) + 1
        self._progress(len(self.came), max(total, len(self.came)))

    def _page(self, name: str, wanted: Sequence[str]) -> list[str]:
        """Take a page from the shelf or fetch it; return the PMIDs in it."""
        kept = self._shelf.get(name, _FORMAT)
        if kept is not None:
            try:
                found = parse_page(kept)
                if not self._listed & set(found) - set(wanted):  # else it was asked for by another list
                    return found
            except (AskAgain, Unanswered):
                pass  # damaged on the shelf
        found, body = self._ask(wanted)
        self._shelf.put(name, _FORMAT, body)
        self._fetched += 1
        return found

    def _ask(self, wanted: Sequence[str]) -> tuple[list[str], bytes]:
        """Fetch one page; one that lacks records is asked for again, and the fullest is taken in the end."""
        best: list[tuple[int, list[str], bytes]] = []

        def check(body: bytes) -> None:
            found = parse_page(body)
            lacking = len(set(wanted) - set(found))
            wrong = lacking + len(found) - len(set(found) & set(wanted))  # lacking, strange, or there twice
            best.append((wrong, found, body))
            best.sort(key=lambda page: page[0])
            del best[1:]
            if wrong:
                raise AskAgain(f"PubMed sent {len(wanted) - lacking} of {len(wanted)} records", tries=_TRIES)

        try:
            self._ncbi.efetch(check, id=",".join(wanted), retmax=len(wanted), retmode="xml")
        except Unanswered:
            if not best:
                raise
        return best[0][1:]
