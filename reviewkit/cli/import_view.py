"""How an import is shown: what was told from the files, what they held, and what to do about losses."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import Desk, print_json, safe, words
from reviewkit.steps.wording import counted

if TYPE_CHECKING:
    from reviewkit.model.citation import Citation
    from reviewkit.steps.import_reading import ReadFile
    from reviewkit.steps.importing import Imported

_SHOWN = 50  # findings printed; --json gives all of them
_PARTS = 10  # files of an archive named


def show_imported(desk: Desk, imported: "Imported", review: str | None) -> None:
    """Print what an import brought, what was lost, and the next command."""
    from reviewkit.cli.search import show_run

    _show_files(imported)
    show_run(desk, imported.run)
    if imported.from_protocol:
        click.echo("  The strategy is the protocol's; if another was used, give it with --strategy.")
    _show_findings(imported)
    for line in _losses(imported):
        click.echo(safe(line), err=True)
    click.echo(f"Next: {words('dedupe', review=review)}")


def show_look(imported: "Imported") -> None:
    """Print what an import would bring: fields, first entries, doubts."""
    _show_files(imported)
    for file in imported.files:
        click.echo(safe(f"  filled in: {', '.join(_filled(file))}"))
        for number, citation in enumerate(file.sample, start=1):
            click.echo(safe(f"  {number}. {_line(citation)}"))
    _show_findings(imported)
    for warning in imported.run.warnings:
        click.echo(safe(f"  warning: {warning}"), err=True)
    click.echo("Nothing was kept. The same command without --dry-run imports it.")


def to_json(imported: "Imported", dry_run: bool) -> None:
    """Print an import as JSON, every finding included."""
    print_json(
        {
            "run": imported.run,
            "dry_run": dry_run,
            "whole": imported.is_whole,
            "database_guessed": imported.guessed,
            "strategy_from_protocol": imported.from_protocol,
            "files": [_facts(file) for file in imported.files],
            "findings": imported.findings,
        }
    )


def _facts(file: "ReadFile") -> dict[str, Any]:
    return {
        "name": file.name,
        "format": file.response.format,
        "entries": file.read,
        "kept": file.kept,
        "rejected": file.rejected,
        "begun": file.origin.begun,
        "members": dict(file.origin.members),
        "databases": dict(file.origin.databases),
        "platforms": dict(file.origin.platforms),
        "written_by": file.origin.program,
        "columns": dict(file.columns),
        "filled": {field: file.filled[field] for field in sorted(file.filled)},
        "sample": file.sample,
    }


def _show_files(imported: "Imported") -> None:
    from reviewkit.formats import FORMATS
    from reviewkit.model.runs import database_label

    for file in imported.files:
        entries = "entry" if file.read == 1 else "entries"
        click.echo(f"{safe(file.name)}: {file.read:,} {entries}, {file.kept:,} kept, {file.rejected:,} not readable.")
        told = f"  read as {FORMATS[file.response.format].label}"
        if parts := [f"{name} as {FORMATS[kind].label}" for name, kind in file.origin.members]:
            more = f" and {len(parts) - _PARTS} more" if len(parts) > _PARTS else ""
            told += f" ({', '.join(parts[:_PARTS])}{more})"
        if imported.guessed:
            label, platform = database_label(imported.run.database), imported.run.platform
            told += f"; the entries come from {label}{f' on {platform}' if platform not in ('', label) else ''}"
            told += " (--format and --database overrule this)"
        click.echo(safe(told))
        for line in _columns(file):
            click.echo(safe(line))


def _columns(file: "ReadFile") -> Iterator[str]:
    """Which column of a table was read as which field."""
    if not file.columns:
        return
    known = [
        f"{heading} = {field}" if heading.lower() != field else heading for heading, field in file.columns if field
    ]
    left = [heading for heading, field in file.columns if heading and not field]
    yield f"  columns: {', '.join(known)}"
    if left:
        yield f"  not read: {', '.join(left)} (--map COLUMN=FIELD reads one)"


def _filled(file: "ReadFile") -> list[str]:
    """The fields by how often they say something."""
    often = sorted(file.filled.items(), key=lambda item: (-item[1], item[0]))
    return [f"{field.replace('_', ' ')} {count * 100 // file.kept} %" for field, count in often]


def _line(citation: "Citation") -> str:
    authors = f"{citation.first_author} et al." if len(citation.authors) > 1 else citation.first_author
    where = " ".join(filter(None, [citation.journal, str(citation.year or "")]))
    number = citation.doi or citation.pmid or citation.accession
    return ". ".join(part.rstrip(".") for part in (authors, citation.title[:200], where, number) if part)


def _show_findings(imported: "Imported") -> None:
    for finding in imported.findings[:_SHOWN]:
        click.echo(f"  {'not kept' if finding.rejected else 'note'}: {safe(str(finding))}", err=True)
    if len(imported.findings) > _SHOWN:
        more = len(imported.findings) - _SHOWN
        click.echo(f"  and {more:,} more; --json lists them all.", err=True)


def _losses(imported: "Imported") -> Iterator[str]:
    """Say what is not in the review, and what to do about it."""
    run = imported.run
    if run.rejected:
        yield (
            f"NOT WHOLE: {run.rejected:,} of {counted(run.retrieved + run.rejected, 'entry')} could not be kept; the "
            "others are in the review. Look up what stands at the lines named above, and import that as a further file."
        )
    if not run.complete:
        yield (
            f"INCOMPLETE: {run.retrieved + run.rejected:,} of {run.reported:,} reported records are in the "
            f"{'file' if len(imported.files) == 1 else 'files'}. Export the others and import them as a further file; "
            "status and report go on to say that this one is incomplete."
        )
    if any(file.missed for file in imported.files):
        yield "The warning above says where entries may be missing."
