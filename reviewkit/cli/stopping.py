"""`reviewkit stopping`: how much has been found, a random sample of the rest, and the decision to stop."""

from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, print_json, review_option, reviewer_option, safe

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk
    from reviewkit.steps.stopping import Outlook, Told

_WAYS = {"relevance": "in order of relevance", "random": "at random"}


@click.command(name="stopping")
@click.option(
    "--sample", metavar="N", type=click.IntRange(min=1), help="Draw N unscreened records to be screened first."
)
@click.option(
    "--seed", metavar="S", type=click.IntRange(0, 2**31 - 1), help="With --sample: the same S, the same records."
)
@click.option("--stop", is_flag=True, help="Record that you stop screening titles and abstracts here.")
@click.option("--method", metavar="NAME", help="With --stop: the method that you rest it on.")
@click.option("--note", metavar="TEXT", default="", help="Why; a stop needs it.")
@click.option("--undo", is_flag=True, help="Take back your last sample or stop.")
@reviewer_option
@review_option
@json_option
def command(
    sample: int | None, seed: int | None, stop: bool, method: str | None, note: str, undo: bool,
    reviewer: str | None, review: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how much has been found, draw a sample of the rest, and stop screening.

    Without options: what published methods and rules of thumb say of titles and abstracts, side by side, and what
    random samples found. No method excludes anything, and no record is excluded by a stop: those that nobody screened
    are counted, listed and reported as not screened. docs/stopping.md explains the numbers.
    """
    if sum((sample is not None, stop, undo)) > 1:
        raise click.UsageError("--sample, --stop and --undo are three different things; give one.")
    if seed is not None and sample is None:
        raise click.UsageError("--seed belongs to --sample.")
    if method and not stop:
        raise click.UsageError("--method belongs to --stop.")
    from reviewkit.cli.common import open_desk
    from reviewkit.model.stopping import DEFAULT, RULES

    if method and method not in RULES:
        raise click.BadParameter(f"the methods are {', '.join(RULES)}.", param_hint="--method")
    desk = open_desk(review)
    if sample is not None:
        _draw(desk, sample, seed, note, reviewer, review, as_json)
    elif stop:
        _stop(desk, method or DEFAULT.name, note, reviewer, review, as_json)
    elif undo:
        _undo(desk, reviewer)
    else:
        _show(desk, as_json)


def _draw(
    desk: "Desk", size: int, seed: int | None, note: str, reviewer: str | None, review: str | None, as_json: bool
) -> None:
    from reviewkit.cli.common import now, who, words
    from reviewkit.model.ids import record_label
    from reviewkit.steps.standing import standing
    from reviewkit.steps.stopping_acts import draw_sample

    name = who(reviewer, desk)
    drawn = draw_sample(desk.store, desk.protocol, standing(desk.store, desk.protocol), size, name, now(), seed, note)
    if as_json:
        print_json({"sample": drawn})
        return
    listed = ", ".join(map(record_label, drawn.records[:10])) + (" ..." if len(drawn.records) > 10 else "")
    click.echo(f"Drawn at random from {drawn.waiting:,} records, with seed {drawn.seed}: {listed}")
    click.echo("They come first in everyone's queue; what they tell of the rest is said when all are screened.")
    click.echo(f"\nNext:\n  {safe(words('screen', '--reviewer', name, review=review))}")


def _stop(desk: "Desk", method: str, note: str, reviewer: str | None, review: str | None, as_json: bool) -> None:
    from reviewkit.cli.common import now, who, words
    from reviewkit.steps.standing import standing
    from reviewkit.steps.stopping_acts import stop_screening
    from reviewkit.steps.wording import counted

    stand = standing(desk.store, desk.protocol)
    made = stop_screening(desk.store, desk.protocol, stand, who(reviewer, desk), now(), note, method)
    if as_json:
        print_json({"stop": made})
        return
    click.echo(safe(f"Stopped: {counted(made.screened, 'record')} screened, {made.relevant:,} of them relevant."))
    click.echo(made.said)
    if not made.enough:
        click.echo("The method did not say that screening can stop. The report tells so.")
    click.echo(
        f"{counted(made.waiting, 'record')} nobody screened, which is what they are called from now on; they are not "
        "excluded.\n'reviewkit screen --stage title-abstract' goes on with them, 'reviewkit stopping --undo' takes the "
        "stop back."
    )
    click.echo(f"\nNext:\n  {safe(words('status', review=review))}")


def _undo(desk: "Desk", reviewer: str | None) -> None:
    from reviewkit.cli.common import now, who
    from reviewkit.model.stops import Stop
    from reviewkit.steps.stopping_acts import undo_act

    row = undo_act(desk.store, who(reviewer, desk), now())
    if isinstance(row, Stop):
        click.echo(f"Taken back: the stop of {row.at[:10]}. What nobody has screened waits again.")
    else:
        click.echo(f"Taken back: the random sample of {row.at[:10]}. What was decided on its records stays decided.")


def _show(desk: "Desk", as_json: bool) -> None:
    from reviewkit.steps.standing import standing
    from reviewkit.steps.stopping import outlook

    found = outlook(desk.store, desk.protocol, standing(desk.store, desk.protocol))
    if as_json:
        print_json(_plain(found))
        return
    known = found.evidence
    done = f"{known.read:,} of {known.total:,} records screened to the end"
    click.echo(f"Titles and abstracts: {done}, {known.relevant:,} of them relevant.")
    if known.found and known.aside:
        when = f", or before the last records came ({known.since[:10]})" if known.since else ""
        click.echo(
            f"The methods look at the {len(known.found):,} that came up {_WAYS[known.way]}. What was found among the "
            f"{known.aside:,} that were screened in another order{when} is found; they say nothing of the rest."
        )
    click.echo(f"\n{found.told[0].said}")
    _table(found.told)
    for line in (*(audit.said for audit in found.audits), *filter(None, [found.doubt]), *_stops(found)):
        click.echo(f"\n{safe(line)}")
    click.echo("\nNo method excludes anything; whether to stop is yours to say: reviewkit stopping --stop --note WHY")


def _table(told: tuple["Told", ...]) -> None:
    from reviewkit.cli.common import console, table

    columns = {
        "method": "left", "says": "left", "found, at least": "right", "likely": "right", "missed, at most": "right",
        "stops after so many more irrelevant ones": "right",
    }  # fmt: skip
    rows = [
        (
            f"{each.label} ({each.source})", "stop" if each.stop else "go on", _percent(each.low),
            _percent(each.likely), "" if each.missed is None else f"{each.missed:,}", _ahead(each),
        )
        for each in told
    ]  # fmt: skip
    click.echo()
    console().print(table("", columns, rows))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{int(100 * share)} %"


def _ahead(told: "Told") -> str:
    return "" if told.further is None or told.stop else f"{told.further:,}"


def _stops(found: "Outlook") -> list[str]:
    from reviewkit.steps.wording import counted

    lines = [
        f"{stop.by} stopped screening on {stop.at[:10]}, after {counted(stop.screened, 'record')}, of which "
        f"{stop.relevant:,} relevant. Reason: {stop.note.rstrip('.')}. The method said then: {stop.said}"
        for stop in found.stops
    ]
    if found.stops:
        lines.append(f"Not screened because of that: {counted(found.unscreened, 'record')}; none of them is excluded.")
    return lines


def _plain(found: "Outlook") -> dict[str, object]:
    known = found.evidence
    return {
        "stage": "title-abstract",
        "screened": known.read, "relevant": known.relevant, "records": known.total,
        "order": known.way.value if known.found else "", "looked_at": len(known.found), "left_aside": known.aside,
        "methods": found.told, "samples": found.audits, "doubt": found.doubt, "stops": found.stops,
        "not_screened": found.unscreened,
    }  # fmt: skip
