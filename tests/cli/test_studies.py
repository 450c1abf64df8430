"""`reviewkit studies`: listing, linking, unlinking, undo."""

import json

import pytest

from reviewkit.model.matches import Judgement, Match
from reviewkit.model.studies import Link
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision


@pytest.fixture(autouse=True)
def _included(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article and its register entry, both included, and an excluded record."""
    article = citation(title="Exosomes in backs", authors=("Wilson JE",), year=2024, registrations=("NCT01234567",))
    entry = citation(
        title="A trial of exosomes", authors=(), year=None, journal="ClinicalTrials.gov", registrations=("NCT01234567",)
    )
    add_run(store, [article, entry, citation(title="Mice on wheels")])
    first = [decision(1, "include"), decision(2, "include"), decision(3, "exclude")]
    store.add([*first, decision(1, "include", stage="full-text"), decision(2, "include", stage="full-text")])
    monkeypatch.setenv("REVIEWKIT_REVIEWER", "ann")


def studies(cli) -> dict[str, object]:
    return json.loads(cli("studies", "--json").out)


def test_included_studies_are_listed_and_a_shared_registration_is_offered_as_a_link(cli):
    out = cli("studies").out
    assert "2 studies, 2 reports" in out
    assert "Wilson 2024" in out
    assert "r1 and r2 name the registration NCT01234567" in out
    assert "reviewkit studies link r1 r2" in out
    assert cli("studies", "list").out == out


def test_linked_reports_are_one_study_until_unlinked(cli, store: Store):
    assert cli("studies", "link", "r2", "r1", "--note", "same trial").code == 0
    [row] = store.all(Link)
    assert (row.left, row.right, row.by, row.note) == (1, 2, "ann", "same trial")
    listed = studies(cli)
    assert [(s["id"], [r["id"] for r in s["reports"]]) for s in listed["studies"]] == [("s1", ["r1", "r2"])]
    assert listed["suggestions"] == []
    assert "1 study, 2 reports" in cli("studies").out
    assert "Nothing was added" in cli("studies", "link", "r1", "r2").out
    assert cli("studies", "unlink", "r2").code == 0
    assert len(studies(cli)["studies"]) == 2
    assert "r1 and r2" in cli("studies", "undo").out
    assert len(studies(cli)["studies"]) == 1


def test_what_a_rule_linked_is_shown_with_rule_and_evidence_and_a_person_parts_it(cli, store: Store):
    said = "same registration NCT01234567; one is the register's entry"
    related = {"judgement": Judgement.RELATED, "rule": "register-article", "evidence": said, "by": "reviewkit"}
    store.add([Match(left=1, right=2, at=AT, **related)])
    out = cli("studies").out
    assert "1 study, 2 reports" in out
    assert f"r1 and r2 were linked by rule register-article: {said}." in out
    assert "reviewkit studies unlink r2" in out
    expected = [{"records": ["r1", "r2"], "rule": "register-article", "evidence": said}]
    assert studies(cli)["linked_by_rule"] == expected
    assert cli("studies", "unlink", "r2", "--note", "another trial").code == 0
    listed = studies(cli)
    assert len(listed["studies"]) == 2
    assert listed["linked_by_rule"] == listed["suggestions"] == []
    assert cli("studies", "undo").code == 0
    assert studies(cli)["linked_by_rule"] == expected


def test_scripts_get_the_rows_that_were_added(cli):
    rows = json.loads(cli("studies", "link", "1", "2", "--json").out)
    assert [(row["left"], row["right"], row["joined"]) for row in rows] == [(1, 2, True)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("link", "r1", "r3"), "r3 was excluded at title and abstract"),
        (("link", "r1", "r9"), "no record r9"),
        (("link", "r1", "r1"), "so name two records"),
        (("link", "r1"), "so name two records"),
        (("unlink", "r1"), "r1 is linked to no other report"),
        (("undo",), "nothing of ann to undo"),
    ],
)
def test_a_mistake_is_told_in_a_line_and_nothing_is_kept(cli, store: Store, words, said):
    result = cli("studies", *words)
    assert result.code == 1
    assert said in result.err
    assert store.count(Link) == 0


def test_options_reach_the_command_wherever_a_person_writes_them(cli):
    assert cli("studies", "--review", "backpain", "list").code == 0
    assert cli("studies", "list", "--review", "backpain").code == 0
    assert "holds: backpain" in cli("studies", "--review", "other", "list").err
    assert cli("studies", "--json", "undo").code == 2
    assert json.loads(cli("studies", "list", "--json").out)["studies"]


def test_a_review_without_included_records_says_so(cli, store: Store):
    store.add([decision(1, "exclude", stage="full-text", criterion="E1")])
    store.add([decision(2, "exclude", stage="full-text", criterion="E1")])
    assert "No study is included yet." in cli("studies").out
