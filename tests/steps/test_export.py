"""All exports of a review together: what is written, the same bytes each time, nothing half, nothing unblinded."""

import random
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from reviewkit.errors import FlowDoesNotAddUp
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import Match
from reviewkit.model.protocol import Protocol
from reviewkit.model.studies import Link
from reviewkit.protocol import parse_protocol
from reviewkit.steps.export import export_all
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders, Workspace
from tests.build import AT, add_run, citation, decision, protocol_text
from tests.steps.review_to_export import LATER, fill


def contents(store: Store, protocol: Protocol, root: Path) -> dict[str, bytes]:
    made = export_all(store, protocol, Folders(Workspace(root), "backpain"))
    return {file.path.name: file.path.read_bytes() for file in made}


def test_the_same_review_gives_the_same_bytes_in_another_folder(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    fill(store, protocol)
    first = contents(store, protocol, tmp_path / "one")
    assert len(first) == 8
    assert all(first.values())
    assert contents(store, protocol, tmp_path / "two") == first


def test_a_database_rebuilt_in_another_row_order_gives_the_same_bytes(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    fill(store, protocol)
    first = contents(store, protocol, tmp_path / "one")
    other = open_store(f"sqlite:///{tmp_path / 'rebuilt.db'}", "backpain")
    runs = [(run, list(store.citations(run.ids))) for run in store.runs()]
    shuffle = random.Random(7).shuffle
    shuffle(runs)
    for _, citations in runs:
        shuffle(citations)
    journals = [store.all(shape) for shape in (Extraction, Link, Decision, Match)]
    for rows in journals:
        shuffle(rows)
    other.restore(store.protocols(), runs, journals)
    assert contents(other, protocol, tmp_path / "two") == first
    other.close()


def test_one_more_decision_changes_the_files_that_show_it(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    fill(store, protocol)
    folders = Folders(Workspace(tmp_path), "backpain")
    export_all(store, protocol, folders)
    store.add([decision(9, "exclude", stage="full-text", criterion="E1")])
    same = [file.path.name for file in export_all(store, protocol, folders) if not file.changed]
    assert same == ["search-log.xlsx"]  # which tells nothing of decisions
    assert not any(file.changed for file in export_all(store, protocol, folders))


def test_progress_is_told_and_what_a_killed_export_left_is_swept_away(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    fill(store, protocol)
    folders = Folders(Workspace(tmp_path), "backpain")
    folders.exports.mkdir(parents=True)
    (folders.exports / ".writing-abc").write_bytes(b"half")
    told: list[str] = []
    made = export_all(store, protocol, folders, told.append)
    assert told == [file.path.name for file in made]
    assert not list(folders.exports.glob(".writing-*"))


def test_counts_that_contradict_each_other_write_nothing(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    fill(store, protocol)
    folders = Folders(Workspace(tmp_path), "backpain")
    export_all(store, protocol, folders)
    before = {path: path.read_bytes() for path in folders.exports.iterdir()}
    with create_engine(str(store._engine.url)).begin() as connection:
        connection.execute(text("UPDATE decisions SET verdict = 'ongoing' WHERE record = 2"))
    with pytest.raises(FlowDoesNotAddUp):
        export_all(store, protocol, folders)
    assert {path: path.read_bytes() for path in folders.exports.iterdir()} == before


def test_a_review_without_anything_in_it_is_exported_as_such(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    made = contents(store, protocol, tmp_path)
    assert b"In progress: no search has been run yet." in made["report.html"]
    assert b"<svg" in made["prisma.svg"]


def test_while_a_record_is_pending_no_file_shows_who_voted_or_how(store: Store, tmp_path: Path) -> None:
    protocol = parse_protocol(protocol_text(2), Path("backpain.toml"))
    add_run(store, [citation(title="Pending"), citation(title="Decided")])
    hidden = decision(1, "exclude", by="secretive", criterion="E2", note="privatenote")
    shown = [decision(2, "include", by="ann"), decision(2, "include", by="bob")]
    full = [decision(2, "include", by=who, stage="full-text") for who in ("ann", "bob")]
    store.add([hidden, *shown, *full])
    value = {"study": 2, "group": "design", "field": "n", "at": LATER}
    store.add([Extraction(value="424242", source="privatequote", by="extractress", **value)])  # type: ignore[arg-type]
    outcomes = {"study": 2, "group": "outcome", "field": "change", "by": "extractress", "at": LATER}
    store.add([Extraction(row=f"privateoutcome | {n} months", value="1", **outcomes) for n in (1, 2)])  # type: ignore[arg-type]
    made = contents(store, protocol, tmp_path)
    made["evidence-table.xlsx"] = _unzipped(made["evidence-table.xlsx"])
    for name, content in made.items():
        for word in (b"secretive", b"privatenote", b"424242", b"privatequote", b"privateoutcome"):
            assert word not in content, (name, word)
    assert b"awaited" in made["evidence-table.xlsx"]
    assert b"Records not yet screened" in made["prisma.svg"]


def test_values_that_two_extractors_read_differently_are_shown_as_a_conflict(store: Store, tmp_path: Path) -> None:
    protocol = parse_protocol(protocol_text(2), Path("backpain.toml"))
    add_run(store, [citation()])
    votes = [decision(1, "include", by=who, stage=s) for s in ("title-abstract", "full-text") for who in ("ann", "bob")]
    store.add(votes)
    values = [("ann", "n", "20"), ("bob", "n", "21"), ("ann", "kind", "trial"), ("bob", "kind", "trial")]
    store.add([
        Extraction(study=1, group="design", field=field, value=value, by=by, at=AT) for by, field, value in values
    ])  # fmt: skip
    made = contents(store, protocol, tmp_path)
    page = made["report.html"].decode()
    assert '<span class="mark open">in conflict</span>' in page
    assert "<td>trial</td>" in page
    assert "extracted values not agreed (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1)" in page
    assert b"in conflict" in _unzipped(made["evidence-table.xlsx"])


def _unzipped(content: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
