"""`reviewkit search`: run the protocol's searches, or load the ones that lie in searches/."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import (
    Desk,
    console,
    json_option,
    now,
    open_desk,
    print_json,
    review_option,
    safe,
    update_option,
    words,
)

if TYPE_CHECKING:
    from reviewkit.model.protocol import Strategy
    from reviewkit.model.runs import SearchRun
    from reviewkit.steps.search import Searched


@click.command(name="search")
@click.option("--database", metavar="NAME", default="", help="Only this one of the protocol's databases.")
@click.option("--again", is_flag=True, help="Run a strategy that was run before once more; its records are added.")
@click.option("--recorded", is_flag=True, help="Only load what lies in searches/, without any network.")
@update_option
@review_option
@json_option
def command(database: str, again: bool, recorded: bool, update: int, review: str | None, as_json: bool) -> None:
    """Run the protocol's searches, or load the ones in searches/.

    Every answer is kept as received in searches/REVIEW/DATE-DATABASE, with search.toml beside it: the strategy as
    sent, how the database read it, its warnings and counts. A strategy that was run already is not run again.

    NCBI asks for an e-mail address: set REVIEWKIT_EMAIL, and NCBI_API_KEY if you have a key. The exit status is 1
    when less came than a database reported.
    """
    desk = open_desk(review)
    if recorded:
        _load(desk, as_json, review)
        return
    found = _search(desk, database, again, update, quiet=as_json)
    if as_json:
        print_json(
            {
                "runs": [_facts(desk, run) for run in found.done],
                "skipped": [_facts(desk, run) for run in found.skipped],
                "loaded": [_facts(desk, run) for run in found.recovered],
                "by_hand": [_planned(strategy) for strategy in found.by_hand],
            }
        )
    else:
        _show(desk, found, review)
    if found.incomplete:
        sys.exit(1)


def show_run(desk: Desk, run: "SearchRun") -> None:
    """Print what one run brought."""
    from reviewkit.model.runs import database_label

    click.echo(click.style(safe(database_label(run.database)), bold=True))
    lines = [("reported", f"{run.reported:,}"), ("retrieved", f"{run.retrieved:,}")]
    if run.rejected:
        lines.append(("not readable", f"{run.rejected:,}"))
    lines += [("strategy", run.strategy or "not given"), *(("limit", limit) for limit in run.limits)]
    if run.translation:
        lines.append(("read as", run.translation))
    lines += [("warning", warning) for warning in run.warnings]
    lines.append(("kept in", _path(desk, run)))
    for name, text in lines:
        click.echo(f"  {name:<13}{safe(' '.join(text.split()))}")


def _search(desk: Desk, database: str, again: bool, update: int, quiet: bool) -> "Searched":
    """Run the step behind a progress bar on the error stream, which also says why we wait."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from reviewkit.model.runs import database_label
    from reviewkit.sources import Access, Asking
    from reviewkit.sources.politeness import Politeness
    from reviewkit.steps.search import run_searches

    settings = desk.settings
    access = Access(settings.value, settings.config)
    screen = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(database_label(name), total=total)
            bar.update(tasks[name], completed=done, total=total)

        def on_wait(reason: str, seconds: float) -> None:
            if not quiet and seconds >= 1:
                screen.print(f"  {safe(reason)}; asking again in {seconds:.0f} s")

        return run_searches(
            desk.folders,
            desk.protocol,
            desk.store,
            Asking(access, Politeness(on_wait=on_wait)),
            now=now,
            database=database,
            again=again,
            update=update,
            progress=progress,
        )


def _show(desk: Desk, found: "Searched", review: str | None) -> None:
    from reviewkit.model.runs import database_label

    again = words("search", "--again", review=review)
    for run in found.recovered:
        click.echo(safe(f"Loaded run {run.id}, which was in searches/ and not in the database ({_records(run)})."))
    for run in found.done:
        show_run(desk, run)
    for run in found.skipped:
        click.echo(
            f"{safe(database_label(run.database))}: searched on {run.date} with this strategy ({_records(run)}, "
            f"run {safe(run.id)}). '{again}' runs it once more."
        )
    for run in found.incomplete:
        click.echo(
            f"INCOMPLETE: run {safe(run.id)} brought {run.retrieved:,} of {run.reported:,} records. "
            f"The warnings in its search.toml say what is missing; '{again}' searches anew.",
            err=True,
        )
    if found.by_hand:
        click.echo("To be searched by hand; export the result there, then for each file:")
        for strategy in found.by_hand:
            told = words("import", "FILE", "--database", strategy.database, "--date", "YYYY-MM-DD", review=review)
            click.echo(f"  {told}")
    if found.done or found.recovered:
        click.echo(f"Next: {words('dedupe', review=review)}")


def _load(desk: Desk, as_json: bool, review: str | None) -> None:
    """Load what lies in searches/ and is not in the database yet."""
    from reviewkit.steps.loading import load_runs

    loaded = load_runs(desk.folders, desk.store)
    if as_json:
        print_json({"loaded": [_facts(desk, run) for run in loaded]})
        return
    for run in loaded:
        click.echo(safe(f"Loaded {run.id}: {_records(run)}."))
    if loaded:
        click.echo(f"Next: {words('dedupe', review=review)}")
    else:
        click.echo("Nothing to load: every run in searches/ is in the database.")


def _facts(desk: Desk, run: "SearchRun") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(run), "path": _path(desk, run)}


def _planned(strategy: "Strategy") -> dict[str, Any]:
    return {"database": strategy.database, "strategy": strategy.strategy, "limits": strategy.limits}


def _records(run: "SearchRun") -> str:
    from reviewkit.steps.wording import counted

    return counted(run.retrieved, "record")


def _path(desk: Desk, run: "SearchRun") -> str:
    return desk.folders.run(run.id).relative_to(desk.folders.workspace.root).as_posix()
