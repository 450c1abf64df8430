"""Duplicates among export files, with no workspace around."""

import csv
import gzip
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.errors import (
    AmbiguousIds,
    NamedTwice,
    NotReadable,
    NotWritable,
    OverwritesInput,
    UnknownOutput,
    UnreadableFile,
    UserError,
)
from reviewkit.formats import FORMATS
from reviewkit.formats.ris import parse_ris
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import RULES, find_matches
from reviewkit.model.matches import Judgement
from reviewkit.model.partition import partition
from reviewkit.steps.dedup_files import FilesDeduplicated, Outputs, deduplicate_files
from tests.build import citation
from tests.steps.copies import CITATIONS

HEAD = "id,title,author,year,journal,doi,accession number\n"


def silent(doing: str, entries: int, share: float) -> None:
    pass


def row(id: str, title: str = "Exosomes for back pain", doi: str = "10.1000/a", accession: str = "EID-7") -> str:
    return f"{id},{title},Doe J,2020,Spine,{doi},{accession}\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[list[list[str]], FilesDeduplicated]]:
    """Compare files; give back the clusters that were written, and the report."""

    def run(*paths: Path, records: Path | None = None, unsure: Path | None = None):
        out = tmp_path / "clusters.csv"
        report = deduplicate_files(paths, Outputs(out, records, unsure), silent)
        return clusters(out), report

    return run


def clusters(path: Path) -> list[list[str]]:
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    assert header == ["ids"]
    return [ids[0].split(";") for ids in rows]


def table(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def ris(path: Path, *citations: Citation) -> Path:
    path.write_bytes(as_ris(citations))
    return path


def as_ris(citations: Iterable[Citation]) -> bytes:
    write = FORMATS["ris"].write
    assert write is not None
    return b"".join(write(citations))


# --- clusters and their ids ----------------------------------------------------------------------


def test_a_tables_own_ids_name_the_copies_although_it_has_other_numbers_too(tmp_path: Path, run):
    file = table(tmp_path / "a.csv", row("x1"), row("x2", "Knees", ""), row("x3", accession=""))
    found, report = run(file)
    assert found == [["x1", "x3"]]
    assert (report.kept, report.records, report.duplicates, report.clusters) == (3, 2, 1, 1)
    assert [(f.read, f.kept, f.rejected) for f in report.files] == [(3, 3, 0)]
    assert [(r.rule, r.same) for r in report.rules] == [("doi", 1)]


def test_entries_without_ids_are_numbered_over_all_files(tmp_path: Path, run):
    first = ris(tmp_path / "a.ris", citation(title="Knees"), citation(doi="10.1000/a"))
    second = ris(tmp_path / "b.ris", citation(title="Hips"), citation(doi="10.1000/a"))
    assert run(first, second)[0] == [["2", "4"]]


def test_an_entry_that_cannot_be_read_has_a_number_too_and_is_reported(tmp_path: Path, run):
    file = ris(tmp_path / "a.ris", citation(doi="10.1000/a"))
    file.write_bytes(file.read_bytes() + b"TY  - JOUR\nER  - \n" + as_ris([citation(doi="10.1000/a")]))
    found, report = run(file)
    assert found == [["1", "3"]]
    assert (report.kept, report.rejected) == (2, 1)
    assert next(str(f) for f in report.findings if f.rejected).startswith("a.ris:")


def test_tables_that_use_the_same_ids_get_the_names_of_their_files_before_them(tmp_path: Path, run):
    first = table(tmp_path / "a.csv", row("1"), row("2", "Knees", ""))
    second = table(tmp_path / "b.csv", row("1", "Hips", ""), row("2"))
    found, report = run(first, second)
    assert (found, report.prefixed) == ([["a.csv:1", "b.csv:2"]], True)
    (tmp_path / "deep").mkdir()
    third = table(tmp_path / "deep" / "a.csv", row("9"), row("1", "Hips", ""))
    assert run(first, third)[0] == [[f"{first}:1", f"{third}:9"]]


def test_a_tables_id_and_a_running_number_that_are_the_same_are_told_apart(tmp_path: Path, run):
    numbered = ris(tmp_path / "a.ris", citation(doi="10.1000/a"))
    assert run(numbered, table(tmp_path / "b.csv", row("1"), row("7", "Hips", "")))[0] == [["1", "b.csv:1"]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((row("1"), row("1", "Knees")), r"a\.csv:3: this row has the id '1', which another row has too"),
        ((row("1"), row("", "Knees")), r"a\.csv:3: this row has no id"),
        ((row(""), row("2", "Knees")), r"a\.csv:3: this row has an id, and rows before it have none"),
        ((row("1;2"), row("2", "Knees")), "joined by semicolons"),
    ],
)
def test_ids_that_do_not_tell_rows_apart_are_refused(tmp_path: Path, run, rows: tuple[str, ...], said: str):
    with pytest.raises(AmbiguousIds, match=said):
        run(table(tmp_path / "a.csv", *rows))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_table_without_ids_is_numbered(tmp_path: Path, run):
    copy = "Exosomes for back pain,Doe J,2020,10.1000/a\n"
    file = table(tmp_path / "a.csv", "Knees,,,\n", "Hips,,,\n", copy, copy, head="title,author,year,doi\n")
    assert run(file)[0] == [["3", "4"]]


# --- formats -------------------------------------------------------------------------------------


def test_files_of_several_formats_are_compared_with_each_other(tmp_path: Path, run):
    one = ris(tmp_path / "a.ris", citation(doi="10.1000/a", title="Exosomes for back pain"))
    packed = tmp_path / "b.ris.gz"
    packed.write_bytes(gzip.compress(one.read_bytes()))
    archive = tmp_path / "c.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(one, "inside.ris")
    found, report = run(one, packed, archive, table(tmp_path / "d.csv", row("x1")))
    assert found == [["1", "2", "3", "x1"]]
    assert [file.format for file in report.files] == ["RIS", "RIS", "Zip archive", "CSV table"]


def test_it_finds_what_the_rules_find_among_the_same_citations(tmp_path: Path, run):
    file = ris(tmp_path / "all.ris", *CITATIONS)
    with file.open("rb") as body:
        read = [c for c in parse_ris(body) if isinstance(c, Citation)]
    assert len(read) == len(CITATIONS)
    found = list(find_matches(replace(c, id=n) for n, c in enumerate(read, start=1)))
    same = [(f.left, f.right) for f in found if f.judgement is Judgement.SAME]
    groups = [g for g in partition(range(1, len(read) + 1), same).members.values() if len(g) > 1]
    assert groups
    assert run(file)[0] == [list(map(str, group)) for group in groups]


# --- the records that remain, and the uncertain pairs ----------------------------------------------


def test_one_record_for_each_cluster_is_written_with_the_best_of_its_copies(tmp_path: Path, run):
    full = citation(doi="10.1000/a", title="Exosomes for back pain: a trial", abstract="We treated forty people.")
    bare = citation(doi="10.1000/a", title="EXOSOMES FOR BACK PAIN: A TRIAL", volume="7", pages="1-9")
    out = tmp_path / "out.ris"
    run(ris(tmp_path / "a.ris", bare, citation(title="Knees"), full), records=out)
    with out.open("rb") as body:
        written = [c for c in parse_ris(body) if isinstance(c, Citation)]
    assert sorted((c.title, c.volume, c.abstract) for c in written) == [
        ("Exosomes for back pain: a trial", "7", "We treated forty people."),
        ("Knees", "", ""),
    ]


def test_a_record_carries_the_number_of_its_first_copy_or_the_id_that_its_table_gave_it(tmp_path: Path, run):
    out = tmp_path / "out.ris"
    run(ris(tmp_path / "a.ris", citation(doi="10.1000/a"), citation(doi="10.1000/a")), records=out)
    assert "ID  - r1\n" in out.read_text(encoding="utf-8")
    run(table(tmp_path / "a.csv", row("x1", accession=""), row("x2", accession="")), records=out)
    assert "ID  - " not in out.read_text(encoding="utf-8")
    assert "AN  - x1\n" in out.read_text(encoding="utf-8")


def test_the_same_files_give_the_same_bytes(tmp_path: Path, run):
    file = ris(tmp_path / "all.ris", *CITATIONS, *CITATIONS)
    made = []
    for name in ("one", "two"):
        records, unsure = tmp_path / f"{name}.ris", tmp_path / f"{name}.csv"
        run(file, records=records, unsure=unsure)
        made.append((records.read_bytes(), unsure.read_bytes(), (tmp_path / "clusters.csv").read_bytes()))
    assert made[0] == made[1]
    assert all(made[0])


def test_uncertain_pairs_are_written_with_titles_rule_and_evidence(tmp_path: Path, run):
    out = tmp_path / "unsure.csv"
    _, report = run(ris(tmp_path / "all.ris", *CITATIONS), unsure=out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == report.unsure > 0
    for each in rows:
        assert each["rule"] and each["evidence"]
        assert each["title"] == CITATIONS[int(each["id"]) - 1].title
        assert each["other_title"] == CITATIONS[int(each["other_id"]) - 1].title


# --- mistakes ------------------------------------------------------------------------------------


def test_mistakes_are_told_before_anything_is_written(tmp_path: Path):
    good = ris(tmp_path / "a.ris", citation(), citation(title="Knees"))
    page = tmp_path / "page.ris"
    page.write_text("<html><body>Please log in</body></html>", encoding="utf-8")
    empty = tmp_path / "empty.csv"
    empty.write_text(HEAD, encoding="utf-8")
    cut = tmp_path / "cut.ris.gz"
    cut.write_bytes(gzip.compress(as_ris(citation(title=f"Title {n}") for n in range(500)))[:-40])
    there = set(tmp_path.iterdir())
    out = tmp_path / "out.csv"
    attempts: list[tuple[type[UserError], list[Path], Outputs]] = [
        (NotReadable, [tmp_path / "none.ris"], Outputs(out)),
        (NotReadable, [tmp_path], Outputs(out)),
        (UnreadableFile, [good, page], Outputs(out)),
        (UnreadableFile, [good, empty], Outputs(out)),
        (UnreadableFile, [good, cut], Outputs(out)),
        (OverwritesInput, [good], Outputs(good)),
        (OverwritesInput, [good], Outputs(out, tmp_path / "." / "a.ris")),
        (NamedTwice, [good, good], Outputs(out)),
        (NamedTwice, [good], Outputs(out, None, out)),
        (UnknownOutput, [good], Outputs(out, tmp_path / "out.docx")),
        (NotWritable, [good], Outputs(good / "out.csv")),
    ]
    for expected, paths, outputs in attempts:
        with pytest.raises(expected) as caught:
            deduplicate_files(paths, outputs, silent)
        assert "Traceback" not in str(caught.value)
        assert set(tmp_path.iterdir()) == there, expected


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_kept_entry_is_in_one_cluster_or_alone_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("any")
    parts = data.draw(st.lists(st.lists(st.sampled_from(CITATIONS), min_size=1, max_size=6), min_size=1, max_size=3))
    files = [ris(folder / f"{n}.ris", *part) for n, part in enumerate(parts)]
    out, records = folder / "c.csv", folder / "r.ris"
    report = deduplicate_files(files, Outputs(out, records), silent)
    ids = [name for cluster in clusters(out) for name in cluster]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(map(str, range(1, report.kept + 1)))
    assert report.kept == sum(map(len, parts)) == report.records + report.duplicates
    assert report.duplicates == len(ids) - report.clusters
    with records.open("rb") as body:
        assert sum(isinstance(c, Citation) for c in parse_ris(body)) == report.records


# --- the command -----------------------------------------------------------------------------------


def test_the_command_works_without_a_workspace_and_makes_none(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    here = tmp_path / "elsewhere"
    here.mkdir()
    monkeypatch.chdir(here)
    table(here / "a.csv", row("x1"), row("x2"), row("x3", "Knees", ""))
    result = cli("dedupe", "a.csv", "--clusters", "out.csv", "--output", "out.ris")
    assert (result.code, result.err) == (0, "")
    assert "a.csv (CSV table): 3 entries, 3 kept, 0 not readable." in result.out
    assert "3 entries: 2 records, 1 duplicate in 1 cluster." in result.out
    assert sorted(path.name for path in here.iterdir()) == ["a.csv", "out.csv", "out.ris"]
    assert (here / "out.csv").read_bytes() == b"ids\nx1;x2\n"


def test_the_command_leaves_a_workspace_as_it_is(cli, workspace: Path, tmp_path: Path):
    file = table(tmp_path / "a.csv", row("x1"), row("x2"))
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert cli("dedupe", str(file), "--clusters", str(tmp_path / "out.csv")).code == 0
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_a_loss_is_told_with_its_line_and_status_1_and_what_was_kept_is_written(cli, tmp_path: Path):
    file = ris(tmp_path / "a.ris", citation(doi="10.1000/a"), citation(doi="10.1000/a"))
    file.write_bytes(file.read_bytes() + b"TY  - JOUR\nER  - \n")
    out = tmp_path / "out.csv"
    result = cli("dedupe", str(file), "--clusters", str(out))
    assert result.code == 1
    assert "not kept: a.ris:" in result.err
    assert "1 entry could not be read; what could be read was compared and written." in result.err
    assert clusters(out) == [["1", "2"]]
    told = json.loads(cli("dedupe", str(file), "--clusters", str(out), "--json").out)
    assert (told["kept"], told["rejected"], told["duplicates"], told["clusters"]) == (2, 1, 1, 1)
    assert told["files"][0]["read"] == told["files"][0]["kept"] + told["files"][0]["rejected"] == 3
    assert any(finding["rejected"] for finding in told["findings"])


def test_a_program_that_reads_the_report_gets_each_rule_on_a_line_of_its_own(cli, tmp_path: Path):
    file = ris(tmp_path / "a.ris", citation(doi="10.1000/a"), citation(doi="10.1000/a"))
    lines = cli("dedupe", str(file), "--clusters", str(tmp_path / "out.csv")).out.splitlines()
    rule = next(line for line in lines if line.startswith("doi"))
    assert rule.split()[1:4] == ["1", "0", "0"]
    assert rule.endswith(next(known.reason for known in RULES if known.name == "doi"))


@pytest.mark.parametrize(
    "words",
    [
        ("a.csv",),
        ("--clusters", "out.csv"),
        ("a.csv", "--clusters", "out.csv", "--list"),
        ("a.csv", "--clusters", "out.csv", "--review", "x"),
        ("a.csv", "--unsure", "out.csv"),
    ],
)
def test_options_that_do_not_go_together_are_a_mistake_of_usage(cli, words: tuple[str, ...]):
    assert cli("dedupe", *words).code == 2
