"""An Embase search brings everything that was reported, or stops with what a person can do."""

from collections.abc import Iterator
from datetime import date

import pytest

from reviewkit.model.citation import Citation
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, embase, find_source
from reviewkit.sources.politeness import Unanswered
from tests.formats.reading import read
from tests.servers import elsevier, faults
from tests.servers.embase import Article, EmbaseServer, fewer
from tests.sources.conftest import Clock, Shelf

KEY, TOKEN = "7f00000000000000000000000000abcd", "1f0000000000000000000000000beef1"
STRATEGY = Strategy(database="embase", strategy="'exosome'/exp AND 'low back pain':ti,ab")


def access_to(server: EmbaseServer, key: str = KEY, token: str = "") -> Access:
    values = {"REVIEWKIT_EMBASE_URL": server.url, "ELSEVIER_API_KEY": key, "ELSEVIER_INSTTOKEN": token}
    return Access(lambda variable: values.get(variable, ""))


@pytest.fixture
def server() -> Iterator[EmbaseServer]:
    with EmbaseServer(records=60, keys={KEY}) as running:
        yield running


def search(
    server: EmbaseServer, shelf: Shelf, clock: Clock, strategy: Strategy = STRATEGY, token: str = ""
) -> Received:
    return embase.search(strategy, clock.asking(access_to(server, token=token)), shelf, lambda done, total: None)


def citations(shelf: Shelf) -> list[Citation]:
    found = []
    for name, kind in shelf.formats.items():
        if kind:
            kept, findings = read(kind, shelf.bodies[name])
            assert not findings
            found += kept
    return found


def truth(server: EmbaseServer) -> list[str]:
    assert not isinstance(server.records, int)
    return [f"L{record.number}" for record in server.records]


def test_limits_become_part_of_the_query_in_embase_s_own_words() -> None:
    strategy = Strategy(
        database="embase", strategy="a:ti\nOR b:ti", languages=("English", "German"), published_from=date(2010, 5, 1)
    )
    sent = embase.as_sent(strategy, since=date(2024, 3, 1))
    assert sent.strategy == (
        "(a:ti OR b:ti) AND ([english]/lim OR [german]/lim) AND [2010-2100]/py AND [01-03-2024]/sd"
    )
    assert [limit.split(" (")[0] for limit in sent.limits] == [
        "language: English or German",
        "published from 2010-05-01",
        "added to Embase on or after 2024-03-01",
    ]
    assert embase.as_sent(STRATEGY) == Sent("'exosome'/exp AND 'low back pain':ti,ab", ())
    assert find_source("embase") is embase


def test_one_known_paper_is_asked_for_by_its_identifier() -> None:
    assert embase.known_term(Known("pmid", "31910170")) == "31910170:ui"
    assert embase.known_term(Known("doi", "10.5555/x")) == "'10.5555/x':do"


def test_all_records_come_with_their_abstracts(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    received = search(server, shelf, clock)
    found = citations(shelf)
    assert (received.reported, received.complete, received.warnings) == (60, True, ())
    assert [each.accession for each in found] == truth(server)
    assert all(each.abstract and each.year == 2020 and each.journal == "Invented Spine" for each in found)
    assert list(shelf.bodies.values()) == server.sent
    assert [asked.parameters["start"] for asked in server.log] == ["1", "1", "26", "51"]


def test_how_embase_read_the_query_is_told(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    shouted = Strategy(database="embase", strategy="EXOSOME")
    assert search(server, shelf, clock, shouted).translation == "exosome"
    assert embase.count(shouted, clock.asking(access_to(server))).translation == "exosome"


def test_a_strategy_of_any_length_travels_in_the_body(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    long = Strategy(database="embase", strategy=" OR ".join(f"'word {n}':ti,ab" for n in range(9_000)))
    assert search(server, shelf, clock, long).complete
    assert all(asked.method == "POST" and len(asked.path) < 100 for asked in server.log)


def test_a_search_that_finds_nothing_is_complete(shelf: Shelf, clock: Clock) -> None:
    with EmbaseServer(records=0, keys={KEY}) as server:
        received = search(server, shelf, clock)
    assert (received.reported, received.complete) == (0, True)


@pytest.mark.parametrize(
    "fault",
    [faults.server_error(502), faults.html_page, faults.truncated, faults.reset_in_the_middle, elsevier.throttled],
)
def test_passing_troubles_are_survived(server: EmbaseServer, shelf: Shelf, clock: Clock, fault: faults.Fault) -> None:
    server.fail(fault, on="article")
    server.fail(fault, on="article", times=2, after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_page_with_too_few_records_is_asked_for_again(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(fewer(2), on="article", after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_result_above_the_cap_is_cut_into_slices_by_year(
    shelf: Shelf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert embase.CAP == 5_000
    monkeypatch.setattr(embase, "CAP", 50)
    records = [Article(600_000_000 + number, 2015 + number // 30) for number in range(120)]
    with EmbaseServer(records=records, keys={KEY}, limit=50) as server:
        received = search(server, shelf, clock)
        assert (received.reported, received.complete) == (120, True)
        assert sorted(each.accession for each in citations(shelf)) == truth(server)


def test_more_than_it_hands_out_of_one_year_stops_with_what_to_do(
    shelf: Shelf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embase, "CAP", 50)
    with EmbaseServer(records=70, keys={KEY}, limit=50) as server, pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "hands out no more" in stop.value.reason
    assert "www.embase.com" in stop.value.remedy


def test_an_interrupted_search_goes_on_where_it_stopped(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(elsevier.quota_exceeded, on="article", after=2)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "quota" in stop.value.reason
    assert "after 2024-03-22 12:38 UTC" in stop.value.remedy
    before = len(server.log)
    assert search(server, shelf, clock).complete
    assert [asked.parameters["start"] for asked in server.log[before:]] == ["26", "51"]
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_key_that_does_not_open_embase_is_told_what_helps(shelf: Shelf, clock: Clock) -> None:
    with EmbaseServer(records=30, keys={KEY}, tokens={TOKEN}) as server:
        with pytest.raises(Unanswered) as stop:
            search(server, shelf, clock)
        assert "ELSEVIER_INSTTOKEN" in stop.value.remedy
        assert search(server, shelf, clock, token=TOKEN).complete


def test_no_entitlement_is_told_what_helps(server: EmbaseServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(elsevier.answered(403, "AUTHORIZATION_ERROR", "No entitlement"), on="article")
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "does not open Embase" in stop.value.reason
    assert "import the file" in stop.value.remedy


def test_key_and_token_are_in_headers_alone_and_in_no_message(shelf: Shelf, clock: Clock) -> None:
    with EmbaseServer(records=30, keys={KEY}, tokens={TOKEN}) as server:
        search(server, shelf, clock, token=TOKEN)
        assert all(a.headers["X-ELS-APIKey"] == KEY and a.headers["X-ELS-Insttoken"] == TOKEN for a in server.log)
        assert not any(
            secret.encode() in asked.path.encode() + asked.body for asked in server.log for secret in (KEY, TOKEN)
        )
        server.fail(elsevier.answered(401, "AUTHENTICATION_ERROR", f"Invalid API Key {KEY} {TOKEN}"), on="article")
        with pytest.raises(Unanswered) as stop:
            search(server, Shelf(), clock, token=TOKEN)
    assert not any(secret in f"{stop.value.reason} {stop.value.remedy}" for secret in (KEY, TOKEN))
