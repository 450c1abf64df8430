"""Papers that must be found: which were, by which database, and why one was missed."""

from collections.abc import Iterator

import pytest

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.sources import Asking
from reviewkit.steps.known_items import KnownReport, find_known
from reviewkit.steps.known_reasons import explain_missed
from reviewkit.store import Store
from tests.build import add_run, citation
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_query import answer_from, records_of
from tests.sources.conftest import KEY, Clock, access_to
from tests.steps.papers import LINES, ONE, PAPERS, protocol, strategy


@pytest.fixture
def server() -> Iterator[EutilsServer]:
    with EutilsServer(records=records_of(PAPERS), select=answer_from(PAPERS)) as running:
        yield running


@pytest.fixture
def asking(server: EutilsServer) -> Asking:
    return Clock().asking(access_to(server.url, key=KEY))


def reasons(report: KnownReport, database: str = "pubmed") -> dict[str, str]:
    return {item.name: place.why for item in report.items for place in item.databases if place.database == database}


def test_a_paper_is_found_by_pmid_or_doi_in_each_database(store: Store) -> None:
    add_run(store, [citation(pmid="1", doi="10.1000/One"), citation(pmid="9")])
    add_run(store, [citation(doi="10.1000/one"), citation(doi="10.1000/other")], database="scopus")
    searches = (strategy(), Strategy(database="scopus", strategy="x"), Strategy(database="embase", strategy="x"))
    report = find_known(store, protocol("PMID 1", "10.1000/other", "PMID 77", searches=searches))
    first, second, third = report.items
    assert first.also == (Known("doi", "10.1000/one"),)
    assert [(place.database, place.found_by) for place in first.databases] == [
        ("pubmed", ("2024-03-18-pubmed",)), ("scopus", ("2024-03-18-scopus",)), ("embase", ()),
    ]  # fmt: skip
    assert [place.database for place in second.databases if place.found_by] == ["scopus"]
    assert report.missed == (third,)
    assert report.found == (first, second)
    assert third.databases[2].searched == ()  # Embase was not searched yet


def test_without_known_papers_there_is_nothing_to_look_for(store: Store) -> None:
    add_run(store, [citation(pmid="1")])
    assert find_known(store, protocol()) == KnownReport(runs=1)


@pytest.mark.parametrize("text", [LINES, ONE])
def test_the_reason_for_a_missed_paper_is_asked_part_by_part(store: Store, asking: Asking, text: str) -> None:
    add_run(store, [citation(pmid="1"), citation(pmid="2"), citation(pmid="3")])
    wanted = protocol(*(f"PMID {pmid}" for pmid in (1, 4, 5, 6, 7, 8, 99)), searches=(strategy(text),))
    why = reasons(explain_missed(find_known(store, wanted), wanted, asking))
    by_lines = text == LINES
    vesicles = "line #4" if by_lines else """'(exosom*[tiab] OR "extracellular vesicles"[tiab])'"""
    pain = "line #3" if by_lines else """'("low back pain"[mesh] OR "low back pain"[tiab] OR lumbago[…'"""
    mice = "line #5" if by_lines else "'mice[ti]'"
    look = "look which words its title, abstract and headings use"
    limit = "PubMed holds it and the strategy finds it, but the limit of"
    assert why == {
        "PMID 1": "",
        "PMID 4": f"PubMed holds it, but NOT takes it away, because it matches {mice}",
        "PMID 5": f"{limit} language (english) leaves it out",
        "PMID 6": f"{limit} date of publication leaves it out",
        "PMID 7": f"PubMed holds it, but it does not match {vesicles}: {look}",
        "PMID 8": f"PubMed holds it, but it does not match {pain}: {look}",
        "PMID 99": "PubMed does not hold it (asked as 99[uid]), so no strategy finds it there",
    }


def test_a_paper_that_the_strategy_finds_now_came_after_the_search(store: Store, asking: Asking) -> None:
    wanted = protocol("PMID 1", "10.1000/two")
    report = explain_missed(find_known(store, wanted), wanted, asking)
    assert reasons(report)["PMID 1"] == "the strategy finds it: PubMed was not searched yet"
    add_run(store, [citation(pmid="3")])
    report = explain_missed(find_known(store, wanted), wanted, asking)
    assert reasons(report)["10.1000/two"].startswith("PubMed finds it with this strategy now")


def test_a_database_that_does_not_answer_is_asked_once_and_told_once(
    store: Store, asking: Asking, server: EutilsServer
) -> None:
    add_run(store, [citation(pmid="3")])
    server.fail(faults.too_many("0"), on="esearch", times=99)
    searches = (strategy(), Strategy(database="google-scholar", strategy="x"))
    wanted = protocol("PMID 1", "PMID 2", searches=searches)
    report = explain_missed(find_known(store, wanted), wanted, asking)
    assert len(report.missed) == 2
    assert [told.partition(":")[0] for told in report.unasked] == [
        "PubMed could not be asked", "Google Scholar cannot be asked from here",
    ]  # fmt: skip
    assert len({asked.parameters["term"] for asked in server.log}) == 1
