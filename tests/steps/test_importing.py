"""An imported file is kept untouched, every entry of it is accounted for, and a mistake leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewkit.errors import AlreadyImported, BadDate, NotReadable, UnknownDatabase, UnreadableFile, UserError
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SourceKind
from reviewkit.steps.importing import Imported, Said, import_files
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders, find_workspace
from tests.build import AT
from tests.servers.pubmed_records import Record, to_page

RIS = """TY  - JOUR
TI  - Exosomes for back pain
AU  - Doe, Jane
PY  - 2020
ER  -

TY  - JOUR
AB  - An abstract and nothing else.
ER  -

TY  - JOUR
TI  - Vesicles for discs
AU  - Roe, Richard
PY  - 2021
ER  -
"""

NBIB = """
PMID- 100
TI  - Exosomes for back pain
AU  - Doe J

PMID- 101
TI  - Vesicles for discs
AU  - Roe R
"""

SCOPUS = Said(date="2024-03-18", database="scopus")

Import = Callable[..., Imported]


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


@pytest.fixture
def bring(folders: Folders, protocol: Protocol, store: Store) -> Import:
    def run(*paths: Path, database: str = "scopus", date: str = "2024-03-18", **given: object) -> Imported:
        said = Said(date=date, database=database, **given)  # type: ignore[arg-type]
        return import_files(folders, protocol, store, paths, said, now=lambda: AT)

    return run


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    path = tmp_path / "my export (final).txt"
    path.write_text(RIS.replace("\n", "\r\n"), encoding="utf-8-sig")
    return path


def left(folders: Folders) -> list[str]:
    """What lies in the folder of search runs, locks apart."""
    return sorted(path.name for path in folders.searches.glob("*") if not path.name.endswith("lock"))


def test_an_import_keeps_the_file_and_accounts_for_every_entry(
    bring: Import, ris: Path, folders: Folders, store: Store
) -> None:
    imported = bring(ris, strategy="TITLE(exosomes)", platform="Elsevier")
    run = imported.run
    assert (run.id, run.database, run.kind, run.origin) == (
        "2024-03-18-scopus",
        "scopus",
        SourceKind.DATABASE,
        "import",
    )
    assert (run.reported, run.retrieved, run.rejected, run.complete) == (3, 2, 1, True)
    assert (run.strategy, run.platform, run.file) == ("TITLE(exosomes)", "Elsevier", "my export (final).txt")
    assert folders.runs() == store.runs() == [run]
    assert (folders.run(run.id) / "import.ris").read_bytes() == ris.read_bytes()
    assert [(c.id, c.title, c.run) for c in store.citations()] == [
        (1, "Exosomes for back pain", run.id),
        (2, "Vesicles for discs", run.id),
    ]


def test_entries_that_cannot_be_kept_are_named_with_file_and_line(bring: Import, ris: Path) -> None:
    (finding,) = bring(ris).findings
    assert finding.rejected
    assert str(finding).startswith("my export (final).txt:7: ")


@pytest.mark.parametrize(
    ("content", "name", "titles"),
    [
        (RIS, "import.ris", ["Exosomes for back pain", "Vesicles for discs"]),
        (NBIB, "import.nbib", ["Exosomes for back pain", "Vesicles for discs"]),
        ("Title,Authors,Year\nVesicles,Doe J,2020\n", "import.csv", ["Vesicles"]),
        (to_page([Record(7, title="Seven")]).decode(), "import.xml", ["Seven"]),
    ],
)
def test_the_format_is_told_from_the_content_and_not_from_the_name(
    content: str, name: str, titles: list[str], bring: Import, tmp_path: Path, folders: Folders, store: Store
) -> None:
    path = tmp_path / "export.pdf"
    path.write_text(content, encoding="utf-8")
    run = bring(path).run
    assert [response.name for response in run.responses] == [name]
    assert (folders.run(run.id) / name).read_text(encoding="utf-8") == content
    assert [citation.title for citation in store.citations()] == titles


def test_a_format_given_by_the_user_overrules_the_content(bring: Import, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("Title\nA title in a table of one column\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="could be read as RIS"):
        bring(path, format="ris")
    assert bring(path, format="csv").run.responses[0].format == "csv"


def test_the_same_file_is_imported_once(bring: Import, ris: Path, folders: Folders, tmp_path: Path) -> None:
    bring(ris)
    copy = tmp_path / "copy.ris"
    copy.write_bytes(ris.read_bytes())
    with pytest.raises(AlreadyImported, match="as run 2024-03-18-scopus"):
        bring(copy, database="embase", date="2024-03-19")
    assert left(folders) == ["2024-03-18-scopus"]


def test_an_import_stopped_before_it_was_loaded_is_finished_by_the_same_command(
    bring: Import, ris: Path, folders: Folders, protocol: Protocol
) -> None:
    first = bring(ris)
    fresh = open_store("sqlite://", "backpain")  # as if the run had its folder, and nothing had reached the database
    again = import_files(folders, protocol, fresh, [ris], SCOPUS, now=lambda: AT)
    assert again == first
    assert (fresh.runs(), left(folders)) == ([first.run], ["2024-03-18-scopus"])
    with pytest.raises(AlreadyImported):
        import_files(folders, protocol, fresh, [ris], SCOPUS, now=lambda: AT)


def test_runs_of_one_day_and_database_get_names_and_numbers_of_their_own(
    bring: Import, ris: Path, tmp_path: Path
) -> None:
    other = tmp_path / "second half.nbib"
    other.write_text(NBIB, encoding="utf-8")
    first, second = bring(ris).run, bring(other, update=1).run
    assert (second.id, second.first, second.update) == ("2024-03-18-scopus-2", 3, 1)
    assert (first.update, list(first.ids)) == (0, [1, 2])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7\n...", "a PDF document"),
        (b"PK\x03\x04....word/document.xml", "a Word document"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "an HTML page"),
        (b"TY  - JOUR\nER  - \n", ":1: an entry with neither title nor identifier"),
        (to_page([]), "It holds no entry"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_an_error_that_says_why(
    content: bytes, words: str, bring: Import, tmp_path: Path, folders: Folders, store: Store
) -> None:
    path = tmp_path / "export.ris"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        bring(path)
    assert words in str(caught.value)
    assert left(folders) == []
    assert store.runs() == []


def test_what_is_not_a_file_is_told(bring: Import, tmp_path: Path, folders: Folders) -> None:
    for path in (tmp_path / "missing.ris", tmp_path):
        with pytest.raises(NotReadable):
            bring(path)
    assert left(folders) == []


def test_names_from_outside_lead_nowhere(bring: Import, tmp_path: Path, folders: Folders) -> None:
    odd = tmp_path / "..\\..\\\x1b[31mevil\udcff'; rm -rf .ris"
    odd.write_text(RIS, encoding="utf-8")
    run = bring(odd).run
    assert "\x1b" not in run.file
    assert run.file.endswith("evil?'; rm -rf .ris")
    assert sorted(path.name for path in folders.run(run.id).iterdir()) == ["import.ris", "search.toml"]
    assert folders.runs() == [run]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Web of Science", "web-of-science"),
        ("SCOPUS", "scopus"),
        ("ClinicalTrials.gov", "clinicaltrials-gov"),
        ("WHO ICTRP", "ictrp"),
        ("google-scholar", "google-scholar"),
        (" citation searching ", "citation-searching"),
    ],
)
def test_databases_are_known_by_name_and_by_label(given: str, name: str, bring: Import, ris: Path) -> None:
    run = bring(ris, database=given).run
    assert run.database == name
    assert run.id == f"2024-03-18-{name}"


def test_registers_and_other_sources_are_counted_where_prisma_counts_them(
    bring: Import, ris: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.nbib"
    other.write_text(NBIB, encoding="utf-8")
    assert bring(ris, database="ictrp").run.kind is SourceKind.REGISTER
    assert bring(other, database="pedro", kind=SourceKind.OTHER).run.kind is SourceKind.OTHER


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("scopsu", "did you mean 'scopus'"),
        ("pedro", "add --kind database, register or other"),
        ("../../etc", "small letters and hyphens"),
        (" ", "small letters and hyphens"),
        ("x" * 300, "small letters and hyphens"),
    ],
)
def test_an_unknown_database_is_told_with_a_hint(
    given: str, words: str, bring: Import, ris: Path, folders: Folders
) -> None:
    with pytest.raises(UnknownDatabase) as caught:
        bring(ris, database=given)
    assert words in str(caught.value)
    assert left(folders) == []


@pytest.mark.parametrize("date", ["2024-02-30", "18.3.2024", "20240318", "2024-W12-1", "", "2024-05-03", "soon"])
def test_a_date_that_is_none_or_has_not_come_is_told(date: str, bring: Import, ris: Path, folders: Folders) -> None:
    with pytest.raises(BadDate):
        bring(ris, date=date)
    assert left(folders) == []


def test_where_the_next_day_has_begun_it_can_be_given(bring: Import, ris: Path) -> None:
    assert bring(ris, date="2024-05-02").run.date == "2024-05-02"


def test_without_a_strategy_the_protocols_own_is_taken(bring: Import, ris: Path, protocol: Protocol) -> None:
    imported = bring(ris, database="pubmed")
    assert imported.from_protocol
    assert imported.run.strategy == "exosomes AND back pain"
    assert imported.run.limits == ("language: english", "published to 2024-03-18")
    assert imported.run.protocol == protocol.version


def test_a_database_that_the_protocol_does_not_name_has_no_strategy_unless_given(bring: Import, ris: Path) -> None:
    imported = bring(ris)
    assert not imported.from_protocol
    assert (imported.run.strategy, imported.run.limits) == ("", ())


def test_a_strategy_of_several_lines_is_read_back_as_given(bring: Import, ris: Path, folders: Folders) -> None:
    strategy = '1. exosomes/\n2. "back pain".tw.\n3. 1 and 2 \\ """x"""'
    run = bring(ris, strategy=strategy).run
    assert run.strategy == strategy
    assert folders.runs() == [run]


def test_what_a_killed_import_left_does_not_hinder_the_next(bring: Import, ris: Path, folders: Folders) -> None:
    running = folders.running("import")
    running.mkdir(parents=True)
    for name in ("import", "import.csv", "search.toml", ".writing-x"):
        (running / name).write_bytes(b"half")
    run = bring(ris).run
    assert left(folders) == [run.id]
    assert sorted(path.name for path in folders.run(run.id).iterdir()) == ["import.ris", "search.toml"]


def test_a_folder_that_cannot_be_written_is_told(bring: Import, ris: Path, folders: Folders) -> None:
    folders.searches.parent.mkdir(parents=True)
    folders.searches.write_text("a file where the folder should be")
    with pytest.raises(UserError, match="Cannot write"):
        bring(ris)
