"""The check of strategies: what is wrong is found at its place, what is right is left alone."""

from hashlib import sha256

import pytest

from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_checks import check_strategy
from reviewkit.model.strategy_findings import Severity, StrategyFinding
from reviewkit.model.strategy_syntax import SYNTAXES, find_syntax


def found(text: str, database: str = "pubmed", platform: str = "") -> list[StrategyFinding]:
    return check_strategy(Strategy(database=database, strategy=text, platform=platform))


def at(text: str, finding: StrategyFinding) -> str:
    """What the carets stand under."""
    start = len(finding.caret) - len(finding.caret.lstrip())
    return finding.excerpt[start : len(finding.caret)]


@pytest.mark.parametrize(
    ("text", "rule", "severity", "place"),
    [
        ("(pain[ti] OR back[ti]", "unbalanced-bracket", "error", "("),
        ("pain[ti]) OR back[ti]", "unbalanced-bracket", "error", ")"),
        ('"low back pain[ti]', "unbalanced-quote", "error", '"'),
        ("pain[ti OR back[ti]", "unbalanced-square-bracket", "error", "["),
        ("pain[ti] OR () OR back[ti]", "empty-brackets", "error", "()"),
        ("pain[ti] AND OR back[ti]", "two-operators", "error", "AND OR"),
        ("pain[ti] OR back[ti] AND", "operator-without-term", "error", "AND"),
        ("pain[tiabs]", "unknown-field", "error", "[tiabs]"),
        ("(pain OR back)[ti]", "field-after-group", "error", "[ti]"),
        ("pai*[ti]", "short-stem", "error", "pai*"),
        ('"low back"[mh:~3]', "proximity-field", "error", "[mh:~3]"),
        ("low back[tiab:~3]", "proximity-quotes", "error", "low back[tiab:~3]"),
        ('"pain"[tiab:~3]', "proximity-one-word", "error", '"pain"[tiab:~3]'),
        ('"back pain*"[tiab:~3]', "wildcard-with-proximity", "error", '"back pain*"[tiab:~3]'),
        ("back[ti] NEAR/3 pain[ti]", "other-proximity", "error", "NEAR/3"),
        ("TS=(pain)", "other-syntax", "error", "TS="),
        ("exp Back Pain/", "other-syntax", "error", "exp Back Pain/"),
        ("pain.ti,ab.", "other-syntax", "error", ".ti,ab."),
        ("pain[ti] or back[ti]", "small-operator", "warning", "or"),
        ("pain[ti] AND back[ti] OR leg[ti]", "mixed-operators", "warning", "pain[ti] AND back[ti] OR leg[ti]"),
        ("pain[ti] OR (back[ti] OR pain[ti])", "doubled-term", "warning", "pain[ti]"),
        ("pain[ti] NOT mice[ti]", "not-on-the-whole", "warning", "NOT"),
        ("pain[ti] back[ti]", "no-operator", "warning", " b"),
        ("“back pain”[ti]", "smart-quotes", "warning", "“"),
        ("back–pain[ti]", "long-dash", "warning", "–"),
        ("back\u200bpain[ti]", "hidden-sign", "warning", " "),
        ('"back AND pain"[ti]', "operator-in-quotes", "warning", '"back AND pain"'),
        ("organi*ation care[ti]", "wildcard-inside-phrase", "warning", "organi*ation care[ti]"),
        ("back\u00a0pain[ti]", "hard-blank", "note", " "),
        ("follow-up[ti]", "hyphen", "note", "follow-up"),
        ("exosom*", "wildcard-mapping", "note", "exosom*"),
        ("heart attack*", "wildcard-phrase", "note", "heart attack*"),
        ("pain", "no-field", "note", "pain"),
    ],
)
def test_what_pubmed_would_read_otherwise_is_found_at_its_place(
    text: str, rule: str, severity: str, place: str
) -> None:
    finding = next(one for one in found(text) if one.rule == rule)
    assert finding.severity == severity
    assert at(text, finding) == place
    assert finding.why
    assert finding.mend


@pytest.mark.parametrize(
    ("text", "database", "platform", "rule", "severity"),
    [
        ("TITLE-ABS-KEYS(pain)", "scopus", "", "unknown-field", "warning"),
        ("TITLE-ABS-KEY(back NEAR/3 pain)", "scopus", "", "other-proximity", "error"),
        ("TITLE-ABS-KEY({exosom*})", "scopus", "", "wildcard-in-braces", "warning"),
        ("pain[tiab]", "scopus", "", "other-syntax", "error"),
        ("TITLE(a) AND TITLE(b) OR TITLE(c)", "scopus", "", "mixed-operators", "warning"),
        ("TX=(pain)", "web-of-science", "", "unknown-field", "warning"),
        ("TS=(back W/3 pain)", "web-of-science", "", "other-proximity", "error"),
        ("'back pain'/exp AND pain:ti,xx", "embase", "", "unknown-field", "warning"),
        ("'back pain/exp", "embase", "", "unbalanced-quote", "error"),
        ("TITEL:pain", "europe-pmc", "", "unknown-field", "warning"),
        ("TITLE:pain or TITLE:back", "europe-pmc", "", "small-operator", "warning"),
        ("pain.ti,xx.", "embase", "Ovid", "unknown-field", "warning"),
        ("(pain OR back", "google-scholar", "", "unbalanced-bracket", "error"),
    ],
)
def test_other_databases_are_held_against_their_own_rules(
    text: str, database: str, platform: str, rule: str, severity: str
) -> None:
    assert (rule, severity) in [(one.rule, one.severity) for one in found(text, database, platform)]


@pytest.mark.parametrize(
    ("text", "database", "platform"),
    [
        ('("low back pain"[MeSH Terms] OR "low back pain"[Title/Abstract])\nAND exercis*[tiab]', "pubmed", ""),
        ('"back pain"[Mesh:NoExp] AND "2010/01/01"[Date - Publication] : "3000"[Date - Publication]', "pubmed", ""),
        ('"low back pain"[tiab:~2] AND english[la] AND humans[mh]', "pubmed", ""),
        ('(a1[ti] OR b1[ti]) NOT ("animals"[mh] NOT "humans"[mh])', "pubmed", ""),
        ('TITLE-ABS-KEY ( exosom* W/3 ( back OR "low back pain" ) ) AND PUBYEAR > 2010', "scopus", ""),
        ("TS=(exosom* NEAR/3 (back or pain)) AND PY=(2010-2020)", "web-of-science", ""),
        ("'low back pain'/exp OR (back NEXT/3 pain):ti,ab,kw OR crohn's:ti", "embase", ""),
        ("exp *Low Back Pain/ or (back adj3 pain*).ti,ab,kf. or lumbago.mp.", "medline", "Ovid"),
        ('[mh "Low Back Pain"] or (back near/3 pain):ti,ab,kw', "central", ""),
        ('(TITLE:(a OR b) OR ABSTRACT:"x y") AND FIRST_PDATE:[2010-01-01 TO 2020-01-01]', "europe-pmc", ""),
        ('TI (back N3 pain) OR (MH "Low Back Pain+")', "cinahl", ""),
        ('exosomes "low back pain"', "google-scholar", ""),
        ("1. exp Low Back Pain/\n2. lumbago.ti,ab.\n3. or/1-2", "medline", "Ovid"),
    ],
)
def test_what_a_database_takes_is_not_found_fault_with(text: str, database: str, platform: str) -> None:
    assert [(one.rule, one.why) for one in found(text, database, platform)] == []


def test_of_a_line_by_line_strategy_the_line_is_named_and_its_row() -> None:
    text = "\n#1 pain[ti]\n#2 (back[ti]\n#3 leg[ti]\n#4 #1 and #2"
    findings = found(text)
    assert [(one.rule, one.line, one.row) for one in findings] == [
        ("unbalanced-bracket", "2", 3),
        ("unused-line", "3", 4),
    ]
    assert "small-operator" not in {one.rule for one in findings}  # between numbers it is sent in capitals


def test_not_before_the_number_of_a_line_is_seen_through() -> None:
    (finding,) = found("#1 pain[ti]\n#2 mice[ti]\n#3 #1 NOT #2")
    assert (finding.rule, finding.line, at("", finding)) == ("not-on-the-whole", "3", "NOT")
    assert "mice[ti]" in finding.why
    assert found("#1 pain[ti]\n#2 animals[mh] NOT humans[mh]\n#3 #1 NOT #2") == []


def test_rows_and_columns_count_as_an_editor_does() -> None:
    (finding,) = found("pain[ti] OR\n  back[tix]")
    assert (finding.row, finding.column) == (2, 7)
    assert finding.excerpt == "  back[tix]"


def test_of_a_long_line_only_what_is_around_the_place_is_shown() -> None:
    text = " OR ".join(f'"term number {n}"[tiab]' for n in range(500)) + " OR last[tix]"
    (finding,) = found(text)
    assert len(finding.excerpt) < 90
    assert at(text, finding) == "[tix]"


def test_a_close_name_is_proposed_for_a_field_that_there_is_not() -> None:
    assert found("pain[tiabs]")[0].mend == "did you mean [tiab]?"
    assert found("TITLE-ABS-KEYS(pain)", "scopus")[0].mend == "did you mean TITLE-ABS-KEY?"


def test_a_platform_decides_which_rules_count() -> None:
    assert find_syntax("embase").name == "embase"
    assert find_syntax("embase", "Ovid").name == "ovid"
    assert find_syntax("medline", "EBSCOhost").name == "ebsco"
    assert find_syntax("psycinfo").name == ""
    assert find_syntax("pubmed", "NCBI E-utilities").name == "pubmed"


def test_any_text_is_checked_without_failing_and_every_place_is_in_it() -> None:
    signs = [
        "(", ")", "[", "]", '"', "'", "AND ", "or ", "NOT ", "pain", "back*", "[ti]", "[tiab:~2]", "TS=", "#1 ", "\n",
        "TITLE-ABS-KEY(", ":ti,ab", ".mp.", " ", "“", "–", "{", "*", "NEAR/3 ", "2010", ":", "exp ", "/",
    ]  # fmt: skip
    for seed in range(500):
        text = "".join(signs[byte % len(signs)] for byte in sha256(str(seed).encode()).digest())
        for database in ("pubmed", "scopus", "web-of-science", "embase", "medline", "cinahl", "europe-pmc", "x"):
            for finding in found(text, database):
                assert 0 <= finding.start <= finding.end <= len(text)
                assert finding.severity in Severity
                assert set(finding.caret) <= {" ", "^"}


def test_every_known_syntax_says_how_it_is_called() -> None:
    assert all(syntax.label for syntax in SYNTAXES.values())
    assert all(name == syntax.name for name, syntax in SYNTAXES.items())
