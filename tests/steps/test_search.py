"""A search ends as a whole run, in its folder and in the database, or leaves nothing behind."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import NotConfigured, NothingToSearch, SearchFailed, SearchGoingOn
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import SearchRun, SourceKind
from reviewkit.sources import Access, Asking
from reviewkit.steps.search import Searched, run_searches
from reviewkit.store import Store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT
from tests.servers import faults
from tests.servers.clinicaltrials import ClinicalTrialsServer
from tests.servers.eutils import EutilsServer
from tests.sources.conftest import EMAIL, KEY, Clock, access_to

Run = Callable[..., Searched]


@pytest.fixture
def server() -> Iterator[EutilsServer]:
    with EutilsServer(records=501) as running:
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


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, locks apart."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.endswith("lock")}


def test_a_search_run_says_all_that_prisma_s_asks_for(search: Run, folders: Folders, protocol: Protocol) -> None:
    (run,) = search().done
    assert folders.runs() == [run]
    assert run.id == "2024-05-01-pubmed"
    assert (run.database, run.kind, run.origin, run.date) == ("pubmed", SourceKind.DATABASE, "api", "2024-05-01")
    assert run.strategy == "(exosomes AND back pain) AND english[la]"
    assert [limit.partition(" (")[0] for limit in run.limits] == ["language: english", "published to 2024-03-18"]
    assert run.translation == '"(exosomes AND back pain) AND english[la]"[All Fields]'
    assert (run.reported, run.retrieved, run.rejected, run.complete, run.first) == (501, 501, 0, True, 1)
    assert (run.started, run.finished, run.protocol) == (AT, AT, protocol.version)
    assert run.client.startswith("reviewkit 0.")
    assert "biopython" in run.client
    assert [response.name for response in run.responses] == [
        "0000-esearch.xml.gz", "0001.xml.gz", "0002.xml.gz", "0000-esearch-2.xml.gz",
    ]  # fmt: skip


def test_every_answer_lies_in_the_folder_as_it_was_sent(search: Run, folders: Folders, server: EutilsServer) -> None:
    (run,) = search().done
    kept = [gzip.decompress((folders.run(run.id) / response.name).read_bytes()) for response in run.responses]
    assert kept == server.sent
    assert len(kept) == 4
    assert [len(body) for body in kept] == [response.bytes for response in run.responses]


def test_citations_are_numbered_in_the_order_in_which_they_came(
    search: Run, store: Store, server: EutilsServer
) -> None:
    search()
    stored = list(store.citations())
    assert [citation.id for citation in stored] == list(range(1, 502))
    assert [citation.pmid for citation in stored] == [str(record.pmid) for record in server.records]
    assert {citation.run for citation in stored} == {"2024-05-01-pubmed"}
    assert stored[0].title == "Exosomes in back pain, study number 30000501."


def test_two_searches_of_the_same_give_the_same_files(search: Run, folders: Folders) -> None:
    first, second = search().done + search(again=True).done
    one, two = files(folders.run(first.id)), files(folders.run(second.id))
    assert one.pop("search.toml") != two.pop("search.toml")
    assert one == two
    assert len(one) == 4


PASSING = {
    "429": faults.too_many("0"),
    "500": faults.server_error(500),
    "truncated": faults.truncated,
    "web page": faults.html_page,
    "short page": faults.short_page(3),
    "reset": faults.reset_in_the_middle,
    "length": faults.wrong_length(+7),
    "lost history": faults.lost_history,
}


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_changes_no_page(name: str, search: Run, folders: Folders, server: EutilsServer) -> None:
    (undisturbed,) = search().done
    server.fail(PASSING[name], after=1)
    (disturbed,) = search(again=True).done
    for page in ("0001.xml.gz", "0002.xml.gz"):
        assert (folders.run(disturbed.id) / page).read_bytes() == (folders.run(undisturbed.id) / page).read_bytes()
    assert disturbed.complete
    assert len(server.asked("efetch")) >= 5


@pytest.mark.parametrize("name", [name for name in PASSING if name != "short page"])
def test_a_fault_that_stays_keeps_what_came_and_the_same_command_fetches_the_rest(
    name: str, search: Run, folders: Folders, store: Store, server: EutilsServer
) -> None:
    server.fail(PASSING[name], times=999, after=1)  # the first page comes
    with pytest.raises(SearchFailed, match=r"stopped: .*\. 500 records lie ready, and the same command goes on from"):
        search()
    assert folders.runs() == store.runs() == []
    server._troubles.clear()
    fetched = len(server.asked("efetch"))
    found = search()
    (run,) = found.done
    assert (run.id, run.complete, found.resumed) == ("2024-05-01-pubmed", True, (run,))
    (page,) = server.asked("efetch")[fetched:]
    assert page.parameters["id"] == "30000001"
    assert len(server.asked("esearch")) == 2
    assert folders.unfinished() == []


def test_a_search_of_which_nothing_came_leaves_nothing(search: Run, folders: Folders, server: EutilsServer) -> None:
    server.fail(faults.server_error(500), on="esearch", times=999)
    with pytest.raises(SearchFailed, match=r"Nothing was kept; run the same command again"):
        search()
    assert files(folders.searches) == {}


def test_records_that_do_not_come_stop_the_search_once_and_are_named_the_second_time(
    search: Run, store: Store, server: EutilsServer
) -> None:
    server.withheld = {30_000_001}
    with pytest.raises(SearchFailed, match=r"listed and not sent: PMID 30000001\. 500 records lie ready"):
        search()
    assert store.runs() == []
    found = search()
    (run,) = found.incomplete
    assert (run.reported, run.retrieved, run.complete) == (501, 500, False)
    assert "listed and not sent: PMID 30000001" in run.warnings
    assert store.runs() == [run]
    asked = [asked.parameters["id"].count(",") + 1 for asked in server.asked("efetch")]
    assert asked == [500] + [1] * 9  # three times in its page, three by itself, and three by the rerun
    assert search().incomplete == (run,)  # said again as long as no complete run replaces it
    server.withheld = set()
    assert search(again=True).incomplete == ()
    assert search().incomplete == ()


def test_records_that_come_when_the_command_is_repeated_make_one_complete_run(
    search: Run, store: Store, server: EutilsServer
) -> None:
    server.withheld = {30_000_007, 30_000_008}
    with pytest.raises(SearchFailed):
        search()
    server.withheld = set()
    (run,) = search().done
    assert (run.retrieved, run.complete) == (501, True)
    assert len(list(store.citations())) == 501


def test_a_strategy_is_not_run_twice_unless_asked(search: Run, server: EutilsServer) -> None:
    (run,) = search().done
    asked = len(server.log)
    found = search()
    assert (found.done, found.skipped) == ((), (run,))
    assert len(server.log) == asked
    (again,) = search(again=True).done
    assert (again.id, again.first) == ("2024-05-01-pubmed-2", 502)


def test_a_changed_strategy_or_limit_or_round_is_a_new_search(search: Run, protocol: Protocol) -> None:
    search()
    (strategy,) = protocol.search
    for changed in (replace(strategy, strategy="exosome*"), replace(strategy, languages=())):
        assert len(search(protocol=replace(protocol, search=(changed,))).done) == 1
    (later,) = search(update=1).done
    assert later.update == 1
    assert search(update=1).done == ()


def test_databases_that_cannot_be_asked_are_listed_until_their_file_is_imported(
    search: Run, protocol: Protocol
) -> None:
    by_hand = Strategy(database="google-scholar", strategy="exosomes")
    both = replace(protocol, search=(*protocol.search, by_hand))
    found = search(protocol=both)
    assert (len(found.done), found.by_hand, found.unconfigured) == (1, (by_hand,), ())
    with pytest.raises(NothingToSearch, match="'reviewkit import FILE --database google-scholar"):
        search(protocol=both, database="google-scholar")


def test_a_database_whose_key_nobody_has_is_searched_by_hand_unless_it_is_named(
    search: Run, protocol: Protocol
) -> None:
    scopus = Strategy(database="scopus", strategy="TITLE(exosomes)")
    both = replace(protocol, search=(scopus, *protocol.search))
    found = search(protocol=both)
    assert ([run.database for run in found.done], found.by_hand) == (["pubmed"], (scopus,))
    (told,) = found.unconfigured
    assert told.startswith("Scopus asks for an API key")
    with pytest.raises(NotConfigured, match="Scopus asks for an API key"):
        search(protocol=both, database="scopus")


def test_a_protocol_without_such_a_search_is_told(search: Run, protocol: Protocol) -> None:
    with pytest.raises(NothingToSearch, match="none for 'embase', only for pubmed"):
        search(database="embase")
    with pytest.raises(NothingToSearch, match="it has none"):
        search(protocol=replace(protocol, search=()))


def test_without_an_email_nothing_is_asked_or_made(search: Run, folders: Folders, server: EutilsServer) -> None:
    with pytest.raises(NotConfigured):
        search(asking=Asking(access_to(server.url, email="")))
    assert server.log == []
    assert files(folders.searches) == {}


def test_a_run_that_was_received_and_not_loaded_is_loaded_by_the_same_command(
    search: Run, store: Store, workspace: Path, protocol: Protocol, folders: Folders, server: EutilsServer
) -> None:
    """A kill between the folder's rename and the database leaves just that."""
    (run,) = search().done
    fresh = Folders(folders.workspace, folders.review)
    from reviewkit.store import open_store

    other = open_store(f"sqlite:///{workspace / 'other.db'}", "backpain")
    asked = len(server.log)
    found = run_searches(fresh, protocol, other, Asking(Access()), now=lambda: AT)
    assert (found.recovered, found.skipped, found.done) == ((run,), (run,), ())
    assert list(other.citations()) == list(store.citations())
    assert len(server.log) == asked
    other.close()


def test_two_searches_of_a_review_do_not_run_at_once(search: Run, folders: Folders, server: EutilsServer) -> None:
    with folders.searching(), pytest.raises(SearchGoingOn, match="backpain"):
        search()
    assert server.log == []


def test_without_an_email_the_databases_that_need_none_are_searched(
    search: Run, protocol: Protocol, server: EutilsServer
) -> None:
    other = Strategy(database="clinicaltrials-gov", strategy="exosomes")
    with ClinicalTrialsServer(studies=3) as register:
        access = access_to(server.url, email="", REVIEWKIT_CLINICALTRIALS_URL=register.url)
        found = search(asking=Asking(access), protocol=replace(protocol, search=(*protocol.search, other)))
    assert [run.database for run in found.done] == ["clinicaltrials-gov"]
    assert [(each.database, "REVIEWKIT_EMAIL" in each.problem) for each in found.failed] == [("pubmed", True)]
    assert server.log == []


def test_the_key_and_the_email_are_in_no_file(search: Run, workspace: Path, server: EutilsServer) -> None:
    search()
    server.fail(faults.repeats(f"{KEY} {EMAIL}"), times=1)
    with pytest.raises(SearchFailed) as caught:
        search(again=True)
    content = [path.read_bytes() for path in workspace.rglob("*") if path.is_file()]
    content += [gzip.decompress(body) for body in content if body.startswith(b"\x1f\x8b")]
    assert len(content) > 8
    assert not [body for body in content if KEY.encode() in body or EMAIL.encode() in body or b"%40" in body]
    assert KEY not in str(caught.value)
    assert EMAIL not in str(caught.value)


def test_records_that_a_shared_database_holds_already_keep_their_numbers(
    search: Run, store: Store, folders: Folders
) -> None:
    """A colleague imported into the team's database; her folder has not come here yet."""
    store.add_run(
        SearchRun(id="2024-05-01-pubmed", database="pubmed", date=AT[:10], reported=0, retrieved=0, first=1), []
    )
    store.add_run(SearchRun(id="x", database="scopus", date=AT[:10], reported=9, retrieved=9, first=1), [])
    (run,) = search().done
    assert (run.id, run.first) == ("2024-05-01-pubmed-2", 10)
