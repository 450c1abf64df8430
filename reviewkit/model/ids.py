"""Ids as people say them: r12 for a record (or citation), s12 for a study."""

import re

from reviewkit.errors import BadId

_ID = re.compile(r"\s*[rRcCsS]?\s*0*([1-9]\d{0,8})\s*\Z")


def record_label(record: int) -> str:
    """Write a record's id as shown to people."""
    return f"r{record}"


def study_label(study: int) -> str:
    """Write a study's id as shown to people; a study carries the number of its earliest report."""
    return f"s{study}"


def parse_id(text: str) -> int:
    """Read an id as a person types it: `r12`, `R 12`, `s12` or `12`.

    Raises:
        BadId: when it is none of these.
    """
    found = _ID.match(text)
    if not found:
        raise BadId(text=text)
    return int(found.group(1))
