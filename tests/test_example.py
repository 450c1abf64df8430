"""The worked example: the demonstration ends as the published review did, and everything can be made again."""

import csv
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.workspace.example import REVIEW
from tests.conftest import Result

REPOSITORY = Path(__file__).resolve().parents[1]

FLOW = {  # what the original run must give
    "identified": 60, "duplicates": 14, "screened": 46, "excluded": 37, "excluded:human:E4": 24,
    "excluded:human:E1": 8, "excluded:human:E3": 5, "sought": 9, "not-retrieved": 0, "assessed": 9,
    "excluded-full-text": 5, "excluded-full-text:E2": 5, "ongoing": 1, "included": 3, "studies": 2,
    "update-1:identified": 12, "update-1:duplicates": 1, "update-1:not-yet-screened": 11,
}  # fmt: skip


@pytest.fixture
def demo(cli: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that `reviewkit demo` makes, which is the current folder."""
    shown = cli("demo", str(tmp_path / "x"))
    assert shown.code == 0, shown.err
    monkeypatch.chdir(tmp_path / "x")
    return tmp_path / "x"


def exports(root: Path) -> dict[str, bytes]:
    folder = root / "exports" / REVIEW
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_demonstration_says_what_is_reconstructed_and_ends_with_two_studies(cli, tmp_path: Path) -> None:
    shown = cli("demo", str(tmp_path / "x"))
    told = " ".join(shown.out.split())
    assert "This is a reconstruction for demonstration, not the published review." in told
    assert "2 studies are included, with 3 reports" in told
    assert "11 new records, 11 still to be screened" in told
    assert str(tmp_path / "x" / "exports" / REVIEW / "evidence-table.xlsx") in shown.out.replace("\n", "")
    assert str(tmp_path / "x" / "exports" / REVIEW / "prisma.svg") in shown.out.replace("\n", "")


def test_a_demonstration_that_was_stopped_goes_on_and_another_folder_is_never_written_into(cli, demo: Path) -> None:
    before = exports(demo)
    shutil.rmtree(demo / "exports" / REVIEW)
    shutil.copytree(REPOSITORY / "exports" / REVIEW / "archive", demo / "exports" / REVIEW / "archive")
    assert cli("demo", str(demo)).code == 0
    assert exports(demo) == before
    refused = cli("demo", str(REPOSITORY / "tests"))
    assert refused.code == 1
    assert "already holds other files" in refused.err


def test_the_next_step_can_be_pasted_whatever_the_folder_is_called(cli, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = cli("demo", "Ann's review 病人")
    assert shown.code == 0, shown.err
    command = next(line for line in shown.out.splitlines() if line.strip().startswith("cd "))
    assert shlex.split(command) == ["cd", "Ann's review 病人"]


@pytest.mark.parametrize("most", [2_000, 8_000])  # bytes of a file: the protocol has more, a citation list has more
def test_a_disk_without_room_is_named_by_the_new_folder_and_nothing_is_left(tmp_path: Path, most: int) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [sys.executable, "-m", "reviewkit", "demo", "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=no_room)
    assert done.returncode == 1
    assert f"Cannot write {tmp_path / 'x'}: File too large. Check the disk" in done.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_its_counts_are_those_of_the_original_run(cli, demo: Path) -> None:
    import json

    def numbers(box: dict) -> dict[str, int]:
        found = {box["key"]: box["n"]} if "key" in box else {}
        for value in box.values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    found |= numbers(part)
        return found

    counted = numbers(json.loads(cli("flow", "--json").out))
    assert {key: counted.get(key) for key in FLOW} == FLOW


def test_it_verifies_and_is_rebuilt_from_its_files_byte_for_byte(cli, demo: Path) -> None:
    assert cli("verify").code == 0
    before = exports(demo)
    for path in demo.glob("reviewkit.db*"):
        path.unlink()
    for name in before:
        if not name.startswith("archive"):
            (demo / "exports" / REVIEW / name).unlink()
    assert cli("restore").code == 0
    assert cli("export").code == 0
    assert cli("archive").code == 0
    assert exports(demo) == before


def test_what_the_repository_shows_is_what_the_program_makes(demo: Path) -> None:
    shown, made = exports(REPOSITORY), exports(demo)
    assert sorted(shown) == sorted(made)
    # Spreadsheets and pictures are the same with the same versions of openpyxl and matplotlib only.
    texts = [name for name in shown if not name.endswith((".xlsx", ".png"))]
    assert len(texts) > 8
    assert {name: shown[name] for name in texts} == {name: made[name] for name in texts}


def test_it_gives_the_same_exports_on_postgresql(
    cli, demo: Path, tmp_path: Path, postgres_url: str, monkeypatch
) -> None:
    monkeypatch.setenv("REVIEWKIT_DATABASE_URL", postgres_url)
    shown = cli("demo", str(tmp_path / "y"))
    assert shown.code == 0, shown.err
    assert not (tmp_path / "y" / "reviewkit.db").exists()
    assert exports(tmp_path / "y") == exports(demo)
    monkeypatch.chdir(tmp_path / "y")
    assert cli("verify").code == 0


def test_status_says_that_the_update_waits_to_be_screened(cli, demo: Path) -> None:
    told = cli("status").out
    assert "Update 1 of 2026-11-22: 11 new records" in told
    assert "reviewkit screen" in told.splitlines()[-1]


def test_the_rules_run_again_find_what_the_archive_says_they_found(cli, demo: Path) -> None:
    assert cli("dedupe", "--rules-only").code == 0
    assert "15 duplicates" in cli("dedupe", "--rules-only").out
    with (REPOSITORY / "exports" / REVIEW / "archive" / "matches.csv").open(encoding="utf-8-sig", newline="") as file:
        archived = sum(1 for _ in csv.DictReader(file))
    assert cli("archive").code == 0
    with (demo / "exports" / REVIEW / "archive" / "matches.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == archived


def test_its_citations_are_the_facts_at_hand(shared: Path) -> None:
    columns = ("id", "title", "authors", "year", "journal", "doi", "pmid", "pmcid", "registration")
    with (shared / "example" / "citations.csv").open(encoding="utf-8", newline="") as file:
        facts = [tuple(row[c] for c in columns) for row in csv.DictReader(file)]
    kept = []
    for path in sorted((REPOSITORY / "searches" / REVIEW).glob("*/import.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            kept += [tuple(row[c] for c in columns) for row in csv.DictReader(file)]
    assert sorted(kept) == sorted(facts)


def test_everything_the_wheel_takes_along_is_there() -> None:
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert len(taken) == 3
    assert all((REPOSITORY / source).exists() for source in taken)
