"""`reviewkit restore`: the database back from plain files, row for row, or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.errors import DamagedArchive, DamagedRun, DatabaseNotEmpty
from reviewkit.model.decisions import Decision
from reviewkit.protocol import load_protocol
from reviewkit.steps.archive import archive
from reviewkit.steps.restore import Restored, restore
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders
from tests.build import AT, decision
from tests.reviewed import add_import, dump, make_review, ris


def archived(root: Path, reviewers: int = 1, url: str = "") -> tuple[Folders, dict[str, list[object]], str]:
    """A review that is archived, what its database held, and the URL of an empty one."""
    folders, protocol, store = make_review(root, url, reviewers)
    archive(store, protocol, folders)
    store.close()
    held = dump(url or folders.workspace.database_url({}))
    return folders, held, f"sqlite:///{root / 'fresh.db'}"  # type: ignore[return-value]


def restored(folders: Folders, url: str) -> tuple[Restored, Store]:
    store = open_store(url, folders.review)
    return restore(store, load_protocol(folders.protocol), folders, AT), store


@pytest.mark.parametrize("reviewers", [1, 2])
def test_every_table_is_the_same_row_for_row(tmp_path: Path, reviewers: int) -> None:
    folders, held, url = archived(tmp_path, reviewers)
    assert all(held.values()), "no table is empty"
    done, _ = restored(folders, url)
    assert dump(url) == held
    assert (done.runs, done.citations, done.archived, done.added) == (2, 9, True, ())
    assert done.rows["decisions"] == len(held["decisions"])


@pytest.mark.postgres
def test_postgresql_gives_and_takes_the_same(tmp_path: Path, postgres_url: str) -> None:
    folders, held, url = archived(tmp_path, 2, postgres_url)
    restored(folders, url)
    assert dump(url) == held


def test_the_next_row_goes_on_with_the_next_number(tmp_path: Path) -> None:
    folders, held, url = archived(tmp_path)
    _, store = restored(folders, url)
    (row,) = store.add([decision(8, "include")])
    assert row.n == len(held["decisions"]) + 1


def test_a_restored_review_gives_the_same_archive(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path, 2)
    _, store = restored(folders, url)
    assert not archive(store, load_protocol(folders.protocol), folders).changed


def test_runs_that_came_after_the_archive_are_loaded_too(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path)
    archive(store, protocol, folders)
    add_import(folders, store, protocol, ris(2, "Later work"), "web-of-science", "2024-03-20")
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    done, fresh = restored(folders, url)
    assert done.added == ("2024-03-20-web-of-science",)
    assert [run.id for run in fresh.runs()][-1] == "2024-03-20-web-of-science"
    assert dump(url) == dump(folders.workspace.database_url({}))


def test_without_an_archive_protocol_and_runs_are_restored(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    shutil.rmtree(folders.archive)
    done, store = restored(folders, url)
    assert (done.runs, done.citations, done.archived) == (2, 9, False)
    assert store.count(Decision) == 0
    assert list(store.protocols()) == [load_protocol(folders.protocol).version]


def test_a_review_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    folders, held, _ = archived(tmp_path)
    url = folders.workspace.database_url({})
    with pytest.raises(DatabaseNotEmpty, match=r"reviewkit\.db"):
        restored(folders, url)
    assert dump(url) == held


def edit(name: str, old: str, new: str) -> Callable[[Folders], None]:
    """Change one text in one of the archive's files, and its hash in the manifest, as a careful tamperer would."""

    def change(folders: Folders) -> None:
        import hashlib

        path = folders.archive / name
        before = path.read_bytes()
        after = before.replace(old.encode(), new.encode(), 1)
        assert after != before
        path.write_bytes(after)
        manifest = folders.archive / "archive.toml"
        hashes = [hashlib.sha256(body).hexdigest() for body in (before, after)]
        manifest.write_text(manifest.read_text().replace(*hashes))

    return change


def remove(name: str) -> Callable[[Folders], None]:
    return lambda folders: (folders.archive / name).unlink()


def append(name: str, text: str) -> Callable[[Folders], None]:
    def change(folders: Folders) -> None:
        with (folders.archive / name).open("a") as file:
            file.write(text)

    return change


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (remove("links.csv"), "archive/links.csv: is missing"),
        (remove("protocols.csv"), "archive/protocols.csv: is missing"),
        (remove("archive.toml"), "archive.toml: is missing"),
        (append("links.csv", "\n"), "archive/links.csv: was changed after it was written"),
        (
            edit("decisions.csv", ",include,", ",inclued,"),
            "archive/decisions.csv:2: verdict: 'inclued' should be one of",
        ),
        (edit("decisions.csv", "\n2,2,", "\n3,2,"), "archive/decisions.csv:3: its number n is 3 where 2 comes next"),
        (edit("links.csv", "1,1,2,", "1,1,77,"), "archive/links.csv:2: it names r77, which no search run brought"),
        (edit("matches.csv", "00Z,2,", "00Z,7,"), "archive/matches.csv:4: it takes back row 7"),
        (
            edit("runs.csv", ",7,3,", ",7,4,"),
            "archive/runs.csv:3: run 2024-03-19-embase has 3 citations from 7, and had 4",
        ),
        (edit("runs.csv", "embase,", "embassy,"), "archive/runs.csv:3: run 2024-03-19-embassy has no folder"),
        (edit("archive.toml", "finished = true", "finished = false"), "when reviewkit was stopped"),
        (edit("archive.toml", "format = 1", "format = 9"), "format 9 was written by a newer reviewkit"),
        (edit("protocols.csv", "\n", "\n../../x,"), "protocols.csv:2: has 3 cells"),
    ],
)
def test_a_damaged_archive_restores_nothing_and_tells_the_place(
    tmp_path: Path, damage: Callable[[Folders], None], told: str
) -> None:
    folders, _, url = archived(tmp_path)
    damage(folders)
    with pytest.raises(DamagedArchive) as error:
        restored(folders, url)
    assert told in str(error.value)
    assert not any(dump(url).values())


def test_every_damage_is_listed_at_once(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    remove("links.csv")(folders)
    edit("decisions.csv", ",include,", ",inclued,")(folders)
    edit("decisions.csv", "\n2,2,", "\n2,two,")(folders)
    with pytest.raises(DamagedArchive) as error:
        restored(folders, url)
    assert len(error.value.problems) == 3
    assert "run 'reviewkit archive' where the database is whole" in str(error.value)


def test_a_protocol_text_that_was_changed_is_told(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    (text,) = (folders.archive / "protocols").iterdir()
    text.write_text(text.read_text().replace("back pain", "neck pain"))
    with pytest.raises(DamagedArchive, match=f"{text.name}: was changed"):
        restored(folders, url)


def test_a_path_in_place_of_a_version_is_not_followed(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    edit("protocols.csv", load_protocol(folders.protocol).version, "../../../secret")(folders)
    with pytest.raises(DamagedArchive, match=r"protocols\.csv:2: '\.\./\.\./\.\./secret' is not a protocol version"):
        restored(folders, url)


def test_a_search_toml_changed_after_archiving_is_told(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    path = folders.run("2024-03-18-scopus") / "search.toml"
    path.write_text(path.read_text().replace("2024-03-18T", "2024-03-17T").replace("reported = 6", "reported = 7"))
    with pytest.raises(DamagedArchive, match=r"runs\.csv:2: the search\.toml of run 2024-03-18-scopus was changed"):
        restored(folders, url)


def test_a_response_changed_after_it_was_received_restores_nothing(tmp_path: Path) -> None:
    folders, _, url = archived(tmp_path)
    (response,) = folders.run("2024-03-19-embase").glob("import*")
    response.write_bytes(response.read_bytes().replace(b"Other", b"Their"))
    with pytest.raises(DamagedRun, match="2024-03-19-embase"):
        restored(folders, url)
    assert not any(dump(url).values())


def test_the_exports_of_a_restored_review_are_the_same_byte_for_byte(cli, workspace: Path) -> None:  # type: ignore[no-untyped-def]
    folders, _, store = make_review(workspace, reviewers=2)
    store.close()

    def exported() -> dict[str, bytes]:
        assert cli("export").code == 0
        return {path.name: path.read_bytes() for path in folders.exports.iterdir() if path.is_file()}

    before = exported()
    assert "evidence-table.xlsx" in before
    assert cli("archive").code == 0
    for path in [*folders.exports.glob("*.*"), *workspace.glob("reviewkit.db*")]:
        path.unlink()
    assert cli("restore").code == 0
    assert exported() == before


def test_the_command_says_what_came_back(cli, workspace: Path) -> None:  # type: ignore[no-untyped-def]
    store = make_review(workspace)[2]
    store.close()
    assert cli("archive").code == 0
    Path("reviewkit.db").unlink()
    for left in workspace.glob("reviewkit.db-*"):
        left.unlink()
    result = cli("restore")
    assert result.code == 0, result.err
    assert "search runs 2, citations 9" in result.out
    assert "decisions 20" in result.out
    again = cli("restore")
    assert again.code == 1
    assert "holds review 'backpain'" in again.err
