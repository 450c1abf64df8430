"""`reviewkit decide import`: decisions out of a table of our own, or out of another program's export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, review_option
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Tool

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk
    from reviewkit.steps.moving import Moved

OWN = "reviewkit"
_SHOWN = 50  # problems printed; --json gives all of them


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "tool",
    type=click.Choice([OWN, *(tool.value for tool in Tool)]),
    help="Whose files they are, where their content misleads.",
)
@click.option("--stage", metavar="STAGE", default="", help="The stage, where the files do not say.")
@click.option(
    "--reviewer",
    "reviewers",
    metavar="NAME",
    multiple=True,
    help='Who decided, where the files do not say; or "NAME THERE=NAME HERE", once for each.',
)
@click.option("--reason", "reasons", metavar="WORDS=ID", multiple=True, help="Which criterion a reason there is here.")
@click.option(
    "--verdict",
    type=click.Choice([verdict.value for verdict in Verdict]),
    help="The verdict on everything in the files, which are lists of what was included, say.",
)
@click.option("--keep-good", is_flag=True, help="Take the good rows although others are bad.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken and store nothing.")
@json_option
@review_option
def command(
    files: tuple[Path, ...],
    tool: str | None,
    stage: str,
    reviewers: tuple[str, ...],
    reasons: tuple[str, ...],
    verdict: str | None,
    keep_good: bool,
    dry_run: bool,
    as_json: bool,
    review: str | None,
) -> None:
    """Take decisions from a CSV or another program's export.

    \b
    reviewkit decide import decisions.csv
    reviewkit decide import articles.csv customizations_log.csv --stage title-abstract
    reviewkit decide import review_1_irrelevant_csv_2.csv review_1_excluded_csv_2.csv

    A CSV of your own has the columns record, verdict and stage, reviewer, criterion, note; what 'reviewkit decide
    export' writes can be read back. Exports of Rayyan, Covidence and ASReview are recognised, and tables with a
    column 'included': their publications are found among the records here, and what is not certain is listed, not
    guessed. What stands adds nothing. When a row is bad none is taken.
    """
    from reviewkit.cli.common import open_desk

    desk = open_desk(review)
    if tool == OWN or (not (tool or verdict) and _is_own(files[0])):
        if len(files) > 1 or reasons or verdict or any("=" in name for name in reviewers) or len(reviewers) > 1:
            raise click.UsageError("A table of your own comes alone, without --reason, --verdict or NAME=NAME.")
        _take_table(desk, files[0], stage, next(iter(reviewers), None), keep_good, dry_run, as_json)
        return
    from reviewkit.cli.common import now
    from reviewkit.steps.moving import Wanted, take_exports
    from reviewkit.steps.standing import standing

    wanted = Wanted(
        tool=tool or "", stage=stage, verdict=Verdict(verdict) if verdict else None, reviewers=reviewers,
        reasons=reasons, keep_good=keep_good, dry_run=dry_run,
    )  # fmt: skip
    moved = take_exports(desk.store, desk.protocol, standing(desk.store, desk.protocol), files, now(), wanted)
    _show(moved, as_json, review)
    if dry_run and moved.problems and not keep_good:
        sys.exit(1)


def _is_own(file: Path) -> bool:
    from reviewkit.steps.decision_table import looks_own
    from reviewkit.workspace.files import read_bytes

    return looks_own(read_bytes(file))


def _take_table(
    desk: "Desk", file: Path, stage: str, reviewer: str | None, keep_good: bool, dry_run: bool, as_json: bool
) -> None:
    from reviewkit.cli.common import now, print_json, safe, who_if_told
    from reviewkit.steps.decision_table import Defaults, take_decisions
    from reviewkit.steps.standing import standing
    from reviewkit.workspace.files import read_bytes

    defaults = Defaults(stage, who_if_told(reviewer, desk))
    stand = standing(desk.store, desk.protocol)
    content = read_bytes(file)
    taken = take_decisions(desk.store, desk.protocol, stand, content, file.name, now(), defaults, keep_good, dry_run)
    if as_json:
        print_json(taken)
        return
    would = "Nothing was stored. Decisions that would be added" if dry_run else "Decisions added"
    click.echo(f"{would}: {taken.stored}; rows that stood already: {taken.repeated}.")
    if taken.blank:
        click.echo(f"Rows without a verdict, left alone: {taken.blank}.")
    for problem in taken.problems:
        click.echo(safe(f"Not taken, {problem}"))


def _show(moved: "Moved", as_json: bool, review: str | None) -> None:
    from reviewkit.cli.common import console, print_json, safe, table, words

    if as_json:
        print_json(moved)
        return
    for file, what in moved.files.items():
        click.echo(safe(f"{file}: read as {what}."))
    found = "; ".join(f"{n:,} by {how}" for how, n in moved.found.items())
    click.echo(
        f"Entries: {moved.entries:,}, of which {moved.undecided:,} not decided there; records found: {found or 0}."
    )
    if moved.counts:
        rows = [
            (count.stage, count.reviewer, count.verdict.value, count.criterion, f"{count.n:,}")
            for count in moved.counts
        ]
        columns = {"stage": "left", "decided by": "left", "verdict": "left", "criterion": "left", "n": "right"}
        console().print(table("", columns, rows))
    if moved.reasons:
        said = ", ".join(f"{reason} ({n:,})" for reason, n in moved.reasons.items())
        click.echo(safe(f"Reasons that are no criterion here, kept as notes: {said}."))
    would = "Nothing was stored. Decisions that would be added" if moved.dry_run else "Decisions added"
    revised = f", of which {moved.revised:,} revise earlier ones" if moved.revised else ""
    click.echo(f"{would}: {moved.added:,}{revised}; taken before: {moved.repeated:,}.")
    if Tool.RAYYAN.label in moved.files.values() and moved.added:
        click.echo("Rayyan tells each person's last verdict; 'reviewkit agreement' counts it, changed or not.")
    for problem in moved.problems[:_SHOWN]:
        click.echo(safe(f"Not taken, {problem}"))
    if len(moved.problems) > _SHOWN:
        click.echo(f"and {len(moved.problems) - _SHOWN:,} more; --json lists them all.")
    if not moved.dry_run:
        click.echo(f"Next: {words('status', review=review)}")
