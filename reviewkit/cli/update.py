"""`reviewkit update`: every search run again, and what came of it."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import (
    Desk,
    json_option,
    look_into,
    now,
    open_desk,
    open_folders,
    print_json,
    review_option,
    safe,
    who_if_told,
    words,
)
from reviewkit.cli.update_chores import chores, chores_plain
from reviewkit.cli.update_plain import named, report_plain
from reviewkit.cli.update_view import body, head

if TYPE_CHECKING:
    from reviewkit.steps.update import Updated
    from reviewkit.steps.update_report import UpdateReport
    from reviewkit.steps.update_window import Window

NEW = 10  # exit status: there are new records


@click.command(name="update")
@click.option(
    "--since",
    metavar="DATE",
    default="",
    help="Only what was added since this day (YYYY-MM-DD), or with 'last' since the last search, with an overlap.",
)
@click.option("--database", metavar="NAME", default="", help="Only this one of the protocol's databases.")
@click.option(
    "--update",
    metavar="N",
    type=click.IntRange(min=0),
    default=None,
    help="Count the records for update N (0: the original review); found out when not given.",
)
@click.option("--show", is_flag=True, help="Show the report as it is now, and search nothing.")
@click.option("--searcher", metavar="NAME", default="", help="Who searches, for the report (PRISMA-S).")
@review_option
@json_option
def command(
    since: str, database: str, update: int | None, show: bool, searcher: str, review: str | None, as_json: bool
) -> None:
    """Run every search again and tell what is new, changed or retracted.

    Every strategy that can be run from here is run again as a whole and compared with the last search by identifier;
    included records are checked for retractions, expressions of concern and corrections at PubMed. Only new records
    are queued; what was decided stays decided, and is flagged where the record changed since.

    It asks no questions, so it can be run by a timer. The exit status is 0 when nothing is new, 10 when there are new
    records, 1 when a database or the check failed; the others are done all the same, and the same command goes on.
    """
    if show:
        _show(review, update, as_json)
        return
    from reviewkit.steps.export.update_text import write_update

    window = _window(since)
    desk = open_desk(review)
    done = _update(desk, window, database, update, searcher, quiet=as_json)
    report = write_update(desk.store, desk.protocol, desk.folders, done.update)
    if as_json:
        print_json({"done": _plain(done, review), "report": report_plain(report)})
    else:
        _present(done, report, review)
    if done.failed:
        sys.exit(1)
    if done.new:
        sys.exit(NEW)


def _window(since: str) -> "Window":
    """Read --since."""
    from datetime import date

    from reviewkit.steps.update_window import Window

    if since in ("", "last"):
        return Window(last=since == "last")
    try:
        return Window(since=date.fromisoformat(since))
    except ValueError:
        raise click.BadParameter(
            f"'{safe(since)}' is neither a day as 2024-03-18 nor 'last'", param_hint="--since"
        ) from None


def _update(desk: Desk, window: "Window", database: str, update: int | None, searcher: str, quiet: bool) -> "Updated":
    """Run the step behind a progress bar on the error stream, which also says why we wait."""
    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.steps.update import CHECK, update_review

    with showing_progress(quiet=quiet, labels={CHECK: "Included records at PubMed"}) as progress:
        return update_review(
            desk.folders, desk.protocol, desk.store, asking_of(desk.settings, quiet=quiet), now=now, window=window,
            database=database, update=update, searcher=searcher or who_if_told(None, desk), progress=progress,
        )  # fmt: skip


def _show(review: str | None, update: int | None, as_json: bool) -> None:
    from reviewkit.protocol import load_protocol
    from reviewkit.steps.standing import standing
    from reviewkit.steps.update_report import report_update, rounds

    folders = open_folders(review)
    protocol, store = load_protocol(folders.protocol), look_into(folders)
    stand = standing(store, protocol)
    chosen = max(rounds(stand), default=0) if update is None else update
    report = report_update(store, protocol, stand, chosen)
    if as_json:
        print_json({"report": report_plain(report)})
        return
    for line in (*head(report), *body(report)):
        click.echo(safe(line))


def _present(done: "Updated", report: "UpdateReport", review: str | None) -> None:
    from reviewkit.model.runs import database_label
    from reviewkit.steps.wording import counted

    for line in head(report):
        click.echo(safe(line))
    for each in done.asked:
        if each.before:
            click.echo(f"  {safe(database_label(each.database))} was searched today already and not again.")
    for line in body(report):
        click.echo(safe(line))
    for line in chores(done, review):
        click.echo(safe(line))
    told = counted(len(done.new), "new record")
    pairs = f"; {counted(done.unsure, 'uncertain pair')} may be duplicates" if done.unsure else ""
    click.echo(f"\n{told}{pairs}.")
    if done.failed:
        for each in done.asked:
            if each.failed:
                why = each.problem or "less came than the database reported; the warnings in search.toml say what"
                click.echo(safe(f"FAILED: {database_label(each.database)}. {why}"), err=True)
        if done.check_problem:
            click.echo(safe(f"FAILED: the check of included records. {done.check_problem}"), err=True)
        click.echo(
            f"What else was to be done is done. '{words('update', review=review)}' goes on from there.", err=True
        )
    following = words("dedupe", review=review) if done.unsure else words("status", review=review)
    click.echo(f"Next: {following}")


def _plain(done: "Updated", review: str | None) -> dict[str, Any]:
    """What was done, without the long lists of a run's files."""
    return {
        "update": done.update,
        "failed": done.failed,
        "new": named(done.new),
        "unsure": done.unsure,
        "databases": [
            {
                "database": each.database,
                "run": each.run.id if each.run else "",
                "searched_before_today": each.before,
                "since": each.since,
                "failed": each.failed,
                "problem": each.problem,
            }
            for each in done.asked
        ],
        **chores_plain(done, review),
        "check": {"folder": done.check.folder, "at": done.check.at} if done.check else None,
        "check_problem": done.check_problem,
    }
