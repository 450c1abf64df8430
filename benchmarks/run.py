"""How fast reviewkit is, measured in this very run: `make bench`, or `python benchmarks/run.py --records 100000`.

Every measurement is a process of its own; CPU seconds and peak memory are what the system counted for it, so that
another program running meanwhile disturbs the figures little. Of what is quick the median of several runs is shown.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from commands import measure_commands
from measuring import heading, measure, show
from pubmed_file import write_records
from reading import measure_reading
from screening import measure_screening

RECORDS = 10_000
PEERS = {"asreview": "asreview"}  # package -> command whose --help is measured


# --- what is measured, each in a process of its own: `run.py --one NAME FILE` ----------------------


def parse_with_reviewkit(path: Path, records: int) -> None:
    from reviewkit.formats.pubmed_xml import parse_pubmed_xml

    with path.open("rb") as file:
        _expect(records, sum(bool(citation.pmid) for citation in parse_pubmed_xml(file)))


def parse_with_iterparse(path: Path, records: int) -> None:
    """The least that any parser must do: the standard library walks the file and takes the title alone."""
    from xml.etree.ElementTree import iterparse

    seen = 0
    for _, element in iterparse(path):
        if element.tag == "PubmedArticle":
            seen += bool(element.findtext(".//ArticleTitle"))
            element.clear()
    _expect(records, seen)


def parse_with_biopython(path: Path, records: int) -> None:
    from Bio import Entrez

    with path.open("rb") as file:
        _expect(records, len(Entrez.read(file)["PubmedArticle"]))


def load_into_sqlite(path: Path, records: int) -> None:
    from reviewkit.formats.pubmed_xml import parse_pubmed_xml
    from reviewkit.steps.loading import number_citations

    store, run = _store(path, records)
    with path.open("rb") as file:
        store.add_run(run, number_citations(run, parse_pubmed_xml(file)))
    _expect(records, len(store.citation_runs()))


def find_duplicates(path: Path, records: int) -> None:
    from reviewkit.steps.dedup import deduplicate

    store, _ = _store(path, records)
    _expect(records, deduplicate(store, "2024-01-01T00:00:00Z").citations)


def read_the_standing(path: Path, records: int) -> None:
    from reviewkit.protocol import parse_protocol
    from reviewkit.protocol.template import template
    from reviewkit.steps.standing import standing

    store, _ = _store(path, records)
    _expect(records, len(standing(store, parse_protocol(template(), Path("bench.toml"))).run_of))


def _store(path: Path, n: int):
    from reviewkit.model.runs import SearchRun
    from reviewkit.store import open_store

    run = SearchRun(id="2024-01-01-pubmed", database="pubmed", date="2024-01-01", reported=n, retrieved=n, first=1)
    return open_store(f"sqlite:///{path.with_suffix('.db')}", "bench"), run


def _expect(records: int, found: int) -> None:
    if found != records:
        sys.exit(f"{found} records in place of {records}: the figure would mean nothing")


MEASURES = {
    "parse {:,} PubMed records: reviewkit, every field": parse_with_reviewkit,
    "parse {:,} PubMed records: iterparse, the title alone": parse_with_iterparse,
    "parse {:,} PubMed records: Bio.Entrez.read": parse_with_biopython,
    "parse them and load them into SQLite: reviewkit": load_into_sqlite,
    "find duplicates among {:,} citations: reviewkit": find_duplicates,
    "derive where a review of {:,} stands: reviewkit": read_the_standing,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", action="store_true", help="install other tools and measure them as well")
    arguments.add_argument("--records", type=int, default=RECORDS, metavar="N", help=f"how many records ({RECORDS:,})")
    arguments.add_argument("--one", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.one:
        {function.__name__: function for function in MEASURES.values()}[given.one[0]](Path(given.one[1]), given.records)
        return
    with tempfile.TemporaryDirectory(prefix="reviewkit-bench-") as name:
        folder = Path(name)
        heading()
        reviewkit = [sys.executable, "-m", "reviewkit"]
        show("reviewkit --help", measure([*reviewkit, "--help"], folder, 7))
        subprocess.run([*reviewkit, "init", folder / "bench"], check=True, stdout=subprocess.DEVNULL)
        show("reviewkit status, of a new review", measure([*reviewkit, "status"], folder / "bench", 7))
        if given.peers:
            show_peers(folder)
        path = folder / "records.xml"
        write_records(path, given.records)
        for what, function in MEASURES.items():
            once = function in (load_into_sqlite, find_duplicates)  # not to be repeated
            command = [sys.executable, Path(__file__).resolve(), "--one", function.__name__, path]
            command += ["--records", given.records]
            show(what.format(given.records), measure(command, folder, 1 if once else 3))
        measure_reading(folder, given.records)
        measure_commands(folder, given.records)
        measure_screening(folder / "review", given.records)


def show_peers(folder: Path) -> None:
    """Install each peer into an environment of its own; say so where it cannot be had."""
    for package, command in PEERS.items():
        home = folder / package
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        done = subprocess.run([home / "bin" / "pip", "install", "--quiet", package], check=False)
        if done.returncode:
            print(f"{package} cannot be installed here and is not measured")
            continue
        show(f"{command} --help", measure([home / "bin" / command, "--help"], folder, 7))


if __name__ == "__main__":
    main()
