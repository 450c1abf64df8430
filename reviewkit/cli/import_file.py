"""`reviewkit import`: an export file becomes a search run."""

import sys
from pathlib import Path

import click

from reviewkit.cli.common import json_option, now, open_desk, print_json, review_option, safe, update_option, words

_SHOWN = 50  # findings printed; --json gives all of them


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--database", metavar="NAME", required=True, help="Where it was exported: scopus, embase, pubmed ...")
@click.option("--date", metavar="YYYY-MM-DD", required=True, help="The day of the search.")
@click.option("--strategy", metavar="TEXT", default="", help="What was searched; else the protocol's strategy for it.")
@click.option("--platform", metavar="NAME", default="", help="The platform, such as Ovid or EBSCOhost.")
@click.option(
    "--kind",
    type=click.Choice(["database", "register", "other"]),
    help="Where PRISMA counts it; needed for a database that reviewkit does not know.",
)
@click.option(
    "--format",
    type=click.Choice(["pubmed-xml", "nbib", "ris", "csv"]),
    help="The file's format, where its content is misleading.",
)
@update_option
@review_option
@json_option
def command(
    file: Path,
    database: str,
    date: str,
    strategy: str,
    platform: str,
    kind: str | None,
    format: str | None,
    update: int,
    review: str | None,
    as_json: bool,
) -> None:
    """Import an export file (RIS, .nbib, PubMed XML, CSV) as a search run.

    The file is kept untouched in searches/REVIEW/DATE-DATABASE. What can be read of it is kept and every entry
    that cannot is named with its line; the exit status is 0 only when every entry was read.
    """
    from reviewkit.cli.search import show_run
    from reviewkit.model.runs import SourceKind
    from reviewkit.steps.importing import import_file

    desk = open_desk(review)
    imported = import_file(
        desk.folders,
        desk.protocol,
        desk.store,
        file,
        database=database,
        date=date,
        now=now,
        strategy=strategy,
        platform=platform,
        kind=SourceKind(kind) if kind else None,
        format=format or "",
        update=update,
    )
    run = imported.run
    if as_json:
        print_json({"run": run, "findings": imported.findings, "strategy_from_protocol": imported.from_protocol})
    else:
        entries = "entry" if run.reported == 1 else "entries"
        click.echo(
            f"{safe(run.file)}: {run.reported:,} {entries}, {run.retrieved:,} kept, {run.rejected:,} not readable."
        )
        show_run(desk, run)
        if imported.from_protocol:
            click.echo("  The strategy is the protocol's; if another was used, give it with --strategy.")
        for finding in imported.findings[:_SHOWN]:
            click.echo(f"  {'not kept' if finding.rejected else 'note'}: {safe(str(finding))}", err=True)
        if len(imported.findings) > _SHOWN:
            more = len(imported.findings) - _SHOWN
            click.echo(f"  and {more:,} more; --json lists them all.", err=True)
        click.echo(f"Next: {words('dedupe', review=review)}")
    if run.rejected:
        sys.exit(1)
