"""A check for notices on disk: `check.toml` and PubMed's answers about the included records, as received."""

import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from reviewkit.errors import DamagedRun
from reviewkit.model.notices import CheckFile
from reviewkit.model.runs import Response
from reviewkit.workspace import Folders
from reviewkit.workspace.files import write_text
from reviewkit.workspace.runs import CHECK_FILE, check_types

_NOTE = "# PubMed was asked about included records, by reviewkit. The files beside it are the answers as received.\n"


def write_check(folder: Path, check: CheckFile) -> None:
    """Write a check's `check.toml`."""
    import tomli_w

    table: dict[str, Any] = {key: value for key, value in asdict(check).items() if value not in ("", ())}
    for key in ("records", "pmids", "unchecked"):
        if key in table:
            table[key] = list(table[key])
    entries = [asdict(response) for response in check.responses]
    table["responses"] = [{key: value for key, value in entry.items() if value or key == "format"} for entry in entries]
    write_text(folder / CHECK_FILE, _NOTE + tomli_w.dumps(table))


def read_check(folder: Path) -> CheckFile:
    """Read a check's `check.toml`.

    Raises:
        DamagedRun: the file is missing or is not what `write_check` wrote.
    """
    try:
        table = tomllib.loads((folder / CHECK_FILE).read_text(encoding="utf-8"))
        responses = tuple(Response(**entry) for entry in table.pop("responses", ()))
        lists: dict[str, Any] = {key: tuple(table.pop(key, ())) for key in ("records", "pmids", "unchecked")}
        check = CheckFile(**{**table, **lists, "responses": responses})
        for made in (check, *responses):
            check_types(made)
        date.fromisoformat(check.date)
        if len(check.records) != len(check.pmids):
            raise ValueError(f"{len(check.records)} records and {len(check.pmids)} PMIDs")
    except (OSError, ValueError, TypeError, KeyError) as error:
        said = getattr(error, "strerror", None) or error
        remedy = f"Restore {folder / CHECK_FILE} from a copy, or remove the folder and run 'reviewkit update'."
        raise DamagedRun(run=folder.name, reason=f"{CHECK_FILE}: {said}", remedy=remedy) from error
    if check.id != folder.name:
        reason = f"{CHECK_FILE} says it is {check.id}"
        raise DamagedRun(run=folder.name, reason=reason, remedy="Give the folder its old name.")
    return check


def check_folders(folders: Folders) -> list[Path]:
    """Return the folders of a review's finished checks by name, readable or not."""
    return sorted(path.parent for path in folders.searches.glob(f"[!.]*/{CHECK_FILE}"))


def surplus(folder: Path, check: CheckFile) -> list[str]:
    """Return the names of what lies in a check's folder and does not belong to it."""
    known = {CHECK_FILE, *(response.name for response in check.responses)}
    return sorted(path.name for path in folder.iterdir() if path.name not in known)
