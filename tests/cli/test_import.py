"""`reviewkit import` as its user sees it."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reviewkit.cli.import_file import command
from reviewkit.formats import FORMATS
from reviewkit.model.runs import SourceKind
from tests.build import make_workspace
from tests.cli.terminal import Terminal
from tests.conftest import Result
from tests.reviewed import ris as ris_of
from tests.steps.test_importing import NBIB, RIS

Cli = Callable[..., Result]


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    path = tmp_path / "scopus.ris"
    path.write_text(RIS, encoding="utf-8")
    return path


def test_an_import_of_which_all_was_read_succeeds(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "pubmed.nbib"
    path.write_text(NBIB, encoding="utf-8")
    result = cli("import", str(path), "--database", "pubmed", "--date", "2024-03-18")
    assert result.code == 0
    assert "pubmed.nbib: 2 entries, 2 kept, 0 not readable." in result.out
    assert "kept in      searches/backpain/2024-03-18-pubmed" in result.out
    assert "The strategy is the protocol's" in result.out
    assert result.out.endswith("Next: reviewkit dedupe\n")


def test_an_import_that_lost_an_entry_keeps_the_rest_and_is_no_success(cli: Cli, ris: Path) -> None:
    result = cli("import", str(ris), "--database", "scopus", "--date", "2024-03-18", "--strategy", "TITLE(exosomes)")
    assert result.code == 1
    assert "scopus.ris: 3 entries, 2 kept, 1 not readable." in result.out
    assert "not kept: scopus.ris:7: " in result.err
    assert cli("search", "--recorded").out == "Nothing to load: every run in searches/ is in the database.\n"


def test_scripts_get_the_run_and_every_finding_as_json(cli: Cli, ris: Path) -> None:
    result = cli("import", str(ris), "--database", "scopus", "--date", "2024-03-18", "--update", "1", "--json")
    facts = json.loads(result.out)
    assert (facts["run"]["retrieved"], facts["run"]["rejected"], facts["run"]["update"]) == (2, 1, 1)
    assert [(finding["line"], finding["rejected"]) for finding in facts["findings"]] == [(7, True)]
    assert result.code == 1


def test_mistakes_are_one_clear_line(cli: Cli, ris: Path) -> None:
    typo = cli("import", str(ris), "--database", "scopsu", "--date", "2024-03-18")
    assert (typo.code, typo.out) == (1, "")
    assert typo.err.startswith("Error: 'scopsu' is not a database that reviewkit knows (did you mean 'scopus'?). Known")
    late = cli("import", str(ris), "--database", "scopus", "--date", "2999-01-01")
    assert late.err.startswith("Error: '2999-01-01' is not possible as the date of the search: it has not come yet")
    missing = cli("import", "nowhere.ris", "--database", "scopus", "--date", "2024-03-18")
    assert missing.err == (
        "Error: Cannot read nowhere.ris: No such file or directory. Check its name, and that you may read it.\n"
    )


def test_a_second_import_of_the_same_file_is_refused(cli: Cli, ris: Path) -> None:
    words = ("import", str(ris), "--database", "scopus", "--date", "2024-03-18")
    cli(*words)
    result = cli(*words)
    assert result.code == 1
    assert "was imported before, as run 2024-03-18-scopus (same content). Nothing was added." in result.err


def test_with_several_reviews_the_next_command_names_this_one(cli: Cli, workspace: Path, ris: Path) -> None:
    make_workspace(workspace, review="shoulder")
    result = cli("import", str(ris), "--database", "scopus", "--date", "2024-03-18", "--review", "shoulder")
    assert result.out.endswith("Next: reviewkit dedupe --review shoulder\n")


def test_a_file_packed_as_a_whole_is_read_and_kept_as_it_is(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "pubmed.nbib.gz"
    path.write_bytes(gzip.compress(NBIB.encode()))
    result = cli("import", str(path), "--date", "2024-03-18")
    assert "pubmed.nbib.gz: 2 entries, 2 kept, 0 not readable." in result.out
    kept = workspace / "searches" / "backpain" / "2024-03-18-pubmed" / "import.nbib.gz"
    assert kept.read_bytes() == path.read_bytes()
    assert cli("verify").code == 0


def test_the_choices_are_those_that_exist() -> None:
    choices = {
        option.name: set(option.type.choices) for option in command.params if isinstance(option.type, click.Choice)
    }
    assert choices == {"format": set(FORMATS), "kind": {kind.value for kind in SourceKind}}


def test_an_import_killed_while_it_copies_is_made_whole_by_the_same_command(
    cli: Cli, workspace: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "scopus.ris"
    os.mkfifo(pipe)
    words = ("import", str(pipe), "--database", "scopus", "--date", "2024-03-18")
    process = subprocess.Popen([sys.executable, "-m", "reviewkit", *words], cwd=workspace, env=os.environ)
    half = os.open(pipe, os.O_RDWR)  # both ends, so that opening waits for nobody
    os.write(half, RIS[:60].encode())
    deadline = time.monotonic() + 60
    while not (left := list((workspace / "searches" / "backpain").glob(".running-*/.writing-*"))):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(half)
    pipe.unlink()
    pipe.write_text(RIS, encoding="utf-8")
    assert "3 entries, 2 kept" in cli(*words).out
    assert not left[0].parent.exists()


SCOPUS = "".join(
    f"TY  - JOUR\nTI  - Vesicles {n}\nAU  - Doe, J\nDB  - Scopus\nDO  - 10.1000/{n}\nER  - \n" for n in range(4)
)


def test_what_was_told_from_the_entries_is_said_with_how_to_overrule_it(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "savedrecs.txt"
    path.write_text(SCOPUS, encoding="utf-8")
    result = cli("import", str(path), "--date", "2024-03-18")
    assert result.code == 0
    assert "read as RIS; the entries come from Scopus (--format and --database overrule this)" in result.out
    assert "searches/backpain/2024-03-18-scopus" in result.out
    said = cli("import", str(path), "--date", "2024-03-19", "--database", "embase")
    assert said.code == 1  # the same file
    library = tmp_path / "library.ris"
    library.write_text(RIS, encoding="utf-8")
    unknown = cli("import", str(library), "--date", "2024-03-18")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.err.startswith("Error: The database behind library.ris cannot be told: no entry names a database")
    assert "--database NAME, such as --database scopus." in unknown.err


def test_a_dry_run_shows_what_would_come_and_keeps_nothing(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Titel,Year,DOI,Rang\nVesikel,2020,10.1000/1,1\nScheiben,,10.1000/2,2\n,,,3\n", encoding="utf-8")
    words = ("import", str(path), "--date", "2024-03-18", "--database", "lilacs", "--map", "Titel=title", "--dry-run")
    result = cli(*words)
    assert result.code == 1  # a row would be lost
    assert "liste.csv: 3 entries, 2 kept, 1 not readable." in result.out
    assert "  columns: Titel = title, Year, DOI\n  not read: Rang (--map COLUMN=FIELD reads one)\n" in result.out
    assert "  filled in: doi 100 %, title 100 %, " in result.out
    assert "  1. Vesikel. 2020. 10.1000/1\n" in result.out
    assert result.out.endswith("Nothing was kept. The same command without --dry-run imports it.\n")
    assert "not kept: liste.csv:4: " in result.err
    assert not list((workspace / "searches").glob("*/2*"))
    facts = json.loads(cli(*words, "--json").out)
    assert (facts["dry_run"], facts["whole"], facts["run"]["retrieved"]) == (True, False, 2)
    assert facts["files"][0]["columns"] == {"Titel": "title", "Year": "year", "DOI": "doi", "Rang": ""}
    assert facts["files"][0]["filled"]["doi"] == 2


def test_the_parts_of_a_search_are_imported_by_one_command(cli: Cli, tmp_path: Path) -> None:
    paths = [tmp_path / f"part{n}.ris" for n in range(3)]
    for n, path in enumerate(paths):
        path.write_text(SCOPUS.replace("Vesicles", f"Vesicles and discs {n},"), encoding="utf-8")
    result = cli("import", *map(str, paths), "--date", "2024-03-18", "--reported", "12")
    assert result.code == 0, result.err
    assert result.out.count("4 entries, 4 kept, 0 not readable.") == 3
    assert "retrieved    12" in result.out


def test_a_search_that_is_not_whole_is_said_to_be_so_everywhere(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "scopus.ris"
    path.write_text(SCOPUS, encoding="utf-8")
    result = cli("import", str(path), "--date", "2024-03-18", "--reported", "9")
    assert result.code == 1
    assert "warning      the database reported 9 records, and 4 were read" in result.out
    assert "INCOMPLETE: 4 of 9 reported records are in the file." in result.err
    assert "2024-03-18-scopus is incomplete: 4 of 9 records." in cli("status").out
    assert "Note: 2024-03-18-scopus is incomplete, 4 of 9 reported records were read." in cli("flow").out


@pytest.mark.parametrize("given", ["Titel", "=title", " =title"])
def test_a_mapping_that_is_none_is_a_mistake_in_writing_the_command(given: str, cli: Cli, ris: Path) -> None:
    result = cli("import", str(ris), "--date", "2024-03-18", "--map", given)
    assert result.code == 2
    assert "is not COLUMN=FIELD, such as 'Titel=title'" in result.err


def test_a_terminal_shows_how_far_reading_and_loading_are(workspace: Path) -> None:
    (workspace / "scopus.ris").write_text(ris_of(5_000), encoding="utf-8")
    with Terminal(workspace, "import", "scopus.ris", "--date", "2024-03-18", "--database", "scopus") as person:
        shown = person.until_end()
    assert "Reading scopus.ris: " in shown
    assert "Loading 2024-03-18-scopus: " in shown
    assert person.child.exitstatus == 0
