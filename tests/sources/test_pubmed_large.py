"""Results above NCBI's cap arrive whole whatever goes wrong, and never faster than allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

import pytest

from reviewkit.errors import TooManyResults
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Asking, Received, pubmed
from reviewkit.sources.politeness import Unanswered
from reviewkit.sources.pubmed_answers import parse_page
from reviewkit.sources.pubmed_listing import CAP
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.faults import Fault, Reply
from tests.servers.loopback import Asked
from tests.servers.pubmed_records import Record
from tests.sources.conftest import Clock, Shelf, access_to

STRATEGY = Strategy(database="pubmed", strategy="exosomes OR vesicles")
LARGE = 10_300  # records: a few slices
HUGE = 30_000

FAULTS: dict[str, Fault] = {
    "429": faults.too_many("7"),
    "429 without Retry-After": faults.too_many(None),
    "429 with status 200": faults.too_many_with_200,
    "500": faults.server_error(500),
    "503": faults.server_error(503),
    "viewer timeout": faults.viewer_timeout,
    "web page": faults.html_page,
    "truncated": faults.truncated,
    "reset": faults.reset_in_the_middle,
    "length too large": faults.wrong_length(+999),
    "length too small": faults.wrong_length(-200),
    "lost history": faults.lost_history,
    "backend failed": faults.no_count(),
    "empty": lambda right: Reply(b""),
}
OF_PAGES: dict[str, Fault] = {
    "short page": faults.short_page(3),
    "nearly empty page": faults.short_page(499),
    "doubled record": faults.doubled_record,
    "no records": lambda right: Reply(b"<PubmedArticleSet></PubmedArticleSet>"),
}


@cache
def made(count: int, days: int = 3_000) -> tuple[Record, ...]:
    """As many records, the newest first, spread over these days before 2024; many on the last of them."""
    last = date(2023, 12, 31)
    return tuple(
        Record(20_000_000 + place, created=str(last - timedelta((count - place) * days // count)))
        for place in range(count, 0, -1)
    )


@dataclass
class Server(EutilsServer):
    """E-utilities that log requests by the clock of the one who asks."""

    clock: Clock = field(default_factory=Clock, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.politeness = self.clock.politeness()  # one for all attempts, which share its pace

    def answer(self, asked: Asked) -> Reply:
        return super().answer(replace(asked, at=self.clock.time))


def serve(records: Sequence[Record], clock: Clock) -> Server:
    return Server(records=records, clock=clock)


def search(server: Server, shelf: Shelf, strategy: Strategy = STRATEGY) -> Received:
    asking = Asking(access_to(server.url), server.politeness)
    return pubmed.search(strategy, asking, shelf, lambda done, total: None)


def fetched(shelf: Shelf) -> list[str]:
    return [pmid for name, kind in shelf.formats.items() if kind for pmid in parse_page(shelf.bodies[name])]


def pmids_of(records: Sequence[Record]) -> set[str]:
    return {str(record.pmid) for record in records}


def check_pace(server: Server, limit: int = 3) -> None:
    """No second holds more requests than allowed."""
    times = [asked.at for asked in server.log]
    assert len(times) > 10
    for place, start in enumerate(times[:-limit]):
        assert times[place + limit] - start > 1


# --- cutting ------------------------------------------------------------------------------------------


def test_a_result_above_the_cap_is_cut_by_the_day_of_addition(clock: Clock, shelf: Shelf) -> None:
    records = made(LARGE)
    with serve(records, clock) as server:
        received = search(server, shelf)
        assert (received.complete, received.reported, received.warnings) == (True, LARGE, ())
        assert sorted(fetched(shelf)) == sorted(pmids_of(records))
        terms = {asked.parameters["term"] for asked in server.asked("esearch")}
        assert '(exosomes OR vesicles) AND ("1000/01/01"[crdt] : "2000/12/31"[crdt])' in terms
        assert len(terms) < 12
        assert [name for name in shelf.bodies if name.startswith("0000-esearch-crdt-")]
        check_pace(server)


@pytest.mark.parametrize(("count", "cut"), [(CAP - 1, False), (CAP, False), (CAP + 1, True)])
def test_the_cap_is_9999(count: int, cut: bool, clock: Clock, shelf: Shelf) -> None:
    with serve(made(count), clock) as server:
        assert search(server, shelf).complete
        assert len(set(fetched(shelf))) == count
        assert any("crdt" in asked.parameters["term"] for asked in server.asked("esearch")) == cut


def test_the_window_of_publication_stays_beside_the_slices(clock: Clock, shelf: Shelf) -> None:
    records = [replace(record, published="2019-05-01" if record.pmid % 50 else "2021-05-01") for record in made(LARGE)]
    early = replace(STRATEGY, published_to=date(2020, 12, 31))
    with serve(records, clock) as server:
        assert search(server, shelf, early).complete
        assert set(fetched(shelf)) == pmids_of([record for record in records if record.pmid % 50])
        assert {asked.parameters["maxdate"] for asked in server.asked("esearch")} == {"2020/12/31"}


def test_records_without_a_day_of_addition_are_asked_for_too(clock: Clock, shelf: Shelf) -> None:
    records = [replace(record, created="-") if record.pmid % 1_000 == 0 else record for record in made(LARGE)]
    with serve(records, clock) as server:
        assert search(server, shelf).complete
        assert set(fetched(shelf)) == pmids_of(records)
        assert any(" NOT (" in asked.parameters["term"] for asked in server.asked("esearch"))


def test_records_added_on_the_first_and_the_last_possible_day_are_found(clock: Clock, shelf: Shelf) -> None:
    ends = (Record(1, created="1000-01-01"), Record(2, created="3000-12-31"), Record(3, created="1500-02-28"))
    records = (*made(LARGE), *ends)
    with serve(records, clock) as server:
        assert search(server, shelf).complete
        assert set(fetched(shelf)) == pmids_of(records)


def test_a_day_above_the_cap_is_cut_by_the_day_of_publication(clock: Clock, shelf: Shelf) -> None:
    """NLM adds back-files of many thousand records on one day."""
    records = [
        replace(record, created="2015-06-01", published=str(date(1990, 1, 1) + timedelta(record.pmid % 5_000)))
        for record in made(LARGE)
    ]
    with serve(records, clock) as server:
        received = search(server, shelf)
        assert (received.complete, received.warnings) == (True, ())
        assert set(fetched(shelf)) == pmids_of(records)


def test_what_cannot_be_cut_is_refused_loudly_and_nothing_is_fetched(clock: Clock, shelf: Shelf) -> None:
    records = [replace(record, created="2015-06-01", published="2014-01-01") for record in made(LARGE)]
    with serve(records, clock) as server:
        with pytest.raises(TooManyResults) as caught:
            search(server, shelf)
        assert server.asked("efetch") == []
    where = "that were added to PubMed on 2015-06-01 and were published on 2014-01-01"
    assert f"PubMed finds 10,300 records for this strategy {where} and hands out at most 9,999" in str(caught.value)
    assert "export the result in parts" in str(caught.value)
    assert "later version" not in str(caught.value)


def test_slices_that_do_not_add_up_to_the_whole_are_told(clock: Clock, shelf: Shelf) -> None:
    """PubMed hides a record in every slice: nothing is taken for complete that is not."""
    records = made(LARGE)

    def select(parameters: object, found: Sequence[Record]) -> Sequence[Record]:
        from tests.servers.entrez_terms import select_dates

        term = parameters["term"]  # type: ignore[index]
        hits = select_dates(term, found)
        return hits if "crdt" not in term else [record for record in hits if record.pmid != 20_000_005]

    with serve(records, clock) as server:
        server.select = select
        received = search(server, shelf)
    assert not received.complete
    assert "PubMed reported 10,300 records and listed 10,299, slice by slice" in received.warnings


# --- one fault at a time --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_middle_of_a_large_search_loses_nothing(name: str, clock: Clock, shelf: Shelf) -> None:
    records = made(LARGE)
    with serve(records, clock) as server:
        answered: list[float] = []

        def fault(right: Reply) -> Reply:
            answered.append(clock.time)
            return FAULTS[name](right)

        server.fail(fault, on="esearch", after=3, times=2)
        server.fail(fault, on="efetch", after=3, times=2)
        received = search(server, shelf)
        assert (received.complete, received.reported, received.warnings) == (True, LARGE, ())
        assert len(fetched(shelf)) == LARGE
        assert set(fetched(shelf)) == pmids_of(records)
        check_pace(server)
        assert len(answered) == 4
        asked_for = 7 if name == "429" else 1
        for time in answered:
            after = min(asked.at for asked in server.log if asked.at > time)
            assert after - time >= asked_for


@pytest.mark.parametrize("name", OF_PAGES)
def test_a_page_that_lacks_records_loses_nothing(name: str, clock: Clock, shelf: Shelf) -> None:
    records = made(LARGE)
    with serve(records, clock) as server:
        server.fail(OF_PAGES[name], after=5, times=3)
        received = search(server, shelf)
        assert (received.complete, received.reported) == (True, LARGE)
        assert set(fetched(shelf)) == pmids_of(records)
        check_pace(server)


@pytest.mark.parametrize(
    ("name", "on"),
    [("429", "esearch"), ("backend failed", "esearch"), ("truncated", "efetch"), ("reset", "efetch")],
)
def test_a_fault_that_stays_is_a_clear_failure_and_the_rerun_fetches_only_the_rest(
    name: str, on: str, clock: Clock, shelf: Shelf
) -> None:
    records = made(LARGE)
    with serve(records, clock) as server:
        server.fail(FAULTS[name], on=on, after=3, times=999)
        with pytest.raises(Unanswered) as caught:
            search(server, shelf)
        assert len(caught.value.reason) > 20
        server._troubles.clear()
        kept, before = dict(shelf.bodies), len(server.log)
        assert kept
        assert search(server, shelf).complete
        assert set(fetched(shelf)) == pmids_of(records)
        assert len(fetched(shelf)) == LARGE
        assert kept.items() <= shelf.bodies.items()
        assert len(server.log) - before == len(shelf.bodies) - len(kept)
        check_pace(server)


def test_drift_in_a_large_result_is_fetched_and_told(clock: Clock, shelf: Shelf) -> None:
    records = made(LARGE)
    added = [Record(39_000_000 + number, created="2024-01-01") for number in range(3)]
    with serve(records, clock) as server:
        server.change([*added, *records[2:]], after=10)
        received = search(server, shelf)
        assert (received.complete, received.reported, received.reported_before) == (True, LARGE + 1, LARGE)
        (warning,) = received.warnings
        assert "added: PMID 39000000, 39000001, 39000002" in warning
        assert "no longer found: PMID 20010299, 20010300" in warning
        assert set(fetched(shelf)) == pmids_of(records) | pmids_of(added)


def test_drift_between_the_slices_is_put_right(clock: Clock, shelf: Shelf) -> None:
    """The whole is counted before the slices; what is added meanwhile is in a slice and not in the count."""
    records = made(LARGE)
    grown = [Record(39_000_000, created="2001-01-01"), *records]
    with serve(records, clock) as server:
        server.change(grown, on="esearch", after=1)
        received = search(server, shelf)
        assert (received.complete, received.reported, received.reported_before) == (True, LARGE + 1, LARGE)
        assert set(fetched(shelf)) == pmids_of(grown)


# --- all together -----------------------------------------------------------------------------------------


def test_thirty_thousand_records_with_every_fault_at_once(clock: Clock, shelf: Shelf) -> None:
    records = made(HUGE)
    crowded = [
        replace(record, created="2015-06-01", published=str(date(1990, 1, 1) + timedelta(place % 900)))
        if place < 11_000
        else replace(record, created="-")
        if place % 997 == 0
        else record
        for place, record in enumerate(records)
    ]
    added = Record(39_000_000, created="2024-01-01")
    with serve(crowded, clock) as server:
        for place, fault in enumerate((*FAULTS.values(), *OF_PAGES.values())):
            server.fail(fault, on="efetch", after=3 * place % 40)
        for place, fault in enumerate(FAULTS.values()):
            server.fail(fault, on="esearch", after=place)
        server.change([added, *crowded[1:]], after=30)
        server.fail(faults.server_error(502), after=45, times=20)  # the server goes down ...
        with pytest.raises(Unanswered, match="502"):
            search(server, shelf)
        server._troubles = [trouble for trouble in server._troubles if trouble.times < 6]
        server.withheld = {20_020_100}  # ... comes back, and does not find one of its records
        with pytest.raises(Unanswered, match="listed and not sent: PMID 20020100"):
            search(server, shelf)
        server.withheld = set()
        received = search(server, shelf)
        assert received.complete
        assert (received.reported, received.reported_before) == (HUGE, 0)
        assert "added: PMID 39000000; no longer found: PMID 20030000" in received.warnings[0]
        assert set(fetched(shelf)) == pmids_of(server.records)  # type: ignore[arg-type]
        check_pace(server)
