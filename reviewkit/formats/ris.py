"""Interface only, for now."""

from collections.abc import Iterable, Iterator
from typing import IO

from reviewkit.model.citation import Citation, Finding


def parse_ris(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read the entries of a file."""
    raise NotImplementedError


def to_ris(citations: Iterable[Citation]) -> bytes:
    """Write citations as RIS."""
    raise NotImplementedError
