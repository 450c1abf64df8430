import json
import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviewkit.model.decisions import Basis, State
from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import load_protocol
from reviewkit.sources import Access
from reviewkit.steps.status import Person, Status, review_status
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT, add_run, citation, decision, make_workspace

TODAY = "2024-06-01"
TIME = "%Y-%m-%dT%H:%M:%SZ"


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


def titles(count: int, word: str = "Exosomes") -> list:
    """Citations so unlike that no rule takes two for one."""
    words = ("knee", "heart", "liver", "spine", "skin", "lung", "brain", "bone", "eye", "ear", "hand", "foot")
    return [citation(title=f"{word} {words[n]} {n * 7919}", authors=(f"{words[n]}son A",)) for n in range(count)]


def of(store: Store, protocol: Protocol, folders: Folders, asker: str = "") -> Status:
    return review_status(store, protocol, folders, TODAY, asker)


def two_reviewers(workspace: Path) -> Protocol:
    make_workspace(workspace, reviewers=2)
    return load_protocol(workspace / "protocols" / "backpain.toml")


def test_an_empty_review_has_nothing_but_a_protocol(store: Store, protocol: Protocol, folders: Folders) -> None:
    status = of(store, protocol, folders)
    assert (status.runs, status.citations, status.records, status.last_search) == ((), 0, 0, "")
    assert [(stage.id, stage.reached) for stage in status.stages] == [("title-abstract", 0), ("full-text", 0)]
    assert (status.archive, status.exports, status.untouched) == ("none", "none", False)


def test_what_can_be_asked_from_here_depends_on_the_keys(store: Store, protocol: Protocol, folders: Folders) -> None:
    names = ("pubmed", "scopus", "google-scholar", "crossref")
    wide = replace(protocol, search=tuple(replace(protocol.search[0], database=name) for name in names))
    assert of(store, wide, folders).askable == ("pubmed", "crossref")  # an e-mail address everybody has
    add_run(store, titles(1), "crossref")
    keys = Access({"ELSEVIER_API_KEY": "k"}.get, Path())  # type: ignore[arg-type]
    assert review_status(store, wide, folders, TODAY, access=keys).askable == ("pubmed", "scopus")


def test_every_stage_counts_its_records_by_state(store: Store, protocol: Protocol, folders: Folders) -> None:
    add_run(store, titles(6))
    store.add([decision(n, "include") for n in (1, 2, 3)] + [decision(4, "exclude", criterion="E1")])
    store.add([decision(1, "include", stage="full-text"), decision(2, "not-retrieved", stage="full-text")])

    screening, reading = of(store, protocol, folders).stages

    assert screening.reached == 6
    assert (screening.pending, screening.states[State.INCLUDED], screening.states[State.EXCLUDED]) == (2, 3, 1)
    assert screening.people == (Person("ann", 4, 2),)
    assert reading.reached == 3
    assert (reading.pending, reading.states[State.INCLUDED], reading.states[State.NOT_RETRIEVED]) == (1, 1, 1)
    assert sum(screening.states.values()) == screening.reached


def test_two_reviewers_are_shown_by_amount_of_work_and_never_by_verdict(
    store: Store, workspace: Path, folders: Folders
) -> None:
    """Whatever ann decided, the status that bob sees is the same, until he has decided too."""
    protocol = two_reviewers(workspace)
    add_run(store, titles(4))

    def seen_after(verdicts: Iterable[str]) -> tuple[str, list]:
        rows = store.add([decision(n, verdict, by="ann") for n, verdict in enumerate(verdicts, start=1)])
        seen = json.dumps(asdict(of(store, protocol, folders)), default=str)
        store.add([replace(row, undoes=row.n, n=0) for row in rows])
        return seen, rows

    included, _ = seen_after(["include", "include", "include"])
    excluded, _ = seen_after(["exclude", "exclude", "maybe"])
    assert included == excluded
    assert '"people": [{"name": "ann", "done": 3, "left": 1}]' in included

    store.add([decision(n, "include", by=who) for n in (1, 2) for who in ("ann", "bob")])
    store.add([decision(3, "include", by="ann"), decision(3, "exclude", by="bob")])
    stage = of(store, protocol, folders).stages[0]
    assert (stage.pending, stage.conflicts, stage.states[State.INCLUDED]) == (1, 1, 2)
    assert stage.people == (Person("ann", 3, 1), Person("bob", 3, 1))


def test_the_one_who_asks_is_listed_before_his_first_decision(store: Store, workspace: Path, folders: Folders) -> None:
    protocol = two_reviewers(workspace)
    add_run(store, titles(3))
    store.add([decision(1, "include", by="ann")])

    assert of(store, protocol, folders, "bob").stages[0].people == (Person("ann", 1, 2), Person("bob", 0, 3))
    assert of(store, protocol, folders).stages[0].people == (Person("ann", 1, 2),)


def test_an_update_counts_only_the_records_that_nothing_before_it_had_brought(
    store: Store, protocol: Protocol, folders: Folders
) -> None:
    add_run(store, titles(3))
    add_run(store, titles(4), date="2025-01-10", update=1)  # r4 to r6 are r1 to r3 again, r7 is new
    store.add([Match(left=n, right=n + 3, judgement=Judgement.SAME, rule="doi", by="rule", at=AT) for n in (1, 2, 3)])

    (update,) = of(store, protocol, folders).updates
    assert (update.number, update.date, update.records, update.waiting) == (1, "2025-01-10", 1, 1)

    store.add([decision(7, "exclude", criterion="E1")])
    (update,) = of(store, protocol, folders).updates
    assert (update.records, update.waiting) == (1, 0)


def test_runs_that_are_on_disk_and_not_in_the_database_are_told_apart(
    store: Store, protocol: Protocol, folders: Folders
) -> None:
    from tests.reviewed import add_import, ris

    add_import(folders, store, protocol, ris(2), "scopus", "2024-03-18")
    assert [(run.id, run.loaded) for run in of(store, protocol, folders).runs] == [("2024-03-18-scopus", True)]

    (folders.workspace.root / "reviewkit.db").rename(folders.workspace.root / "elsewhere.db")
    empty = open_store("sqlite://", "backpain")
    assert [(run.id, run.loaded) for run in of(empty, protocol, folders).runs] == [("2024-03-18-scopus", False)]
    empty.close()


def test_a_damaged_run_folder_is_told_and_the_rest_is_shown(store: Store, protocol: Protocol, folders: Folders) -> None:
    add_run(store, titles(2))
    (folders.searches / "2024-03-18-embase").mkdir(parents=True)
    (folders.searches / "2024-03-18-embase" / "search.toml").write_text("not = [toml")
    (folders.searches / ".running-2024-04-01-pubmed").mkdir()

    status = of(store, protocol, folders)

    assert "2024-03-18-embase cannot be loaded" in status.damage
    assert status.stopped == (".running-2024-04-01-pubmed",)
    assert status.citations == 2


def test_deduplication_is_due_exactly_when_it_would_find_something(
    store: Store, protocol: Protocol, folders: Folders
) -> None:
    from reviewkit.steps.dedup import deduplicate

    add_run(store, [citation(doi="10.1/x", title="One and the same thing")])
    assert not of(store, protocol, folders).dedupe_due
    add_run(store, [citation(doi="10.1/x", title="One and the same thing")], "scopus")
    assert of(store, protocol, folders).dedupe_due
    deduplicate(store, AT)
    assert not of(store, protocol, folders).dedupe_due
    add_run(store, titles(3), "embase")  # nothing alike: nothing to find, however often it is run
    assert not of(store, protocol, folders).dedupe_due
    add_run(store, [citation(doi="10.1/x", title="One and the same thing")], "embase")
    assert of(store, protocol, folders).dedupe_due


@pytest.mark.parametrize(
    ("searched", "today", "months"),
    [
        ("2024-03-18", "2024-03-18", 0),
        ("2024-03-18", "2024-04-17", 0),
        ("2024-03-18", "2025-03-17", 11),
        ("2024-03-18", "2025-03-18", 12),
        ("2024-03-31", "2025-02-28", 10),
        ("2024-03-18", "2024-01-01", 0),
    ],
)
def test_the_age_of_a_search_is_counted_in_whole_months(
    store: Store, protocol: Protocol, folders: Folders, searched: str, today: str, months: int
) -> None:
    add_run(store, titles(1), date=searched)
    assert review_status(store, protocol, folders, today).age == months


def test_the_oldest_of_each_databases_last_search_counts(store: Store, protocol: Protocol, folders: Folders) -> None:
    add_run(store, titles(1), "pubmed", "2023-01-01")
    add_run(store, titles(1), "pubmed", "2024-05-01", update=1)
    add_run(store, titles(1), "scopus", "2024-02-01")
    assert of(store, protocol, folders).last_search == "2024-02-01"


def test_extraction_counts_the_studies_that_enough_people_have_finished(
    store: Store, workspace: Path, folders: Folders
) -> None:
    protocol = two_reviewers(workspace)
    add_run(store, titles(2))
    for stage in ("title-abstract", "full-text"):
        store.add([decision(n, "include", by=who, stage=stage) for n in (1, 2) for who in ("ann", "bob")])

    def value(study: int, text: str, by: str, **given: object) -> Extraction:
        return Extraction(study=study, group="design", field="n", value=text, by=by, at=AT, **given)  # type: ignore[arg-type]

    store.add([value(1, "20", "ann"), value(2, "7", "ann"), value(1, "20", "bob")])
    extraction = of(store, protocol, folders).extraction
    assert (extraction.studies, extraction.finished, extraction.differences) == (2, 1, 0)
    assert extraction.people == (Person("ann", 2, 0), Person("bob", 1, 1))

    store.add([value(2, "8", "bob")])
    extraction = of(store, protocol, folders).extraction
    assert (extraction.finished, extraction.differences) == (2, 1)

    store.add([value(2, "8", "ann", basis=Basis.CONSENSUS)])
    assert of(store, protocol, folders).extraction.differences == 0


def test_the_archive_is_behind_as_soon_as_a_row_is_not_in_it(
    store: Store, protocol: Protocol, folders: Folders
) -> None:
    from reviewkit.steps.archive import archive
    from tests.reviewed import add_import, ris

    add_import(folders, store, protocol, ris(2), "scopus", "2024-03-18")
    assert of(store, protocol, folders).archive == "none"
    archive(store, protocol, folders)
    assert of(store, protocol, folders).archive == "current"
    store.add([decision(1, "include")])
    assert of(store, protocol, folders).archive == "behind"
    with closing(open_store("sqlite://", "backpain")) as empty:
        archive(store, protocol, folders)
        assert of(empty, protocol, folders).archive == "ahead"
    (folders.archive / "archive.toml").write_text("broken")
    assert of(store, protocol, folders).archive == "damaged"


def test_the_exports_are_behind_after_a_later_decision(store: Store, protocol: Protocol, folders: Folders) -> None:
    add_run(store, titles(2))
    folders.exports.mkdir(parents=True)
    folders.report.write_text("<html/>")
    assert of(store, protocol, folders).exports == "current"
    store.add([replace(decision(1, "include"), at="2999-01-01T00:00:00Z")])
    assert of(store, protocol, folders).exports == "behind"


def test_an_export_that_changes_no_number_is_current_all_the_same(
    store: Store, protocol: Protocol, folders: Folders
) -> None:
    from reviewkit.steps.export import export_all

    add_run(store, titles(2))
    now = datetime.now(UTC)
    store.add([replace(decision(1, "exclude", criterion="E1"), at=(now - timedelta(hours=2)).strftime(TIME))])
    for path in (exported.path for exported in export_all(store, protocol, folders)):
        os.utime(path, (now.timestamp() - 3600, now.timestamp() - 3600))
    assert of(store, protocol, folders).exports == "current"
    store.add([replace(decision(1, "exclude", criterion="E1"), at=now.strftime(TIME))])  # the same once more
    assert of(store, protocol, folders).exports == "behind"
    export_all(store, protocol, folders)
    assert of(store, protocol, folders).exports == "current"


def test_looking_changes_nothing(store: Store, protocol: Protocol, folders: Folders) -> None:
    add_run(store, titles(2))
    before = {path: path.read_bytes() for path in folders.workspace.root.rglob("*.toml")}
    of(store, protocol, folders)
    assert {path: path.read_bytes() for path in folders.workspace.root.rglob("*.toml")} == before
    assert not folders.exports.exists()
