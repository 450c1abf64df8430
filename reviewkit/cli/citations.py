"""`reviewkit citations`: search backward and forward along citations from the included studies."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import (
    Desk,
    json_option,
    now,
    open_desk,
    print_json,
    review_option,
    safe,
    update_option,
    who_if_told,
    words,
)

if TYPE_CHECKING:
    from reviewkit.model.citation_search import Direction, Seed, Step
    from reviewkit.steps.citation_searching import CitationSearch


@click.command(name="citations")
@click.option(
    "--by", "index", type=click.Choice(["openalex", "europe-pmc"]), default="openalex", help="The index to ask."
)
@click.option("--backward", is_flag=True, help="Only the works that the seeds cite.")
@click.option("--forward", is_flag=True, help="Only the works that cite the seeds.")
@click.option("--record", "records", metavar="R", multiple=True, help="Start from this record; may be repeated.")
@click.option("--seed", "given", metavar="ID", multiple=True, help="Start from this PMID or DOI; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say how many works there are from each seed.")
@click.option("--again", is_flag=True, help="Ask for seeds that were asked for before, too.")
@update_option
@review_option
@json_option
def command(
    index: str,
    backward: bool,
    forward: bool,
    records: tuple[str, ...],
    given: tuple[str, ...],
    dry_run: bool,
    again: bool,
    update: int,
    review: str | None,
    as_json: bool,
) -> None:
    """Search along citations: what the included studies cite, and what cites them.

    It starts from the reports of every included study, or from what --record and --seed name, and goes both ways. The
    answers are kept as a search run of their own in searches/REVIEW/DATE-citation-searching; the flow diagram counts
    it under other methods. Asked again once more is included, it asks for what is new alone.

    OpenAlex gives ten times as many answers a day to who has its free key: set OPENALEX_API_KEY. The exit status is
    1 when less came than the index reported.
    """
    from reviewkit.model.citation_search import Direction
    from reviewkit.steps.citation_searching import BOTH

    only = [way for way, wanted in ((Direction.BACKWARD, backward), (Direction.FORWARD, forward)) if wanted]
    desk = open_desk(review)
    seeds = _seeds(desk, records, given)
    found = _ask(desk, seeds, only or list(BOTH), index, dry_run, again, update, quiet=as_json)
    if as_json:
        print_json(_facts(desk, found))
    else:
        _show(desk, found, dry_run, index, review)
    if found.run and not found.run.complete:
        sys.exit(1)


def _seeds(desk: Desk, records: tuple[str, ...], given: tuple[str, ...]) -> "list[Seed]":
    from reviewkit.model.ids import parse_id
    from reviewkit.steps.citation_searching import choose_seeds, read_seed
    from reviewkit.steps.standing import standing

    known = [read_seed(text) for text in given]
    return choose_seeds(desk.store, standing(desk.store, desk.protocol), map(parse_id, records), known)


def _ask(
    desk: Desk,
    seeds: "list[Seed]",
    directions: "list[Direction]",
    index: str,
    dry_run: bool,
    again: bool,
    update: int,
    quiet: bool,
) -> "CitationSearch":
    """Run the step behind a progress bar on the error stream, which also says why we wait."""
    from functools import partial

    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.model.citation_search import DATABASE
    from reviewkit.steps.citation_searching import count_citations, search_citations

    asking = asking_of(desk.settings, quiet=quiet)
    with showing_progress(quiet=quiet) as shown:
        progress = partial(shown, DATABASE)
        if dry_run:
            return count_citations(
                desk.folders, asking, seeds, index=index, directions=directions, again=again, update=update,
                progress=progress,
            )  # fmt: skip
        return search_citations(
            desk.folders, desk.protocol, desk.store, asking, seeds, now=now, index=index, directions=directions,
            again=again, update=update, searcher=who_if_told(None, desk), progress=progress,
        )  # fmt: skip


def _show(desk: Desk, found: "CitationSearch", dry_run: bool, index: str, review: str | None) -> None:
    from reviewkit.steps.wording import counted

    name, both = found.index, tuple(link.step for link in found.links)
    again = words("citations", *(("--by", index) if index != "openalex" else ()), "--again", review=review)
    if found.links:
        click.echo(click.style(f"Citation searching in {name}", bold=True))
        for link in found.links:
            count = f"{link.count:>8,}" if link.numbers else "       -"
            click.echo(f"{count}  {link.step.direction.value:<8}  {safe(str(link.step.seed))}")
        click.echo(f"{found.reported:>8,}  in all, as often as each was reported")
    if found.unknown:
        them = "it" if len(found.unknown) == 1 else "them"
        seeds = ", ".join(map(str, found.unknown))
        click.echo(safe(f"{name} does not know {seeds}; nothing was asked from {them}."), err=True)
    if found.nameless:
        one = len(found.nameless) == 1
        seeds = ", ".join(seed.label for seed in found.nameless)
        click.echo(
            f"{safe(seeds)} {'has' if one else 'have'} neither PMID nor DOI: no index can be asked for "
            f"{'it. Read its reference list' if one else 'them. Read their reference lists'} by hand, or give what is "
            f"known of {'it' if one else 'them'} with --seed.",
            err=True,
        )
    if found.before:
        what = (
            f"{counted(len({step.seed for step in found.before}), 'seed')} asked for before in this round and not again"
        )
        click.echo(f"{what}; '{again}' does." if both else f"Nothing to ask: {what}; '{again}' does.")
    if not found.run:
        if dry_run and found.links:
            click.echo("Counted only; nothing was kept.")
        return
    run = found.run
    if found.resumed:
        click.echo(f"It went on with a search that was begun on {run.date} and interrupted.")
    for warning in run.warnings:
        click.echo(f"  warning      {safe(' '.join(warning.split()))}")
    click.echo(f"  retrieved    {run.retrieved:,}" + (f", and {run.rejected:,} not readable" if run.rejected else ""))
    click.echo(f"  kept in      {safe(_path(desk, found))}")
    if not run.complete:
        click.echo(
            f"INCOMPLETE: run {safe(run.id)} brought {run.retrieved:,} of {run.reported:,} works. The warnings say "
            f"what is missing; '{again}' searches anew.",
            err=True,
        )
    click.echo(f"Next: {words('dedupe', review=review)}")


def _facts(desk: Desk, found: "CitationSearch") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "index": found.index,
        "reported": found.reported,
        "links": [
            {**_step(link.step), "known": bool(link.numbers), "numbers": link.numbers, "count": link.count}
            for link in found.links
        ],
        "unknown": [seed.label for seed in found.unknown],
        "without_identifier": [seed.label for seed in found.nameless],
        "asked_before": [_step(step) for step in found.before],
        "run": {**asdict(found.run), "path": _path(desk, found)} if found.run else None,
    }


def _step(step: "Step") -> dict[str, Any]:
    return {
        "seed": step.seed.label,
        "direction": step.direction.value,
        "identifiers": [f"{known.kind}:{known.key}" for known in step.seed.known],
    }


def _path(desk: Desk, found: "CitationSearch") -> str:
    run = found.run.id if found.run else ""
    return desk.folders.run(run).relative_to(desk.folders.workspace.root).as_posix()
