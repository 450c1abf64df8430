"""Files of a finished screening, as other programs and people write them."""

import gzip
from pathlib import Path

import pytest

from reviewkit.errors import AmbiguousIds, NothingToSimulate, NotReadable, UnreadableFile
from reviewkit.steps.labelled import Labelled, read_labelled


def read(folder: Path, text: str, name: str = "set.csv") -> Labelled:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return read_labelled(path)


def labels(found: Labelled) -> dict[str, bool]:
    return {record.id: record.included for record in found.records}


@pytest.mark.parametrize("name", ["set.csv", "set.csv.gz"])
def test_a_table_with_ids_texts_years_and_labels(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, 'id,title,abstract,year,label\n7,One,"A, b",2001,1\n3,Two,,,0\n', name)
    first, second = found.records
    assert (first.id, first.title, first.abstract, first.year, first.included) == ("7", "One", "A, b", 2001, True)
    assert (second.id, second.abstract, second.year, second.included) == ("3", "", None, False)
    assert found.included == 1


@pytest.mark.parametrize("column", ["label", "included", "label_included", "final_included", "asreview_label"])
def test_the_label_stands_under_any_of_its_usual_headings(tmp_path: Path, column: str) -> None:
    found = read(tmp_path, f"record_id,title,abstract,{column}\n0,One,a,1\n1,Two,b,0\n")
    assert labels(found) == {"0": True, "1": False}


def test_synergy_names_its_records_by_openalex(tmp_path: Path) -> None:
    text = "openalex_id,doi,title,abstract,label_included\nhttps://openalex.org/W1,,A,x,1\nhttps://openalex.org/W2,,B,y,0\n"
    assert labels(read(tmp_path, text)) == {"https://openalex.org/W1": True, "https://openalex.org/W2": False}


def test_records_without_ids_are_numbered(tmp_path: Path) -> None:
    assert labels(read(tmp_path, "title,included\nA,0\nB,1\nC,0\n")) == {"1": False, "2": True, "3": False}


def test_a_row_with_nothing_but_a_label_was_screened_too(tmp_path: Path) -> None:
    found = read(tmp_path, "id,title,abstract,label\n1,A,a,1\n2,,only an abstract,0\n3,,,0\n")
    assert labels(found) == {"1": True, "2": False, "3": False}
    assert found.records[1].abstract == "only an abstract"


def test_rows_without_a_label_are_left_out_and_named(tmp_path: Path) -> None:
    found = read(tmp_path, "id,title,label\n1,A,1\n2,B,\n3,C,0\n4,D,perhaps not\n")
    assert labels(found) == {"1": True, "3": False}
    assert [finding.line for finding in found.findings] == [3, 5]
    assert "no label" in str(found.findings[0])
    assert "perhaps not" in str(found.findings[1])


def test_a_maybe_counts_as_included(tmp_path: Path) -> None:
    assert labels(read(tmp_path, "id,title,verdict\n1,A,maybe\n2,B,exclude\n")) == {"1": True, "2": False}


def test_ris_as_asreview_writes_it(tmp_path: Path) -> None:
    entry = "TY  - JOUR\nTI  - {}\nAB  - text\nPY  - 2003\nN1  - {}\nER  - \n\n"
    text = entry.format("One", "ASReview_relevant") + entry.format("Two", "ASReview_irrelevant")
    found = read(tmp_path, text + entry.format("Three", "ASReview_not_seen"), "set.ris")
    assert labels(found) == {"1": True, "2": False}
    assert found.records[0].year == 2003
    assert len(found.findings) == 1


def test_ids_that_do_not_tell_rows_apart_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousIds, match=r"set\.csv:4: this row has the id '1' of the row in line 2"):
        read(tmp_path, "id,title,label\n1,A,1\n2,B,0\n1,C,0\n")
    with pytest.raises(AmbiguousIds, match="has no id"):
        read(tmp_path, "id,title,label\n1,A,1\n,B,0\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,title,label\n1,A,1\n2,B,1\n", "no excluded records"),
        ("id,title,label\n1,A,0\n2,B,0\n", "no included records"),
        ("id,title,label\n1,A,\n2,B,\n", "no records with a label"),
    ],
)
def test_a_set_of_one_label_alone_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NothingToSimulate, match=told):
        read(tmp_path, text)


def test_a_table_without_labels_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Add a column 'included'"):
        read(tmp_path, "id,title,abstract\n1,A,a\n")


def test_what_is_no_table_or_damaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, "%PDF-1.4 nothing of the kind")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"id,title,label\n" * 1000)[:-20])
    with pytest.raises(UnreadableFile, match="damaged"):
        read_labelled(tmp_path / "cut.csv.gz")
    with pytest.raises(NotReadable):
        read_labelled(tmp_path / "none.csv")
