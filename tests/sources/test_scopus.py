"""A Scopus search brings everything that was reported, says what the key does not give, or stops clearly."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from reviewkit.model.citation import Citation
from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, find_source, scopus, scopus_api
from reviewkit.sources.politeness import Unanswered
from tests.formats.reading import read
from tests.servers import elsevier, faults
from tests.servers.scopus import Document, ScopusServer, fewer
from tests.sources.conftest import Clock, Shelf

KEY, TOKEN = "7f00000000000000000000000000abcd", "1f0000000000000000000000000beef1"
STRATEGY = Strategy(database="scopus", strategy="TITLE-ABS-KEY(exosomes AND back pain)")


def access_to(server: ScopusServer, key: str = KEY, token: str = "") -> Access:
    values = {"REVIEWKIT_SCOPUS_URL": server.url, "ELSEVIER_API_KEY": key, "ELSEVIER_INSTTOKEN": token}
    return Access(lambda variable: values.get(variable, ""))


@pytest.fixture
def server() -> Iterator[ScopusServer]:
    with ScopusServer(records=60, keys={KEY}) as running:
        yield running


def search(
    server: ScopusServer, shelf: Shelf, clock: Clock, strategy: Strategy = STRATEGY, token: str = ""
) -> Received:
    return scopus.search(strategy, clock.asking(access_to(server, token=token)), shelf, lambda done, total: None)


def citations(shelf: Shelf) -> list[Citation]:
    """What the stored bodies hold, in the order in which they were put there."""
    found = []
    for name, kind in shelf.formats.items():
        if kind:
            kept, findings = read(kind, shelf.bodies[name])
            assert not findings
            found += kept
    return found


def truth(server: ScopusServer) -> list[str]:
    assert not isinstance(server.records, int)
    return [f"2-s2.0-{record.number}" for record in server.records]


def years(**counts: int) -> list[Document]:
    """So many records of each year: years(y2019=3)."""
    made: list[Document] = []
    for year, count in counts.items():
        made += [Document(85_000_000_000 + len(made) + number, int(year[1:])) for number in range(count)]
    return made


# --- what is sent -------------------------------------------------------------------------------


def test_a_plain_strategy_is_sent_as_it_stands() -> None:
    assert scopus.as_sent(STRATEGY) == Sent("TITLE-ABS-KEY(exosomes AND back pain)", ())
    assert find_source("scopus") is scopus


def test_languages_and_years_become_part_of_the_query_and_whole_years_are_told() -> None:
    strategy = Strategy(
        database="scopus", strategy="TITLE(a)\n OR TITLE(b)", languages=("English", "german"),
        published_from=date(2010, 5, 1), published_to=date(2024, 3, 18),
    )  # fmt: skip
    sent = scopus.as_sent(strategy)
    assert sent.strategy == (
        "(TITLE(a) OR TITLE(b)) AND (LANGUAGE(english) OR LANGUAGE(german)) AND PUBYEAR > 2009 AND PUBYEAR < 2025"
    )
    language, published = sent.limits
    assert language == "language: English or german"
    assert published.startswith("published from 2010-05-01 to 2024-03-18 (sent as PUBYEAR > 2009 AND PUBYEAR < 2025")
    assert "whole years" in published


def test_what_was_added_since_a_day_is_asked_for_by_the_day_of_loading() -> None:
    sent = scopus.as_sent(STRATEGY, date(2024, 3, 1))
    assert sent.strategy == "(TITLE-ABS-KEY(exosomes AND back pain)) AND ORIG-LOAD-DATE AFT 20240229"
    assert sent.limits == ("added to Scopus on or after 2024-03-01 (ORIG-LOAD-DATE)",)


def test_one_known_paper_is_asked_for_by_its_identifier() -> None:
    assert scopus.known_term(Known("pmid", "123")) == "PMID(123)"
    assert scopus.known_term(Known("doi", "10.1016/s0140-6736(05)1")) == 'DOI("10.1016/s0140-6736(05)1")'


def test_a_strategy_without_a_field_is_doubted(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    bare = Strategy(database="scopus", strategy="exosomes AND (back pain)")
    assert "names no field" in search(server, shelf, clock, bare).warnings[0]
    assert scopus.count(bare, clock.asking(access_to(server))).warnings
    assert not scopus.count(STRATEGY, clock.asking(access_to(server))).warnings


# --- everything comes ---------------------------------------------------------------------------


def test_all_records_come_with_abstracts_and_all_authors(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    received = search(server, shelf, clock)
    found = citations(shelf)
    assert (received.reported, received.complete, received.warnings) == (60, True, ())
    assert [each.accession for each in found] == truth(server)
    assert all(each.abstract and len(each.authors) == 2 for each in found)
    assert received.platform.startswith("Scopus Search API at 127.0.0.1")
    assert list(shelf.bodies) == ["0000-count-complete.json", "0001.json", "0002.json", "0003.json"]


def test_bodies_are_kept_as_they_were_received(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    search(server, shelf, clock)
    assert list(shelf.bodies.values()) == server.sent


def test_a_count_asks_for_one_record_alone(server: ScopusServer, clock: Clock) -> None:
    assert scopus.count(STRATEGY, clock.asking(access_to(server))).reported == 60
    (asked,) = server.log
    assert (asked.parameters["count"], asked.parameters["view"]) == ("1", "STANDARD")


def test_a_search_that_finds_nothing_is_complete(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=0, keys={KEY}) as server:
        received = search(server, shelf, clock)
    assert (received.reported, received.complete, received.warnings) == (0, True, ())
    assert citations(shelf) == []


def test_a_key_without_abstracts_searches_all_the_same_and_says_so(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=30, keys={KEY}, tokens={TOKEN}) as server:
        received = search(server, shelf, clock)
        assert [each.accession for each in citations(shelf)] == truth(server)
        assert received.complete
        assert "Scopus gave no abstracts" in received.warnings[0]
        assert "ELSEVIER_INSTTOKEN" in received.warnings[0]
        with_token = Shelf()
        assert search(server, with_token, clock, token=TOKEN).warnings == ()
        assert all(each.abstract for each in citations(with_token))


def test_a_page_with_too_few_records_is_asked_for_again(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(fewer(2), on="scopus", after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_page_that_stays_short_makes_the_run_incomplete(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(fewer(2), on="scopus", times=3, after=2)
    received = search(server, shelf, clock)
    assert not received.complete
    assert "reported 60 records and sent 58" in received.warnings[-1]


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(500),
        faults.html_page,
        faults.truncated,
        faults.reset_in_the_middle,
        faults.wrong_length(10),
        faults.too_many("3"),
        elsevier.throttled,
        elsevier.unavailable,
    ],
)
def test_passing_troubles_are_survived(server: ScopusServer, shelf: Shelf, clock: Clock, fault: faults.Fault) -> None:
    server.fail(fault, on="scopus")
    server.fail(fault, on="scopus", times=2, after=2)
    assert search(server, shelf, clock).complete
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_requests_keep_to_the_pace(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    search(server, shelf, clock)
    assert clock.time >= (len(server.log) - 1) / 9


# --- more than is handed out by offset ----------------------------------------------------------

CAP = 100  # in place of 5,000, to be quick; what is asked for beyond is refused by the server


@pytest.fixture
def small_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scopus_api.CAP == 5_000
    monkeypatch.setattr(scopus_api, "CAP", CAP)


@pytest.mark.usefixtures("small_cap")
def test_as_many_as_are_handed_out_come_by_offset(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=CAP, cap=CAP, keys={KEY}) as server:
        assert search(server, shelf, clock).complete
        assert [each.accession for each in citations(shelf)] == truth(server)
        assert server.log[-1].parameters["start"] == "75"


@pytest.mark.usefixtures("small_cap")
def test_a_cursor_goes_on_beyond_where_the_key_may_use_one(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=CAP + 30, cap=CAP, keys={KEY}, cursor=True) as server:
        received = search(server, shelf, clock)
        assert (received.reported, received.complete, received.warnings) == (CAP + 30, True, ())
        assert [each.accession for each in citations(shelf)] == truth(server)


@pytest.mark.usefixtures("small_cap")
def test_without_a_cursor_the_result_is_cut_into_slices_by_year(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=years(y1998=40, y2019=50, y2020=90, y2021=6), cap=CAP, keys={KEY}) as server:
        received = search(server, shelf, clock)
        assert sorted(each.accession for each in citations(shelf)) == truth(server)
    assert (received.reported, received.complete) == (186, True)
    (told,) = received.warnings
    assert "slices by year of publication" in told
    counts = [name for name, kind in shelf.formats.items() if not kind]
    assert counts[0] == "0000-count-complete.json"
    assert len(counts) > 3
    assert len([name for name in shelf.bodies if name.endswith("-0001.json")]) >= 2


@pytest.mark.usefixtures("small_cap")
def test_limits_of_the_protocol_bound_the_slices(shelf: Shelf, clock: Clock) -> None:
    limited = Strategy(
        database="scopus", strategy="TITLE(a)", published_from=date(2019, 1, 1), published_to=date(2020, 12, 31)
    )
    with ScopusServer(records=years(y1998=40, y2019=50, y2020=90), cap=CAP, keys={KEY}) as server:
        assert search(server, shelf, clock, limited).reported == 140
    assert [name for name in shelf.bodies if "count-2" in name] == ["0000-count-2019.json", "0000-count-2020.json"]


@pytest.mark.usefixtures("small_cap")
def test_records_without_a_year_are_missed_aloud(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=years(y2019=60, y2020=60, y0000=3), cap=CAP, keys={KEY}) as server:
        received = search(server, shelf, clock)
    assert not received.complete
    assert "reported 123 records and the slices by year hold 120" in received.warnings[-1]


@pytest.mark.usefixtures("small_cap")
def test_a_year_that_holds_too_much_alone_is_refused_before_anything_is_fetched(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=years(y2020=CAP + 1), cap=CAP, keys={KEY}) as server:
        with pytest.raises(Unanswered) as stop:
            search(server, shelf, clock)
        assert "101 records of the year 2020 alone" in stop.value.reason
        assert "export" in stop.value.remedy
        assert not any(shelf.formats.values())


@pytest.mark.usefixtures("small_cap")
def test_an_interrupted_cut_search_goes_on_and_asks_for_no_page_twice(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=years(y2019=80, y2020=90), cap=CAP, keys={KEY}) as server:
        for interrupted_after in (3, 15, 4):
            server.fail(elsevier.quota_exceeded, on="scopus", after=interrupted_after)
        for _ in range(3):
            with pytest.raises(Unanswered):
                search(server, shelf, clock)
        assert search(server, shelf, clock).complete
        assert sorted(each.accession for each in citations(shelf)) == truth(server)
        places = [(a.parameters["query"], a.parameters["start"]) for a in server.log if "start" in a.parameters]
    assert len(places) <= len(set(places)) + 3  # those that were refused for want of quota


@pytest.mark.usefixtures("small_cap")
def test_a_lost_cursor_begins_anew(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=CAP + 30, cap=CAP, keys={KEY}, cursor=True) as server:
        server.fail(elsevier.quota_exceeded, on="scopus", after=4)
        with pytest.raises(Unanswered):
            search(server, shelf, clock)
        server.fail(elsevier.answered(400, "INVALID_INPUT", "Invalid cursor"), on="scopus")
        received = search(server, shelf, clock)
        assert received.complete
        assert [each.accession for each in citations(shelf)] == truth(server)
        assert "lost our place" in received.warnings[0]


# --- it stops clearly ---------------------------------------------------------------------------


def test_a_used_up_quota_ends_at_once_and_the_same_command_goes_on_later(
    server: ScopusServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(elsevier.quota_exceeded, on="scopus", after=2)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "quota" in stop.value.reason
    assert "after 2024-03-22 12:38 UTC" in stop.value.remedy
    assert not clock.reasons
    before = len(server.log)
    assert search(server, shelf, clock).complete
    assert [asked.parameters["start"] for asked in server.log[before:]] == ["25", "50"]
    assert [each.accession for each in citations(shelf)] == truth(server)


def test_a_wrong_key_is_told_and_never_shown(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    wrong = access_to(server, key="wrong-key-0123456789")
    with pytest.raises(Unanswered) as stop:
        scopus.search(STRATEGY, clock.asking(wrong), shelf, lambda done, total: None)
    assert "does not accept the API key" in stop.value.reason
    assert "ELSEVIER_API_KEY" in stop.value.remedy
    assert "wrong-key" not in f"{stop.value.reason} {stop.value.remedy}"
    assert len(server.log) == 1


def test_a_key_that_opens_nothing_is_told_what_helps(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(elsevier.answered(403, "AUTHORIZATION_ERROR", "No entitlement"), on="scopus", times=2)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "does not open Scopus" in stop.value.reason
    assert "token" in stop.value.remedy
    assert "import" in stop.value.remedy


def test_an_entitlement_that_is_lost_on_the_way_stops_clearly(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(elsevier.answered(401, "AUTHORIZATION_ERROR", "Not authorized"), on="scopus", after=2)
    with pytest.raises(Unanswered, match="does not open Scopus"):
        search(server, shelf, clock)


def test_a_strategy_that_scopus_cannot_read_is_told_with_its_words(
    server: ScopusServer, shelf: Shelf, clock: Clock
) -> None:
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock, Strategy(database="scopus", strategy="TITLE((a)"))
    assert "INVALID_INPUT: Error translating query" in stop.value.reason
    assert len(server.log) == 1


def test_a_strategy_that_is_too_long_is_told(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(lambda right: faults.Reply(b"<html>Too long</html>", 414, "text/html"), on="scopus")
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "too long" in stop.value.reason
    assert "website" in stop.value.remedy


def test_a_503_that_stays_hints_at_the_key(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    server.fail(elsevier.unavailable, on="scopus", times=20)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "ELSEVIER_API_KEY" in stop.value.remedy


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"search-results": []}', b'{"search-results": {"entry": []}}'])
def test_answers_of_another_shape_are_never_taken_for_results(
    server: ScopusServer, shelf: Shelf, clock: Clock, body: bytes
) -> None:
    server.fail(lambda right: faults.Reply(body, 200, "application/json"), on="scopus", times=20)
    with pytest.raises(Unanswered):
        search(server, shelf, clock)
    assert not any(shelf.formats.values())


# --- secrets ------------------------------------------------------------------------------------


def test_key_and_token_travel_in_headers_alone(shelf: Shelf, clock: Clock) -> None:
    with ScopusServer(records=30, keys={KEY}, tokens={TOKEN}) as server:
        search(server, shelf, clock, token=TOKEN)
        assert all(a.headers["X-ELS-APIKey"] == KEY and a.headers["X-ELS-Insttoken"] == TOKEN for a in server.log)
        assert not any(secret in asked.path for asked in server.log for secret in (KEY, TOKEN))


def test_an_answer_that_repeats_the_key_is_not_kept(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    def repeats(right: faults.Reply) -> faults.Reply:
        table = json.loads(right.body)
        table["search-results"]["link"] = [{"@href": f"https://api.elsevier.com/?apiKey={KEY}"}]
        return faults.Reply(json.dumps(table).encode(), 200, "application/json")

    server.fail(repeats, on="scopus", times=9)
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "repeats the API key" in stop.value.reason
    assert KEY not in f"{stop.value.reason} {stop.value.remedy} {clock.reasons}"
    assert not shelf.bodies


def test_an_error_that_quotes_the_key_is_told_without_it(server: ScopusServer, shelf: Shelf, clock: Clock) -> None:
    text = f"APIKey {KEY} with IP address 203.0.113.7 is unrecognized"
    server.fail(elsevier.answered(401, "AUTHENTICATION_ERROR", text), on="scopus")
    with pytest.raises(Unanswered) as stop:
        search(server, shelf, clock)
    assert "***" in stop.value.reason
    assert KEY not in f"{stop.value.reason} {stop.value.remedy}"
