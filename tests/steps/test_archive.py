"""`reviewkit archive`: every row ever stored, the same bytes each time, and nothing that blinding hides."""

import csv
import io
from pathlib import Path

import pytest

from reviewkit.errors import DamagedRun
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.steps.archive import archive, read_archive
from tests.build import decision
from tests.reviewed import make_review


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_row_is_there_undone_ones_too_in_order(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path)
    written = archive(store, protocol, folders)
    assert written.changed
    assert written.sealed == 0
    assert written.rows == {
        "matches": 3,
        "decisions": 20,
        "links": 2,
        "extractions": 5,
        "samples": 2,
        "stops": 2,
        "checks": 1,
        "notices": 2,
    }
    for name, count in written.rows.items():
        rows = table(folders.archive, f"{name}.csv")
        assert [int(row["n"]) for row in rows] == list(range(1, count + 1))
    assert table(folders.archive, "matches.csv")[2]["undoes"] == "2"
    assert [(row["run"], row["first"], row["retrieved"]) for row in table(folders.archive, "runs.csv")] == [
        ("2024-03-18-scopus", "1", "6"),
        ("2024-03-19-embase", "7", "3"),
    ]
    (kept,) = table(folders.archive, "protocols.csv")
    assert (folders.archive / "protocols" / f"{kept['version']}.toml").read_text() == folders.protocol.read_text()


def test_what_is_read_back_is_what_the_database_holds(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path, reviewers=2)
    assert archive(store, protocol, folders).sealed > 0
    found = read_archive(folders)
    assert found is not None
    assert found.findings == ()
    for shape, parsed in found.journals.items():
        assert list(parsed.rows) == store.all(shape)


def test_the_same_rows_give_the_same_bytes_and_new_ones_come_last(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path)
    archive(store, protocol, folders)
    before = {path: path.read_bytes() for path in folders.archive.rglob("*") if path.is_file()}
    assert not archive(store, protocol, folders).changed
    store.add([decision(8, "include", protocol=protocol.version)])
    assert archive(store, protocol, folders).changed
    after = {path: path.read_bytes() for path in before}
    changed = sorted(path.name for path in before if before[path] != after[path])
    assert changed == ["archive.toml", "decisions.csv"]
    decisions = folders.archive / "decisions.csv"
    assert after[decisions].startswith(before[decisions])
    assert len(after[decisions].splitlines()) == len(before[decisions].splitlines()) + 1


def test_nobody_reads_the_other_ones_verdict_or_value_in_it(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path, reviewers=2)
    archive(store, protocol, folders)
    everything = b"".join(path.read_bytes() for path in folders.archive.glob("*.csv"))
    for said in (b"ann's own view", b"E2", b"twenty people", b"65.04"):
        assert said not in everything
    lone = [row for row in table(folders.archive, "decisions.csv") if row["record"] == "3"]
    assert [(row["by"], row["verdict"], row["criterion"], row["note"]) for row in lone] == [("ann", "", "", "")]
    settled = [row["verdict"] for row in table(folders.archive, "decisions.csv") if row["record"] == "4"]
    assert settled == ["exclude", "exclude"]


def test_once_the_other_has_decided_both_are_written_openly(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path, reviewers=2)
    archive(store, protocol, folders)
    store.add([decision(3, "include", by="bob", protocol=protocol.version)])
    values = {"study": 1, "group": "design", "field": "n", "by": "bob", "at": "2024-05-02T00:00:00Z"}
    store.add([Extraction(value="21", protocol=protocol.version, **values)])  # type: ignore[arg-type]
    archive(store, protocol, folders)
    rows = [row for row in table(folders.archive, "decisions.csv") if row["record"] == "3"]
    assert [(row["by"], row["verdict"], row["sealed"]) for row in rows] == [
        ("ann", "exclude", ""),
        ("bob", "include", ""),
    ]
    values_now = [(row["by"], row["value"]) for row in table(folders.archive, "extractions.csv") if row["field"] == "n"]
    assert values_now == [("ann", "20"), ("bob", "21")]


def test_a_run_without_its_folder_cannot_be_archived(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path)
    (folders.run("2024-03-19-embase") / "search.toml").unlink()
    with pytest.raises(DamagedRun, match=r"2024-03-19-embase.*search\.toml.*copy"):
        archive(store, protocol, folders)
    assert not folders.archive.exists()
    assert store.count(Decision) == 20
