"""What is told on a terminal while search runs and export files are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewkit.cli.common import console, safe

if TYPE_CHECKING:
    from reviewkit.steps.import_reading import ReadProgress
    from reviewkit.steps.loading import LoadProgress


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
