"""What an update leaves to a person, as the terminal tells it: each with its command."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from reviewkit.cli.common import words

if TYPE_CHECKING:
    from reviewkit.steps.update import Updated
    from reviewkit.steps.update_chores import ByHand, CitationsAgain

_WIDTH = 100


def chores(done: "Updated", review: str | None) -> Iterator[str]:
    """Yield the lines about databases to be exported from by hand, and citation searches to be made again."""
    from reviewkit.model.runs import database_label
    from reviewkit.sources.by_hand import how_to_export

    if done.by_hand:
        yield ""
        yield "To be searched by hand again; export the result there, then for each file:"
    for export in done.by_hand:
        yield f"  {_import(export, done.update, review)}"
        last = f"last searched on {export.last}" if export.last else "not searched so far"
        how = replace(how_to_export(export.database), note="").lines
        yield from _indented(f"{database_label(export.database)}, {last}. {' '.join(how)}")
        if export.reason:
            yield from _indented(f"Or from here: {export.reason}")
    if done.citations:
        yield ""
        yield "Searched along citations before, and not in this update:"
    for search in done.citations:
        yield f"  {_again(search, done.update, review)}"
        yield from _indented(f"In {search.name}, last on {search.last}, from what is included now.")


def chores_plain(done: "Updated", review: str | None) -> dict[str, Any]:
    """Return the same for JSON."""
    from reviewkit.sources.by_hand import how_to_export

    return {
        "by_hand": [
            {
                "database": export.database,
                "last": export.last,
                "reason": export.reason,
                "strategy": export.strategy,
                "how": how_to_export(export.database).lines,
                "command": _import(export, done.update, review),
            }
            for export in done.by_hand
        ],
        "citations": [
            {"index": search.index, "last": search.last, "command": _again(search, done.update, review)}
            for search in done.citations
        ],
    }


def _indented(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False)


def _import(export: "ByHand", update: int, review: str | None) -> str:
    count = ("--update", str(update)) if update else ()
    return words("import", "FILE", "--database", export.database, "--date", "YYYY-MM-DD", *count, review=review)


def _again(search: "CitationsAgain", update: int, review: str | None) -> str:
    """The command that makes a citation search again, without what it does in any case."""
    index = () if search.index == "openalex" else ("--by", search.index)
    way = (f"--{search.directions[0].value}",) if len(search.directions) == 1 else ()
    return words("citations", *index, *way, "--update", str(update), review=review)
