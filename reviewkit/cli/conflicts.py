"""`reviewkit conflicts`: where reviewers differ, and settling it."""

from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, only_stage_option, review_option, reviewer_option, stage_option
from reviewkit.model.decisions import Verdict
from reviewkit.model.protocol import CONSENSUS

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk
    from reviewkit.model.citation import Citation
    from reviewkit.model.protocol import Protocol
    from reviewkit.steps.conflicts import Conflict

_SETTLING = [verdict.value for verdict in Verdict if verdict is not Verdict.MAYBE]


@click.group("conflicts", invoke_without_command=True)
@only_stage_option
@json_option
@review_option
@click.pass_context
def command(context: click.Context, stage: str | None, as_json: bool, review: str | None) -> None:
    """List the conflicts between reviewers, and settle them.

    'reviewkit conflicts settle' shows one after another and asks.
    """
    if context.invoked_subcommand:
        if as_json:
            raise click.UsageError("--json lists the conflicts; 'reviewkit conflicts settle' has no such output.")
        context.obj = (stage, review)
        return
    from reviewkit.cli.common import open_desk, print_json, words
    from reviewkit.steps.conflicts import find_conflicts
    from reviewkit.steps.standing import load_records, standing

    desk = open_desk(review)
    stand = standing(desk.store, desk.protocol)
    found = find_conflicts(stand, desk.protocol, stage or "")
    records = load_records(desk.store, stand, {conflict.record for conflict in found})
    if as_json:
        print_json([_plain(conflict, records[conflict.record].title) for conflict in found])
    elif found:
        _show(desk.protocol, found, records)
        click.echo(f"Next: {words('conflicts', 'settle', review=review)}")
    else:
        click.echo("There is no conflict to settle.")
        click.echo(f"Next: {words('status', review=review)}")


def _plain(conflict: "Conflict", title: str) -> dict[str, object]:
    from reviewkit.model.ids import record_label

    return {
        "record": record_label(conflict.record),
        "title": title,
        "stage": conflict.stage.id.value,
        "settled_by": conflict.stage.settled_by,
        "verdicts": [
            {"reviewer": v.by, "verdict": v.verdict.value, "criterion": v.criterion, "note": v.note, "at": v.at}
            for v in conflict.votes
        ],
    }


def _show(protocol: "Protocol", found: "list[Conflict]", records: "dict[int, Citation]") -> None:
    """Print a table for each stage that has conflicts, and who settles them."""
    from reviewkit.cli.common import console, safe, table
    from reviewkit.cli.record_view import verdict_text
    from reviewkit.model.ids import record_label
    from reviewkit.steps.decide import STAGE_NAMES

    for each in protocol.stage:
        rows = []
        for conflict in (c for c in found if c.stage is each):
            for place, vote in enumerate(conflict.votes):
                first = (record_label(conflict.record), records[conflict.record].title) if not place else ("", "")
                note = f" ({vote.note})" if vote.note else ""
                rows.append((*first, vote.by, verdict_text(vote, protocol) + note))
        if rows:
            columns = {"record": "left", "title": "left", "reviewer": "left", "verdict": "left"}
            console().print(table(f"Conflicts at {STAGE_NAMES[each.id]}", columns, rows))
            click.echo()
    for each in dict.fromkeys(c.stage for c in found if c.stage.settled_by != CONSENSUS):
        click.echo(safe(f"By the protocol {each.settled_by} settles the conflicts at {STAGE_NAMES[each.id]}."))


@command.command("settle")
@click.argument("record", required=False)
@click.argument("verdict", required=False, type=click.Choice(_SETTLING))
@click.option("--criterion", metavar="ID", default="", help="The exclusion criterion, as E1.")
@click.option("--note", metavar="WHY", default="", help="Why; needed, and kept with the decision.")
@stage_option
@reviewer_option
@review_option
@click.pass_obj
def settle_one(
    outer: tuple[str | None, str | None],
    record: str | None,
    verdict: str | None,
    criterion: str,
    note: str,
    stage: str | None,
    reviewer: str | None,
    review: str | None,
) -> None:
    """Settle one conflict, or go through all of them in the terminal.

    \b
    reviewkit conflicts settle
    reviewkit conflicts settle r12 exclude --criterion E2 --note WHY

    Who may settle is in the protocol (settled_by). A settled conflict can be settled otherwise later.
    """
    from reviewkit.cli.common import console, need_terminal, now, open_desk, who
    from reviewkit.cli.record_view import verdict_text
    from reviewkit.model.decisions import Decision
    from reviewkit.model.ids import parse_id, record_label
    from reviewkit.steps.conflicts import settle
    from reviewkit.steps.decide import STAGE_NAMES
    from reviewkit.steps.standing import standing

    if record and not verdict:
        raise click.UsageError(f"Say how {record} is settled: one of {', '.join(_SETTLING)}.")
    if not record:
        need_terminal("reviewkit conflicts settle", "reviewkit conflicts settle r12 exclude --criterion E2 --note WHY")
    stage, review = stage or outer[0], review or outer[1]  # given before "settle" they count as well
    desk = open_desk(review)
    name = who(reviewer, desk)
    if not record or not verdict:
        _walk(desk, name, stage or "", review)
        return
    wanted = Decision(
        record=parse_id(record), stage=stage or "", verdict=Verdict(verdict), criterion=criterion,
        by=name, at=now(), note=note,
    )  # fmt: skip
    made = settle(desk.store, desk.protocol, standing(desk.store, desk.protocol), wanted)
    said = f"{record_label(made.record)} at {STAGE_NAMES[made.stage]}: {verdict_text(made, desk.protocol)}"
    console().print(f"{said}, settled." if made.n else f"{said}. That stands already; nothing was added.")


def _walk(desk: "Desk", name: str, stage: str, review: str | None) -> None:
    """Go through the conflicts in the terminal."""
    from reviewkit.cli.common import console, now, safe, words
    from reviewkit.cli.settling import settle_all
    from reviewkit.steps.conflicts import find_conflicts, may_settle
    from reviewkit.steps.standing import standing

    found = find_conflicts(standing(desk.store, desk.protocol), desk.protocol, stage)
    if any(may_settle(conflict.stage, name) for conflict in found):
        settled = settle_all(console(), desk.store, desk.protocol, name, stage, now)
        left = find_conflicts(standing(desk.store, desk.protocol), desk.protocol, stage)
        click.echo(f"Conflicts settled: {settled}; still open: {len(left)}.")
        click.echo(f"Next: {words('conflicts' if left else 'status', review=review)}")
    elif found:
        names = ", ".join(sorted({conflict.stage.settled_by for conflict in found}))
        click.echo(safe(f"By the protocol these conflicts are settled by {names}, not by {name}: {len(found)} open."))
    else:
        click.echo("There is no conflict to settle.")
