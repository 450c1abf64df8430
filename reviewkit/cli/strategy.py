"""`reviewkit strategy`: check strategies before they are run, propose translations, and test them by known papers."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import json_option, open_folders, print_json, review_option

if TYPE_CHECKING:
    from reviewkit.model.protocol import Protocol
    from reviewkit.workspace import Folders
    from reviewkit.workspace.config import Settings


@click.group("strategy")
def command() -> None:
    """Check the search strategies, propose translations, and test them by known papers.

    Nothing here changes the protocol or fetches records. docs/strategies.md explains what is checked and how
    line-by-line strategies are written.
    """


@command.command("check")
@click.option("--database", metavar="NAME", default="", help="Only this one of the protocol's databases.")
@click.option("--online", is_flag=True, help="Also ask the databases for counts: what finds nothing, or adds nothing.")
@review_option
@json_option
def check(database: str, online: bool, review: str | None, as_json: bool) -> None:
    """Check the strategies: brackets, quotes, operators, fields, wildcards; with --online also by counts.

    Each finding says where it is, why it matters, and what to write instead. With --online every term that is joined
    to others by OR is left out once and counted again, within the pace that the database allows. The exit status is
    1 when a strategy is surely wrong, or could not be asked.
    """
    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.cli.strategy_view import show_checked
    from reviewkit.steps.strategy_check import check_strategies
    from reviewkit.steps.strategy_choice import choose_strategies
    from reviewkit.steps.strategy_online import OnlineCheck, check_online

    _, protocol, settings = open_protocol(review)
    checked = check_strategies(protocol, database)
    asked: dict[str, OnlineCheck] = {}
    if online:
        asking = asking_of(settings, quiet=as_json)
        with showing_progress(quiet=as_json) as progress:
            for strategy in choose_strategies(protocol, database):
                if made := check_online(strategy, asking, progress):
                    asked[strategy.database] = made
    if as_json:
        print_json([{**_plain(one), "online": asked.get(one.database)} for one in checked])
    else:
        for one in checked:
            show_checked(one, asked.get(one.database))
            if online and one.database not in asked:
                click.echo("  it cannot be asked from here, so there are no counts")
        found = sum(len(one.findings) for one in checked)
        if not found and not online:
            click.echo("No mistake was found. --online asks the databases what every term adds.")
    if any(one.errors for one in checked) or any(made.problem for made in asked.values()):
        sys.exit(1)


@command.command("translate")
@click.option("--from", "source", metavar="NAME", default="pubmed", help="Whose strategy; only pubmed is possible.")
@click.option(
    "--to", "targets", metavar="NAME", multiple=True, required=True, help="For which one; also several times."
)
@review_option
@json_option
def translate(source: str, targets: tuple[str, ...], review: str | None, as_json: bool) -> None:
    """Propose the PubMed strategy for other databases, to be checked by a person who knows them.

    --to takes web-of-science, scopus, embase, europe-pmc, ebsco, ovid and central. What could not be carried over is
    listed. The text is ready for the protocol, and never written into it.
    """
    from reviewkit.cli.strategy_view import show_proposal
    from reviewkit.steps.strategy_proposal import propose

    _, protocol, _ = open_protocol(review)
    proposals = propose(protocol, source, targets)
    if as_json:
        print_json({"proposals": proposals, "to_be_checked": True})
        return
    for proposal in proposals:
        show_proposal(proposal)


@command.command("known")
@click.option("--online", is_flag=True, help="Ask the databases why a paper was missed.")
@review_option
@json_option
def known(online: bool, review: str | None, as_json: bool) -> None:
    """Test whether the searches found the papers of must_find, and why one was missed.

    They are looked for by PMID and DOI among the citations of every search run. The exit status is 1 when no search
    found one of them.
    """
    from functools import partial

    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.cli.common import look_into
    from reviewkit.cli.strategy_view import show_known
    from reviewkit.steps.known_items import find_known
    from reviewkit.steps.known_reasons import explain_missed

    folders, protocol, settings = open_protocol(review)
    report = find_known(look_into(folders), protocol)
    if online:
        with showing_progress(quiet=as_json, labels={"known": "Known papers"}) as progress:
            asking = asking_of(settings, quiet=as_json)
            report = explain_missed(report, protocol, asking, partial(progress, "known"))
    if as_json:
        print_json({"found": report.found, "missed": report.missed, "unasked": report.unasked})
    elif not report.items:
        click.echo('The protocol names no known papers. List some: must_find = ["PMID 12345678", "10.1000/example"].')
    else:
        if not report.runs:
            click.echo("Nothing was searched yet.")
        show_known(report, review, online=online)
    if report.missed:
        sys.exit(1)


def open_protocol(review: str | None) -> "tuple[Folders, Protocol, Settings]":
    """Read the review's protocol and the settings, and touch nothing else."""
    from reviewkit.protocol import load_protocol
    from reviewkit.workspace.config import load_settings

    folders = open_folders(review)
    return folders, load_protocol(folders.protocol), load_settings()


def _plain(checked: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(checked)
