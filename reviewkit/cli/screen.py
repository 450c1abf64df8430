"""`reviewkit screen`: one record at a time, one key a decision."""

from contextlib import closing

import click

from reviewkit.cli.common import review_option, reviewer_option, stage_option
from reviewkit.model.protocol import Order


@click.command("screen")
@reviewer_option
@stage_option
@click.option(
    "--order",
    type=click.Choice([order.value for order in Order]),
    help="What comes first in this sitting; the protocol says it when not given.",
)
@review_option
def command(reviewer: str | None, stage: str | None, order: str | None, review: str | None) -> None:
    """Screen records in the terminal, one at a time.

    Without --stage it is the first stage at which something waits for you. Every decision is stored at once; stop
    with q whenever you like, the same command goes on from there. What other reviewers decided is not shown before
    you have decided. Enter alone never decides.

    In the order of relevance, which is learned from your decisions while you read, w shows why a record came up.
    """
    from reviewkit.cli.common import console, need_terminal, now, open_desk, safe, who, words
    from reviewkit.cli.screening import screen
    from reviewkit.steps.decide import STAGE_NAMES, find_stage
    from reviewkit.steps.ranker import Ranker
    from reviewkit.steps.screen import what_next
    from reviewkit.steps.sitting import Sitting
    from reviewkit.steps.status import dedupe_due

    need_terminal("reviewkit screen", "reviewkit decide r12 include, or reviewkit decide import FILE.csv")
    desk = open_desk(review)
    name = who(reviewer, desk)
    at = find_stage(desk.protocol, stage) if stage else None
    with closing(Ranker(desk.folders, desk.protocol)) as ranker:
        sitting = Sitting(desk.store, desk.protocol, at, name, now, Order(order) if order else None, ranker)
        before, chosen = sitting.standing(), sitting.stage
        warning = _warning(len(before.unsure), dedupe_due(desk.store, before))
        decided = screen(console(), desk.protocol, before.runs, sitting, warning) if sitting.current() else 0

    if warning:
        click.echo(warning)
    done, later, where = sitting.progress(), sitting.left_for_later(), STAGE_NAMES[chosen.id]
    maybe = f", {done.maybe} of them maybe" if done.maybe else ""
    put_off = f"; {later} put off to the next sitting" if later else ""
    told = f"{done.done} of {done.total} at {where}{maybe}: {decided} in this sitting{put_off}."
    click.echo(safe(f"{name} has decided {told}"))
    if sitting.asked_for in (Order.RELEVANCE, Order.RANDOM):
        from reviewkit.steps.stopping import in_short

        if found := in_short(desk.store, desk.protocol, sitting.standing(), name):
            click.echo(f"{found} More: reviewkit stopping")
    following = what_next(sitting.standing(), desk.protocol, chosen.id, name)
    click.echo(f"\nNext ({safe(following.why)}):\n  {safe(words(*following.command, review=review))}")


def _warning(unsure: int, due: bool) -> str:
    """Say what should be done before screening, although it can wait."""
    if due:
        return "Duplicates were not looked for yet: 'reviewkit dedupe' saves work."
    if unsure:
        pairs = "1 uncertain duplicate waits" if unsure == 1 else f"{unsure} uncertain duplicates wait"
        return f"{pairs} for a person: 'reviewkit dedupe' shows them."
    return ""
