"""The archive's CSV: nothing is lost on the way there and back, and what is damaged is told with its line."""

from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats.journal import parse_journal, to_journal
from reviewkit.model.decisions import Decision, Verdict
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import Row
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.notices import Check, Notice, NoticeKind
from reviewkit.model.references import NAMES
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link
from reviewkit.store.tables import JOURNALS
from tests.build import AT, decision

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["'", "''=", "=x", "\r", "\r\n", '"', "\n,"]
)


def test_every_kind_of_row_that_the_database_keeps_is_archived() -> None:
    assert set(NAMES) == set(JOURNALS)


@given(note=texts, by=texts, criterion=texts, sealed=st.booleans())
def test_any_text_comes_back_as_it_was(note: str, by: str, criterion: str, sealed: bool) -> None:
    rows = (
        decision(3, "exclude", by=by, note=note, criterion=criterion, n=1),
        decision(4, "include", n=2, order=note),
    )
    read = parse_journal(Decision, to_journal(Decision, rows, {1} if sealed else ()), "decisions.csv")
    assert read.rows == rows
    assert not read.findings


def test_every_kind_of_row_comes_back_with_its_types() -> None:
    rows: dict[type[Row], Row] = {
        Match: Match(left=1, right=2, judgement=Judgement.UNSURE, rule="title", by="rules", at=AT, n=1),
        Link: Link(left=1, right=2, joined=False, by="ann", at=AT, n=1, undoes=0),
        Extraction: Extraction(study=1, group="g", row="a | b", field="f", value="-1", by="ann", at=AT, n=1),
        Sample: Sample(
            stage="title-abstract", seed=1, through=9, decided=4, waiting=5, records=(9, 8), by="ann", at=AT, n=1
        ),
        Stop: Stop(
            stage="title-abstract", through=9, decided=4, screened=4, relevant=1, waiting=5, by="ann", at=AT, n=1
        ),
        Check: Check(folder="c", records=(1, 2), pmids=("11", "12"), unchecked=(3,), by="PubMed", at=AT, n=1),
        Notice: Notice(record=1, pmid="11", kind=NoticeKind.CONCERN, reference="9", check="c", by="PubMed", at=AT, n=1),
    }
    for shape, row in rows.items():
        read = parse_journal(shape, to_journal(shape, [row]), "x.csv")
        assert read.rows == (row,)
        assert type(read.rows[0].n) is int


def test_a_field_added_later_needs_no_code_and_is_sealed_by_itself() -> None:
    class Mood(StrEnum):
        SURE = "sure"

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Later(Row):
        mood: Mood = Mood.SURE
        tags: tuple[str, ...] = ()
        minutes: int | None = None

    # get_type_hints looks names up in the module
    Later.__annotations__["mood"] = Mood
    rows = (
        Later(by="ann", at=AT, n=1, tags=("a", "=b"), minutes=None),
        Later(by="ann", at=AT, n=2, minutes=5),
    )
    assert parse_journal(Later, to_journal(Later, rows), "later.csv").rows == rows


def test_a_file_of_before_a_field_was_added_is_read_with_its_default() -> None:
    body = to_journal(Decision, [decision(3, "include", n=1)]).decode("utf-8-sig")
    old = "\n".join(",".join(cells[:7] + cells[8:]) for cells in (line.split(",") for line in body.splitlines()))
    assert ",order," not in old.splitlines()[0]
    read = parse_journal(Decision, old.encode(), "decisions.csv")
    assert read.rows == (decision(3, "include", n=1),)


def test_the_file_is_plain_to_the_eye_and_to_a_spreadsheet() -> None:
    body = to_journal(Decision, [decision(3, "exclude", note="=1+1", n=1), decision(4, "include", n=2)])
    lines = body.decode("utf-8-sig").splitlines()
    assert lines[0] == "n,record,stage,verdict,criterion,basis,protocol,order,by,at,undoes,note,sealed"
    assert lines[1] == f"1,3,title-abstract,exclude,,reviewer,,,ann,{AT},0,'=1+1,"
    assert b"\r" not in body


def test_a_sealed_row_shows_who_and_where_and_not_what() -> None:
    rows = [
        decision(3, "exclude", criterion="E1", note="mice only", n=1),
        decision(4, "include", n=2),
        decision(5, "include", n=3),
    ]
    text = to_journal(Decision, rows, {1, 2, 3}).decode("utf-8-sig")
    sealed = [line.split(",") for line in text.splitlines()[1:]]
    for cells in sealed:
        assert cells[2] == "title-abstract"
        assert cells[8] == "ann"
        assert cells[3] == cells[4] == cells[11] == ""
    assert "exclude" not in text
    assert "E1" not in text
    assert "mice" not in text
    envelopes = [cells[12] for cells in sealed]
    assert len({len(envelope) for envelope in envelopes}) == 1, "its length tells nothing"
    assert len({envelope[:6] for envelope in envelopes}) == 3, "equal verdicts do not look alike"


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("include", "inclued"), 2, "verdict: 'inclued' should be one of include, exclude"),
        (("1,3,", "1,three,"), 2, "record: 'three' should be a whole number"),
        (("1,3,", "1,-3,"), 2, "record: '-3' should be a whole number"),
        (("1,3,", "3,"), 2, "has 12 cells instead of 13"),
        (("stage", "stages"), 1, "the columns stage are missing"),
        (("note,", "note,mood,"), 1, "there is no column mood; a newer reviewkit"),
        (("\n2,4", "\nnonsense\n2,4"), 4, "has 1 cells instead of 13"),
    ],
)
def test_damage_is_told_with_its_line(change: tuple[str, str], line: int, told: str) -> None:
    body = to_journal(Decision, [decision(3, "include", note="two\nlines", n=1), decision(4, "exclude", n=2)])
    damaged = body.decode().replace(*change, 1).encode()
    assert damaged != body
    (finding,) = parse_journal(Decision, damaged, "decisions.csv").findings
    assert (finding.file, finding.line) == ("decisions.csv", line)
    assert told in finding.message


def test_envelopes_that_a_spreadsheet_would_run_come_back_as_well() -> None:
    rows = tuple(decision(n, "include", n=n) for n in range(1, 300))
    body = to_journal(Decision, rows, range(1, 300))
    assert b",'+" in body, "base64 may begin with a plus"
    assert parse_journal(Decision, body, "decisions.csv").rows == rows


def test_a_torn_envelope_is_told() -> None:
    body = to_journal(Decision, [decision(3, "include", n=1)], {1}).decode()
    for torn in (body[:-6] + "\n", body.replace("\n1,", "\n2,")):
        (finding,) = parse_journal(Decision, torn.encode(), "decisions.csv").findings
        assert "sealed: cannot be opened" in finding.message


def test_bytes_that_are_no_text_are_one_finding() -> None:
    (finding,) = parse_journal(Decision, b"n,record\xff", "decisions.csv").findings
    assert "is not UTF-8 text (byte 8)" in finding.message


def test_a_note_longer_than_the_csv_module_likes_comes_back() -> None:
    row = decision(3, "maybe", note="long " * 60_000, n=1)
    for hidden in ((), {1}):
        assert parse_journal(Decision, to_journal(Decision, [row], hidden), "d.csv").rows == (row,)
    assert row.verdict is Verdict.MAYBE
