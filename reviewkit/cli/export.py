"""`reviewkit export`: the finished outputs of a review."""

import click

from reviewkit.cli.common import json_option, review_option


@click.command("export")
@json_option
@review_option
def command(as_json: bool, review: str | None) -> None:
    """Write the evidence table, PRISMA diagram, report and record files.

    Everything goes to exports/<review>/ and is made from what is stored, so it can be made again at any time;
    the same review gives the same files, byte for byte.
    """
    from reviewkit.cli.common import console, open_desk, print_json, table
    from reviewkit.steps.export import export_all

    desk = open_desk(review)
    with console(stderr=True).status("Reading the review") as status:
        made = export_all(desk.store, desk.protocol, desk.folders, lambda name: status.update(f"Making {name}"))
    if as_json:
        print_json([{"path": str(file.path), "what": file.what, "changed": file.changed} for file in made])
        return
    rows = [(file.path.name, "written" if file.changed else "as it was", file.what) for file in made]
    out = console()
    out.print(table(f"Exports in {desk.folders.exports}", {"file": "left", "": "left", "what it is": "left"}, rows))
    out.print("\nBegin with report.html. To deposit the whole review: reviewkit archive")
