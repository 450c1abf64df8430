"""Searching PubMed, measured beside the loop that scripts write with Bio.Entrez: `benchmarks/searching.py 10000`.

A server on this computer plays E-utilities as NCBI runs them, cap of 9,999 records included, in a process of its own.
Both ask with a key, so at most ten times a second; what is waited for is in the seconds by the clock alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from measuring import heading, measure, show
from pubmed_file import record

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000)
KEY = "0123456789abcdef0123456789abcdef0123"
PROTOCOL = """
title = "Benchmark"
[question]
text = "How fast?"
[[search]]
database = "pubmed"
strategy = "exosomes"
[[include]]
id = "I1"
text = "Wanted"
[[exclude]]
id = "E1"
text = "Not wanted"
"""

_FIRST_DAY = date(1990, 1, 1)
_DAYS = 12_000  # over which records came into PubMed

# The loop of Biopython's tutorial, with a history and in lots, and the list in which scripts collect what comes.
_LOOP = """
import sys, urllib.request
from pathlib import Path
from urllib.error import HTTPError
from Bio import Entrez

def redirected(request):
    address = sys.argv[1] + request.full_url.rpartition("/")[2]
    return urllib.request.urlopen(urllib.request.Request(address, data=request.data))

Entrez.urlopen, Entrez.email, Entrez.api_key = redirected, "ann@example.org", sys.argv[2]
found = Entrez.read(Entrez.esearch(db="pubmed", term="exosomes", usehistory="y"))
records = []
for start in range(0, int(found["Count"]), 500):
    try:
        page = Entrez.efetch(db="pubmed", retmode="xml", retstart=start, retmax=500,
                             WebEnv=found["WebEnv"], query_key=found["QueryKey"])
        records.extend(Entrez.read(page)["PubmedArticle"])
    except HTTPError:
        break
Path(sys.argv[3]).write_text(str(len(records)))
"""


def measure_searching(folder: Path, records: int) -> None:
    """Print a line for reviewkit, which also stores what it finds, and one for the loop, with how many each got."""
    with _server(records) as url:
        home = folder / f"search-{records}"
        (home / "protocols").mkdir(parents=True)
        (home / "protocols" / "bench.toml").write_text(PROTOCOL, encoding="utf-8")
        settings = {"REVIEWKIT_EMAIL": "ann@example.org", "NCBI_API_KEY": KEY, "REVIEWKIT_EUTILS_URL": url}
        os.environ |= {**settings, "REVIEWKIT_CONFIG": str(folder / "none.toml")}
        figures = measure([sys.executable, "-m", "reviewkit", "search"], home, 1)
        show(f"search {records:,} records, {_stored(home):,} found and stored: reviewkit", figures)
        got = folder / "got"
        figures = measure([sys.executable, "-c", _LOOP, url, KEY, got], folder, 1)
        show(f"search {records:,} records, {int(got.read_text()):,} found: Bio.Entrez in a loop", figures)


def _stored(home: Path) -> int:
    """Count the records of a review, in another process, so that this one stays small."""
    count = "import reviewkit; print(len(reviewkit.open('.').citations))"
    return int(subprocess.run([sys.executable, "-c", count], cwd=home, check=True, capture_output=True).stdout)


@contextmanager
def _server(records: int) -> Iterator[str]:
    """Run the server in a process of its own; give its address."""
    command = [sys.executable, Path(__file__).resolve(), "--serve", str(records)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def serve(records: int) -> None:
    """Play E-utilities until the process ends; print the address."""
    sys.path.insert(0, str(ROOT))
    from tests.servers.eutils import EutilsServer
    from tests.servers.pubmed_records import Record

    @dataclass(frozen=True)
    class Full(Record):
        """A record with everything that real ones carry, made when it is sent."""

        def to_xml(self) -> str:
            return record(self.pmid)

    held = [
        Full(pmid, created=str(_FIRST_DAY + timedelta(days=pmid * _DAYS // records))) for pmid in range(records, 0, -1)
    ]
    with EutilsServer(records=held) as server:
        server.sent = _Forgetful()
        print(server.url, flush=True)
        sys.stdin.read()


class _Forgetful(list[bytes]):
    """The server's list of what it sent, which would outgrow the memory."""

    def append(self, _body: bytes) -> None:
        """Forget it."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("records", type=int, nargs="*", default=SIZES, help="sizes of the result")
    arguments.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.serve:
        serve(given.serve)
        return
    with tempfile.TemporaryDirectory(prefix="reviewkit-bench-") as name:
        heading()
        for records in given.records:
            measure_searching(Path(name), records)


if __name__ == "__main__":
    main()
