"""What the commands that ask databases share: who asks, and how waiting and progress are shown."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reviewkit.cli.common import console, safe

if TYPE_CHECKING:
    from reviewkit.sources import Asking
    from reviewkit.workspace.config import Settings


def asking_of(settings: "Settings", *, quiet: bool) -> "Asking":
    """Say who asks and with which keys; why we wait is told on the error stream."""
    from reviewkit.sources import Access, Asking
    from reviewkit.sources.politeness import Politeness

    screen = console(stderr=True)

    def on_wait(reason: str, seconds: float) -> None:
        if not quiet and seconds >= 1:
            screen.print(f"  {safe(reason)}; asking again in {seconds:.0f} s")

    return Asking(Access(settings.value, settings.config), Politeness(on_wait=on_wait, shared=settings.cache))


@contextmanager
def showing_progress(
    *, quiet: bool, labels: Mapping[str, str] | None = None
) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each database on the error stream while it is asked.

    Args:
        labels: what a bar is called whose name is no database's.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from reviewkit.model.runs import database_label

    screen = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(safe((labels or {}).get(name) or database_label(name)), total=total)
            bar.update(tasks[name], completed=done, total=total)

        yield progress
