"""A Web of Science search brings everything that was reported, says what the Starter API lacks, or stops clearly."""

from collections.abc import Iterator
from datetime import date

import pytest

from reviewkit.model.citation import Citation
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, find_source, web_of_science, wos_api
from reviewkit.sources.politeness import Unanswered
from tests.formats.reading import read
from tests.servers import faults
from tests.servers import web_of_science as served
from tests.servers.web_of_science import Document, WosServer, fewer
from tests.sources.conftest import Clock, Shelf

KEY = "7f00000000000000000000000000abcd00000000"
STRATEGY = Strategy(database="web-of-science", strategy='TS=(exosomes AND "back pain")')


def access_to(server: WosServer, key: str = KEY) -> Access:
    values = {"REVIEWKIT_WOS_URL": server.url, "WOS_API_KEY": key}
    return Access(lambda variable: values.get(variable, ""))


@pytest.fixture
def server() -> Iterator[WosServer]:
    with WosServer(records=120, keys={KEY}) as running:
        yield running


def search(server: WosServer, shelf: Shelf, clock: Clock, strategy: Strategy = STRATEGY) -> Received:
    return web_of_science.search(strategy, clock.asking(access_to(server)), shelf, lambda done, total: None)


def citations(shelf: Shelf) -> list[Citation]:
    found = []
    for name, kind in shelf.formats.items():
        if kind:
            kept, findings = read(kind, shelf.bodies[name])
            assert not findings
            found += kept
    return found


def truth(server: WosServer) -> list[str]:
    assert not isinstance(server.records, int)
    return [f"WOS:{record.number:015}" for record in server.records]


def test_years_become_part_of_the_query_and_languages_are_told_not_to() -> None:
    strategy = Strategy(
        database="web-of-science", strategy="TS=(a)\nOR TS=(b)", languages=("english",), published_to=date(2024, 3, 18)
    )
    sent = web_of_science.as_sent(strategy)
    assert sent.strategy == "(TS=(a) OR TS=(b)) AND PY=(1500-2024)"
    assert sent.limits == (
        "language: english (not sent: the API knows no such limit)",
        "published to 2024-03-18 (sent as PY=(1500-2024): Web of Science limits by whole years)",
    )
    assert web_of_science.as_sent(STRATEGY) == Sent('TS=(exosomes AND "back pain")', ())
    assert find_source("web-of-science") is web_of_science


def test_one_known_paper_is_asked_for_by_its_identifier() -> None:
    assert web_of_science.known_term(Known("pmid", "123")) == "PMID=123"
    assert web_of_science.known_term(Known("doi", "10.5555/x")) == 'DO="10.5555/x"'


def test_all_records_come_and_the_want_of_abstracts_is_told(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    received = search(server, shelf, clock)
    assert (received.reported, received.complete) == (120, True)
    assert [each.accession for each in citations(shelf)] == truth(server)
    (told,) = received.warnings
    assert "no abstracts" in told
    assert "plain text" in told
    assert "abstracts" in web_of_science.ABOUT.note
    assert list(shelf.bodies.values()) == server.sent
    assert [asked.parameters["page"] for asked in server.log] == ["1", "1", "2", "3"]
    assert {asked.parameters["db"] for asked in server.log} == {"WOS"}


def test_languages_that_could_not_be_sent_are_warned_of(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    limited = Strategy(database="web-of-science", strategy="TS=(a)", languages=("english",))
    assert "every language came" in search(server, shelf, clock, limited).warnings[0]
    assert web_of_science.count(limited, clock.asking(access_to(server))).warnings


@pytest.mark.parametrize("none_is_404", [False, True])
def test_a_search_that_finds_nothing_is_complete_however_that_is_said(
    shelf: Shelf, clock: Clock, none_is_404: bool
) -> None:
    with WosServer(records=0, keys={KEY}, none_is_404=none_is_404) as server:
        received = search(server, shelf, clock)
        assert web_of_science.count(STRATEGY, clock.asking(access_to(server))).reported == 0
    assert (received.reported, received.complete, received.warnings) == (0, True, ())
    assert list(shelf.formats.items()) == [("0000-count.json", "")]


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(503),
        faults.html_page,
        faults.truncated,
        faults.reset_in_the_middle,
        faults.wrong_length(-5),
        served.throttled,
    ],
)
def test_passing_troubles_are_survived(server: WosServer, shelf: Shelf, clock: Clock, fault: faults.Fault) -> None:
    server.fail(fault, on="documents")
    server.fail(fault, on="documents", times=2, after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_page_with_too_few_records_is_asked_for_again(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(fewer(2), on="documents", after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_page_that_stays_short_makes_the_run_incomplete(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(fewer(2), on="documents", times=3, after=2)
    received = search(server, shelf, clock)
    assert not received.complete
    assert "reported 120 records and sent 118" in received.warnings[-1]


def test_a_result_above_the_cap_is_cut_into_slices_by_year(
    shelf: Shelf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wos_api, "CAP", 100)
    records = [Document(number, 2015 + number // 60) for number in range(180)]
    with WosServer(records=records, keys={KEY}) as server:
        received = search(server, shelf, clock)
        assert (received.reported, received.complete) == (180, True)
        assert sorted(each.accession for each in citations(shelf)) == truth(server)


def test_a_used_up_day_ends_at_once_and_the_same_command_goes_on_tomorrow(
    server: WosServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(served.day_used_up, on="documents", after=2)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "for a day are used up" in stop.value.reason
    assert "tomorrow" in stop.value.remedy
    assert not clock.reasons
    before = len(server.log)
    assert search(server, shelf, clock).complete
    assert [asked.parameters["page"] for asked in server.log[before:]] == ["2", "3"]
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_being_told_too_fast_again_and_again_hints_at_the_day(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(served.throttled, on="documents", times=20)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "tomorrow" in stop.value.remedy
    assert clock.reasons


def test_requests_keep_to_one_a_second(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    search(server, shelf, clock)
    assert clock.time >= len(server.log) - 1


def test_a_field_tag_that_the_starter_api_lacks_is_explained(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock, Strategy(database="web-of-science", strategy="AB=(exosomes)"))
    assert "Invalid query" in stop.value.reason
    assert "TS, TI, AU" in stop.value.remedy


def test_a_wrong_key_is_told_and_never_shown(server: WosServer, shelf: Shelf, clock: Clock) -> None:
    wrong = clock.asking(access_to(server, key="wrong-key-0123456789"))
    with pytest.raises(Unanswered) as stop:
        web_of_science.search(STRATEGY, wrong, shelf, lambda done, total: None)
    assert "does not accept the API key (401: The access token is missing)" in stop.value.reason
    assert "WOS_API_KEY" in stop.value.remedy
    assert "wrong-key" not in f"{stop.value.reason} {stop.value.remedy}"


def test_the_key_is_in_a_header_alone_and_in_no_answer_that_is_kept(
    server: WosServer, shelf: Shelf, clock: Clock
) -> None:
    search(server, shelf, clock)
    assert all(asked.headers["X-ApiKey"] == KEY and KEY not in asked.path for asked in server.log)
    echo = faults.Reply(f'{{"metadata": {{"total": 1}}, "key": "{KEY}"}}'.encode(), 200, "application/json")
    server.fail(lambda right: echo, on="documents")
    with pytest.raises(Unanswered) as stop:
        search(server, fresh := Shelf(), clock)
    assert "repeats the API key" in stop.value.reason
    assert KEY not in f"{stop.value.reason} {stop.value.remedy}"
    assert not fresh.bodies
