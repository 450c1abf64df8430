"""The recorded PubMed answers of the shared data: each body by name, and how many records its README counts."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path


def bodies(recordings: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's body, un-gzipped; of recorded HTTP exchanges the answers' bodies, one after the other."""
    for path in sorted(recordings.glob("*/*")):
        name = f"{path.parent.name}/{path.name}"
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if path.parent.name == "http":
            for exchange in json.loads(body):
                yield name, exchange["response"]["body"].encode()
        else:
            yield name, body


def counts(recordings: Path) -> dict[str, tuple[str, int]]:
    """File -> (format as the README calls it, records)."""
    rows = re.findall(r"^\| (\S+/\S+) \| ([^|]+?) \| (\d+) \|", (recordings / "README.md").read_text(), re.M)
    return {name: (kind, int(records)) for name, kind, records in rows}
