from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import DamagedRun, NoProtocol, NoWorkspace, SearchGoingOn, UnknownReview, WhichReview
from reviewkit.model.runs import Response, SearchRun
from reviewkit.workspace import Folders, Workspace, find_workspace
from reviewkit.workspace.runs import keep_file, open_response, read_run, save_response, sha256_of, write_run
from tests.build import AT, make_workspace

RUN = SearchRun(
    id="2024-03-18-pubmed",
    database="pubmed",
    date="2024-03-18",
    started=AT,
    finished=AT,
    strategy='exosomes AND\n"low back" \\ pain 😀 \'\'\' """ \t',
    translation="\x1b[31m [red]",
    limits=("language: english", 'a "quoted" one'),
    warnings=(),
    reported=3,
    retrieved=2,
    rejected=1,
    complete=False,
    first=7,
    update=1,
    responses=(Response(name="0001.xml.gz", format="pubmed-xml", bytes=12, sha256="0" * 64),),
)


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


def keep(folders: Folders, run: SearchRun) -> None:
    folders.run(run.id).mkdir(parents=True)
    write_run(folders.run(run.id), run)


def test_a_workspace_is_found_from_any_folder_inside_it(workspace: Path) -> None:
    inside = workspace / "searches" / "backpain"
    inside.mkdir(parents=True)
    assert find_workspace(inside).root == workspace.resolve()


def test_outside_a_workspace_none_is_found(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace):
        find_workspace(tmp_path)


def test_the_only_review_needs_no_name_and_one_of_several_does(workspace: Path) -> None:
    assert Workspace(workspace).choose(None).review == "backpain"
    make_workspace(workspace, review="neckpain")
    with pytest.raises(WhichReview, match="backpain, neckpain"):
        Workspace(workspace).choose(None)
    assert Workspace(workspace).choose("neckpain").review == "neckpain"
    with pytest.raises(UnknownReview):
        Workspace(workspace).choose("../backpain")


def test_files_that_are_no_protocols_are_no_reviews(workspace: Path) -> None:
    for name in ("._backpain.toml", ".backup.toml", "notes.txt"):
        (workspace / "protocols" / name).write_text("x")
    (workspace / "protocols" / "folder.toml").mkdir()
    assert Workspace(workspace).reviews() == ["backpain"]


def test_a_workspace_without_a_protocol_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "protocols").mkdir()
    with pytest.raises(NoProtocol, match="reviewkit init"):
        find_workspace(tmp_path).choose(None)


def test_a_teams_database_comes_before_the_workspaces_own(workspace: Path) -> None:
    here = Workspace(workspace)
    assert here.database_url({"REVIEWKIT_DATABASE_URL": " postgresql://server/db "}) == "postgresql://server/db"
    assert here.database_url({"REVIEWKIT_DATABASE_URL": " "}) == f"sqlite:///{workspace / 'reviewkit.db'}"


def test_a_run_comes_back_from_its_file_as_it_was_written(folders: Folders) -> None:
    keep(folders, RUN)
    assert read_run(folders.run(RUN.id)) == RUN


def test_runs_come_in_the_order_of_their_first_citation_and_unfinished_ones_do_not(folders: Folders) -> None:
    keep(folders, RUN)
    earlier = replace(RUN, id="2024-03-18-scopus", first=1)
    keep(folders, earlier)
    folders.running("2024-04-01-pubmed").mkdir()
    write_run(folders.running("2024-04-01-pubmed"), replace(RUN, id="2024-04-01-pubmed"))

    assert folders.runs() == [earlier, RUN]
    assert folders.unfinished() == [folders.running("2024-04-01-pubmed")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('kind = "database"', 'kind = "planet"'),
        lambda text: text.replace("first = 7", ""),
        lambda text: text + "unknown = 3\n",
        lambda text: text.replace("2024-03-18-pubmed", "2024-03-19-pubmed"),
        lambda text: text.replace("retrieved = 2", 'retrieved = "2"'),
        lambda text: text.replace("bytes = 12", "bytes = true"),
        lambda text: text.replace('date = "2024-03-18"', "date = 2024-03-18"),
        lambda text: text.replace('date = "2024-03-18"', 'date = "in spring"'),
    ],
)
def test_a_damaged_run_file_is_named(folders: Folders, damage) -> None:
    keep(folders, RUN)
    file = folders.run(RUN.id) / "search.toml"
    file.write_text(damage(file.read_text()))
    with pytest.raises(DamagedRun, match="2024-03-18-pubmed cannot be loaded"):
        read_run(folders.run(RUN.id))


def test_a_run_file_that_lacks_a_key_says_which(folders: Folders) -> None:
    keep(folders, RUN)
    (folders.run(RUN.id) / "search.toml").write_text("")
    with pytest.raises(DamagedRun, match=r"search\.toml: the key 'kind' is missing"):
        read_run(folders.run(RUN.id))


def test_a_second_run_of_the_day_gets_a_number(folders: Folders) -> None:
    assert folders.free_run_id("2024-03-18", "pubmed") == "2024-03-18-pubmed"
    keep(folders, RUN)
    assert folders.free_run_id("2024-03-18", "pubmed") == "2024-03-18-pubmed-2"
    assert folders.free_run_id("2024-03-18", "pubmed", taken=["2024-03-18-pubmed-2"]) == "2024-03-18-pubmed-3"


def test_the_next_free_id_follows_the_last_run(folders: Folders) -> None:
    with folders.numbering() as free:
        assert free == 1
    keep(folders, RUN)
    with folders.numbering() as free:
        assert free == 9


def test_only_one_search_goes_on_at_a_time(folders: Folders) -> None:
    with folders.searching(), pytest.raises(SearchGoingOn), folders.searching():
        pass
    with folders.searching():
        pass


def test_a_response_is_kept_as_received_and_the_same_body_gives_the_same_file(tmp_path: Path) -> None:
    body = b"<xml>\xff\x00</xml>" * 1000
    first = save_response(tmp_path / "a", "0001.xml", "pubmed-xml", body)
    save_response(tmp_path / "b", "0001.xml", "pubmed-xml", body)

    assert (tmp_path / "a" / first.name).read_bytes() == (tmp_path / "b" / first.name).read_bytes()
    with open_response(tmp_path / "a", first) as file:
        assert file.read() == body
    assert sha256_of(tmp_path / "a", first) == first.sha256
    assert first.bytes == len(body)


def test_an_imported_file_is_copied_untouched(tmp_path: Path) -> None:
    source = tmp_path / "export.ris"
    source.write_bytes(b"TY  - JOUR\r\n\xff\r\n")
    kept = keep_file(tmp_path / "run", "export.ris", "ris", source)
    assert (tmp_path / "run" / "export.ris").read_bytes() == source.read_bytes()
    assert sha256_of(tmp_path / "run", kept) == kept.sha256


@pytest.mark.parametrize("name", ["../secret.xml", "/etc/passwd", "missing.xml", "sub/0001.xml"])
def test_a_response_never_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.xml").write_text("secret")
    (tmp_path / "run" / "sub").mkdir(parents=True)
    (tmp_path / "run" / "sub" / "0001.xml").write_text("x")
    response = Response(name=name, format="pubmed-xml", bytes=1, sha256="")
    with pytest.raises(DamagedRun), open_response(tmp_path / "run", response):
        pass
