"""The pace at which one person asks a server, whichever thread or process of his is asking.

Limits are set for a person or his address, not for a program: NCBI counts all requests that come from one computer.
"""

import math
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewkit.sources.politeness import Politeness

_LOCK_WAIT = 5.0  # seconds; the lock is held for a few file operations, unless its owner was stopped in mid-air
_NOW = 0.001  # seconds; less than this is not slept for, since clocks and files are no finer
_UNSAID = 1.0  # seconds of waiting for others of which nothing is said

_free: dict[tuple[str, Callable[[], float]], float] = {}  # (host, clock) -> when this process may ask again
_one_at_a_time = threading.Lock()


class Pace:
    """When the next request to one host may go out.

    Two bounds hold together. Within the process, a monotonic clock that no change of the date disturbs. Among
    processes, a small file in `politeness.shared` with the next free instant by the wall clock, under a lock that the
    system lets go of when its owner dies. Where that folder cannot be used, the first bound stands alone.
    """

    def __init__(self, host: str, interval: float, politeness: Politeness) -> None:
        self._politeness, self._interval = politeness, interval
        self._key = (host, politeness.clock)
        name = re.sub(r"[^a-z0-9.-]", "_", host.lower())[:100] or "_"
        self._file = politeness.shared / "pace" / name if politeness.shared else None

    def wait_for_turn(self) -> None:
        """Return when a request may go out; the next one has to wait its interval from then on."""
        while (wait := self._take()) > 0:
            if wait >= _UNSAID + self._interval:  # the pace of one request a second is no pause
                self._politeness.on_wait("another search of yours was asked to pause", wait)
            self._politeness.sleep(wait)

    def hold_off(self, seconds: float) -> None:
        """Let nobody ask for so long: the server found us too fast, or asked for a pause."""
        with _one_at_a_time:
            now = self._politeness.clock()
            _free[self._key] = max(_free.get(self._key, now), now + seconds)
            with self._locked() as file:
                if file:
                    now = self._politeness.wall()
                    _write(file, max(self._shared(file, now), now + seconds))

    def _take(self) -> float:
        """Take the turn and return 0, or return how long it is to be waited for."""
        with _one_at_a_time:
            now = self._politeness.clock()
            wait = _free.get(self._key, now) - now
            if wait > _NOW:
                return wait
            with self._locked() as file:
                if file:
                    wall = self._politeness.wall()
                    free = self._shared(file, wall)
                    if free > wall + _NOW:
                        return free - wall
                    _write(file, wall + self._interval)
            _free[self._key] = now + self._interval
            return 0.0

    def _shared(self, file: Path, now: float) -> float:
        """Read the next free instant; `now` where the file is new or damaged, or the clock was set back meanwhile."""
        try:
            free = float(file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return now
        return free if math.isfinite(free) and free - now <= self._politeness.longest_wait + self._interval else now

    @contextmanager
    def _locked(self) -> Iterator[Path | None]:
        """Hold the file's lock; None where there is no such file, or no use of it."""
        from filelock import FileLock

        lock = None
        if self._file:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                lock = FileLock(f"{self._file}.lock", timeout=_LOCK_WAIT)
                lock.acquire()
            except (OSError, NotImplementedError):  # no permission, no space, no locks on this file system; Timeout too
                lock, self._file = None, None
        try:
            yield self._file
        finally:
            if lock:
                lock.release()


def _write(file: Path, free: float) -> None:
    try:
        file.write_text(f"{free:.6f}\n", encoding="ascii")
    except OSError:  # a full disk, which leaves the file empty: the bound within the process stands
        return
