"""Fetching a result page by page: taking up what an earlier attempt kept, and holding what came against the count."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from reviewkit.sources import Progress, Received, Shelf
from reviewkit.sources.politeness import AskAgain, Unanswered

_LOSSES = 2  # times a lost place in the result makes us begin anew
_BARREN = 3  # pages in a row without a new entry, after which no more are asked for


class LostPlace(Exception):
    """The server no longer knows the place in the result where we were; the search must begin anew."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one body holds: `ids` are the database's own, one an entry, '' for an entry that has none.

    `following` leads to the next page, or is ''. `reported` is what this body says of the whole result; None where it
    does not, as in APIs that tell it on the first page alone.
    """

    reported: int | None
    ids: tuple[str, ...]
    following: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """What all bodies together hold, and in words what is wrong with that (`problems`) or worth knowing (`notes`)."""

    reported: int
    reported_before: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    resumed: bool = field(default=False, compare=False)  # an earlier attempt fetched some of them

    def received(self, platform: str, *doubts: str, translation: str = "") -> Received:
        """Return what a source tells of a search that brought these pages; `doubts` are what it warns of besides."""
        return Received(
            reported=self.reported,
            reported_before=self.reported_before,
            complete=not self.problems,
            translation=translation,
            warnings=(*doubts, *self.notes, *self.problems),
            platform=platform,
            client=f"requests {version('requests')}",
        )


NOTHING = Pages(reported=0, reported_before=0, problems=(), notes=())


def fetch_pages(
    shelf: Shelf,
    format: str,
    ask: Callable[[str, int], bytes],
    read: Callable[[bytes], Page],
    progress: Progress,
    start: str = "",
    most: int | None = None,
    anew_if_short: bool = False,
    by_place: bool = False,
) -> Pages:
    """Fetch `0001.json`, `0002.json` ... until the last page, and count what came.

    A page may hold fewer entries than asked for, or none, while others follow. A server that leads in a circle is
    left after a few pages that bring nothing new. Where fewer came than reported, and an earlier attempt that was
    interrupted kept some of them, all of it is fetched once more.

    Args:
        format: key of `reviewkit.formats.FORMATS` of every body.
        ask: (where a page begins, records received so far) -> its body, one that `read` takes; raises LostPlace.
        read: raises AskAgain where a body is cut short or is something else.
        start: where the first page begins.
        most: records that the database hands out for one search; pages beyond are not asked for.
        anew_if_short: fetch all of it once more where fewer came than reported. For servers that move on with each
            answer, so that an answer lost on the way is a page that never comes again.
        by_place: pages are told apart by their place in the result. A record that is taken out of the database
            meanwhile moves the others up, past the place where we are: where the count falls, all of it is fetched
            once more, and what falls again is a problem.

    Raises:
        Unanswered: a page does not come, or the place was lost again and again.
    """
    told: tuple[str, ...] = ()
    losses, may_clear = 0, True
    while losses <= _LOSSES:
        try:
            pages = _fetch(shelf, format, ask, read, progress, start, most, by_place)
        except LostPlace:
            losses += 1
            told = ("the database lost our place in its result, and all of it was fetched again",)
            shelf.clear()
            continue
        moved = by_place and pages.reported < pages.reported_before
        # What an earlier attempt kept may hold a page that came short: that attempt ended in some trouble.
        doubtful = anew_if_short or (pages.resumed and may_clear)
        if (doubtful and pages.problems) or (moved and may_clear):
            try:
                shelf.clear()
            except LostPlace:  # a part of a shelf: its problem is told
                may_clear = False
            else:
                anew_if_short = may_clear = False
                told = (f"{pages.problems[0]} at first, and all of it was fetched again",)
                continue
        return replace(pages, notes=told + pages.notes)
    raise Unanswered("the database lost our place in its result again and again")


def as_json(body: bytes, database: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        AskAgain: it is cut short, or no JSON object.
    """
    try:
        found = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise AskAgain(f"the answer of {database} broke off or is damaged")
    return found


@dataclass(slots=True)
class _Tally:
    """What came so far; of the entries only their ids are kept."""

    entries: int = 0
    nameless: int = 0
    seen: set[str] = field(default_factory=set)
    bodies: set[bytes] = field(default_factory=set)  # digests
    first: int | None = None  # what was reported
    last: int | None = None

    @property
    def came(self) -> int:
        """The entries that are not repetitions."""
        return len(self.seen) + self.nameless

    @property
    def reported(self) -> int:
        """What the database reports now; what came, where it never said."""
        return self.came if self.last is None else self.last

    def add(self, page: Page, body: bytes) -> int:
        """Count a page; return how many of its entries are new. Entries without an id are, unless all the page came."""
        before = self.came
        digest = sha256(body).digest()
        self.entries += len(page.ids)
        self.nameless += 0 if digest in self.bodies else page.ids.count("")
        self.bodies.add(digest)
        self.seen.update(filter(None, page.ids))
        if page.reported is not None:
            self.first = page.reported if self.first is None else self.first
            self.last = page.reported
        return self.came - before


def _fetch(
    shelf: Shelf,
    format: str,
    ask: Callable[[str, int], bytes],
    read: Callable[[bytes], Page],
    progress: Progress,
    start: str,
    most: int | None,
    by_place: bool,
) -> Pages:
    tally = _Tally()
    place, number, barren, resumed = start, 0, 0, False
    while True:
        number += 1
        name = f"{number:04}.json"
        body = shelf.get(name, format)
        page = _kept(body, read)
        if body is None or page is None:
            body = ask(place, tally.entries)
            shelf.put(name, format, body)
            page = read(body)
        else:
            resumed = True
        barren = 0 if tally.add(page, body) else barren + 1
        progress(tally.came, tally.reported)
        at_the_end = barren and tally.came >= tally.reported
        if not page.following or at_the_end or barren >= _BARREN or (most is not None and tally.entries >= most):
            return replace(_hold_against(tally, most, by_place), resumed=resumed)
        place = page.following


def _kept(body: bytes | None, read: Callable[[bytes], Page]) -> Page | None:
    """Read a page that an earlier attempt kept; None where there is none, or a damaged one."""
    if body is None:
        return None
    try:
        return read(body)
    except AskAgain:
        return None


def _hold_against(tally: _Tally, most: int | None, by_place: bool) -> Pages:
    came, reported = tally.came, tally.reported
    first = reported if tally.first is None else tally.first
    problems, notes = [], []
    if came < reported:
        capped = most is not None and tally.entries >= most
        limit = f", no more than {most:,} of one search" if capped else ""
        problems.append(f"the database reported {reported:,} records and sent {came:,}{limit}")
    if came > reported:
        notes.append(f"the database reported {reported:,} records and sent {came:,}")
    if (twice := tally.entries - came) > 0:
        notes.append(f"{twice:,} record{'s' if twice > 1 else ''} came twice")
    if first != reported:
        told = f"the database reported {first:,} records at first and {reported:,} at the end"
        if by_place and reported < first:
            problems.append(f"{told}, so that others moved up and may have been passed over")
        else:
            notes.append(told)
    return Pages(reported, first if first != reported else 0, tuple(problems), tuple(notes))
