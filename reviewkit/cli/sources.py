"""`reviewkit sources`: the databases, what each needs, whether it is set, and how to export by hand."""

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import console, json_option, print_json, safe, table, words

if TYPE_CHECKING:
    from reviewkit.sources import Access
    from reviewkit.steps.sources import ByHand, Held, Searchable, Sources


@click.command(name="sources")
@click.argument("database", required=False, metavar="[DATABASE]")
@json_option
def command(database: str | None, as_json: bool) -> None:
    """List the databases that can be searched, what each needs, and how to export from the others.

    With the name of a database, all that is known of it: what it asks for and where you get that, how many records it
    hands out, its documentation, and how to export from its website by hand.

    It says whether an API key or e-mail address is set, and never shows it. It works outside a workspace.
    """
    from reviewkit.sources import Access
    from reviewkit.steps.sources import find_one, list_sources
    from reviewkit.workspace.config import load_settings

    settings = load_settings()
    access = Access(settings.value, settings.config)
    if database:
        searchable, by_hand = find_one(database, access)
        if as_json:
            print_json({**(_facts(searchable) if searchable else {}), **(_export(by_hand) if by_hand else {})})
            return
        if searchable:
            _describe(searchable, access)
        if by_hand:
            _advise(by_hand, searchable is not None)
        return
    found = list_sources(access)
    if as_json:
        print_json({"searchable": list(map(_facts, found.searchable)), "by_hand": list(map(_export, found.by_hand))})
    else:
        _list(found, access)


def _list(found: "Sources", access: "Access") -> None:
    headings = dict.fromkeys(("database", "ready", "platform", "asks for"), "left")
    rows = [
        (entry.database, "yes" if entry.is_ready else "no", entry.about.platform, "\n".join(map(_short, entry.needs)))
        for entry in found.searchable
    ]
    console().print(table("Databases that reviewkit searches", headings, rows))
    click.echo("\nSearched on their websites, and imported:")
    _say(", ".join(entry.database for entry in found.by_hand))
    click.echo()
    _say("'reviewkit sources NAME' tells all of one: what it asks for and where to get that, how many records it hands "
          "out, whether --since works, its documentation, and how to export from its website.")  # fmt: skip
    _say(f"Keys stand in the environment, or in {access.config} in lower case without REVIEWKIT_.")


def _short(held: "Held") -> str:
    """One need on a line: "WOS_API_KEY: not set"."""
    state = "set" if held.is_set else "NOT SET" if held.need.required else "optional"
    return f"{held.need.variable}: {state}"


def _describe(entry: "Searchable", access: "Access") -> None:
    about = entry.about
    click.echo(click.style(safe(entry.label), bold=True) + f' (in the protocol: database = "{entry.database}")')
    _tell("platform", about.platform)
    for held in entry.needs:
        need = held.need
        _tell("needs" if need.required else "may have", f"{need.what}: {'set' if held.is_set else 'not set'}")
        _tell("", f'{need.variable}, or {need.key} = "..." in {access.config}')
        if need.benefit:
            _tell("", f"it brings {need.benefit}")
        if need.where:
            _tell("", f"you get it at {need.where}")
    if not entry.needs:
        _tell("needs", "nothing: neither a key nor an e-mail address")
    _tell("ready", "yes" if entry.is_ready else "no")
    _tell("at most", f"{about.cap:,} records of one search" if about.cap else "all that it finds")
    _tell("--since", "works: only what was added since a day" if about.since else "does not work here: all of it again")
    if about.note:
        _tell("note", about.note)
    if entry.host:
        _tell("server", f"{entry.host}, which {about.address_variable} names")
    _tell("read more", about.documentation)


def _advise(entry: "ByHand", is_second: bool) -> None:
    if is_second:
        click.echo("\nBy hand, where you have no key or want more than the API gives:")
    else:
        click.echo(click.style(safe(entry.label), bold=True) + " is not searched from here. By hand:")
    for line in entry.export.lines:
        _say(line)
    click.echo(
        f"  {words('import', 'FILE', '--database', entry.database, '--date', 'YYYY-MM-DD')}"
    )  # whole, to be copied


def _tell(name: str, text: str) -> None:
    """Print a text behind its name."""
    _say(text, f"  {name:<10} ")


def _say(text: str, start: str = "  ") -> None:
    """Print a text in lines as long as the terminal is wide; addresses stay whole."""
    wide = max(40, console().width)
    lines = wrap(safe(text), wide - len(start), break_long_words=False, break_on_hyphens=False)
    click.echo(start + f"\n{' ' * len(start)}".join(lines))


def _facts(entry: "Searchable") -> dict[str, Any]:
    about = entry.about
    return {
        "database": entry.database,
        "label": entry.label,
        "kind": entry.kind,
        "platform": about.platform,
        "ready": entry.is_ready,
        "needs": [
            {
                "variable": held.need.variable,
                "what": held.need.what,
                "where": held.need.where,
                "required": held.need.required,
                "benefit": held.need.benefit,
                "set": held.is_set,
            }
            for held in entry.needs
        ],
        "cap": about.cap,
        "since": about.since,
        "note": about.note,
        "documentation": about.documentation,
    }


def _export(entry: "ByHand") -> dict[str, Any]:
    return {"database": entry.database, "label": entry.label, "kind": entry.kind, "export": entry.export.lines}
