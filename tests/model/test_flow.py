"""The PRISMA counts: what is in which box, and that the boxes always add up."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.decisions import ALLOWED, BEFORE_SCREENING, Basis, Decision, Verdict, screening
from reviewkit.model.flow import Flow, check_flow, prisma_flow
from reviewkit.model.matches import PERSON, Judgement, Match, records
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SearchRun, SourceKind, database_kind
from reviewkit.model.studies import Link, studies
from reviewkit.model.updated import previous
from reviewkit.protocol import parse_protocol
from tests.build import AT, protocol_text

TITLE, TEXT = "title-abstract", "full-text"


def the_protocol(reviewers: int = 1) -> Protocol:
    return parse_protocol(protocol_text(reviewers), Path("backpain.toml"))


def runs_of(*sources: tuple[str, int, int]) -> list[SearchRun]:
    """Search runs from (database, how many citations, update), numbered one after the other."""
    made: list[SearchRun] = []
    for place, (database, size, update) in enumerate(sources):
        first = max((r.first + r.retrieved for r in made), default=1)
        made.append(
            SearchRun(
                id=f"run{place}", database=database, kind=database_kind(database), date=f"2024-03-{10 + place}",
                reported=size, retrieved=size, first=first, update=update,
            )
        )  # fmt: skip
    return made


def decide(record: int, verdict: str, stage: str = TITLE, by: str = "ann", **given: object) -> Decision:
    return Decision(record=record, verdict=Verdict(verdict), stage=stage, by=by, at=AT, **given)  # type: ignore[arg-type]


def same(left: int, right: int) -> Match:
    return Match(left=left, right=right, judgement=Judgement.SAME, rule="doi", by="reviewkit", at=AT)


def count(
    runs: list[SearchRun],
    decisions: list[Decision] | None = None,
    matches: list[Match] | None = None,
    links: list[Link] | None = None,
    reviewers: int = 1,
    stopped: tuple[int, ...] = (),
) -> Flow:
    protocol = the_protocol(reviewers)
    run_of = {i: run.id for run in runs for i in run.ids}
    numbered = [
        [replace(row, n=n) for n, row in enumerate(rows or (), start=1)] for rows in (matches, decisions, links)
    ]
    grouped = records(run_of, numbered[0])  # type: ignore[arg-type]
    screened = screening(protocol, grouped, numbered[1])  # type: ignore[arg-type]
    joined = studies(screened.included, numbered[2], grouped)  # type: ignore[arg-type]
    before = previous(protocol, runs, run_of, grouped, numbered[1], screened, numbered[2], ())  # type: ignore[arg-type]
    return prisma_flow(runs, run_of, grouped, screened, joined, protocol, stopped, before)


def test_records_that_nobody_screened_because_of_a_stop_are_a_box_of_their_own_and_the_equations_hold() -> None:
    runs = runs_of(("pubmed", 6, 0), ("scopus", 2, 1))
    flow = count(runs, [decide(1, "include"), decide(2, "exclude")], stopped=(2, 3, 4))
    boxes = flow.databases
    assert (boxes.not_yet_screened.ids, boxes.not_screened.ids) == ((5, 6), (3, 4))  # 2 was screened after all
    assert (boxes.screened.n, boxes.excluded.n) == (2, 1)
    assert [box.label for box in boxes.waiting] == ["Records not yet screened", "Reports awaiting a full-text decision"]
    assert check_flow(flow) == []
    wrong = replace(flow, databases=replace(boxes, not_screened=replace(boxes.not_screened, ids=(3,))))
    (problem,) = check_flow(wrong)
    assert "Records not yet screened (n = 2) + Records not screened (screening was stopped) (n = 1)" in problem


def test_a_finished_review_is_counted_box_by_box() -> None:
    decisions = [
        decide(1, "include"), decide(2, "include"), decide(3, "include"), decide(4, "exclude", criterion="E1"),
        decide(5, "exclude"), decide(6, "include"),
        decide(1, "include", TEXT), decide(2, "include", TEXT), decide(3, "exclude", TEXT, criterion="E2"),
        decide(6, "not-retrieved", TEXT),
    ]  # fmt: skip
    flow = count(
        runs_of(("pubmed", 5, 0), ("clinicaltrials-gov", 2, 0)),
        decisions,
        matches=[same(1, 7)],
        links=[Link(left=1, right=2, by="ann", at=AT)],
    )
    boxes = flow.databases
    assert [(b.label, b.n) for b in boxes.identified.walk()][1:] == [
        ("Databases", 5), ("PubMed", 5), ("Registers", 2), ("ClinicalTrials.gov", 2)
    ]  # fmt: skip
    assert boxes.duplicates.ids == (7,)
    assert boxes.screened.ids == (1, 2, 3, 4, 5, 6)
    assert [(b.label, b.ids) for b in boxes.excluded.walk()] == [
        ("Records excluded", (4, 5)), ("By a human", (4, 5)), ("No exosomes", (4,)), ("No reason recorded", (5,))
    ]  # fmt: skip
    assert boxes.sought.ids == (1, 2, 3, 6)
    assert boxes.not_retrieved.ids == (6,)
    assert boxes.assessed.ids == (1, 2, 3)
    assert [(b.label, b.ids) for b in boxes.excluded_full_text.parts] == [("Back pain not targeted", (3,))]
    assert flow.included.ids == (1, 2)
    assert flow.studies.ids == (1,)
    assert not flow.waiting
    assert check_flow(flow) == []


def test_what_waits_for_a_person_is_in_boxes_of_its_own() -> None:
    decisions = [
        decide(1, "include"), decide(1, "exclude", by="bob"),
        decide(2, "include"),
        decide(3, "include"), decide(3, "include", by="bob"), decide(3, "include", TEXT),
        decide(4, "include"), decide(4, "include", by="bob"),
        decide(4, "include", TEXT), decide(4, "exclude", TEXT, by="bob", criterion="E1"),
    ]  # fmt: skip
    flow = count(runs_of(("pubmed", 5, 0)), decisions, reviewers=2)
    assert {box.key: box.ids for box in flow.waiting} == {
        "not-yet-screened": (2, 5), "conflicts": (1,), "awaiting-full-text": (3,), "full-text-conflicts": (4,)
    }  # fmt: skip
    assert flow.databases.screened.ids == (1, 3, 4)
    assert check_flow(flow) == []


def test_tools_and_people_are_told_apart() -> None:
    decisions = [
        decide(1, "exclude", BEFORE_SCREENING, basis=Basis.AUTOMATION, note="not a trial"),
        decide(2, "exclude", BEFORE_SCREENING, note="retracted"),
        decide(3, "exclude", basis=Basis.AUTOMATION, by="classifier"),
        decide(4, "exclude"),
    ]
    boxes = count(runs_of(("pubmed", 4, 0)), decisions).databases
    assert boxes.removed_by_automation.ids == (1,)
    assert boxes.removed_for_other_reasons.ids == (2,)
    assert [(b.key, b.ids) for b in boxes.excluded.parts] == [
        ("excluded:human", (4,)), ("excluded:automation", (3,))
    ]  # fmt: skip


def test_an_update_is_counted_apart_and_brings_only_what_is_new() -> None:
    flow = count(
        runs_of(("pubmed", 3, 0), ("pubmed", 4, 1)),
        [decide(1, "exclude"), decide(2, "exclude"), decide(3, "exclude"), decide(5, "exclude")],
        matches=[same(1, 4), same(6, 7)],
    )
    assert (flow.databases.identified.n, flow.databases.duplicates.n, flow.waiting) == (3, 0, ())
    (update,) = flow.updates
    assert (update.update, update.searched, update.databases.identified.n, update.new) == (1, "2024-03-11", 4, 2)
    assert update.databases.duplicates.ids == (4, 7)
    assert update.databases.not_yet_screened.ids == (6,)
    assert flow.find("UPDATE-1:not-yet-screened") == update.databases.not_yet_screened
    assert check_flow(flow) == []


def test_copies_that_earlier_searches_had_brought_are_told_from_those_within_the_searches() -> None:
    flow = count(
        # PubMed is searched again before publication (r5 to r7), then once more with the scopus of an update
        runs_of(("pubmed", 3, 0), ("scopus", 1, 0), ("pubmed", 3, 0), ("pubmed", 2, 1), ("scopus", 2, 1)),
        matches=[same(1, 4), same(1, 5), same(2, 6), same(7, 8), same(9, 10)],
    )
    parts = {part.key: part.ids for part in flow.databases.duplicates.parts}
    assert parts == {"duplicates:known-before": (5, 6), "duplicates:copies": (4,)}
    (later,) = flow.updates
    assert [(p.key, p.ids) for p in later.databases.duplicates.parts] == [
        ("update-1:duplicates:known-before", (8,)), ("update-1:duplicates:copies", (10,)),
    ]  # fmt: skip
    assert check_flow(flow) == []
    assert count(runs_of(("pubmed", 2, 0), ("scopus", 1, 0)), matches=[same(1, 3)]).databases.duplicates.parts == ()


def test_a_search_that_is_repeated_within_a_round_counts_once_and_what_it_lost_stays_where_it_was() -> None:
    asked = ("pubmed", "pubmed", "scopus", "pubmed", "pubmed")
    runs = runs_of(*((name, 2, place == 4) for place, name in enumerate(asked)))
    runs = [replace(run, strategy="exosomes AND back pain") for run in runs]
    # r1 is found each time, r2 by the first search alone, r4 comes with the second, scopus has r1 too
    joined = [same(1, 3), same(1, 5), same(1, 7), same(4, 8), same(1, 9)]
    flow = count(runs, matches=joined)
    boxes = flow.databases
    assert boxes.found_again.ids == (1, 3, 4)
    assert {part.key: part.ids for part in boxes.identified.parts[0].parts} == {
        "databases:pubmed": (2, 7, 8), "databases:scopus": (5, 6)
    }  # fmt: skip
    assert (boxes.duplicates.ids, boxes.duplicates.parts, boxes.not_yet_screened.ids) == ((7,), (), (1, 2, 4, 6))
    later = flow.updates[0].databases
    assert (later.identified.ids, later.found_again.n, later.duplicates.ids) == ((9, 10), 0, (9,))
    assert check_flow(flow) == []
    assert flow.find("found-again") == boxes.found_again
    wrong = replace(flow, databases=replace(boxes, found_again=replace(boxes.found_again, ids=(2, 3, 4))))
    assert "1 citations are counted as identified and as found again" in check_flow(wrong)

    files = [replace(run, origin="import", date="2024-03-10") for run in runs[:2]]
    assert count(files, matches=[same(1, 3)]).databases.found_again.ids == ()  # two files of one export
    unknown = [replace(run, strategy="") for run in runs[:2]]
    assert count(unknown, matches=[same(1, 3)]).databases.found_again.ids == ()
    changed = [runs[0], replace(runs[1], limits=("language: english",))]
    assert count(changed, matches=[same(1, 3)]).databases.found_again.ids == ()


def test_a_run_that_is_loaded_after_an_update_still_belongs_to_the_original_review() -> None:
    flow = count(runs_of(("pubmed", 2, 1), ("scopus", 2, 0)), matches=[same(1, 3)])
    assert flow.databases.not_yet_screened.ids == (1, 4)
    assert flow.databases.duplicates.n == 0
    assert flow.updates[0].databases.not_yet_screened.ids == (2,)
    assert flow.updates[0].databases.duplicates.ids == (1,)


def test_other_methods_have_a_column_of_their_own_unless_a_database_found_the_record_too() -> None:
    flow = count(
        runs_of(("citation-searching", 3, 0), ("pubmed", 2, 0), ("websites", 1, 0)),
        [*(decide(i, "include") for i in range(1, 7)), decide(2, "include", TEXT), decide(3, "ongoing", TEXT)],
        matches=[same(1, 4)],
    )
    assert [(b.key, b.n) for b in flow.other.identified.parts] == [
        ("other-methods:citation-searching", 3), ("other-methods:websites", 1)
    ]  # fmt: skip
    assert flow.databases.duplicates.n == 0
    assert flow.databases.sought.ids == (1, 5)
    assert flow.other.duplicates.ids == (1,)
    assert flow.other.sought.ids == (2, 3, 6)
    assert flow.other.contributed.ids == flow.included.ids == (2,)
    assert flow.other.ongoing.ids == (3,)
    assert len(flow.columns) == 2
    assert check_flow(flow) == []


def test_reasons_keep_the_protocols_order_and_an_old_criterion_goes_by_its_id() -> None:
    decisions = [
        decide(1, "exclude", criterion="E9"), decide(2, "exclude", criterion="E2"), decide(3, "exclude"),
        decide(4, "exclude", criterion="E1"),
    ]  # fmt: skip
    (human,) = count(runs_of(("pubmed", 4, 0)), decisions).databases.excluded.parts
    assert [b.label for b in human.parts] == [
        "No exosomes", "Back pain not targeted", "E9 (a criterion of an earlier protocol)", "No reason recorded"
    ]  # fmt: skip


def test_an_empty_review_has_empty_boxes_that_add_up() -> None:
    flow = count([])
    assert {box.n for box in flow.walk()} == {0}
    assert flow.searched == ""
    assert check_flow(flow) == []


@pytest.mark.parametrize(
    ("column_box", "ids", "said"),
    [
        ("screened", (1,), "Records identified from (n = 3) should be"),
        ("sought", (1, 3), "Records screened (n = 3) should be"),
        ("assessed", (1, 1), "counts 1 ids twice"),
        ("contributed", (1,), "Reports assessed for eligibility (n = 0) should be"),
        ("identified", (1, 2), "Records identified from (n = 2) should be Databases (n = 3)"),
    ],
)
def test_a_box_that_contradicts_the_others_is_named(column_box: str, ids: tuple[int, ...], said: str) -> None:
    flow = count(runs_of(("pubmed", 3, 0)), [decide(i, "exclude") for i in (1, 2, 3)])
    assert check_flow(flow) == []
    wrong = replace(getattr(flow.databases, column_box), ids=ids)
    problems = check_flow(replace(flow, databases=replace(flow.databases, **{column_box: wrong})))
    assert any(said in problem for problem in problems), problems


def test_more_studies_than_reports_and_counting_twice_are_named() -> None:
    flow = count(runs_of(("pubmed", 1, 0), ("pubmed", 1, 1)), [decide(1, "include"), decide(1, "include", TEXT)])
    too_many = replace(flow, studies=replace(flow.studies, ids=(1, 2)))
    assert any("are more than" in problem for problem in check_flow(too_many))
    twice = replace(flow, updates=(replace(flow.updates[0], studies=flow.studies),))
    assert any("1 studies are counted in the original review and an update" in p for p in check_flow(twice))


def test_the_totals_of_an_updated_review_are_previous_plus_new_minus_withdrawn() -> None:
    both = (TITLE, TEXT)
    first = [decide(i, "include", stage) for i in (1, 2, 3) for stage in both]
    later = [replace(decide(2, "exclude", TEXT, criterion="E1"), at="2026-01-01T00:00:00Z")]
    later += [replace(decide(i, "include", stage), at="2026-01-01T00:00:00Z") for i in (4, 6) for stage in both]
    links = [Link(left=2, right=3, by="ann", at=AT), Link(left=1, right=6, by="ann", at=AT)]
    runs = runs_of(("pubmed", 4, 0), ("pubmed", 2, 1))
    runs[1] = replace(runs[1], started="2025-06-01T00:00:00Z")
    flow = count(runs, [*first, *later], links=links)
    totals = flow.totals
    assert totals is not None
    assert (totals.update, totals.began) == (1, "2025-06-01T00:00:00Z")
    # r2 was withdrawn, but r3 of the same study stays; r4 was included only after the update had begun
    assert (totals.withdrawn_reports.ids, totals.withdrawn_studies.ids) == ((2,), ())
    assert (totals.previous_reports.ids, totals.previous_studies.ids) == ((1, 2, 3, 4), (1, 3, 4))
    assert totals.added_reports.ids == (4,)
    assert (flow.updates[0].included.ids, flow.updates[0].studies.ids) == ((6,), ())
    assert totals.further_reports.ids == (6,)  # of the study of r1
    assert (totals.total_reports.ids, totals.total_studies.ids) == ((1, 3, 4, 6), (1, 3, 4))
    assert check_flow(flow) == []
    assert flow.find("total:studies") is totals.total_studies


def test_a_study_is_withdrawn_with_the_last_of_its_reports_and_none_while_a_report_waits_again() -> None:
    both = (TITLE, TEXT)
    first = [decide(i, "include", stage, by=who) for i in (1, 2) for stage in both for who in ("ann", "bob")]
    runs = runs_of(("pubmed", 2, 0), ("pubmed", 1, 1))
    runs[1] = replace(runs[1], started="2025-06-01T00:00:00Z")
    settled = replace(decide(1, "exclude", TEXT, criterion="E1", basis=Basis.CONSENSUS), at="2026-01-01T00:00:00Z")
    in_doubt = replace(decide(2, "exclude", TEXT, criterion="E1"), at="2026-01-01T00:00:00Z")
    totals = count(runs, [*first, settled, in_doubt], reviewers=2).totals
    assert totals is not None
    assert (totals.withdrawn_studies.ids, totals.withdrawn_reports.ids) == ((1,), (1,))
    assert (totals.previous_studies.ids, totals.total_studies.ids) == ((1,), ())  # r2 is in neither: it waits


def test_totals_that_do_not_follow_from_their_parts_are_named() -> None:
    flow = count(
        runs_of(("pubmed", 1, 0), ("pubmed", 1, 1)), [decide(i, "include", s) for i in (1, 2) for s in (TITLE, TEXT)]
    )
    assert flow.totals is not None
    assert check_flow(flow) == []
    lost = replace(flow.totals, total_studies=replace(flow.totals.total_studies, ids=(1,)))
    (problem,) = check_flow(replace(flow, totals=lost))
    assert problem.startswith("Total studies included in review (n = 1) should be Studies included in previous version")
    assert problem.endswith("New studies included in review (n = 1) - Studies withdrawn on reconsideration (n = 0)")
    odd = replace(flow.totals, withdrawn_reports=replace(flow.totals.withdrawn_reports, ids=(2,)))
    assert any("are not among Reports of studies included" in p for p in check_flow(replace(flow, totals=odd)))


databases = st.sampled_from(["pubmed", "scopus", "ictrp", "websites", "citation-searching", "grandma's shelf"])
some_runs = st.lists(st.tuples(databases, st.integers(0, 5), st.integers(0, 2)), max_size=5).map(
    lambda sources: runs_of(*sources)
)
number = st.integers(1, 26)
some_decisions = st.lists(
    st.builds(
        Decision,
        by=st.sampled_from(["ann", "bob", "cat"]),
        at=st.sampled_from([AT, "2024-03-12", "2024-01-01T00:00:00Z"]),  # before and after an update's searches
        undoes=st.one_of(st.just(0), st.integers(0, 10)),
        record=number,
        stage=st.sampled_from([TITLE, TITLE, TEXT, TEXT, BEFORE_SCREENING]),
        verdict=st.sampled_from(Verdict),
        criterion=st.sampled_from(["", "E1", "E2", "E9"]),
        basis=st.sampled_from([Basis.REVIEWER, Basis.REVIEWER, Basis.CONSENSUS, Basis.AUTOMATION]),
    ).filter(lambda decision: decision.verdict in ALLOWED[decision.stage]),
    max_size=60,
)
pairs = st.tuples(number, number).filter(lambda pair: pair[0] < pair[1])
some_matches = st.lists(
    st.builds(
        lambda pair, judgement, rule, undoes: Match(
            left=pair[0], right=pair[1], judgement=judgement, rule=rule, by="x", at=AT, undoes=undoes
        ),
        pairs,
        st.sampled_from(Judgement),
        st.sampled_from(["doi", PERSON]),
        st.one_of(st.just(0), st.integers(0, 5)),
    ),
    max_size=12,
)
some_links = st.lists(
    st.builds(
        lambda pair, joined: Link(left=pair[0], right=pair[1], joined=joined, by="x", at=AT), pairs, st.booleans()
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(some_runs, some_decisions, some_matches, some_links, st.integers(1, 2))
def test_whatever_was_matched_linked_and_decided_the_boxes_add_up_and_hold_every_id_once(
    runs: list[SearchRun],
    decisions: list[Decision],
    matches: list[Match],
    links: list[Link],
    reviewers: int,
) -> None:
    flow = count(runs, decisions, matches, links, reviewers)
    assert check_flow(flow) == []

    columns = [column for f in (flow, *flow.updates) for column in (f.databases, f.other)]
    citations = [i for column in columns for i in column.identified.ids]
    assert sorted(citations) == [i for run in runs for i in run.ids]

    run_of = {i: run.id for run in runs for i in run.ids}
    grouped = records(run_of, [replace(m, n=n) for n, m in enumerate(matches, start=1)])
    reached = [
        i
        for c in columns
        for box in (c.removed_by_automation, c.removed_for_other_reasons, c.not_yet_screened, c.screened)
        for i in box.ids
    ]
    assert sorted(reached) == sorted(grouped.members)

    kind = {run.id: run.kind for run in runs}
    by_search = {
        r for r, members in grouped.members.items() if any(kind[run_of[c]] is not SourceKind.OTHER for c in members)
    }
    assert not {i for f in (flow, *flow.updates) for i in f.databases.screened.ids} - by_search

    keys = [box.key for box in flow.walk()]
    assert len(keys) == len(set(keys))
    assert all(flow.find(key) is not None for key in keys)
