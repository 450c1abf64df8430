"""How the extraction commands show what was read and where extractors differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import console, safe, table

if TYPE_CHECKING:
    from reviewkit.steps.extract.compare import Comparison
    from reviewkit.steps.extract.read import Change, SheetRead

_SHOWN = 20  # changes listed on the terminal; --json gives all


def show_read(found: "SheetRead", file: Path) -> None:
    """Say what reading a workbook changed, and what was left out."""
    for note in found.notes:
        click.echo(safe(note))
    added = [change for change in found.changes if not change.before and change.after]
    replaced = [change for change in found.changes if change.before and change.after]
    taken = [change for change in found.changes if not change.after]
    for title, changes in (("Changed", replaced), ("Taken back", taken)):
        _show_changes(title, changes)
    settled = "settled" if found.kind == "consensus" else "extracted"
    if not found.changes:
        click.echo(safe(f"Nothing new in {file}."))
    else:
        counts = f"{len(added)} new, {len(replaced)} changed, {len(taken)} taken back"
        click.echo(safe(f"{file}, {settled} by {found.person}: {counts}."))
    if found.problems:
        click.echo(f"{len(found.problems)} cells were left out; mend them in the file and read it again:")
        for problem in found.problems:
            click.echo(safe(f"  {problem}"))
    elif found.changes:
        click.echo("Next: 'reviewkit status', or 'reviewkit extract compare' to see where extractors differ.")


def _show_changes(title: str, changes: "Sequence[Change]") -> None:
    if not changes:
        return
    rows = [
        (change.place, f"{change.study} {change.name}", change.label, change.row, change.before, change.after)
        for change in changes[:_SHOWN]
    ]
    columns = dict.fromkeys(("Cell", "Study", "Field", "Row", "Before", "Now"), "left")
    console().print(table(title, columns, rows))
    if len(changes) > _SHOWN:
        click.echo(f"... and {len(changes) - _SHOWN} more ('--json' lists all)")


def show_comparison(found: "Comparison") -> None:
    """Show the values of extractors side by side where they differ."""
    done = ", ".join(f"{name} {count}" for name, count in found.people.items()) or "nobody has begun"
    total = len(found.compared) + len(found.waiting)
    click.echo(safe(f"Studies finished by each extractor, of {total}: {done}."))
    if found.waiting:
        click.echo(f"Not compared yet, until {found.needed} people have finished them: {', '.join(found.waiting)}.")
    if not found.compared:
        return
    for contrast in found.contrasts:
        where = f"{contrast.study} {contrast.name}, {contrast.label}{f', {contrast.row}' if contrast.row else ''}"
        click.echo(f"\n{safe(where)}  [{contrast.group}.{contrast.field}]")
        for name, said in contrast.values.items():
            click.echo(safe(f"  {name}: {said.value or '(blank)'}{f'  <{said.source}>' if said.source else ''}"))
        if contrast.settled:
            click.echo(safe(f"  settled by {contrast.settled_by}: {contrast.settled.value}"))
    open_ones = len(found.unsettled)
    settled = len(found.contrasts) - open_ones
    click.echo(f"\n{open_ones} to settle, {settled} settled.")
    if open_ones:
        click.echo("Settle them on a sheet: 'reviewkit extract sheet --consensus', or one by one: 'extract settle'.")
