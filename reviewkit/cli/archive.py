"""`reviewkit archive`: the deposit."""

import click

from reviewkit.cli.common import json_option, open_desk, print_json, review_option


@click.command(name="archive")
@review_option
@json_option
def command(review: str | None, as_json: bool) -> None:
    """Write every match, decision, link and extraction as sorted text.

    The files go to exports/REVIEW/archive. With protocols/ and searches/ they are the whole review: 'reviewkit restore'
    rebuilds the database from them. Keep the three together, in version control or in a repository such as Zenodo.

    Verdicts and values that blinding still hides are written sealed (an envelope against a glance, not encryption)
    and openly by the next archive after the other reviewer has given theirs.
    """
    from reviewkit.steps.archive import archive

    desk = open_desk(review)
    written = archive(desk.store, desk.protocol, desk.folders)
    if as_json:
        print_json({"folder": written.folder, "rows": written.rows, "sealed": written.sealed, "new": written.changed})
        return
    counts = ", ".join(f"{count} {name}" for name, count in written.rows.items())
    click.echo(f"{'Archived' if written.changed else 'The archive is up to date:'} {counts}.")
    if written.sealed:
        click.echo(f"{written.sealed} of them are sealed until the other reviewer has given theirs.")
    click.echo(f"{written.folder}")
    click.echo("'reviewkit restore' rebuilds the database from this folder, protocols/ and searches/.")
