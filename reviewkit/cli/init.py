"""`reviewkit init`: a new workspace."""

from pathlib import Path

import click

from reviewkit.cli.common import json_option, print_json, safe


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", default="", help="The review's name (the folder's name where not given).")
@json_option
def command(folder: Path, name: str, as_json: bool) -> None:
    """Make a workspace with a protocol template.

    DIR is the folder to make it in, the current one where it is not given. A workspace can hold several reviews: run
    it again with another --name. Nothing that is there already is changed.
    """
    from reviewkit.steps.starting import start_review

    started = start_review(folder.resolve(), name)
    protocol = started.folders.protocol
    if as_json:
        print_json({"review": started.folders.review, "protocol": protocol, "made": started.made})
        return
    here = Path.cwd()
    for path in started.made:
        click.echo(f"Made {safe(str(path.relative_to(here) if path.is_relative_to(here) else path))}")
    shown = protocol.relative_to(started.folders.workspace.root)
    click.echo(f"\nThe review is called '{started.folders.review}'. Next:")
    if started.folders.workspace.root != here:
        click.echo(f"  cd {_quoted(folder)}")
    click.echo(f"  open {shown} in an editor and write your protocol; its comments explain every key")
    click.echo("  reviewkit check      finds mistakes in it")
    click.echo("  reviewkit status     always names the next command")
    if len(started.folders.workspace.reviews()) > 1:
        click.echo(f"This workspace now holds several reviews: add --review {started.folders.review} to the commands.")


def _quoted(folder: Path) -> str:
    import shlex

    shown = str(folder)
    return safe(shlex.quote(f"./{shown}" if shown.startswith("-") else shown))  # cd takes -x for an option
