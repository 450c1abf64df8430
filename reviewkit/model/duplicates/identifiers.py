"""Conditions on citations that share an identifier: a strong sign, but whole issues share a DOI and slips happen."""

from collections.abc import Callable

from reviewkit.model.duplicates.likeness import AGREE, DIFFER, Likeness
from reviewkit.model.duplicates.titles import Titles
from reviewkit.model.matches import Judgement

SAME, UNSURE = Judgement.SAME, Judgement.UNSURE


def registration(seen: Likeness) -> Judgement | None:
    """Judge two register entries that share a number; brief and official title differ, sponsors count as authors."""
    if not (seen.one.form == seen.other.form == "register" and seen.registration is AGREE):
        return None
    return (
        UNSURE
        if seen.titles is Titles.DISTINCT and len(seen.one.registrations | seen.other.registrations) > 1
        else SAME
    )


def identifier(which: str) -> Callable[[Likeness], Judgement | None]:
    """Judge two citations that share a DOI, PMID or PMCID; whole issues share one DOI, and numbers get mistyped."""

    def rule(seen: Likeness) -> Judgement | None:
        if getattr(seen, which) is not AGREE:
            return None
        agreeing = (seen.doi, seen.pmid, seen.pmcid, seen.accession).count(AGREE)
        if seen.apart:
            return SAME if agreeing > 1 and _retitled(seen) else UNSURE
        unlike = seen.titles in (Titles.DIFFERENT, Titles.REWORDED, Titles.EXTENDED) or (
            seen.titles is Titles.MISREAD and seen.supplement
        )
        if unlike or (seen.generic and seen.titles is not Titles.SILENT):
            return _shared_identifier(seen, agreeing)
        allowed = 0 if seen.titles is Titles.SILENT else 1  # one slip, such as an article number for a page
        allowed += seen.titles is Titles.EQUAL and (seen.author is AGREE or agreeing > 1)
        return SAME if len(seen.doubts) <= allowed else UNSURE

    return rule


def accession(seen: Likeness) -> Judgement | None:
    """Judge two citations that one database gave under one number of its own: its entry, as it was and as it is now.

    The number says more than a DOI, which others write down. But exports fill columns with what is no number of an
    entry, so where the titles are those of two works, something else must say that it is one.
    """
    if seen.accession is not AGREE or seen.updated:  # the versions of a Cochrane review keep its number
        return None
    if seen.apart:
        return SAME if _retitled(seen) else UNSURE
    if seen.titles in (Titles.EQUAL, Titles.ALIKE, Titles.PART) and not seen.generic:
        return SAME if len(seen.doubts) <= 1 else UNSURE  # what was corrected, as a year when it came out in print
    if seen.doubts or seen.issue is DIFFER:
        return UNSURE
    located = (seen.same_place or (seen.page is AGREE and seen.issue is AGREE)) and seen.author is not DIFFER
    told = seen.abstract is AGREE and seen.author is AGREE
    reworded = seen.titles in (Titles.MISREAD, Titles.REWORDED, Titles.EXTENDED) and seen.authors
    alike = seen.titles is Titles.EQUAL and seen.author is AGREE  # of a generic title
    return SAME if located or told or reworded or alike else UNSURE


def _retitled(seen: Likeness) -> bool:
    """Return True where only words in the title tell two entries apart, as after its correction in the database."""
    if seen.kinds_differ or seen.identifier_differs or seen.updated:
        return False
    return seen.authors and seen.page is AGREE is seen.volume and seen.gap == 0 and not seen.doubts


def _shared_identifier(seen: Likeness, agreeing: int) -> Judgement | None:
    """Judge different titles under one identifier: a translation, or two items of an issue that has one DOI."""
    if seen.author is DIFFER and seen.titles is Titles.DIFFERENT and seen.page is not AGREE and agreeing == 1:
        return None
    if seen.page is DIFFER and (seen.author is DIFFER or seen.titles is not Titles.DIFFERENT):
        return None
    if seen.titles is Titles.EQUAL and seen.author is AGREE and seen.page is AGREE:
        return SAME if set(seen.doubts) <= {"journal"} else UNSURE
    if seen.supplement and seen.titles is not Titles.EQUAL and agreeing == 1:  # all its abstracts carry one DOI
        if seen.page is DIFFER:
            return None
        return SAME if seen.same_pages and seen.authors and not seen.doubts else UNSURE
    located = seen.page is AGREE and AGREE in (seen.volume, seen.issue)
    proved = located or agreeing > 1 or (seen.titles is Titles.EQUAL and AGREE in (seen.author, seen.page))
    proved = proved or (seen.titles in (Titles.REWORDED, Titles.EXTENDED) and seen.authors)
    return SAME if proved and not seen.doubts and seen.issue is not DIFFER else UNSURE
