"""A PubMed search brings everything that was reported, says what is missing, or stops clearly."""

import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest

from reviewkit.formats import AS_NAMED, FORMATS
from reviewkit.model.citation import Citation
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Access, Received, Sent, pubmed
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.pubmed_answers import parse_esearch, parse_page
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_records import Record
from tests.sources.conftest import Clock, Shelf, access_to

STRATEGY = Strategy(database="pubmed", strategy="exosomes AND back pain")


def search(server: EutilsServer, access: Access, shelf: Shelf, clock: Clock) -> Received:
    progress: list[tuple[int, int]] = []
    received = pubmed.search(STRATEGY, clock.asking(access), shelf, lambda done, total: progress.append((done, total)))
    if received.complete and received.reported:
        done, total = progress[-1]
        assert done == total >= received.reported
    return received


def pmids(shelf: Shelf) -> list[str]:
    pages = sorted(name for name, kind in shelf.formats.items() if kind == "pubmed-xml")
    return [pmid for name in pages for pmid in parse_page(shelf.bodies[name])]


# --- what is sent -------------------------------------------------------------------------------


def test_a_plain_strategy_is_sent_as_it_stands() -> None:
    assert pubmed.as_sent(STRATEGY) == Sent("exosomes AND back pain", ())


def test_a_strategy_over_several_lines_is_sent_as_one() -> None:
    strategy = Strategy(database="pubmed", strategy="\n  exosomes[tiab]\n    AND pain[tiab]\n")
    assert pubmed.as_sent(strategy).strategy == "exosomes[tiab] AND pain[tiab]"


def test_languages_become_part_of_the_strategy() -> None:
    one = Strategy(database="pubmed", strategy="a OR b", languages=("English",))
    two = Strategy(database="pubmed", strategy="a OR b", languages=("english", "german"))
    assert pubmed.as_sent(one).strategy == "(a OR b) AND english[la]"
    assert pubmed.as_sent(two).strategy == "(a OR b) AND (english[la] OR german[la])"
    assert pubmed.as_sent(two).limits == ("language: english or german",)


def test_dates_are_sent_as_a_window_and_told_in_words(
    server: EutilsServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    limited = Strategy(database="pubmed", strategy="x", published_to=date(2024, 3, 18))
    pubmed.search(limited, clock.asking(access), shelf, lambda done, total: None)
    sent = server.log[0].parameters
    assert (sent["datetype"], sent["mindate"], sent["maxdate"]) == ("pdat", "1000/01/01", "2024/03/18")
    (limit,) = pubmed.as_sent(limited).limits
    assert limit == "published to 2024-03-18 (sent as datetype=pdat mindate=1000/01/01 maxdate=2024/03/18)"
    later = Strategy(database="pubmed", strategy="x", published_from=date(2010, 1, 2))
    assert "mindate=2010/01/02 maxdate=3000/12/31" in pubmed.as_sent(later).limits[0]


def test_a_window_of_addition_asks_for_creation_or_entry_since_the_day() -> None:
    sent = pubmed.as_sent(Strategy(database="pubmed", strategy="a OR b", languages=("english",)), date(2024, 3, 1))
    assert sent.strategy == (
        '((a OR b) AND english[la]) AND (("2024/03/01"[crdt] : "3000/12/31"[crdt]) OR '
        '("2024/03/01"[edat] : "3000/12/31"[edat]))'
    )
    assert sent.limits == (
        "language: english",
        "added to PubMed on or after 2024-03-01 (creation or entry date, [crdt] OR [edat])",
    )


def test_since_a_day_finds_what_was_added_and_what_was_entered_then(clock: Clock, shelf: Shelf) -> None:
    """A back-file comes with an old entry date and a new creation date; NLM re-enters records too."""
    records = [
        Record(4, created="2024-03-01", entered="1961-01-01"),
        Record(3, created="2020-01-01", entered="2024-05-01"),
        Record(2, created="2024-02-29"),
        Record(1, created="2024-03-01"),
    ]
    with EutilsServer(records=records) as server:
        asking = clock.asking(access_to(server.url))
        received = pubmed.search(STRATEGY, asking, shelf, lambda done, total: None, date(2024, 3, 1))
    assert received.complete
    assert pmids(shelf) == ["4", "3", "1"]


def test_every_page_names_the_records_that_it_wants(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    search(server, access, shelf, clock)
    first, page, last = server.log
    assert (first.utility, first.parameters["retmax"], first.parameters["retmode"]) == ("esearch", "9999", "xml")
    assert page.parameters["id"] == ",".join(str(record.pmid) for record in server.records)  # type: ignore[union-attr]
    assert (page.method, page.parameters["retmode"]) == ("POST", "xml")
    assert last.parameters == first.parameters
    assert not [asked for asked in server.log if {"WebEnv", "usehistory"} & set(asked.parameters)]


# --- what comes ---------------------------------------------------------------------------------


def test_every_answer_is_kept_byte_for_byte(server: EutilsServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    received = search(server, access, shelf, clock)
    listed, page, listed_again = server.sent
    assert shelf.bodies == {"0000-esearch.xml": listed, "0001.xml": page, "0000-esearch-2.xml": listed_again}
    assert shelf.formats == {"0000-esearch.xml": "", "0001.xml": "pubmed-xml", "0000-esearch-2.xml": ""}
    assert (received.reported, received.complete, received.warnings) == (30, True, ())
    assert received.translation == '"exosomes AND back pain"[All Fields]'
    assert "biopython" in received.client


def test_large_results_come_in_pages_of_500_in_their_order(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=1_201) as server:
        access = access_to(server.url)
        assert search(server, access, shelf, clock).complete
        assert [asked.parameters["id"].count(",") + 1 for asked in server.asked("efetch")] == [500, 500, 201]
        assert pmids(shelf) == [str(record.pmid) for record in server.records]


def test_a_search_that_finds_nothing_is_a_result(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=0) as server:
        received = search(server, access_to(server.url), shelf, clock)
        assert (received.reported, received.complete) == (0, True)
        assert list(shelf.bodies) == ["0000-esearch.xml"]
        assert server.asked("efetch") == []


def test_words_that_pubmed_does_not_know_are_warnings(clock: Clock, shelf: Shelf) -> None:
    extra = (
        "<ErrorList><PhraseNotFound>fleegle[MeSH Terms]</PhraseNotFound>"
        "<FieldNotFound>tiabb</FieldNotFound></ErrorList>"
        '<WarningList><QuotedPhraseNotFound>"back paim"</QuotedPhraseNotFound><PhraseIgnored>the</PhraseIgnored>'
        "<OutputMessage>Wildcard search for 'p*' used only the first 600 variations.</OutputMessage></WarningList>"
    )
    with EutilsServer(records=3, extra=extra) as server:
        received = search(server, access_to(server.url), shelf, clock)
    assert received.complete
    assert [warning.rpartition("(")[2] for warning in received.warnings] == [
        "PhraseNotFound)", "FieldNotFound)", "QuotedPhraseNotFound)", "PhraseIgnored)", "OutputMessage)",
    ]  # fmt: skip
    assert "'fleegle[MeSH Terms]'" in received.warnings[0]
    assert '"back paim"' in received.warnings[2]


# --- what goes wrong ----------------------------------------------------------------------------

PASSING = {
    "429": faults.too_many("0"),
    "429 without Retry-After": faults.too_many(None),
    "429 with status 200": faults.too_many_with_200,
    "500": faults.server_error(500),
    "503": faults.server_error(503),
    "viewer timeout": faults.viewer_timeout,
    "web page": faults.html_page,
    "truncated": faults.truncated,
    "short page": faults.short_page(),
    "nearly empty page": faults.short_page(29),
    "reset": faults.reset_in_the_middle,
    "length too large": faults.wrong_length(+999),
    "length too small": faults.wrong_length(-200),
    "lost history": faults.lost_history,
    "empty": lambda right: faults.Reply(b""),
    "not PubMed": lambda right: faults.Reply(b"<welcome><page/></welcome>"),
}


@pytest.fixture
def undisturbed(server: EutilsServer, access: Access, clock: Clock) -> dict[str, bytes]:
    shelf = Shelf()
    search(server, access, shelf, clock)
    return {name: body for name, body in shelf.bodies.items() if "esearch" not in name}


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("times", [1, 2])
def test_a_passing_fault_leaves_no_trace_in_the_pages(
    name: str,
    times: int,
    access: Access,
    server: EutilsServer,
    shelf: Shelf,
    clock: Clock,
    undisturbed: dict[str, bytes],
) -> None:
    before = len(server.log)
    server.fail(PASSING[name], times=times)
    received = search(server, access, shelf, clock)
    assert {name: body for name, body in shelf.bodies.items() if "esearch" not in name} == undisturbed
    assert (received.complete, received.warnings) == (True, ())
    assert len(server.log) - before >= 2 + times


@pytest.mark.parametrize(
    "name", [name for name in PASSING if name not in ("short page", "nearly empty page", "lost history")]
)
def test_a_passing_fault_in_the_search_itself_is_survived(
    name: str, access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(PASSING[name], on="esearch", times=2)
    assert search(server, access, shelf, clock).complete
    assert len(server.asked("esearch")) == 4  # two that failed, one that came, one more when all was fetched
    assert len(pmids(shelf)) == 30


@pytest.mark.parametrize("name", [name for name in PASSING if name not in ("short page", "nearly empty page")])
def test_a_fault_that_stays_stops_the_search_clearly(
    name: str, access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(PASSING[name], times=999)
    with pytest.raises(Unanswered) as caught:
        search(server, access, shelf, clock)
    assert len(caught.value.reason) > 20
    assert len(server.log) <= 12


def test_a_page_that_stays_short_is_kept_and_its_missing_records_are_asked_for_by_name(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(faults.short_page(2), times=3)
    received = search(server, access, shelf, clock)
    assert (received.complete, received.warnings) == (True, ())
    assert server.asked("efetch")[3].parameters["id"] == "30000002,30000001"
    assert sorted(pmids(shelf)) == sorted(str(record.pmid) for record in server.records)  # type: ignore[union-attr]


def test_records_that_are_listed_and_not_sent_stop_the_search_and_are_asked_for_by_the_next_attempt(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.withheld = {30_000_001, 30_000_002}
    with pytest.raises(Unanswered) as caught:
        search(server, access, shelf, clock)
    assert caught.value.reason == (
        "PubMed reported 30 records and sent 28; listed and not sent: PMID 30000001, 30000002"
    )
    server.withheld = set()
    asked = len(server.log)
    received = search(server, access, shelf, clock)
    assert (received.complete, received.warnings, len(pmids(shelf))) == (True, (), 30)
    assert [later.parameters["id"] for later in server.log[asked:]] == ["30000002,30000001"]


def test_records_that_are_never_sent_are_named_by_the_second_attempt(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.withheld = {30_000_001, 30_000_002}
    with pytest.raises(Unanswered):
        search(server, access, shelf, clock)
    received = search(server, access, shelf, clock)
    assert not received.complete
    assert received.reported == 30
    assert len(pmids(shelf)) == 28
    assert received.warnings == (
        "PubMed reported 30 records and sent 28",
        "listed and not sent: PMID 30000001, 30000002",
    )
    assert [asked.parameters["id"].count(",") + 1 for asked in server.asked("efetch")] == [30] * 3 + [2] * 6


def test_the_fullest_of_several_short_pages_is_kept(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    for missing in (5, 1, 3):
        server.fail(faults.short_page(missing))
    assert search(server, access, shelf, clock).complete
    assert len(parse_page(shelf.bodies["0001.xml"])) == 29
    assert server.asked("efetch")[-1].parameters["id"] == "30000001"


def test_a_record_that_came_twice_in_place_of_another_is_noticed(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(faults.doubled_record, times=3)
    received = search(server, access, shelf, clock)
    assert received.complete
    assert received.warnings == ("PubMed sent 1 record twice",)
    assert set(pmids(shelf)) == {str(record.pmid) for record in server.records}  # type: ignore[union-attr]


def test_a_record_that_nobody_asked_for_is_told(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    """PubMed may send another record in place of one that was merged into it."""
    server.instead = {30_000_007: Record(99)}
    with pytest.raises(Unanswered, match="listed and not sent: PMID 30000007"):
        search(server, access, shelf, clock)
    received = search(server, access, shelf, clock)
    assert not received.complete
    assert "listed and not sent: PMID 30000007" in received.warnings
    assert "sent and not listed: PMID 99" in received.warnings


# --- a result that changes meanwhile --------------------------------------------------------------


def test_what_is_added_meanwhile_is_fetched_and_what_vanished_is_named(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=1_001) as server:
        records = list(server.records)  # type: ignore[call-overload]
        server.change([Record(39_999_999), Record(39_999_998), *records[1:]], after=1)
        received = search(server, access_to(server.url), shelf, clock)
        assert (received.complete, received.reported, received.reported_before) == (True, 1_002, 1_001)
        (warning,) = received.warnings
        changed, added, gone = warning.split("; ")
        assert changed == "PubMed's result changed from 1,001 to 1,002 records while it was fetched"
        assert (added, gone) == ("added: PMID 39999998, 39999999", "no longer found: PMID 30001001")
        assert {str(record.pmid) for record in server.records} < set(pmids(shelf))  # type: ignore[union-attr]
        assert len(server.asked("esearch")) == 3  # the last finds that it stays so
        fetched = [pmid for asked in server.asked("efetch") for pmid in asked.parameters["id"].split(",")]
        assert len(fetched) == len(set(fetched)) == 1_003


def test_a_change_that_leaves_the_count_as_it_was_is_noticed(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=600) as server:
        server.change([Record(39_999_999), *list(server.records)[1:]], after=1)  # type: ignore[call-overload]
        received = search(server, access_to(server.url), shelf, clock)
        assert (received.reported, received.reported_before) == (600, 0)
        (warning,) = received.warnings
        assert warning.startswith("PubMed's result changed while it was fetched; ")
        assert warning.endswith("added: PMID 39999999; no longer found: PMID 30000600")


def test_a_result_that_never_rests_is_fetched_as_it_was_last_and_said_to_change(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=10) as server:
        records = list(server.records)  # type: ignore[call-overload]
        for more in range(1, 20):
            records = [Record(39_999_000 + more), *records]
            server.change(records, on="esearch", after=more)
        received = search(server, access_to(server.url), shelf, clock)
        assert received.complete
        assert "it was still changing at the end" in received.warnings[0]
        assert len(server.asked("esearch")) == 5
        assert (received.reported_before, received.reported, len(pmids(shelf))) == (10, 14, 14)


# --- an attempt that goes on where another ended ----------------------------------------------------


def test_nothing_that_lies_on_the_shelf_is_asked_for_again(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=1_201) as server:
        search(server, access_to(server.url), shelf, clock)
        whole, asked = dict(shelf.bodies), len(server.log)
        search(server, access_to(server.url), shelf, clock)
        assert len(server.log) == asked
        for name in ("0002.xml", "0000-esearch-2.xml"):
            del shelf.bodies[name]
        search(server, access_to(server.url), shelf, clock)
        assert shelf.bodies == whole
        assert [later.utility for later in server.log[asked:]] == ["efetch", "esearch"]


@pytest.mark.parametrize("damage", [b"", b"<PubmedArticleSet>", b"not XML", b"<PubmedArticleSet></PubmedArticleSet><"])
@pytest.mark.parametrize("name", ["0000-esearch.xml", "0001.xml", "0003.xml", "0000-esearch-2.xml"])
def test_a_damaged_body_on_the_shelf_is_fetched_again(damage: bytes, name: str, clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=1_201) as server:
        search(server, access_to(server.url), shelf, clock)
        whole, asked = dict(shelf.bodies), len(server.log)
        shelf.bodies[name] = damage
        assert search(server, access_to(server.url), shelf, clock).complete
        assert shelf.bodies == whole
        assert len(server.log) == asked + 1


def test_a_page_of_other_records_on_the_shelf_is_fetched_again(clock: Clock, shelf: Shelf) -> None:
    with EutilsServer(records=1_201) as server:
        search(server, access_to(server.url), shelf, clock)
        whole = dict(shelf.bodies)
        shelf.bodies["0001.xml"] = shelf.bodies["0002.xml"]
        assert search(server, access_to(server.url), shelf, clock).complete
        assert shelf.bodies == whole


# --- records by their PMIDs -------------------------------------------------------------------------


def test_records_can_be_fetched_by_their_pmids(
    server: EutilsServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    told: list[tuple[int, int]] = []
    received = pubmed.fetch_records(
        ["30000003", "30000001", "30000003"], clock.asking(access), shelf, lambda *both: told.append(both)
    )
    assert (received.reported, received.complete, received.warnings) == (2, True, ())
    assert pmids(shelf) == ["30000003", "30000001"]
    assert told == [(2, 2)]
    assert server.asked("esearch") == []


def test_pmids_that_pubmed_does_not_know_are_named(
    server: EutilsServer, access: Access, shelf: Shelf, clock: Clock
) -> None:
    received = pubmed.fetch_records(["30000003", "12"], clock.asking(access), shelf, lambda done, total: None)
    assert not received.complete
    assert received.warnings == ("PubMed was asked for 2 records and sent 1", "asked for and not sent: PMID 12")


def test_no_pmids_are_no_question(server: EutilsServer, access: Access, shelf: Shelf, clock: Clock) -> None:
    received = pubmed.fetch_records([], clock.asking(access), shelf, lambda done, total: None)
    assert (received.reported, received.complete, server.log) == (0, True, [])


# --- what is no answer --------------------------------------------------------------------------------


def test_xml_that_declares_entities_is_not_read(
    access: Access, server: EutilsServer, shelf: Shelf, clock: Clock
) -> None:
    server.fail(faults.entity)
    with pytest.raises(Unanswered, match="declares entities"):
        search(server, access, shelf, clock)


# --- real answers ---------------------------------------------------------------------------------


def recorded(shared: Path, utility: str) -> list[bytes]:
    bodies = []
    for path in sorted((shared / "recordings" / "http").glob("*.json.gz")):
        for exchange in json.loads(gzip.decompress(path.read_bytes())):
            if utility in exchange["request"]["path"]:
                bodies.append(exchange["response"]["body"].encode())
    assert bodies
    return bodies


def test_recorded_answers_of_esearch_are_understood(shared: Path) -> None:
    read = [parse_esearch(body) for body in recorded(shared, "esearch")]
    large = max(read, key=lambda found: len(found.ids))
    assert large.count == len(large.ids) == 259
    assert large.translation.startswith("(monomethyl OR MEP")
    assert [warning for warning in large.warnings if "2-ethyl-5-oxyhexyl" in warning]
    assert len(large.warnings) == 3


def test_answers_of_esearch_in_biopythons_tests_are_understood(shared: Path) -> None:
    folder = shared / "recordings" / "biopython_entrez"
    kept = parse_esearch((folder / "esearch2.xml").read_bytes())
    assert (kept.count, len(kept.ids)) == (42249, 100)
    with pytest.raises(AskAgain):
        parse_esearch((folder / "epost3.xml").read_bytes())


def test_recorded_pages_hold_the_records_that_were_asked_for(shared: Path) -> None:
    counts = sorted(len(parse_page(body)) for body in recorded(shared, "efetch"))
    assert counts[-1] == 259
    assert all(pmid.isdigit() for body in recorded(shared, "efetch") for pmid in parse_page(body))


def test_the_check_of_a_page_and_its_reader_find_the_same_records(shared: Path) -> None:
    pages = recorded(shared, "efetch")
    pages += [path.read_bytes() for path in sorted((shared / "recordings" / "efetch_single").glob("*.xml"))]
    assert len(pages) > 50
    for body in pages:
        read = [item for item in FORMATS["pubmed-xml"].parse(io.BytesIO(body), AS_NAMED) if isinstance(item, Citation)]
        assert parse_page(body) == [citation.pmid for citation in read]
