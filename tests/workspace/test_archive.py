"""The archive's files: old or new, whole, and a half-written archive says so."""

from pathlib import Path

import pytest

from reviewkit.errors import DamagedArchive, NotWritable
from reviewkit.workspace.archive import read_manifest, write_archive

FILES = {"decisions.csv": (b"n\n1\n", 1), "protocols/abc.toml": (b"title = 1\n", 1)}


def test_the_manifest_tells_rows_and_hashes_and_no_time(tmp_path: Path) -> None:
    assert write_archive(tmp_path, "backpain", FILES)
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert (manifest.review, manifest.finished, manifest.files["decisions.csv"].rows) == ("backpain", True, 1)
    before = (tmp_path / "archive.toml").read_bytes()
    (tmp_path / "archive.toml").unlink()
    write_archive(tmp_path, "backpain", FILES)
    assert (tmp_path / "archive.toml").read_bytes() == before


def test_an_archive_that_is_up_to_date_is_not_touched(tmp_path: Path) -> None:
    write_archive(tmp_path, "backpain", FILES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert not write_archive(tmp_path, "backpain", FILES)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_stopped_between_two_files_it_says_that_it_is_not_finished(tmp_path: Path) -> None:
    write_archive(tmp_path, "backpain", FILES)
    newer = {"decisions.csv": (b"n\n1\n2\n", 2), "protocols/abc.toml": (b"title = 2\n", 1)}
    in_the_way = tmp_path / "protocols" / "abc.toml"
    in_the_way.unlink()
    in_the_way.mkdir()
    with pytest.raises(NotWritable, match=r"abc\.toml"):
        write_archive(tmp_path, "backpain", newer)
    assert (tmp_path / "decisions.csv").read_bytes() == newer["decisions.csv"][0], "the first file is new already"
    assert _finished(tmp_path) is False
    in_the_way.rmdir()
    assert write_archive(tmp_path, "backpain", newer)
    assert _finished(tmp_path) is True


def _finished(folder: Path) -> bool:
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest.finished


def test_what_killed_writes_left_is_swept_away(tmp_path: Path) -> None:
    write_archive(tmp_path, "backpain", FILES)
    for folder in (tmp_path, tmp_path / "protocols"):
        (folder / ".writing-x").write_bytes(b"half")
    write_archive(tmp_path, "backpain", FILES)
    assert not list(tmp_path.rglob(".writing-*"))


def test_no_folder_is_no_archive(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "archive") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = 1\n[", "is not what reviewkit wrote"),
        ('format = "x"\n', "is not what reviewkit wrote"),
        ("format = 1\n", "is not what reviewkit wrote"),
        ("format = 2\n", "was written by a newer reviewkit; install that version"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "archive.toml").write_text(text)
    with pytest.raises(DamagedArchive, match=told):
        read_manifest(tmp_path)


def test_files_without_their_manifest_are_told(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_text("n\n")
    with pytest.raises(DamagedArchive, match=r"archive\.toml: is missing"):
        read_manifest(tmp_path)
