"""`reviewkit rank`: the order of relevance, and why a record stands where it does."""

from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, review_option, stage_option

if TYPE_CHECKING:
    from reviewkit.steps.rank_list import Ranking


@click.command("rank")
@click.option("--reviewer", metavar="NAME", help="Whose order (or set REVIEWKIT_REVIEWER): what waits for this person.")
@stage_option
@click.option("--top", metavar="N", type=click.IntRange(min=1), default=20, show_default=True, help="How many to list.")
@click.option("--explain", metavar="RECORD", help="Say which words carried this record up or down.")
@json_option
@review_option
def command(
    reviewer: str | None, stage: str | None, top: int, explain: str | None, as_json: bool, review: str | None
) -> None:
    """List what waits in the order of relevance, and explain a record's place.

    The order is learned from what the reviewer decided and from what may be seen by all, and begins with the
    protocol's own words. Nothing is decided and nothing is recorded. A score is no probability: it only says which of
    two records comes first.
    """
    from reviewkit.cli.common import open_desk, print_json, who_if_told
    from reviewkit.model.ids import parse_id
    from reviewkit.steps.decide import find_stage
    from reviewkit.steps.rank_list import list_ranking
    from reviewkit.steps.screen import next_stage
    from reviewkit.steps.standing import standing

    desk = open_desk(review)
    name = who_if_told(reviewer, desk)
    stand = standing(desk.store, desk.protocol)
    chosen = find_stage(desk.protocol, stage) if stage else next_stage(stand, desk.protocol, name)
    record = parse_id(explain) if explain else None
    ranking = list_ranking(
        desk.store, desk.protocol, stand, chosen or desk.protocol.stage[0], name, desk.folders.features, top, record
    )
    if as_json:
        print_json(ranking)
    elif ranking.asked:
        _explain(ranking)
    else:
        _list(ranking)


def _list(ranking: "Ranking") -> None:
    from reviewkit.cli.common import console, safe, table
    from reviewkit.cli.why_view import NO_PROBABILITY, learned_from
    from reviewkit.steps.decide import STAGE_NAMES
    from reviewkit.steps.wording import counted

    whose = f" for {ranking.reviewer}" if ranking.reviewer else ""
    title = f"{counted(ranking.waiting, 'record')} at {STAGE_NAMES[ranking.stage]}{whose}, the most relevant first"
    columns = {"": "right", "id": "left", "title": "left", "year": "right", "score": "right"}
    rows = [(each.place, each.id, each.title, each.year or "", f"{each.score:+.3f}") for each in ranking.first]
    click.echo(safe(title))
    console().print(table("", columns, rows))
    click.echo(f"\nLearned {learned_from(ranking.learned)}. {NO_PROBABILITY}")
    for known in ranking.known:
        found = f"is {known.id}" if known.id else "was not found by any search"
        click.echo(safe(f"Known paper {known.paper} {found}."))
    if ranking.first:
        click.echo(f"Why one stands where it does: reviewkit rank --explain {ranking.first[0].id}")


def _explain(ranking: "Ranking") -> None:
    from reviewkit.cli.common import console, safe
    from reviewkit.cli.why_view import NO_PROBABILITY, learned_from, why_lines

    asked, why = ranking.asked, ranking.why
    if not asked or not why:
        return
    where = f"comes at place {asked.place:,} of {ranking.waiting:,}" if asked.place else "does not wait to be screened"
    click.echo(safe(f"{asked.id} {where}: {asked.title or '(no title)'}"))
    click.echo(f"Learned {learned_from(ranking.learned)}.\n")
    for line in why_lines(why):
        console().print(line)
    click.echo(f"\n{NO_PROBABILITY}")
