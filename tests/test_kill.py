"""Killed with signal 9 at any instant: no damage, nothing acknowledged lost, and the same command finishes.

Each command is killed at instants spread over its run, by the clock and by what it does to files and database. The
default run takes a few of each; `pytest -m slow` takes ten.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pexpect
import pytest
from openpyxl import load_workbook

from reviewkit.model.decisions import Decision
from reviewkit.model.lessons import lessons
from reviewkit.protocol import load_protocol
from reviewkit.steps.archive import archive
from reviewkit.steps.rank import order_records, read_shelf
from reviewkit.steps.standing import standing
from reviewkit.steps.verify import verify
from reviewkit.steps.wanted import wanted
from reviewkit.store import open_store
from reviewkit.workspace import find_workspace
from tests.build import AT, add_run, decision, make_workspace
from tests.cli.terminal import Terminal
from tests.killing import LIMIT, Ended, at_random, environment, held, run
from tests.ranked import invented, relevance_text
from tests.reviewed import add_import, make_review, ris
from tests.servers.eutils import EutilsServer
from tests.steps.updating import Changing, Review, made

ENTRIES = 2_000
STUDIES = 40
RECORDS = 12  # screened
UPDATED = 700  # found by a search that is run again
LEARNED_FROM = 400  # records, for an order of relevance


def import_base(root: Path) -> None:
    make_workspace(root)
    (root / "scopus.ris").write_text(ris(ENTRIES), encoding="utf-8")


def search_base(root: Path) -> None:
    make_workspace(root)


def extract_base(root: Path) -> None:
    """A review of many included studies, and a sheet that a reviewer has filled in."""
    folders = find_workspace(make_workspace(root)).choose(None)
    protocol, store = load_protocol(folders.protocol), open_store(folders.workspace.database_url({}), folders.review)
    add_import(folders, store, protocol, ris(STUDIES), "scopus", "2024-03-18")
    store.add_protocol(protocol.version, protocol.source, AT)
    for stage in ("title-abstract", "full-text"):
        store.add([decision(n, "include", stage=stage, protocol=protocol.version) for n in range(1, STUDIES + 1)])
    store.close()
    assert run(root, ("extract", "sheet", "--reviewer", "ann", "-o", "ann.xlsx"), {}).code == 0
    book = load_workbook(root / "ann.xlsx")
    sheet = book["Studies"]
    columns = {cell.value: cell.column for cell in sheet[2]}
    for place in range(STUDIES):
        sheet.cell(4 + place, columns["design.n"]).value = 10 + place
        sheet.cell(4 + place, columns["design.n.source"]).value = f"p. {place}: 'people'"
        sheet.cell(4 + place, columns["design.kind"]).value = "trial"
    book.save(root / "ann.xlsx")


def archive_base(root: Path) -> None:
    """A review with an archive that has fallen behind."""
    folders, protocol, store = make_review(root)
    archive(store, protocol, folders)
    add_import(folders, store, protocol, ris(20, "Later work"), "web-of-science", "2024-03-20")
    store.add([decision(n, "exclude", criterion="E1", protocol=protocol.version) for n in range(10, 30)])
    store.close()


def export_base(root: Path) -> None:
    make_review(root)[2].close()


def restore_base(root: Path) -> None:
    """A review whose database is lost."""
    folders, protocol, store = make_review(root)
    add_import(folders, store, protocol, ris(600, "Later work"), "web-of-science", "2024-03-20")
    archive(store, protocol, folders)
    store.close()
    for path in root.glob("reviewkit.db*"):
        path.unlink()


def update_base(root: Path) -> None:
    """A finished review that is searched again against a PubMed in which one included study was retracted."""
    folders = find_workspace(make_workspace(root)).choose(None)
    protocol, store = load_protocol(folders.protocol), open_store(folders.workspace.database_url({}), folders.review)
    with Changing(records=made(*range(1, UPDATED + 1))) as server:
        review = Review(folders, protocol, store, server)
        review.search()
        review.decide_all({1, 2, 3})
    store.close()


@contextmanager
def later_pubmed() -> Iterator[Mapping[str, str]]:
    records = [*made(1, notices=(("RetractionIn", "39000001"),)), *made(*range(2, UPDATED + 1))]
    with EutilsServer(records=records) as server:
        yield {"REVIEWKIT_EUTILS_URL": server.url, "REVIEWKIT_EMAIL": "ann@example.org"}


@contextmanager
def no_server() -> Iterator[Mapping[str, str]]:
    yield {}


@contextmanager
def pubmed() -> Iterator[Mapping[str, str]]:
    with EutilsServer(records=700) as server:
        yield {"REVIEWKIT_EUTILS_URL": server.url, "REVIEWKIT_EMAIL": "ann@example.org"}


@dataclass(frozen=True)
class Play:
    """A command to kill, the workspace it starts from, and the words by which it says that its work is done."""

    words: tuple[str, ...]
    base: Callable[[Path], None]
    done: str
    settings: Callable[[], AbstractContextManager[Mapping[str, str]]] = no_server
    refusal: str = ""  # the error by which it may answer when its work was done before it was killed


PLAYS = {
    "import": Play(
        ("import", "scopus.ris", "--database", "scopus", "--date", "2024-03-18"),
        import_base, f"{ENTRIES:,} kept", refusal="was imported before, as run 2024-03-18-scopus",
    ),
    "update": Play(("update",), update_base, "0 new records.", later_pubmed),
    "search": Play(("search",), search_base, "retrieved    700", pubmed),
    "extract read": Play(("extract", "read", "ann.xlsx"), extract_base, f"{STUDIES * 2} new"),
    "archive": Play(("archive",), archive_base, "Archived"),
    "export": Play(("export",), export_base, "Begin with report.html"),
    "stopping": Play(
        ("stopping", "--stop", "--note", "enough", "--reviewer", "ann"),
        export_base, "reviewkit status", refusal="ann has stopped it already",
    ),
    "restore": Play(("restore",), restore_base, "Restored", refusal="already holds review 'backpain'"),
}  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A command left in peace: its workspace before, what that held, how it went, and what was there in the end."""

    base: Path
    before: dict[str, object]
    faults: tuple[str, ...]  # that were there before
    undisturbed: Ended
    touches: int
    after: dict[str, object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Whole]:
    """Each command's run in peace, made when first asked for."""

    @cache
    def make(name: str) -> Whole:
        play, folder = PLAYS[name], tmp_path_factory.mktemp(name.replace(" ", "-"))
        play.base(folder / "base")
        faults = look(folder / "base")
        before = held(folder / "base")
        root = shutil.copytree(folder / "base", folder / "timed")
        with play.settings() as settings:
            undisturbed = run(root, play.words, settings)
        assert undisturbed.code == 0, undisturbed.said
        assert play.done in undisturbed.said
        counted = shutil.copytree(folder / "base", folder / "counted")
        with play.settings() as settings:
            watched = run(counted, play.words, settings, touch=10**9)
        assert watched.code == 0, watched.said
        assert watched.touches > 3
        after = held(root)
        assert after == held(counted) != before
        return Whole(folder / "base", before, tuple(faults), undisturbed, watched.touches, after)

    return make


def look(root: Path) -> list[str]:
    """Open a workspace, verify it, and return what is wrong."""
    folders = find_workspace(root).choose(None)
    store = open_store(folders.workspace.database_url({}), folders.review)
    faults = verify(store, load_protocol(folders.protocol), folders).faults
    store.close()
    return faults


def check_after_kill(root: Path, play: Play, said: str, whole: Whole) -> None:
    """No damage, and nothing is lost that was there before or that was acknowledged."""
    assert set(look(root)) <= set(whole.faults)
    now = held(root)
    for table, rows in whole.before["rows"].items():  # type: ignore[attr-defined]
        if table != "counters":
            assert set(rows) <= set(now["rows"][table])  # type: ignore[index]
    if play.done in said:
        assert now == whole.after


def finish(root: Path, play: Play, whole: Whole) -> None:
    """The same command finishes, and all is as if it had never been killed."""
    with play.settings() as settings:
        again = run(root, play.words, settings)
    assert again.code == 0 or (play.refusal and play.refusal in again.said), again.said
    assert held(root) == whole.after
    assert look(root) == []


def instants(default: int, all_of_them: int) -> list[object]:
    """The numbers of the instants; those beyond the default ones are slow."""
    late = [pytest.param(number, marks=pytest.mark.slow) for number in range(default, all_of_them)]
    return [*range(default), *late]


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("number", instants(1, 5))
def test_killed_by_the_clock(name: str, number: int, whole: Callable[[str], Whole], tmp_path: Path) -> None:
    play, peaceful = PLAYS[name], whole(name)
    part = at_random(name, number, 5) if number else at_random(name, number, 1)
    for attempt in range(10):  # a quick run may be over before its time
        root = shutil.copytree(peaceful.base, tmp_path / f"review-{attempt}")
        with play.settings() as settings:
            killed = run(root, play.words, settings, after=part * peaceful.undisturbed.seconds * 0.8**attempt)
        if killed.code == -9:
            break
    assert killed.code == -9
    check_after_kill(root, play, killed.said, peaceful)
    finish(root, play, peaceful)


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("number", instants(1, 5))
def test_killed_while_it_changes_files_or_database(
    name: str, number: int, whole: Callable[[str], Whole], tmp_path: Path
) -> None:
    play, peaceful = PLAYS[name], whole(name)
    part = at_random(f"touch {name}", number, 5) if number else at_random(f"touch {name}", number, 1)
    root = shutil.copytree(peaceful.base, tmp_path / "review")
    with play.settings() as settings:
        killed = run(root, play.words, settings, touch=1 + int(part * peaceful.touches))
    assert killed.code == -9, killed.said
    check_after_kill(root, play, killed.said, peaceful)
    finish(root, play, peaceful)


# --- screening ---------------------------------------------------------------------------------------------


class Screening:
    """A reviewer at the terminal who excludes every third record for E1 and includes the others."""

    def __init__(self, root: Path) -> None:
        words = ["-m", "reviewkit", "screen", "--reviewer", "ann"]
        self._terminal = pexpect.spawn(
            sys.executable, words, cwd=root, env=environment({}), dimensions=(40, 100), encoding="utf-8", timeout=LIMIT
        )
        self.acknowledged = 0

    def decide(self, until: int) -> None:
        """Decide as long as fewer than `until` decisions are acknowledged on the screen."""
        while self.see() < until:
            self._terminal.send("1" if self.acknowledged % 3 == 0 else "i")
            if self.acknowledged == RECORDS - 1:
                self._terminal.expect(pexpect.EOF)
                self.acknowledged += 1
                return

    def see(self) -> int:
        """Wait for the next screen; return how many decisions it says are stored."""
        self._terminal.expect(rf"(\d+) of {RECORDS} decided")
        self.acknowledged = int(self._terminal.match.group(1))
        self._terminal.expect("quit")
        return self.acknowledged

    def decide_and_kill(self, seconds: float) -> None:
        """Press one more key and kill the program that soon after."""
        self._terminal.send("1" if self.acknowledged % 3 == 0 else "i")
        time.sleep(seconds)
        self._terminal.kill(9)
        rest = self._terminal.read()
        seen = [int(text.split(" of ")[0].split()[-1]) for text in rest.split(f" of {RECORDS} decided")[:-1]]
        self.acknowledged = max([self.acknowledged, *seen])


@pytest.mark.parametrize("number", instants(2, 10))
def test_killed_while_screening(number: int, tmp_path: Path) -> None:
    chance = Random(f"screening {number}")
    root = make_workspace(tmp_path / "review")
    folders = find_workspace(root).choose(None)
    protocol, store = load_protocol(folders.protocol), open_store(folders.workspace.database_url({}), folders.review)
    add_import(folders, store, protocol, ris(RECORDS), "scopus", "2024-03-18")

    first = Screening(root)
    first.decide(until=chance.randrange(0, RECORDS - 1))
    sent = first.acknowledged + 1
    first.decide_and_kill(seconds=chance.random() * 0.05)

    made = store.all(Decision)
    assert first.acknowledged <= len(made) <= sent
    assert verify(store, protocol, folders).faults == []

    second = Screening(root)
    second.decide(until=RECORDS)
    assert [(row.n, row.record, row.verdict.value, row.criterion) for row in store.all(Decision)] == [
        (n, n, "exclude", "E1") if n % 3 == 1 else (n, n, "include", "") for n in range(1, RECORDS + 1)
    ]
    assert verify(store, protocol, folders).faults == []
    store.close()


@pytest.mark.parametrize("number", instants(2, 12))
def test_killed_while_the_order_is_learned(number: int, tmp_path: Path) -> None:
    """While the texts are read, or an order is learned: what was decided is kept, and all else comes back."""
    chance = Random(f"learning {number}")
    root = make_workspace(tmp_path / "review")
    folders = find_workspace(root).choose(None)
    folders.protocol.write_text(relevance_text(), encoding="utf-8")
    protocol, store = load_protocol(folders.protocol), open_store(folders.workspace.database_url({}), folders.review)
    add_run(store, invented(LEARNED_FROM))
    faults = verify(store, protocol, folders).faults  # its run has no folder
    acknowledged, waits = 0, (0.0, 1.5, 0.0) if number else (0.3, 0.0, 1.0)
    for wait in waits:
        with Terminal(root, "screen", "--reviewer", "ann") as ann:
            ann.see(f"{acknowledged} of {LEARNED_FROM} decided", "q quit")
            time.sleep(wait * chance.random())
            for _ in range(chance.randrange(1, 4)):
                ann.press("i", f"{acknowledged + 1} of {LEARNED_FROM} decided")
                acknowledged += 1
            ann.child.send("x")
            time.sleep(chance.random() * 0.05)
            ann.kill()
        made = store.all(Decision)
        assert len(made) in (acknowledged, acknowledged + 1)
        assert len({row.record for row in made}) == len(made)
        acknowledged = len(made)
        assert verify(store, protocol, folders).faults == faults
    with Terminal(root, "screen", "--reviewer", "ann") as ann:
        ann.see(f"{acknowledged} of {LEARNED_FROM} decided", "q quit")
        order = folders.ranking("first").parent
        until = time.monotonic() + LIMIT
        while not (
            kept := [path for path in order.glob("*-order-*.json") if f'"learned": {acknowledged}' in _said(path)]
        ):
            assert time.monotonic() < until
            time.sleep(0.05)
        ann.child.send("q")
        ann.until_end()
    shelf = read_shelf(store, wanted(protocol), folders.features)
    taught = lessons(standing(store, protocol).screening, protocol, protocol.stage[0], "ann")
    assert json.loads(kept[0].read_text())["order"] == list(order_records(shelf, taught).ids)
    store.close()


def _said(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""  # replaced this very moment
