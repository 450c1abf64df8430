"""What must hold whichever command is run: nothing recorded ever changes, and blinded means blinded."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewkit.cli import COMMANDS
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import Row
from reviewkit.model.matches import Match
from reviewkit.model.notices import Check, Notice
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link
from reviewkit.store import Store
from tests.build import make_workspace

JOURNALS: tuple[type[Row], ...] = (Match, Decision, Link, Extraction, Sample, Stop, Check, Notice)
NAMES = ("Doe J", "Roe R", "Poe E", "Low A")
TITLES = ("Exosomes in disc repair", "Stem cells of fat", "A trial of vesicles for backache", "Notes on knees")
SECRETS = ("ANNS-NOTE", "ANNS-QUOTE", "424242")


@pytest.fixture
def run(cli, workspace: Path) -> Callable[..., str]:
    """Run a command that must succeed in a review that two people decide and extract; give back what it printed."""
    make_workspace(workspace, reviewers=2)
    entries = (
        f"TY  - JOUR\nTI  - {title}\nAU  - {name}\nPY  - 202{n}\nDO  - 10.1000/{n}\nER  - \n"
        for n, (title, name) in enumerate(zip(TITLES, NAMES, strict=True))
    )
    (workspace / "found.ris").write_text("".join(entries), encoding="utf-8")

    def run(*words: str) -> str:
        result = cli(*words)
        assert result.code == 0, f"{words}: {result.err}"
        return result.out + result.err

    run("import", "found.ris", "--database", "pubmed", "--date", "2024-03-18")
    run("dedupe", "--rules-only")
    return run


def include(run: Callable[..., str], *records: str) -> None:
    """Let both reviewers include records at both stages."""
    for stage in ("title-abstract", "full-text"):
        for record in records:
            for reviewer in ("ann", "bob"):
                run("decide", record, "include", "--stage", stage, "--reviewer", reviewer)


def test_no_command_changes_or_deletes_what_was_recorded(run: Callable[..., str], store: Store) -> None:
    def recorded() -> tuple[list[list[Row]], dict[str, tuple[str, str]], list[object]]:
        rows = [list(store.all(shape)) for shape in JOURNALS]
        return rows, store.protocols(), [*store.runs(), *store.citations()]

    include(run, "r1", "r2")
    before = recorded()
    for words in (
        "decide r3 exclude --criterion E1 --reviewer ann", "decide r3 include --reviewer ann",
        "decide undo --reviewer ann", "decide remove r4 --reason copy --reviewer ann", "decide undo --reviewer ann",
        "stopping --sample 1 --reviewer ann", "stopping --undo --reviewer ann", "stopping",
        "stopping --stop --note enough --reviewer ann", "stopping --undo --reviewer ann",
        "decide r3 include --reviewer bob", "conflicts settle r3 include --note asked --reviewer ann",
        "dedupe --same r3 r4 --reviewer ann", "dedupe --split r3 r4 --reviewer ann", "dedupe --undo --reviewer ann",
        "dedupe --rules-only", "studies link r1 r2 --reviewer ann", "studies unlink r2 --reviewer ann",
        "studies undo --reviewer ann", "extract set s1 design.n 10 --reviewer ann",
        "extract set s1 design.n 12 --reviewer ann", "extract undo --reviewer ann",
        "extract set s1 design.n 14 --reviewer bob", "extract settle s1 design.n 10 --reviewer ann",
        "status", "flow", "agreement", "rank", "export", "archive", "verify", "search --recorded",
    ):  # fmt: skip
        run(*words.split())
        now = recorded()
        for rows, earlier in zip(now[0], before[0], strict=True):
            assert rows[: len(earlier)] == earlier, words
        assert now[1].items() >= before[1].items(), words
        assert now[2] == before[2], words
        before = now
    by_people = [rows for shape, rows in zip(JOURNALS, before[0], strict=True) if shape not in (Check, Notice)]
    assert all(any(row.undoes for row in rows) for rows in by_people)  # each kind was taken back once


def test_what_one_reviewer_said_is_shown_to_nobody_before_the_other_has_decided(
    run: Callable[..., str], cli, workspace: Path
) -> None:
    include(run, "r1", "r2")
    run("decide", "r3", "exclude", "--criterion", "E2", "--note", "ANNS-NOTE", "--reviewer", "ann")
    run("extract", "set", "s1", "design.n", "424242", "--source", "ANNS-QUOTE", "--reviewer", "ann")
    (workspace / "exports").mkdir(exist_ok=True)

    shown = {words: "".join(look(cli, words)) for words in looks()}
    for path, content in contents(workspace):
        shown[path] = content

    assert {words.split()[0] for words in looks()} | NO_LOOK == set(COMMANDS)
    for place, text in shown.items():
        assert not [secret for secret in SECRETS if secret in text], place
    run("decide", "r3", "exclude", "--criterion", "E2", "--reviewer", "bob")
    run("extract", "set", "s1", "design.n", "424242", "--reviewer", "bob")
    run("export")
    told = run("flow", "--list", "excluded") + "".join(text for _, text in contents(workspace))
    assert [secret for secret in SECRETS if secret in told] == list(SECRETS)  # so they are looked for where they appear


# Commands that write only, or ask in a terminal (their screens have tests of their own).
NO_LOOK = {"demo", "init", "search", "citations", "import", "screen", "restore", "convert", "simulate"}


def looks() -> tuple[str, ...]:
    """Every way in which someone else, here bob, could look at the review."""
    with_json = (
        "status", "status --reviewer bob", "check", "sources", "sources pubmed", "conflicts", "agreement", "studies",
        "extract compare", "flow", "flow --list not-yet-screened", "flow --list excluded", "flow --list studies",
        "dedupe --list", "dedupe --show r3", "stopping", "stopping --reviewer bob", "export", "export --for covidence",
        "export --for rayyan", "export --for asreview", "archive", "verify", "strategy check", "strategy known",
        "search --dry-run", "update --show", "rank", "rank --reviewer bob", "rank --explain r3 --reviewer bob",
    )  # fmt: skip
    return (
        *with_json,
        *(f"{words} --json" for words in with_json),
        "decide export -", "decide export exports/all.csv", "decide export exports/bob.csv --reviewer bob",
        "extract sheet --reviewer bob -o exports/bob.xlsx",
        "extract sheet --consensus --reviewer bob -o exports/consensus.xlsx",
        "extract settle s1 design.n 1 --reviewer bob", "conflicts settle r3 include --note why --reviewer bob",
        "decide remove r3 --reason why --reviewer bob", "decide undo --reviewer carol", "extract undo --reviewer carol",
    )  # fmt: skip


def look(cli, words: str) -> tuple[str, str]:
    """Return what a command prints, refusals too."""
    result = cli(*words.split())
    assert result.code in (0, 1), f"{words}: {result.err}"
    return result.out, result.err


def contents(workspace: Path) -> Iterator[tuple[str, str]]:
    """Read every file of the workspace but the database, workbooks sheet by sheet."""
    for path in sorted(path for path in workspace.rglob("*") if path.is_file() and "reviewkit.db" not in path.name):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield f"{path.name}/{name}", book.read(name).decode("utf-8", "replace")
        else:
            yield str(path.relative_to(workspace)), path.read_bytes().decode("utf-8", "replace")
