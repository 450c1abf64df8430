"""Asking for a page again when it holds fewer entries than it must, and taking the fullest one in the end."""

from collections.abc import Callable

from reviewkit.sources.politeness import AskAgain, Unanswered

Check = Callable[[bytes], None]  # raises AskAgain for a body that will not do

_SHORT = 3  # times a page with too few entries is asked for


def ask_whole(ask: Callable[[Check], bytes], missing: Callable[[bytes], int], database: str) -> bytes:
    """Return a page that lacks nothing, or after a few attempts the one that lacks least.

    Args:
        ask: takes a check of the body, which may raise AskAgain, and returns a body that passed it.
        missing: how many entries are missing in a body; raises AskAgain where it is cut short or is something else.

    Raises:
        Unanswered: no page came at all.
    """
    fullest: list[tuple[int, bytes]] = []

    def check(body: bytes) -> None:
        lacking = missing(body)
        if not fullest or lacking < fullest[0][0]:
            fullest[:] = [(lacking, body)]
        if lacking > 0:
            raise AskAgain(f"{database} sent {lacking:,} too few records on a page", tries=_SHORT)

    try:
        return ask(check)
    except Unanswered:
        if not fullest:
            raise
        return fullest[0][1]
