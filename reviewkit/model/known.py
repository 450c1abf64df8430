"""Papers that are known to belong to a review: how the protocol names them, and what makes a citation one of them."""

import re
from dataclasses import dataclass
from typing import Literal

from reviewkit.model.text import digits_key, doi_key

_PMID = re.compile(r"(?:PMID|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?[\s:]*(\d{1,8})/?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """One known paper by its identifier, in the spelling that identifiers are compared in."""

    kind: Literal["pmid", "doi"]
    key: str


def read_known(text: str) -> Known | None:
    """Read "PMID 12345678", "10.1000/x" or the address of either; None where it is neither."""
    if number := _PMID.match(text.strip()):
        key = digits_key(number[1])
        return Known("pmid", key) if key else None
    doi = doi_key(text)
    return Known("doi", doi) if doi else None


def known_as(doi: str, pmid: str) -> tuple[Known, Known]:
    """Return what a citation with these identifiers would be known as."""
    return Known("pmid", digits_key(pmid)), Known("doi", doi_key(doi))
