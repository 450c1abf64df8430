"""Conditions that join nothing: pairs left to a person, and two reports of one study."""

from reviewkit.model.duplicates.likeness import AGREE, DIFFER, Likeness
from reviewkit.model.duplicates.sure import CLOSE, when
from reviewkit.model.duplicates.titles import Titles
from reviewkit.model.matches import Judgement

UNSURE, RELATED = Judgement.UNSURE, Judgement.RELATED


def same_title(seen: Likeness) -> Judgement | None:
    """Leave to a person what shares a title and lacks proof; say nothing where the works are plainly others."""
    if seen.titles is not Titles.EQUAL or seen.kinds_differ:
        return None
    if seen.generic:  # two copies of a short title that say little else, or two pieces under one heading
        alike = seen.author is AGREE and seen.gap == 0 and seen.issue is not DIFFER
        return when(alike and not seen.doubts and not seen.apart, UNSURE)
    if seen.author is DIFFER:
        return when(seen.doubts == ("first author",) and seen.near and seen.journal is AGREE, UNSURE)
    some = seen.author is AGREE or (seen.one.people and seen.other.people and seen.journal is AGREE)
    allowed = 2 if some and (seen.gap or 0) <= 2 else int(seen.author is AGREE)
    return when(len(seen.doubts) <= allowed, UNSURE)


def cut_title(seen: Likeness) -> Judgement | None:
    """Leave to a person a title that is part of the other where no place proves it."""
    if seen.titles is not Titles.PART or seen.apart or seen.doubts:
        return None
    if seen.generic:  # a heading with and without its subject
        return when(seen.same_issue and seen.author is AGREE, UNSURE)
    return when(seen.author is not AGREE or seen.journal is not DIFFER, UNSURE)


def slip(seen: Likeness) -> Judgement | None:
    """Leave to a person titles that are nearly alike, in one place or of one group."""
    if (
        seen.titles not in (Titles.ALIKE, Titles.MISREAD, Titles.REWORDED, Titles.EXTENDED)
        or seen.apart
        or seen.generic
        or seen.author is not AGREE
    ):
        return None
    if seen.titles in (Titles.ALIKE, Titles.MISREAD):
        return when(len(seen.doubts) <= 1 and seen.near, UNSURE)
    return when(not seen.doubts and seen.authors and (seen.same_issue or seen.same_place), UNSURE)


# --- two reports of one study ----------------------------------------------------------------------


def preprint(seen: Likeness) -> Judgement | None:
    """Relate a preprint and what has its title and authors."""
    alike = seen.titles in CLOSE or (seen.titles is Titles.REWORDED and seen.authors)
    return when(alike and not seen.generic and seen.author is AGREE, RELATED)


def registered(seen: Likeness) -> Judgement | None:
    """Relate a register entry and an article that names its number and no other."""
    article = seen.other if seen.one.form == "register" else seen.one
    return when(len(article.registrations) == 1 and seen.registration is AGREE, RELATED)
