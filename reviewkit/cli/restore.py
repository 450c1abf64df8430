"""`reviewkit restore`: the database rebuilt from plain files."""

import click

from reviewkit.cli.common import json_option, now, open_desk, print_json, review_option, safe


@click.command(name="restore")
@review_option
@json_option
def command(review: str | None, as_json: bool) -> None:
    """Rebuild the database from protocols, searches and archive.

    The database must hold nothing of the review yet: after a loss, in a fresh copy of the workspace, or on another
    server. Everything is restored or nothing. Search runs that came after the archive was written are loaded too.
    """
    from reviewkit.cli.reading import reading
    from reviewkit.steps.restore import restore

    desk = open_desk(review)
    with reading("Reading") as progress:
        done = restore(desk.store, desk.protocol, desk.folders, now(), progress)
    if as_json:
        print_json(done)
        return
    click.echo(f"Restored: search runs {done.runs}, citations {done.citations}.")
    if done.archived:
        click.echo(f"From the archive: {', '.join(f'{name} {count}' for name, count in done.rows.items())}.")
    else:
        click.echo("There is no archive, so there are no matches, decisions, links or extractions.")
    if done.added:
        click.echo(safe(f"Not in the archive yet, and loaded too: {', '.join(done.added)}."))
    click.echo("'reviewkit status' shows where the review stands; 'reviewkit verify' checks it.")
