"""How two citations compare, fact by fact; what follows from it is for the rules."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.journals import journals_alike, may_be_siblings
from reviewkit.model.duplicates.pages import PageSign, Style, compare_pages
from reviewkit.model.duplicates.people import is_group, share
from reviewkit.model.duplicates.titles import Titles, compare_titles

_VERSION = re.compile(r"[./]?(?:pub|v)\d{1,2}$")
_LONG_NUMBER = re.compile(r"\d{6,}")
_REGISTRY = re.compile(r"[A-Z]*")


class Sign(Enum):
    """What one fact says: both sources give it and agree, they give it and differ, or one of them is silent."""

    AGREE = "agree"
    DIFFER = "differ"
    SILENT = "silent"


_FEWEST_FIGURES = 4  # in abstracts that can differ by them

AGREE, DIFFER, SILENT = Sign.AGREE, Sign.DIFFER, Sign.SILENT


@dataclass(frozen=True)
class Likeness:
    """The comparison of two citations; `gap` is the number of years between them, None where one has no year."""

    one: Fingerprint
    other: Fingerprint
    titles: Titles
    gap: int | None
    author: Sign  # the first ones, or most of those that both lists have
    authors: bool  # most of all authors agree
    journal: Sign
    volume: Sign
    issue: Sign
    pages: PageSign
    doi: Sign
    pmid: Sign
    pmcid: Sign
    accession: Sign  # one database's own number; it never differs, as a database may hold a publication twice
    registration: Sign

    # --- both -----------------------------------------------------------------------------------

    @property
    def generic(self) -> bool:
        """True where one title is one that many works carry."""
        return self.one.generic or self.other.generic

    @property
    def kinds_differ(self) -> bool:
        """True where one is a correction, comment ... about a publication and the other is not, or another."""
        return self.one.kind != self.other.kind

    @property
    def several(self) -> bool:
        """True where both name more than one author, and most agree."""
        return self.authors and min(len(self.one.people), len(self.other.people)) > 1

    @cached_property
    def abstract(self) -> Sign:
        """Whether the abstracts are one text: they begin alike, and most of their figures are the same.

        Databases change headings and ends; a text that begins otherwise and has other figures is another.
        """
        if not self.one.abstract or not self.other.abstract:
            return SILENT
        begin = self.one.abstract == self.other.abstract
        mine, theirs = Counter(self.one.figures), Counter(self.other.figures)
        fewer = min(mine.total(), theirs.total())
        shared = (mine & theirs).total()
        if begin:
            return AGREE if shared >= 0.6 * fewer else SILENT
        return DIFFER if fewer >= _FEWEST_FIGURES and shared <= 0.3 * fewer else SILENT

    # --- time and place -------------------------------------------------------------------------

    @property
    def year(self) -> Sign:
        """Whether the years are equal."""
        return SILENT if self.gap is None else AGREE if self.gap == 0 else DIFFER

    @property
    def page(self) -> Sign:
        """Whether the first pages agree; pages that overlap or differ by a slip neither agree nor differ."""
        if self.pages in (PageSign.RANGE, PageSign.START):
            return AGREE
        # replies to one paper, and abstracts of one group, stand on neighbouring pages
        neighbours = self.one.kind != "" or (self.supplement and self.titles is not Titles.EQUAL)
        slip = self.pages is PageSign.SLIP and neighbours
        return DIFFER if slip or self.pages is PageSign.DIFFER else SILENT

    @property
    def supplement(self) -> bool:
        """True where one of them stands in a supplement, as abstracts of a congress do, several on a page."""
        return any(
            p.form == "abstract" or p.issue == "suppl" or (p.pages is not None and p.pages.letters == "s")
            for p in (self.one, self.other)
        )

    @property
    def supplement_differs(self) -> bool:
        """True where one stands in a supplement and the other in an issue, and no page says that it is one place."""
        return self.page is not AGREE and self.issue is DIFFER and "suppl" in (self.one.issue, self.other.issue)

    @property
    def same_place(self) -> bool:
        """True when volume and first page agree, or an article number: two articles hardly begin there."""
        if self.page is not AGREE:
            return False
        pages = self.one.pages
        numbered = pages is not None and pages.style is Style.ARTICLE and pages.first > 999
        return self.volume is AGREE or (numbered and self.volume is SILENT and self.near)

    @property
    def same_pages(self) -> bool:
        """True when more than one page agrees, from the first to the last."""
        return self.pages is PageSign.RANGE

    @property
    def same_issue(self) -> bool:
        """True when journal, volume and issue agree, and the years nearly."""
        return self.journal is AGREE and self.volume is AGREE and self.issue is AGREE and self.near

    @property
    def near(self) -> bool:
        """True where the years are at most one apart: a publication is online before its volume is printed."""
        return self.gap is not None and self.gap <= 1

    # --- against it -----------------------------------------------------------------------------

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against one publication, each by name; a year's difference of one is none."""
        facts = (
            ("year", DIFFER if self.gap and self.gap > 1 else SILENT), ("first author", self.author),
            ("volume", self.volume), ("first page", self.page), ("journal", self.journal), ("DOI", self.doi),
            ("PMID", self.pmid), ("PMCID", self.pmcid), ("registration", self.registration),
            ("issue", DIFFER if self.supplement_differs else SILENT),
            ("abstract", SILENT if self.page is AGREE else self.abstract),  # sources may write their own
        )  # fmt: skip
        return tuple(name for name, sign in facts if sign is DIFFER)

    @property
    def identifier_differs(self) -> bool:
        """True when a number that a registry gives to one publication only differs."""
        return DIFFER in (self.pmid, self.pmcid, self.registration)

    @cached_property
    def apart(self) -> bool:
        """True where the two can hardly be one publication, whatever else agrees."""
        return self.kinds_differ or self.identifier_differs or self.titles is Titles.DISTINCT or self.updated

    @property
    def cochrane(self) -> bool:
        """True for Cochrane reviews, whose protocol and updates keep the title and the number."""
        numbers = {p.pages.letters for p in (self.one, self.other) if p.pages is not None}
        return numbers == {"cd"} or all(p.journal.startswith("cochrane database") for p in (self.one, self.other))

    @property
    def updated(self) -> bool:
        """True for a Cochrane review and its update."""
        return bool(self.gap) and self.cochrane and self.doi is not AGREE


def compare(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Compare two citations."""
    author, authors = _authors(one, other)
    volume, issue, pages = _places(one, other)
    return Likeness(
        one=one,
        other=other,
        titles=compare_titles(one.titles, other.titles),
        gap=None if one.year is None or other.year is None else abs(one.year - other.year),
        author=author,
        authors=authors,
        journal=_journal(one, other),
        volume=volume,
        issue=issue,
        pages=pages,
        doi=_doi(one.doi, other.doi),
        pmid=_sign(one.pmid, other.pmid),
        pmcid=_sign(one.pmcid, other.pmcid),
        accession=AGREE if one.accession == other.accession != "" else SILENT,
        registration=_registration(one, other),
    )


def _sign(one: str, other: str) -> Sign:
    if not one or not other:
        return SILENT
    return AGREE if one == other else DIFFER


def _doi(one: str, other: str) -> Sign:
    """Compare DOIs; one that is the other's beginning was cut off, unless what follows is the number of a version."""
    sign = _sign(one, other)
    if sign is not DIFFER:
        return sign
    short, long = sorted((one, other), key=len)
    return SILENT if long.startswith(short) and not _VERSION.match(long, len(short)) else DIFFER


def _places(one: Fingerprint, other: Fingerprint) -> tuple[Sign, Sign, PageSign]:
    """Compare volume, issue and pages; where a database put each one column too far, as that says."""
    for short, long in ((one, other), (other, one)):
        if not short.volume and short.issue and short.issue == long.volume:
            moved = short.pages is not None and str(short.pages.first) == long.issue
            return (
                AGREE,
                AGREE if moved else SILENT,
                PageSign.SILENT if moved else compare_pages(one.pages, other.pages),
            )
    return _volume(one, other), _sign(one.issue, other.issue), compare_pages(one.pages, other.pages)


def _volume(one: Fingerprint, other: Fingerprint) -> Sign:
    sign = _sign(one.volume, other.volume)
    # a year in the volume's place is what databases make of a journal or congress without volumes
    stray = any(
        p.year is not None and p.volume in (str(p.year), str(p.year - 1), str(p.year + 1)) for p in (one, other)
    )
    return SILENT if sign is DIFFER and stray else sign


def _registration(one: Fingerprint, other: Fingerprint) -> Sign:
    """Compare registration numbers; an article may give one registry's number in one source, another's in another."""
    if not one.registrations or not other.registrations:
        return SILENT
    if not one.registrations.isdisjoint(other.registrations):
        return AGREE
    entries = one.form == other.form == "register"
    return DIFFER if entries or not _registries(one).isdisjoint(_registries(other)) else SILENT


def _registries(print_: Fingerprint) -> set[str]:
    found = (_REGISTRY.match(number) for number in print_.registrations)
    return {match[0] for match in found if match}


def _journal(one: Fingerprint, other: Fingerprint) -> Sign:
    if not one.issns.isdisjoint(other.issns):
        return AGREE
    if not one.journal or not other.journal:
        return SILENT
    if one.form == other.form == "register":  # an entry's address stands for the journal
        numbers, others = set(_LONG_NUMBER.findall(one.journal)), set(_LONG_NUMBER.findall(other.journal))
        return SILENT if not numbers or not others else DIFFER if numbers.isdisjoint(others) else AGREE
    if not journals_alike(one.journal, other.journal):
        return DIFFER
    return SILENT if may_be_siblings(one.journal, other.journal) else AGREE


def _authors(one: Fingerprint, other: Fingerprint) -> tuple[Sign, bool]:
    """Compare authors: the first ones, and whether most agree of those that both can have named."""
    mine, theirs = one.people, other.people
    if not mine or not theirs or "register" in (one.form, other.form):  # a register names the sponsor
        return SILENT, False
    first, shared = share(mine, theirs)
    fewer = min(len(mine), len(theirs))
    most = shared >= 0.6 * fewer and (shared > 1 or len(mine) == len(theirs) == 1)
    if first:
        return AGREE, most
    if shared > 1 and most:
        return AGREE, True
    unclear = shared > 0 or is_group(mine[0]) != is_group(theirs[0])  # a co-author, or a committee for its members
    return SILENT if unclear else DIFFER, False
