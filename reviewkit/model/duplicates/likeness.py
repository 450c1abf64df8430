"""How two citations compare, fact by fact; what follows from it is for the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from reviewkit.model.duplicates.fingerprint import START, Fingerprint
from reviewkit.model.text import journals_alike, numerals


class Sign(Enum):
    """What one fact says: both sources give it and agree, they give it and differ, or one of them is silent."""

    AGREE = "agree"
    DIFFER = "differ"
    SILENT = "silent"


class Titles(Enum):
    """How two titles compare."""

    EQUAL = "same title"
    ALIKE = "nearly the same title"  # a letter, a hyphen, a subtitle
    BEGINS = "one title begins like the other and is cut off"
    NUMBERED = "titles alike but for a number"  # part I and part II
    DIFFERENT = "different titles"
    SILENT = "one has no title"


@dataclass(frozen=True, slots=True)
class Likeness:
    """The comparison of two citations; `gap` is the number of years between them, None where one has no year."""

    titles: Titles
    generic: bool  # the title is one that many works carry
    kinds: (
        Sign  # DIFFER: one is a correction, comment ... about a publication and the other is not, or a register entry
    )
    gap: int | None
    author: Sign
    journal: Sign
    volume: Sign
    issue: Sign
    page: Sign
    doi: Sign
    pmid: Sign
    pmcid: Sign
    registration: Sign

    @property
    def year(self) -> Sign:
        """Whether the years are equal."""
        return Sign.SILENT if self.gap is None else Sign.AGREE if self.gap == 0 else Sign.DIFFER

    @property
    def same_place(self) -> bool:
        """True when volume and first page agree: two different articles hardly begin there."""
        return self.volume is Sign.AGREE and self.page is Sign.AGREE

    @property
    def same_issue(self) -> bool:
        """True when year, volume and issue agree."""
        return self.gap == 0 and self.volume is Sign.AGREE and self.issue is Sign.AGREE

    @property
    def identifier_differs(self) -> bool:
        """True when a number that a registry gives to one publication only differs."""
        return Sign.DIFFER in (self.pmid, self.pmcid, self.registration)

    def doubts(self) -> tuple[str, ...]:
        """Return what speaks against one publication, each by name; a year's difference of one is none."""
        facts = (
            ("year", Sign.DIFFER if self.gap and self.gap > 1 else Sign.SILENT), ("first author", self.author),
            ("volume", self.volume), ("first page", self.page), ("journal", self.journal), ("DOI", self.doi),
            ("PMID", self.pmid), ("PMCID", self.pmcid), ("registration", self.registration),
        )  # fmt: skip
        return tuple(name for name, sign in facts if sign is Sign.DIFFER)


def compare(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Compare two citations."""
    registered = one.registered or other.registered
    return Likeness(
        titles=_titles(one, other),
        generic=one.generic or other.generic,
        kinds=Sign.AGREE if (one.kind, one.registered) == (other.kind, other.registered) else Sign.DIFFER,
        gap=None if one.year is None or other.year is None else abs(one.year - other.year),
        author=Sign.SILENT if registered else _author(one, other),  # a register names the sponsor, not authors
        journal=_journal(one, other),
        volume=_volume(one, other),
        issue=_sign(one.issue, other.issue),
        page=_sign(one.page, other.page),
        doi=_sign(one.doi, other.doi),
        pmid=_sign(one.pmid, other.pmid),
        pmcid=_sign(one.pmcid, other.pmcid),
        registration=_registration(one, other),
    )


def _sign(one: str, other: str) -> Sign:
    if not one or not other:
        return Sign.SILENT
    return Sign.AGREE if one == other else Sign.DIFFER


def _volume(one: Fingerprint, other: Fingerprint) -> Sign:
    sign = _sign(one.volume, other.volume)
    # a year in the volume's place is what reference lists make of a journal without volumes
    stray = any(p.year is not None and p.volume == str(p.year) for p in (one, other))
    return Sign.SILENT if sign is Sign.DIFFER and stray else sign


def _registration(one: Fingerprint, other: Fingerprint) -> Sign:
    if not one.registrations or not other.registrations:
        return Sign.SILENT
    return Sign.DIFFER if one.registrations.isdisjoint(other.registrations) else Sign.AGREE


def _journal(one: Fingerprint, other: Fingerprint) -> Sign:
    if not one.issns.isdisjoint(other.issns):
        return Sign.AGREE
    if not one.journal or not other.journal:
        return Sign.SILENT
    return Sign.AGREE if journals_alike(one.journal, other.journal) else Sign.DIFFER


def _author(one: Fingerprint, other: Fingerprint) -> Sign:
    if not one.author or not other.author:
        return Sign.SILENT
    if not other.authors.isdisjoint(one.author) or not one.authors.isdisjoint(other.author):
        return Sign.AGREE
    first, second = "".join(one.author), "".join(other.author)
    if min(len(first), len(second)) < 4:  # Li and Lu are two people
        return Sign.DIFFER
    if first.startswith(second) or second.startswith(first):
        return Sign.AGREE
    return Sign.AGREE if SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.8 else Sign.DIFFER


_ORDER = (Titles.EQUAL, Titles.ALIKE, Titles.BEGINS, Titles.NUMBERED, Titles.DIFFERENT)


def _titles(one: Fingerprint, other: Fingerprint) -> Titles:
    if not one.titles or not other.titles:
        return Titles.SILENT
    found = (_title(a, b) for a in one.titles for b in other.titles)
    return min(found, key=_ORDER.index)


def _title(one: Sequence[str], other: Sequence[str]) -> Titles:
    first, second = "".join(one), "".join(other)
    if first == second:
        return Titles.EQUAL
    if min(len(first), len(second)) >= START and (first.startswith(second) or second.startswith(first)):
        fewer, more = sorted((numerals(one), numerals(other)), key=len)
        return Titles.BEGINS if more[: len(fewer)] == fewer else Titles.NUMBERED  # "part I" begins "part II"
    if not _alike(one, other, first, second):
        return Titles.DIFFERENT
    return Titles.ALIKE if numerals(one) == numerals(other) else Titles.NUMBERED


def _alike(one: Sequence[str], other: Sequence[str], first: str, second: str) -> bool:
    shared = len(set(one) & set(other))
    fewer = min(len(set(one)), len(set(other)))
    if fewer >= 4 and shared >= 0.85 * fewer:
        return True
    if 2 * min(len(first), len(second)) < 0.9 * (len(first) + len(second)):
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.quick_ratio() >= 0.9 and matcher.ratio() >= 0.9
