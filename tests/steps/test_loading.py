"""Runs are loaded from their folders alone, whole or not at all, and only as they were received."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import DamagedRun
from reviewkit.model.citation import Citation
from reviewkit.model.runs import SearchRun
from reviewkit.steps.loading import load_runs
from reviewkit.store import Store, open_store
from reviewkit.workspace import Folders, find_workspace
from reviewkit.workspace.runs import save_response, write_run
from tests.build import AT
from tests.servers.pubmed_records import Record, to_page


@pytest.fixture
def folders(workspace: Path) -> Folders:
    return find_workspace(workspace).choose(None)


def make_run(folders: Folders, name: str, first: int, pmids: range, **given: object) -> SearchRun:
    """A finished run of two pages, as a search leaves it."""
    folder, half = folders.run(name), len(pmids) // 2
    pages = [to_page(Record(pmid) for pmid in part) for part in (pmids[:half], pmids[half:])]
    responses = [save_response(folder, "0000-esearch.xml", "", b"<eSearchResult/>")]
    responses += [save_response(folder, f"{n:04}.xml", "pubmed-xml", page) for n, page in enumerate(pages, start=1)]
    usual = SearchRun(
        id=name, database="pubmed", date="2024-05-01", started=AT, finished=AT, strategy="x",
        reported=len(pmids), retrieved=len(pmids), first=first, responses=tuple(responses),
    )  # fmt: skip
    run = replace(usual, **given)  # type: ignore[arg-type]
    write_run(folder, run)
    return run


def test_runs_are_loaded_in_the_order_of_their_ids_and_once(folders: Folders, store: Store) -> None:
    late = make_run(folders, "2024-05-02-pubmed", 7, range(200, 204))
    early = make_run(folders, "2024-05-01-pubmed", 1, range(100, 106))
    told: list[tuple[str, int, int]] = []
    assert load_runs(folders, store, lambda *words: told.append(words)) == [early, late]
    assert told == [(early.id, 6, 6), (late.id, 4, 4)]
    assert [(c.id, c.pmid, c.run) for c in store.citations()][5:7] == [(6, "105", early.id), (7, "200", late.id)]
    assert load_runs(folders, store) == []
    assert store.runs() == [early, late]


def test_the_same_folders_give_the_same_citations_in_another_database(
    folders: Folders, store: Store, tmp_path: Path
) -> None:
    make_run(folders, "2024-05-01-pubmed", 1, range(100, 110))
    load_runs(folders, store)
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", folders.review)
    load_runs(folders, other)
    assert list(other.citations()) == list(store.citations())
    assert len(list(other.citations())) == 10
    other.close()


def test_only_what_is_missing_is_loaded(folders: Folders, store: Store) -> None:
    make_run(folders, "2024-05-01-pubmed", 1, range(100, 106))
    load_runs(folders, store)
    later = make_run(folders, "2024-05-02-pubmed", 7, range(200, 204))
    assert load_runs(folders, store) == [later]


def test_a_run_that_found_nothing_is_loaded_too(folders: Folders, store: Store) -> None:
    empty = make_run(folders, "2024-05-01-pubmed", 1, range(0))
    full = make_run(folders, "2024-05-02-pubmed", 1, range(100, 104))
    assert load_runs(folders, store) == [empty, full]


def changed(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"felt better", b"felt worse!"), mtime=0))


def removed(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def scrambled(path: Path) -> None:
    path.write_bytes(b"not gzip at all")


@pytest.mark.parametrize(
    ("damage", "words"),
    [(changed, "not as it was received"), (removed, "is missing"), (cut, "is damaged"), (scrambled, "is damaged")],
)
@pytest.mark.parametrize("name", ["0000-esearch.xml.gz", "0002.xml.gz"])
def test_a_file_that_is_not_as_received_stops_the_loading(
    damage: object, words: str, name: str, folders: Folders, store: Store
) -> None:
    sound = make_run(folders, "2024-05-01-pubmed", 1, range(100, 106))
    run = make_run(folders, "2024-05-02-pubmed", 7, range(200, 204))
    path = folders.run(run.id) / name
    if damage is changed and "esearch" in name:
        path.write_bytes(gzip.compress(b"<eSearchResult />", mtime=0))
    else:
        damage(path)  # type: ignore[operator]
    with pytest.raises(DamagedRun, match=words) as caught:
        load_runs(folders, store)
    assert run.id in str(caught.value)
    assert name in str(caught.value)
    assert store.runs() == [sound]
    assert len(list(store.citations())) == 6


@pytest.mark.parametrize("given", [{"retrieved": 5}, {"retrieved": 3}, {"rejected": 1}])
def test_counts_that_differ_from_the_files_stop_the_loading(
    given: dict[str, int], folders: Folders, store: Store
) -> None:
    make_run(folders, "2024-05-01-pubmed", 1, range(100, 104), **given)
    with pytest.raises(DamagedRun, match="its files hold 4 citations and 0 unreadable entries"):
        load_runs(folders, store)
    assert store.runs() == []
    assert list(store.citations()) == []


def test_runs_that_own_the_same_ids_are_told_before_anything_is_loaded(folders: Folders, store: Store) -> None:
    first = make_run(folders, "2024-05-01-pubmed", 1, range(100, 106))
    load_runs(folders, store)
    make_run(folders, "2024-05-03-pubmed", 9, range(300, 304))
    make_run(folders, "2024-05-02-scopus", 6, range(200, 203))
    with pytest.raises(DamagedRun, match="its ids r6 to r8 overlap those of run 2024-05-01-pubmed"):
        load_runs(folders, store)
    assert store.runs() == [first]


def test_a_response_name_that_leads_elsewhere_is_not_followed(folders: Folders, store: Store) -> None:
    run = make_run(folders, "2024-05-01-pubmed", 1, range(100, 104))
    (folders.searches / "secret.xml").write_bytes(b"secret")
    astray = replace(run.responses[1], name="../secret.xml")
    write_run(folders.run(run.id), replace(run, responses=(astray,)))
    with pytest.raises(DamagedRun, match="is missing"):
        load_runs(folders, store)


def test_a_format_of_a_newer_version_is_told(folders: Folders, store: Store) -> None:
    run = make_run(folders, "2024-05-01-pubmed", 1, range(100, 104))
    write_run(folders.run(run.id), replace(run, responses=(replace(run.responses[1], format="jats"),)))
    with pytest.raises(DamagedRun, match="'jats' is not known"):
        load_runs(folders, store)


def test_every_stored_citation_says_where_its_entry_begins(folders: Folders, store: Store) -> None:
    make_run(folders, "2024-05-01-pubmed", 1, range(100, 104))
    load_runs(folders, store)
    stored: list[Citation] = list(store.citations())
    assert stored
    assert all(citation.line > 1 for citation in stored)
