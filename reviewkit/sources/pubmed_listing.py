"""Listing every PMID of a result, however large: above NCBI's cap it is cut into slices that are checked one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reviewkit.errors import TooManyResults
from reviewkit.sources import Shelf
from reviewkit.sources.eutils import Eutils
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.pubmed_answers import Found, parse_esearch

CAP = 9_999  # more are never listed for one search, whatever the documentation says
_TRIES = 3  # times a list that is shorter than its own count is asked for

# The open ends that PubMed's own search page uses for a range of dates.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(3000, 12, 31)
_CROWDED = date(1966, 1, 1), date(2036, 1, 1)  # cutting begins where the records are
_FIELDS = {"crdt": "were added to PubMed on", "dp": "were published on"}  # cut by the first; a crowded day by the next


@dataclass(frozen=True, slots=True)
class Listing:
    """All PMIDs of a result as PubMed lists them at one time, the newest first as far as PubMed says.

    `count` is what PubMed reports for the whole; `problems` says in words where the slices do not add up to it.
    """

    count: int
    pmids: tuple[str, ...]
    translation: str
    warnings: tuple[str, ...]
    problems: tuple[str, ...] = ()


class Lister:
    """Lists results of one term, within one window of E-utilities; answers are kept on the shelf."""

    def __init__(self, ncbi: Eutils, shelf: Shelf, term: str, window: dict[str, str]) -> None:
        self._ncbi, self._shelf, self._term, self._window = ncbi, shelf, term, window

    def list_pmids(self, name: str) -> Listing:
        """Search, and search on in slices where the result is above the cap.

        Args:
            name: of the answers on the shelf: `NAME.xml`, `NAME-crdt-20010101-20191231.xml` ...

        Raises:
            TooManyResults: more than the cap were added and published on one and the same day.
            Unanswered: PubMed does not answer, or not usably.
        """
        whole = self._ask(name, self._term)
        pmids = self._gather(name, self._term, whole, tuple(_FIELDS), ())
        problems: tuple[str, ...] = ()
        if len(pmids) != whole.count:
            problems = (f"PubMed reported {whole.count:,} records and listed {len(pmids):,}, slice by slice",)
        return Listing(whole.count, tuple(pmids), whole.translation, whole.warnings, problems)

    def _ask(self, name: str, term: str) -> Found:
        """Search once, or take the answer that an earlier attempt kept."""
        kept = self._shelf.get(f"{name}.xml", "")
        if kept is not None:
            try:
                return _checked(kept)
            except (AskAgain, Unanswered):
                pass  # damaged on the shelf
        body = self._ncbi.esearch(_checked, term=term, retmax=CAP, retmode="xml", **self._window)
        self._shelf.put(f"{name}.xml", "", body)
        return parse_esearch(body)

    def _gather(self, name: str, term: str, found: Found, fields: Sequence[str], days: tuple[str, ...]) -> list[str]:
        """List what a term finds: as it came, or in slices by the first of the fields."""
        if found.count <= CAP:
            return list(found.ids)
        if not fields:
            raise _too_many(found.count, days)
        return self._cut(name, term, term, found.count, fields, (FIRST_DAY, LAST_DAY), days)

    def _cut(
        self,
        name: str,
        base: str,
        term: str,
        count: int,
        fields: Sequence[str],
        span: tuple[date, date],
        days: tuple[str, ...],
    ) -> list[str]:
        """List what `term` finds, which is `base` within a span of days, in two halves and what is in neither."""
        field, middle = fields[0], _middle(*span)
        newer, older = (middle + timedelta(1), span[1]), (span[0], middle)
        pmids: dict[str, None] = {}
        for half in (newer, older):
            pmids.update(dict.fromkeys(self._slice(name, base, fields, half, days)))
        if len(pmids) < count:  # records without such a date, or with one that is in no range
            rest = f"({term}) NOT ({_range(field, *newer)} OR {_range(field, *older)})"
            called = f"{name}-{field}-{_days(*span)}-rest"
            pmids.update(dict.fromkeys(self._gather(called, rest, self._ask(called, rest), fields[1:], days)))
        return list(pmids)

    def _slice(
        self, name: str, base: str, fields: Sequence[str], span: tuple[date, date], days: tuple[str, ...]
    ) -> list[str]:
        """List one slice; cut it on where it is still above the cap."""
        field = fields[0]
        term = f"({base}) AND {_range(field, *span)}"
        called = f"{name}-{field}-{_days(*span)}"
        found = self._ask(called, term)
        if found.count <= CAP:
            return list(found.ids)
        if span[0] < span[1]:
            return self._cut(name, base, term, found.count, fields, span, days)
        return self._gather(called, term, found, fields[1:], (*days, f"{_FIELDS[field]} {span[0]}"))


def _checked(body: bytes) -> Found:
    """Read an answer and hold its list against its own count."""
    found = parse_esearch(body)
    if len(set(found.ids)) < min(found.count, CAP):
        reason = f"PubMed counted {found.count:,} records and listed {len(set(found.ids)):,}"
        raise AskAgain(reason, tries=_TRIES)
    return found


def _middle(first: date, last: date) -> date:
    """The last day of the older half; a span that is mostly empty is cut where the records are."""
    inner = max(first, _CROWDED[0]), min(last, _CROWDED[1])
    first, last = inner if inner[0] < inner[1] else (first, last)
    return first + (last - first) // 2


def _range(field: str, first: date, last: date) -> str:
    return f'("{first:%Y/%m/%d}"[{field}] : "{last:%Y/%m/%d}"[{field}])'


def _days(first: date, last: date) -> str:
    return f"{first:%Y%m%d}-{last:%Y%m%d}"


def _too_many(count: int, days: tuple[str, ...]) -> TooManyResults:
    where = f" that {' and '.join(days)}" if days else ""
    return TooManyResults(database="PubMed", count=f"{count:,}", cap=f"{CAP:,}", where=where)
