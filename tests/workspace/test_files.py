import os
from pathlib import Path

import pytest

from reviewkit.errors import NotWritable
from reviewkit.workspace.files import replacing, sweep, write_bytes, write_text


def test_a_file_is_written_whole_into_folders_that_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "c.txt", "é\n")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == "é\n".encode()


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_bytes(file, b"old")
    with pytest.raises(RuntimeError), replacing(file) as opened:
        opened.write(b"half of the ne")
        raise RuntimeError
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_can_be_read_by_others_as_far_as_the_system_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a.txt", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_where_nothing_can_be_written_the_path_and_the_reason_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWritable, match=r"Cannot write .*/file/a.txt: "):
        write_bytes(tmp_path / "file" / "a.txt", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotWritable, match="directory"):
        write_bytes(tmp_path / "folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_what_killed_writes_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".writing-abc").write_text("half")
    (tmp_path / "a.txt").write_text("whole")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
