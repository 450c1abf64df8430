"""Conditions that join nothing: pairs left to a person, and two reports of one study.

A question costs a person a minute. So it is asked where copies are found, not wherever two works share a title: pieces
that stand in two places of one journal, versions and congress abstracts are others, and nothing is asked.
"""

from reviewkit.model.duplicates.likeness import AGREE, DIFFER, Likeness
from reviewkit.model.duplicates.pages import PageSign
from reviewkit.model.duplicates.sure import CLOSE, long, when
from reviewkit.model.duplicates.titles import Titles
from reviewkit.model.matches import Judgement

UNSURE, RELATED = Judgement.UNSURE, Judgement.RELATED

_FARTHEST = 3  # years between copies


def same_title(seen: Likeness) -> Judgement | None:
    """Leave to a person what shares a title and lacks proof, where at most one fact speaks against it."""
    if seen.titles is not Titles.EQUAL or seen.kinds_differ or seen.updated or _numbered_apart(seen):
        return None
    if seen.generic:  # two copies of a short title that say little else, or two pieces under one heading
        alike = seen.author is AGREE and (seen.gap == 0 or seen.same_place) and seen.issue is not DIFFER
        return when(alike and not seen.doubts and not seen.apart, UNSURE)
    if seen.author is DIFFER:
        return when(seen.doubts == ("first author",) and seen.near and seen.journal is AGREE, UNSURE)
    if len(seen.doubts) > 1:
        return when(_one_slot(seen), UNSURE)
    if seen.page is DIFFER:
        return None  # see `other_page`
    if seen.doubts == ("DOI",) and seen.supplement:
        return None
    if seen.doubts in (("journal",), ("volume",)) and (seen.issue is DIFFER or seen.gap != 0):
        return None
    return when((seen.gap or 0) <= _FARTHEST or seen.author is AGREE is seen.journal, UNSURE)


def _numbered_apart(seen: Likeness) -> bool:
    """Return True where a registry gave two numbers, and no place says that one of them is mistyped."""
    return seen.identifier_differs and seen.page is not AGREE and seen.doi is not AGREE


def _one_slot(seen: Likeness) -> bool:
    """Return True where two facts differ, but a mistyped one explains both: volume and year, say, in one issue."""
    if len(seen.doubts) > 2 or seen.journal is not AGREE or seen.author is not AGREE or seen.page is DIFFER:
        return False
    return (seen.gap or 0) <= 2 and (seen.page is AGREE or (seen.issue is AGREE and seen.pages is not PageSign.SILENT))


def other_page(seen: Likeness) -> Judgement | None:
    """Leave to a person what shares title, authors and volume, and differs in the page alone."""
    if seen.titles is not Titles.EQUAL or seen.generic or seen.apart or seen.supplement or not long(seen, 40):
        return None
    return when(seen.doubts == ("first page",) and seen.volume is AGREE and seen.several and seen.near, UNSURE)


def same_place(seen: Likeness) -> Judgement | None:
    """Leave to a person what stands on the same pages by the same authors, although a word tells the two apart."""
    if seen.titles is Titles.EQUAL and seen.kinds_differ:  # one source only says that it is a correction
        return when(seen.same_place and seen.author is AGREE and not seen.doubts, UNSURE)
    if seen.titles is not Titles.DISTINCT or not seen.same_place or not seen.same_pages or seen.identifier_differs:
        return None
    return when(seen.authors and seen.near and not seen.doubts and not seen.supplement, UNSURE)


def cut_title(seen: Likeness) -> Judgement | None:
    """Leave to a person a title that is part of the other where no place proves it."""
    if seen.titles is not Titles.PART or seen.apart or seen.doubts:
        return None
    if seen.generic:  # a heading with and without its subject
        return when(seen.same_issue and seen.author is AGREE, UNSURE)
    return when(seen.author is not AGREE or seen.journal is not DIFFER, UNSURE)


def slip(seen: Likeness) -> Judgement | None:
    """Leave to a person titles that are a slip apart, of one group."""
    if seen.titles not in (Titles.ALIKE, Titles.MISREAD) or seen.apart or seen.generic or seen.author is not AGREE:
        return None
    if seen.page is DIFFER or (seen.titles is Titles.MISREAD and (seen.doubts or seen.pages is PageSign.SLIP)):
        return None
    return when(len(seen.doubts) <= 1 and seen.near and seen.issue is not DIFFER, UNSURE)


def reworded(seen: Likeness) -> Judgement | None:
    """Leave to a person titles with other words, by one group and in one place, or where one names no place."""
    if seen.titles not in (Titles.REWORDED, Titles.EXTENDED) or seen.apart or seen.generic or seen.supplement:
        return None
    if not seen.authors or seen.doubts or seen.pages is PageSign.SLIP:
        return None
    if seen.same_issue or seen.same_place:
        return when(True, UNSURE)
    placeless = any(p.pages is None and not (p.volume or p.doi) for p in (seen.one, seen.other))
    return when(placeless and seen.several and seen.titles is Titles.REWORDED and seen.journal is AGREE, UNSURE)


# --- two reports of one study ----------------------------------------------------------------------


def preprint(seen: Likeness) -> Judgement | None:
    """Relate a preprint and what has its title and authors; nobody is asked, so another title asks for more.

    A group has many works with nearly one title: then most authors agree, it is not long until the article appears, and
    the abstracts do not have other figures.
    """
    if seen.generic or seen.author is not AGREE:
        return None
    if seen.titles is Titles.EQUAL:
        return RELATED
    alike = seen.titles in CLOSE or seen.titles is Titles.REWORDED
    return when(alike and seen.authors and (seen.gap or 0) <= _FARTHEST and seen.abstract is not DIFFER, RELATED)


def registered(seen: Likeness) -> Judgement | None:
    """Relate a register entry and an article that names its number and no other."""
    article = seen.other if seen.one.form == "register" else seen.one
    return when(len(article.registrations) == 1 and seen.registration is AGREE, RELATED)
