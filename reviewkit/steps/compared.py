"""What was compared before: up to which citation, by these very rules; kept for speed, and found out anew when lost."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from reviewkit.model.runs import SearchRun
from reviewkit.store import Store


def compared(store: Store, runs: Sequence[SearchRun]) -> int:
    """Return the highest citation id up to which all were compared with each other by the present rules; 0 for none.

    A run that came late between others, and rules that have changed since, let what follows be compared again.

    Args:
        runs: those that are loaded, in the order of their first citation.
    """
    marks = store.marks()
    return next((marks[name] for name in reversed(_names(runs)) if name in marks), 0)


def note_compared(store: Store, runs: Sequence[SearchRun]) -> None:
    """Remember that all citations of these runs were compared, once what was found is stored."""
    if runs:
        store.mark(_names(runs)[-1], max(run.ids.stop for run in runs) - 1)


def _names(runs: Sequence[SearchRun]) -> list[str]:
    """Name each beginning of the list of runs under the present rules: the same runs and rules, the same name."""
    digest = hashlib.sha256(rules_version().encode())
    names = []
    for run in runs:
        digest.update(f"\n{run.id} {run.first} {run.retrieved}".encode())
        names.append(f"compared {digest.hexdigest()[:32]}")
    return names


@cache
def rules_version() -> str:
    """Return a hash of the code that the rules are made of: it changes with every change that could matter."""
    digest = hashlib.sha256()
    for source in _sources(files("reviewkit.model")):
        digest.update(source)
    return digest.hexdigest()


def _sources(folder: Traversable) -> Iterator[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py"):
            yield entry.name.encode() + b"\n" + entry.read_bytes()
