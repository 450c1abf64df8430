"""Interface only, for now."""

from collections.abc import Iterator
from typing import IO

from reviewkit.model.citation import Citation, Finding


def parse_pubmed_xml(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read the entries of a file."""
    raise NotImplementedError
