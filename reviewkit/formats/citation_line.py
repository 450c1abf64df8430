"""Journal, year, volume, issue and pages out of one line, as PubMed, Ovid and Embase write it in their tables."""

import re
from dataclasses import dataclass

from reviewkit.formats.identifiers import doi_in, year_in

_NUMBERS = r"(?P<volume>[^\s():;,]{1,30})?\s?(?:\((?P<issue>[^()]{1,40})\))?"
_PAGES = r"(?:[:,]?\s?(?:\(?pp?\.?\s)?(?P<pages>[A-Za-z]?\d[^\s:;,()]{0,30})\)?)?"
_SHAPES = (
    # PubMed: "Regen Med. 2024 Mar 18;19(2):12-19. doi: 10.1000/a.b. Epub 2024 Feb 1."
    re.compile(
        rf"(?P<journal>.{{2,200}}?)\. (?P<date>(?:1[5-9]|20)\d\d[^;:.]{{0,20}});\s?{_NUMBERS}{_PAGES}"
    ),
    # Ovid: "Regenerative Medicine. 19(2):12-19, 2024 Mar." and "Regenerative Medicine. 19 (2) (pp 12-19), 2024."
    re.compile(rf"(?P<journal>.{{2,200}}?)\. {_NUMBERS}\s?{_PAGES}, (?P<date>(?:1[5-9]|20)\d\d[^.;:]{{0,20}})"),
    # LILACS: "Regen Med;19(2): 12-19, mar. 2024."
    re.compile(rf"(?P<journal>[^;]{{2,200}}); ?{_NUMBERS}{_PAGES}, (?P<date>[^;:\d]{{0,20}}(?:1[5-9]|20)\d\d)\.?"),
    # Embase: "Regenerative Medicine (2024) 19:2 (12-19). Date of Publication: 18 Mar 2024"
    re.compile(
        r"(?P<journal>.{2,200}?) \((?P<date>(?:1[5-9]|20)\d\d)\) (?P<volume>[A-Za-z]?\d[^\s:()]{0,30})"
        r"(?::(?P<issue>[^\s()]{1,30}))?(?: \((?P<pages>[^()]{1,30})\))?(?=[.;]|$)"
    ),
)  # fmt: skip
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class CitationLine:
    """What a line says; empty where it does not say it or is not understood."""

    journal: str = ""
    date: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""


_NOTHING = CitationLine()


def parse_citation_line(line: str) -> CitationLine:
    """Take a line such as "Regen Med. 2024 Mar;19(2):12-19. doi: 10.1000/a.b" apart; one of another shape is no loss.

    Only what is certain is taken: a line in none of the known shapes gives no more than its DOI.
    """
    if not line:
        return _NOTHING
    found = next(filter(None, (shape.match(line[:_LONGEST]) for shape in _SHAPES)), None)
    if not found:
        return CitationLine(doi=doi_in(line))
    said = {name: (text or "").strip(" .") for name, text in found.groupdict().items()}
    return CitationLine(**said, year=year_in(said["date"]), doi=doi_in(line))
