"""What is told on a terminal while search runs and export files are read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewkit.cli.common import console, safe

if TYPE_CHECKING:
    from reviewkit.steps.import_reading import ReadProgress
    from reviewkit.steps.loading import LoadProgress
    from reviewkit.steps.outside import Progress as FileProgress


@contextmanager
def reading(what: str) -> "Iterator[LoadProgress]":
    """Show on the error stream, where that is a terminal, which run is read and how far; `what` is the verb."""
    with console(stderr=True).status(what) as status:

        def progress(run: str, done: int, total: int) -> None:
            status.update(f"{what} {safe(run)}: {done:,} of {total:,}")

        yield progress


@contextmanager
def importing() -> "Iterator[tuple[ReadProgress, LoadProgress]]":
    """Show on the error stream, where that is a terminal, how far files are read, and then loaded."""
    with console(stderr=True).status("Copying") as status:

        def read(file: str, entries: int) -> None:
            status.update(f"Reading {safe(file)}: {entries:,} entries")

        def load(run: str, done: int, total: int) -> None:
            status.update(f"Loading {safe(run)}: {done:,} of {total:,}")

        yield read, load


@contextmanager
def watched(endless: str = "") -> "Iterator[FileProgress]":
    """Show a bar on the error stream, where that is a terminal; `endless` is the part of which no share is known."""
    if not sys.stderr.isatty():  # and load nothing for it
        yield lambda _doing, _entries, _share: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from reviewkit.steps.wording import counted

    screen = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def show(doing: str, entries: int, share: float) -> None:
            bar.update(task, description=f"{doing} {counted(entries, 'entry')}", completed=share)
            if doing == endless:
                bar.update(task, total=None)

        yield show
