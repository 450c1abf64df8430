"""`reviewkit demo`: a finished review, rebuilt before your eyes."""

from pathlib import Path
from shlex import quote

import click

from reviewkit.cli.common import now, safe


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="reviewkit-demo", metavar="[DIR]")
def command(folder: Path) -> None:
    """Copy the worked example into a new folder and replay it, step by step.

    Exosomes for low back pain, after a published review: everything is rebuilt offline from the plain files that come
    with reviewkit, the way anyone could rebuild your review from yours. DIR is reviewkit-demo unless given.
    """
    from rich.padding import Padding
    from rich.text import Text

    from reviewkit.cli.common import console
    from reviewkit.protocol import load_protocol
    from reviewkit.steps.demo import tell
    from reviewkit.steps.export import export_all
    from reviewkit.steps.restore import restore
    from reviewkit.steps.verify import verify
    from reviewkit.store import open_store
    from reviewkit.workspace.example import copy_example

    folders = copy_example(folder)
    protocol = load_protocol(folders.protocol)
    store = open_store(folders.workspace.database_url(), folders.review)
    out = console()
    out.print(protocol.title, style="bold")
    out.print("\n" + safe(protocol.summary.strip()))
    with console(stderr=True).status("Rebuilding the database from protocol, searches and archive"):
        if store.is_empty():  # not so when an earlier demonstration was stopped after this
            restore(store, protocol, folders, now())
    for number, scene in enumerate(tell(store, protocol), start=1):
        out.print(f"\n{number}. {scene.title}", style="bold")
        for line in scene.lines:
            out.print(Padding(Text(safe(line)), (0, 0, 0, 3)))
    with console(stderr=True).status("Reading the review") as status:
        made = export_all(store, protocol, folders, lambda name: status.update(f"Making {name}"))
        result = verify(store, protocol, folders)
    out.print("\nWhat was made", style="bold")
    for file in made:
        out.print(f"   {file.path}", soft_wrap=True)
    out.print(f"   Checked against the files as received: {'all is well' if not result.faults else 'see below'}")
    for fault in result.faults:
        out.print(f"   {safe(fault)}", style="bold")
    out.print("\nWhat to do next", style="bold")
    out.print(f"   Open {folders.exports / 'report.html'} and evidence-table.xlsx beside it.", soft_wrap=True)
    out.print(f"   cd {quote(str(folder))}", soft_wrap=True)
    out.print("   reviewkit status                  where the review stands, and what is next")
    out.print("   reviewkit screen --reviewer YOU   screen the records that the update brought")
    out.print("   reviewkit init ../my-review       begin your own")
    if result.faults:
        raise click.exceptions.Exit(1)
