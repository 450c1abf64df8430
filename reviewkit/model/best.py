"""Which of several copies of one publication gives the best of each field, and from which copy it comes."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from reviewkit.model.citation import Citation
from reviewkit.model.runs import database_in

_LISTS = ("registrations", "issns", "types", "keywords", "subjects", "related")
_KEPT = ("id", "run", "line")  # what a record has from its earliest citation: they say which one, not what it says
_WEIGHED = (
    "title", "vernacular_title", "abstract", "authors", "journal", "year", "date", "volume", "issue", "pages", "doi",
    "pmid", "pmcid",
)  # fmt: skip
_PLAIN = tuple(f.name for f in fields(Citation) if f.name not in (*_LISTS, *_KEPT, *_WEIGHED))
_LONGEST_TITLE = 500  # characters; more is an abstract, or a whole entry, that went into the title

Copies = Sequence[Citation]
Choice = tuple[Any, tuple[int, ...]]  # a value, and the ids of the citations that it comes from


def best_fields(copies: Copies) -> dict[str, Choice]:
    """Return field -> its best value and where that comes from, for every field that any copy has.

    Where copies are equally good, PubMed's is taken before others, and then the earliest.
    """
    by_id = sorted(copies, key=lambda copy: copy.id)
    ordered = sorted(by_id, key=lambda copy: not _from_pubmed(copy))
    found: dict[str, Choice] = {}

    def take(name: str, chosen: Citation | None) -> None:
        if chosen is not None and (value := getattr(chosen, name)):
            found[name] = (value, (chosen.id,))

    for name in ("title", "vernacular_title"):
        take(name, _fullest(ordered, name, _title))
    take("abstract", _fullest(ordered, "abstract", _abstract))
    take("authors", _fullest(ordered, "authors", _authors))
    take("journal", _journal(ordered))
    for name in ("year", "date"):
        take(name, _dated(ordered, name))
    for name, chosen in _location(ordered, found.get("year", (None, ()))[0]):
        take(name, chosen)
    take("doi", _commonest(ordered, "doi", _DOI))
    take("pmid", _commonest(ordered[:1] if _has_pubmed_pmid(ordered[0]) else ordered, "pmid", _DIGITS))
    take("pmcid", _commonest(ordered, "pmcid", _PMCID))
    for name in _PLAIN:
        take(name, next((copy for copy in ordered if getattr(copy, name)), None))
    found.update((name, united) for name in _LISTS if (united := _united(by_id, name))[0])
    return found


def _from_pubmed(copy: Citation) -> bool:
    # only PubMed's own formats carry its processing state, whatever the search run is called; a register has another
    return (bool(copy.status) and not copy.is_register_entry) or database_in(copy.run) in ("pubmed", "medline")


# --- texts: the fullest that is whole ------------------------------------------------------------

Score = tuple[Any, ...]

_CUT = re.compile(r"(?:\.\.\.|\N{HORIZONTAL ELLIPSIS})[\]\s]*\Z|\(ABSTRACT TRUNCATED[^)]*\)\s*\Z")
_BRACKETED = re.compile(r"\s*\[.*\]\W*", re.DOTALL)
_NO_ABSTRACT = re.compile(r"\W*(no|not?) abstract( is)?( available)?\W*", re.I)
_OTHERS = re.compile(r"\W*(et al|and others|others)\b\W*", re.I)


def _fullest(ordered: Copies, name: str, score: Callable[[Any], Score]) -> Citation | None:
    """Return the copy whose value scores highest, the first of equals; None where no copy has one."""
    given = [copy for copy in ordered if getattr(copy, name)]
    if len(given) < 2:
        return given[0] if given else None
    return max(given, key=lambda copy: score(getattr(copy, name)))


def _title(title: str) -> Score:
    """Prefer a title that is a title, whole, not in capitals, and not one that PubMed translated ("[...]")."""
    whole = len(title) <= _LONGEST_TITLE and not _CUT.search(title)
    return (whole, not _in_capitals(title), not _BRACKETED.fullmatch(title), sum(map(str.isalnum, title)))


def _abstract(abstract: str) -> Score:
    return (not _NO_ABSTRACT.fullmatch(abstract), not _CUT.search(abstract), len(abstract))


def _authors(authors: tuple[str, ...]) -> Score:
    """Prefer the longest list, then one without "et al.", not in capitals, and with given names in full.

    A name of one word counts half: "Wilson", "Jane" is what a bad export makes of one person.
    """
    names = [name for name in authors if not _OTHERS.fullmatch(name)]
    people = sum(1.0 if " " in name.strip() else 0.5 for name in names)
    whole = len(names) == len(authors) and not any(re.search(r"\bet al\b", name) for name in names)
    return (people, whole, not _in_capitals("".join(names)), sum(map(len, names)))


def _in_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 9 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


# --- journal -------------------------------------------------------------------------------------


def _journal(ordered: Copies) -> Citation | None:
    """Prefer a journal's name in full, not in capitals; which of several full names is PubMed's choice."""
    given = [copy for copy in ordered if copy.journal]
    split = {copy.journal: re.findall(r"\w+", copy.journal.lower()) for copy in given}

    def score(copy: Citation) -> Score:
        short = any(_abbreviates(split[copy.journal], other) for other in split.values())
        short = short or re.search(r"\w\.(?:\s|\Z)", copy.journal) is not None
        return (not short, not _in_capitals(copy.journal))

    return max(given, key=score, default=None)


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """True when every word of one name begins a word of the other, in order, and some are cut: "eur spine j"."""
    rest = iter(long)
    cut = False
    for word in short:
        spelled = next((other for other in rest if other.startswith(word)), "")
        if not spelled:
            return False
        cut = cut or spelled != word
    return cut


# --- when and where ------------------------------------------------------------------------------


def _dated(ordered: Copies, name: str) -> Citation | None:
    """Choose the year of the issue, which is cited, before that of the first appearance online.

    The year of copies that know the volume counts before others; of several the commonest, then the later one.
    The date is the most exact one within that year.
    """
    given = [copy for copy in ordered if copy.year]
    if not given:
        return next((copy for copy in ordered if copy.date), None)
    placed = [copy for copy in given if copy.volume] or given
    counts = Counter(copy.year for copy in placed)
    year = max(counts, key=lambda year: (counts[year], year or 0))
    chosen = [copy for copy in placed if copy.year == year]
    if name == "year":
        return chosen[0]
    return max((copy for copy in given if copy.year == year and copy.date), key=lambda c: len(c.date), default=None)


def _location(ordered: Copies, year: int | None) -> Iterator[tuple[str, Citation | None]]:
    """Take volume, issue and pages from the copy that has most of them, and fill its gaps from copies of that volume.

    They belong together: the pages of an article ahead of print are not those of its issue. Where another copy writes
    the same pages in full ("123-134" for "123-34"), that is taken.
    """

    def volume(copy: Citation) -> str:
        return "" if copy.volume == str(copy.year) and copy.issue == "" else copy.volume

    def known(copy: Citation) -> Score:
        return (bool(volume(copy)), bool(volume(copy)) + bool(copy.issue) + bool(copy.pages), copy.year == year)

    base = max(ordered, key=known)
    fitting = [base, *(copy for copy in ordered if copy is not base and volume(copy) in ("", base.volume))]
    yield "volume", next((copy for copy in fitting if volume(copy)), base)
    yield "issue", next((copy for copy in fitting if copy.issue), None)
    paged = [copy for copy in fitting if copy.pages]
    if not paged:
        return
    start = _first_number(paged[0].pages)
    same = [copy for copy in paged if _first_number(copy.pages) == start] if start else paged[:1]
    yield "pages", max(same, key=lambda copy: ("-" in copy.pages, sum(map(str.isdigit, copy.pages))))


def _first_number(pages: str) -> str:
    found = re.search(r"\d+", pages)
    return found[0].lstrip("0") if found else ""


# --- identifiers and lists -----------------------------------------------------------------------

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DIGITS = re.compile(r"[1-9]\d{0,8}")
_PMCID = re.compile(r"(?:PMC)?\d+", re.I)


def _has_pubmed_pmid(copy: Citation) -> bool:
    return _from_pubmed(copy) and bool(_DIGITS.fullmatch(copy.pmid))


def _commonest(ordered: Copies, name: str, valid: re.Pattern[str]) -> Citation | None:
    """Return the copy with the identifier that most copies give, of those that are well formed if any is."""
    given = [copy for copy in ordered if getattr(copy, name)]
    given = [copy for copy in given if valid.fullmatch(getattr(copy, name))] or given
    counts = Counter(getattr(copy, name).lower() for copy in given)
    return max(given, key=lambda copy: counts[getattr(copy, name).lower()], default=None)


def _united(by_id: Copies, name: str) -> Choice:
    """Return every item that any copy has, once whatever its case and (of numbers) punctuation, and who gave them."""
    items: dict[str, str] = {}
    givers: dict[int, None] = {}
    numbers = name in ("registrations", "issns")
    for copy in by_id:
        for item in getattr(copy, name):
            key = "".join(filter(str.isalnum, item.upper())) if numbers else item.casefold()
            if key not in items:
                items[key] = item
                givers[copy.id] = None
    return tuple(items.values()), tuple(givers)
