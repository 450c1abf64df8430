"""A search in OpenAlex brings everything that was reported, keeps the key to itself, or stops clearly."""

import io
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest

from reviewkit.errors import StrategyTooLong, UnknownLanguage
from reviewkit.formats import AS_NAMED, FORMATS
from reviewkit.model.citation import Citation
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, openalex, openalex_api
from reviewkit.sources.politeness import Unanswered
from tests.servers import faults
from tests.servers.openalex import OpenAlexServer, refused, shortened, used_up
from tests.servers.works import Work, make_works
from tests.sources.conftest import Clock, Shelf, access_to

STRATEGY = Strategy(database="openalex", strategy='exosomes AND "back pain"')
KEY = "openalex-key-0123456789"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAlexServer]:
    monkeypatch.setattr(openalex_api, "PAGE", 10)
    with OpenAlexServer(works=25) as running:
        yield running


@pytest.fixture
def access(server: OpenAlexServer) -> Access:
    return access_to(REVIEWKIT_OPENALEX_URL=server.url, OPENALEX_API_KEY=KEY)


@pytest.fixture
def keyless(server: OpenAlexServer) -> Access:
    return access_to(REVIEWKIT_OPENALEX_URL=server.url)


def search(
    access: Access, shelf: Shelf, clock: Clock, strategy: Strategy = STRATEGY, since: date | None = None
) -> Received:
    return openalex.search(strategy, clock.asking(access), shelf, lambda done, total: None, since)


def citations(shelf: Shelf) -> list[Citation]:
    found = [
        item
        for name in sorted(shelf.bodies)
        for item in FORMATS[shelf.formats[name]].parse(io.BytesIO(shelf.bodies[name]), AS_NAMED)
    ]
    assert all(isinstance(item, Citation) for item in found)
    return [item for item in found if isinstance(item, Citation)]


# --- what is sent -------------------------------------------------------------------------------


def test_a_plain_strategy_is_searched_for_in_titles_and_abstracts() -> None:
    assert openalex.as_sent(STRATEGY) == Sent('search.title_and_abstract=exosomes AND "back pain"', ())


def test_a_strategy_may_name_its_parameters() -> None:
    strategy = Strategy(
        database="openalex", strategy="search=exosomes AND pain &\n  filter=type:article", languages=("english",)
    )
    assert openalex.as_sent(strategy) == Sent(
        "search=exosomes AND pain & filter=type:article,language:en", ("language: english (sent as language:en)",)
    )


def test_an_ampersand_within_a_strategy_is_no_parameter() -> None:
    strategy = Strategy(database="openalex", strategy="search=pain & suffering & filter=type:article")
    assert openalex.as_sent(strategy).strategy == "search=pain & suffering & filter=type:article"


def test_an_address_copied_from_the_website_is_understood() -> None:
    copied = f"https://openalex.org/works?page=1&search.title={quote('exosomes OR pain')}&filter=type:article&api_key=x"
    sent = openalex.as_sent(Strategy(database="openalex", strategy=copied))
    assert sent.strategy == "search.title=exosomes OR pain & filter=type:article"


def test_limits_and_since_become_filters() -> None:
    strategy = Strategy(
        database="openalex", strategy="a", languages=("english", "german"), published_to=date(2024, 3, 18)
    )
    sent = openalex.as_sent(strategy, date(2024, 1, 1))
    assert sent.strategy == (
        "search.title_and_abstract=a & filter=language:en|de,to_publication_date:2024-03-18,"
        "from_created_date:2024-01-01"
    )
    assert sent.limits[1] == "published to 2024-03-18 (sent as to_publication_date:2024-03-18)"


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="OpenAlex cannot be asked for the language 'Klingon'"):
        openalex.as_sent(Strategy(database="openalex", strategy="a", languages=("Klingon",)))


def test_limits_and_since_are_heeded(clock: Clock) -> None:
    works = (Work(1), Work(2, language="de"), Work(3, year=2010), Work(4, added="2019-01-01"))
    strategy = Strategy(
        database="openalex", strategy="exosomes", languages=("english",), published_from=date(2015, 1, 1)
    )
    with OpenAlexServer(works=works) as server:
        access, shelf = access_to(REVIEWKIT_OPENALEX_URL=server.url), Shelf()
        assert search(access, shelf, clock, strategy, since=date(2020, 1, 1)).reported == 1
    assert [c.accession for c in citations(shelf)] == ["W4300000001"]


def test_a_strategy_longer_than_openalex_takes_is_refused_before_it_is_sent(
    server: OpenAlexServer, access: Access, clock: Clock
) -> None:
    long = Strategy(database="openalex", strategy=" OR ".join(f'"term number {n}"' for n in range(300)))
    with pytest.raises(StrategyTooLong, match=r"takes 4,094. Split the longest list"):
        search(access, Shelf(), clock, long)
    with pytest.raises(StrategyTooLong):
        openalex.count(long, clock.asking(access))
    assert server.log == []


# --- counting and known papers ------------------------------------------------------------------


def test_works_are_counted_without_being_fetched(server: OpenAlexServer, access: Access, clock: Clock) -> None:
    assert openalex.count(STRATEGY, clock.asking(access)).reported == 25
    assert [asked.parameters["per_page"] for asked in server.log] == ["1"]


@pytest.mark.parametrize("known", [Known("pmid", "30000007"), Known("doi", "10.1234/made-up.7")])
def test_one_known_paper_is_found(known: Known, server: OpenAlexServer, access: Access, clock: Clock) -> None:
    strategy = Strategy(database="openalex", strategy=openalex.known_term(known))
    assert openalex.count(strategy, clock.asking(access)).reported == 1


# --- fetching -----------------------------------------------------------------------------------


def test_all_pages_come_and_each_work_is_read(
    server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    received = search(access, shelf, clock)
    assert (received.reported, received.complete, received.warnings) == (25, True, ())
    assert "cursor" in server.log[0].parameters
    found = citations(shelf)
    assert sorted(c.pmid for c in found) == [work.pmid for work in make_works(25)]
    assert found[0].abstract.endswith("felt better.")


def test_without_a_key_pages_are_asked_for_by_number(
    server: OpenAlexServer, keyless: Access, shelf: Shelf, clock: Clock
) -> None:
    received = search(keyless, shelf, clock)
    assert (received.complete, len(citations(shelf))) == (True, 25)
    assert [asked.parameters["page"] for asked in server.log] == ["1", "2", "3"]


def test_without_a_key_more_than_ten_thousand_are_refused_with_the_way_out(clock: Clock, shelf: Shelf) -> None:
    with OpenAlexServer(works=10_001) as server:
        with pytest.raises(Unanswered, match="finds 10,001 works, and without a key hands out 10,000") as told:
            search(access_to(REVIEWKIT_OPENALEX_URL=server.url), shelf, clock)
        assert len(server.log) == 1
    assert "https://openalex.org/settings/api" in told.value.remedy and shelf.bodies == {}


def test_nothing_found_is_a_result(clock: Clock, shelf: Shelf) -> None:
    with OpenAlexServer(works=()) as server:
        received = search(access_to(REVIEWKIT_OPENALEX_URL=server.url), shelf, clock)
    assert (received.reported, received.complete, citations(shelf)) == (0, True, [])


@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many("0"),
        faults.server_error(503),
        faults.html_page,
        faults.truncated,
        faults.reset_in_the_middle,
        faults.wrong_length(-7),
        refused(403, "Rate limit exceeded; slow down"),
        shortened,
    ],
    ids=lambda fault: getattr(fault, "__name__", "fault"),
)
def test_passing_trouble_costs_nothing(
    fault: faults.Fault, server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(fault, on="works", times=2, after=1)
    received = search(access, shelf, clock)
    assert (received.complete, len(citations(shelf)), received.warnings) == (True, 25, ())


def test_a_page_that_stays_short_is_told(server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    server.fail(shortened, on="works", times=3)
    received = search(access, shelf, clock)
    assert (received.complete, received.warnings) == (False, ("the database reported 25 records and sent 24",))


def test_a_stopped_search_goes_on_where_it_was(
    server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(faults.server_error(500), on="works", times=6, after=2)
    with pytest.raises(Unanswered, match="trouble"):
        search(access, shelf, clock)
    before = len(server.log)
    assert search(access, shelf, clock).complete
    assert "*" not in {a.parameters["cursor"] for a in server.log[before:]}
    assert len(citations(shelf)) == 25


def test_a_cursor_that_is_no_longer_valid_begins_the_search_anew(
    server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(refused(400, "Cursor value is invalid"), on="works", after=1)
    received = search(access, shelf, clock)
    assert received.complete and "fetched again" in received.warnings[0]


# --- errors and the key -------------------------------------------------------------------------


def test_the_days_allowance_is_told_apart_from_haste(
    server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    server.fail(used_up, on="works", times=9)
    with pytest.raises(Unanswered, match="today's free allowance of OpenAlex is used up") as told:
        search(access, shelf, clock)
    assert "tomorrow" in told.value.remedy
    assert len(server.log) == 1 and clock.slept == []


def test_a_wrong_key_is_told_without_showing_it(server: OpenAlexServer, shelf: Shelf, clock: Clock) -> None:
    wrong = "wrong-key-987654321"
    with pytest.raises(Unanswered, match="does not accept the API key") as told:
        search(access_to(REVIEWKIT_OPENALEX_URL=server.url, OPENALEX_API_KEY=wrong), shelf, clock)
    assert wrong not in f"{told.value.reason} {told.value.remedy} {told.value}"
    assert "OPENALEX_API_KEY" in told.value.remedy


def test_where_a_key_is_asked_for_the_way_to_it_is_told(server: OpenAlexServer, keyless: Access, clock: Clock) -> None:
    server.fail(refused(401, "Please provide an API key"), on="works")
    with pytest.raises(Unanswered, match="OpenAlex asks for an API key") as told:
        search(keyless, Shelf(), clock)
    assert "https://openalex.org/settings/api" in told.value.remedy


def test_what_is_kept_for_paying_users_is_told_with_the_way_around(
    server: OpenAlexServer, access: Access, clock: Clock
) -> None:
    server.fail(refused(403, "from_created_date requires a paid plan. Upgrade at openalex.org/pricing"), on="works")
    with pytest.raises(Unanswered, match="keeps this for paying users") as told:
        search(access, Shelf(), clock, since=date(2024, 1, 1))
    assert "without --since" in told.value.remedy


def test_the_key_stands_in_no_address_and_in_no_answer_that_is_kept(
    server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    search(access, shelf, clock)
    openalex.count(STRATEGY, clock.asking(access))
    assert all(KEY not in asked.path and asked.headers["api_key"] == KEY for asked in server.log)
    server.fail(lambda right: faults.Reply(right.body[:-1] + f', "key": "{KEY}"}}'.encode()), on="works")
    with pytest.raises(Unanswered, match="repeats the API key"):
        search(access, Shelf(), clock)
    assert KEY not in repr(access)


def test_an_unknown_filter_is_told_in_openalex_s_words(server: OpenAlexServer, access: Access, clock: Clock) -> None:
    strategy = Strategy(database="openalex", strategy="filter=author_name:Möller")
    with pytest.raises(Unanswered, match="OpenAlex answered: author_name is not a valid field"):
        search(access, Shelf(), clock, strategy)


def test_requests_keep_their_distance(server: OpenAlexServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    search(access, shelf, clock)
    assert len(clock.slept) == len(server.log) - 1
    assert min(clock.slept) >= 1 / openalex_api.PER_SECOND
