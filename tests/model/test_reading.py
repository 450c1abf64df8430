"""What counts as read, in which order, and which part of the reading tells what is left."""

from dataclasses import replace

from reviewkit.model.decisions import Basis, Decision, by_stage_and_record, screening
from reviewkit.model.matches import records
from reviewkit.model.reading import Batch, Read, Way, evidence, own_reads, reads, way_of
from tests.build import AT, decision
from tests.model.test_flow import TITLE, the_protocol

ALL = Batch(last=100, at=AT)


def read_so_far(*rows: Decision, people: int = 1, drawn: dict[int, int] | None = None) -> list[Read]:
    protocol, groups = the_protocol(people), records(range(1, 101), [])
    numbered = [replace(row, n=n) for n, row in enumerate(rows, start=1)]
    made = by_stage_and_record(groups, numbered).get(TITLE, {})
    outcomes = screening(protocol, groups, numbered).stages[TITLE]
    return reads(protocol.stage[0], outcomes, made, drawn or {})


def shown(found: list[Read]) -> list[tuple[int, bool, str]]:
    return [(read.record, read.relevant, read.way.value) for read in found]


def done(*relevant: bool, way: Way = Way.RELEVANCE, first: int = 1, at: str = AT) -> list[Read]:
    return [Read(first + place, each, place, at, way) for place, each in enumerate(relevant)]


def test_the_order_of_a_decision_says_how_its_record_came_up() -> None:
    told = {name: way_of(name) for name in ("relevance:120", "random", "sample", "id", "newest", "database", "")}
    assert list(told.values()) == [Way.RELEVANCE, Way.RANDOM, Way.SAMPLE, *[Way.OTHER] * 4]


def test_records_are_read_in_the_order_of_their_decisions() -> None:
    found = read_so_far(decision(3, "exclude", order="relevance:1"), decision(1, "maybe"), decision(2, "include"))
    assert shown(found) == [(3, False, "relevance"), (1, True, "other"), (2, True, "other")]


def test_a_change_of_mind_says_what_was_found_and_not_when_it_was_read() -> None:
    found = read_so_far(decision(3, "exclude"), decision(1, "exclude"), decision(3, "include"))
    assert shown(found) == [(3, True, "other"), (1, False, "other")]


def test_what_waits_for_the_other_reviewer_or_is_in_conflict_is_not_read() -> None:
    found = read_so_far(
        decision(1, "include"), decision(2, "include"), decision(3, "exclude"),
        decision(2, "exclude", by="bob"), decision(3, "exclude", by="bob"), people=2,
    )  # fmt: skip
    assert shown(found) == [(3, False, "other")]


def test_a_settled_conflict_was_read_when_the_second_one_had_read_it() -> None:
    found = read_so_far(
        decision(2, "include"), decision(3, "exclude"), decision(2, "exclude", by="bob"),
        decision(3, "exclude", by="bob"), decision(2, "include", basis=Basis.CONSENSUS), people=2,
    )  # fmt: skip
    assert [read.record for read in found] == [2, 3]
    assert found[0].relevant


def test_what_another_program_reached_was_read_when_it_came() -> None:
    (found,) = read_so_far(decision(4, "include", by="Rayyan", basis=Basis.ELSEWHERE), people=2)
    assert (found.record, found.relevant, found.n) == (4, True, 1)


def test_a_record_of_a_sample_is_told_apart_when_it_was_read_after_the_draw() -> None:
    rows = (decision(1, "include", order="relevance:1"), decision(2, "exclude", order="relevance:1"))
    assert [read.way for read in read_so_far(*rows, drawn={1: 1, 2: 1})] == [Way.RELEVANCE, Way.SAMPLE]


def test_a_reviewers_own_reading_is_made_of_his_own_verdicts_alone() -> None:
    rows = [
        decision(2, "include", n=1), decision(2, "exclude", by="bob", n=2), decision(1, "exclude", by="bob", n=3),
        decision(1, "maybe", n=4), decision(2, "include", n=5, basis=Basis.CONSENSUS),
    ]  # fmt: skip
    made = by_stage_and_record(records(range(1, 4), []), rows)[TITLE]
    stage = the_protocol(2).stage[0]
    assert shown(own_reads(stage, "ann", made, {})) == [(2, True, "other"), (1, True, "other")]
    assert shown(own_reads(stage, "bob", made, {})) == [(2, False, "other"), (1, False, "other")]
    assert own_reads(stage, "cyd", made, {}) == []


def test_what_was_read_in_another_order_counts_as_found_and_no_longer_as_unread() -> None:
    told = evidence([*done(True, False, way=Way.OTHER), *done(True, False, False, first=3)], range(6, 11), [ALL])
    assert told.found == (True, False, False)
    assert (told.read, told.relevant, told.total, told.aside, told.unread) == (5, 2, 10, 2, 5)
    assert told.way is Way.RELEVANCE


def test_the_longer_of_two_ways_is_looked_at() -> None:
    told = evidence([*done(True, way=Way.RELEVANCE), *done(False, False, way=Way.RANDOM, first=2)], [9], [ALL])
    assert (told.way, told.found) == (Way.RANDOM, (False, False))


def test_nothing_is_known_where_records_came_up_by_number_only() -> None:
    assert evidence(done(True, True, way=Way.OTHER), [9], [ALL]).found == ()


EARLY, LATE, LATER = "2024-05-01T10:00:00Z", "2024-06-01T10:00:00Z", "2024-07-01T10:00:00Z"


def test_reading_from_before_the_last_records_came_says_nothing_of_these() -> None:
    batches = [Batch(10, EARLY), Batch(20, LATE)]
    before, since = done(True, False, True, at=EARLY), done(False, True, first=4, at=LATER)
    told = evidence([*before, *since], range(11, 21), batches)
    assert told.found == (False, True)
    assert (told.since, told.aside, told.relevant) == (LATE, 3, 3)


def test_it_counts_where_all_that_came_later_is_read() -> None:
    batches = [Batch(10, EARLY), Batch(12, LATE)]
    before, late = done(True, False, True, at=EARLY), done(True, False, first=11, at=LATER)
    told = evidence([*before, *late], range(4, 11), batches)
    assert told.found == (True, False, True)
    assert (told.since, told.aside, told.relevant, told.unread) == ("", 2, 3, 7)
