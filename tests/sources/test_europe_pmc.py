"""A search in Europe PMC brings everything that was reported, takes up what was kept, or stops clearly."""

import io
from collections.abc import Iterator
from datetime import date

import pytest

from reviewkit.errors import UnknownLanguage
from reviewkit.formats import AS_NAMED, FORMATS
from reviewkit.model.citation import Citation
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, europe_pmc
from reviewkit.sources.politeness import Unanswered
from tests.servers import faults
from tests.servers.europe_pmc import EuropePmcServer, failed, shortened
from tests.servers.works import Work, make_works
from tests.sources.conftest import Clock, Shelf, access_to

STRATEGY = Strategy(database="europe-pmc", strategy="exosomes AND back pain")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EuropePmcServer]:
    monkeypatch.setattr(europe_pmc, "PAGE", 10)
    with EuropePmcServer(works=25) as running:
        yield running


@pytest.fixture
def access(server: EuropePmcServer) -> Access:
    return access_to(REVIEWKIT_EUROPE_PMC_URL=server.url)


def search(
    access: Access, shelf: Shelf, clock: Clock, strategy: Strategy = STRATEGY, since: date | None = None
) -> Received:
    return europe_pmc.search(strategy, clock.asking(access), shelf, lambda done, total: None, since)


def citations(shelf: Shelf) -> list[Citation]:
    found = [
        item
        for name in sorted(shelf.bodies)
        for item in FORMATS[shelf.formats[name]].parse(io.BytesIO(shelf.bodies[name]), AS_NAMED)
    ]
    assert all(isinstance(item, Citation) for item in found)
    return [item for item in found if isinstance(item, Citation)]


# --- what is sent -------------------------------------------------------------------------------


def test_a_plain_strategy_is_sent_as_it_stands() -> None:
    assert europe_pmc.as_sent(STRATEGY) == Sent("exosomes AND back pain", ())


def test_languages_and_dates_become_part_of_the_strategy_and_are_told_in_words() -> None:
    strategy = Strategy(
        database="europe-pmc", strategy="a OR\n  b", languages=("English", "german"), published_from=date(2015, 1, 1)
    )
    assert europe_pmc.as_sent(strategy) == Sent(
        '(a OR b) AND (LANG:"eng" OR LANG:"en" OR LANG:"ger" OR LANG:"de")'
        " AND (FIRST_PDATE:[2015-01-01 TO 3000-12-31])",
        (
            "language: English or german",
            "published from 2015-01-01 (sent as FIRST_PDATE:[2015-01-01 TO 3000-12-31])",
        ),
    )


def test_an_update_asks_for_what_was_indexed_since_a_day() -> None:
    sent = europe_pmc.as_sent(STRATEGY, date(2024, 5, 1)).strategy
    assert sent == "(exosomes AND back pain) AND (FIRST_IDATE:[2024-05-01 TO 3000-12-31])"


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="Europe PMC cannot be asked for the language 'Klingon'"):
        europe_pmc.as_sent(Strategy(database="europe-pmc", strategy="a", languages=("Klingon",)))


def test_limits_and_since_are_heeded(clock: Clock) -> None:
    works = (Work(1), Work(2, language="de"), Work(3, year=2010), Work(4, added="2019-01-01"))
    strategy = Strategy(
        database="europe-pmc", strategy="exosomes", languages=("english",), published_from=date(2015, 1, 1)
    )
    with EuropePmcServer(works=works) as server:
        access, shelf = access_to(REVIEWKIT_EUROPE_PMC_URL=server.url), Shelf()
        assert search(access, shelf, clock, strategy, since=date(2020, 1, 1)).reported == 1
    assert [c.accession for c in citations(shelf)] == ["MED:30000001"]


def test_the_query_travels_in_the_body(server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    long = Strategy(database="europe-pmc", strategy=" AND ".join(["exosomes"] * 2_000))
    assert search(access, shelf, clock, long).complete
    assert all(asked.method == "POST" and "exosomes" not in asked.path for asked in server.log)
    assert {asked.parameters["resultType"] for asked in server.log} == {"core"}


# --- counting and known papers ------------------------------------------------------------------


def test_records_are_counted_without_being_fetched(server: EuropePmcServer, access: Access, clock: Clock) -> None:
    assert europe_pmc.count(STRATEGY, clock.asking(access)).reported == 25
    assert [asked.parameters["pageSize"] for asked in server.log] == ["1"]


@pytest.mark.parametrize("known", [Known("pmid", "30000007"), Known("doi", "10.1234/made-up.7")])
def test_one_known_paper_is_found_among_the_others(
    known: Known, server: EuropePmcServer, access: Access, clock: Clock
) -> None:
    query = f"({STRATEGY.strategy}) AND {europe_pmc.known_term(known)}"
    assert europe_pmc.count(Strategy(database="europe-pmc", strategy=query), clock.asking(access)).reported == 1


# --- fetching -----------------------------------------------------------------------------------


def test_all_pages_come_and_each_record_is_read(
    server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    received = search(access, shelf, clock)
    assert (received.reported, received.complete, received.warnings) == (25, True, ())
    assert received.platform.startswith("Europe PMC Articles RESTful API at 127.0.0.1")
    found = citations(shelf)
    assert sorted(c.pmid for c in found) == [work.pmid for work in make_works(25)]
    assert found[0].abstract.startswith("Results: Patient")


def test_nothing_found_is_a_result(clock: Clock, shelf: Shelf) -> None:
    with EuropePmcServer(works=()) as server:
        received = search(access_to(REVIEWKIT_EUROPE_PMC_URL=server.url), shelf, clock)
    assert (received.reported, received.complete, citations(shelf)) == (0, True, [])


@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many("0"),
        faults.server_error(503),
        faults.html_page,
        faults.truncated,
        faults.reset_in_the_middle,
        faults.wrong_length(7),
        failed("Service temporarily unavailable", 503),
        shortened,
    ],
    ids=lambda fault: getattr(fault, "__name__", "fault"),
)
def test_passing_trouble_costs_nothing(
    fault: faults.Fault, server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(fault, on="searchPOST", times=2, after=1)
    received = search(access, shelf, clock)
    assert (received.complete, len(citations(shelf)), received.warnings) == (True, 25, ())


def test_a_page_that_stays_short_is_told(server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    server.fail(shortened, on="searchPOST", times=3)
    received = search(access, shelf, clock)
    assert not received.complete
    assert received.warnings == ("the database reported 25 records and sent 24",)


def test_a_stopped_search_goes_on_where_it_was(
    server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(faults.server_error(500), on="searchPOST", times=6, after=2)
    with pytest.raises(Unanswered, match="trouble"):
        search(access, shelf, clock)
    assert sorted(shelf.bodies) == ["0001.json", "0002.json"]
    before = len(server.log)
    assert search(access, shelf, clock).complete
    assert [a.parameters["cursorMark"] for a in server.log[before:]] == ["AoE20=", "AoE25="]
    assert len(citations(shelf)) == 25


def test_a_cursor_that_is_no_longer_known_begins_the_search_anew(
    server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(failed("Invalid cursorMark provided"), on="searchPOST", after=1)
    received = search(access, shelf, clock)
    assert received.complete and "fetched again" in received.warnings[0]
    assert len(citations(shelf)) == 25


def test_what_was_added_meanwhile_is_told(server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    server.drift = {2: (*make_works(25), Work(26, year=2024))}
    received = search(access, shelf, clock)
    assert (received.complete, received.reported, received.reported_before) == (True, 26, 25)
    assert len(citations(shelf)) == 26


# --- errors -------------------------------------------------------------------------------------


def test_a_strategy_that_is_not_understood_is_told(server: EuropePmcServer, access: Access, clock: Clock) -> None:
    with pytest.raises(Unanswered, match="Europe PMC answered: Invalid query provided") as told:
        search(access, Shelf(), clock, Strategy(database="europe-pmc", strategy="(exosomes"))
    assert told.value.remedy.startswith("mend the strategy")
    assert len(server.log) == 1


def test_requests_keep_their_distance(server: EuropePmcServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    search(access, shelf, clock)
    assert len(clock.slept) == len(server.log) - 1
    assert min(clock.slept) >= 1 / europe_pmc.PER_SECOND
