"""`reviewkit verify`: what is wrong, one line each."""

import sys

import click

from reviewkit.cli.common import json_option, open_desk, print_json, review_option, safe


@click.command(name="verify")
@review_option
@json_option
def command(review: str | None, as_json: bool) -> None:
    """Check hashes, counts and references, and say what is wrong.

    Reads every search response again and compares it, citation by citation, with the database; checks every match,
    decision, link and extraction, the protocol versions, the archive, and that the PRISMA counts add up. Nothing is
    changed. The exit status is 1 when something is wrong.
    """
    from reviewkit.cli.reading import reading
    from reviewkit.steps.verify import verify

    desk = open_desk(review)
    with reading("Checking") as progress:
        found = verify(desk.store, desk.protocol, desk.folders, progress)
    if as_json:
        print_json({"clean": found.clean, "checked": found.checked, "faults": found.faults, "notes": found.notes})
    else:
        click.echo(f"Checked: {', '.join(f'{name} {count}' for name, count in found.checked.items())}.")
        for note in found.notes:
            click.echo(f"Note: {safe(note)}.")
        for fault in found.faults:
            click.echo(f"Wrong: {safe(fault)}")
        click.echo("Clean: nothing is wrong." if found.clean else f"Not clean: {len(found.faults)} wrong.")
    if not found.clean:
        sys.exit(1)
