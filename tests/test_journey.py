"""A review from its protocol to its first update, over eight databases, held against a made-up literature's truth."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

import reviewkit
from reviewkit.cli import common
from reviewkit.model.ids import parse_id, record_label
from reviewkit.model.matches import Match, records
from reviewkit.store import Store
from tests.build import protocol_text
from tests.conftest import Result
from tests.servers.libraries import Libraries
from tests.servers.library_entries import as_publish_or_perish, number_of, pmid_of
from tests.servers.literature import BOOKS, Publication, make_literature, ten_days_later

Cli = Callable[..., Result]

SIZE = 160
TOPIC = '("back pain" OR disc OR facet OR endplate OR discectomy) AND (exosom* OR "extracellular vesicles")'
STRATEGIES = {
    "pubmed": f"#1 {TOPIC.partition(' AND ')[0]}\n#2 {TOPIC.partition(' AND ')[2]}\n#3 #1 AND #2\n",
    "scopus": f"TITLE-ABS-KEY({TOPIC})",
    "web-of-science": f"TS=({TOPIC})",
    "embase": f"({TOPIC})".replace('"', "'"),
    "europe-pmc": TOPIC,
    "openalex": TOPIC,
    "crossref": "exosomes vesicles",
    "clinicaltrials-gov": "query.intr=exosomes OR vesicles",
    "google-scholar": "exosomes for back pain",
}
ENGLISH = ("pubmed", "openalex")


@pytest.fixture
def literature() -> tuple[Publication, ...]:
    return make_literature(SIZE)


@pytest.fixture
def libraries(literature: tuple[Publication, ...], monkeypatch: pytest.MonkeyPatch) -> Iterator[Libraries]:
    with Libraries(literature) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("REVIEWKIT_REVIEWER", "ann")
        yield running


def later_by(days: int) -> type[datetime]:
    """A clock that is so many days ahead."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    return Clock


def write_protocol(workspace: Path) -> None:
    tables = [
        f'[[search]]\ndatabase = "{name}"\nstrategy = {json.dumps(text)}\n'
        + ('languages = ["english"]\n' if name in ENGLISH else "")
        for name, text in STRATEGIES.items()
    ]
    text = protocol_text()
    head, rest = text[: text.index("[[search]]")], text[text.index("[[include]]") :]
    head = head.replace("[question]", f'must_find = ["PMID {pmid_of(4)}", "PMID 39999999"]\n\n[question]')
    (workspace / "protocols" / "backpain.toml").write_text(head + "\n".join(tables) + "\n" + rest, encoding="utf-8")


def held(literature: tuple[Publication, ...], book: str) -> set[int]:
    """The truth: what the search of a database must bring."""
    return {
        each.number for each in literature
        if book in each.held_by and (book not in ENGLISH or each.language == "english")
    }  # fmt: skip


def brought(store: Store) -> dict[int, int]:
    """Every citation with the number of its publication."""
    return {each.id: number_of(each, each.run) for each in store.citations()}


def record_of(store: Store) -> dict[int, int]:
    return dict(records(store.citation_runs(), store.all(Match)).group)


def exported(workspace: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(workspace)): path.read_bytes()
        for path in sorted((workspace / "exports").rglob("*")) if path.is_file()
    }  # fmt: skip


def test_a_review_is_searched_deduplicated_screened_updated_and_restored(
    cli: Cli,
    store: Store,
    workspace: Path,
    libraries: Libraries,
    literature: tuple[Publication, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(*words: str, code: int = 0) -> Result:
        result = cli(*words)
        assert result.code == code, f"{words}\n{result.out}\n{result.err}"
        return result

    def status() -> str:
        return run("status").out.rpartition("Next")[2]

    write_protocol(workspace)
    scholar = [each for each in literature if "google-scholar" in each.held_by]
    (workspace / "scholar.ris").write_text("".join(map(as_publish_or_perish, scholar)), encoding="utf-8")
    assert "reviewkit search" in status()

    # every database gives exactly what it holds, and the known papers are told
    run("strategy", "check")
    planned = json.loads(run("search", "--dry-run", "--json").out)["strategies"]
    counts = {each["database"]: each["reported"] for each in planned}
    searched = run("search").out
    assert "Known papers (must_find): 1 of 2 found, 1 MISSED" in searched
    run("import", "scholar.ris", "--database", "google-scholar", "--date", "2024-03-18")
    of = brought(store)
    for found in store.runs():
        truth = {each.number for each in scholar}
        truth = truth if found.database == "google-scholar" else held(literature, found.database)
        assert {of[each] for each in found.ids} == truth, found.database
        assert found.complete
        assert found.database == "google-scholar" or counts[found.database] == len(truth)
    assert len(store.runs()) == len(BOOKS) + 1 == len(STRATEGIES)
    assert "reviewkit dedupe" in status()

    # one record for each publication; what the rules leave open is answered by the truth
    run("dedupe", "--rules-only")
    answer_by_truth(run, store)
    together = publications_of(store)
    assert all(len(numbers) == 1 for numbers in together.values())
    assert len(together) - len(set(of.values())) <= len(scholar) // 4  # titles that were cut off
    assert "reviewkit screen" in status()

    # five articles of PubMed are included; the boxes are those of the truth
    in_pubmed = held(literature, "pubmed")
    wanted = [n for n in sorted(in_pubmed) if not libraries.by_number[n].notices and n % 3 == 0][:5]
    decide(run, store, wanted, workspace)
    assert run("studies", "--json").out.count('"reports"') == len(wanted)
    facts = boxes(run)
    assert facts["identified"] == len(of)
    assert facts["screened"] == len(together) == facts["identified"] - facts["duplicates"]
    assert facts["excluded"] == len(together) - len(wanted)
    assert (facts["included"], facts["studies"]) == (len(wanted), len(wanted))
    run("export")

    # ten days later
    later, changes = ten_days_later(literature, wanted)
    libraries.hold(later)
    monkeypatch.setattr(common, "datetime", later_by(10))
    updated = json.loads(run("update", "--json", code=10).out)["report"]
    new = {each.number for each in later} - {each.number for each in literature}
    assert set(changes.new) | set(changes.back_dated) | set(changes.published.values()) == new
    answer_by_truth(run, store)
    together = publications_of(store)
    assert {number for record, numbers in together.items() for number in numbers if record > max(of)} == new
    assert all(len(numbers) == 1 for numbers in together.values())
    struck = {*changes.retracted, *changes.concerned} & set(wanted)
    assert len(struck) == 4
    assert {number for name in updated["grave"] for number in together[parse_id(name)]} == struck
    decide(run, store, changes.new[:1], workspace)
    facts = boxes(run)
    assert facts["update-1:screened"] == len(new)
    assert (facts["update-1:included"], facts["total:studies"]) == (1, len(wanted) + 1)

    # nothing but text is needed to have it all again, byte for byte
    run("export")
    run("archive")
    before = exported(workspace)
    store.close()
    for path in workspace.glob("reviewkit.db*"):
        path.unlink()
    shutil.rmtree(workspace / ".cache", ignore_errors=True)
    run("restore")
    run("verify")
    run("export")
    run("archive")
    assert exported(workspace) == before
    assert len(before) > 12


def answer_by_truth(run: Callable[..., Result], store: Store) -> None:
    """Answer what the rules leave to a person."""
    copies = {each.id: number_of(each, each.run) for each in store.citations()}
    for asked in json.loads(run("dedupe", "--list", "--json").out):
        left, right = asked["left"]["id"], asked["right"]["id"]
        same = copies[int(left[1:])] == copies[int(right[1:])]
        run("dedupe", "--same" if same else "--different", left, right)


def publications_of(store: Store) -> dict[int, set[int]]:
    """Every record with the publications whose copies it holds."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    record = record_of(store)
    for each, number in brought(store).items():
        found[record[each]].add(number)
    return dict(found)


def decide(run: Callable[..., Result], store: Store, wanted: list[int], workspace: Path) -> None:
    """Include these publications at both stages and exclude all others."""
    together = publications_of(store)
    chosen = [record for record, numbers in together.items() if numbers & set(wanted)]
    waiting = review_records(workspace)
    first = [
        f"{label},{'include,' if record in chosen else 'exclude,E1'}"
        for record in sorted(together) if (label := record_label(record)) in waiting
    ]  # fmt: skip
    second = [f"{record_label(record)},include," for record in chosen]
    for stage, rows in (("title-abstract", first), ("full-text", second)):
        (workspace / "decisions.csv").write_text("\n".join(["record,verdict,criterion", *rows]), encoding="utf-8")
        run("decide", "import", "decisions.csv", "--stage", stage)


def review_records(workspace: Path) -> set[str]:
    """The records that wait at title and abstract."""
    table = reviewkit.open(workspace).records
    return set(table[(table.stage == "title-abstract") & (table.state == "pending")].record)


def boxes(run: Callable[..., Result]) -> dict[str, int]:
    """Every box of the flow, and of its updates and totals, by key."""
    facts = json.loads(run("flow", "--json").out)
    parts = [facts, *facts["updates"], facts["totals"] or {"boxes": []}]
    return {box["key"]: box["n"] for part in parts for box in part["boxes"]}
