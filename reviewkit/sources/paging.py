"""Fetching a result page by page: taking up what an earlier attempt kept, and holding what came against the count."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reviewkit.sources import Progress, Shelf
from reviewkit.sources.politeness import AskAgain, Unanswered

_LOSSES = 2  # times a lost place in the result makes us begin anew


class LostPlace(Exception):
    """The server no longer knows the place in the result where we were; the search must begin anew."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one body holds: `ids` are the database's own, one an entry; `following` leads to the next page, or is ''.

    `reported` is what this body says of the whole result.
    """

    reported: int
    ids: tuple[str, ...]
    following: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """What all bodies together hold, and in words what is wrong with that (`problems`) or worth knowing (`notes`)."""

    reported: int
    reported_before: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def fetch_pages(
    shelf: Shelf,
    format: str,
    ask: Callable[[str, int], bytes],
    read: Callable[[bytes], Page],
    progress: Progress,
    start: str = "",
    most: int | None = None,
) -> Pages:
    """Fetch `0001.json`, `0002.json` ... until the last page, and count what came.

    Args:
        format: key of `reviewkit.formats.FORMATS` of every body.
        ask: (where a page begins, records received so far) -> its body, one that `read` takes; raises LostPlace.
        read: raises AskAgain where a body is cut short or is something else.
        start: where the first page begins.
        most: records that the database hands out for one search; pages beyond are not asked for.

    Raises:
        Unanswered: a page does not come, or the place was lost again and again.
    """
    for _ in range(_LOSSES):
        try:
            return _fetch(shelf, format, ask, read, progress, start, most)
        except LostPlace:
            shelf.clear()
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


def _fetch(
    shelf: Shelf,
    format: str,
    ask: Callable[[str, int], bytes],
    read: Callable[[bytes], Page],
    progress: Progress,
    start: str,
    most: int | None,
) -> Pages:
    place, number, first, last = start, 0, 0, 0
    ids: list[str] = []
    while True:
        number += 1
        name = f"{number:04}.json"
        body = shelf.get(name, format)
        if body is None:
            body = ask(place, len(ids))
            shelf.put(name, format, body)
        page = read(body)
        first, last = (page.reported if number == 1 else first), page.reported
        ids += page.ids
        progress(len(ids), last)
        if not page.following or not page.ids or (most is not None and len(ids) >= most):
            return _hold_against(ids, first, last)
        place = page.following


def _hold_against(ids: list[str], first: int, last: int) -> Pages:
    came = len(set(ids))
    problems, notes = [], []
    if came < last:
        problems.append(f"the database reported {last:,} records and sent {came:,}")
    if came < len(ids):
        twice = len(ids) - came
        notes.append(f"{twice:,} record{'s' if twice > 1 else ''} came twice")
    if first != last:
        notes.append(f"the database reported {first:,} records at first and {last:,} at the end")
    return Pages(last, first if first != last else 0, tuple(problems), tuple(notes))
