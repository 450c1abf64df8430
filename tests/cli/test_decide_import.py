"""`decide import` at the terminal: whose file it is is seen, what would happen is shown, and nothing is half taken."""

import json
import zipfile
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision
from reviewkit.store import Store
from tests.build import make_workspace
from tests.steps.moves import covidence, inclusion, rayyan, rayyan_log, ris

STAGE = ("--stage", "title-abstract")


@pytest.fixture(autouse=True)
def _two_reviewers(workspace: Path) -> None:
    make_workspace(workspace, reviewers=2)


def test_a_team_moves_from_rayyan_with_the_archive_that_rayyan_gives(cli, workspace: Path, store: Store):
    at = "2024-01-09T10:00:00.123Z"
    with zipfile.ZipFile(workspace / "export.zip", "w") as archive:
        notes = {1: inclusion(Ann="Included", Bo="Excluded"), 2: inclusion(Ann="Excluded"), 3: ""}
        archive.writestr("articles.csv", rayyan(notes))
        log = [(at, "a@x", 1, "included", "1"), (at, "b@x", 1, "included", "-1"), (at, "a@x", 2, "included", "-1")]
        archive.writestr("customizations_log.csv", rayyan_log(*log))
    brought = cli("import", "export.zip", "--database", "embase", "--date", "2024-03-18")
    assert brought.code == 0, brought.err

    trial = cli("decide", "import", "export.zip", *STAGE, "--dry-run")
    assert trial.code == 0, trial.err
    assert "Nothing was stored. Decisions that would be added: 3; taken before: 0." in trial.out
    assert store.count(Decision) == 0

    done = cli("decide", "import", "export.zip", *STAGE)
    assert "export.zip/articles.csv: read as Rayyan." in done.out
    assert "export.zip/customizations_log.csv: read as Rayyan's log." in done.out
    assert "Entries: 3, of which 1 not decided there; records found: 2 by same file." in done.out
    assert "Decisions added: 3; taken before: 0." in done.out
    assert "Next: reviewkit status" in done.out
    assert "1 in conflict" in cli("status").out
    assert json.loads(cli("decide", "import", "export.zip", *STAGE, "--json").out)["repeated"] == 3


def test_no_screen_shows_what_rayyans_notes_say_while_a_record_waits(cli, workspace: Path, store: Store):
    notes = 'Cited 4 | RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: SECRET'
    (workspace / "articles.csv").write_bytes(rayyan({1: notes}))
    cli("import", "articles.csv", "--database", "embase", "--date", "2024-03-18")
    assert "SECRET" in next(iter(store.citations())).notes, "the citation stays as it was reported"
    shown = cli("dedupe", "--show", "r1", "--json").out
    cli("export")
    shown += (workspace / "exports" / "backpain" / "records.ris").read_text()
    assert "Cited 4" in shown
    assert "SECRET" not in shown
    assert "RAYYAN" not in shown


def test_covidences_lists_are_taken_together_and_problems_are_told_by_file_and_line(cli, workspace: Path, store: Store):
    (workspace / "found.ris").write_bytes(ris(range(1, 4)))
    cli("import", "found.ris", "--database", "pubmed", "--date", "2024-03-18")
    names = [f"review_1_{name}_csv_2.csv" for name in ("irrelevant", "included")]
    (workspace / names[0]).write_bytes(covidence({1: ("", ""), 9: ("", "")}))
    (workspace / names[1]).write_bytes(covidence({2: ("", "")}))
    refused = cli("decide", "import", *names)
    assert refused.code == 1
    assert (
        "1 entry cannot be taken (1 of no record here), so none was. --keep-good takes the other 3 decisions"
        in refused.err
    )
    assert "review_1_irrelevant_csv_2.csv, line 3: no record here is this publication" in refused.err
    assert store.count(Decision) == 0
    trial = cli("decide", "import", *names, "--dry-run")
    assert (trial.code, store.count(Decision)) == (1, 0), "what would be refused is told by the exit status too"
    taken = cli("decide", "import", *names, "--keep-good")
    assert taken.code == 0
    assert "review_1_irrelevant_csv_2.csv: read as Covidence's list 'irrelevant'." in taken.out
    assert "Not taken, review_1_irrelevant_csv_2.csv, line 3" in taken.out


def test_a_table_of_our_own_can_be_tried_too_and_comes_alone(cli, workspace: Path, store: Store):
    (workspace / "found.ris").write_bytes(ris([1]))
    cli("import", "found.ris", "--database", "pubmed", "--date", "2024-03-18")
    (workspace / "d.csv").write_text("record,verdict\nr1,include\n")
    trial = cli("decide", "import", "d.csv", *STAGE, "--reviewer", "Ann", "--dry-run")
    assert "Nothing was stored. Decisions that would be added: 1" in trial.out
    assert store.count(Decision) == 0
    assert cli("decide", "import", "d.csv", "d.csv", *STAGE).code == 2
    assert "Decisions added: 1" in cli("decide", "import", "d.csv", *STAGE, "--reviewer", "Ann").out


def test_hostile_text_in_an_export_does_not_reach_the_terminal(cli, workspace: Path):
    (workspace / "found.ris").write_bytes(ris([1]))
    cli("import", "found.ris", "--database", "pubmed", "--date", "2024-03-18")
    content = rayyan({1: inclusion(Ann="Excluded") + " | RAYYAN-EXCLUSION-REASONS: [red]\x1b[2J"})
    (workspace / "articles.csv").write_bytes(content)
    result = cli("decide", "import", "articles.csv", *STAGE, "--dry-run")
    assert "[red]" in result.out
    assert "\x1b" not in result.out + result.err
    (workspace / "articles.csv").write_bytes(content.replace(b"Ann", b"A\x07nn"))
    result = cli("decide", "import", "articles.csv", *STAGE)
    assert "\x07" not in result.out + result.err
