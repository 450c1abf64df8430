"""What an import makes of several files, archives and tables, what it tells by itself, and what it refuses."""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import AlreadyImported, NotReadable, UnknownOrigin, UnreadableFile
from reviewkit.formats.origin import Origin
from reviewkit.model.protocol import Protocol
from reviewkit.steps.importing import Imported, Said, import_files, look_at_files
from reviewkit.steps.status import review_status
from reviewkit.steps.verify import verify
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT
from tests.formats.test_zipped import pack

DAY = "2024-03-18"
Import = Callable[..., Imported]


def ris(count: int, title: str = "Vesicles", database: str = "Scopus") -> str:
    return "".join(f"TY  - JOUR\nTI  - {title} {n}\nPY  - 2020\nDB  - {database}\nER  - \n" for n in range(count))


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


@pytest.fixture
def bring(folders: Folders, protocol: Protocol, store: Store) -> Import:
    def run(*paths: Path, date: str = DAY, **given: object) -> Imported:
        return import_files(folders, protocol, store, paths, Said(date=date, **given), now=lambda: AT)  # type: ignore[arg-type]

    return run


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


Make = Callable[[str, str | bytes], Path]


def left(folders: Folders) -> list[str]:
    return sorted(path.name for path in folders.searches.glob("*") if not path.name.endswith("lock"))


# --- several files ------------------------------------------------------------------------------------------


def test_the_parts_of_one_search_become_one_run(bring: Import, make: Make, folders: Folders, store: Store) -> None:
    first, second = make("a.ris", ris(2)), make("b.nbib", "PMID- 7\nTI  - Seven\n\nPMID- 8\n\n")
    imported = bring(first, second, database="scopus")
    run = imported.run
    assert (run.id, run.file, run.retrieved) == (f"{DAY}-scopus", "a.ris, b.nbib", 4)
    assert [(r.name, r.format, r.file) for r in run.responses] == [
        ("import-001.ris", "ris", "a.ris"),
        ("import-002.nbib", "nbib", "b.nbib"),
    ]
    assert [c.id for c in store.citations()] == [1, 2, 3, 4]
    assert folders.runs() == store.runs() == [run]


def test_of_several_files_all_are_imported_or_none(bring: Import, make: Make, folders: Folders, store: Store) -> None:
    good, page = make("a.ris", ris(2)), make("b.ris", "<html><body>Sign in</body></html>")
    with pytest.raises(UnreadableFile, match=r"b\.ris looks like an HTML page"):
        bring(good, page)
    with pytest.raises(UnreadableFile, match="hold the same; name it once"):
        bring(good, make("copy.ris", ris(2)))
    with pytest.raises(NotReadable):
        bring(good, Path("missing.ris"))
    bring(good)
    with pytest.raises(AlreadyImported, match=r"a\.ris was imported before"):
        bring(make("c.ris", ris(3, "Other")), good, database="embase")
    assert (left(folders), len(store.runs())) == ([f"{DAY}-scopus"], 1)


def test_findings_name_the_file_that_they_are_about(bring: Import, make: Make) -> None:
    bad = "TY  - JOUR\nER  - \n"
    imported = bring(make("a.ris", ris(9) + bad), make("b.ris", bad + ris(9, "Other")))
    assert [(f.file, f.line) for f in imported.findings if f.rejected] == [("a.ris", 46), ("b.ris", 1)]
    assert (imported.run.rejected, imported.is_whole) == (2, False)


# --- archives and packed files --------------------------------------------------------------------------------


def test_an_archive_is_kept_as_it_is_and_every_part_of_it_is_accounted_for(
    bring: Import, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    body = pack({
        "part1.ris": ris(9), "part2.ris": ris(3, "Other") + "TY  - JOUR\nER  - \n", "readme.txt": "hello",
    })  # fmt: skip
    imported = bring(make("all.zip", body))
    run = imported.run
    assert (run.database, run.reported, run.retrieved, run.rejected) == ("scopus", 13, 12, 1)
    assert (folders.run(run.id) / "import.zip").read_bytes() == body
    assert [str(f) for f in imported.findings] == [
        "all.zip/part2.ris:16: an entry with neither title nor identifier",
        "all.zip: left aside, since they are no export files: readme.txt (plain text without tags or columns)",
    ]
    assert verify(store, protocol, folders).faults == []


def test_a_file_packed_with_gzip_is_the_same_as_the_file_in_it(
    bring: Import, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    packed = make("scopus.ris.gz", gzip.compress(ris(2).encode()))
    run = bring(packed).run
    assert (folders.run(run.id) / "import.ris.gz").read_bytes() == packed.read_bytes()
    assert run.responses[0].sha256 == hashlib.sha256(ris(2).encode()).hexdigest()
    assert verify(store, protocol, folders).faults == []
    with pytest.raises(AlreadyImported):
        bring(make("scopus.ris", ris(2)))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (gzip.compress(ris(2000).encode())[:-20], "The compressed file is damaged"),
        (gzip.compress(bytes(300 << 20)), "which no export does"),
        (gzip.compress(pack({"a.ris": ris(2)})), "packed twice"),
        (gzip.compress(gzip.compress(b"TY  - JOUR")), "a gzip-compressed file"),
    ],
    ids=["damaged", "a bomb", "an archive in it", "twice"],
)
def test_a_packed_file_that_is_no_export_leaves_nothing(
    body: bytes, words: str, bring: Import, make: Make, folders: Folders
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        bring(make("x.gz", body), database="scopus")
    assert left(folders) == []


# --- columns --------------------------------------------------------------------------------------------------


def test_columns_that_a_person_names_are_kept_and_obeyed_whenever_the_file_is_read(
    bring: Import, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    table = make("liste.csv", "Titel;Jahr;a=b\nVesikel;2020;Doe J\n")
    imported = bring(table, database="lilacs", columns=("Titel=title", "Jahr=year", "a=b=authors"))
    (citation,) = store.citations()
    assert (citation.title, citation.year, citation.authors) == ("Vesikel", 2020, ("Doe J",))
    assert imported.files[0].columns == (("Titel", "title"), ("Jahr", "year"), ("a=b", "authors"))
    assert folders.runs()[0].responses[0].columns == ("Titel=title", "Jahr=year", "a=b=authors")
    assert verify(store, protocol, folders).faults == []
    fresh = open_store("sqlite://", "backpain")
    said = Said(date=DAY, columns=("Titel=title", "Jahr=year", "a=b=authors"))
    again = import_files(folders, protocol, fresh, [table], said, now=lambda: AT)
    assert (again.run, [*fresh.citations()]) == (imported.run, [citation])


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [
        ("Titel;Jahr\nx;2020\n", ("Title=title",), "no column is headed 'Title'"),
        ("Titel;Jahr\nx;2020\n", ("Titel=name",), "there is no field 'name'"),
        (ris(1), ("Titel=title",), "which has no columns"),
    ],
)
def test_columns_that_are_not_there_are_told(
    content: str, columns: tuple[str, ...], words: str, bring: Import, make: Make, folders: Folders
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        bring(make("x", content), database="scopus", columns=columns)
    assert left(folders) == []


# --- what is told from the content --------------------------------------------------------------------------------


def test_the_database_and_the_platform_are_told_from_the_entries(bring: Import, make: Make) -> None:
    entry = "TY  - JOUR\nTI  - x\nDB  - Embase <1974 to 2024>\nVN  - Ovid Technologies\nER  - \n"
    imported = bring(make("x.ris", entry))
    assert (imported.run.database, imported.run.platform, imported.guessed) == ("embase", "Ovid", True)
    other = bring(make("y.ris", ris(1)), database="central", platform="Wiley")
    assert (other.run.database, other.run.platform, other.guessed) == ("central", "Wiley", False)


def test_what_a_person_says_holds_and_is_doubted(bring: Import, make: Make) -> None:
    imported = bring(make("x.ris", ris(4)), database="embase")
    (doubt,) = imported.findings
    assert (imported.run.database, doubt.rejected, imported.is_whole) == ("embase", False, True)
    assert doubt.message == (
        "of its 4 entries some look like another database: Scopus (4); they are imported as Embase"
    )
    assert bring(make("y.nbib", "PMID- 1\nTI  - x\n"), database="medline").findings == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ris(3) + ris(2, "Other", "Embase"), r"come from Scopus \(3\) and Embase \(2\)\. .* PRISMA counts them apart"),
        (ris(3) + "TY  - JOUR\nTI  - x\nER  - \n", r"come from Scopus \(3\) and 1 that name none"),
        ("TY  - JOUR\nTI  - x\nER  - \n", "no entry names a database"),
        ("Title,Covidence #\nx,#1\n", "written by Covidence, a screening tool, and no database"),
        (
            'Key,Item Type,Title,Manual Tags\n"A",book,x,\n',
            "written by a Zotero library, and no entry names a database",
        ),
    ],
)
def test_where_the_database_cannot_be_told_it_is_to_be_said(
    content: str, words: str, bring: Import, make: Make, folders: Folders
) -> None:
    path = make("library.txt", content)
    with pytest.raises(UnknownOrigin, match=words) as caught:
        bring(path)
    assert "library.txt" in str(caught.value)
    assert "--database NAME, such as --database scopus" in str(caught.value)
    assert left(folders) == []
    assert bring(path, database="scopus").run.retrieved


# --- losses -----------------------------------------------------------------------------------------------------


def test_fewer_entries_than_were_reported_make_the_search_incomplete(
    bring: Import, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    imported = bring(make("x.ris", ris(3)), reported=10)
    run = imported.run
    assert (run.reported, run.retrieved, run.complete, imported.is_whole) == (10, 3, False, False)
    assert run.warnings == ("the database reported 10 records, and 3 were read",)
    assert [(s.reported, s.complete) for s in review_status(store, protocol, folders, AT[:10]).runs] == [(10, False)]


def test_more_entries_than_were_reported_are_doubted(bring: Import, make: Make) -> None:
    imported = bring(make("x.ris", ris(3)), reported=2)
    assert (imported.run.complete, imported.is_whole) == (True, True)
    assert [f.message for f in imported.findings] == ["3 entries were read, more than the 2 that were reported"]
    assert bring(make("y.ris", ris(3, "Other")), reported=3).findings == ()


def test_an_entry_that_begins_and_is_not_read_is_no_success(bring: Import, make: Make) -> None:
    imported = bring(make("x.ris", ris(3)))
    assert imported.is_whole
    short = replace(imported.files[0], origin=Origin(entries=4, begun=4))
    assert short.missed == 1
    assert not replace(imported, files=(short,)).is_whole


# --- once only ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        ris(3).encode("utf-16"),
        ris(3).replace("\n", "\r\n").encode(),
        pack({"a.ris": ris(3)}),
        b"".join(reversed([part + b"ER  - \n" for part in ris(3).encode().split(b"ER  - \n")[:-1]])),
    ],
    ids=["another encoding", "other line ends", "an archive", "another order"],
)
def test_the_same_entries_of_one_day_and_database_are_not_taken_twice(
    other: bytes, bring: Import, make: Make, folders: Folders
) -> None:
    bring(make("a.ris", ris(3)))
    with pytest.raises(AlreadyImported, match=r"the same entries, of the same day and database"):
        bring(make("again", other))
    assert left(folders) == [f"{DAY}-scopus"]
    assert bring(make("again", other), date="2024-03-19").findings == ()  # a search that was run once more


def test_a_search_that_seems_exported_twice_is_doubted(bring: Import, make: Make) -> None:
    bring(make("a.ris", ris(3)))
    (doubt,) = bring(make("b.ris", ris(4))).findings
    assert doubt.message.startswith("3 of the 4 entries are in run 2024-03-18-scopus of the same day and database too")
    assert bring(make("c.ris", ris(4, "Other"))).findings == ()


# --- a look, and interruptions --------------------------------------------------------------------------------------


def test_a_look_tells_what_an_import_would_bring_and_keeps_nothing(
    bring: Import, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    path = make("a.ris", ris(4) + "TY  - JOUR\nER  - \n")
    looked = look_at_files(folders, protocol, [path], Said(date=DAY, database="scopus"), now=lambda: AT)
    assert (left(folders), store.runs()) == ([], [])
    assert looked.run.id == ""
    assert looked.files[0].filled == {"title": 4, "year": 4, "date": 4}
    assert [c.title for c in looked.files[0].sample] == ["Vesicles 0", "Vesicles 1", "Vesicles 2"]
    imported = bring(path, database="scopus")
    assert replace(imported.run, id="", first=0, finished="") == looked.run
    assert imported.findings == looked.findings


def test_the_file_itself_stays_as_it_was(bring: Import, make: Make) -> None:
    path = make("a.ris", ris(3))
    path.chmod(0o400)
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
    bring(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) == before


@pytest.mark.parametrize("when", ["reading", "loading"])
def test_an_import_that_is_interrupted_leaves_nothing(
    when: str, make: Make, folders: Folders, protocol: Protocol, store: Store
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path, said = make("a.ris", ris(600)), Said(date=DAY)
    with pytest.raises(KeyboardInterrupt):
        import_files(folders, protocol, store, [path], said, now=lambda: AT, **{when: interrupt})  # type: ignore[arg-type]
    assert (left(folders), store.runs()) == ([], [])
    assert import_files(folders, protocol, store, [path], said, now=lambda: AT).run.retrieved == 600


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Let a file grow all the time, as one does that is being downloaded."""
    done = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not done.is_set():
                file.write(b"\n")
                time.sleep(0.0002)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_file_that_changes_while_it_is_read_is_refused(bring: Import, make: Make, folders: Folders) -> None:
    path = make("a.ris", ris(3) + "\n" * (30 << 20))
    with growing(path), pytest.raises(NotReadable, match="was changed while it was read"):
        bring(path)
    assert left(folders) == []
