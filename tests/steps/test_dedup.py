"""Deduplication: rules on record, questions for people, and what people say."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import NothingToSplit, NothingToUndo, NotInRecord, SplitInstead, UnknownRecord
from reviewkit.model.citation import Citation
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.matches import records as records_of
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol
from reviewkit.steps.dedup import ask, deduplicate, history, waiting
from reviewkit.steps.judge import judge, split, take_back
from reviewkit.steps.standing import standing
from reviewkit.store import Store, open_store
from tests.build import AT, add_run, citation, decision
from tests.steps.copies import BY_PERSON, BY_RULE, CITATIONS, NEAR_MISSES

SAME, DIFFERENT = Judgement.SAME, Judgement.DIFFERENT
LATER = "2024-05-02T10:00:00Z"


def records(store: Store) -> Partition:
    return records_of(store.citation_runs(), store.all(Match))


def groups(store: Store) -> list[tuple[int, ...]]:
    return [members for members in records(store).members.values() if len(members) > 1]


def questions(store: Store) -> set[tuple[int, int]]:
    return {match.pair for match in waiting(store)[1]}


@pytest.fixture
def three(store: Store) -> Store:
    """Three copies of one article, joined by rule, and another article."""
    add_run(store, [citation(doi="10.1/a"), citation(doi="10.1/a"), citation(doi="10.1/a"), citation(title="Knees")])
    deduplicate(store, AT)
    assert groups(store) == [(1, 2, 3)]
    return store


# --- rules ---------------------------------------------------------------------------------------


def test_copies_are_joined_near_misses_are_not_and_doubts_wait_for_a_person(store: Store):
    add_run(store, CITATIONS)
    report = deduplicate(store, AT)
    joined = records(store).group
    assert all(joined[a] == joined[b] for a, b in BY_RULE)
    assert not any(joined[a] == joined[b] for a, b in NEAR_MISSES | BY_PERSON)
    assert questions(store) == BY_PERSON
    assert (report.citations, report.duplicates, report.waiting) == (len(CITATIONS), len(BY_RULE), len(BY_PERSON))
    assert report.records == len(CITATIONS) - len(BY_RULE)


def test_every_match_names_its_rule_its_evidence_its_maker_and_the_time(store: Store):
    add_run(store, CITATIONS)
    report = deduplicate(store, AT)
    matches = store.all(Match)
    assert matches
    assert all(m.rule and m.evidence and m.by == "reviewkit" and m.at == AT for m in matches)
    assert {r.rule: r.same + r.unsure for r in report.added} == {
        rule: sum(m.rule == rule for m in matches) for rule in {m.rule for m in matches}
    }


def test_running_it_twice_adds_nothing(store: Store):
    add_run(store, CITATIONS)
    first = deduplicate(store, AT)
    count = store.count(Match)
    again = deduplicate(store, LATER)
    assert store.count(Match) == count > 0
    assert again == replace(first, added=())


@pytest.mark.parametrize("cut", [1, 4, 10, 20])
def test_a_later_run_gives_the_same_matches_as_all_at_once(store: Store, tmp_path: Path, cut: int):
    at_once = open_store(f"sqlite:///{tmp_path / 'once.db'}", "backpain")
    add_run(at_once, CITATIONS)
    deduplicate(at_once, AT)
    add_run(store, CITATIONS[:cut])
    deduplicate(store, AT)
    add_run(store, CITATIONS[cut:], database="scopus")
    deduplicate(store, AT)
    assert store.all(Match) == at_once.all(Match)
    at_once.close()


def test_what_people_say_neither_stops_a_rule_nor_is_overruled_by_it(store: Store):
    add_run(store, [citation(doi="10.1/a"), citation(doi="10.1/a")])
    judge(store, 1, 2, DIFFERENT, "ann", AT)
    deduplicate(store, AT)
    assert groups(store) == []
    take_back(store, "ann", LATER)
    assert groups(store) == [(1, 2)]


def test_a_rules_match_that_was_taken_back_is_not_added_again(three: Store):
    first = three.all(Match)[0]
    three.add([replace(first, n=0, by="ann", undoes=first.n)])
    count = three.count(Match)
    deduplicate(three, LATER)
    assert three.count(Match) == count


def test_an_empty_review_has_no_duplicates(store: Store):
    report = deduplicate(store, AT)
    assert (report.citations, report.records, report.duplicates, report.waiting) == (0, 0, 0, 0)


def test_progress_is_told_by_the_number_of_citations_read(store: Store):
    add_run(store, CITATIONS)
    seen: list[int] = []
    deduplicate(store, AT, seen.append)
    assert seen == list(range(1, len(CITATIONS) + 1))


# --- what people say -------------------------------------------------------------------------------


def test_judging_the_questions_leaves_none_and_gives_exactly_the_copies(store: Store):
    add_run(store, CITATIONS)
    deduplicate(store, AT)
    for left, right in sorted(questions(store)):
        judge(store, left, right, SAME, "ann", AT, "index page")
    joined = records(store).group
    assert all(joined[a] == joined[b] for a, b in BY_RULE | BY_PERSON)
    assert not any(joined[a] == joined[b] for a, b in NEAR_MISSES)
    assert questions(store) == set()


def test_a_question_shows_both_records_as_people_see_them(store: Store):
    add_run(store, [citation(doi="10.1/a"), citation(doi="10.1/a", volume="7"), citation(pages="5", doi="10.1/b")])
    deduplicate(store, AT)
    question = ask(store, *waiting(store))[0]
    assert (question.left.id, question.left.volume, question.left_citations) == (1, "7", (1, 2))
    assert (question.right.id, question.right_citations) == (3, (3,))
    assert not question.contested


def test_a_person_may_name_any_citation_of_a_record(three: Store):
    judge(three, 3, 4, SAME, "ann", AT)
    assert groups(three) == [(1, 2, 3, 4)]


def test_what_stands_already_is_not_stored_again(three: Store):
    assert judge(three, 1, 2, SAME, "ann", AT) == []
    assert len(judge(three, 1, 4, DIFFERENT, "ann", AT)) == 1
    assert judge(three, 1, 4, DIFFERENT, "ann", AT) == []


def test_citations_of_one_record_are_parted_by_splitting(three: Store):
    with pytest.raises(SplitInstead, match="--split r1 r2"):
        judge(three, 1, 2, DIFFERENT, "ann", AT)


def test_a_later_same_makes_records_one_that_were_parted_by_other_citations(three: Store):
    judge(three, 2, 4, DIFFERENT, "ann", AT)
    judge(three, 1, 4, SAME, "ann", LATER)
    assert groups(three) == [(1, 2, 3, 4)]


def test_undo_takes_back_ones_own_last_word_only(three: Store):
    judge(three, 1, 4, SAME, "ann", AT)
    judge(three, 1, 4, SAME, "bob", AT)
    with pytest.raises(NothingToUndo, match="bob"):
        take_back(three, "bob", LATER)
    assert [row.pair for row in take_back(three, "ann", LATER)] == [(1, 4)]
    assert groups(three) == [(1, 2, 3)]
    with pytest.raises(NothingToUndo):
        take_back(three, "ann", LATER)


def test_two_answers_within_a_second_are_taken_back_one_at_a_time(three: Store):
    add_run(three, [citation(title="Hips")])
    judge(three, 1, 4, SAME, "ann", AT)
    judge(three, 1, 5, SAME, "ann", AT)
    take_back(three, "ann", AT)
    assert groups(three) == [(1, 2, 3, 4)]
    take_back(three, "ann", AT)
    assert groups(three) == [(1, 2, 3)]


# --- splitting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("citation_id", [1, 2, 3])
def test_a_citation_leaves_its_record_for_good_and_the_others_stay_together(three: Store, citation_id: int):
    parting = split(three, 1, citation_id, "ann", AT)
    rest = tuple(c for c in (1, 2, 3) if c != citation_id)
    assert groups(three) == [rest]
    assert (parting.citation, parting.rest) == (citation_id, rest[0])
    deduplicate(three, LATER)
    assert groups(three) == [rest]
    assert questions(three) == set()


def test_citations_that_only_the_parted_one_joined_stay_together(store: Store):
    add_run(store, [citation(title="Knees and how to bend them"), citation(title="Hips"), citation(title="Necks")])
    judge(store, 1, 2, SAME, "ann", AT)
    judge(store, 2, 3, SAME, "ann", AT)
    split(store, 1, 2, "ann", LATER)
    assert groups(store) == [(1, 3)]


def test_one_undo_takes_a_whole_split_back(three: Store):
    rows = split(three, 1, 2, "ann", LATER).rows
    assert len(rows) == 2
    take_back(three, "ann", LATER)
    assert groups(three) == [(1, 2, 3)]


def test_record_ids_and_decisions_survive_a_split_and_come_back_when_rejoined(three: Store, protocol: Protocol):
    add = {"protocol": protocol.version}
    three.add([decision(1, "include", **add), decision(4, "exclude", **add)])
    before = standing(three, protocol)
    split(three, 1, 3, "ann", LATER)
    parted = standing(three, protocol)
    outcomes = parted.screening.stages["title-abstract"]
    assert list(outcomes) == [1, 3, 4]
    assert outcomes[1] == before.screening.stages["title-abstract"][1]
    assert outcomes[4] == before.screening.stages["title-abstract"][4]
    assert outcomes[3].votes == ()
    judge(three, 1, 3, SAME, "ann", LATER)
    assert standing(three, protocol).screening == before.screening


def test_whatever_rules_or_people_joined_can_be_parted_later_and_every_record_keeps_its_id(protocol: Protocol):
    store = open_store("sqlite://", "backpain")  # in memory: it writes some hundred times
    add_run(store, CITATIONS)
    deduplicate(store, AT)
    for match in waiting(store)[1]:
        judge(store, match.left, match.right, SAME, "ann", AT)
    joined = records(store)
    store.add([decision(record, "include", protocol=protocol.version) for record in joined.members])
    screened = standing(store, protocol).screening.stages["title-abstract"]
    for record, members in joined.members.items():
        for leaving in members if len(members) > 1 else ():
            split(store, record, leaving, "ann", LATER)
            now = records(store)
            assert now.members[now.group[leaving]] == (leaving,)
            rest = tuple(c for c in members if c != leaving)
            assert now.members[rest[0]] == rest
            assert {r: m for r, m in now.members.items() if r not in members} == {
                r: m for r, m in joined.members.items() if r not in members
            }
            assert standing(store, protocol).screening.stages["title-abstract"][record] == screened[record]
            take_back(store, "ann", LATER)
            assert records(store).members == joined.members
    assert sum(len(members) > 1 for members in joined.members.values()) > 5
    store.close()


def test_a_split_of_what_is_not_there_says_so(three: Store):
    with pytest.raises(NotInRecord, match="r1, r2, r3"):
        split(three, 1, 4, "ann", AT)
    with pytest.raises(NothingToSplit):
        split(three, 4, 4, "ann", AT)
    with pytest.raises(UnknownRecord):
        split(three, 1, 99, "ann", AT)
    with pytest.raises(UnknownRecord):
        judge(three, 99, 1, SAME, "ann", AT)
    assert all(m.by == "reviewkit" for m in three.all(Match))


def test_a_copy_of_two_records_that_a_person_parted_is_asked_about(store: Store):
    kinds = {"title": "Exosomes and the long way to the lumbar disc of adults", "doi": ""}
    add_run(store, [citation(**kinds, pages="1"), citation(**kinds, pages="77")])
    deduplicate(store, AT)
    judge(store, 1, 2, DIFFERENT, "ann", AT)
    add_run(store, [citation(**kinds)], database="scopus")
    deduplicate(store, LATER)
    assert records(store).group[1] != records(store).group[2]
    assert questions(store), "which of the two it belongs to is for a person to say"


def test_the_history_of_a_record_tells_who_joined_it_on_what_evidence_and_when(three: Store):
    judge(three, 1, 4, DIFFERENT, "ann", LATER, "another joint")
    told = history(three, records(three), 1)
    assert [c.id for c in told.citations] == [1, 2, 3]
    assert [(m.pair, m.rule, m.by, m.at) for m in told.joined] == [
        (pair, "doi", "reviewkit", AT) for pair in ((1, 2), (1, 3), (2, 3))
    ]
    assert all("DOI 10.1/a" in m.evidence for m in told.joined)
    assert [(m.pair, m.by, m.note) for m in told.apart] == [((1, 4), "ann", "another joint")]
    assert told.waiting == ()


# --- the worked example ------------------------------------------------------------------------------


def example(shared: Path) -> tuple[list[str], dict[str, str], list[Citation], list[Citation]]:
    """Ids of the original run, copy -> original, and the citations of the original and the update run."""
    with (shared / "example" / "citations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    runs = {
        name: [
            Citation(
                title=row["title"], authors=tuple(filter(None, row["authors"].split("; "))), journal=row["journal"],
                year=int(row["year"]) if row["year"] else None, volume=row["volume"], issue=row["issue"],
                pages=row["pages"], doi=row["doi"], pmid=row["pmid"], pmcid=row["pmcid"],
                registrations=tuple(filter(None, (row["registration"],))),
            )
            for row in rows if row["run"] == name
        ]
        for name in ("original", "update")
    }  # fmt: skip
    names = [row["id"] for name in ("original", "update") for row in rows if row["run"] == name]
    return names, {row["id"]: row["same_as"] for row in rows if row["same_as"]}, runs["original"], runs["update"]


def test_the_worked_examples_duplicates_are_found_and_its_near_misses_kept_apart(store: Store, shared: Path):
    names, copies, original, update = example(shared)
    add_run(store, original)
    report = deduplicate(store, AT)
    assert (report.citations, report.duplicates) == (60, 11)
    asked = {(names[m.left - 1], names[m.right - 1]) for m in waiting(store)[1]}
    assert asked == {("c002", "c003"), ("c051", "c052"), ("c023", "c024")}
    for match in waiting(store)[1]:
        judge(store, match.left, match.right, SAME, "example", AT)
    add_run(store, update, date="2026-03-01")
    deduplicate(store, LATER)
    found = records(store)
    joined = {names[c - 1]: names[r - 1] for c, r in found.group.items() if c != r}
    assert joined == copies
    assert len(copies) == 15
    assert sum(c in names[:60] for c in copies) == 14
    assert waiting(store)[1] == []
