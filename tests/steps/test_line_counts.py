"""Each line of a strategy is counted by itself, and a count that fails costs nothing else."""

from collections.abc import Iterator

import pytest

from reviewkit.sources import Asking, pubmed
from reviewkit.steps.line_counts import count_lines
from reviewkit.steps.strategy_counts import count_strategies
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


def test_every_line_has_what_it_finds_by_itself_without_limits(asking: Asking) -> None:
    counted = count_lines(pubmed, strategy(), asking)
    assert [(line.label, line.count) for line in counted.lines] == [
        ("1", 2), ("2", 37), ("3", 37), ("4", 7), ("5", 1), ("6", 5),
    ]  # fmt: skip
    assert counted.lines[2].text == "#1 OR #2"
    assert counted.notes == ()


def test_one_query_has_no_lines_and_asks_nothing(asking: Asking, server: EutilsServer) -> None:
    assert count_lines(pubmed, strategy(ONE), asking).lines == ()
    assert server.log == []


def test_a_count_that_does_not_come_is_noted_and_ends_the_asking(asking: Asking, server: EutilsServer) -> None:
    server.fail(faults.too_many("0"), on="esearch", times=99, after=2)
    counted = count_lines(pubmed, strategy(), asking)
    assert [line.count for line in counted.lines] == [2, 37, -1, -1, -1, -1]
    assert counted.notes[0].startswith("the lines from #3 on could not be counted: ")
    tries = [asked.parameters["term"] for asked in server.log[2:]]
    assert len(set(tries)) == 1  # of one line only


def test_a_dry_run_counts_the_whole_within_its_limits_and_the_lines(asking: Asking) -> None:
    told: list[tuple[str, int, int]] = []
    (count,) = count_strategies(protocol(), asking, progress=lambda *step: told.append(step))
    assert count.reported == 3
    assert count.lines[-1].count == 5
    assert count.translation
    assert count.strategy.endswith("AND english[la]")
    assert told[-1] == ("pubmed", 6, 6)


def test_a_database_that_does_not_answer_keeps_no_other_from_being_counted(
    asking: Asking, server: EutilsServer
) -> None:
    from reviewkit.model.protocol import Strategy

    searches = (
        Strategy(database="scopus", strategy="TITLE(x)"),
        Strategy(database="google-scholar", strategy="x"),
        strategy(LINES),
    )
    scopus, scholar, found = count_strategies(protocol(searches=searches), asking)
    assert (scopus.by_hand, scopus.reported) == (True, -1)
    assert "ELSEVIER_API_KEY" in scopus.problem
    assert (scholar.by_hand, scholar.problem) == (True, "")
    assert found.reported == 3
    server.fail(faults.too_many("0"), on="esearch", times=99)
    (failed,) = count_strategies(protocol(), asking)
    assert (failed.by_hand, failed.reported, failed.lines) == (False, -1, ())
    assert "too fast" in failed.problem
