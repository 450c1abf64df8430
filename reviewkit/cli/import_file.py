"""`reviewkit import`: export files become a search run."""

import sys
from pathlib import Path

import click

from reviewkit.cli.common import json_option, now, open_desk, review_option, update_option

FORMATS = (
    "pubmed-xml", "nbib", "ris", "isi", "refer", "ovid", "cochrane", "bibtex", "endnote-xml", "scopus-json", "wos-json",
    "embase-json", "europe-pmc-json", "europe-pmc-references", "crossref-json", "clinicaltrials-json", "openalex-json",
    "csv", "xlsx", "zip",
)  # fmt: skip


@click.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--date", metavar="YYYY-MM-DD", required=True, help="The day of the search.")
@click.option(
    "--database",
    metavar="NAME",
    default="",
    help="Where it was exported: scopus, embase, pubmed ...; told from the entries where they show it.",
)
@click.option("--strategy", metavar="TEXT", default="", help="What was searched; else the protocol's strategy for it.")
@click.option("--platform", metavar="NAME", default="", help="The platform, such as Ovid or EBSCOhost.")
@click.option(
    "--reported", metavar="N", type=click.IntRange(min=0), help="How many records the database said it found."
)
@click.option(
    "--kind",
    type=click.Choice(["database", "register", "other"]),
    help="Where PRISMA counts it; needed for a database that reviewkit does not know.",
)
@click.option("--format", type=click.Choice(FORMATS), help="The file's format, where its content is misleading.")
@click.option(
    "--map",
    "columns",
    metavar="COLUMN=FIELD",
    multiple=True,
    help="Read a table's column as a field, such as 'Titel=title'; repeat it for more.",
)
@click.option("--dry-run", is_flag=True, help="Read and report, and keep nothing.")
@update_option
@review_option
@json_option
def command(
    files: tuple[Path, ...],
    date: str,
    database: str,
    strategy: str,
    platform: str,
    reported: int | None,
    kind: str | None,
    format: str | None,
    columns: tuple[str, ...],
    dry_run: bool,
    update: int,
    review: str | None,
    as_json: bool,
) -> None:
    """Import export files (RIS, BibTeX, CSV, Excel, zip ...) as a search run.

    Several files are the parts of one search, as where a database hands out 1,000 records at a time. They are kept
    untouched in searches/REVIEW/DATE-DATABASE. What can be read is kept and every entry that cannot is named with
    its line; the exit status is 0 only when nothing was lost.
    """
    from reviewkit.cli.import_view import show_imported, show_look, to_json
    from reviewkit.cli.reading import importing
    from reviewkit.model.runs import SourceKind
    from reviewkit.steps.importing import Said, import_files, look_at_files

    for text in columns:
        if not text.rpartition("=")[0].strip():
            raise click.BadParameter(f"'{text}' is not COLUMN=FIELD, such as 'Titel=title'.", param_hint="--map")
    said = Said(
        date=date, database=database, kind=SourceKind(kind) if kind else None, platform=platform, strategy=strategy,
        format=format or "", columns=columns, reported=reported, update=update,
    )  # fmt: skip
    desk = open_desk(review)
    with importing() as (reading, loading):
        if dry_run:
            imported = look_at_files(desk.folders, desk.protocol, files, said, now=now, reading=reading)
        else:
            imported = import_files(
                desk.folders, desk.protocol, desk.store, files, said, now=now, reading=reading, loading=loading
            )
    if as_json:
        to_json(imported, dry_run)
    elif dry_run:
        show_look(imported)
    else:
        show_imported(desk, imported, review)
    if not imported.is_whole:
        sys.exit(1)
