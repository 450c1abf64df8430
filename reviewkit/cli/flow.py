"""`reviewkit flow`: the PRISMA counts, and the records behind each."""

import click

from reviewkit.cli.common import json_option, review_option


@click.command("flow")
@click.option("--list", "key", metavar="KEY", help="List the records behind one number, by the key beside it.")
@json_option
@review_option
def command(key: str | None, as_json: bool, review: str | None) -> None:
    """Show the PRISMA counts and the records behind each.

    Every number has a key; 'reviewkit flow --list excluded' lists the records that it counts.
    """
    from reviewkit.cli.common import console, open_desk, print_json, table
    from reviewkit.steps.flow import find_box, list_box, review_flow
    from reviewkit.steps.flow_table import flow_rows, flow_tree
    from reviewkit.steps.standing import standing

    desk = open_desk(review)
    stand = standing(desk.store, desk.protocol)
    flow = review_flow(desk.protocol, stand)
    if key is None:
        if as_json:
            print_json(flow_tree(flow))
            return
        rows = [("  " * row.depth + row.label, row.n, row.key) for row in flow_rows(flow)]
        out = console()
        out.print(table(f"PRISMA counts: {desk.protocol.title}", {"": "left", "n": "right", "key": "left"}, rows))
        for run in stand.runs:
            if not run.complete:
                read = run.retrieved + run.rejected
                out.print(f"Note: {run.id} is incomplete, {read:,} of {run.reported:,} reported records were read.")
        out.print("\nThe records behind a number: reviewkit flow --list KEY, for example --list excluded")
        return
    box = find_box(flow, key)
    entries = list_box(desk.store, desk.protocol, stand, box)
    if as_json:
        print_json({"key": box.key, "label": box.label, "unit": box.unit, "n": box.n, "entries": entries})
        return
    columns = {"id": "left", "title": "left", "year": "right", "reason": "left", "who": "left"}
    lines = [(e.id, e.title, e.year or "", e.reason, e.by) for e in entries]
    console().print(table(f"{box.label} (n = {box.n})", columns, lines))
