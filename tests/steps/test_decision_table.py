"""Decisions as CSV: blinded on the way out, all or nothing on the way in, unchanged by a round trip."""

from pathlib import Path

import pytest

from reviewkit.errors import BadRows, UnreadableFile
from reviewkit.formats.cells import to_csv
from reviewkit.model.decisions import BEFORE_SCREENING, Basis, Decision, State
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.decision_table import Defaults, Taken, decision_rows, take_decisions
from reviewkit.steps.standing import standing
from reviewkit.store import Store, open_store
from tests.build import AT, add_run, citation, decision, protocol_text

DUAL = parse_protocol(protocol_text(2), Path("backpain.toml"))
TITLES = [citation(title=f"=Title {n}") for n in range(1, 6)]


@pytest.fixture(autouse=True)
def _five_records(store: Store) -> None:
    add_run(store, TITLES)


def rows(store: Store, protocol: Protocol, reviewer: str = "") -> list[dict[str, str]]:
    header, found = decision_rows(store, protocol, standing(store, protocol), reviewer)
    return [dict(zip(header, row, strict=True)) for row in found]


def take(store: Store, text: str | bytes, protocol: Protocol = DUAL, keep_good: bool = False, **defaults: str) -> Taken:
    content = text if isinstance(text, bytes) else text.encode()
    stand = standing(store, protocol)
    return take_decisions(store, protocol, stand, content, "d.csv", AT, Defaults(**defaults), keep_good)


# --- out -------------------------------------------------------------------------------------------


def test_rows_carry_all_that_is_known_of_a_decision(store: Store):
    store.add([
        decision(1, "include", note="why not", protocol="v1"),
        decision(1, "exclude", by="bob", criterion="E1", protocol="v1"),
    ])  # fmt: skip
    first, second = rows(store, DUAL)
    assert first == {
        "record": "r1", "title": "=Title 1", "stage": "title-abstract", "reviewer": "ann", "verdict": "include",
        "criterion": "", "note": "why not", "basis": "reviewer", "at": AT, "protocol": "v1", "order": "",
    }  # fmt: skip
    assert (second["reviewer"], second["criterion"]) == ("bob", "E1")


def test_while_a_record_is_pending_only_its_own_reviewer_sees_a_verdict(store: Store):
    store.add([decision(1, "include"), decision(2, "include"), decision(2, "exclude", by="bob")])
    assert [row["record"] for row in rows(store, DUAL)] == ["r2", "r2"]
    assert [row["record"] for row in rows(store, DUAL, "bob")] == ["r2", "r2"]
    assert [row["record"] for row in rows(store, DUAL, "ann")] == ["r1", "r2", "r2"]


def test_only_what_stands_is_listed_removals_and_consensus_too(store: Store):
    store.add([decision(3, "exclude", stage=BEFORE_SCREENING, note="no paper")])
    store.add([decision(1, "include"), decision(1, "exclude", by="bob"), decision(1, "maybe")])
    store.add([decision(1, "exclude", basis=Basis.CONSENSUS, note="talked"), decision(2, "include")])
    told = [(r["record"], r["stage"], r["reviewer"], r["verdict"], r["basis"]) for r in rows(store, DUAL)]
    assert told == [
        ("r1", "title-abstract", "bob", "exclude", "reviewer"),
        ("r1", "title-abstract", "ann", "maybe", "reviewer"),
        ("r1", "title-abstract", "ann", "exclude", "consensus"),
        ("r3", BEFORE_SCREENING, "ann", "exclude", "reviewer"),
    ]


# --- in --------------------------------------------------------------------------------------------


def test_columns_are_found_by_name_in_any_order_and_others_are_ignored(store: Store):
    text = "note;VERDICT;colour;Reviewer;stage;record;criterion\nfine;Include;red;ann;Title and abstract;R 1;\n"
    assert take(store, text) == Taken(1, 0, 0, ())
    (made,) = store.all(Decision)
    assert (made.record, made.by, made.stage, made.verdict, made.note) == (
        1,
        "ann",
        "title-abstract",
        "include",
        "fine",
    )
    assert made.protocol == DUAL.version


def test_stage_and_reviewer_can_be_given_for_the_whole_file(store: Store):
    assert take(store, "record,verdict\n1,include\n2,\n", stage="title-abstract", reviewer="ann") == Taken(1, 0, 1, ())
    assert take(store, "record,verdict\n1,include\n2,\n", stage="title-abstract", reviewer="ann") == Taken(0, 1, 1, ())


def test_a_file_without_stages_is_refused_because_a_second_import_would_promote_its_records(store: Store):
    with pytest.raises(BadRows, match="line 2: no stage"):
        take(store, "record,verdict\n1,include\n", reviewer="ann")


def test_rows_may_rest_on_each_other_whatever_their_order(store: Store):
    text = """record,stage,reviewer,verdict,criterion,note,basis
r1,full-text,ann,exclude,E1,,
r1,title-abstract,ann,exclude,,talked,
r1,full-text,bob,exclude,E1,,
r1,title-abstract,bob,include,,,
r1,title-abstract,bob,include,,settled,consensus
r2,before-screening,Sorter,exclude,,score 0.1,automation
"""
    assert take(store, text).stored == 6
    stand = standing(store, DUAL)
    assert stand.in_state("full-text", State.EXCLUDED) == (1,)
    assert list(stand.screening.removed) == [2]


def test_every_bad_row_is_listed_with_its_line_and_none_is_taken(store: Store):
    text = """record,stage,reviewer,verdict,criterion
r1,title-abstract,ann,include,
r99,title-abstract,ann,include,
x,title-abstract,ann,include,
r2,abstract,ann,include,
r2,title-abstract,,include,
r2,title-abstract,ann,perhaps,
r2,title-abstract,ann,exclude,E9
r2,full-text,ann,include,
r1,title-abstract,ann,exclude,
"""
    with pytest.raises(BadRows) as error:
        take(store, text)
    assert "8 rows cannot be taken, so none was" in str(error.value)
    told = [problem.split(":")[0] for problem in error.value.problems]
    assert told == [f"line {n}" for n in range(3, 11)]
    for line, words in ((3, "no record r99"), (4, "'x' is not a record id"), (5, "no stage 'abstract'"),
                        (6, "no reviewer"), (7, "no verdict 'perhaps'"), (8, "E9"), (9, "has not reached"),
                        (10, "line 2 decides otherwise")):  # fmt: skip
        assert words in error.value.problems[line - 3]
    assert store.count(Decision) == 0

    taken = take(store, text, keep_good=True)
    assert (taken.stored, len(taken.problems)) == (1, 8)
    assert [d.record for d in store.all(Decision)] == [1]


def test_the_same_row_twice_in_a_file_counts_once(store: Store):
    row = "r1,title-abstract,ann,include\n"
    taken = take(store, "record,stage,reviewer,verdict\n" + row * 2)
    assert (taken.stored, taken.repeated) == (1, 1)


def test_a_consensus_needs_a_conflict(store: Store):
    with pytest.raises(BadRows, match="no conflict to settle"):
        take(store, "record,stage,reviewer,verdict,basis,note\nr1,title-abstract,ann,include,consensus,x\n")


def test_one_spelling_of_a_name_is_kept_within_a_file_and_with_what_is_stored(store: Store):
    store.add([decision(1, "include", by="Ann")])
    take(store, "record,stage,reviewer,verdict\nr2,title-abstract,ANN,include\nr2,title-abstract,Bob,include\n"
                "r3,title-abstract,bob,include\n")  # fmt: skip
    assert [d.by for d in store.all(Decision)] == ["Ann", "Ann", "Bob", "Bob"]


def test_what_is_no_table_of_decisions_is_refused(store: Store):
    with pytest.raises(UnreadableFile, match=r"d\.csv"):
        take(store, "title,year\nx,2020\n")


def test_an_export_is_read_back_without_adding_anything_and_rebuilds_the_same_review(store: Store, tmp_path: Path):
    store.add([
        decision(5, "exclude", stage=BEFORE_SCREENING, note="=cmd|' /C calc'!A0"),
        *(decision(r, "include", by=by) for r in (1, 2) for by in ("ann", "bob")),
        decision(3, "exclude"), decision(3, "maybe", by="bob", note="-5"),
        decision(3, "exclude", by="bob", basis=Basis.CONSENSUS, criterion="E2", note="talked"),
        decision(1, "exclude", stage="full-text", criterion="E1"),
        decision(1, "exclude", stage="full-text", criterion="E2", by="bob"),
    ])  # fmt: skip
    content = to_csv(*decision_rows(store, DUAL, standing(store, DUAL)))
    assert take(store, content) == Taken(0, 10, 0, ())

    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", "backpain")
    add_run(other, TITLES)
    assert take(other, content).stored == 10

    def plain(found: Store) -> list[tuple[object, ...]]:
        return [tuple(v for k, v in row.items() if k not in ("at", "protocol")) for row in rows(found, DUAL)]

    assert plain(other) == plain(store)
    other.close()


def test_what_was_decided_elsewhere_and_revised_here_is_read_back_too(store: Store, tmp_path: Path):
    there = {"by": "Covidence", "basis": Basis.ELSEWHERE}
    store.add([decision(1, "include", **there), decision(2, "exclude", **there)])
    store.add([decision(2, "include", basis=Basis.CONSENSUS, note="read again")])
    content = to_csv(*decision_rows(store, DUAL, standing(store, DUAL)))
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", "backpain")
    add_run(other, TITLES)
    assert take(other, content) == Taken(3, 0, 0, ())
    assert take(other, content) == Taken(0, 3, 0, ())
    assert standing(other, DUAL).reports == (1, 2)
    other.close()


def test_rows_that_stand_are_read_back_although_their_criterion_is_gone_from_the_protocol(store: Store):
    store.add([decision(1, "exclude", criterion="E2"), decision(1, "exclude", by="bob", criterion="E2", note="hip")])
    gone = protocol_text(2).replace('[[exclude]]\nid = "E2"\ntext = "Back pain not targeted"\n', "")
    later = parse_protocol(gone, Path("backpain.toml"))
    header, found = decision_rows(store, later, standing(store, later))
    assert take(store, to_csv(header, found), later) == Taken(0, 2, 0, ())
    with pytest.raises(BadRows, match="'E2' is not an exclusion criterion"):
        take(store, "record,verdict,criterion\nr2,exclude,E2\n", later, stage="title-abstract", reviewer="ann")


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "n" * 101, "Consensus", "reviewkit"])
def test_a_row_by_somebody_who_cannot_be_a_person_is_bad(store: Store, name: str):
    content = f'record,stage,reviewer,verdict\nr1,title-abstract,"{name}",include\n'
    with pytest.raises(BadRows, match=r"line 2: .* cannot be the name of a person"):
        take(store, content)
