"""How patient and how fast we are with servers, and what it means when one does not answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def _silent(reason: str, seconds: float) -> None:
    """Say nothing about a wait."""


@dataclass(frozen=True, slots=True)
class Politeness:
    """Patience and clock of one session; times in seconds.

    Waits double from `first_wait` up to `longest_wait`; a server's own Retry-After goes first. A server
    that asks for more than `longest_wait` is not waited for. `on_wait` hears why and how long we wait. `shared` is a
    folder of the user in which all his processes keep one pace with each server; None where this one is on its own.
    """

    tries: int = 6
    first_wait: float = 1
    longest_wait: float = 120
    timeout: float = 60  # without a single byte
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    on_wait: Callable[[str, float], None] = _silent
    shared: Path | None = None
    wall: Callable[[], float] = time.time  # seconds since 1970


class AskAgain(Exception):
    """An answer that will not do, though the same question may well be answered later.

    `wait` is what the server asked for; `tries` caps the number of attempts below the session's own. `slow_down` says
    that the server found us too fast, which concerns whoever else of us is asking it.
    """

    def __init__(
        self, reason: str, wait: float | None = None, tries: int | None = None, slow_down: bool = False
    ) -> None:
        self.reason, self.wait, self.tries, self.slow_down = reason, wait, tries, slow_down
        super().__init__(reason)


class Unanswered(Exception):
    """No usable answer came, and asking again does not help, or has not helped."""

    def __init__(self, reason: str, remedy: str = "run the same command again in a while.") -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(reason)
