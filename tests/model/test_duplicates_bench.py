"""Accuracy on labelled sets of real citations, beside this repository: what is missed, merged and asked, per set."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reviewkit.formats.table import parse_csv
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import Found, find_matches
from reviewkit.model.matches import Judgement
from reviewkit.model.partition import Partition, partition


@dataclass(frozen=True)
class Bar:
    """What was reached: duplicates missed, works merged, pairs asked about, never more; missed ones held, no less.

    The rest of what is missed is not for a person to join either: a reply, an erratum, an abstract given at two
    congresses, trials in other people, a whole issue without a title.
    """

    missed: int
    merged: int
    asked: int
    held: int  # missed ones among the pairs asked about
    truth: str = "duplicates.csv"


BARS = {
    "cytology_screening": Bar(missed=3, merged=0, asked=5, held=3),
    "haematology": Bar(missed=7, merged=0, asked=9, held=2, truth="duplicates_adjudicated.csv"),
    "digital_work": Bar(missed=3, merged=0, asked=2, held=1),
    "mis_baseline": Bar(missed=5, merged=0, asked=5, held=4),
    "tafenoquine": Bar(missed=0, merged=0, asked=0, held=0),
}
MOST_ASKED = 0.02  # of the records


@dataclass(frozen=True)
class Set:
    """A labelled set: its citations, and the entity that each one is."""

    citations: list[Citation]
    entity: dict[int, int]


def load(folder: Path, truth: str) -> Set:
    with (folder / "records.csv").open("rb") as file:
        citations = [c for c in parse_csv(file) if isinstance(c, Citation)]
    citations = [replace(c, id=n) for n, c in enumerate(citations, start=1)]
    number = {c.accession: c.id for c in citations}
    with (folder / truth).open(newline="", encoding="utf-8") as file:
        rows = [row[0].split(";") for row in list(csv.reader(file))[1:]]
    clusters = [[number[name] for name in row if name in number] for row in rows]
    pairs = [(members[0], other) for members in clusters if members for other in members[1:]]
    return Set(citations, dict(partition(number.values(), pairs).group))


def joined(found: list[Found], citations: list[Citation]) -> Partition:
    same = [(f.left, f.right) for f in found if f.judgement is Judgement.SAME]
    return partition((c.id for c in citations), same)


def asked(found: list[Found], groups: Partition) -> set[frozenset[int]]:
    ends = (frozenset((groups.group[f.left], groups.group[f.right])) for f in found if f.judgement is Judgement.UNSURE)
    return {question for question in ends if len(question) == 2}


@pytest.fixture(scope="module", params=BARS)
def bench(request, shared: Path) -> Iterator[tuple[Set, Bar, list[Found]]]:
    bar = BARS[request.param]
    known = load(shared / "bench" / "dedup" / request.param, bar.truth)
    yield known, bar, list(find_matches(known.citations))


def test_no_more_is_missed_or_merged_than_was_reached(bench):
    known, bar, found = bench
    groups = joined(found, known.citations)
    together = {(groups.group[c.id], known.entity[c.id]) for c in known.citations}
    entities = len(set(known.entity.values()))
    assert len(together) - entities <= bar.missed
    assert len(together) - len(groups.members) <= bar.merged


def test_the_questions_for_a_person_are_few(bench):
    known, bar, found = bench
    questions = asked(found, joined(found, known.citations))
    assert len(questions) <= min(bar.asked, MOST_ASKED * len(known.citations))


def test_the_questions_hold_the_missed_duplicates_that_a_person_would_join(bench):
    known, bar, found = bench
    groups = joined(found, known.citations)
    true = {frozenset(known.entity[end] for end in question) for question in asked(found, groups)}
    assert sum(len(entities) == 1 for entities in true) >= bar.held


def test_every_match_names_its_rule_and_what_it_saw(bench):
    _, _, found = bench
    assert all(f.rule and f.evidence and f.left < f.right for f in found)


def test_two_runs_give_what_one_gives(bench):
    known, _, found = bench
    citations = known.citations
    middle = len(citations) // 3
    first = list(find_matches(citations[:middle]))
    judged = {(f.left, f.right): f.judgement for f in first}
    assert first + list(find_matches(citations, judged, compared=middle)) == found
