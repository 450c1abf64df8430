"""`reviewkit verify`: clean where nothing is wrong; else one line for each thing, with place and remedy."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision
from reviewkit.protocol import load_protocol
from reviewkit.steps.archive import archive
from reviewkit.steps.verify import Verified, verify
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders
from tests.build import AT, decision
from tests.reviewed import add_import, make_review, ris


def ready(root: Path, reviewers: int = 1) -> tuple[Folders, Store]:
    """A review that is archived, so that nothing is left to say about it."""
    folders, protocol, store = make_review(root, reviewers=reviewers)
    archive(store, protocol, folders)
    return folders, store


def look(folders: Folders, store: Store) -> Verified:
    return verify(store, load_protocol(folders.protocol), folders)


@pytest.mark.parametrize("reviewers", [1, 2])
def test_a_sound_review_is_clean_and_everything_in_it_was_checked(tmp_path: Path, reviewers: int) -> None:
    found = look(*ready(tmp_path, reviewers))
    assert found.faults == []
    assert found.notes == []
    decisions = {1: 20, 2: 25}[reviewers]
    assert found.checked == {
        "search runs": 2, "responses": 2, "citations": 9, "protocol versions": 1, "matches": 3, "decisions": decisions,
        "links": 2, "extractions": 5, "samples": 2, "stops": 2, "checks": 1, "notices": 2,
            "archived rows": 17 + decisions, "records": 8,
        "included studies": {1: 1, 2: 1}[reviewers],
    }  # fmt: skip


def test_an_empty_workspace_is_clean(cli: Callable[..., object]) -> None:
    result = cli("verify")
    assert result.code == 0  # type: ignore[attr-defined]
    assert "search runs 0" in result.out  # type: ignore[attr-defined]


def response(folders: Folders) -> Path:
    (path,) = folders.run("2024-03-18-scopus").glob("import*")
    return path


def search_toml(folders: Folders) -> Path:
    return folders.run("2024-03-18-scopus") / "search.toml"


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def sql(folders: Folders, statement: str) -> None:
    with sqlite3.connect(folders.workspace.database) as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


Damage = Callable[[Folders], object]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        # the files of the runs
        (lambda f: replace_in(response(f), "part 3", "part 4"), "scopus/import.ris: was changed after it was received"),
        (lambda f: response(f).write_text(""), "import.ris: has 0 bytes where"),
        (lambda f: response(f).unlink(), "scopus/import.ris: is missing"),
        (lambda f: search_toml(f).unlink(), "2024-03-18-scopus: search.toml: "),
        (lambda f: search_toml(f).write_text("id = "), "2024-03-18-scopus: search.toml: "),
        (lambda f: replace_in(search_toml(f), "retrieved = 6", "retrieved = 5"), "says 5 retrieved where its"),
        (lambda f: replace_in(search_toml(f), 'id = "2024', 'id = "2023'), "says it is run 2023-03-18-scopus"),
        (lambda f: replace_in(search_toml(f), "first = 1", "first = 3"), "both own r7 to r8"),
        (lambda f: shutil.rmtree(f.run("2024-03-18-scopus")), "r1 to r6 come before run 2024-03-19-embase"),
        (lambda f: shutil.rmtree(f.run("2024-03-18-scopus")), "run 2024-03-18-scopus: is in the database and has no"),
        (lambda f: replace_in(search_toml(f), 'file = "scopus.ris"', 'file = "other.ris"'), "do not agree on file"),
        # the citations in the database
        (lambda f: sql(f, "UPDATE citations SET title = 'x' WHERE id = 2"), "r2: is not what its file says: title"),
        (lambda f: sql(f, "DELETE FROM citations WHERE id = 2"), "citation r2: is not in the database"),
        (lambda f: sql(f, "UPDATE citations SET run = '2024-03-19-embase' WHERE id = 2"), "r2: is in the database, in"),
        (lambda f: sql(f, "UPDATE citations SET title = title || 'x'"), "1 more citations differ"),
        # the rows
        (lambda f: sql(f, "UPDATE decisions SET record = 44 WHERE n = 2"), "decisions, row 2: it names r44"),
        (lambda f: sql(f, "UPDATE decisions SET criterion = 'E7' WHERE n = 5"), "decisions, row 5: protocol"),
        (lambda f: sql(f, "UPDATE decisions SET protocol = 'abc' WHERE n = 5"), "5: it was made under protocol abc"),
        (lambda f: sql(f, "UPDATE decisions SET protocol = '' WHERE n = 5"), "row 5: it does not say under which"),
        (lambda f: sql(f, "DELETE FROM matches WHERE n = 1"), "matches, row 2: its number n is 2 where 1 comes next"),
        (lambda f: sql(f, "UPDATE extractions SET field = 'age' WHERE n = 1"), "has no field design.age"),
        (lambda f: sql(f, 'UPDATE links SET "right" = 1 WHERE n = 1'), "links, row 1: its left, 1, should be smaller"),
        (lambda f: sql(f, "UPDATE protocols SET text = replace(text, 'mice', 'rats')"), "its text is not what it was"),
        (lambda f: sql(f, "UPDATE protocols SET text = 'title ='"), "is not"),
        # the archive
        (lambda f: replace_in(f.archive / "links.csv", "1,1,2", "1,1,3"), "archive/links.csv: was changed"),
        (lambda f: (f.archive / "links.csv").unlink(), "archive/links.csv: is missing"),
        (lambda f: (f.archive / "archive.toml").unlink(), "archive.toml: is missing"),
        (lambda f: sql(f, "UPDATE decisions SET note = 'other' WHERE n = 5"), "decisions.csv:6: is not what the"),
        (lambda f: sql(f, "DELETE FROM links"), "links.csv: holds 2 rows and the database 0"),
    ],
)  # fmt: skip
def test_each_damage_is_one_line_with_its_place(tmp_path: Path, damage: Damage, told: str) -> None:
    folders, store = ready(tmp_path)
    damage(folders)
    found = look(folders, store)
    assert not found.clean
    assert any(told in fault for fault in found.faults), "\n".join(found.faults)
    for fault in found.faults:
        assert "\n" not in fault
        assert fault.endswith(".")


def test_a_response_whose_compression_is_damaged_is_a_fault(tmp_path: Path) -> None:
    folders, store = ready(tmp_path)
    packed = response(folders).with_suffix(".ris.gz")
    packed.write_bytes(gzip.compress(response(folders).read_bytes(), mtime=0)[:-20])
    replace_in(search_toml(folders), '"import.ris"', '"import.ris.gz"')
    found = look(folders, store)
    assert any("import.ris.gz: is damaged" in fault for fault in found.faults), found.faults


def test_an_older_archive_is_a_note_that_counts_what_is_not_in_it(tmp_path: Path) -> None:
    folders, store = ready(tmp_path)
    protocol = load_protocol(folders.protocol)
    store.add([decision(8, "include", protocol=protocol.version), decision(5, "include", protocol=protocol.version)])
    add_import(folders, store, protocol, ris(2, "Later work"), "web-of-science", "2024-03-20")
    found = look(folders, store)
    assert found.faults == []
    assert found.notes == ["Not archived yet: decisions 2, search runs 1; 'reviewkit archive' adds them"]


def test_no_archive_and_a_half_written_one_are_notes(tmp_path: Path) -> None:
    folders, store = ready(tmp_path)
    replace_in(folders.archive / "archive.toml", "finished = true", "finished = false")
    (folders.archive / "links.csv").unlink()
    found = look(folders, store)
    assert found.clean
    assert "run 'reviewkit archive' again" in found.notes[0]
    shutil.rmtree(folders.archive)
    assert look(folders, store).notes == ["There is no archive yet; 'reviewkit archive' writes it"]


def test_what_stopped_commands_left_is_a_note(tmp_path: Path) -> None:
    folders, store = ready(tmp_path)
    (folders.running("2024-03-21-pubmed")).mkdir()
    (folders.exports / ".writing-abc").write_bytes(b"half")
    (folders.run("2024-03-18-scopus") / "notes.txt").write_text("mine")
    found = look(folders, store)
    assert found.clean
    told = " ".join(found.notes)
    for name in (".running-2024-03-21-pubmed", ".writing-abc", "notes.txt: does not belong"):
        assert name in told


def test_a_run_that_is_not_loaded_yet_is_a_note(tmp_path: Path) -> None:
    folders, _ = ready(tmp_path)
    shutil.rmtree(folders.archive)
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", folders.review)
    found = look(folders, other)
    assert found.clean
    assert len([note for note in found.notes if "is not loaded into the database yet" in note]) == 2


def test_a_lost_database_is_told_with_the_way_back(tmp_path: Path) -> None:
    folders, _ = ready(tmp_path)
    found = look(folders, open_store(f"sqlite:///{tmp_path / 'other.db'}", folders.review))
    assert any("holds 20 rows and the database 0" in fault and "reviewkit restore" in fault for fault in found.faults)


def test_the_boxes_of_the_flow_are_checked(tmp_path: Path) -> None:
    folders, store = ready(tmp_path)
    store.add([Decision(record=2, stage="full-text", by="ann", at=AT, undoes=4)])
    assert look(folders, store).clean, "an unfinished review adds up as well"


def test_the_command_tells_in_words_and_in_json(cli, workspace: Path) -> None:  # type: ignore[no-untyped-def]
    folders, store = ready(workspace)
    store.close()
    result = cli("verify")
    assert result.code == 0
    assert "citations 9" in result.out
    assert "Clean: nothing is wrong." in result.out
    response(folders).unlink()
    broken = cli("verify")
    assert broken.code == 1
    assert "Wrong: searches/backpain/2024-03-18-scopus/import.ris: is missing." in broken.out
    told = json.loads(cli("verify", "--json").out)
    assert told["clean"] is False
    assert told["checked"]["search runs"] == 2
    assert len(told["faults"]) >= 1
