"""A database's own number for an entry: which accession numbers count as one, and when one is no identifier at all."""

import re
from collections.abc import Iterable
from functools import lru_cache
from sys import intern

from reviewkit.model.citation import Citation
from reviewkit.model.duplicates.titles import Titles, compare_titles
from reviewkit.model.runs import SourceKind, database_in, database_kind

_FEWEST = 5  # figures; a shorter number may be a place in a list, which another list uses again
_OTHER = re.compile(r"\D+")
_WORKS = 3  # so many publications under one number: it numbers something else, or was filled in


def accession_key(citation: Citation) -> str:
    """Return the database's name and its number for an entry, "scopus 2-s2.0-85001234567", or ''.

    The name stands in it since numbers of two databases say nothing of each other. Numbers of websites, of citation
    searching and of files without a database are somebody's own.
    """
    database = _numbering(citation.run)
    number = citation.accession.replace(" ", "").casefold()
    figures = number[-_FEWEST:]  # nearly all numbers end with enough of them
    if not figures.isdecimal() or not figures.strip(figures[0]):
        figures = _OTHER.sub("", number)
    told = len(figures) >= _FEWEST and figures.strip(figures[0])  # not one figure again and again
    return f"{database} {number}" if told and database else ""


@lru_cache(maxsize=1_000)
def _numbering(run: str) -> str:
    """Return the database of a run, or '' where it gives no numbers of its own."""
    database = database_in(run)
    return intern(database) if database and database_kind(database) is not SourceKind.OTHER else ""


def shared_by_many(titles: Iterable[tuple[str, ...]]) -> bool:
    """Return True where the titles that one number stands with are those of several publications."""
    works: list[tuple[str, ...]] = []
    for given in titles:
        if given and all(compare_titles(given, known) is Titles.DIFFERENT for known in works):
            works.append(given)
            if len(works) == _WORKS:
                return True
    return False
