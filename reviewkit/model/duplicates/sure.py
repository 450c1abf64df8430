"""Conditions under which two citations that share no identifier are one publication; each says SAME or nothing."""

from reviewkit.model.duplicates.likeness import AGREE, DIFFER, SILENT, Likeness
from reviewkit.model.duplicates.pages import PageSign
from reviewkit.model.duplicates.titles import Titles
from reviewkit.model.matches import Judgement

CLOSE = (Titles.EQUAL, Titles.ALIKE, Titles.PART)


def when(holds: bool, judgement: Judgement = Judgement.SAME) -> Judgement | None:
    """Return the judgement where the condition holds, else None: nothing to say."""
    return judgement if holds else None


def long(seen: Likeness, letters: int) -> bool:
    """Return True where both titles are long enough not to be shared by chance."""
    return min(len(seen.one.titles[0]), len(seen.other.titles[0])) >= letters


def title_year_author(seen: Likeness) -> Judgement | None:
    """Title, year and first author agree and nothing contradicts."""
    if seen.titles is not Titles.EQUAL or seen.generic or seen.author is not AGREE:
        return None
    undated = seen.gap is None and seen.journal is AGREE and AGREE in (seen.volume, seen.page) and not seen.cochrane
    if seen.gap != 0 and not undated:
        return None
    if seen.issue is DIFFER and AGREE not in (seen.page, seen.doi) and not (seen.several and long(seen, 50)):
        return None  # a column that returns in every issue
    return when(not seen.doubts)


def title_place(seen: Likeness) -> Judgement | None:
    """Titles alike, volume and first page agree; with equal authors one other fact may be wrong."""
    if seen.titles not in CLOSE or not seen.same_place:
        return None
    if seen.generic:
        sure = seen.titles is Titles.EQUAL and seen.author is AGREE and seen.issue is not DIFFER and seen.near
        return when(sure and not seen.doubts)
    if seen.author is AGREE:
        whole = seen.titles is Titles.EQUAL or seen.same_pages
        return when(len(seen.doubts) <= 1 and (seen.doi is not DIFFER or (seen.gap == 0 and whole)))
    if seen.titles is not Titles.EQUAL or not seen.near:
        return None
    if seen.author is SILENT:
        return when(not seen.doubts)
    return when(seen.same_pages and seen.doubts == ("first author",))  # a mangled name; a letter has one page


def title_issue(seen: Likeness) -> Judgement | None:
    """Titles alike, first author, volume and issue agree; pages are not given, or one fact is wrong."""
    if AGREE is not seen.author or AGREE is not seen.volume or AGREE is not seen.issue or seen.gap is None:
        return None
    if seen.titles is Titles.EQUAL and seen.generic:
        return when(seen.gap == 0 and seen.journal is AGREE and seen.page is not DIFFER and not seen.doubts)
    if seen.titles is Titles.EQUAL and seen.authors:
        if seen.journal is AGREE and seen.gap <= 1 and not seen.supplement:  # one of the other facts may be wrong
            return when(
                not seen.doubts or seen.doubts == ("first page",) or (seen.doubts == ("DOI",) and seen.gap == 0)
            )
        return when(set(seen.doubts) <= ({"year"} if seen.journal is AGREE and seen.gap <= 3 else {"journal"}))
    if seen.titles is Titles.MISREAD:
        return when(seen.same_issue and seen.several and not seen.supplement and not seen.doubts and _unpaged(seen))
    if seen.titles not in CLOSE or seen.generic or seen.journal is not AGREE or seen.pages is PageSign.SLIP:
        return None
    if seen.titles is Titles.PART and seen.supplement and seen.page is not AGREE:
        return None
    if seen.authors and seen.titles is not Titles.PART and seen.gap <= 3:
        return when(set(seen.doubts) <= {"year"})
    return when(seen.near and not seen.doubts)


def _unpaged(seen: Likeness) -> bool:
    """Return True where one of them gives no pages."""
    return seen.one.pages is None or seen.other.pages is None


def title_page(seen: Likeness) -> Judgement | None:
    """Titles alike, first author, year and pages agree; journals and congresses have more names than one."""
    if seen.titles not in CLOSE or seen.generic or seen.author is not AGREE or seen.volume is DIFFER:
        return None
    first = seen.one.pages.first if seen.one.pages else 0
    said = seen.same_pages or (seen.page is AGREE and seen.titles is Titles.EQUAL)
    return when(said and first > 1 and seen.near and set(seen.doubts) <= {"journal"})


def overlapping_pages(seen: Likeness) -> Judgement | None:
    """Titles alike, first author and volume agree, and the pages overlap or differ by a slip."""
    if seen.generic or seen.author is not AGREE or seen.volume is not AGREE or not seen.near or seen.doubts:
        return None
    if seen.titles is Titles.EQUAL:
        return when(seen.pages is PageSign.OVERLAP or (seen.pages is PageSign.SLIP and seen.issue is not DIFFER))
    return when(seen.titles in CLOSE and seen.pages is PageSign.OVERLAP and seen.authors and seen.issue is not DIFFER)


def near_year(seen: Likeness) -> Judgement | None:
    """Title, first author and journal agree, the years are one apart, and it is no column of each year."""
    if seen.titles is not Titles.EQUAL or seen.generic or seen.author is not AGREE or seen.gap != 1:
        return None
    known = AGREE in (seen.volume, seen.page) or (seen.authors and long(seen, 40))  # no column of each year
    return when(known and seen.journal is AGREE and not seen.doubts and seen.issue is not DIFFER)


def near_title(seen: Likeness) -> Judgement | None:
    """Titles a slip apart or one part of the other; authors, journal and year agree, nothing contradicts."""
    if seen.titles not in (Titles.ALIKE, Titles.PART) or seen.generic or not seen.authors or seen.gap != 0:
        return None
    if seen.titles is Titles.PART and (seen.supplement or not long(seen, 50)):
        return None
    if seen.pages is PageSign.SLIP:
        return None  # companion papers
    return when(seen.journal is AGREE and not seen.doubts and seen.issue is not DIFFER)


def same_abstract(seen: Likeness) -> Judgement | None:
    """Titles alike, first author, journal and year agree, and the abstracts begin alike."""
    if seen.abstract is not AGREE or seen.titles not in CLOSE or seen.generic or seen.author is not AGREE:
        return None
    return when(seen.journal is AGREE and seen.gap == 0 and not seen.doubts)


def same_pages(seen: Likeness) -> Judgement | None:
    """Authors, journal, volume and whole range of pages agree: a translated, reworded or missing title."""
    if seen.titles is Titles.SILENT:
        return when(seen.same_place and seen.authors and seen.journal is AGREE and seen.near and not seen.doubts)
    if not seen.same_pages or not (seen.authors or (seen.author is AGREE and seen.abstract is AGREE)):
        return None
    if seen.journal is not AGREE or not seen.near or seen.doubts or seen.issue is DIFFER:
        return None
    return when(seen.volume is AGREE or (seen.titles is Titles.REWORDED and seen.volume is SILENT and seen.several))


def title_without_author(seen: Likeness) -> Judgement | None:
    """Titles alike, and year and place agree, where one source names nobody."""
    if seen.titles not in CLOSE or seen.author is not SILENT or not seen.near or seen.doubts:
        return None
    if seen.titles is not Titles.EQUAL:
        return when(seen.same_place and seen.journal is AGREE and not seen.generic)
    if seen.generic:
        nobody = not seen.one.people and not seen.other.people
        return when(nobody and seen.same_issue and seen.page is AGREE)
    if seen.issue is DIFFER and seen.page is not AGREE:
        return None
    return when(seen.gap == 0 and (AGREE in (seen.page, seen.volume) or (seen.journal is AGREE and long(seen, 40))))
