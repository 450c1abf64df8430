"""`export --for`: another program gets the records with the decisions, and this one can take them back."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.formats.labels import votes_of_row
from reviewkit.formats.rayyan import parse_notes
from reviewkit.model.decisions import Verdict
from reviewkit.model.protocol import Protocol
from reviewkit.steps.export.handover import hand_over
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from reviewkit.workspace import Folders, find_workspace
from tests.build import decision, make_workspace
from tests.formats.reading import read
from tests.reviewed import make_review, ris
from tests.steps.review_to_export import fill


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


@pytest.fixture
def written(store: Store, protocol: Protocol, folders: Folders) -> Callable[[str], dict[str, bytes]]:
    """Hand the review over that reaches every outcome; give back the files of the folder."""
    fill(store, protocol)

    def write(tool: str) -> dict[str, bytes]:
        made = hand_over(store, protocol, folders, tool)
        found = {path.name: path.read_bytes() for path in sorted((folders.exports / tool).iterdir())}
        assert sorted(file.path.name for file in made) == sorted(found)
        return found

    return write


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_covidence_gets_a_file_for_each_list(written: Callable[[str], dict[str, bytes]]) -> None:
    lists = {name: [c.title for c in read("ris", body)[0]] for name, body in written("covidence").items()}
    assert lists == {
        "irrelevant.ris": ["Exosomes in mice", "Pain alone"],
        "full-text.ris": ["Not to be had", "Still recruiting"],
        "excluded.ris": ["=HYPERLINK(1)", "<script>alert(1)</script> & co"],
        "included.ris": ["Exosomes in a trial", "Register entry"],
    }


def test_covidence_notes_tell_the_reason(written: Callable[[str], dict[str, bytes]]) -> None:
    first = read("ris", written("covidence")["excluded.ris"])[0][0]
    assert "reviewkit r3" in first.notes
    assert "Full text: E1" in first.notes


def test_rayyan_gets_decisions_as_it_writes_them_itself(written: Callable[[str], dict[str, bytes]]) -> None:
    files = written("rayyan")
    first, full = (
        {row["key"]: parse_notes(row["notes"]) for row in rows(files[name])}
        for name in ("rayyan.csv", "rayyan-full-text.csv")
    )
    included = {key: {"ann": Verdict.INCLUDE} for key in ("r1", "r3", "r4", "r5", "r8", "r9")}
    assert {key: dict(said.verdicts) for key, said in first.items()} == included | {
        "r2": {"ann": Verdict.EXCLUDE}, "r7": {"ann": Verdict.EXCLUDE},
    }  # fmt: skip
    assert {key: dict(said.verdicts) for key, said in full.items()} == {
        "r1": {"ann": Verdict.INCLUDE}, "r3": {"ann": Verdict.EXCLUDE}, "r4": {"ann": Verdict.EXCLUDE},
        "r5": {"ann": Verdict.MAYBE}, "r8": {"ann": Verdict.INCLUDE}, "r9": {"ann": Verdict.MAYBE},
    }  # fmt: skip
    assert full["r3"].reasons[0].startswith("E1 ")
    assert full["r1"].reasons == ()


def test_asreview_gets_ones_and_zeros(written: Callable[[str], dict[str, bytes]]) -> None:
    made = rows(written("asreview")["asreview.csv"])
    assert {row["record_id"]: row["included"] for row in made} == {
        "1": "1", "2": "0", "3": "1", "4": "1", "5": "1", "7": "0", "8": "1", "9": "1",
    }  # fmt: skip
    assert [vote.verdict for vote in votes_of_row(made[1])] == [Verdict.EXCLUDE]
    assert made[2]["title"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("tool", ["rayyan", "asreview"])
def test_what_was_handed_over_comes_back_as_the_same_decisions(
    cli: Callable, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    def begin(folder: Path) -> None:
        monkeypatch.chdir(folder)
        (folder / "found.ris").write_text(ris(4), encoding="utf-8")
        assert cli("import", "found.ris", "--database", "scopus", "--date", "2024-03-18").code == 0
        assert cli("dedupe", "--rules-only").code == 0

    def decided() -> list[tuple[str, str, str]]:
        listed = list(csv.DictReader(io.StringIO(cli("decide", "export", "-").out.lstrip("\ufeff"))))
        return [(row["record"], row["verdict"], row["stage"]) for row in listed]

    begin(workspace)
    for record, verdict in (("r1", "include"), ("r2", "exclude"), ("r4", "include")):
        reason = ("--criterion", "E1") if verdict == "exclude" else ()
        assert cli("decide", record, verdict, *reason, "--stage", "title-abstract", "--reviewer", "ann").code == 0
    here = decided()
    assert len(here) == 3
    assert cli("export", "--for", tool).code == 0
    handed = workspace / "exports" / "backpain" / tool / f"{tool}.csv"

    begin(make_workspace(tmp_path / "there"))
    taken = cli("decide", "import", str(handed), "--stage", "title-abstract", "--reviewer", "ann")
    assert taken.code == 0, taken.err
    assert decided() == here


def test_handed_over_files_that_come_straight_back_change_nothing(cli: Callable, workspace: Path) -> None:
    (workspace / "found.ris").write_text(ris(4).replace("DO  - ", "N2  - "), encoding="utf-8")  # known by title alone
    assert cli("import", "found.ris", "--database", "scopus", "--date", "2024-03-18").code == 0
    assert cli("dedupe", "--rules-only").code == 0
    made = [("r1", "include", ""), ("r2", "exclude", "E1"), ("r3", "include", ""), ("r4", "include", "")]
    made += [("r1", "exclude", "E2"), ("r3", "not-retrieved", "")]
    for number, (record, verdict, criterion) in enumerate(made):
        stage = "title-abstract" if number < 4 else "full-text"
        reason = ("--criterion", criterion) if criterion else ("--note", "because")
        assert cli("decide", record, verdict, *reason, "--stage", stage, "--reviewer", "ann").code == 0
    here = cli("decide", "export", "-").out
    for tool in ("rayyan", "asreview"):
        assert cli("export", "--for", tool).code == 0
    folder = workspace / "exports" / "backpain"
    for file, stage in (
        ("rayyan/rayyan.csv", "title-abstract"),
        ("rayyan/rayyan-full-text.csv", "full-text"),
        ("asreview/asreview.csv", "title-abstract"),
    ):
        told = cli("decide", "import", str(folder / file), "--stage", stage, "--reviewer", "ann")
        assert told.code == 0, told.err
        assert "by record id" in told.out
        assert "Decisions added: 0; taken before:" in told.out
        assert cli("decide", "export", "-").out == here


def test_records_removed_before_screening_stay_here(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path / "two", reviewers=2)
    store.add([decision(8, "exclude", by="ann", stage="before-screening", note="retracted", protocol=protocol.version)])
    removed = standing(store, protocol).screening.removed
    assert 8 in removed
    for tool in ("covidence", "rayyan", "asreview"):
        told = b"".join(file.path.read_bytes() for file in hand_over(store, protocol, folders, tool)).decode()
        assert "reviewkit r6." in told
        assert not [record for record in removed if f"reviewkit r{record}." in told]
    store.close()


def test_a_list_that_becomes_empty_leaves_no_file_behind(store: Store, protocol: Protocol, folders: Folders) -> None:
    fill(store, protocol)
    hand_over(store, protocol, folders, "covidence")
    (folders.exports / "covidence" / "mine.ris").write_text("mine")
    store.add([decision(record, "include", protocol=protocol.version) for record in (2, 7)])
    made = hand_over(store, protocol, folders, "covidence")
    left = {path.name for path in (folders.exports / "covidence").iterdir()}
    assert "irrelevant.ris" not in left
    assert left == {file.path.name for file in made} | {"mine.ris"}


def test_the_same_review_gives_the_same_bytes(
    written: Callable[[str], dict[str, bytes]], store: Store, protocol: Protocol, folders: Folders
) -> None:
    written("rayyan")
    assert [file.changed for file in hand_over(store, protocol, folders, "rayyan")] == [False] * 2


def test_one_reviewers_verdict_is_told_to_no_program_before_the_other_has_decided(tmp_path: Path) -> None:
    folders, protocol, store = make_review(tmp_path / "two", reviewers=2)
    made = {tool: hand_over(store, protocol, folders, tool) for tool in ("rayyan", "asreview", "covidence")}
    notes = {row["key"]: row["notes"] for row in rows(made["rayyan"][0].path.read_bytes())}
    assert '"ann"=>"Included"' in notes["r1"]
    assert "RAYYAN" not in notes["r3"]  # ann alone has decided
    labels = {row["record_id"]: row["included"] for row in rows(made["asreview"][0].path.read_bytes())}
    assert (labels["1"], labels["3"]) == ("1", "")
    lists = {file.path.name: file.path.read_text(encoding="utf-8") for file in made["covidence"]}
    assert "reviewkit r3." in lists["screen.ris"]
    store.close()
