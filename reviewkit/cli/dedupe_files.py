"""`reviewkit dedupe FILE...`: duplicates among export files, with no workspace."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import console, print_json, safe, table
from reviewkit.cli.reading import watched
from reviewkit.steps.dedup_files import COMPARING, Outputs, deduplicate_files
from reviewkit.steps.wording import counted

if TYPE_CHECKING:
    from reviewkit.steps.dedup_files import FilesDeduplicated
    from reviewkit.steps.rule_counts import RuleCount

_SHOWN = 50  # findings printed; --json gives all of them


def dedupe_files(files: Sequence[Path], outputs: Outputs, as_json: bool) -> None:
    """Find the duplicates among files, write what was asked for and report; exit 1 where an entry was lost."""
    # Nothing here is linear algebra, and starting numpy's threads for it takes as long as reading a thousand entries.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with watched(COMPARING) as progress:
        report = deduplicate_files(files, outputs, progress)
    if as_json:
        print_json(_plain(report))
    else:
        _tell(report)
    gc.freeze()  # nor look at the end, when all goes anyway
    if report.rejected:
        if not as_json:
            lost = counted(report.rejected, "entry")
            click.echo(f"{lost} could not be read; what could be read was compared and written.", err=True)
        sys.exit(1)


def _tell(report: "FilesDeduplicated") -> None:
    for file in report.files:
        read = counted(file.read, "entry")
        click.echo(safe(f"{file.file} ({file.format}): {read}, {file.kept:,} kept, {file.rejected:,} not readable."))
    for finding in report.findings[:_SHOWN]:
        click.echo(f"  {'not kept' if finding.rejected else 'note'}: {safe(str(finding))}", err=True)
    if (more := len(report.findings) + report.more_findings - _SHOWN) > 0:
        click.echo(f"  and {more:,} more; --json lists them.", err=True)
    if report.rules:
        _tell_rules(report.rules)
    duplicates = f"{counted(report.duplicates, 'duplicate')} in {counted(report.clusters, 'cluster')}"
    click.echo(f"\n{counted(report.kept, 'entry')}: {counted(report.records, 'record')}, {duplicates}.")
    if report.related:
        pairs = counted(report.related, "pair")
        click.echo(f"{pairs} report one study (preprint and article, register entry and article); they stay apart.")
    if report.unsure:
        click.echo(f"{counted(report.unsure, 'pair')} may be one publication; a person decides (--unsure lists them).")
    if report.prefixed:
        click.echo("Several tables use the same ids, so each id has the name of its file before it.")
    for path in report.written:
        click.echo(safe(f"Written: {path}"))


def _tell_rules(rules: "Sequence[RuleCount]") -> None:
    """Print the table of rules, its last column wrapped on a terminal; a file or program gets whole lines."""
    columns = {"rule": "left", "same": "right", "unsure": "right", "related": "right", "reason": "left"}
    rows = [(r.rule, f"{r.same:,}", f"{r.unsure:,}", f"{r.related:,}", r.reason) for r in rules]
    if sys.stdout.isatty():
        out = console()
        out.print()
        out.print(table("Pairs by rule", columns, rows))
        return
    click.echo("\nPairs by rule")
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (tuple(columns), *rows):
        cells = zip(row, widths, columns.values(), strict=True)
        line = "  ".join(f"{cell:>{width}}" if side == "right" else f"{cell:{width}}" for cell, width, side in cells)
        click.echo(line.rstrip())


def _plain(report: "FilesDeduplicated") -> dict[str, object]:
    files = [
        {"file": f.file, "format": f.format, "read": f.read, "kept": f.kept, "rejected": f.rejected}
        for f in report.files
    ]
    return {
        "files": files, "findings": report.findings, "more_findings": report.more_findings, "kept": report.kept,
        "rejected": report.rejected, "records": report.records, "duplicates": report.duplicates,
        "clusters": report.clusters, "rules": report.rules, "unsure": report.unsure, "related": report.related,
        "prefixed": report.prefixed, "written": report.written,
    }  # fmt: skip
