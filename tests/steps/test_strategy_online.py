"""Counts say which terms find nothing, add nothing, or bring too much."""

from collections.abc import Iterator

import pytest

from reviewkit.model.protocol import Strategy
from reviewkit.sources import Asking
from reviewkit.steps.strategy_online import check_online
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_query import Paper, answer_from, records_of
from tests.sources.conftest import KEY, Clock, access_to
from tests.steps.papers import LINES, ONE, PAPERS, strategy


@pytest.fixture
def server() -> Iterator[EutilsServer]:
    with EutilsServer(records=records_of(PAPERS), select=answer_from(PAPERS)) as running:
        yield running


@pytest.fixture
def asking(server: EutilsServer) -> Asking:
    return Clock().asking(access_to(server.url, key=KEY))


def test_terms_that_find_or_add_nothing_are_named_at_their_place(asking: Asking) -> None:
    made = check_online(strategy(LINES), asking)
    assert made is not None
    found = {
        (finding.rule, finding.line, finding.why.split(" finds")[0].split(" adds")[0]) for finding in made.findings
    }
    assert ("finds-nothing", "2", "lumbagoo[tiab]") in found
    assert ("adds-nothing", "1", '"low back pain"[mesh]') in found
    assert not [each for each in found if "backache" in each[2] or "vesicles" in each[2]]  # each brings one of its own
    assert (made.reported, made.problem, made.left_out) == (5, "", 0)
    assert [line.count for line in made.lines] == [2, 37, 37, 7, 1, 5]


def test_a_stem_that_explodes_is_told_with_its_counts(asking: Asking) -> None:
    text = "lumbago[tiab] AND (exo*[tiab] OR vesicles[tiab])".replace("exo*", "exog*")
    made = check_online(strategy(text), asking)
    assert made is not None
    (finding,) = [each for each in made.findings if each.rule == "stem-explodes"]
    assert "exog*[tiab] explodes: the stem finds 30 records, its neighbours together 1" in finding.why
    assert "30 of the 31 of the whole come from it alone" in finding.why
    assert finding.excerpt[finding.caret.index("^") :].startswith("exog*[tiab]")


def test_a_stem_that_brings_most_is_a_note_because_the_main_term_does_so_too(asking: Asking) -> None:
    made = check_online(strategy("lumbago[tiab] AND (exog*[tiab] OR factor[tiab] OR vesicles[tiab])"), asking)
    assert made is not None
    assert "stem-brings-most" not in {each.rule for each in made.findings}  # the word beside it finds the same
    few = [Paper(number, f"Exosomes {number} and lumbago") for number in range(15)]
    more = [Paper(100 + number, f"Vesicles {number} and lumbago") for number in range(10)]
    with EutilsServer(records=records_of([*few, *more]), select=answer_from([*few, *more])) as other:
        text = "lumbago[tiab] AND (exosom*[tiab] OR vesicles[tiab])"
        made = check_online(strategy(text), Clock().asking(access_to(other.url, key=KEY)))
    assert made is not None
    (finding,) = [each for each in made.findings if each.rule.startswith("stem-")]
    assert (finding.rule, finding.severity.value) == ("stem-brings-most", "note")
    assert "exosom*[tiab] brings most: the stem finds 15 records, its neighbours together 10" in finding.why


def test_what_a_database_says_of_itself_has_nothing_to_do_with_spelling(asking: Asking, server: EutilsServer) -> None:
    server.extra = "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    made = check_online(strategy("exosom*[tiab]"), asking)
    assert made is not None
    (finding,) = [each for each in made.findings if each.rule == "database-warns"]
    assert finding.mend == ""


def test_where_the_whole_finds_nothing_the_part_that_does_is_named(asking: Asking) -> None:
    made = check_online(strategy("lumbago[tiab] AND (unobtainium[tiab] OR phlogiston[tiab])"), asking)
    assert made is not None
    (finding,) = made.findings
    assert finding.why == "'(unobtainium[tiab] OR phlogiston[tiab])' finds no record by itself"


def test_a_line_that_finds_nothing_is_named(asking: Asking) -> None:
    made = check_online(strategy("#1 lumbago[tiab]\n#2 phlogiston[tiab]\n#3 #1 OR #2"), asking)
    assert made is not None
    assert [finding.why for finding in made.findings if finding.rule == "line-finds-nothing"] == [
        "line #2 finds no record"
    ]


def test_what_pubmed_says_of_the_query_is_a_finding_at_its_place(asking: Asking, server: EutilsServer) -> None:
    server.extra = "<ErrorList><PhraseNotFound>lumbago</PhraseNotFound></ErrorList>"
    made = check_online(strategy("exosom*[tiab] AND\nlumbago[tiab]"), asking)
    assert made is not None
    (finding,) = [each for each in made.findings if each.rule == "database-warns"]
    assert "PubMed does not know 'lumbago'" in finding.why
    assert (finding.row, finding.column) == (2, 1)


def test_as_many_counts_are_asked_as_allowed_and_the_rest_is_told(asking: Asking, server: EutilsServer) -> None:
    made = check_online(strategy(ONE), asking, most=7)
    assert made is not None
    assert made.left_out == 3
    assert len(server.log) == made.asked <= 7


def test_a_broken_query_is_not_asked_and_no_answer_is_said(asking: Asking, server: EutilsServer) -> None:
    broken = check_online(strategy("(pain[ti]"), asking)
    assert broken is not None
    assert broken.problem.startswith("mend its mistakes first")
    assert server.log == []
    server.fail(faults.too_many("0"), on="esearch", times=99)
    failed = check_online(strategy(ONE), asking)
    assert failed is not None
    assert "too fast" in failed.problem


def test_a_database_that_cannot_be_asked_is_left_alone(asking: Asking) -> None:
    assert check_online(Strategy(database="google-scholar", strategy="x"), asking) is None
    scopus = check_online(Strategy(database="scopus", strategy="TITLE(x)"), asking)
    assert scopus is not None
    assert "ELSEVIER_API_KEY" in scopus.problem
