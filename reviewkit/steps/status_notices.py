"""What `reviewkit status` says of notices and flags, and of how old the searches are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reviewkit.model.notices import Check
from reviewkit.steps.flags import find_flags
from reviewkit.steps.notices import grave_records
from reviewkit.steps.standing import Standing
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.checks import check_folders

RERUN_WITHIN = 12  # months between the last search and publication (MECIR C37)
RERUN_BETTER = 6  # what it recommends


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStatus:
    """Included records that are retracted or under a concern, and decisions whose ground changed; ids of records."""

    grave: tuple[int, ...] = ()
    flagged: tuple[int, ...] = ()
    checked: str = ""  # the day on which PubMed was last asked about the included records, or ''
    unchecked: int = 0  # included records without a PMID, then
    unloaded: tuple[str, ...] = ()  # checks that lie in searches/ and are not in the database


def notice_status(store: Store, standing: Standing, folders: Folders) -> NoticeStatus:
    """Derive it from rows and folders."""
    checks = store.all(Check)
    last = max(checks, key=lambda check: (check.at, check.n), default=None)
    loaded = {check.folder for check in checks}
    return NoticeStatus(
        grave=grave_records(store, standing),
        flagged=tuple(find_flags(store, standing)),
        checked=last.at[:10] if last else "",
        unchecked=len(last.unchecked) if last else 0,
        unloaded=tuple(path.name for path in check_folders(folders) if path.name not in loaded),
    )


@dataclass(frozen=True, slots=True)
class Age:
    """When a database was last searched, and how many whole months ago that is."""

    database: str
    date: str
    months: int


def ages(searches: Iterable[tuple[str, str]], today: str) -> tuple[Age, ...]:
    """Return how old the last search of each database is, the oldest first.

    Args:
        searches: database and day of every search.
    """
    days: dict[str, str] = {}
    for database, day in searches:
        days[database] = max(day, days.get(database, ""))
    return tuple(Age(name, day, months_between(day, today)) for name, day in sorted(days.items(), key=_oldest))


def months_between(first: str, last: str) -> int:
    """Return the whole months from one day to a later one."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return max(0, 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day))


def _oldest(search: tuple[str, str]) -> tuple[str, str]:
    return (search[1], search[0])
