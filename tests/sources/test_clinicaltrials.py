"""Searching ClinicalTrials.gov: what is sent, paging with tokens, faults, pace, and taking up a stopped search."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from reviewkit.errors import StrategyTooLong, UnknownParameter
from reviewkit.formats import FORMATS
from reviewkit.model.known import read_known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Asking, Received, find_source
from reviewkit.sources import clinicaltrials as source
from reviewkit.sources.politeness import Unanswered
from tests.formats.reading import read
from tests.servers import faults
from tests.servers.clinicaltrials import ClinicalTrialsServer
from tests.servers.faults import Reply
from tests.servers.loopback import json_reply
from tests.sources.conftest import EMAIL, Clock, Shelf

TERM = Strategy(database="clinicaltrials-gov", strategy='exosomes AND\n "back pain"')


@pytest.fixture
def server() -> Iterator[ClinicalTrialsServer]:
    with ClinicalTrialsServer(studies=1_230) as running:
        yield running


def asking(server: ClinicalTrialsServer, clock: Clock) -> Asking:
    values = {"REVIEWKIT_EMAIL": EMAIL, "REVIEWKIT_CLINICALTRIALS_URL": server.url}
    return clock.asking(Access(lambda variable: values.get(variable, "")))


def search(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf, strategy: Strategy = TERM) -> Received:
    return source.search(strategy, asking(server, clock), shelf, lambda done, total: None)


def numbers(shelf: Shelf) -> list[str]:
    found = [c for name in sorted(shelf.bodies) for c in read("clinicaltrials-json", shelf.bodies[name])[0]]
    return [c.registrations[0] for c in found]


def all_numbers(count: int) -> list[str]:
    return [f"NCT{number:08}" for number in range(5_000_001, 5_000_001 + count)]


def test_it_is_the_source_of_the_register() -> None:
    assert find_source("clinicaltrials-gov") is source
    assert source.ABOUT.since and source.ABOUT.needs == ()


def test_all_pages_come_and_are_kept_as_received(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    found = search(server, clock, shelf)
    assert (found.reported, found.complete, found.warnings) == (1_230, True, ())
    assert numbers(shelf) == all_numbers(1_230)
    assert list(shelf.bodies.values()) == server.sent
    assert set(shelf.formats.values()) == {"clinicaltrials-json"} <= set(FORMATS)
    assert len(server.log) == 3
    assert {request.parameters["query.term"] for request in server.log} == {'exosomes AND "back pain"'}


def test_tables_of_results_are_not_asked_for(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    search(server, clock, shelf)
    fields = server.log[0].parameters["fields"].split(",")
    assert "HasResults" in fields and "StatusModule" in fields
    assert not any("Results" in field for field in fields if field != "HasResults")


@pytest.mark.parametrize(
    ("strategy", "sent"),
    [
        ('exosomes AND\n "back pain"', 'query.term=exosomes AND "back pain"'),
        ("AREA[Condition]back pain", "query.term=AREA[Condition]back pain"),
        ("query.cond=back pain & query.intr=exosomes", "query.cond=back pain & query.intr=exosomes"),
        ("query.cond=pain&aggFilters=results:with", "query.cond=pain & aggFilters=results:with"),
    ],
)
def test_a_strategy_is_an_expression_or_the_boxes_of_the_form(strategy: str, sent: str) -> None:
    assert source.as_sent(replace(TERM, strategy=strategy)).strategy == sent


def test_days_become_an_advanced_filter_and_are_told_with_the_limits() -> None:
    strategy = Strategy(
        database="clinicaltrials-gov", strategy="query.term=x&filter.advanced=AREA[Phase]PHASE3 OR AREA[Phase]PHASE2",
        languages=("english",), published_to=date(2024, 3, 18),
    )  # fmt: skip
    sent = source.as_sent(strategy, since=date(2024, 1, 2))
    assert sent.strategy == (
        "query.term=x & filter.advanced=(AREA[Phase]PHASE3 OR AREA[Phase]PHASE2) AND "
        "AREA[StudyFirstPostDate]RANGE[MIN,2024-03-18] AND AREA[LastUpdatePostDate]RANGE[2024-01-02,MAX]"
    )
    assert sent.limits == (
        "language: english (not sent: register entries are in English whatever the language of the study)",
        "published to 2024-03-18 (sent as AREA[StudyFirstPostDate]RANGE[MIN,2024-03-18]: first posted then)",
        "added to ClinicalTrials.gov or changed there on or after 2024-01-02 (LastUpdatePostDate)",
    )


def test_since_reaches_the_server(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    source.search(TERM, asking(server, clock), shelf, lambda done, total: None, date(2024, 1, 2))
    assert {request.parameters["filter.advanced"] for request in server.log} == {
        "AREA[LastUpdatePostDate]RANGE[2024-01-02,MAX]"
    }


def test_a_box_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownParameter, match=r"query\.condition"):
        source.as_sent(replace(TERM, strategy="query.condition=back pain"))


def test_counting_fetches_one_number(server: ClinicalTrialsServer, clock: Clock) -> None:
    assert source.count(TERM, asking(server, clock)).reported == 1_230
    (request,) = server.log
    assert (request.parameters["pageSize"], request.parameters["fields"]) == ("1", "NCTId")


@pytest.mark.parametrize("count", [0, 1, 500, 501])
def test_any_number_of_studies_is_complete(clock: Clock, shelf: Shelf, count: int) -> None:
    with ClinicalTrialsServer(studies=count) as server:
        found = search(server, clock, shelf)
    assert (found.reported, found.complete) == (count, True)
    assert numbers(shelf) == all_numbers(count)


@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many("0"), faults.too_many(None), faults.server_error(502), faults.html_page, faults.truncated,
        faults.reset_in_the_middle, faults.wrong_length(40), lambda right: json_reply({"message": "try later"}),
        lambda right: Reply(b"", 200, "application/json"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("after", [0, 2])
def test_a_passing_fault_is_survived(
    server: ClinicalTrialsServer, clock: Clock, shelf: Shelf, fault: faults.Fault, after: int
) -> None:
    server.fail(fault, on="studies", times=2, after=after)
    assert search(server, clock, shelf).complete
    assert numbers(shelf) == all_numbers(1_230)


def test_a_page_with_too_few_studies_is_asked_for_again(
    server: ClinicalTrialsServer, clock: Clock, shelf: Shelf
) -> None:
    def shorten(right: Reply) -> Reply:
        page = json.loads(right.body)
        return json_reply(page | {"studies": page["studies"][:-3]})

    server.fail(shorten, on="studies", after=1)
    assert search(server, clock, shelf).complete
    assert numbers(shelf) == all_numbers(1_230)


def test_a_result_that_stays_short_is_incomplete_and_says_so(clock: Clock, shelf: Shelf) -> None:
    with ClinicalTrialsServer(studies=30, total=31) as server:
        found = search(server, clock, shelf)
    assert not found.complete
    assert found.warnings == ("the database reported 31 records and sent 30",)


def test_a_stopped_search_fetches_nothing_twice(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    server.fail(faults.server_error(503), on="studies", times=6, after=2)
    with pytest.raises(Unanswered, match="503"):
        search(server, clock, shelf)
    before = len(server.log)
    assert search(server, clock, shelf).complete
    assert len(server.log) == before + 1
    assert numbers(shelf) == all_numbers(1_230)


def test_a_token_that_is_no_longer_known_begins_the_search_anew(
    server: ClinicalTrialsServer, clock: Clock, shelf: Shelf
) -> None:
    server.fail(faults.server_error(503), on="studies", times=6, after=1)
    with pytest.raises(Unanswered):
        search(server, clock, shelf)
    server.forget()
    found = search(server, clock, shelf)
    assert found.complete
    assert found.warnings == ("the database lost our place in its result, and all of it was fetched again",)
    assert numbers(shelf) == all_numbers(1_230)


def test_an_expression_that_is_wrong_is_told_in_the_registers_words(
    server: ClinicalTrialsServer, clock: Clock, shelf: Shelf
) -> None:
    with pytest.raises(Unanswered, match="unbalanced parentheses") as told:
        search(server, clock, shelf, replace(TERM, strategy="((exosomes"))
    assert told.value.remedy == "mend the strategy, then run the same command again."
    assert len(server.log) == 1


def test_a_strategy_too_long_for_an_address_is_refused_before_any_request(
    server: ClinicalTrialsServer, clock: Clock, shelf: Shelf
) -> None:
    with pytest.raises(StrategyTooLong, match=r"ClinicalTrials\.gov"):
        search(server, clock, shelf, replace(TERM, strategy=" OR ".join(f"exosome{n}" for n in range(800))))
    assert server.log == []


def test_it_asks_fifty_times_a_minute_at_most(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    search(server, clock, shelf)
    assert clock.slept == [1.375, 1.375]


def test_nothing_of_the_person_is_sent(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    search(server, clock, shelf)
    assert not any("example.org" in f"{request.path} {request.headers}" for request in server.log)


def test_it_holds_no_papers_to_be_known() -> None:
    pmid = read_known("PMID 123")
    assert pmid and source.known_term(pmid) == ""


def test_another_address_than_the_registers_is_told(server: ClinicalTrialsServer, clock: Clock, shelf: Shelf) -> None:
    assert search(server, clock, shelf).platform.startswith("ClinicalTrials.gov API v2 at 127.0.0.1:")
