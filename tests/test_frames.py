"""`reviewkit.open`: a review as DataFrames, with documented columns, read-only and as blind as the screens."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reviewkit
from reviewkit import frames
from reviewkit.errors import NoDatabase, NotReadable, NoWorkspace, WhichReview
from reviewkit.frames import Review
from tests.build import make_workspace
from tests.reviewed import dump, make_review

TABLES = ("records", "citations", "decisions", "extractions", "flow", "studies", "notices", "flags")


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    make_review(tmp_path)[2].close()
    opened = reviewkit.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Review]:
    make_review(tmp_path, reviewers=2)[2].close()
    opened = reviewkit.open(str(tmp_path), "backpain")
    yield opened
    opened.close()


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_are_the_documented_ones_also_of_an_empty_table(review: Review, tmp_path: Path, table: str) -> None:
    documented = list(getattr(frames, table.upper()))
    assert list(getattr(review, table).columns) == documented
    empty = make_workspace(tmp_path / "empty")
    from reviewkit.store import open_store

    open_store(f"sqlite:///{empty / 'reviewkit.db'}", "backpain").close()
    assert list(getattr(reviewkit.open(empty), table).columns) == documented


def test_records_say_where_each_stands(review: Review) -> None:
    records = review.records.set_index("record")
    assert len(records) == 8, "r9 is a copy of r5"
    assert records.loc["r5", "citations"] == 2
    assert tuple(records.loc["r1", ["stage", "state", "study"]]) == ("full-text", "included", "s1")
    assert tuple(records.loc["r4", ["stage", "state", "criterion"]]) == ("title-abstract", "excluded", "E1")
    assert tuple(records.loc["r7", ["stage", "state"]]) == ("before-screening", "removed")
    assert records.loc["r8", "state"] == "pending"
    assert records.loc["r1", "authors"] == "Doe, J."
    assert records.loc["r1", "year"] == 2001


def test_citations_are_as_reported_each_with_run_and_record(review: Review) -> None:
    citations = review.citations.set_index("citation")
    assert len(citations) == 9
    assert tuple(citations.loc["r9", ["record", "run", "database"]]) == ("r5", "2024-03-19-embase", "embase")
    assert citations.loc["r9", "title"] == "Other work, part 3"


def test_the_flow_has_the_ids_behind_each_number(review: Review) -> None:
    flow = review.flow.set_index("key")
    assert flow.loc["identified", "n"] == 9
    assert flow.loc["duplicates", "ids"] == ("r9",)
    assert flow.loc["studies", "ids"] == ("s1",)
    assert (review.flow.n == review.flow.ids.map(len)).all()


def test_studies_and_what_was_extracted_from_them(review: Review) -> None:
    (study,) = review.studies.to_dict("records")
    assert (study["study"], study["reports"], study["records"]) == ("s1", 2, ("r1", "r2"))
    values = review.extractions.set_index(["field", "row"])
    assert tuple(values.loc[("n", ""), ["value", "unit", "label", "state"]]) == (
        "20",
        "people",
        "Participants",
        "agreed",
    )
    assert values.loc[("change", "pain | 1 month"), "value"] == "-65.04"
    assert ("kind", "") not in values.index, "taken back"


def test_nothing_that_blinding_hides_is_in_any_table(blind: Review) -> None:
    everything = " ".join(getattr(blind, table).to_csv() for table in TABLES)
    for said in ("ann's own view", "E2", "twenty people", "65.04", "1 month"):
        assert said not in everything
    assert set(blind.decisions.record) == {"r1", "r2", "r4", "r7"}
    assert set(blind.extractions.state) == {"waiting"}
    assert set(blind.extractions.by) == {""}


def test_looking_changes_nothing(review: Review, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'reviewkit.db'}"
    before = dump(url)
    for table in TABLES:
        held = getattr(review, table)
        held["new"] = 1
        assert "new" not in getattr(review, table).columns
    assert dump(url) == before
    assert not [name for name in dir(review) if name.startswith(("add", "write", "save"))]


def test_a_workspace_without_a_database_stays_without_one(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with pytest.raises(NoDatabase, match=r"reviewkit\.db.*reviewkit restore"):
        reviewkit.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["protocols"]


def test_a_path_that_is_no_review_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoWorkspace):
        reviewkit.open(tmp_path)
    monkeypatch.chdir(make_workspace(tmp_path / "one"))
    with pytest.raises(NotReadable, match="no such folder"):
        reviewkit.open("tpyo")
    make_workspace(tmp_path / "one", review="other")
    with pytest.raises(WhichReview, match="backpain, other"):
        reviewkit.open(tmp_path / "one")


def test_importing_reviewkit_loads_no_pandas() -> None:
    check = "import sys, reviewkit; reviewkit.open; sys.exit(any(m in sys.modules for m in ('pandas', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_every_column_is_explained_in_the_documentation() -> None:
    text = (Path(__file__).parents[1] / "docs" / "notebooks.md").read_text(encoding="utf-8")
    for table in TABLES:
        part = text.partition(f"## `review.{table}`")[2].partition("\n## ")[0]
        explained = dict(line[3:-2].split("` | ", 1) for line in part.splitlines() if line.startswith("| `"))
        assert explained == {name: said or name for name, said in getattr(frames, table.upper()).items()}
