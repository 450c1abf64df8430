"""`reviewkit export`: the finished outputs of a review."""

import click

from reviewkit.cli.common import json_option, review_option


@click.command("export")
@click.option(
    "--for",
    "tool",
    type=click.Choice(["covidence", "rayyan", "asreview"]),
    help="Write what this program imports, with the decisions made, and nothing else.",
)
@json_option
@review_option
def command(tool: str | None, as_json: bool, review: str | None) -> None:
    """Write the evidence table, PRISMA diagram, report and record files.

    Everything goes to exports/<review>/ and is made from what is stored, so it can be made again at any time;
    the same review gives the same files, byte for byte. With --for, a folder there gets the files to import elsewhere.
    """
    from reviewkit.cli.common import console, open_desk, print_json, table
    from reviewkit.steps.export import export_all
    from reviewkit.steps.export.handover import hand_over

    desk = open_desk(review)
    with console(stderr=True).status("Reading the review") as status:

        def progress(name: str) -> None:
            status.update(f"Making {name}")

        if tool:
            made = hand_over(desk.store, desk.protocol, desk.folders, tool, progress)
        else:
            made = export_all(desk.store, desk.protocol, desk.folders, progress)
    if as_json:
        print_json([{"path": str(file.path), "what": file.what, "changed": file.changed} for file in made])
        return
    rows = [(file.path.name, "written" if file.changed else "as it was", file.what) for file in made]
    out = console()
    folder = desk.folders.exports / (tool or "")
    out.print(table(f"Exports in {folder}", {"file": "left", "": "left", "what it is": "left"}, rows))
    if not tool:
        out.print("\nBegin with report.html. To deposit the whole review: reviewkit archive")
