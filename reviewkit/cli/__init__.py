"""The command line: parse, call one step, present. No logic.

Commands are imported when they are called: `reviewkit --help` must not pay for pandas or a database.
"""

import os
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from reviewkit import __version__
from reviewkit.errors import SystemRefused, UserError

COMMANDS: dict[str, tuple[str, str]] = {
    # command -> module of reviewkit.cli that defines it, line for the overview (its docstring's first)
    "demo": ("demo", "Copy the worked example into a new folder and replay it, step by step."),
    "init": ("init", "Make a workspace with a protocol template."),
    "check": ("check", "Check the protocol and list every mistake with its place."),
    "status": ("status", "Show where the review stands and the next command."),
    "sources": (
        "sources",
        "List the databases that can be searched, what each needs, and how to export from the others.",
    ),
    "search": ("search", "Run the protocol's searches, or load the ones in searches/."),
    "update": ("update", "Run every search again and tell what is new, changed or retracted."),
    "strategy": ("strategy", "Check the search strategies, propose translations, and test them by known papers."),
    "citations": ("citations", "Search along citations: what the included studies cite, and what cites them."),
    "import": ("import_file", "Import export files (RIS, BibTeX, CSV, Excel, zip ...) as a search run."),
    "dedupe": ("dedupe", "Find duplicates; show the uncertain pairs and ask."),
    "convert": ("convert", "Convert an export file to RIS, BibTeX, EndNote XML or CSV."),
    "screen": ("screen", "Screen records in the terminal, one at a time."),
    "rank": ("rank", "List what waits in the order of relevance, and explain a record's place."),
    "decide": ("decide", "Record, undo, import or export decisions without a terminal."),
    "stopping": ("stopping", "Say how much has been found, draw a sample of the rest, and stop screening."),
    "conflicts": ("conflicts", "List the conflicts between reviewers, and settle them."),
    "agreement": ("agreement", "Report raw agreement and Cohen's kappa of two reviewers."),
    "simulate": ("simulate", "Try the model's order on a finished screening, and when to stop."),
    "studies": ("studies", "List the included studies; link and unlink their reports."),
    "extract": ("extract", "Write, read, compare and settle extraction spreadsheets."),
    "flow": ("flow", "Show the PRISMA counts and the records behind each."),
    "export": ("export", "Write the evidence table, PRISMA diagram, report and record files."),
    "archive": ("archive", "Write every match, decision, link and extraction as sorted text."),
    "restore": ("restore", "Rebuild the database from protocols, searches and archive."),
    "verify": ("verify", "Check hashes, counts and references, and say what is wrong."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"reviewkit.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of a pipe has seen enough: reviewkit flow | head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None  # click itself would call it a failure

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reviewkit")
def root() -> None:
    """A systematic review that anyone can run again.

    Start with 'reviewkit demo' to see a finished review, or 'reviewkit init' to begin your own;
    'reviewkit status' always names the next command.
    """


def main() -> None:
    """Run a command; turn every mistake of a user into one clear message and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # titles hold letters that not every terminal or pipe can take
    try:
        root(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UserError as error:
        _tell(error)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort, EOFError):
        click.echo(
            "\nStopped. What came until now is kept, and so is what you answered; the same command goes on from there.",
            err=True,
        )
        sys.exit(130)
    except Exception as error:  # the last resort: whatever is wrong with us, a user is not shown a traceback
        if os.environ.get("REVIEWKIT_DEBUG"):
            raise
        if isinstance(error, OSError):  # a folder that was removed meanwhile, a disk that was taken out
            place = f" ({error.filename})" if error.filename else ""
            _tell(SystemRefused(reason=error.strerror or error, place=place))
            sys.exit(1)
        _tell(
            f"reviewkit itself failed ({type(error).__name__}: {error}). What came until now is kept. "
            "Please report it, with what REVIEWKIT_DEBUG=1 and the same command print."
        )
        sys.exit(70)


def _tell(error: object) -> None:
    """Print an error; it may quote files and protocols, which are outside text."""
    from reviewkit.cli.common import safe

    click.echo(f"Error: {safe(str(error))}", err=True)
