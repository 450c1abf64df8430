"""Finding the protocol's highlighted terms in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reviewkit.model.protocol import Highlight

_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212"
_UNSPACED = "\u2e80"  # from here on Chinese and Japanese, written without spaces between words
_PARTS = re.compile(rf"([{_HYPHENS}])|(\s+)|(\*)")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a term stands in a text, and towards what it points."""

    start: int
    end: int
    towards: Literal["include", "exclude"]


def find_terms(text: str, terms: Highlight) -> list[Span]:
    """Return the highlighted terms of a text in order, none overlapping; of two at one place the longer one.

    Whole words, whatever their case. `*` stands for the rest of a word. A hyphen in a term also finds a space or
    nothing in its place, a space also finds a hyphen: "low back" finds "Low-back", "anti-pain" finds "antipain".
    """
    found = [Span(*hit.span(), "include") for hit in _hits(text, terms.include)]
    found += [Span(*hit.span(), "exclude") for hit in _hits(text, terms.exclude)]
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end, span.towards == "exclude")):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _hits(text: str, terms: Iterable[str]) -> Iterable[re.Match[str]]:
    patterns = [_pattern(term.strip()) for term in terms if re.search(r"\w", term)]
    return (hit for pattern in patterns for hit in re.finditer(pattern, text, re.IGNORECASE))


def _pattern(term: str) -> str:
    made, last = "", 0
    for part in _PARTS.finditer(term):
        hyphen, space, _star = part.groups()
        made += re.escape(term[last : part.start()])
        made += rf"[{_HYPHENS}\s]?" if hyphen else rf"(?:\s+|[{_HYPHENS}])" if space else r"\w*"
        last = part.end()
    before = "" if term[0] >= _UNSPACED else r"(?<!\w)"
    after = "" if term[-1] >= _UNSPACED else r"(?!\w)"
    return rf"{before}{made}{re.escape(term[last:])}{after}"
