"""The library's rules come in our words, never crash the check, and mistakes stop a search with their places."""

from hashlib import sha256

import pytest

from reviewkit.errors import NothingToSearch, NoTranslation, StrategyMistakes
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_findings import Severity
from reviewkit.model.strategy_syntax import SYNTAXES
from reviewkit.steps.strategy_check import check_one, check_strategies, refuse_mistakes
from reviewkit.steps.strategy_library import library_findings
from reviewkit.steps.strategy_proposal import propose
from tests.steps.papers import LINES, protocol


def pubmed(text: str) -> Strategy:
    return Strategy(database="pubmed", strategy=text)


def test_what_the_library_sees_comes_with_its_rule_and_place() -> None:
    (finding,) = check_one(pubmed("(pain[ti] OR (2010[dp] AND back[ti])) AND leg[ti]")).findings
    assert finding.rule == "search-query QUALITY_0002"
    assert finding.why == "a limit to dates stands inside a group, so it limits that group only"
    assert finding.excerpt[finding.caret.index("^") :].startswith("2010")
    web = check_one(Strategy(database="web-of-science", strategy="TS=(back NEAR/20 pain)"))
    assert [one.rule for one in web.findings] == ["search-query WOS_0002"]


def test_nothing_that_the_library_does_reaches_the_user(capsys: pytest.CaptureFixture[str]) -> None:
    signs = ["(", ")", '"', "[ti]", "AND ", "NOT ", "pain ", "#1", "*", "TS=", ":", "2010", "NEAR/3 ", "\n", "?", "1. "]
    for seed in range(40):
        text = "".join(signs[byte % len(signs)] for byte in sha256(str(seed).encode()).digest())
        for name in ("pubmed", "web-of-science", "ebsco"):
            for finding in library_findings(text, SYNTAXES[name]):
                assert 0 <= finding.start <= finding.end <= len(text)
    library_findings("(" * 5000, SYNTAXES["pubmed"])
    endless = "NOT [ti]AND 1. NOT AND \n#1(NEAR/3 *NOT *2010?1. AND TS=)*1. ?1. (TS=:1. *2010pain TS=[ti]"
    assert library_findings(endless, SYNTAXES["pubmed"]) == []  # on this one search-query 0.15.0 never ends
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_a_database_whose_rules_are_not_known_never_stops_a_search() -> None:
    checked = check_one(Strategy(database="our-own-index", strategy="(pain"))
    assert [one.severity for one in checked.findings] == [Severity.WARNING]
    refuse_mistakes((checked,))


def test_a_search_is_refused_with_every_mistake_and_its_place() -> None:
    checked = check_strategies(protocol(searches=(pubmed("(pain[ti]\nAND back[tix]"),)))
    with pytest.raises(StrategyMistakes) as caught:
        refuse_mistakes(checked)
    message = str(caught.value)
    assert "The strategies have 2 mistakes, so nothing was searched." in message
    assert "PubMed, row 1, column 1: this bracket is never closed" in message
    assert "PubMed, row 2, column 9: PubMed has no field [tix]" in message
    assert "--anyway" in message


def test_a_sound_strategy_is_not_refused() -> None:
    checked = check_strategies(protocol(searches=(pubmed(LINES),)))
    assert checked[0].lines == 6
    refuse_mistakes(checked)


def test_only_one_database_can_be_looked_at() -> None:
    searches = (pubmed("pain[ti]"), Strategy(database="scopus", strategy="TITLE(pain)"))
    assert [one.database for one in check_strategies(protocol(searches=searches), "Scopus")] == ["scopus"]
    with pytest.raises(NothingToSearch):
        check_strategies(protocol(searches=searches), "embase")


def test_a_proposal_is_a_whole_search_of_a_protocol() -> None:
    import tomllib

    for proposal in propose(protocol(), "pubmed", ("wos", "embase", "ebsco", "scopus", "scopus")):
        (table,) = tomllib.loads(proposal.toml)["search"]
        assert table["database"] == proposal.database
        assert " ".join(table["strategy"].split()) == " ".join(proposal.strategy.split())
        assert table["languages"] == ["english"]
        assert "to be checked by a person" in table["note"]
        Strategy(**{**table, "languages": tuple(table["languages"])})
        assert not [one for one in proposal.findings if one.severity == Severity.ERROR]


def test_what_cannot_be_translated_is_refused_with_what_can() -> None:
    for source, target in (("scopus", "embase"), ("pubmed", "nowhere")):
        with pytest.raises(NoTranslation, match="web-of-science"):
            propose(protocol(), source, (target,))
    with pytest.raises(NoTranslation, match="mistakes"):
        propose(protocol(searches=(pubmed("(pain"),)), "pubmed", ("scopus",))
