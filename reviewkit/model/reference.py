"""A record written as a reference, the way medical journals print one (ICMJE, "Vancouver")."""

import re

from reviewkit.model.citation import Citation

_COMPANY = re.compile(r"\b(LLC|Inc|Ltd|Limited|GmbH|AG|Corp|Co|plc|University|Hospital|Institute)\b", re.IGNORECASE)
_NAMED = 6  # authors before "et al." (ICMJE)


def reference(citation: Citation) -> str:
    """Return "Wilson JE, Today BA. Title. Journal. 2024;3(1):12-9. doi:10.1000/x. PMID 123.", as far as it is known."""
    names = [_initials(author) for author in citation.authors[:_NAMED]]
    if len(citation.authors) > _NAMED:
        names.append("et al")
    # a register entry has no journal; its number says where it stands
    place = citation.journal or citation.journal_abbreviation
    year = str(citation.year or "")
    volume = citation.volume + (f"({citation.issue})" if citation.issue else "")
    when = year + (f";{volume}" if volume else "") + (f":{citation.pages}" if citation.pages else "")
    parts = [", ".join(names), citation.title or "[no title]", place, when]
    numbers = [
        f"doi:{citation.doi}" if citation.doi else "",
        f"PMID {citation.pmid}" if citation.pmid else "",
        citation.pmcid,
        ", ".join(citation.registrations),
    ]
    return " ".join(_ended(part) for part in (*parts, *numbers) if part)


def _ended(part: str) -> str:
    part = " ".join(part.split())
    return part if part.endswith((".", "?", "!")) else f"{part}."


def _initials(author: str) -> str:
    """Write "Wilson, Jane Ellen" as "Wilson JE"; a name without comma stays as reported."""
    family, comma, given = author.partition(",")
    if not comma or len(given.split()) > 4 or _COMPANY.search(given):
        return author
    letters = "".join(part[0].upper() for part in re.split(r"[\s.\-]+", given) if part and part[0].isalpha())
    return f"{family.strip()} {letters}".strip()
