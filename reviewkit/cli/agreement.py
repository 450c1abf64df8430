"""`reviewkit agreement`: how far reviewers agree."""

from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, only_stage_option, review_option

if TYPE_CHECKING:
    from reviewkit.steps.agreement import Agreement


@click.command("agreement")
@only_stage_option
@json_option
@review_option
def command(stage: str | None, as_json: bool, review: str | None) -> None:
    """Report raw agreement and Cohen's kappa of two reviewers.

    For every two reviewers and each stage, from the verdicts that each gave before he could see the other's.
    """
    from dataclasses import asdict

    from reviewkit.cli.common import open_desk, print_json, words
    from reviewkit.steps.agreement import agreement
    from reviewkit.steps.standing import standing

    desk = open_desk(review)
    found = agreement(desk.store, desk.protocol, standing(desk.store, desk.protocol), stage or "")
    if as_json:
        print_json([{**asdict(one), "decided": one.decided} for one in found])
        return
    if not found:
        click.echo("No record has been decided by two reviewers yet, so there is nothing to compare.")
        click.echo(f"Next: {words('status', review=review)}")
        return
    for one in found:
        _print(one)
    click.echo("Each verdict is the reviewer's own, as it was before he could see the other's.")
    click.echo("Later changes of mind, the settling of conflicts and records that still wait do not count.")


def _print(one: "Agreement") -> None:
    from reviewkit.cli.common import console, safe, table
    from reviewkit.steps.decide import STAGE_NAMES

    columns = {"": "left", f"{one.right} includes": "right", f"{one.right} excludes": "right"}
    rows = (
        (f"{one.left} includes", one.both_include, one.left_only),
        (f"{one.left} excludes", one.right_only, one.both_exclude),
    )
    console().print(table(f"{one.left} and {one.right}, {STAGE_NAMES[one.stage]}", columns, rows))
    agreed = one.both_include + one.both_exclude
    raw = "" if one.raw is None else f" ({one.raw:.1%})"
    click.echo(f"Raw agreement: {agreed} of {one.decided}{raw}")
    click.echo("Cohen's kappa: " + ("not defined" if one.kappa is None else f"{round(one.kappa, 2) + 0:.2f}"))
    if one.note:
        click.echo(f"Note: {safe(one.note)}.")
    if one.maybe:
        click.echo(f'Note: {one.maybe} of these had a "maybe", which is read as an inclusion here.')
    if one.left_out:
        click.echo(f"Note: {one.left_out} more, on which one of the two neither included nor excluded, are left out.")
    click.echo()
