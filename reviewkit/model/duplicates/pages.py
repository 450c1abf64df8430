"""Pages as databases write them, made comparable: ranges, cut-off ends, article numbers, remains of mangled ones."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from reviewkit.model.text import roman


class Style(Enum):
    """What kind of page it is; two kinds of one article are no contradiction."""

    RANGE = "pages in the volume"
    OWN = "pages counted from 1 within the article"
    ARTICLE = "an article number"
    FRONT = "Roman pages"
    END = "only the end of the last page is left"  # "Suppl-5" for S1-S5, "t-71" for 965-71


@dataclass(frozen=True, slots=True)
class Pages:
    """Where an article stands: `letters` before the number ("S", "e"), first and last page (equal for one page)."""

    style: Style
    letters: str
    first: int
    last: int


class PageSign(Enum):
    """How two articles' pages compare."""

    RANGE = "same pages"  # first and last, and more than one
    START = "same first page"
    OVERLAP = "overlapping pages"
    SLIP = "first pages that differ by a slip"
    DIFFER = "different pages"
    SILENT = "pages not comparable"


_PLAIN = re.compile(r"(\d{1,12})(?:--?(\d{1,12}))?")  # most are written so, and need no other pattern
_PREFIX = re.compile(r"^\W*(?:pp?|pages?|art(?:icle)?(?:\W*(?:no|number|id|nr))?)\b\W*", re.IGNORECASE)
_PART = re.compile(r"([a-z]{0,4})\W{0,2}?(\d{1,12})(?:\.[a-z]*\d+)?", re.IGNORECASE)
_DASH = re.compile(r"\s*(?:-{1,3}|\u2010|\u2011|\u2012|\u2013|\u2014|\u2212)\s*")
_LONGEST = 60
_LONGEST_ARTICLE = 100  # pages
_OWN_LONGEST = 60  # pages: "1-12" is how a PDF counts its own pages


@lru_cache(maxsize=200_000)
def pages_of(text: str) -> Pages | None:
    """Read pages or an article number; None where there is none, as in "in press"."""
    if plain := _PLAIN.fullmatch(text):
        return _range("", plain[1], plain[2])
    text = _PREFIX.sub("", text[:_LONGEST].strip())
    start, *rest = _DASH.split(text.split(",")[0].split(";")[0].split("+")[0], maxsplit=1)
    end = _PART.match(rest[0]) if rest else None
    begin = _PART.match(start)
    if begin is None:
        if end is not None and start.isalpha() and not roman(start.lower()):
            return Pages(Style.END, "", int(end[2]), int(end[2])) if int(end[2]) else None
        if first := roman(start.strip(" .").lower()):
            last = roman(rest[0].strip(" .").lower()) if rest else 0
            return Pages(Style.FRONT, "", first, max(first, last))
        return None
    letters = begin[1].lower()
    if end is not None and int(begin[2]) and letters in ("suppl", "uppl", "supl"):
        return Pages(Style.END, "", int(end[2]), int(end[2])) if int(end[2]) else None
    return _range(letters, begin[2], end[2] if end else None)


def _range(letters: str, begin: str, end: str | None) -> Pages | None:
    """Return the pages from one number to another that may be cut off: 1282-7."""
    first = int(begin)
    if not first:
        return None
    if end is None:
        alone = letters not in ("", "s") or len(begin) >= 5
        return Pages(Style.ARTICLE if alone else Style.RANGE, letters, first, first)
    last = int(begin[: -len(end)] + end) if len(end) < len(begin) else int(end)
    if last < first:
        last = first
    own = first == 1 and not letters and last <= _OWN_LONGEST
    return Pages(Style.OWN if own else Style.RANGE, letters, first, last)


def compare_pages(one: Pages | None, other: Pages | None) -> PageSign:
    """Compare the pages of two citations."""
    if one is None or other is None:
        return PageSign.SILENT
    if Style.END in (one.style, other.style):
        return _ends(one, other)
    if one.style is not other.style and Style.FRONT in (one.style, other.style):
        return PageSign.SILENT
    if one.style is other.style is Style.OWN:  # every paper of a congress begins on page 1
        return PageSign.OVERLAP if one.last == other.last else PageSign.SILENT
    same_letters = not one.letters or not other.letters or one.letters == other.letters
    if one.first == other.first:
        if same_letters or one.last == other.last > one.first:
            whole = one.first < one.last == other.last <= one.first + _LONGEST_ARTICLE
            return PageSign.RANGE if whole else PageSign.START
        return PageSign.DIFFER
    if one.style is not other.style:
        return PageSign.OVERLAP if _inside(one, other) else PageSign.SILENT
    if not same_letters:
        return PageSign.DIFFER
    if _inside(one, other):
        return PageSign.OVERLAP
    return PageSign.SLIP if _slipped(one, other) else PageSign.DIFFER


def _ends(one: Pages, other: Pages) -> PageSign:
    rest, whole = (one, other) if one.style is Style.END else (other, one)
    if whole.style is Style.END:
        return PageSign.OVERLAP if one.last == other.last else PageSign.SILENT
    return PageSign.OVERLAP if str(whole.last).endswith(str(rest.last)) else PageSign.SILENT


def _inside(one: Pages, other: Pages) -> bool:
    """Return True where one's pages overlap the other's: "567-569" and "569", where an extract is printed."""
    if one.last == other.last and one.last > 9:
        return True
    if Style.ARTICLE in (one.style, other.style):
        return False
    return max(one.first, other.first) <= min(one.last, other.last)


def _slipped(one: Pages, other: Pages) -> bool:
    """Return True where first pages differ by one digit, or stand next to each other."""
    if one.style is Style.ARTICLE:
        return False
    first, second = str(one.first), str(other.first)
    if len(first) == len(second) >= 2 and sum(a != b for a, b in zip(first, second, strict=True)) == 1:
        return True
    return abs(one.first - other.first) <= 4
