"""How checks, counts and translations of strategies, and known papers, are printed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import console, safe, table, words

if TYPE_CHECKING:
    from reviewkit.model.runs import Line
    from reviewkit.model.strategy_findings import StrategyFinding
    from reviewkit.steps.known_items import KnownItem, KnownReport
    from reviewkit.steps.strategy_check import CheckedStrategy
    from reviewkit.steps.strategy_counts import StrategyCount
    from reviewkit.steps.strategy_online import OnlineCheck
    from reviewkit.steps.strategy_proposal import Proposal

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def show_checked(checked: "CheckedStrategy", online: "OnlineCheck | None") -> None:
    """Print what was found in one strategy, each place with a caret under it."""
    from reviewkit.model.runs import database_label

    lines = f", {checked.lines} lines" if checked.lines else ""
    rules = "" if checked.syntax else " (its own rules are not known here: brackets, quotes and operators only)"
    click.echo(click.style(safe(f"{database_label(checked.database)}{lines}{rules}"), bold=True))
    findings = [*checked.findings, *(online.findings if online else ())]
    for finding in findings:
        show_finding(finding)
    if not findings:
        click.echo("  no mistake was found")
    if online:
        _show_online(online)


def show_finding(finding: "StrategyFinding") -> None:
    """Print one finding: what, where, why, and what to write instead."""
    from reviewkit.steps.strategy_check import place_of

    head = click.style(finding.severity.value, fg=_COLOURS[finding.severity.value], bold=True)
    click.echo(f"  {head} {safe(place_of(finding))}: {safe(finding.why)} [{safe(finding.rule)}]")
    if finding.excerpt:
        click.echo(f"      {safe(finding.excerpt)}")
        click.echo(f"      {finding.caret}")
    if finding.mend:
        click.echo(f"      -> {safe(finding.mend)}")


def show_lines(lines: "Sequence[Line]") -> None:
    """Print the lines of a strategy with what each finds, as search appendices do."""
    if not lines:
        return
    rows = [(f"#{line.label}", line.text, f"{line.count:,}" if line.count >= 0 else "not counted") for line in lines]
    console().print(table("", {"line": "left", "query": "left", "records": "right"}, rows))


def show_counts(counts: "Sequence[StrategyCount]", review: str | None) -> None:
    """Print what each strategy would find today."""
    from reviewkit.model.runs import database_label

    rows = []
    for count in counts:
        said = f"{count.reported:,}" if count.reported >= 0 else "by hand" if count.by_hand else "not known"
        rows.append((database_label(count.database), said, "; ".join(count.limits) or "none"))
    columns = {"database": "left", "records": "right", "limits": "left"}
    console().print(table("Nothing was fetched or written.", columns, rows))
    for count in counts:
        if count.by_hand and not count.problem:
            continue
        click.echo("\n" + click.style(safe(database_label(count.database)), bold=True))
        told = [("strategy", count.strategy)]
        told += [("read as", count.translation)] if count.translation else []
        told += [("warning", warned) for warned in count.warnings]
        told += [("problem", count.problem)] if count.problem else []
        if count.cap is not None and count.reported > count.cap:
            told.append(("warning", f"it hands out at most {count.cap:,} records for one search"))
        for name, text in told:
            click.echo(f"  {name:<13}{safe(' '.join(text.split()))}")
        show_lines(count.lines)
        if count.lines and count.limits:
            click.echo("  The lines are counted without the limits.")
    click.echo(f"\nNext: {words('search', review=review)}")


def show_proposal(proposal: "Proposal") -> None:
    """Print a translation, loudly as what it is: a proposal."""
    click.echo(click.style(safe(f"{proposal.label}: A PROPOSAL, NOT A STRATEGY"), bold=True))
    click.echo("To be checked by a person who knows the database, line by line, before it is used.\n")
    click.echo(safe(proposal.toml))
    for title, told in (
        ("NOT CARRIED OVER, because the database has nothing like it:", proposal.lost),
        ("To be looked at:", proposal.notes),
    ):
        if told:
            click.echo(title)
            for text in told:
                click.echo(f"  - {safe(text)}")
    for finding in proposal.findings:
        show_finding(finding)
    if proposal.read_by:
        click.echo(safe(f"{proposal.read_by} read the proposal by the rules of {proposal.label}."))
    click.echo()


def show_known(report: "KnownReport", review: str | None, *, online: bool) -> None:
    """Print which of the papers of must_find the searches brought."""
    from reviewkit.model.runs import database_label

    count = len(report.items)
    papers = "paper" if count == 1 else "papers"
    click.echo(
        click.style(f"Known {papers} (must_find): {len(report.found)} of {count} found", bold=True)
        + (f", {len(report.missed)} MISSED" if report.missed else "")
    )
    for item in report.items:
        click.echo(f"  {'found ' if item.is_found else 'MISSED'}  {safe(item.name)}{safe(_brought(item))}")
        for place in item.databases:
            if place.why and (place.searched or not item.is_found):
                click.echo(f"            {safe(place.why)}")
            elif not place.found_by and place.searched and not item.is_found:
                click.echo(f"            {safe(database_label(place.database))}: its search did not bring it")
    for told in report.unasked:
        click.echo(f"  {safe(told)}")
    if report.missed and not online:
        click.echo(f"  '{words('strategy', 'known', '--online', review=review)}' asks the databases why.")


def _brought(item: "KnownItem") -> str:
    from reviewkit.model.runs import database_label

    by = [database_label(place.database) for place in item.databases if place.found_by]
    also = ", ".join(f"{known.kind.upper()} {known.key}" for known in item.also)
    return (f" ({also})" if also else "") + (f": {', '.join(by)}" if by else "")


def _show_online(online: "OnlineCheck") -> None:
    if online.reported >= 0:
        told = f"{online.reported:,} records without its limits ({online.asked:,} counts asked)"
        click.echo(f"  The strategy finds {told}.")
    show_lines(online.lines)
    if online.left_out:
        click.echo(f"  {online.left_out:,} more terms were not looked at; there are too many to ask for each.")
    if online.problem:
        click.echo(f"  {click.style('problem', fg='red', bold=True)} {safe(online.problem)}")
