from pathlib import Path

import pytest

from reviewkit.errors import BadReviewName, ReviewExists
from reviewkit.protocol import load_protocol
from reviewkit.steps.starting import review_name, start_review


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Low back pain (2024)", "low-back-pain-2024"),
        ("Étude Rückenschmerz", "etude-ruckenschmerz"),
        ("exosomes", "exosomes"),
        ("腰痛", "review"),
        ("..", "review"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_folders_name_becomes_a_name_that_needs_no_quotes(folder: str, name: str) -> None:
    assert review_name(Path(folder)) == name


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", ".hidden", "-x", "a\n", "é", "x" * 81, "end."])
def test_a_name_that_cannot_be_a_files_name_everywhere_is_refused_before_anything_is_made(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(BadReviewName):
        start_review(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()


def test_a_new_workspace_is_sound_and_has_its_three_folders(tmp_path: Path) -> None:
    started = start_review(tmp_path / "My review")
    assert started.folders.review == "my-review"
    assert load_protocol(started.folders.protocol).review == "my-review"
    assert {path.name for path in started.made} == {"README.txt", ".gitignore", ".gitattributes", "my-review.toml"}
    assert started.folders.searches.is_dir()
    assert started.folders.exports.is_dir()


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine")
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols" / "first.toml").write_text("mine")
    with pytest.raises(ReviewExists):
        start_review(tmp_path, "FIRST")  # some file systems hold them for one
    start_review(tmp_path, "second")

    assert (tmp_path / ".gitignore").read_text() == "mine"
    assert (tmp_path / "protocols" / "first.toml").read_text() == "mine"
    assert load_protocol(tmp_path / "protocols" / "second.toml").title
