"""`reviewkit convert`: an export file in another format, with no workspace."""

import sys
from pathlib import Path

import click

from reviewkit.cli.common import json_option, print_json, safe

_SHOWN = 50  # findings printed; --json gives all of them
_WRITTEN = ["ris", "bibtex", "endnote-xml", "csv"]


@click.command("convert")
@click.argument("file", metavar="IN", type=click.Path(path_type=Path))
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "to_format", type=click.Choice(_WRITTEN), help="The format to write; else the ending of OUT.")
@click.option("--from", "from_format", metavar="FORMAT", help="The format of IN, where its content misleads.")
@click.option(
    "--for",
    "tool",
    type=click.Choice(["covidence", "rayyan", "asreview"]),
    help="Write what this program imports.",
)
@click.option("--map", "named", metavar="COLUMN=FIELD", multiple=True, help="Read a table's column as this field.")
@click.option("--overwrite", is_flag=True, help="Write over OUT, where it is there already.")
@json_option
def command(
    file: Path,
    output: Path,
    to_format: str | None,
    from_format: str | None,
    tool: str | None,
    named: tuple[str, ...],
    overwrite: bool,
    as_json: bool,
) -> None:
    """Convert an export file to RIS, BibTeX, EndNote XML or CSV.

    IN may be of any format that 'reviewkit import' takes; its content tells which. Every field comes along, so that
    converting back gives the same. Entries that cannot be read are named with their line, and the exit status is 0
    only when every entry was read. IN is never changed.
    """
    from reviewkit.cli.reading import watched
    from reviewkit.formats import FORMATS
    from reviewkit.steps.convert import convert_file, summary

    if tool and to_format:
        raise click.UsageError("--for says the format too; leave --to out.")
    if from_format and from_format not in FORMATS:
        raise click.BadParameter(f"'{from_format}' is none of {', '.join(FORMATS)}.", param_hint="--from")
    columns = dict(pair.rpartition("=")[::2] for pair in named)
    for pair in named:
        if not pair.rpartition("=")[0].strip():
            raise click.BadParameter(f"'{pair}' is not COLUMN=FIELD, such as 'Titel=title'.", param_hint="--map")
    with watched() as progress:
        done = convert_file(
            file,
            output,
            progress=progress,
            from_format=from_format or "",
            to_format=to_format or "",
            tool=tool or "",
            columns=columns,
            overwrite=overwrite,
        )
    if as_json:
        print_json({
            "file": done.file, "read_as": done.read_as, "read": done.read, "kept": done.kept, "rejected": done.rejected,
            "output": done.output, "written_as": done.written_as, "warnings": done.warnings,
            "findings": done.findings, "more_findings": done.more_findings,
        })  # fmt: skip
    else:
        click.echo(safe(summary(done)))
        for finding in done.findings[:_SHOWN]:
            click.echo(f"  {'not kept' if finding.rejected else 'note'}: {safe(str(finding))}", err=True)
        if (more := len(done.findings) + done.more_findings - _SHOWN) > 0:
            click.echo(f"  and {more:,} more; --json lists them.", err=True)
        click.echo(safe(f"Written: {done.output} ({done.written_as})"))
        for warning in done.warnings:
            click.echo(f"  note: {warning}", err=True)
    if done.rejected:
        sys.exit(1)
