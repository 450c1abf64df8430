"""Checking what PubMed answered about included records: the files against their hashes and against the database."""

from collections.abc import Iterator

from reviewkit.errors import DamagedRun
from reviewkit.model.notices import Check, CheckFile
from reviewkit.steps.verify_runs import Fault, place, response_damage
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.checks import check_folders, read_check, surplus

_AS_RECEIVED = "Bring the folder back from version control or another copy"


def read_checks(folders: Folders) -> tuple[list[CheckFile], list[Fault]]:
    """Read every check in searches/ that can be read, and say what is wrong with the others."""
    checks, faults = [], []
    for folder in check_folders(folders):
        try:
            checks.append(read_check(folder))
        except DamagedRun as error:
            faults.append(Fault(place(folders, folder.name), str(error.facts["reason"]), _AS_RECEIVED))
    return checks, faults


def check_faults(store: Store, folders: Folders, checks: list[CheckFile]) -> Iterator[Fault]:
    """Yield where answers are not as they were received, or folders and database do not say the same."""
    for check in checks:
        for response in check.responses:
            if problem := response_damage(folders, check.id, response):
                yield Fault(place(folders, check.id, response.name), problem, _AS_RECEIVED)
    there = {check.id: check.as_row() for check in checks}
    for row in store.all(Check):
        said = there.get(row.folder)
        if said is None:
            yield Fault(
                f"check {row.folder}", "is in the database and has no readable folder in searches/", _AS_RECEIVED
            )
        elif (said.records, said.pmids, said.unchecked, said.at) != (row.records, row.pmids, row.unchecked, row.at):
            yield Fault(place(folders, row.folder), "the database and check.toml do not agree", _AS_RECEIVED)


def check_notes(store: Store, folders: Folders, checks: list[CheckFile]) -> Iterator[str]:
    """Yield what is worth knowing though it is not wrong."""
    loaded = {check.folder for check in store.all(Check)}
    for check in checks:
        if check.id not in loaded:
            yield f"{place(folders, check.id)}: is not in the database yet; 'reviewkit search --recorded' loads it"
        for name in surplus(folders.run(check.id), check):
            yield f"{place(folders, check.id, name)}: does not belong to the check; it is not read"
