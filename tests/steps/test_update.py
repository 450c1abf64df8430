"""An update finds all that is new, reports all that changed, asks nothing twice, and goes on where it was stopped."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

import reviewkit
from reviewkit.model.citation import Citation
from reviewkit.model.equations import check_flow
from reviewkit.model.notices import Check, Notice, NoticeKind
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import load_protocol
from reviewkit.steps.archive import archive
from reviewkit.steps.decide import record_decision
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.export.update_text import to_markdown, update_files
from reviewkit.steps.flags import find_flags
from reviewkit.steps.flow import count_flow
from reviewkit.steps.restore import restore
from reviewkit.steps.verify import verify
from reviewkit.store import Store, open_store
from reviewkit.workspace import find_workspace
from tests.build import add_run, citation, decision, make_workspace, protocol_text
from tests.servers import faults
from tests.steps.updating import AFTER, DECIDED, FIRST, LATER, Changing, Review, made

INCLUDED = range(1, 7)  # r1 to r6, with the PMIDs that end so


@pytest.fixture
def server() -> Iterator[Changing]:
    with Changing(records=made(*range(1, 41))) as running:
        yield running


@pytest.fixture
def review(workspace: Path, protocol: Protocol, store: Store, server: Changing) -> Review:
    """A finished review: forty records of PubMed, six of them included."""
    made = Review(find_workspace(workspace).choose(None), protocol, store, server)
    made.search()
    made.decide_all(INCLUDED)
    return made


def ten_days_later(server: Changing) -> None:
    """What PubMed did meanwhile."""
    server.put(
        *made(*range(101, 106), created="2024-05-05"),
        *made(201, 202, created="2011-02-03"),  # old records that were indexed, and match now
        *made(203, 204, created="2023-01-02", entered="2012-01-01"),  # added late, with the date of publication
        *made(9, title="Another title than ten days ago, of study number nine."),
        *made(2, abstract="The abstract was rewritten: patients felt the same."),
        *made(11, status="PubMed-not-MEDLINE"),
        *made(12, types=("Journal Article", "Randomized Controlled Trial")),
        *made(13, notices=(("ErratumIn", "39000013"),)),
        *made(1, types=("Journal Article", "Retracted Publication"), notices=(("RetractionIn", "39000001"),)),
        *made(3, notices=(("ExpressionOfConcernIn", "39000003"),)),
        *made(4, notices=(("ErratumIn", "39000004"), ("UpdateIn", "39000005"))),
        *made(5, notices=(("RetractionIn", "39000006"),)),
    )
    server.unlisted |= {30_000_005, 30_000_021, 30_000_022}  # there, and found by the search no longer
    server.drop(30_000_006)  # no longer in PubMed at all


def test_an_update_finds_every_record_that_newly_matches_and_reports_what_changed_and_vanished(review: Review) -> None:
    ten_days_later(review.server)
    done = review.update()
    report = review.report()

    new = {101, 102, 103, 104, 105, 201, 202, 203, 204}
    assert (done.update, done.failed, review.pmids(done.new)) == (1, False, new)
    (source,) = report.sources
    assert (source.before_date, source.date, source.before_count, source.count) == (FIRST, LATER, 40, 45)
    assert review.pmids(source.new) == review.pmids(report.new) == new
    assert review.pmids(source.gone) == {5, 6, 21, 22}
    assert source.known == 36
    assert {change.record: [d.field for d in change.changes] for change in source.changed} == {
        1: ["publication types", "notice"], 2: ["abstract"], 3: ["notice"], 4: ["notice", "notice"],
        9: ["title"], 11: ["status"], 12: ["publication types"], 13: ["notice"],
    }  # fmt: skip
    changed = {change.record: change.changes[0] for change in source.changed}
    assert changed[9].before.startswith("Exosomes in back pain") and changed[9].after.startswith("Another title")
    assert (changed[11].before, changed[11].after) == ("MEDLINE", "PubMed-not-MEDLINE")


def test_a_window_on_the_day_of_addition_misses_exactly_the_back_dated_records(review: Review) -> None:
    ten_days_later(review.server)
    done = review.update(since=FIRST)
    assert review.pmids(done.new) == {101, 102, 103, 104, 105}
    (source,) = review.report().sources
    assert (source.since, source.gone) == (FIRST, ())  # it cannot know what is no longer returned
    whole = review.update(AFTER)
    assert review.pmids(whole.new) == {201, 202, 203, 204}  # which the whole search then finds
    assert review.pmids(review.report().new) == {101, 102, 103, 104, 105, 201, 202, 203, 204}


def test_since_the_last_search_goes_back_behind_it_as_databases_add_with_delay(review: Review) -> None:
    review.server.put(*made(101, created="2024-04-20"), *made(102, created="2024-04-01"))
    done = review.update(since="last")
    assert (done.asked[0].since, review.pmids(done.new)) == ("2024-04-17", {101})


def test_every_included_record_is_checked_whether_a_search_still_finds_it_or_not(review: Review) -> None:
    ten_days_later(review.server)
    review.update()
    report = review.report()
    found = {record: [notice.said.kind for notice in notices] for record, notices in report.notices.items()}
    assert found == {
        1: [NoticeKind.RETRACTION], 3: [NoticeKind.CONCERN], 4: [NoticeKind.CORRECTION, NoticeKind.UPDATE],
        5: [NoticeKind.RETRACTION], 6: [NoticeKind.WITHDRAWN],
    }  # fmt: skip
    assert (report.grave, report.checked, report.when) == ((1, 3, 5), (1, 2, 3, 4, 5, 6), LATER)
    assert verify(review.store, review.protocol, review.folders).faults == []


def test_a_notice_that_is_listed_no_more_is_taken_back_and_one_that_stays_is_not_told_again(review: Review) -> None:
    ten_days_later(review.server)
    review.update()
    review.server.put(*made(3))
    review.update(AFTER)
    rows = review.store.all(Notice)
    assert [(row.record, row.kind, row.undoes) for row in rows[-1:]] == [(3, NoticeKind.CONCERN, 2)]
    assert len(rows) == 7
    assert 3 not in review.report().notices
    assert verify(review.store, review.protocol, review.folders).faults == []


def test_what_was_decided_stays_decided_and_is_flagged_where_its_ground_changed(review: Review) -> None:
    before = {s: {r: o.state for r, o in found.items()} for s, found in review.stand.screening.stages.items()}
    ten_days_later(review.server)
    done = review.update()
    stand = review.stand
    for stage, states in before.items():
        now = stand.screening.stages[stage]
        assert {record: now[record].state for record in states} == states
    assert {r for r, o in stand.screening.stages["title-abstract"].items() if o.state == "pending"} == {*done.new}

    flags = review.report().flags
    assert {record: flag.reasons for record, flag in flags.items()} == {
        1: ("retraction (PMID 39000001) since the decision",),
        2: ("abstract changed since the decision",),
        3: ("expression of concern (PMID 39000003) since the decision",),
        5: ("retraction (PMID 39000006) since the decision",),
        9: ("title changed since the decision",),
    }


def test_deciding_again_clears_a_flag_even_with_the_same_verdict(review: Review) -> None:
    ten_days_later(review.server)
    review.update()
    again = replace(
        decision(9, "exclude", criterion="E1", protocol=review.protocol.version), at=f"{AFTER}T12:00:00Z"
    )  # fmt: skip
    assert record_decision(review.store, review.protocol, review.stand, again).n
    assert 9 not in find_flags(review.store, review.stand)
    assert record_decision(review.store, review.protocol, review.stand, again).n == 0  # it stands already now
    text = replace(decision(1, "exclude", criterion="E1", stage="full-text"), at=f"{AFTER}T12:00:00Z")
    record_decision(review.store, review.protocol, review.stand, text)
    assert {*find_flags(review.store, review.stand)} == {2, 3, 5}


def test_an_update_on_the_same_day_asks_nothing_twice(review: Review) -> None:
    ten_days_later(review.server)
    first = review.update()
    asked = len(review.server.log)
    second = review.update()
    assert len(review.server.log) == asked
    assert (second.update, second.new, second.asked[0].before) == (1, first.new, True)
    assert len(review.store.all(Check)) == 1


def test_searches_repeated_before_the_review_is_finished_belong_to_it(
    workspace: Path, protocol: Protocol, store: Store, server: Changing
) -> None:
    review = Review(find_workspace(workspace).choose(None), protocol, store, server)
    review.search()
    server.put(*made(101, 102))
    done = review.update()
    assert (done.update, review.pmids(done.new)) == (0, {101, 102})
    flow = count_flow(protocol, review.stand)
    boxes = flow.databases
    assert (boxes.identified.n, boxes.found_again.n, boxes.duplicates.n, flow.new) == (42, 40, 0, 42)
    assert flow.updates == ()
    assert check_flow(flow) == []
    assert review.pmids(review.report(0).new) == {101, 102}


def test_the_next_update_begins_only_when_one_has_brought_something_that_is_decided(review: Review) -> None:
    assert [review.update(f"2024-06-{day:02}").update for day in (1, 8, 15)] == [1, 1, 1]  # nothing new
    review.server.put(*made(101))
    assert review.update("2024-06-22").update == 1
    assert review.update("2024-06-29").update == 1  # r101 waits
    review.decide_all((), "2024-06-30")
    (first,) = count_flow(review.protocol, review.stand).updates
    boxes = first.databases  # five times 40 or 41 records: counted as the one search that they were
    assert (boxes.identified.n, boxes.found_again.n, boxes.duplicates.n, first.new) == (41, 161, 40, 1)
    assert [(part.key, part.n) for part in boxes.duplicates.parts] == [("update-1:duplicates:known-before", 40)]
    assert review.update("2024-07-06").update == 2
    assert review.update("2024-07-07", update=7).update == 7  # as told
    assert check_flow(count_flow(review.protocol, review.stand)) == []


def test_what_one_database_fails_at_keeps_no_other_from_being_searched(review: Review, workspace: Path) -> None:
    ten_days_later(review.server)
    more = "".join(f'[[search]]\ndatabase = "{name}"\nstrategy = "exosomes"\n\n' for name in ("europe-pmc", "scopus"))
    path = workspace / "protocols" / "backpain.toml"
    path.write_text(protocol_text().replace("[[search]]", f"{more}[[search]]", 1), encoding="utf-8")
    review.protocol = load_protocol(path)
    done = review.update(access={"REVIEWKIT_EUROPE_PMC_URL": "http://127.0.0.1:9"})
    europe, pubmed = done.asked
    assert europe.failed and "refused" in europe.problem
    assert (pubmed.failed, len(done.new), done.failed) == (False, 9, True)
    (scopus,) = done.by_hand
    assert scopus.database == "scopus" and "key" in scopus.reason


def test_a_key_that_was_there_and_is_gone_is_a_failure_and_no_chore(review: Review) -> None:
    review.email = ""
    done = review.update()
    assert done.failed and not done.by_hand
    assert "REVIEWKIT_EMAIL" in done.asked[0].problem
    assert "REVIEWKIT_EMAIL" in done.check_problem


def test_a_check_that_fails_is_told_and_made_up_for_later(review: Review) -> None:
    ten_days_later(review.server)
    review.server.fail(faults.server_error(), on="efetch", times=1000, after=1)
    done = review.update()
    assert done.check_problem and done.failed and len(done.new) == 9
    assert review.report().when == ""
    assert not list(review.folders.searches.glob("*pubmed-check"))
    review.server._troubles.clear()
    assert review.update().check_problem == ""
    assert review.report().grave == (1, 3, 5)


def test_records_without_a_pmid_are_named_as_not_checked(review: Review) -> None:
    add_run(review.store, [citation(title="Vesicles in a clinic of its own", doi="10.1000/own")], "scopus", FIRST)
    review.decide_all({41})
    review.update()
    report = review.report()
    assert (report.checked, report.unchecked) == ((1, 2, 3, 4, 5, 6), (41,))


def test_an_export_made_by_hand_is_compared_by_the_identifiers_that_it_has(review: Review) -> None:
    def file(*entries: tuple[str, str, str]) -> list[Citation]:
        return [citation(title=title, doi=doi, accession=eid, year=2001) for title, doi, eid in entries]

    kept, moved, lost = "Vesicles of the kept record", "Vesicles whose number changed", "Vesicles that were lost"
    before = file((kept, "10.1000/KEPT", "2-s2.0-1"), (moved, "10.1000/moved", "2-s2.0-2"), (lost, "", "2-s2.0-3"))
    add_run(review.store, before, "scopus", FIRST)
    again = file((f"{kept}, corrected", "10.1000/kept", "2-s2.0-1"), (moved, "10.1000/MOVED", "2-s2.0-9"))
    add_run(review.store, [*again, *file(("Vesicles never seen", "", "2-s2.0-4"))], "scopus", LATER, update=1)
    deduplicate(review.store, f"{LATER}T10:00:00Z")
    (source,) = review.report().sources
    assert (source.database, source.known, len(source.new), source.gone) == ("scopus", 2, 1, (43,))
    assert [(change.record, [d.field for d in change.changes]) for change in source.changed] == [(41, ["title"])]


def test_a_register_entry_that_has_results_now_and_an_ongoing_study_are_told(review: Review) -> None:
    def entry(status: str) -> Citation:
        return citation(title="A trial of vesicles for the back", registrations=("NCT01234567",), status=status)

    add_run(review.store, [entry("RECRUITING")], "clinicaltrials-gov", FIRST)
    review.decide([41], "include")
    review.decide([41], "ongoing", stage="full-text")
    add_run(review.store, [entry("COMPLETED; results posted 2024-05-10")], "clinicaltrials-gov", LATER, update=1)
    deduplicate(review.store, f"{LATER}T10:00:00Z")
    report = review.report()
    assert (report.results, report.ongoing) == ((41,), (41,))


def test_a_check_that_was_killed_before_it_was_stored_is_stored_by_the_next_command(review: Review) -> None:
    ten_days_later(review.server)
    review.update()
    rows = [(row.record, row.kind) for row in review.store.all(Notice)]
    (workspace := review.folders.workspace.root / "again").mkdir()
    archive(review.store, review.protocol, review.folders)
    for name in ("notices.csv", "checks.csv"):  # an archive of before the check
        (review.folders.archive / name).unlink()
    manifest = review.folders.archive / "archive.toml"
    kept = manifest.read_text(encoding="utf-8")
    manifest.write_text(_without(kept, "checks", "notices"), encoding="utf-8")
    fresh = open_store(f"sqlite:///{workspace / 'fresh.db'}", "backpain")
    restore(fresh, review.protocol, review.folders, f"{AFTER}T10:00:00Z")
    assert [(row.record, row.kind) for row in fresh.all(Notice)] == rows
    assert [check.folder for check in fresh.all(Check)] == [f"{LATER}-pubmed-check"]
    fresh.close()


def _without(manifest: str, *kinds: str) -> str:
    """Take files out of an archive's manifest."""
    parts = manifest.split("\n[")
    return "\n[".join(part for part in parts if not any(f"{kind}.csv" in part.splitlines()[0] for kind in kinds))


def test_notices_come_back_from_the_archive_with_their_numbers(review: Review, tmp_path: Path) -> None:
    ten_days_later(review.server)
    review.update()
    archive(review.store, review.protocol, review.folders)
    fresh = open_store(f"sqlite:///{tmp_path / 'fresh.db'}", "backpain")
    restore(fresh, review.protocol, review.folders, f"{AFTER}T10:00:00Z")
    assert (fresh.all(Notice), fresh.all(Check)) == (review.store.all(Notice), review.store.all(Check))
    assert verify(fresh, review.protocol, review.folders).faults == []
    fresh.close()


def test_an_answer_that_was_changed_or_lost_is_told_by_verify(review: Review) -> None:
    review.update()
    (check,) = review.folders.searches.glob("*-pubmed-check")
    (check / "0001.xml.gz").write_bytes(b"")
    (fault,) = verify(review.store, review.protocol, review.folders).faults
    assert "pubmed-check/0001.xml.gz" in fault
    (check / "check.toml").unlink()
    assert any("pubmed-check" in fault for fault in verify(review.store, review.protocol, review.folders).faults)


def test_the_report_is_the_same_each_time_and_holds_no_markup_from_outside(review: Review) -> None:
    ten_days_later(review.server)
    review.server.put(*made(9, title="A <b>bold</b> | claim of *nothing* [here](http://example.org)"))
    review.update()
    first = {name: content for name, _, content in update_files(review.store, review.protocol, review.stand)}
    again = {name: content for name, _, content in update_files(review.store, review.protocol, review.stand)}
    assert first == again
    assert {*first} == {"update-1.md", "update-1.xlsx"}
    text = first["update-1.md"].decode()
    assert "| PubMed | 2024-05-01 | 40 | 2024-05-11 | 45 | 9 | 9 | 36 | 4 | 8 |" in text
    assert "A bold \\| claim of \\*nothing\\* \\[here\\](http://example.org)" in text
    assert "retraction (PMID 39000001)" in text
    book = load_workbook(BytesIO(first["update-1.xlsx"]))
    assert book.sheetnames == [
        "Searches compared", "New records", "Notices", "To look at again", "Changed", "No longer returned"
    ]  # fmt: skip


def test_a_notebook_has_notices_and_flags_as_tables(review: Review) -> None:
    ten_days_later(review.server)
    review.update()
    with closing(reviewkit.open(review.folders.workspace.root)) as opened:
        notices, flags = opened.notices, opened.flags
    assert [tuple(row) for row in notices[["record", "notice", "reference"]].to_numpy()][:2] == [
        ("r1", "retraction", "39000001"), ("r3", "expression of concern", "39000003")
    ]  # fmt: skip
    assert {*notices.check} == {f"{LATER}-pubmed-check"}
    assert list(flags.record) == ["r1", "r2", "r3", "r5", "r9"]
    title = flags[flags.record == "r9"].iloc[0]
    assert (title.since, title.now) == ("title changed", "Another title than ten days ago, of study number nine.")
    assert title.before.startswith("Exosomes in back pain")


def test_what_one_reviewer_decided_is_in_no_report_and_no_flag_before_the_other_did(workspace: Path) -> None:
    make_workspace(workspace, reviewers=2)
    protocol = load_protocol(workspace / "protocols" / "backpain.toml")
    store = open_store(f"sqlite:///{workspace / 'reviewkit.db'}", "backpain")
    with Changing(records=made(*range(1, 6))) as server, closing(store):
        review = Review(find_workspace(workspace).choose(None), protocol, store, server)
        review.search()
        review.decide([1, 2, 3], "exclude")  # by ann alone
        store.add([replace(decision(2, "exclude", "bob", criterion="E1"), at=f"{DECIDED}T13:00:00Z")])
        server.put(
            *made(1, title="Another title than ten days ago, of study number one."),
            *made(2, title="Another title than ten days ago, of study number two."),
        )
        server.drop(30_000_003)
        review.update()
        report = review.report(0)
        assert {*report.flags} == {2}  # r1 waits for bob, who reads the new wording in any case
        assert report.sources[0].gone == (3,)
        assert [report.state[record] for record in (1, 3)] == ["title and abstract: waiting for a decision"] * 2
        said = to_markdown(report, protocol).decode() + str(asdict(report))
        assert "r3" in said
        assert not re.search(r"\b(ann|bob)\b", said)
