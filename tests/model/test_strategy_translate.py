"""Proposals for other databases: what carries over does, and what does not is listed."""

import pytest

from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_checks import check_strategy
from reviewkit.model.strategy_findings import Severity
from reviewkit.model.strategy_lines import read_lines
from reviewkit.model.strategy_targets import TARGETS
from reviewkit.model.strategy_translate import translate

PUBMED = """("low back pain"[MeSH Terms] OR "low back pain"[Title/Abstract] OR lumbago[tiab])
AND exercis*[tiab] AND randomized controlled trial[pt]"""

EXPECTED = {
    "scopus": '(TITLE-ABS-KEY("low back pain") OR TITLE-ABS("low back pain" OR lumbago)) AND TITLE-ABS(exercis*) '
    'AND TITLE-ABS-KEY("randomized controlled trial")',
    "web-of-science": 'TS=("low back pain" OR lumbago) AND TS=(exercis*) AND TS=("randomized controlled trial")',
    "embase": "('low back pain'/exp OR ('low back pain' OR lumbago):ti,ab) AND exercis*:ti,ab "
    "AND 'randomized controlled trial'/de",
    "europe-pmc": '(KW:("low back pain") OR (TITLE:("low back pain" OR lumbago) OR ABSTRACT:("low back pain" OR '
    'lumbago))) AND (TITLE:(exercis*) OR ABSTRACT:(exercis*)) AND PUB_TYPE:("randomized controlled trial")',
    "ebsco": '((MH "low back pain+") OR (TI ("low back pain" OR lumbago) OR AB ("low back pain" OR lumbago))) '
    'AND (TI (exercis*) OR AB (exercis*)) AND PT ("randomized controlled trial")',
    "ovid": '(exp low back pain/ OR ("low back pain" OR lumbago).ti,ab.) AND exercis*.ti,ab. '
    'AND "randomized controlled trial".pt.',
    "central": '([mh "low back pain"] OR ("low back pain" OR lumbago):ti,ab) AND exercis*:ti,ab '
    'AND "randomized controlled trial":pt',
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_a_usual_strategy_is_written_as_the_database_takes_it(name: str) -> None:
    made = translate(PUBMED, TARGETS[name])
    assert made.strategy == EXPECTED[name]
    assert made.lost == ()


@pytest.mark.parametrize("name", TARGETS)
def test_a_proposal_stands_up_to_the_check(name: str) -> None:
    strategies = (PUBMED, '"back pain low"[tiab:~2] OR Crohn\'s[ti] OR "pain"[majr] OR "pain"[mh:noexp] OR smith j[au]')
    platform = {"ebsco": "EBSCOhost", "ovid": "Ovid"}.get(name, "")
    for text in strategies:
        made = Strategy(
            database=TARGETS[name].database, platform=platform, strategy=translate(text, TARGETS[name]).strategy
        )
        assert [one for one in check_strategy(made) if one.severity == Severity.ERROR] == []


def test_headings_that_become_words_are_told() -> None:
    notes = " ".join(translate(PUBMED, TARGETS["scopus"]).notes)
    assert "there are no MeSH terms" in notes
    assert '"low back pain"[MeSH Terms]' in notes


def test_what_a_database_has_nothing_like_is_left_out_and_listed() -> None:
    made = translate("pain[ti] AND medline[sb] AND (hasabstract[filter] OR back[ti])", TARGETS["scopus"])
    assert made.strategy == "TITLE(pain) AND TITLE(back)"
    assert made.lost == ("medline[sb]", "hasabstract[filter]")
    nothing = translate("medline[sb] NOT pain[ti]", TARGETS["scopus"])
    assert nothing.strategy == ""
    assert "medline[sb] NOT pain[ti]" in nothing.lost


def test_distance_is_counted_as_each_database_counts_it() -> None:
    text = '"back pain"[tiab:~2]'
    assert translate(text, TARGETS["scopus"]).strategy == "TITLE-ABS(back W/2 pain)"
    assert translate(text, TARGETS["web-of-science"]).strategy == "TS=(back NEAR/2 pain)"
    assert translate(text, TARGETS["embase"]).strategy == "(back NEAR/3 pain):ti,ab"
    assert translate(text, TARGETS["ovid"]).strategy == "(back adj3 pain).ti,ab."
    joined = translate(text, TARGETS["europe-pmc"])
    assert joined.strategy == "TITLE:(back AND pain) OR ABSTRACT:(back AND pain)"
    assert "knows no distance" in joined.notes[0]


def test_years_and_not_are_written_their_way() -> None:
    text = "(pain[ti] OR 2010:2012[dp]) NOT mice[ti]"
    assert translate(text, TARGETS["scopus"]).strategy == (
        "(TITLE(pain) OR (PUBYEAR > 2009 AND PUBYEAR < 2013)) AND NOT TITLE(mice)"
    )
    assert translate(text, TARGETS["web-of-science"]).strategy == "(TI=(pain) OR PY=(2010-2012)) NOT TI=(mice)"
    assert translate("2010[dp]", TARGETS["web-of-science"]).strategy == "PY=(2010)"


def test_lines_stay_lines() -> None:
    made = translate("#1 pain[ti]\n#2 medline[sb]\n#3 #1 AND #2", TARGETS["scopus"])
    assert [line.text for line in read_lines(made.strategy)] == ["TITLE(pain)", "medline[sb]", "#1 AND #2"]
    assert "line #2 as a whole: every line that refers to it needs a person" in made.lost


def test_the_same_term_twice_is_written_once() -> None:
    assert translate("pain[mh] OR pain[tiab]", TARGETS["web-of-science"]).strategy == "TS=(pain)"
