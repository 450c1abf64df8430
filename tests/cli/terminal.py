"""A person at a real terminal: runs reviewkit in a pseudo-terminal, presses keys, sees what the screen shows."""

import os
import re
import signal
import sys
from pathlib import Path
from types import TracebackType

import pexpect

_CLEAR = "\x1b[2J"
_CODES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9]|[=>])")
PATIENCE = 60  # seconds until a test gives up; nothing waits this long when all is well


class Terminal:
    """Use as `with Terminal(folder, "screen", "--reviewer", "ann") as person:`."""

    def __init__(self, folder: Path, *words: str, rows: int = 24, columns: int = 80) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[2])}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            environment.pop(name, None)
        self.child = pexpect.spawn(
            sys.executable, ["-m", "reviewkit", *words], cwd=str(folder), env=environment,
            dimensions=(rows, columns), encoding="utf-8", timeout=PATIENCE,
        )  # fmt: skip
        self.child.delaybeforesend = None
        self.received = ""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is not None:
            print("the screen was:\n" + self.screen())
        self.child.close(force=True)

    def screen(self) -> str:
        """What is on the screen now, as plain text."""
        return _CODES.sub("", self.received.rsplit(_CLEAR, 1)[-1]).replace("\r\n", "\n")

    def everything(self) -> str:
        """All that was ever shown, as plain text."""
        return _CODES.sub("", self.received).replace("\r\n", "\n")

    def see(self, *texts: str) -> str:
        """Wait until the screen shows all of these."""
        while not all(text in self.screen() for text in texts):
            self.received += self.child.read_nonblocking(65536, PATIENCE)
        return self.screen()

    def press(self, keys: str, *then_see: str) -> str:
        """Press keys, then wait for a screen that is new and shows these."""
        self.child.send(keys)
        self.received += _CLEAR  # what was there before does not count
        return self.see(*then_see)

    def until_end(self) -> str:
        """Wait for the command to end; return what it left on the screen."""
        try:
            while True:
                self.received += self.child.read_nonblocking(65536, PATIENCE)
        except pexpect.EOF:
            self.child.wait()
        return self.everything()

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.child.kill(signal.SIGKILL)
        self.child.wait()
