"""Two records side by side: what differs is marked for everyone, colours or not."""

from io import StringIO

import pytest
from rich.console import Console

from reviewkit.cli.side_by_side import side_by_side
from reviewkit.model.matches import Judgement, Match
from reviewkit.steps.dedup import Question
from tests.build import citation

MATCH = Match(left=1, right=2, judgement=Judgement.UNSURE, rule="near-title", by="reviewkit", at="")


def lines(one: dict[str, object], other: dict[str, object]) -> dict[str, str]:
    """Field -> its first line as a terminal without colours shows it, blanks folded."""
    both = (citation(id=1, **one), citation(id=2, **other))
    question = Question(*both, MATCH, "", False, (1,), (2,), both)
    out = StringIO()
    Console(file=out, width=200, no_color=True).print(side_by_side(question, {1: "PubMed", 2: "Scopus"}))
    rows = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    return {row.lstrip("≠= ").split(" ")[0]: row for row in rows}


@pytest.mark.parametrize(
    ("field", "one", "other", "shown"),
    [
        ("title", "Exosomes in men", "Exosomes in women", "≠ title Exosomes in «men» Exosomes in «women»"),
        ("title", "Exosomes for pain", "Exosomes for knee pain", "≠ title Exosomes for pain Exosomes for «knee» pain"),
        ("title", "Pain: part I of two", "PAIN, PART I OF TWO", "= title Pain: part I of two PAIN, PART I OF TWO"),
        ("title", "Größe des Schmerzes", "Grosse des Schmerzes", "= title Größe des Schmerzes Grosse des Schmerzes"),
        ("authors", ("Liang, C.", "Gu B"), ("Liang, Chen", "Gu Bin"), "= authors Liang, C.; Gu B Liang, Chen; Gu Bin"),
        ("authors", ("Liang C",), ("Liang D",), "≠ authors Liang «C» Liang «D»"),
        ("pages", "123-134", "123-34", "≠ pages «123-134» «123-34»"),
        ("language", "eng", "English", "= language eng English"),
        ("language", "en", "eng", "= language en eng"),
        ("language", "eng", "ger", "≠ language «eng» «ger»"),
        ("language", "elvish", "dwarvish", "≠ language «elvish» «dwarvish»"),
        ("volume", "7", "", "volume 7 not given"),
        ("year", 2019, 2020, "≠ year «2019» «2020»"),
    ],
)  # fmt: skip
def test_each_field_says_whether_it_agrees_and_in_which_words_not(field: str, one: object, other: object, shown: str):
    assert shown in lines({field: one}, {field: other})[field]


def test_only_what_is_given_is_compared_and_where_it_was_found_is_told():
    shown = lines({"doi": "10.1/a"}, {})
    assert shown["DOI"] == "DOI 10.1/a not given"
    assert "volume" not in shown
    assert shown["found"] == "found as r1 PubMed r2 Scopus"
