"""The counts of a stored review and the records behind each."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from reviewkit.errors import FlowDoesNotAddUp, UnknownBox
from reviewkit.model.decisions import Basis
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.flow import Entry, find_box, list_box, review_flow
from reviewkit.steps.flow_table import flow_rows, flow_tree
from reviewkit.steps.standing import standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision, protocol_text
from tests.steps.review_to_export import fill


def entries(store: Store, protocol: Protocol, key: str) -> list[Entry]:
    stand = standing(store, protocol)
    return list_box(store, protocol, stand, find_box(review_flow(protocol, stand), key))


def two_reviewers(protocol: Protocol) -> Protocol:
    return parse_protocol(protocol_text(2), Path("backpain.toml"))


def test_a_stored_review_is_counted(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    flow = review_flow(protocol, standing(store, protocol))
    assert {row.key: row.n for row in flow_rows(flow) if row.depth == 0} == {
        "identified": 9, "duplicates": 1, "screened": 8, "excluded": 2, "sought": 6, "not-retrieved": 1, "assessed": 5,
        "excluded-full-text": 2, "ongoing": 1, "included": 2, "studies": 1,
    }  # fmt: skip
    assert flow_tree(flow)["finished"] is True
    assert [row.label for row in flow_rows(flow) if row.depth == 2][:3] == ["PubMed", "Scopus", "ClinicalTrials.gov"]


def test_each_number_lists_its_records_with_reason_and_person(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    assert entries(store, protocol, "excluded") == [
        Entry("r2", "Exosomes in mice", 2021, "E2 Back pain not targeted", "ann"),
        Entry("r7", "Pain alone", 2020, "E1 No exosomes", "ann"),
    ]
    assert entries(store, protocol, "Excluded-Full-Text:e1") == [
        Entry("r3", "=HYPERLINK(1)", 2022, "E1 No exosomes; +1 says: only plasma", "ann")
    ]
    assert entries(store, protocol, "not-retrieved")[0].reason == "not retrieved; library could not get it"
    assert entries(store, protocol, "duplicates") == [
        Entry("r6", "Exosomes in a trial", 2020, "copy of r1: doi", "reviewkit")
    ]
    assert entries(store, protocol, "registers")[0].reason == "ClinicalTrials.gov, 2024-03-18"
    assert entries(store, protocol, "studies") == [Entry("s1", "Exosomes in a trial", 2020, "reports: r1, r8", "")]


def test_every_box_lists_as_many_entries_as_it_counts(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    stand = standing(store, protocol)
    boxes = list(review_flow(protocol, stand).walk())
    assert len(boxes) > 20
    assert [len(list_box(store, protocol, stand, box)) for box in boxes] == [box.n for box in boxes]


def test_removed_records_tell_why_and_tools_are_named_as_such(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation(), citation()])
    store.add([
        decision(1, "exclude", stage="before-screening", note="retracted"),
        decision(2, "exclude", basis=Basis.AUTOMATION, by="classifier"),
    ])  # fmt: skip
    assert entries(store, protocol, "removed-for-other-reasons")[0].reason == "retracted"
    assert entries(store, protocol, "excluded:automation")[0].by == "classifier (automation)"


def test_a_pending_record_shows_nobodys_verdict_and_a_conflict_shows_all(store: Store, protocol: Protocol) -> None:
    protocol = two_reviewers(protocol)
    add_run(store, [citation(), citation()])
    store.add([
        decision(1, "exclude", criterion="E1", note="secret"),
        decision(2, "exclude", criterion="E1"), decision(2, "include", by="bob"),
    ])  # fmt: skip
    (waiting,) = entries(store, protocol, "not-yet-screened")
    assert (waiting.reason, waiting.by) == ("waiting for a decision", "")
    (conflict,) = entries(store, protocol, "conflicts")
    assert (conflict.reason, conflict.by) == ("ann: exclude E1; bob: include", "ann, bob")


def test_an_unknown_box_is_answered_with_those_in_use(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    with pytest.raises(UnknownBox, match=r"no box 'nope'.*excluded-full-text:E1") as caught:
        entries(store, protocol, "nope")
    assert "removed-by-automation" not in str(caught.value)


def test_counts_that_contradict_each_other_are_refused(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation()])
    store.add([decision(1, "include")])
    engine = create_engine(str(store._engine.url))
    with engine.begin() as connection:  # what no command writes: a verdict that this stage does not know
        connection.execute(text("UPDATE decisions SET verdict = 'not-retrieved'"))
    with pytest.raises(FlowDoesNotAddUp, match=r"Records screened \(n = 1\) should be 0"):
        review_flow(protocol, standing(store, protocol))


def test_what_was_withdrawn_and_the_totals_of_an_updated_review_are_listed_with_reason_and_reports(
    store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)  # r1 and r8 are one study
    add_run(store, [citation(title="Brand new")], date="2025-01-01", update=1)
    later = [decision(i, "exclude", stage="full-text", criterion="E1", note="retracted") for i in (1, 8)]
    later[1] = decision(8, "exclude", criterion="E2")  # even by its title
    later += [decision(10, "include"), decision(10, "include", stage="full-text")]
    store.add([replace(each, at="2026-01-01T00:00:00Z") for each in later])
    flow = review_flow(protocol, standing(store, protocol))
    rows = {row.key: (row.label, row.n) for row in flow_rows(flow)}
    assert rows["previous:studies"] == ("Studies included in previous version of review", 1)
    assert rows["update-1:studies"] == ("New studies included in review (update 1)", 1)
    assert rows["total:reports"] == ("Reports of total included studies", 1)
    assert [e.reason for e in entries(store, protocol, "withdrawn:studies")] == ["reports: r1, r8"]
    assert [(e.id, e.reason, e.by) for e in entries(store, protocol, "withdrawn:reports")] == [
        ("r1", "E1 No exosomes; retracted", "ann"), ("r8", "E2 Back pain not targeted", "ann")
    ]  # fmt: skip
    assert [(e.id, e.reason) for e in entries(store, protocol, "total:studies")] == [("s10", "reports: r10")]
    totals = flow_tree(flow)["totals"]
    assert (totals["update"], [box["n"] for box in totals["boxes"]]) == (1, [1, 2, 1, 2, 0, 0, 1, 1])
    assert flow_tree(flow)["updates"][0]["totals"] is None
