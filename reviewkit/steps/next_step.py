"""The exact next command of a review: one rule for each place where it can stand, the earliest place first."""

from collections.abc import Iterator

from reviewkit.model.protocol import CONSENSUS
from reviewkit.model.runs import database_label
from reviewkit.sources import find_source
from reviewkit.steps.screen import Next
from reviewkit.steps.status import StageStatus, Status
from reviewkit.steps.status_notices import RERUN_WITHIN
from reviewkit.steps.wording import counted

NAME = "NAME"  # stands for a person who is not known yet


def next_step(status: Status) -> Next:
    """Return what should be done next, and why."""
    return next(_steps(status))


def _steps(status: Status) -> Iterator[Next]:
    """Yield everything that is open, the first thing to do first."""
    if status.untouched and not status.runs:
        yield Next(
            f"write your own protocol into protocols/{status.review}.toml; this finds mistakes in it", ("check",)
        )
    yield from _loading(status)
    yield from _searching(status)
    yield from _comparing(status)
    yield from _screening(status)
    if status.notices.flagged:
        count = counted(len(status.notices.flagged), "record")
        yield Next(f"{count} changed after being decided on; this lists them", ("update", "--show"))
    yield from _extracting(status)
    yield from _writing(status)
    if status.last_search and status.age >= RERUN_WITHIN:
        why = f"all is decided, and the oldest search is {status.age} months old; this runs every search again"
        yield Next(why, ("update",))
    yield Next("all is decided and written; this checks the whole of it", ("verify",))


def _loading(status: Status) -> Iterator[Next]:
    if status.damage or status.archive == "damaged":
        yield Next("files of the review are damaged; this says which", ("verify",))
    loaded = sum(run.loaded for run in status.runs)
    if not loaded and status.archive != "none":
        yield Next("the database is empty, and there is an archive to rebuild it from", ("restore",))
    if status.archive == "ahead":
        yield Next("the database lacks rows that the archive has; this says which", ("verify",))
    if loaded < len(status.runs):
        why = f"{counted(len(status.runs) - loaded, 'search run')} in searches/ not in the database yet"
        yield Next(why, ("search", "--recorded"))


def _searching(status: Status) -> Iterator[Next]:
    if any(person.done for stage in status.stages for person in stage.people):
        return  # whoever began to screen without a database left it out on purpose
    searched = {run.database for run in status.runs}
    missing = [database for database in status.planned if database not in searched]
    if status.askable:
        yield Next(f"{', '.join(map(database_label, status.askable))} not searched yet", ("search",))
    by_hand = [database for database in missing if database not in status.askable]
    if by_hand or not status.runs:
        where = database_label(by_hand[0]) if by_hand else "a database"
        key = f" (or set its key: 'reviewkit sources {by_hand[0]}')" if by_hand and find_source(by_hand[0]) else ""
        why = f"search {where} by hand and export what it finds as RIS, .nbib or CSV; this takes the file{key}"
        database = by_hand[0] if by_hand else "DATABASE"
        yield Next(why, ("import", "FILE", "--database", database, "--date", "YYYY-MM-DD"))


def _comparing(status: Status) -> Iterator[Next]:
    if status.dedupe_due:
        yield Next("records were loaded and not compared for duplicates yet", ("dedupe",))
    if status.unsure:
        yield Next(f"{counted(status.unsure, 'pair')} may be duplicates, which a person must say", ("dedupe",))


def _screening(status: Status) -> Iterator[Next]:
    """Whoever asks is sent to what waits for him; one whose name is not known, to what comes first in the review."""
    for stage in status.stages:
        if any(person.name == status.asker and person.left for person in stage.people):
            yield _screen(status, stage, status.asker)
    for stage in status.stages:
        if stage.pending and not status.asker:
            yield _screen(status, stage, next((person.name for person in stage.people if person.left), NAME))
        if stage.conflicts:
            who = "the reviewers settle" if stage.settled_by == CONSENSUS else f"{stage.settled_by} settles"
            why = f"reviewers differ on {counted(stage.conflicts, 'record')} at {stage.label.lower()}; {who} them"
            yield Next(why, ("conflicts",))
    for stage in status.stages:
        if stage.pending:
            yield _screen(status, stage, next((person.name for person in stage.people if person.left), NAME))


def _screen(status: Status, stage: StageStatus, name: str) -> Next:
    left = next((person.left for person in stage.people if person.name == name), stage.pending)
    new = sum(update.waiting for update in status.updates) if stage is status.stages[0] else 0
    updates = f", {new} of them new with an update" if 0 < new < left else ""
    noun = "new record" if new >= left else "record"
    why = f"{counted(left, noun)} to be screened at {stage.label.lower()}{updates}"
    return Next(why, ("screen", "--reviewer", name))


def _extracting(status: Status) -> Iterator[Next]:
    extraction = status.extraction
    if extraction.fields and extraction.finished < extraction.studies:
        finished = [person.name for person in extraction.people if not person.left]
        begun = [person.name for person in extraction.people if person.left]
        name = status.asker if status.asker and status.asker not in finished else next(iter(begun), NAME)
        left = counted(extraction.studies - extraction.finished, "included study")
        why = f"{left} to be extracted; 'reviewkit extract read FILE' takes the filled-in sheet back"
        yield Next(why, ("extract", "sheet", "--reviewer", name))
    if extraction.differences:
        why = f"extractors differ on {counted(extraction.differences, 'value')}"
        yield Next(why, ("extract", "compare"))


def _writing(status: Status) -> Iterator[Next]:
    if status.exports != "current":
        late = "older than the last decision" if status.exports == "behind" else "not written yet"
        yield Next(f"evidence table, diagram and report are {late}", ("export",))
    if status.archive != "current":
        late = "lacks the latest decisions" if status.archive == "behind" else "is not written yet"
        yield Next(f"the archive, from which all can be rebuilt, {late}", ("archive",))
