"""A team moves here: its decisions come in once, on the right records, and the review's own rules hold."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reviewkit.errors import BadRows, UnknownStage, UnreadableFile, UnusableMapping, WhichReviewer, WhichStage
from reviewkit.formats.ris import parse_ris
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Basis, Decision, State, Verdict
from reviewkit.protocol import parse_protocol
from reviewkit.steps.agreement import agreement
from reviewkit.steps.decide import record_decision, undo_last
from reviewkit.steps.decision_table import decision_rows
from reviewkit.steps.flow import review_flow
from reviewkit.steps.flow_table import flow_rows
from reviewkit.steps.moving import Moved, Wanted, take_exports
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision, protocol_text
from tests.steps.moves import covidence, inclusion, rayyan, rayyan_log, ris, table, title

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
TITLE, FULL = "title-abstract", "full-text"

Take = Callable[..., Moved]


@pytest.fixture(autouse=True)
def _thirty_records(store: Store) -> None:
    found = parse_ris(io.BytesIO(ris(range(1, 31))))
    add_run(store, [each for each in found if isinstance(each, Citation)])


@pytest.fixture
def take(store: Store, tmp_path: Path) -> Take:
    """Take files, given by name and content, into a review that two people decide."""

    def run(files: Mapping[str, bytes], *, at: str = AT, **wanted: object) -> Moved:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        paths = [tmp_path / name for name in files]
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        return take_exports(store, DUAL, standing(store, DUAL), paths, at, asked)

    return run


def now(store: Store) -> Standing:
    return standing(store, DUAL)


def counts(store: Store) -> dict[str, int]:
    return {row.key: row.n for row in flow_rows(review_flow(DUAL, now(store))) if row.n}


def excluded(*reasons: str, **verdicts: str) -> str:
    return inclusion(**verdicts) + f" | RAYYAN-EXCLUSION-REASONS: {','.join(reasons)}"


# --- Rayyan ----------------------------------------------------------------------------------------


def screened_in_rayyan() -> dict[int, str]:
    """30 publications: 8 included, 12 excluded by both, 4 in conflict, 2 "maybe", 2 decided by one, 2 by nobody."""
    both = {n: inclusion(Ann="Included", Bo="Included") for n in range(1, 9)}
    out = {n: excluded("No exosomes" if n % 2 else "old", Ann="Excluded", Bo="Excluded") for n in range(9, 21)}
    conflicts = {n: excluded("No exosomes", Ann="Included", Bo="Excluded") for n in range(21, 25)}
    maybe = {n: inclusion(Ann="Maybe", Bo="Included") for n in (25, 26)}
    return both | out | conflicts | maybe | {n: inclusion(Ann="Excluded") for n in (27, 28)} | {29: "", 30: "2018"}


def test_a_review_screened_in_rayyan_goes_on_here_and_its_counts_add_up(take: Take, store: Store):
    moved = take({"articles.csv": rayyan(screened_in_rayyan())}, stage=TITLE, reviewers=("Ann=Ann Smith",))
    assert (moved.files, moved.entries, moved.undecided) == ({"articles.csv": "Rayyan"}, 30, 2)
    assert (moved.added, moved.repeated, moved.problems) == (54, 0, ())
    assert moved.reasons == {"old": 12}
    assert {(c.reviewer, c.verdict.value, c.criterion): c.n for c in moved.counts} == {
        ("Ann Smith", "include", ""): 12, ("Ann Smith", "exclude", ""): 8, ("Ann Smith", "exclude", "E1"): 6,
        ("Ann Smith", "maybe", ""): 2, ("Bo", "include", ""): 10, ("Bo", "exclude", ""): 6,
        ("Bo", "exclude", "E1"): 10,
    }  # fmt: skip
    shown = counts(store)
    assert (shown["identified"], shown["not-yet-screened"], shown["screened"]) == (30, 4, 26)
    assert (shown["conflicts"], shown["excluded"], shown["sought"]) == (4, 12, 10)
    assert (shown["excluded:human:E1"], shown["excluded:human:no-reason"]) == (6, 6)
    (found,) = agreement(store, DUAL, now(store))
    assert (found.both_include, found.left_only, found.both_exclude) == (10, 4, 12)
    stood = now(store).screening.stages[TITLE][9]
    assert [vote.note for vote in stood.votes] == ["No exosomes; from Rayyan"] * 2
    assert {row.protocol for row in store.all(Decision)} == {DUAL.version}


def test_verdicts_that_wait_for_the_other_reviewer_stay_hidden(take: Take, store: Store):
    take(
        {"articles.csv": rayyan({1: inclusion(Ann="Excluded"), 2: inclusion(Ann="Included", Bo="Included")})},
        stage=TITLE,
    )
    _, rows = decision_rows(store, DUAL, now(store), "Bo")
    assert {row[0] for row in rows} == {"r2"}


def test_the_same_file_twice_adds_nothing_and_takes_nothing_back_that_was_revised_since(take: Take, store: Store):
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included", Bo="Included"), 2: inclusion(Ann="Excluded")})}
    assert take(files, stage=TITLE).added == 3
    record_decision(store, DUAL, now(store), decision(1, "exclude", by="Ann", note="thought again"))
    again = take(files, stage=TITLE)
    assert (again.added, again.repeated) == (0, 3)
    assert now(store).in_state(TITLE, State.CONFLICT) == (1,)


def test_what_was_undone_here_comes_in_again_when_asked_for(take: Take, store: Store):
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included")})}
    take(files, stage=TITLE)
    undo_last(store, "Ann", AT)
    assert take(files, stage=TITLE).added == 1


def test_a_later_export_revises_and_says_so(take: Take, store: Store):
    take({"articles.csv": rayyan({1: inclusion(Ann="Included", Bo="Excluded")})}, stage=TITLE)
    moved = take({"articles.csv": rayyan({1: inclusion(Ann="Included", Bo="Included")})}, stage=TITLE)
    assert (moved.added, moved.revised, moved.repeated) == (1, 1, 1)
    assert now(store).in_state(TITLE, State.INCLUDED) == (1,)


def test_at_full_text_a_reason_must_be_a_criterion_and_every_other_one_is_counted(take: Take, store: Store):
    take({"articles.csv": rayyan({n: inclusion(Ann="Included", Bo="Included") for n in (1, 2, 3)})}, stage=TITLE)
    read = {
        1: excluded("wrong dose", "Back pain not targeted", Ann="Excluded", Bo="Excluded"),
        2: excluded("wrong dose", Ann="Excluded", Bo="Excluded"),
        3: excluded("no full text", Ann="Excluded", Bo="Excluded"),
    }
    files = {"read.csv": rayyan(read)}
    with pytest.raises(BadRows) as error:
        take(files, stage=FULL)
    assert "2 entries cannot be taken, so none was. --keep-good takes the other 2 decisions" in str(error.value)
    assert error.value.problems[0].startswith("2 exclusions for 'no full text', which is no criterion here")
    assert error.value.problems[1].startswith("2 exclusions for 'wrong dose', which is no criterion here")
    assert "read.csv, line 3: Record r2 at full text: an exclusion at this stage needs its criterion" in str(
        error.value
    )

    moved = take(files, stage=FULL, reasons=("Wrong  dose=e1", "no full text=not-retrieved"))
    assert moved.added == 6
    outcomes = now(store).screening.stages[FULL]
    assert [(outcomes[n].state, outcomes[n].criterion) for n in (1, 2, 3)] == [
        (State.EXCLUDED, "E1"), (State.EXCLUDED, "E1"), (State.NOT_RETRIEVED, ""),
    ]  # fmt: skip
    assert outcomes[1].votes[0].note == "wrong dose, Back pain not targeted; from Rayyan", "the others stay in the note"


def test_a_reason_with_a_comma_in_it_is_found_although_rayyan_parts_reasons_with_commas(take: Take):
    files = {"articles.csv": rayyan({1: excluded("old", "no dose", "or a wrong one", Ann="Excluded")})}
    moved = take(files, stage=TITLE, reasons=("no dose, or a wrong one=E2",))
    assert [(c.criterion, c.n) for c in moved.counts] == [("E2", 1)]


def test_the_log_gives_each_person_his_own_reason_and_time(take: Take, store: Store):
    at = "2024-01-09T10:00:0{}Z".format
    log = rayyan_log(
        (at(1), "a@x", 1, "included", "1"), (at(3), "a@x", 1, "included", "-1"),
        (at(2), "a@x", 1, "__EXR__No exosomes", "1"), (at(4), "b@x", 1, "included", "-1"),
        (at(4), "b@x", 1, "__EXR__Back pain not targeted", "1"), (at(5), "a@x", 2, "included", "1"),
    )  # fmt: skip
    notes = {
        1: excluded("No exosomes", "Back pain not targeted", Ann="Excluded", Bo="Excluded"),
        2: inclusion(Ann="Included"),
    }
    take({"articles.csv": rayyan(notes), "customizations_log.csv": log}, stage=TITLE)
    ann, bo, _ = store.all(Decision)
    assert (ann.criterion, ann.note, ann.at) == ("E1", "No exosomes; from Rayyan 2024-01-09T10:00:03Z", AT)
    assert (bo.criterion, bo.note) == ("E2", "Back pain not targeted; from Rayyan 2024-01-09T10:00:04Z")


def test_a_log_whose_users_cannot_be_told_apart_asks_for_their_names(take: Take, store: Store):
    log = rayyan_log(*(("2024-01-09T10:00:00Z", user, 1, "included", "1") for user in ("a@x", "b@x")))
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included", Bo="Included")}), "customizations_log.csv": log}
    with pytest.raises(UnusableMapping, match=r"which of its users \(a@x, b@x\) is Ann and Bo"):
        take(files, stage=TITLE)
    moved = take(files, stage=TITLE, reviewers=("a@x=Ann Smith", "Ann=Ann Smith", "b@x=Bo"))
    assert [count.reviewer for count in moved.counts] == ["Ann Smith", "Bo"]


def test_a_log_that_contradicts_the_notes_is_no_ground_to_guess(take: Take):
    log = rayyan_log(("2024-01-09T10:00:00Z", "a@x", 1, "included", "-1"))
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included")}), "customizations_log.csv": log}
    with pytest.raises(BadRows, match=r"articles\.csv, line 2: customizations_log\.csv says otherwise about .* Ann"):
        take(files, stage=TITLE, reviewers=("a@x=Ann",))


def test_the_log_alone_is_refused(take: Take):
    log = rayyan_log(("2024-01-09T10:00:00Z", "a@x", 1, "included", "1"))
    with pytest.raises(UnreadableFile, match=r"Give articles\.csv"):
        take({"customizations_log.csv": log}, stage=TITLE)


def test_verdicts_of_an_earlier_round_in_rayyan_are_not_taken_for_this_one(take: Take):
    earlier = inclusion(Ann="Included")
    notes = {1: f"{earlier} | {inclusion(Ann='Excluded')}", 2: earlier}
    with pytest.raises(BadRows, match="line 3: its notes hold the verdicts of an earlier round in Rayyan only"):
        take({"articles.csv": rayyan(notes)}, stage=TITLE)
    moved = take({"articles.csv": rayyan(notes)}, stage=TITLE, keep_good=True)
    assert [(c.verdict, c.n) for c in moved.counts] == [(Verdict.EXCLUDE, 1)]


def test_rayyan_writes_the_same_notes_into_ris(take: Take):
    notes = {1: "AN 7 | " + inclusion(Ann="Included"), 2: inclusion(Ann="Excluded")}
    moved = take({"articles.ris": ris([1, 2, 3], notes)}, stage=TITLE)
    assert (moved.files["articles.ris"], moved.added, moved.undecided) == ("Rayyan", 2, 1)


# --- Covidence -------------------------------------------------------------------------------------


def lists() -> dict[str, bytes]:
    """The five lists of one review: 15 irrelevant, 4 to be read, 6 excluded, 3 included, 2 to be screened."""
    rows = {
        "irrelevant": dict.fromkeys(range(1, 16), ("", "")),
        "select": {n: ("", "Ongoing study" if n == 16 else "") for n in range(16, 20)},
        "excluded": {n: ("Exclusion reason: Wrong dose; " if n < 24 else "Exclusion reason: No exosomes;", "")
                     for n in range(20, 26)},
        "included": dict.fromkeys(range(26, 29), ("", "fund")),
        "screen": dict.fromkeys((29, 30), ("", "")),
    }  # fmt: skip
    return {f"review_7_{name}_csv_20240303130132.csv": covidence(of) for name, of in rows.items()}


def test_the_lists_of_covidence_give_results_without_inventing_votes_and_the_flow_adds_up(take: Take, store: Store):
    with pytest.raises(BadRows, match="4 exclusions for 'Wrong dose'"):
        take(lists())
    assert store.count(Decision) == 0
    moved = take(lists(), reasons=("wrong dose=E2",))
    assert (moved.added, moved.undecided, moved.entries) == (38, 2, 30)
    assert moved.files["review_7_select_csv_20240303130132.csv"] == "Covidence's list 'select'"
    assert {(row.by, row.basis) for row in store.all(Decision)} == {("Covidence", Basis.ELSEWHERE)}
    shown = counts(store)
    assert (shown["not-yet-screened"], shown["screened"], shown["excluded"], shown["sought"]) == (2, 28, 15, 13)
    assert (shown["awaiting-full-text"], shown["ongoing"], shown["excluded-full-text"]) == (3, 1, 6)
    assert (shown["excluded-full-text:E1"], shown["excluded-full-text:E2"], shown["included"]) == (2, 4, 3)
    assert agreement(store, DUAL, now(store)) == []
    assert take(lists(), reasons=("wrong dose=E2",)).repeated == 38


def test_a_publication_that_moves_on_in_covidence_moves_on_here(take: Take, store: Store):
    take({"review_7_select_csv_1.csv": covidence({1: ("", "")})})
    moved = take({"review_7_included_csv_2.csv": covidence({1: ("", "fund")})})
    assert (moved.added, moved.repeated) == (1, 1)
    assert now(store).screening.included == (1,)


def test_what_was_decided_here_is_not_overruled_by_a_list(take: Take, store: Store):
    store.add([decision(1, "exclude", by="Ann")])
    with pytest.raises(BadRows, match="line 2: Record r1 at title and abstract: reviewers here have decided on it"):
        take({"review_7_select_csv_1.csv": covidence({1: ("", "")})})


def test_a_list_may_be_somebodys_own_work_and_of_one_stage(take: Take, store: Store):
    moved = take({"review_7_included_csv_1.csv": covidence({1: ("", "")})}, reviewers=("Ann",), stage=TITLE)
    assert [(c.stage, c.reviewer, c.basis) for c in moved.counts] == [(TITLE, "Ann", Basis.REVIEWER)]


def test_a_list_without_its_name_needs_to_be_told_what_it_is(take: Take):
    files = {"mine.csv": covidence({1: ("", "")})}
    with pytest.raises(UnreadableFile, match="does not say in its name which of Covidence's lists it is"):
        take(files)
    moved = take(files, stage=TITLE, verdict=Verdict.EXCLUDE)
    assert [(c.stage, c.verdict, c.basis) for c in moved.counts] == [(TITLE, Verdict.EXCLUDE, Basis.ELSEWHERE)]


def test_covidences_extracted_data_hold_no_decisions(take: Take):
    content = table(("Covidence #", "Study ID", "Title", "Reviewer Name"), [{"Covidence #": 1, "Title": title(1)}])
    with pytest.raises(UnreadableFile, match="extracted data, which holds no decisions"):
        take({"review_7.csv": content})


# --- ASReview and lists ----------------------------------------------------------------------------


def test_asreview_tells_relevant_from_irrelevant_and_not_seen(take: Take):
    columns = ("title", "doi", "asreview_label")
    rows = [
        {"title": title(n), "doi": f"10.1000/back.{n}", "asreview_label": label}
        for n, label in ((1, 1), (2, 0), (3, ""))
    ]
    with pytest.raises(WhichReviewer, match=r"a\.csv does not say who decided"):
        take({"a.csv": table(columns, rows)}, stage=TITLE)
    moved = take({"a.csv": table(columns, rows)}, stage=TITLE, reviewers=("Ann",))
    assert [(c.verdict.value, c.n) for c in moved.counts] == [("include", 1), ("exclude", 1)]
    notes = {1: "ASReview_relevant", 2: "ASReview_irrelevant", 3: "ASReview_not_seen"}
    again = take({"a.ris": ris([1, 2, 3], notes)}, stage=TITLE, reviewers=("Ann",))
    assert (again.added, again.repeated, again.undecided) == (0, 2, 1)


def test_a_plain_table_names_people_and_stages_itself(take: Take, store: Store):
    columns = ("title", "doi", "decision", "reviewer", "stage", "reason")
    rows = [
        {
            "title": title(1),
            "doi": "10.1000/back.1",
            "decision": "Include",
            "reviewer": by,
            "stage": "Title and abstract",
        }
        for by in ("Ann", "Bo")
    ]
    rows.append({**rows[0], "decision": "excluded", "stage": "full_text", "reason": "E1"})
    assert take({"list.csv": table(columns, rows)}).added == 3
    assert store.all(Decision)[-1].criterion == "E1"


def test_a_list_of_what_was_included_needs_one_verdict_for_all(take: Take):
    files = {"included.ris": ris([4, 5])}
    with pytest.raises(UnreadableFile, match=r"included\.ris does not show what was decided"):
        take(files, stage=TITLE)
    assert take(files, stage=TITLE, verdict=Verdict.INCLUDE, reviewers=("Ann",)).added == 2


# --- which record ----------------------------------------------------------------------------------


def test_the_rows_of_an_export_find_their_record_by_the_key_of_the_program(take: Take, store: Store):
    add_run(store, [citation(title="Quite another title", accession="rayyan-9001")])
    moved = take({"articles.csv": rayyan({1: inclusion(Ann="Included")})}, stage=TITLE)
    assert moved.found == {"id in the other program": 1}
    assert store.all(Decision)[0].record == 31


def test_an_identifier_counts_only_where_the_titles_agree(take: Take, store: Store):
    row = {"title": "Something else", "doi": "10.1000/back.1", "included": 1}
    with pytest.raises(BadRows, match="an identifier of it is that of r1, whose title is another"):
        take({"a.csv": table(tuple(row), [row])}, stage=TITLE, reviewers=("Ann",))
    row["title"] = ""
    moved = take({"a.csv": table(tuple(row), [row])}, stage=TITLE, reviewers=("Ann",))
    assert moved.found == {"PMID, DOI or accession number": 1}


def test_without_identifiers_the_rules_for_duplicates_find_the_record(take: Take):
    content = rayyan({2: inclusion(Ann="Included")}).replace(b"10.1000/back.2", b"").replace(b"vesicles", b"vesicle")
    moved = take({"articles.csv": content}, stage=TITLE)
    assert moved.found == {"rules for duplicates": 1}


def test_what_is_not_certain_is_listed_and_a_person_may_say_which_record_it_is(take: Take, store: Store):
    rows = [{"title": title(3), "included": 1}, {"title": "Unheard of", "included": 1}]
    with pytest.raises(BadRows) as error:
        take({"a.csv": table(("title", "included"), rows)}, stage=TITLE, reviewers=("Ann",))
    assert "2 entries cannot be taken (1 of no record here)" in str(error.value)
    assert "a.csv, line 2: it may be r3" in error.value.problems[0]
    assert "a.csv, line 3: no record here is this publication" in error.value.problems[1]
    rows[0]["record"] = "r3"
    moved = take(
        {"a.csv": table(("title", "included", "record"), rows)}, stage=TITLE, reviewers=("Ann",), keep_good=True
    )
    assert (moved.added, moved.found, len(moved.problems)) == (1, {"record id": 1}, 1)
    assert store.all(Decision)[0].record == 3


def test_copies_that_are_not_known_to_be_one_record_are_not_chosen_between(take: Take, store: Store):
    (copy,) = (each for each in parse_ris(io.BytesIO(ris([5]))) if isinstance(each, Citation))
    add_run(store, [copy], database="scopus")
    with pytest.raises(BadRows, match="it could be r5 and r31; 'reviewkit dedupe' says whether these are one"):
        take({"articles.csv": rayyan({5: inclusion(Ann="Included")})}, stage=TITLE)


def test_two_rows_that_decide_otherwise_on_one_record_name_each_other(take: Take):
    columns = ("title", "doi", "included")
    rows = [{"title": title(1), "doi": "10.1000/back.1", "included": said} for said in (1, 1, 0)]
    with pytest.raises(BadRows, match=r"a\.csv, line 4: a\.csv, line 2 decides otherwise on r1"):
        take({"a.csv": table(columns, rows)}, stage=TITLE, reviewers=("Ann",))


# --- all or nothing --------------------------------------------------------------------------------


def test_a_trial_run_tells_everything_and_stores_nothing(take: Take, store: Store):
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included"), 2: inclusion(Ann="Later")})}
    moved = take(files, stage=TITLE, dry_run=True)
    assert (moved.added, moved.dry_run, len(moved.problems)) == (1, True, 1)
    assert (store.count(Decision), store.protocols()) == (0, {})


def test_who_decided_where_must_be_known(take: Take):
    files = {"articles.csv": rayyan({1: inclusion(Ann="Included")})}
    with pytest.raises(WhichStage, match="at which stage"):
        take(files)
    with pytest.raises(UnknownStage):
        take(files, stage="abstracts")
    with pytest.raises(UnusableMapping, match=r"'Anna=Ann Smith' cannot be used\. Named there are Ann"):
        take(files, stage=TITLE, reviewers=("Anna=Ann Smith",))
    with pytest.raises(UnusableMapping, match="with one of E1, E2, not-retrieved"):
        take(files, stage=TITLE, reasons=("old=E9",))


def test_what_holds_no_decisions_is_refused(take: Take):
    for name, content in (("a.pdf", b"%PDF-1.4"), ("a.csv", b"title,year\nx,2020\n"), ("a.txt", b"")):
        with pytest.raises(UnreadableFile):
            take({name: content}, stage=TITLE)
