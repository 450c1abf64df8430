"""What an order may be learned from: one's own verdicts and what may be seen, and nothing that is hidden yet."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.model.decisions import Basis, Decision, screening
from reviewkit.model.lessons import Lesson, lessons
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from tests.build import decision, protocol_text

ONE, TWO = (parse_protocol(protocol_text(reviewers), Path("backpain.toml")) for reviewers in (1, 2))
ALL = replace(TWO, stage=tuple(replace(stage, learn_from="all") for stage in TWO.stage))
TITLE, FULL = "title-abstract", "full-text"
RECORDS = Partition({n: (n,) for n in range(1, 9)}, {n: n for n in range(1, 9)})


def learned(protocol: Protocol, reviewer: str, *made: Decision, stage: int = 0) -> dict[int, Lesson]:
    rows = [replace(row, n=number) for number, row in enumerate(made, start=1)]
    return lessons(screening(protocol, RECORDS, rows), protocol, protocol.stage[stage], reviewer)


def test_inclusions_exclusions_and_doubts_are_one_nothing_and_a_half() -> None:
    made = [decision(1, "include"), decision(2, "exclude"), decision(3, "maybe")]
    assert learned(ONE, "ann", *made) == {1: Lesson(1.0), 2: Lesson(0.0), 3: Lesson(0.5)}
    assert learned(ONE, "bob", *made) == learned(ONE, "", *made) == learned(ONE, "ann", *made)


def test_what_only_another_has_decided_so_far_teaches_nothing() -> None:
    anns = [decision(1, "include"), decision(2, "exclude")]
    assert learned(TWO, "ann", *anns) == {1: Lesson(1.0), 2: Lesson(0.0)}
    assert learned(TWO, "bob", *anns) == learned(TWO, "", *anns) == {}


def test_what_both_have_decided_may_be_seen_and_teaches_everybody() -> None:
    made = [decision(r, v, by) for by in ("ann", "bob") for r, v in ((1, "include"), (2, "exclude"))]
    made += [decision(3, "include"), decision(3, "exclude", "bob")]
    for reviewer in ("ann", "bob", "cyd", ""):
        assert learned(TWO, reviewer, *made) == {1: Lesson(1.0), 2: Lesson(0.0), 3: Lesson(0.5)}


@pytest.mark.parametrize("basis", [Basis.CONSENSUS, Basis.ELSEWHERE])
def test_what_was_settled_counts_whatever_the_votes_were(basis: Basis) -> None:
    votes = [decision(1, "include"), decision(1, "exclude", "bob")]
    assert learned(TWO, "ann", *votes, decision(1, "exclude", "cyd", basis=basis)) == {1: Lesson(0.0)}


def test_only_where_the_protocol_says_so_do_hidden_verdicts_teach_and_they_are_marked() -> None:
    made = [
        decision(1, "include"),
        decision(2, "exclude", "bob"),
        decision(3, "include"),
        decision(3, "include", "bob"),
    ]
    assert learned(ALL, "ann", *made) == {1: Lesson(1.0), 2: Lesson(0.0, hidden=True), 3: Lesson(1.0)}
    assert learned(ALL, "bob", *made) == {1: Lesson(1.0, hidden=True), 2: Lesson(0.0), 3: Lesson(1.0)}


def test_at_full_text_what_was_excluded_by_its_title_counts_as_excluded() -> None:
    made = [decision(1, "exclude"), *(decision(r, "include") for r in (2, 3, 4, 5, 6))]
    made += [decision(2, "include", stage=FULL), decision(3, "exclude", stage=FULL, criterion="E1")]
    made += [decision(r, v, stage=FULL) for r, v in ((4, "not-retrieved"), (5, "awaiting"), (6, "ongoing"))]
    assert learned(ONE, "ann", *made, stage=1) == {1: Lesson(0.0), 2: Lesson(1.0), 3: Lesson(0.0), 6: Lesson(1.0)}
    assert learned(ONE, "ann", *made)[3] == Lesson(1.0)  # its title was wanted


def test_a_hidden_exclusion_by_title_teaches_nothing_at_full_text_either() -> None:
    both = [decision(1, "include", by) for by in ("ann", "bob")]
    assert learned(TWO, "bob", *both, decision(2, "exclude"), stage=1) == {}
    assert learned(TWO, "ann", *both, decision(2, "exclude"), stage=1) == {2: Lesson(0.0)}
