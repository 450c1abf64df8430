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
    counts = ", ".join(f"{name} {count}" for name, count in written.rows.items())
    click.echo(f"{'Archived' if written.changed else 'The archive is up to date'}: {counts}.")
    if written.sealed:
        click.echo(f"Sealed until the other reviewer has given theirs: {written.sealed}.")
    click.echo(f"Written to {written.folder}" if written.changed else f"It is in {written.folder}")
    click.echo(
        "With protocols/ and searches/ it is the whole review; 'reviewkit restore' rebuilds the database from them."
    )
