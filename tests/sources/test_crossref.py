"""Searching Crossref: what is sent, paging with a cursor that the server keeps, faults, pace, and no secret told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from reviewkit.errors import TooManyResults, UnknownParameter
from reviewkit.formats import FORMATS
from reviewkit.model.known import read_known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Asking, Received, find_source
from reviewkit.sources import crossref as source
from reviewkit.sources.politeness import Unanswered
from tests.formats.reading import read
from tests.servers import faults
from tests.servers.crossref import CrossrefServer, work
from tests.servers.faults import Reply
from tests.servers.loopback import json_reply
from tests.sources.conftest import EMAIL, Clock, Shelf

WORDS = Strategy(database="crossref", strategy="exosomes  back\npain")


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    with CrossrefServer(works=1_230) as running:
        yield running


def asking(server: CrossrefServer, clock: Clock, email: str = EMAIL) -> Asking:
    values = {"REVIEWKIT_EMAIL": email, "REVIEWKIT_CROSSREF_URL": server.url}
    return clock.asking(Access(lambda variable: values.get(variable, "")))


def search(server: CrossrefServer, clock: Clock, shelf: Shelf, strategy: Strategy = WORDS) -> Received:
    return source.search(strategy, asking(server, clock), shelf, lambda done, total: None)


def dois(shelf: Shelf) -> list[str]:
    return [c.doi for name in sorted(shelf.bodies) for c in read("crossref-json", shelf.bodies[name])[0]]


def all_dois(count: int) -> list[str]:
    return [f"10.1234/made-up.{number}" for number in range(1, count + 1)]


def test_it_is_the_source_of_crossref() -> None:
    assert find_source("crossref") is source
    assert source.ABOUT.since


def test_all_pages_come_and_are_kept_as_received(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    found = search(server, clock, shelf)
    assert (found.reported, found.complete, found.reported_before) == (1_230, True, 0)
    assert dois(shelf) == all_dois(1_230)
    assert list(shelf.bodies.values()) == server.sent[1:]  # the first answer is the count
    assert set(shelf.formats.values()) == {"crossref-json"} <= set(FORMATS)
    assert [request.parameters.get("rows") for request in server.log] == ["0", "500", "500", "500", "500"]


def test_every_run_says_that_crossref_has_no_boolean_search(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    plain = search(server, clock, shelf)
    assert any("Crossref has no Boolean search" in warning for warning in plain.warnings)
    assert not any("mean nothing to Crossref" in warning for warning in plain.warnings)
    written = search(server, clock, Shelf(), replace(WORDS, strategy='exosom* AND "back pain"'))
    assert any("mean nothing to Crossref" in warning for warning in written.warnings)
    assert "No Boolean search" in source.ABOUT.note


@pytest.mark.parametrize(
    ("strategy", "sent"),
    [
        ("exosomes  back\npain", "query.bibliographic=exosomes back pain"),
        ("R&D of exosomes", "query.bibliographic=R&D of exosomes"),
        ("query=exosomes", "query=exosomes"),
        ("query.title=exosomes &\n query.author=Möller", "query.title=exosomes & query.author=Möller"),
        ("query.title=a=b&filter=type:journal-article", "query.title=a=b & filter=type:journal-article"),
    ],
)
def test_a_strategy_is_words_or_names_the_parameters(strategy: str, sent: str) -> None:
    assert source.as_sent(replace(WORDS, strategy=strategy)).strategy == sent


def test_windows_become_filters_and_are_told_with_the_limits() -> None:
    strategy = Strategy(
        database="crossref", strategy="query=x&filter=type:journal-article", languages=("english",),
        published_from=date(2010, 1, 1), published_to=date(2024, 3, 18),
    )  # fmt: skip
    sent = source.as_sent(strategy, since=date(2024, 1, 2))
    assert sent.strategy == (
        "query=x & filter=type:journal-article,from-pub-date:2010-01-01,until-pub-date:2024-03-18,"
        "from-created-date:2024-01-02"
    )
    assert sent.limits == (
        "language: english (not sent: Crossref cannot be asked for languages)",
        "published from 2010-01-01 to 2024-03-18 (sent as from-pub-date:2010-01-01,until-pub-date:2024-03-18)",
        "added to Crossref on or after 2024-01-02 (from-created-date)",
    )


def test_the_window_reaches_the_server(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    since = date(2024, 1, 2)
    source.search(WORDS, asking(server, clock), shelf, lambda done, total: None, since)
    assert {request.parameters["filter"] for request in server.log} == {"from-created-date:2024-01-02"}
    assert {request.parameters["query.bibliographic"] for request in server.log} == {"exosomes back pain"}


@pytest.mark.parametrize("strategy", ["query.titel=exosomes", "filters=type:x", "query=x&rows=many", "query=x&rows=0"])
def test_a_parameter_that_crossref_does_not_have_is_refused(strategy: str) -> None:
    with pytest.raises(UnknownParameter, match="is none that it may"):
        source.as_sent(replace(WORDS, strategy=strategy))


def test_counting_fetches_no_works(server: CrossrefServer, clock: Clock) -> None:
    counted = source.count(WORDS, asking(server, clock))
    assert counted.reported == 1_230
    assert any("no Boolean search" in warning for warning in counted.warnings)
    assert [request.parameters["rows"] for request in server.log] == ["0"]


def test_millions_are_refused_before_anything_is_fetched(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=30, total=1_234_567) as server:
        with pytest.raises(TooManyResults, match=r"1,234,567 records.*at most 10,000"):
            search(server, clock, shelf)
        assert len(server.log) == 1
    assert shelf.bodies == {}


def test_the_first_of_millions_can_be_asked_for(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=2_000, total=1_234_567) as server:
        strategy = replace(WORDS, strategy="query=exosomes back pain&rows=700")
        found = search(server, clock, shelf, strategy)
        assert [request.parameters["rows"] for request in server.log] == ["500", "200"]
        assert "rows" not in source.as_sent(strategy).strategy
    assert (found.reported, found.complete) == (700, True)
    assert "Crossref found 1,234,567 works; the first 700 by relevance were taken" in found.warnings
    assert dois(shelf) == all_dois(700)
    assert source.as_sent(strategy).limits == ("the first 700 works of the list, which Crossref ranks by relevance",)


def test_asking_for_more_than_there_are_takes_all(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=30) as server:
        found = search(server, clock, shelf, replace(WORDS, strategy="query=exosomes&rows=500"))
    assert (found.reported, found.complete, len(dois(shelf))) == (30, True, 30)


def test_a_search_without_results_is_complete(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=0) as server:
        found = search(server, clock, shelf)
    assert (found.reported, found.complete) == (0, True)


@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many("0"), faults.server_error(502), faults.server_error(504), faults.html_page,
        lambda right: json_reply({"status": "error", "message-type": "exception", "message": {"name": "class x"}}),
        lambda right: Reply(b"", 200, "application/json"),
    ],
)  # fmt: skip
def test_a_passing_fault_of_the_count_is_survived(
    server: CrossrefServer, clock: Clock, shelf: Shelf, fault: faults.Fault
) -> None:
    server.fail(fault, on="works", times=2)
    assert search(server, clock, shelf).complete
    assert dois(shelf) == all_dois(1_230)


@pytest.mark.parametrize("fault", [faults.truncated, faults.reset_in_the_middle, faults.wrong_length(40)])
def test_an_answer_lost_on_the_way_is_made_good_though_the_server_moved_on(
    server: CrossrefServer, clock: Clock, shelf: Shelf, fault: faults.Fault
) -> None:
    server.fail(fault, on="works", after=2)
    found = search(server, clock, shelf)
    assert found.complete
    assert any("sent 730 at first, and all of it was fetched again" in warning for warning in found.warnings)
    assert dois(shelf) == all_dois(1_230)


def test_a_result_that_stays_short_is_incomplete_and_says_so(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=30, total=31) as server:
        found = search(server, clock, shelf)
    assert not found.complete
    assert "the database reported 31 records and sent 30" in found.warnings


def test_a_stopped_search_goes_on_from_its_last_page(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    server.fail(faults.server_error(503), on="works", times=6, after=3)
    with pytest.raises(Unanswered, match="503"):
        search(server, clock, shelf)
    assert sorted(shelf.bodies) == ["0001.json", "0002.json"]
    before = len(server.log)
    server._places = {cursor: (found, 1_000) for cursor, (found, _) in server._places.items()}
    assert search(server, clock, shelf).complete
    assert [request.parameters["cursor"][:3] for request in server.log[before:]] == ["DnF", "DnF"]
    assert dois(shelf) == all_dois(1_230)


def test_a_cursor_that_crossref_has_forgotten_begins_the_search_anew(
    server: CrossrefServer, clock: Clock, shelf: Shelf
) -> None:
    server.fail(faults.server_error(503), on="works", times=6, after=2)
    with pytest.raises(Unanswered):
        search(server, clock, shelf)
    server.forget()
    found = search(server, clock, shelf)
    assert found.complete
    assert "the database lost our place in its result, and all of it was fetched again" in found.warnings
    assert dois(shelf) == all_dois(1_230)


def test_a_filter_that_is_none_is_told_in_crossrefs_words(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    with pytest.raises(Unanswered, match="Filter kind specified but there is no such filter") as told:
        search(server, clock, shelf, replace(WORDS, strategy="query=x&filter=kind:a"))
    assert told.value.remedy == "mend the strategy, then run the same command again."
    assert len(server.log) == 1


def test_being_blocked_is_told_with_whom_to_ask(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    server.fail(lambda right: Reply(b"Forbidden", 403, "text/plain"), on="works")
    with pytest.raises(Unanswered, match="403") as told:
        search(server, clock, shelf)
    assert "support@crossref.org" in told.value.remedy


def test_the_e_mail_address_goes_into_a_header_and_never_into_an_address(
    server: CrossrefServer, clock: Clock, shelf: Shelf
) -> None:
    search(server, clock, shelf)
    assert all(f"(mailto:{EMAIL})" in request.headers["User-Agent"] for request in server.log)
    assert not any("example.org" in request.path for request in server.log)
    assert not any(b"example.org" in body for body in shelf.bodies.values())


def test_no_error_tells_the_e_mail_address(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    message = json.dumps({"message": [{"message": f"do not know {EMAIL}"}]}).encode()
    server.fail(lambda right: Reply(message, 400, "application/json"), on="works")
    with pytest.raises(Unanswered) as told:
        search(server, clock, shelf)
    assert EMAIL not in f"{told.value.reason} {told.value.remedy}"
    assert "***" in told.value.reason


def test_it_works_without_an_e_mail_address_only_slower(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    found = source.search(WORDS, asking(server, clock, email=""), shelf, lambda done, total: None)
    assert found.complete
    assert not any("mailto" in request.headers["User-Agent"] for request in server.log)
    assert clock.slept == [1.1] * 4


def test_an_odd_e_mail_address_is_no_accident(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    asked = asking(server, clock, email="jörg\r\nX-Evil: 1@example.org")
    assert source.search(WORDS, asked, shelf, lambda done, total: None).complete
    assert not any("X-Evil" in request.headers for request in server.log)


def test_the_pace_is_three_a_second_and_slower_where_the_server_says_so(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=1_230) as server:
        search(server, clock, shelf)
    assert clock.slept == [0.367] * 4
    slow = Clock()
    with CrossrefServer(works=1_230, limit="1") as server:
        search(server, slow, Shelf())
    assert slow.slept[1:] == [1.1] * 3


def test_known_papers_are_asked_for_by_doi() -> None:
    doi, pmid = read_known("10.1000/x"), read_known("PMID 123")
    assert doi and source.known_term(doi) == "filter=doi:10.1000/x"
    assert pmid and source.known_term(pmid) == ""


def test_another_address_than_crossrefs_is_told(server: CrossrefServer, clock: Clock, shelf: Shelf) -> None:
    here = server.url.removeprefix("http://").rstrip("/")
    assert search(server, clock, shelf).platform == f"Crossref REST API at {here}"


def test_a_work_without_a_doi_is_counted_all_the_same(clock: Clock, shelf: Shelf) -> None:
    with CrossrefServer(works=[work(1), work(2, DOI=None), work(3, DOI=None)]) as server:
        found = search(server, clock, shelf)
    assert (found.reported, found.complete) == (3, True)
