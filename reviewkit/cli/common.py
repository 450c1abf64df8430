"""What the commands share: the review at hand, who is working, the clock, and how results are printed."""

import json
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reviewkit.errors import NeedsTerminal, NoDatabase, NoReviewer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from reviewkit.model.protocol import Protocol
    from reviewkit.store import Store
    from reviewkit.workspace import Folders
    from reviewkit.workspace.config import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk when a command starts: folders, protocol, store, settings."""

    folders: "Folders"
    protocol: "Protocol"
    store: "Store"
    settings: "Settings"


def review_option(command: Command) -> Command:
    """Add --review NAME, needed only where a workspace holds several."""
    return click.option("--review", metavar="NAME", help="The review, where the workspace holds several.")(command)


def json_option(command: Command) -> Command:
    """Add --json for scripts."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")(command)


def reviewer_option(command: Command) -> Command:
    """Add --reviewer NAME."""
    return click.option("--reviewer", metavar="NAME", help="Who is deciding (or set REVIEWKIT_REVIEWER).")(command)


def stage_option(command: Command) -> Command:
    """Add --stage, for what is done at one stage."""
    return _stage(command, "The stage of screening; found out when not given.")


def only_stage_option(command: Command) -> Command:
    """Add --stage, for what looks at every stage when it is not given."""
    return _stage(command, "Only this stage of screening.")


def _stage(command: Command, help: str) -> Command:
    from reviewkit.model.protocol import StageId

    return click.option("--stage", type=click.Choice([stage.value for stage in StageId]), help=help)(command)


def update_option(command: Command) -> Command:
    """Add --update N, for what brings records into the review."""
    told = "Count the records for the review's first update (1), its second (2) ..."
    return click.option("--update", metavar="N", type=click.IntRange(min=0), default=0, help=told)(command)


def open_folders(review: str | None) -> "Folders":
    """Find the workspace around the current folder and choose the review."""
    from reviewkit.workspace import find_workspace

    return find_workspace(Path.cwd()).choose(review)


def open_desk(review: str | None) -> Desk:
    """Open the review's protocol and database. Raises the user errors of each."""
    from reviewkit.protocol import load_protocol
    from reviewkit.store import open_store
    from reviewkit.workspace.config import load_settings

    folders = open_folders(review)
    protocol = load_protocol(folders.protocol)
    return Desk(folders, protocol, open_store(folders.workspace.database_url(), folders.review), load_settings())


def look_into(folders: "Folders") -> "Store":
    """Open the review's database for one who only looks: where there is none yet, an empty one in memory stands in."""
    from reviewkit.store import open_store

    try:
        return open_store(folders.workspace.database_url(), folders.review, make=False)
    except NoDatabase:
        return open_store("sqlite://", folders.review)


def who(reviewer: str | None, desk: Desk) -> str:
    """Return the name of the person at work, as it was written before.

    Raises:
        NoReviewer: none was given anywhere.
    """
    name = who_if_told(reviewer, desk)
    if not name:
        raise NoReviewer(config=desk.settings.config)
    return name


def who_if_told(reviewer: str | None, desk: Desk) -> str:
    """Return the name of the person at work, as it was written before, or '' where none was given."""
    from reviewkit.steps.people import known_name

    name = " ".join((reviewer or desk.settings.reviewer).split())
    return known_name(desk.store, desk.protocol, name) if name else ""


def now() -> str:
    """The time as stored: UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def need_terminal(command: str, instead: str) -> None:
    """Raise NeedsTerminal where nobody can answer questions."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NeedsTerminal(command=command, instead=instead)


def words(*command: str, review: str | None = None) -> str:
    """Write a command as it can be pasted into a shell: `words("screen", "--reviewer", "A B")`."""
    return shlex.join(["reviewkit", *command, *(["--review", review] if review else [])])


def print_json(value: object) -> None:
    """Print a value as JSON: dataclasses as objects, enums as their values, dates as ISO text."""
    from dataclasses import asdict, is_dataclass

    def plain(item: Any) -> Any:
        return asdict(item) if is_dataclass(item) and not isinstance(item, type) else str(item)

    takes_all = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(value, default=plain, ensure_ascii=not takes_all, indent=2))


def console(stderr: bool = False) -> "Console":
    """A rich console. Text from outside must be passed as `rich.text.Text` or with markup=False."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would end with status 1; that nobody reads on is no failure

    return Piped(stderr=stderr, highlight=False, markup=False, emoji=False)


def table(title: str, columns: Mapping[str, str], rows: Iterable[Iterable[object]]) -> "Table":
    """Build a plain table, harmless whatever its cells hold; `columns` maps headings to "left" or "right"."""
    from rich.table import Table
    from rich.text import Text

    made = Table(title=Text(safe(title)), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading, side in columns.items():
        made.add_column(Text(safe(heading)), justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(safe(str(cell))) for cell in row))
    return made


def safe(text: str) -> str:
    """Make text from outside harmless on a terminal: control characters (escape sequences) become blanks."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
