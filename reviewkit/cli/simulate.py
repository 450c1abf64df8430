"""`reviewkit simulate`: how the model's order would have served a screening that is finished."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import console, json_option, print_json, safe, table

if TYPE_CHECKING:
    from reviewkit.steps.labelled import Labelled
    from reviewkit.steps.simulate import Simulated

_SHOWN = 10  # findings printed; --json gives all of them


@click.command(name="simulate")
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@click.option(
    "--ranking", metavar="FILE", type=click.Path(path_type=Path), help="Write the ids in the order of reading here."
)
@click.option("--priors", metavar="ID,ID", default="", help="Records whose labels are known beforehand, read first.")
@click.option("--topic", metavar="TEXT", default="", help="What the review is about: question, criteria, terms.")
@click.option("--seed", metavar="N", type=int, default=0, help="Of the random order before the first inclusion; 0.")
@click.option("--curve", metavar="FILE", type=click.Path(path_type=Path), help="Draw the recall curve (.png or .svg).")
@json_option
def command(
    data: Path, ranking: Path | None, priors: str, topic: str, seed: int, curve: Path | None, as_json: bool
) -> None:
    """Try the model's order on a finished screening, and when to stop.

    DATA is a table with title, abstract and a label (1 included, 0 excluded) for every record, as CSV, Excel or gzipped
    CSV, or a RIS file that ASReview wrote. The model sees a label only after it has shown the record, so that the
    result is what reviewers would have met. No workspace is needed, and nothing in one is changed.

    Without --priors the records begin in the order of --topic, or without it in random order, until one is included.
    """
    from reviewkit.steps.labelled import read_labelled
    from reviewkit.steps.recall_curve import check_curve_path, write_curve
    from reviewkit.steps.simulate import simulate, write_ranking

    if curve:
        check_curve_path(curve)
    labelled = read_labelled(data)
    named = [name.strip() for name in priors.split(",") if name.strip()]
    total = len(labelled.records)
    with console(stderr=True).status("Preparing the records") as status:

        def progress(read: int, found: int) -> None:
            status.update(f"{read:,} of {total:,} records read, {found:,} of {labelled.included:,} inclusions found")

        done = simulate(labelled, priors=named, topic=topic, seed=seed, progress=progress)
    if ranking:
        write_ranking(ranking, done.order)
    if curve:
        write_curve(curve, done, labelled.name)
    if as_json:
        print_json(_json(labelled, done))
        return
    _show(labelled, done, topic)
    for what, path in (("order", ranking), ("recall curve", curve)):
        if path:
            click.echo(f"Written: the {what} to {safe(str(path))}")


def _show(labelled: "Labelled", done: "Simulated", topic: str) -> None:
    from reviewkit.model.stopping import DEFAULT

    figures = done.quality
    total = figures.records
    click.echo(f"{safe(labelled.name)}: {total:,} records, {figures.included:,} of them included.")
    for finding in labelled.findings[:_SHOWN]:
        click.echo(f"  left out: {safe(str(finding))}", err=True)
    if (more := len(labelled.findings) - _SHOWN) > 0:
        click.echo(f"  and {more:,} more; --json lists them.", err=True)
    if topic.strip() and not done.used_topic:
        click.echo("  note: the topic shares no word with the records and was not used.", err=True)
    click.echo(
        f"With this order you would have found 95 % of the included records after reading {figures.read_for_95:,} "
        f"records ({figures.read_for_95 / total:.0%} of all),\nand every one of them after {figures.read_for_all:,} "
        f"({figures.read_for_all / total:.0%})."
    )
    early = ", ".join(f"{recall:.0%} after {share} %" for share, recall in figures.recall_at.items())
    click.echo(f"Found: {early} of the records.")
    click.echo(f"Loss {figures.loss:.3f}, WSS@95 {figures.wss_95:.3f}, NDCG {figures.ndcg:.3f}.\n")
    heads = {"When a rule would have said stop": "left", "after": "right", "of all": "right", "found": "right"}
    rows = (
        (
            f"{stop.rule.label} ({stop.rule.source})",
            f"{stop.read:,}" if stop.said_stop else "never",
            f"{stop.read / total:.0%}",
            f"{stop.recall:.1%}",
        )
        for stop in done.stops
    )
    console().print(table("", heads, rows))
    click.echo(
        f"\nreviewkit goes by the {DEFAULT.label}: it says stop when at least 95 % are found with 95 % confidence."
    )


def _json(labelled: "Labelled", done: "Simulated") -> dict[str, object]:
    stops = [
        {
            "rule": stop.rule.name, "source": stop.rule.source, "said_stop": stop.said_stop, "read": stop.read,
            "share_read": stop.read / done.quality.records, "recall": stop.recall,
        }
        for stop in done.stops
    ]  # fmt: skip
    return {
        "file": labelled.name, "quality": done.quality, "priors": done.priors, "used_topic": done.used_topic,
        "learned": done.learned, "stops": stops, "order": done.order,
        "left_out": [str(finding) for finding in labelled.findings],
    }  # fmt: skip
