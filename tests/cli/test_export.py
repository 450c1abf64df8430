"""`reviewkit export` as its users see it."""

import json
from collections.abc import Callable
from pathlib import Path

from reviewkit.model.protocol import Protocol
from reviewkit.store import Store
from tests.steps.review_to_export import fill

FILES = [
    "evidence-table.xlsx",
    "search-log.xlsx",
    "prisma.svg",
    "prisma.png",
    "report.html",
    "records.ris",
    "records.csv",
    "decisions.csv",
]


def test_it_lists_what_it_wrote_and_says_when_nothing_changed(
    cli: Callable, workspace: Path, store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    first = cli("export")
    assert first.code == 0
    assert all(name in first.out for name in FILES)
    assert first.out.count("written") == len(FILES)
    assert sorted(p.name for p in (workspace / "exports" / "backpain").iterdir()) == sorted(FILES)
    again = cli("export")
    assert "written" not in again.out
    assert again.out.count("as it was") == len(FILES)


def test_json_names_path_and_change(cli: Callable, store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    made = json.loads(cli("export", "--json").out)
    assert [Path(file["path"]).name for file in made] == FILES
    assert all(file["changed"] and Path(file["path"]).is_file() for file in made)


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    cli: Callable, workspace: Path, store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    (workspace / "exports").write_text("in the way")
    result = cli("export")
    assert result.code == 1
    assert "Cannot write" in result.err
