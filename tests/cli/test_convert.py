"""`reviewkit convert` as its users see it: any format in, any other out, nothing lost without a word."""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.formats import FORMATS
from tests.formats.reading import DATA, read

RIS = "".join(
    f"TY  - JOUR\nTI  - Title {n}\nAU  - Doe, J.\nPY  - 2020\nDO  - 10.1000/{n}\nER  - \n\n" for n in range(3)
)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is in no workspace, with an export file in it."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "in.ris").write_text(RIS, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_one_format_after_the_other_and_back_gives_the_same(cli: Callable, outside: Path) -> None:
    (outside / "a.bib").write_bytes((DATA / "dialects.bib").read_bytes())
    for source, target in (("a.bib", "b.ris"), ("b.ris", "c.xml"), ("c.xml", "d.csv"), ("d.csv", "e.bib")):
        done = cli("convert", source, target)
        assert (done.code, done.err) == (0, "")
        assert "6 entries, 6 kept, 0 not readable" in done.out
    came, back = (read("bibtex", (outside / name).read_bytes())[0] for name in ("a.bib", "e.bib"))
    assert [(c.title, c.authors, c.abstract, c.keywords, c.subjects, c.notes) for c in came] == [
        (c.title, c.authors, c.abstract, c.keywords, c.subjects, c.notes) for c in back
    ]


def test_lost_entries_are_named_and_the_exit_status_says_so(cli: Callable, outside: Path) -> None:
    (outside / "broken.ris").write_text(RIS + "TY  - JOUR\nPY  - 2020\nER  - \n", encoding="utf-8")
    done = cli("convert", "broken.ris", "out.bib")
    assert done.code == 1
    assert "4 entries, 3 kept, 1 not readable" in done.out
    assert "not kept: broken.ris:22: an entry with neither title nor identifier" in done.err
    assert len(read("bibtex", (outside / "out.bib").read_bytes())[0]) == 3
    told = json.loads(cli("convert", "broken.ris", "out.xml", "--json").out)
    assert (told["read"], told["kept"], told["rejected"], told["written_as"]) == (4, 3, 1, "EndNote XML")
    assert [(f["line"], f["rejected"]) for f in told["findings"]] == [(22, True)]


def test_the_file_that_is_read_is_never_written(cli: Callable, outside: Path) -> None:
    os.link(outside / "in.ris", outside / "same.ris")
    (outside / "link.ris").symlink_to("in.ris")
    for name in ("in.ris", "./in.ris", "same.ris", "link.ris"):
        done = cli("convert", "in.ris", name, "--overwrite")
        assert (done.code, "it cannot be written too" in done.err) == (1, True)
    assert (outside / "in.ris").read_text() == RIS


def test_a_file_that_is_there_is_written_over_only_when_told_to(cli: Callable, outside: Path) -> None:
    (outside / "out.bib").write_text("mine")
    assert "is there already" in cli("convert", "in.ris", "out.bib").err
    assert (outside / "out.bib").read_text() == "mine"
    assert cli("convert", "in.ris", "out.bib", "--overwrite").code == 0
    assert (outside / "out.bib").read_text().startswith("@")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("in.ris", "out.pdf"), "use one of .ris, .bib, .xml, .csv"),
        (("none.ris", "out.bib"), "Cannot read none.ris"),
        (("page.ris", "out.bib"), "looks like an HTML page"),
        (("in.ris", "out.bib", "--from", "endnote-xml"), "Nothing in in.ris could be read as EndNote XML"),
        (("in.ris", "out.bib", "--for", "rayyan"), "use one of .csv"),
    ],
)
def test_mistakes_are_one_clear_message_and_leave_nothing(
    cli: Callable, outside: Path, words: tuple[str, ...], said: str
) -> None:
    (outside / "page.ris").write_text("<!doctype html><html><body>Log in</body></html>")
    before = sorted(outside.iterdir())
    done = cli("convert", *words)
    assert done.code == 1
    assert said in done.err
    assert sorted(outside.iterdir()) == before


def test_options_that_contradict_each_other_are_refused(cli: Callable, outside: Path) -> None:
    assert cli("convert", "in.ris", "out.csv", "--for", "rayyan", "--to", "csv").code == 2
    assert cli("convert", "in.ris", "out.csv", "--from", "word").code == 2
    assert cli("convert", "in.ris", "out.csv", "--map", "title").code == 2


def test_the_format_may_be_told_where_the_name_does_not(cli: Callable, outside: Path) -> None:
    for name, known in FORMATS.items():
        if known.write:
            done = cli("convert", "in.ris", f"{name}.txt", "--to", name)
            assert (done.code, len(read(name, (outside / f"{name}.txt").read_bytes())[0])) == (0, 3)


def test_archives_and_compressed_files_are_read_too(cli: Callable, outside: Path) -> None:
    (outside / "in.ris.gz").write_bytes(gzip.compress(RIS.encode()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.ris", RIS)
        archive.writestr("two.bib", "@misc{a, title={Four}}")
    (outside / "in.zip").write_bytes(packed.getvalue())
    assert cli("convert", "in.ris.gz", "a.csv").code == 0
    assert cli("convert", "in.zip", "b.csv").code == 0
    assert [len(read("csv", (outside / name).read_bytes())[0]) for name in ("a.csv", "b.csv")] == [3, 4]


def test_columns_may_be_named(cli: Callable, outside: Path) -> None:
    (outside / "de.csv").write_text("Titel,Kram,title\nA,b,\nC,d,\n", encoding="utf-8")
    assert cli("convert", "de.csv", "out.ris", "--map", "Titel=title", "--map", "Kram=notes").code == 0
    assert [(c.title, c.notes) for c in read("ris", (outside / "out.ris").read_bytes())[0]] == [("A", "b"), ("C", "d")]


def test_files_for_other_programs_have_their_headings(cli: Callable, outside: Path) -> None:
    assert cli("convert", "in.ris", "r.csv", "--for", "rayyan").code == 0
    assert cli("convert", "in.ris", "a.csv", "--for", "asreview").code == 0
    assert cli("convert", "in.ris", "c.ris", "--for", "covidence").code == 0
    rayyan, asreview = ((outside / name).read_text(encoding="utf-8") for name in ("r.csv", "a.csv"))
    assert rayyan.startswith("key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,")
    assert asreview.startswith("record_id,title,abstract,authors,keywords,year,")
    assert asreview.splitlines()[0].endswith(",included")
    assert asreview.splitlines()[1].startswith("1,Title 0,")
    assert len(read("csv", rayyan.encode())[0]) == 3
    assert len(read("ris", (outside / "c.ris").read_bytes())[0]) == 3


def test_a_list_longer_than_the_program_takes_is_told(cli: Callable, outside: Path) -> None:
    many = "".join(f"TY  - JOUR\nTI  - T{n}\nER  - \n" for n in range(15_001))
    (outside / "many.ris").write_text(many, encoding="utf-8")
    done = cli("convert", "many.ris", "c.ris", "--for", "covidence")
    assert done.code == 0
    assert "Covidence takes at most 15,000 references a file, and this has 15,001" in done.err


def test_the_file_that_cannot_be_read_is_named_with_the_reason(cli: Callable, outside: Path) -> None:
    (outside / "liste.csv").write_text("Titel,Jahr\nVesikel,2020\n", encoding="utf-8")
    told = cli("convert", "liste.csv", "out.ris")
    assert told.code == 1
    assert "\n  liste.csv:1: no column is headed 'title'. Headings found: Titel, Jahr." in told.err
    assert "--map 'Titel=title'" in told.err
