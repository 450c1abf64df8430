"""How fast reviewkit is, measured in this very run: `make bench`, or `python benchmarks/run.py --peers`.

Every measurement is a process of its own; CPU seconds and peak memory are what the system counted for it, so that
another program running meanwhile disturbs the figures little. The median of several runs is shown.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

RECORDS = 10_000
DTD = "pubmed_190101.dtd"  # Biopython reads a file only when it carries the DTD, and it carries this one
PEERS = {"asreview": "asreview"}  # package -> command whose --help is measured


# --- what is measured, each in a process of its own: `run.py --one NAME FILE` ----------------------


def parse_with_reviewkit(path: Path) -> None:
    from reviewkit.formats.pubmed_xml import parse_pubmed_xml

    with path.open("rb") as file:
        _expect(sum(bool(citation.pmid) for citation in parse_pubmed_xml(file)))


def parse_with_iterparse(path: Path) -> None:
    """The least that any parser must do: the standard library walks the file and takes the title alone."""
    from xml.etree.ElementTree import iterparse

    seen = 0
    for _, element in iterparse(path):
        if element.tag == "PubmedArticle":
            seen += bool(element.findtext(".//ArticleTitle"))
            element.clear()
    _expect(seen)


def parse_with_biopython(path: Path) -> None:
    from Bio import Entrez

    with path.open("rb") as file:
        _expect(len(Entrez.read(file)["PubmedArticle"]))


def load_into_sqlite(path: Path) -> None:
    from reviewkit.formats.pubmed_xml import parse_pubmed_xml
    from reviewkit.steps.loading import number_citations

    store, run = _store(path)
    with path.open("rb") as file:
        store.add_run(run, number_citations(run, parse_pubmed_xml(file)))
    _expect(len(store.citation_runs()))


def find_duplicates(path: Path) -> None:
    from reviewkit.steps.dedup import deduplicate

    store, _ = _store(path)
    _expect(deduplicate(store, "2024-01-01T00:00:00Z").citations)


def read_the_standing(path: Path) -> None:
    from reviewkit.protocol import parse_protocol
    from reviewkit.protocol.template import template
    from reviewkit.steps.standing import standing

    store, _ = _store(path)
    _expect(len(standing(store, parse_protocol(template(), Path("bench.toml"))).run_of))


def _store(path: Path):
    from reviewkit.model.runs import SearchRun
    from reviewkit.store import open_store

    run = SearchRun(
        id="2024-01-01-pubmed", database="pubmed", date="2024-01-01", reported=RECORDS, retrieved=RECORDS, first=1
    )
    return open_store(f"sqlite:///{path.with_suffix('.db')}", "bench"), run


def _expect(found: int) -> None:
    if found != RECORDS:
        sys.exit(f"{found} records in place of {RECORDS}: the figure would mean nothing")


# --- measuring ---------------------------------------------------------------------------------


def measure(command: Sequence[str | Path], cwd: Path, times: int = 3) -> tuple[float, float, float]:
    """Run a command some times; return the medians of CPU seconds, seconds by the clock, and peak megabytes."""
    runs = []
    for _ in range(times):
        begun = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], cwd=cwd, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command} failed")
        # Linux counts memory in kilobytes, macOS in bytes.
        peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        runs.append((usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, peak))
    cpu, clock, memory = (median(column) for column in zip(*runs, strict=True))
    return cpu, clock, memory


def show(what: str, figures: tuple[float, float, float]) -> None:
    cpu, clock, memory = figures
    print(f"{what:<66}{cpu:>8.2f}{clock:>10.2f}{memory:>10.0f}", flush=True)


def make_file(path: Path) -> None:
    """Write records of the usual size: ten authors, an abstract of about 250 words, twelve subject headings."""
    people = "".join(
        f'<Author ValidYN="Y"><LastName>Family{n}</LastName><ForeName>Given {n}</ForeName><Initials>G</Initials>'
        f"<AffiliationInfo><Affiliation>Department {n}, University of Somewhere, Town, Country.</Affiliation>"
        "</AffiliationInfo></Author>"
        for n in range(10)
    )
    subjects = "".join(
        f'<MeshHeading><DescriptorName UI="D{n:06}" MajorTopicYN="N">Subject {n}</DescriptorName></MeshHeading>'
        for n in range(12)
    )
    words = "Exosomes derived from stem cells reduced pain and disability in the treated group after follow-up. " * 17
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" ')
        file.write(f'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/{DTD}">\n<PubmedArticleSet>\n')
        for n in range(1, RECORDS + 1):
            file.write(
                f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{n}</PMID>'
                '<DateRevised><Year>2024</Year><Month>01</Month><Day>02</Day></DateRevised><Article PubModel="Print">'
                '<Journal><ISSN IssnType="Electronic">1234-5678</ISSN><JournalIssue CitedMedium="Internet"><Volume>7'
                "</Volume><PubDate><Year>2024</Year></PubDate></JournalIssue><Title>Journal of Results</Title>"
                "<ISOAbbreviation>J Res</ISOAbbreviation></Journal>"
                f"<ArticleTitle>Exosomes {n} for condition {n * 7919}."
                f'</ArticleTitle><ELocationID EIdType="doi" ValidYN="Y">10.1000/x.{n}</ELocationID><Abstract>'
                f'<AbstractText>{words}</AbstractText></Abstract><AuthorList CompleteYN="Y">{people}</AuthorList>'
                '<Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article'
                "</PublicationType></PublicationTypeList></Article><MedlineJournalInfo><MedlineTA>J Res</MedlineTA>"
                f"</MedlineJournalInfo><MeshHeadingList>{subjects}</MeshHeadingList></MedlineCitation><PubmedData>"
                "<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
                f'<ArticleId IdType="pubmed">{n}</ArticleId>'
                "</ArticleIdList></PubmedData></PubmedArticle>\n"
            )
        file.write("</PubmedArticleSet>\n")


MEASURES = {
    f"parse {RECORDS:,} PubMed records: reviewkit, every field": parse_with_reviewkit,
    f"parse {RECORDS:,} PubMed records: iterparse, the title alone": parse_with_iterparse,
    f"parse {RECORDS:,} PubMed records: Bio.Entrez.read": parse_with_biopython,
    "parse them and load them into SQLite: reviewkit": load_into_sqlite,
    f"find duplicates among {RECORDS:,} citations: reviewkit": find_duplicates,
    f"derive where a review of {RECORDS:,} stands: reviewkit": read_the_standing,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", action="store_true", help="install other tools and measure them as well")
    arguments.add_argument("--one", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.one:
        {function.__name__: function for function in MEASURES.values()}[given.one[0]](Path(given.one[1]))
        return
    with tempfile.TemporaryDirectory(prefix="reviewkit-bench-") as name:
        folder = Path(name)
        print(f"{'':<66}{'CPU s':>8}{'clock s':>10}{'peak MB':>10}")
        reviewkit = [sys.executable, "-m", "reviewkit"]
        show("reviewkit --help", measure([*reviewkit, "--help"], folder, 7))
        subprocess.run([*reviewkit, "init", folder / "bench"], check=True, stdout=subprocess.DEVNULL)
        show("reviewkit status, of a new review", measure([*reviewkit, "status"], folder / "bench", 7))
        if given.peers:
            show_peers(folder)
        path = folder / "records.xml"
        make_file(path)
        for what, function in MEASURES.items():
            once = function in (
                load_into_sqlite,
                find_duplicates,
                parse_with_biopython,
            )  # or slow, or not to be repeated
            command = [sys.executable, Path(__file__).resolve(), "--one", function.__name__, path]
            show(what, measure(command, folder, 1 if once else 3))


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
