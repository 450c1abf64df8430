"""A search that is interrupted, in whatever way, is made whole by the same command, and nothing is fetched twice."""

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reviewkit.errors import NotWritable, SearchFailed, TooManyResults
from reviewkit.model.protocol import Protocol
from reviewkit.sources import Asking
from reviewkit.sources.politeness import Politeness
from reviewkit.steps.search import Searched, run_searches
from reviewkit.store import Store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT, make_workspace
from tests.killing import held, run
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_records import Record
from tests.sources.conftest import KEY, Clock, access_to

Run = Callable[..., Searched]
LATER = "2024-05-02T09:00:00Z"
RECORDS = 1_201  # three pages


@pytest.fixture
def server() -> Iterator[EutilsServer]:
    with EutilsServer(records=RECORDS) as running:
        yield running


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


@pytest.fixture
def search(folders: Folders, protocol: Protocol, store: Store, server: EutilsServer) -> Run:
    clock = Clock()

    def run(**given: object) -> Searched:
        usual = {
            "asking": clock.asking(access_to(server.url, key=KEY)),
            "now": lambda: AT,
            "protocol": protocol,
        }
        return run_searches(folders, store=store, **{**usual, **given})  # type: ignore[arg-type]

    return run


def interrupt(search: Run, server: EutilsServer, after: int = 1, **given: object) -> None:
    """Let the server go down after as many pages."""
    server.fail(faults.server_error(500), times=999, after=after)
    with pytest.raises(SearchFailed):
        search(**given)
    server._troubles.clear()


def bodies(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.gz")}


def test_the_rerun_ends_with_the_files_of_an_undisturbed_run_and_fetches_nothing_twice(
    search: Run, folders: Folders, server: EutilsServer
) -> None:
    (whole,) = search().done
    asked = len(server.log)
    interrupt(search, server, again=True)
    (made,) = search(again=True).done
    assert bodies(folders.run(made.id)) == bodies(folders.run(whole.id))
    assert [one.name for one in made.responses] == [one.name for one in whole.responses]
    good = [later.parameters.get("id", later.utility) for later in server.log[asked:]]
    assert len(set(good)) == 4  # three pages, and the two lists, which are the same question
    assert replace(made, id=whole.id, first=whole.first) == whole


def test_the_run_keeps_the_day_on_which_it_began(search: Run, server: EutilsServer) -> None:
    interrupt(search, server)
    found = search(now=lambda: LATER)
    (run,) = found.done
    assert (run.id, run.date, run.started, run.finished) == ("2024-05-01-pubmed", "2024-05-01", AT, LATER)
    assert found.resumed == (run,)


def test_ctrl_c_keeps_what_came(search: Run, folders: Folders, server: EutilsServer) -> None:
    def stop(name: str, done: int, total: int) -> None:
        if done == 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(progress=stop)
    assert len(folders.unfinished()) == 1
    assert search().done[0].complete
    assert len(server.asked("efetch")) == 3


def test_another_question_lets_go_of_what_came(search: Run, protocol: Protocol, server: EutilsServer) -> None:
    """The protocol was edited while the search was interrupted."""
    interrupt(search, server)
    (strategy,) = protocol.search
    other = replace(protocol, search=(replace(strategy, strategy="exosome*"),))
    found = search(protocol=other)
    (gone,) = found.discarded
    assert (gone.strategy, gone.date) == ("(exosomes AND back pain) AND english[la]", "2024-05-01")
    assert (found.resumed, found.done[0].complete) == ((), True)
    assert found.done[0].strategy.startswith("(exosome*)")


@pytest.mark.parametrize("change", [{"since": date(2019, 1, 1)}, {"update": 1}])
def test_another_window_or_round_is_another_question(
    change: dict[str, object], search: Run, server: EutilsServer
) -> None:
    interrupt(search, server)
    found = search(**change)
    assert (len(found.discarded), found.resumed) == (1, ())
    assert found.done[0].retrieved == RECORDS


def test_a_protocol_edited_elsewhere_goes_on_and_names_the_version_in_which_it_began(
    search: Run, protocol: Protocol, server: EutilsServer
) -> None:
    interrupt(search, server)
    (run,) = search(protocol=replace(protocol, version="another")).done
    assert (run.protocol, run.complete) == (protocol.version, True)
    assert len([asked for asked in server.asked("efetch") if "30001201" in asked.parameters["id"]]) == 1


def test_the_interrupted_search_of_another_database_is_left_in_peace(
    search: Run, protocol: Protocol, folders: Folders, server: EutilsServer
) -> None:
    interrupt(search, server)
    (left,) = folders.unfinished()
    other = left.with_name(".running-scopus-0123abcd")
    shutil.copytree(left, other)
    text = (other / "search.toml").read_text().replace('database = "pubmed"', 'database = "scopus"')
    (other / "search.toml").write_text(text)
    assert search().discarded == ()
    assert folders.unfinished() == [other]


def test_damaged_left_over_bodies_are_fetched_again(search: Run, folders: Folders, server: EutilsServer) -> None:
    (whole,) = search().done
    interrupt(search, server, after=2, again=True)
    (left,) = folders.unfinished()
    (left / "0001.xml.gz").write_bytes((left / "0001.xml.gz").read_bytes()[:-9])
    (left / "0002.xml.gz").write_bytes(b"not gzip")
    (left / ".writing-xyz").write_bytes(b"half")
    (left / "9999.xml.gz").write_bytes(b"of another attempt")
    (made,) = search(again=True).done
    assert bodies(folders.run(made.id)) == bodies(folders.run(whole.id))
    assert {path.name for path in folders.run(made.id).iterdir()} == {
        path.name for path in folders.run(whole.id).iterdir()
    }


@pytest.mark.parametrize("text", [None, "", "id = 3", "[[["])
def test_left_overs_that_do_not_say_what_was_asked_are_swept(
    text: str | None, search: Run, folders: Folders, server: EutilsServer
) -> None:
    interrupt(search, server)
    (left,) = folders.unfinished()
    (left / "search.toml").unlink()
    if text is not None:
        (left / "search.toml").write_text(text)
    old, importing = folders.running("2024-04-30-pubmed"), folders.running("import")
    for folder in (old, importing):
        folder.mkdir()
    found = search()
    assert (found.done[0].complete, found.resumed) == (True, ())
    assert folders.unfinished() == [importing]  # another process may be at it


def test_what_another_version_of_the_program_left_is_not_mixed_in(
    search: Run, folders: Folders, server: EutilsServer
) -> None:
    interrupt(search, server)
    (left,) = folders.unfinished()
    text = (left / "search.toml").read_text()
    (left / "search.toml").write_text(text.replace('client = "reviewkit ', 'client = "reviewkit 9'))
    found = search()
    assert (found.done[0].complete, found.resumed) == (True, ())


def test_what_is_too_much_keeps_nothing(search: Run, folders: Folders) -> None:
    crowd = [Record(number) for number in range(10_001)]
    with EutilsServer(records=crowd) as large, pytest.raises(TooManyResults):
        search(asking=Clock().asking(access_to(large.url)))
    assert folders.unfinished() == []


# --- what a computer does to people -----------------------------------------------------------------------


def test_a_full_disk_is_told_and_the_rerun_completes(search: Run, folders: Folders, server: EutilsServer) -> None:
    """From the second page on, no file may grow as large as a page is."""
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(right: faults.Reply) -> faults.Reply:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, allowed[1]))
        return right

    server.fail(fill, after=1)
    try:
        with pytest.raises(NotWritable, match=r"Cannot write .*0002.xml.gz: File too large\. Check the disk"):
            search()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    (left,) = folders.unfinished()
    assert {path.name for path in left.iterdir()} == {"search.toml", "0000-esearch.xml.gz", "0001.xml.gz"}
    (run,) = search().done
    assert (run.complete, run.retrieved) == (True, RECORDS)
    assert len(server.asked("efetch")) == 4  # the page for which there was no room twice


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_asked(
    search: Run, folders: Folders, server: EutilsServer
) -> None:
    folders.searches.parent.mkdir(exist_ok=True)
    folders.searches.write_text("a file in its place")
    with pytest.raises(NotWritable, match="searches"):
        search()
    assert server.log == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_is_told_before_anything_is_asked(
    search: Run, folders: Folders, server: EutilsServer
) -> None:
    folders.searches.mkdir(parents=True)
    folders.searches.chmod(0o500)
    with pytest.raises(NotWritable, match="searches"):
        search()
    assert server.log == []


@pytest.mark.parametrize("days", [-3_000, -2, 2, 3_000])
def test_a_clock_that_is_wrong_is_told_before_the_run_gets_its_day(
    days: int, search: Run, folders: Folders, server: EutilsServer
) -> None:
    import time

    wrong = Politeness(wall=lambda: time.time() + days * 86_400)
    with pytest.raises(SearchFailed, match=r"this computer's clock says .*, and the server's says .*; set the clock"):
        search(asking=Asking(access_to(server.url, key=KEY), wrong))
    assert len(server.log) == 1
    assert (folders.runs(), folders.unfinished()) == ([], [])


def test_without_a_network_what_came_before_is_kept(search: Run, folders: Folders, server: EutilsServer) -> None:
    interrupt(search, server)
    (left,) = folders.unfinished()
    before = bodies(left)
    with pytest.raises(SearchFailed, match=r"connection was refused.*500 records lie ready"):
        search(asking=Clock().asking(access_to("http://127.0.0.1:1/")))
    assert bodies(left) == before
    assert search().done[0].complete


def test_a_key_that_is_taken_away_meanwhile_loses_nothing(search: Run, server: EutilsServer) -> None:
    interrupt(search, server)
    server.keys = set()
    with pytest.raises(SearchFailed, match=r"does not accept the API key\. 500 records lie ready") as caught:
        search()
    assert KEY not in str(caught.value)
    server.keys = None
    assert search().done[0].complete


# --- killed ---------------------------------------------------------------------------------------------------


def ready(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    return make_workspace(root)


@pytest.mark.parametrize("part", [0.15, 0.4, *(pytest.param(p / 20, marks=pytest.mark.slow) for p in range(20))])
def test_killed_at_any_touch_nothing_that_was_kept_is_fetched_twice(part: float, tmp_path: Path) -> None:
    words = ("search",)
    with EutilsServer(records=RECORDS) as server:
        settings = {"REVIEWKIT_EUTILS_URL": server.url, "REVIEWKIT_EMAIL": "ann@example.org", "NCBI_API_KEY": KEY}
        watched = run(ready(tmp_path / "whole"), words, settings, touch=10**9)
        assert watched.code == 0, watched.said
        root = ready(tmp_path / "review")
        server.log.clear()
        assert run(root, words, settings, touch=1 + int(part * watched.touches)).code == -9
        left = list((root / "searches").rglob("0*.xml.gz"))
        begun = len(server.log)
        again = run(root, words, settings)
        assert again.code == 0, again.said
        assert held(root) == held(tmp_path / "whole")
        pages = [asked.parameters["id"] for asked in server.log[begun:] if asked.utility == "efetch"]
        assert len(pages) == 3 - len([path for path in left if "esearch" not in path.name])
        lists = [asked for asked in server.log[begun:] if asked.utility == "esearch"]
        assert len(lists) == 2 - len([path for path in left if "esearch" in path.name])
