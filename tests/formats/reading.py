"""What the tests of the formats share: fixtures by name, and a file read into what was kept and what was found."""

import io
from pathlib import Path

from reviewkit.formats import AS_NAMED, FORMATS, Columns
from reviewkit.model.citation import Citation, Finding

DATA = Path(__file__).parent / "data"


def read(format: str, body: bytes, columns: Columns = AS_NAMED) -> tuple[list[Citation], list[Finding]]:
    """Parse bytes; return the citations and the findings."""
    found = list(FORMATS[format].parse(io.BytesIO(body), columns))
    return [x for x in found if isinstance(x, Citation)], [x for x in found if isinstance(x, Finding)]


def read_data(format: str, name: str) -> tuple[list[Citation], list[Finding]]:
    """Parse a fixture."""
    return read(format, (DATA / name).read_bytes())
