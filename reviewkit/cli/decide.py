"""`reviewkit decide`: decisions for scripts, one at a time or as a table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import only_stage_option, review_option, reviewer_option, stage_option
from reviewkit.cli.decide_import import command as import_table
from reviewkit.model.decisions import Verdict

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk


class _RecordFirst(click.Group):
    """`decide r12 include` means `decide record r12 include`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            if len(args) == 1 and not args[0].startswith("-") and not any(c.isdigit() for c in args[0]):
                ctx.fail(f"No such command '{args[0]}'; there are {', '.join(self.list_commands(ctx))}.")
            args = ["record", *args]
        return super().parse_args(ctx, args)


@click.group("decide", cls=_RecordFirst)
def command() -> None:
    """Record, undo, import or export decisions without a terminal.

    \b
    reviewkit decide r12 include
    reviewkit decide r12 exclude --criterion E1
    reviewkit decide import decisions.csv

    A later decision of the same person on the same record revises the earlier one; nothing is ever deleted.
    """


@command.command("record")
@click.argument("record")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@click.option("--criterion", metavar="ID", default="", help="The exclusion criterion, as E1.")
@click.option("--note", metavar="TEXT", default="", help="Kept with the decision.")
@stage_option
@reviewer_option
@review_option
def record_one(
    record: str,
    verdict: str,
    criterion: str,
    note: str,
    stage: str | None,
    reviewer: str | None,
    review: str | None,
) -> None:
    """Record one decision; 'reviewkit decide r12 include' for short.

    Without --stage it is made on the title and abstract; once those are decided, --stage says which is meant.
    not-retrieved, awaiting and ongoing are for full texts.
    """
    from reviewkit.cli.common import now, safe
    from reviewkit.cli.record_view import verdict_text
    from reviewkit.model.decisions import Decision
    from reviewkit.model.ids import parse_id, record_label
    from reviewkit.steps.decide import STAGE_NAMES, record_decision
    from reviewkit.steps.flags import find_flags
    from reviewkit.steps.standing import standing

    desk, name = _desk_of(reviewer, review)
    asked = parse_id(record)
    wanted = Decision(
        record=asked, stage=stage or "", verdict=Verdict(verdict), criterion=criterion, by=name, at=now(), note=note
    )
    stand = standing(desk.store, desk.protocol)
    made = record_decision(desk.store, desk.protocol, stand, wanted)
    what = f"{record_label(made.record)} at {STAGE_NAMES[made.stage]}: {verdict_text(made, desk.protocol)}"
    merged = f" ({record_label(asked)} belongs to it)" if asked != made.record else ""
    click.echo(f"{what}{merged}." if made.n else f"{what}{merged}. That stands already; nothing was added.")
    for flag in find_flags(desk.store, stand, {made.record}).values():
        click.echo(f"It was decided on before: {safe('; '.join(flag.reasons))}.")


@command.command("undo")
@only_stage_option
@reviewer_option
@click.option("--automation", metavar="TOOL", help="Undo the last removal by this tool instead.")
@review_option
def undo(stage: str | None, reviewer: str | None, automation: str | None, review: str | None) -> None:
    """Take back your last decision that still stands.

    Removals and settled conflicts count as decisions.
    """
    from reviewkit.cli.common import now, open_desk
    from reviewkit.cli.record_view import verdict_text
    from reviewkit.model.decisions import Basis
    from reviewkit.model.ids import record_label
    from reviewkit.steps.decide import STAGE_NAMES, undo_last

    if automation:
        desk, name = open_desk(review), automation
    else:
        desk, name = _desk_of(reviewer, review)
    row = undo_last(desk.store, name, now(), stage or "", Basis.AUTOMATION if automation else None)
    said = verdict_text(row, desk.protocol)
    click.echo(f"Taken back: {record_label(row.record)} {STAGE_NAMES.get(row.stage, row.stage)}, {said}.")


@command.command("remove")
@click.argument("records", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", required=True, help="Why, in words; it is counted and exported.")
@click.option("--automation", metavar="TOOL", help="The tool that marked them as ineligible.")
@reviewer_option
@review_option
def remove_records(
    records: tuple[str, ...], reason: str, automation: str | None, reviewer: str | None, review: str | None
) -> None:
    """Remove records before screening, for PRISMA's box of that name.

    With --automation they count as marked as ineligible by automation tools, else as removed for other reasons.
    """
    from reviewkit.cli.common import now, open_desk
    from reviewkit.model.ids import parse_id
    from reviewkit.steps.decide import remove
    from reviewkit.steps.standing import standing

    if automation:
        desk, name = open_desk(review), automation
    else:
        desk, name = _desk_of(reviewer, review)
    wanted = [parse_id(record) for record in records]
    stand = standing(desk.store, desk.protocol)
    removed = remove(desk.store, desk.protocol, stand, wanted, name, now(), reason, bool(automation))
    click.echo(f"Removed before screening: {len(removed)}. 'reviewkit decide undo' takes back one at a time.")


command.add_command(import_table)


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@reviewer_option
@review_option
def export_table(file: Path, reviewer: str | None, review: str | None) -> None:
    """Write the decisions that stand to a CSV.

    FILE may be '-' for the terminal or a pipe.
    Verdicts on a record that waits for another reviewer are left out, all but those of --reviewer.
    """
    from reviewkit.cli.common import open_desk, safe, who_if_told
    from reviewkit.formats.cells import to_csv
    from reviewkit.steps.decision_table import decision_rows
    from reviewkit.steps.standing import standing
    from reviewkit.workspace.files import write_bytes

    desk = open_desk(review)
    own = who_if_told(reviewer, desk)
    header, rows = decision_rows(desk.store, desk.protocol, standing(desk.store, desk.protocol), own)
    content = to_csv(header, rows)
    if str(file) == "-":
        text = content.decode("utf-8-sig")  # the mark at the beginning is for spreadsheets, not for pipes
        if sys.stdout.isatty():
            text = safe(text)
        click.echo(text.encode(), nl=False)
        return
    write_bytes(file, content)
    click.echo(f"{len(rows)} decision{'' if len(rows) == 1 else 's'} written to {safe(str(file))}.")


def _desk_of(reviewer: str | None, review: str | None) -> tuple["Desk", str]:
    """Open the review and find out who decides."""
    from reviewkit.cli.common import open_desk, who

    desk = open_desk(review)
    return desk, who(reviewer, desk)
