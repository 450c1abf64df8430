"""Run numbers, row numbers and references: each kind of damage is found and named."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import Row
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.references import content_faults, gaps, overlaps, row_faults
from reviewkit.model.runs import SearchRun
from reviewkit.model.studies import Link
from reviewkit.protocol import parse_protocol
from tests.build import AT, decision, protocol_text

PROTOCOL = parse_protocol(protocol_text(), Path("backpain.toml"))


def run(name: str, first: int, count: int) -> SearchRun:
    return SearchRun(id=name, database="pubmed", date="2024-03-18", reported=count, retrieved=count, first=first)


def test_runs_in_a_row_have_neither_overlaps_nor_gaps() -> None:
    runs = [run("a", 1, 3), run("empty", 4, 0), run("b", 4, 2)]
    assert overlaps(runs) == []
    assert gaps(runs) == []


def test_overlaps_and_gaps_are_named_with_their_ids() -> None:
    assert overlaps([run("a", 1, 3), run("b", 3, 2)]) == [
        "runs a and b both own r3; they were made apart from each other"
    ]
    wide = [run("a", 1, 10), run("b", 2, 2), run("c", 9, 5)]
    assert [fault.split(";")[0] for fault in overlaps(wide)] == [
        "runs a and b both own r2 to r3",
        "runs a and c both own r9 to r10",
    ]
    assert gaps([run("a", 2, 3), run("b", 7, 2)]) == [
        "r1 come before run a and belong to no run",
        "r5 to r6 come before run b and belong to no run",
    ]


def test_sound_rows_have_no_faults() -> None:
    version = PROTOCOL.version
    rows: Sequence[Row] = [
        decision(1, "exclude", criterion="E1", protocol=version, n=1),
        decision(1, "exclude", undoes=1, n=2),
        decision(2, "exclude", stage="before-screening", protocol=version, n=3),
    ]
    assert list(row_faults(rows, {1, 2}, {version})) == []
    assert list(content_faults(rows, {version: PROTOCOL})) == []


def extraction(field: str) -> Extraction:
    return Extraction(study=1, group="design", field=field, value="3", by="ann", at=AT, protocol=PROTOCOL.version, n=1)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (decision(9, "include", n=1), "it names r9, which no search run brought"),
        (Link(left=1, right=9, by="ann", at=AT, n=1), "it names r9, which no search run brought"),
        (replace(extraction("n"), study=9), "it names r9, which no search run brought"),
        (Match(left=2, right=1, judgement=Judgement.SAME, rule="doi", by="x", at=AT, n=1), "its left, 2, should be"),
        (decision(1, "include", n=2), "its number n is 2 where 1 comes next"),
        (decision(1, "include", n=1, undoes=1), "it takes back row 1, which does not come before it"),
        (decision(1, "include", n=1, protocol="abc"), "it was made under protocol abc, which is not kept"),
    ],
)
def test_a_reference_to_nothing_is_found(row: Row, told: str) -> None:
    (fault,) = row_faults([row], {1, 2}, {PROTOCOL.version})
    assert told in fault.message
    assert fault.place == 0


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (decision(1, "include", n=1), "it does not say under which protocol it was made"),
        (decision(1, "include", n=1, stage="third", protocol=PROTOCOL.version), "has no stage third"),
        (decision(1, "exclude", n=1, criterion="E9", protocol=PROTOCOL.version), "has no criterion E9"),
        (extraction("age"), "has no field design.age"),
    ],
)
def test_what_the_protocol_version_does_not_have_is_found(row: Decision | Extraction, told: str) -> None:
    (fault,) = content_faults([row], {PROTOCOL.version: PROTOCOL})
    assert told in fault.message


def test_one_missing_row_is_one_fault() -> None:
    rows = [decision(1, "include", n=n) for n in (1, 2, 4, 5, 6)]
    (fault,) = row_faults(rows, {1}, set())
    assert (fault.place, fault.message.split(";")[0]) == (2, "its number n is 4 where 3 comes next")
