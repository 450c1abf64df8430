"""A citation search is a run of its own: it brings what the seeds cite and what cites them, and says all it asked."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewkit.errors import BadSeed, NoSeeds, SearchFailed, UnknownRecord
from reviewkit.model.citation_search import Direction, Seed
from reviewkit.model.known import Known
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SourceKind
from reviewkit.sources import openalex_api
from reviewkit.steps.citation_searching import (
    CitationSearch,
    choose_seeds,
    count_citations,
    read_seed,
    search_citations,
)
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT, add_run, citation, decision
from tests.servers import faults
from tests.servers.europe_pmc import EuropePmcServer
from tests.servers.openalex import OpenAlexServer, refused, shortened
from tests.servers.works import Work
from tests.sources.conftest import Clock, access_to

WORKS = (
    Work(1, cites=(10, 11, 12), unmatched=("A thesis on pain", "A report")),
    Work(2, cites=(11, 13), preprint=True),
    *(Work(number, year=1999) for number in range(10, 14)),
    Work(20, year=2024, cites=(1,)),
    Work(21, year=2024, cites=(1, 2)),
)
ONE = Seed("r1", (Known("pmid", "30000001"), Known("doi", "10.1234/made-up.1")))
TWO = Seed("r2", (Known("doi", "10.1234/made-up.2"),))
STRANGER = Seed("r3", (Known("doi", "10.9999/unknown"),))
NAMELESS = Seed("r4")
BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD
Search = Callable[..., CitationSearch]


@pytest.fixture
def openalex() -> Iterator[OpenAlexServer]:
    with OpenAlexServer(works=WORKS) as running:
        yield running


@pytest.fixture
def europe_pmc() -> Iterator[EuropePmcServer]:
    with EuropePmcServer(works=WORKS) as running:
        yield running


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


@pytest.fixture
def search(
    folders: Folders, protocol: Protocol, store: Store, openalex: OpenAlexServer, europe_pmc: EuropePmcServer
) -> Search:
    access = access_to(
        REVIEWKIT_OPENALEX_URL=openalex.url,
        REVIEWKIT_EUROPE_PMC_URL=europe_pmc.url,
        OPENALEX_API_KEY="openalex-key-0123456789",
    )

    def run(*seeds: Seed, dry_run: bool = False, **given: object) -> CitationSearch:
        asking = Clock().asking(access)
        if dry_run:
            return count_citations(folders, asking, seeds, **given)  # type: ignore[arg-type]
        return search_citations(folders, protocol, store, asking, seeds, now=lambda: AT, **given)  # type: ignore[arg-type]

    return run


def counts(found: CitationSearch) -> list[tuple[str, str, int]]:
    return [(link.step.direction.value, link.step.seed.label, link.count) for link in found.links]


def titles(store: Store, found: CitationSearch) -> list[str]:
    assert found.run
    return sorted(each.title.rpartition(" ")[2] for each in store.citations(found.run.ids))


# --- seeds --------------------------------------------------------------------------------------


def test_the_included_studies_are_the_seeds_with_the_identifiers_of_all_their_citations(
    folders: Folders, protocol: Protocol, store: Store
) -> None:
    add_run(store, [citation(doi="10.1234/A.1", pmid="11"), citation(doi="10.1234/b")])
    for record in (1, 2):
        store.add([decision(record, "include")])
    store.add([decision(1, "include", stage="full-text")])
    assert choose_seeds(store, standing(store, protocol)) == [
        Seed("r1", (Known("pmid", "11"), Known("doi", "10.1234/a.1")))
    ]


def test_seeds_can_be_named(folders: Folders, protocol: Protocol, store: Store) -> None:
    add_run(store, [citation(doi="10.1234/a"), citation(title="No number", doi="", pmid="")])
    stands = standing(store, protocol)
    given = [read_seed("PMID 12345678"), read_seed("https://doi.org/10.5/X")]
    assert [str(seed) for seed in choose_seeds(store, stands, [2, 1], given)] == [
        "r1 (DOI 10.1234/a)", "r2", "PMID 12345678", "DOI 10.5/x",
    ]  # fmt: skip
    with pytest.raises(UnknownRecord):
        choose_seeds(store, stands, [9])
    with pytest.raises(NoSeeds, match="--record r12"):
        choose_seeds(store, stands)
    with pytest.raises(BadSeed, match="'pain' is no seed"):
        read_seed("pain")


# --- by OpenAlex --------------------------------------------------------------------------------


def test_a_run_says_everything_that_was_asked(search: Search, folders: Folders, protocol: Protocol) -> None:
    found = search(ONE, TWO, STRANGER, NAMELESS, searcher="ann")
    assert found.run
    assert folders.runs() == [found.run]
    assert (found.run.id, found.run.kind) == ("2024-05-01-citation-searching", SourceKind.OTHER)
    assert found.run.platform.startswith("OpenAlex API")
    assert found.run.strategy == (
        "Citation searching in OpenAlex.\n"
        "Backward, the works that these cite (filter=cited_by:ID); 3 seeds: r1 (PMID 30000001, DOI 10.1234/made-up.1), "
        "r2 (DOI 10.1234/made-up.2), r3 (DOI 10.9999/unknown).\n"
        "Forward, the works that cite these (filter=cites:ID); 3 seeds: r1 (PMID 30000001, DOI 10.1234/made-up.1), "
        "r2 (DOI 10.1234/made-up.2), r3 (DOI 10.9999/unknown)."
    )
    assert [(line.label, line.text, line.count) for line in found.run.lines] == [
        ("1", "backward from r1 (W4300000001)", 3),
        ("2", "backward from r2 (W4300000002)", 2),
        ("3", "backward from r3 (not known there, so nothing was asked)", -1),
        ("4", "forward from r1 (W4300000001)", 2),
        ("5", "forward from r2 (W4300000002)", 1),
        ("6", "forward from r3 (not known there, so nothing was asked)", -1),
    ]
    assert (found.run.reported, found.run.retrieved, found.run.complete) == (8, 8, True)
    assert found.run.warnings == (
        "OpenAlex does not know r3 (DOI 10.9999/unknown); nothing was asked from it",
        "r4 has neither PMID nor DOI; nothing was asked from it",
    )
    assert (found.run.protocol, found.run.searcher) == (protocol.version, "ann")
    assert (found.unknown, found.nameless) == ((STRANGER,), (NAMELESS,))


def test_what_came_is_in_the_review_and_every_answer_in_the_folder(
    search: Search, folders: Folders, store: Store, openalex: OpenAlexServer
) -> None:
    found = search(ONE, TWO)
    assert titles(store, found) == ["10", "11", "11", "12", "13", "20", "21", "21"]
    assert found.run
    folder = folders.run(found.run.id)
    kept = [gzip.decompress((folder / response.name).read_bytes()) for response in found.run.responses]
    assert sorted(kept) == sorted(openalex.sent)


def test_one_direction_can_be_asked_alone(search: Search, store: Store) -> None:
    found = search(ONE, directions=[FORWARD])
    assert counts(found) == [("forward", "r1", 2)]
    assert titles(store, found) == ["20", "21"]
    assert found.run and "Backward" not in found.run.strategy


def test_a_publication_that_the_index_holds_twice_is_asked_for_twice(search: Search, openalex: OpenAlexServer) -> None:
    openalex.works = (*WORKS, Work(90, doi="10.1234/made-up.1", in_pubmed=False, cites=(13,)))
    found = search(ONE, directions=[BACKWARD])
    assert [(line.text, line.count) for line in found.run.lines if found.run] == [
        ("backward from r1 (W4300000001; W4300000090)", 4)
    ]


def test_what_holds_for_many_seeds_is_said_once(search: Search) -> None:
    silent = [Seed(f"r{number}", (Known("pmid", f"300000{number}"),)) for number in (10, 11)]
    strangers = [Seed(f"r3{number}", (Known("doi", f"10.9999/{number}"),)) for number in (1, 2)]
    found = search(*silent, *strangers, NAMELESS, Seed("r5"), directions=[BACKWARD])
    assert found.run and found.run.warnings == (
        "OpenAlex does not know r31 (DOI 10.9999/1), r32 (DOI 10.9999/2); nothing was asked from them",
        "backward from r10, r11: OpenAlex lists none",
        "r4, r5 have neither PMID nor DOI; nothing was asked from them",
    )


def test_a_seed_from_which_nothing_is_listed_is_told(search: Search) -> None:
    found = search(ONE, Seed("r9", (Known("pmid", "30000010"),)), directions=[BACKWARD])
    assert counts(found)[1] == ("backward", "r9", 0)
    assert found.run and found.run.warnings == ("backward from r9: OpenAlex lists none",)


def test_long_lists_come_page_by_page(
    search: Search, openalex: OpenAlexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openalex_api, "PAGE", 10)
    openalex.works = (*WORKS, *(Work(number, cites=(2,)) for number in range(100, 135)))
    found = search(TWO, directions=[FORWARD])
    assert found.run and (found.run.retrieved, found.run.complete) == (36, True)
    assert [response.name for response in found.run.responses][:3] == [
        "seed-001-1.json.gz", "forward-001-1-0001.json.gz", "forward-001-1-0002.json.gz",
    ]  # fmt: skip


# --- counting, and asking again -----------------------------------------------------------------


def test_a_dry_run_counts_and_keeps_nothing(search: Search, folders: Folders) -> None:
    found = search(ONE, TWO, STRANGER, dry_run=True)
    assert [count for *_, count in counts(found)] == [3, 2, -1, 2, 1, -1]
    assert (found.run, found.reported, folders.runs()) == (None, 8, [])


@pytest.mark.parametrize("index", ["openalex", "europe-pmc"])
def test_counts_and_runs_agree(index: str, search: Search) -> None:
    counted = search(ONE, TWO, dry_run=True, index=index)
    assert counts(counted) == counts(search(ONE, TWO, index=index))


def test_asked_again_only_what_is_new_is_asked(search: Search, openalex: OpenAlexServer) -> None:
    search(ONE, STRANGER)
    asked = len(openalex.log)
    again = search(ONE, STRANGER)
    assert (again.run, again.links, len(again.before), len(openalex.log)) == (None, (), 4, asked)
    more = search(ONE, TWO, STRANGER)
    assert counts(more) == [("backward", "r2", 2), ("forward", "r2", 1)]
    assert more.run and more.run.id == "2024-05-01-citation-searching-2"


def test_a_seed_that_was_not_known_is_asked_for_once_it_has_another_identifier(search: Search) -> None:
    search(STRANGER)
    found = Seed("r3", (Known("pmid", "30000002"), *STRANGER.known, *TWO.known))
    assert counts(search(found, directions=[BACKWARD])) == [("backward", "r3", 2)]


def test_another_index_another_round_and_again_ask_anew(search: Search) -> None:
    search(ONE)
    assert len(search(ONE, index="europe-pmc").links) == 2
    assert len(search(ONE, update=1).links) == 2
    assert len(search(ONE, again=True).links) == 2


# --- trouble ------------------------------------------------------------------------------------


def test_a_stopped_search_goes_on_where_it_was(search: Search, folders: Folders, openalex: OpenAlexServer) -> None:
    openalex.fail(faults.server_error(500), on="works", times=6, after=5)
    with pytest.raises(SearchFailed, match="The search in OpenAlex stopped: the server has trouble"):
        search(ONE, TWO)
    assert folders.runs() == []
    before = len(openalex.log)
    found = search(ONE, TWO)
    assert found.run and (found.resumed, found.run.retrieved, found.run.complete) == (True, 8, True)
    filters = [asked.parameters["filter"] for asked in openalex.log[before:]]
    assert not any(name.startswith(("pmid", "doi")) for name in filters)
    assert "cited_by:W4300000001" not in filters


def test_a_stopped_and_resumed_search_keeps_what_an_undisturbed_one_keeps(
    search: Search, folders: Folders, openalex: OpenAlexServer
) -> None:
    openalex.fail(faults.server_error(500), on="works", times=6, after=4)
    with pytest.raises(SearchFailed):
        search(ONE, TWO)
    resumed = search(ONE, TWO).run
    undisturbed = search(ONE, TWO, again=True).run
    assert resumed and undisturbed and resumed.responses == undisturbed.responses


def test_a_place_that_is_lost_begins_the_whole_anew(search: Search, openalex: OpenAlexServer) -> None:
    openalex.fail(refused(400, "Cursor value is invalid"), on="works", after=6)
    found = search(ONE, TWO)
    assert found.run and (found.run.retrieved, found.run.complete) == (8, True)


def test_what_stays_missing_is_told_with_its_seed(search: Search, openalex: OpenAlexServer) -> None:
    openalex.fail(shortened, on="works", times=4, after=2)  # the pages of one result
    found = search(ONE, directions=[BACKWARD])
    assert found.run and not found.run.complete
    assert found.run.warnings == ("backward from r1: the database reported 3 records and sent 2",)


def test_a_search_from_other_seeds_lets_go_of_an_interrupted_one(
    search: Search, folders: Folders, openalex: OpenAlexServer
) -> None:
    openalex.fail(faults.server_error(500), on="works", times=6, after=2)
    with pytest.raises(SearchFailed):
        search(ONE, TWO)
    assert len(folders.unfinished()) == 1
    assert search(TWO).resumed is False
    assert folders.unfinished() == []


# --- by Europe PMC ------------------------------------------------------------------------------


def test_references_come_with_and_without_a_record(search: Search, store: Store) -> None:
    found = search(ONE, index="europe-pmc", directions=[BACKWARD])
    assert found.run
    assert (found.run.reported, found.run.retrieved, found.run.complete) == (5, 5, True)
    assert [(line.text, line.count) for line in found.run.lines] == [("backward from r1 (MED:30000001)", 5)]
    kept = list(store.citations(found.run.ids))
    assert sorted(each.title for each in kept if not each.pmid) == ["A report", "A thesis on pain"]
    assert [each.abstract for each in kept if each.pmid and not each.abstract] == []
    assert len([each for each in kept if each.pmid]) == 3


def test_citing_records_come_in_full(search: Search, store: Store) -> None:
    found = search(TWO, index="europe-pmc", directions=[FORWARD])
    assert titles(store, found) == ["21"]
    assert found.run and found.run.strategy.startswith("Citation searching in Europe PMC.")


def test_a_publication_without_a_list_of_references_is_told(search: Search) -> None:
    found = search(Seed("r9", (Known("pmid", "30000010"),)), index="europe-pmc", directions=[BACKWARD])
    assert found.run and found.run.warnings == ("backward from r9: Europe PMC lists none",)


def test_long_lists_of_references_are_fetched_in_lots(search: Search, europe_pmc: EuropePmcServer) -> None:
    many = tuple(range(100, 350))
    europe_pmc.works = (*WORKS, Work(5, cites=many), *map(Work, many))
    found = search(Seed("r5", (Known("pmid", "30000005"),)), index="europe-pmc", directions=[BACKWARD])
    assert found.run and (found.run.reported, found.run.retrieved, found.run.complete) == (250, 250, True)
    assert len(europe_pmc.asked("references")) == 1
