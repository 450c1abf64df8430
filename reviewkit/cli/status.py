"""`reviewkit status`: where the review stands, and the exact next command."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import json_option, look_into, now, open_folders, print_json, review_option, safe, words

if TYPE_CHECKING:
    from reviewkit.steps.status import StageStatus, Status


_NAMED = 10  # records named in a note


@click.command(name="status")
@click.option("--reviewer", metavar="NAME", help="Who is asking: the next command is then yours.")
@review_option
@json_option
def command(reviewer: str | None, review: str | None, as_json: bool) -> None:
    """Show where the review stands and the next command.

    Shows for each stage how many records there are and how much each reviewer has left. What a reviewer decided is
    not shown before as many have decided as the protocol asks for. Nothing is written.
    """
    from reviewkit.protocol import load_protocol
    from reviewkit.sources import Access
    from reviewkit.steps.next_step import next_step
    from reviewkit.steps.people import known_name
    from reviewkit.steps.status import review_status
    from reviewkit.workspace.config import load_settings

    folders = open_folders(review)
    protocol = load_protocol(folders.protocol)
    store = look_into(folders)
    settings = load_settings()
    asker = " ".join((reviewer or settings.reviewer).split())
    asker = known_name(store, protocol, asker) if asker else ""
    status = review_status(store, protocol, folders, now()[:10], asker, Access(settings.value, settings.config))
    following = next_step(status)
    next_command = words(*following.command, review=review)
    if as_json:
        print_json({"status": _plain(status), "next": {"why": following.why, "command": next_command}})
        return
    for line in (*_head(status), *_searches(status), *_stages(status), *_extraction(status), *_warnings(status)):
        click.echo(safe(line))
    _show_earlier(status)
    click.echo(f"\nNext ({safe(following.why)}):\n  {safe(next_command)}")


def _plain(status: "Status") -> dict[str, Any]:
    """Return the status with its records called as on the screen."""
    from dataclasses import asdict

    from reviewkit.model.ids import record_label

    table = asdict(status)
    table["notices"] |= {name: list(map(record_label, table["notices"][name])) for name in ("grave", "flagged")}
    return table


def _head(status: "Status") -> Iterator[str]:
    yield status.title
    yield f"Protocol {status.review}, version {status.version}"
    yield ""


def _searches(status: "Status") -> Iterator[str]:
    from reviewkit.model.runs import database_label
    from reviewkit.steps.wording import counted

    width = max((len(database_label(run.database)) for run in status.runs), default=0)
    for run in status.runs:
        update = f"  update {run.update}" if run.update else ""
        short = "" if run.complete else f"  INCOMPLETE: {run.reported:,} reported"
        absent = "" if run.loaded else "  not in the database yet"
        name = f"{database_label(run.database):<{width}}"
        noun = "record" if run.retrieved == 1 else "records"
        yield f"  {name}  {run.date}  {run.retrieved:>7,} {noun}{update}{short}{absent}"
    if not status.runs:
        yield "  No search so far."
        return
    duplicates = status.citations - status.records
    if status.citations:
        yield f"  {counted(status.citations, 'record')} identified, {counted(duplicates, 'duplicate')} among them"
    if status.unsure:
        yield f"  {counted(status.unsure, 'uncertain pair')} may be duplicates and wait for a person"
    if status.removed:
        yield f"  {status.removed:,} removed before screening, by people or automation tools"
    for later in status.updates:
        wait = "waits" if later.waiting == 1 else "wait"
        if later.waiting == later.records:
            waits = f"which {wait} to be screened" if later.records else "nothing to be screened"
        else:
            waits = f"{later.waiting:,} of which {wait} to be screened" if later.waiting else "all of them screened"
        yield f"  Update {later.number} of {later.date}: {counted(later.records, 'new record')}, {waits}"


def _stages(status: "Status") -> Iterator[str]:
    from reviewkit.steps.wording import counted

    for stage in status.stages:
        if not stage.reached:
            continue
        yield ""
        decide = "one person decides" if stage.reviewers == 1 else f"{stage.reviewers} people decide"
        yield f"{stage.label}: {counted(stage.reached, 'record')}, on each of which {decide}"
        yield f"  {_states(stage)}"
        for person in stage.people:
            yield f"  {person.name}: {person.done:,} done, {person.left:,} left"
        if stage is status.stages[0]:
            yield from (f"  {line}" for line in _stopping(status))


def _states(stage: "StageStatus") -> str:
    """Name the states that occur; "pending" and "conflict" in the words of a team, and all others as they are."""
    words = {"pending": "to be screened", "conflict": "in conflict"}
    counts = {state.value: count for state, count in stage.states.items()}
    counts |= {"pending": stage.pending, "not screened, as screening was stopped": stage.not_screened}
    return ", ".join(
        f"{count:,} {words.get(state, state.replace('-', ' '))}" for state, count in counts.items() if count
    )


def _stopping(status: "Status") -> Iterator[str]:
    """Say how much has been found and who stopped, with the command that says more."""
    if status.found:
        yield f"{status.found} More: reviewkit stopping"
    for stop in status.stops:
        yield f"Stopped by {stop.by} on {stop.at[:10]}. Screening can go on: reviewkit screen --stage title-abstract"


def _extraction(status: "Status") -> Iterator[str]:
    from reviewkit.steps.wording import counted

    extraction = status.extraction
    if not extraction.studies:
        return
    yield ""
    yield f"Included: {counted(extraction.studies, 'study')} in {counted(status.reports, 'report')}"
    if extraction.fields:
        differ = f", {extraction.differences} values differ" if extraction.differences else ""
        yield f"  extracted: {extraction.finished} of {extraction.studies}{differ}"
    for person in extraction.people:
        yield f"  {person.name}: {person.done} finished, {person.left} left"


def _warnings(status: "Status") -> Iterator[str]:
    found = []
    if status.damage:
        found.append(status.damage)
    found += [
        f"A search is going on or was interrupted ({name.removeprefix('.running-')}); "
        "the command that began it goes on with it."
        for name in status.stopped
    ]
    found += [
        f"{run.id} is incomplete: {run.retrieved:,} of {run.reported:,} records."
        for run in status.runs
        if not run.complete
    ]
    found += _notices(status)
    found += _age(status)
    if status.archive == "behind":
        found.append("The archive is older than the database.")
    if found:
        yield ""
    yield from (f"Note: {text}" for text in found)


def _notices(status: "Status") -> Iterator[str]:
    """Say what was retracted, what changed after it was decided on, and what could not be checked."""
    from reviewkit.model.ids import record_label
    from reviewkit.steps.wording import counted

    notices = status.notices
    if notices.grave:
        named = ", ".join(map(record_label, notices.grave[:_NAMED])) + (" ..." if len(notices.grave) > _NAMED else "")
        yield f"RETRACTED, or of concern, among what is included: {named}. More: reviewkit update --show"
    if notices.flagged:
        count = counted(len(notices.flagged), "record")
        yield f"{count} changed after being decided on: reviewkit update --show lists them; to decide again clears it."
    if notices.unchecked:
        count = counted(notices.unchecked, "included record")
        yield f"{count} without a PMID could not be checked for retractions on {notices.checked}."
    for name in notices.unloaded:
        yield f"{name} is not in the database yet; 'reviewkit search --recorded' loads it."


def _age(status: "Status") -> Iterator[str]:
    """Warn of searches that are too old to be published on (MECIR C37), naming the databases."""
    from reviewkit.model.runs import database_label
    from reviewkit.steps.status_notices import RERUN_BETTER, RERUN_WITHIN

    old = [age for age in status.ages if age.months >= RERUN_BETTER]
    if not old:
        return
    named = ", ".join(f"{database_label(age.database)} {age.date}" for age in old)
    yield (
        f"The oldest search is of {status.last_search}, {status.age} months ago. Searches should be run again within "
        f"{RERUN_WITHIN} months before publication, better {RERUN_BETTER} (Cochrane MECIR C37): reviewkit update. "
        f"Searched longer ago than that: {named}."
    )


def _show_earlier(status: "Status") -> None:
    from reviewkit.cli.check import present_earlier

    if status.earlier:
        click.echo()
    for earlier in status.earlier:
        present_earlier(earlier)
