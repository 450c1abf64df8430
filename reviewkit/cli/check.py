"""`reviewkit check`: every mistake of a protocol, with its place."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import json_option, look_into, print_json, review_option, safe

if TYPE_CHECKING:
    from reviewkit.model.protocol import Protocol
    from reviewkit.steps.checking import Checked
    from reviewkit.steps.versions import EarlierVersion


@click.command(name="check")
@review_option
@json_option
def command(review: str | None, as_json: bool) -> None:
    """Check the protocol and list every mistake with its place.

    Checks every review of the workspace, or the one named with --review. A sound protocol is summed up, and where
    decisions were made under an earlier version, what has changed since is shown. The exit status is 1 when there
    are mistakes, or a search strategy is surely wrong.
    """
    from functools import partial
    from pathlib import Path

    from reviewkit.errors import NoProtocol
    from reviewkit.steps.checking import check
    from reviewkit.workspace import find_workspace

    workspace = find_workspace(Path.cwd())
    names = [review] if review else workspace.reviews()
    if not names:
        raise NoProtocol(folder=workspace.protocols)
    reviews = [workspace.choose(name) for name in names]
    found = [check(folders, partial(look_into, folders)) for folders in reviews]
    if as_json:
        print_json([_plain(checked) for checked in found])
    else:
        for checked in found:
            _present(checked)
    if not all(checked.is_sound for checked in found):
        sys.exit(1)


def _present(checked: "Checked") -> None:
    if checked.protocol is None:
        count = f"{len(checked.problems)} mistake{'s' if len(checked.problems) > 1 else ''}"
        click.echo(safe(f"{checked.review}: {count}. Mend them, then run 'reviewkit check' again."))
        for problem in checked.problems:
            click.echo(f"  {safe(problem)}")
        return
    protocol = checked.protocol
    click.echo(safe(f"{checked.review}: no mistakes (version {protocol.version})."))
    click.echo(f"  {safe(protocol.title)}")
    for label, text in _summary(protocol).items():
        click.echo(f"  {label + ':':<12}{safe(text)}")
    for note in checked.notes:
        click.echo(f"  Note: {safe(note)}")
    _present_strategies(checked)
    for earlier in checked.earlier:
        present_earlier(earlier)


def _present_strategies(checked: "Checked") -> None:
    """Print in brief what is wrong or doubtful in the strategies; the places are shown by the command named."""
    from reviewkit.model.runs import database_label
    from reviewkit.steps.strategy_check import place_of

    told = [
        f"  Strategy {finding.severity}: {database_label(strategy.database)}, {place_of(finding)}: {finding.why}"
        for strategy in checked.strategies
        for finding in strategy.findings
        if finding.severity != "note"
    ]
    for text in dict.fromkeys(told):
        click.echo(safe(text))
    if told:
        click.echo("  'reviewkit strategy check' shows the places and what to write instead.")


def present_earlier(earlier: "EarlierVersion") -> None:
    """Print how many decisions rest on an earlier protocol version, and what has changed since."""
    noun = "decision was" if earlier.decisions == 1 else "decisions were"
    since = f" of {earlier.since[:10]}" if earlier.since else ""
    click.echo(f"  {earlier.decisions} {noun} made under protocol version {earlier.version}{since}.")
    if not earlier.known:
        click.echo("    Its text is not kept, so what has changed since cannot be shown.")
    elif not earlier.changes:
        click.echo("    Criteria and stages are the same now.")
    for change in earlier.changes:
        click.echo(f"    {safe(change.what)} was {change.kind}:")
        for sign, text in (("-", change.before), ("+", change.after)):
            if text:
                click.echo(f"      {sign} {safe(text)}")


def _summary(protocol: "Protocol") -> dict[str, str]:
    from reviewkit.model.runs import database_label

    fields = sum(len(group.field) for group in protocol.extraction.group)
    stages = (f"{s.label.lower()} by {s.reviewers}" for s in protocol.stage)
    return {
        "Searches": ", ".join(database_label(search.database) for search in protocol.search) or "none",
        "Criteria": f"{len(protocol.include)} to include, {len(protocol.exclude)} to exclude",
        "Screening": ", ".join(stages),
        "Extraction": f"{fields} fields in {len(protocol.extraction.group)} groups, by {protocol.extraction.reviewers}",
    }


def _plain(checked: "Checked") -> dict[str, Any]:
    protocol = checked.protocol
    return {
        "review": checked.review,
        "problems": checked.problems,
        "title": protocol.title if protocol else "",
        "version": protocol.version if protocol else "",
        "searches": [search.database for search in protocol.search] if protocol else [],
        "include": [criterion.id for criterion in protocol.include] if protocol else [],
        "exclude": [criterion.id for criterion in protocol.exclude] if protocol else [],
        "stages": {s.id.value: s.reviewers for s in protocol.stage} if protocol else {},
        "fields": sum(len(g.field) for g in protocol.extraction.group) if protocol else 0,
        "notes": checked.notes,
        "earlier": checked.earlier,
        "strategies": checked.strategies,
    }
