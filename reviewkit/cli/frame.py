"""A full-screen frame in the terminal: a fixed head, a body that scrolls, a fixed foot, and one key at a time."""

import codecs
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.segment import Segment

try:
    import termios
    import tty
except ImportError:  # Windows: click reads single keys there
    termios = None  # type: ignore[assignment]

WIDEST = 100  # columns: longer lines of prose are hard to read
_DOWN = (" ", "\x1b[6~", "\x1b[B", "\x1bOB", "\x1b[C", "\x1bOC")
_UP = ("\x1b[5~", "\x1b[A", "\x1bOA", "\x1b[D", "\x1bOD", "\x7f")
_BY_LINE = ("\x1b[B", "\x1bOB", "\x1b[A", "\x1bOA")


class Frame:
    """The terminal while someone screens. Use as `with Frame(console) as frame:`; leaving restores the terminal.

    Keys count only once the frame that asks for them is drawn: what was typed ahead, pasted or held down could
    otherwise decide on a record that nobody has seen.
    """

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._before: list[object] | None = None
        self._paint: Callable[[], None] = lambda: None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = False  # for a key
        self._stale = False  # the window was resized since the last drawing

    def __enter__(self) -> "Frame":
        self._console.set_alt_screen(True)
        self._raw()
        if hasattr(signal, "SIGWINCH"):
            signal.signal(signal.SIGWINCH, self._resized)
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "SIGWINCH"):
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self._cooked()
        self._console.set_alt_screen(False)

    def ask(self, head: "RenderableType", body: "RenderableType", foot: "RenderableType") -> str:
        """Draw a frame and return the next key that is not for scrolling; '' when several came at once."""
        offset = 0
        reach = 0

        def paint() -> None:
            nonlocal offset, reach
            self._stale = False
            offset, reach = self._draw(head, body, foot, offset)

        self._paint = paint
        self._forget_typed_ahead()
        while True:
            paint()
            key = self._key()
            step = 1 if key in _BY_LINE else max(1, reach - 1)
            if key in _DOWN:
                offset += step
            elif key in _UP:
                offset = max(0, offset - step)
            else:
                return key if len(key) == 1 else ""

    def line(self, prompt: str) -> str | None:
        """Ask for a line of text at the bottom of the frame; None when the person changes his mind (Esc, Ctrl-C)."""
        text = ""
        while True:
            self._show_line(prompt, text)
            try:
                typed = self._key()
            except KeyboardInterrupt:
                return None
            if typed == "\x1b":
                return None
            for sign in typed if not typed.startswith("\x1b") else "":
                if sign in "\r\n":
                    return text
                if sign in "\x7f\b":
                    text = text[:-1]
                elif sign == "\x15":  # Ctrl-U
                    text = ""
                elif sign.isprintable():
                    text += sign

    # --- drawing -------------------------------------------------------------------------------

    def _draw(
        self, head: "RenderableType", body: "RenderableType", foot: "RenderableType", offset: int
    ) -> tuple[int, int]:
        """Draw everything in one write; return the offset as far as it was possible, and the body's height."""
        from rich.control import Control
        from rich.segment import Segment, Segments

        width, height = self._console.size
        options = self._console.options.update(width=min(width - 1, WIDEST), height=None)

        def lines(item: "RenderableType") -> "list[list[Segment]]":
            return self._console.render_lines(item, options, pad=False)

        top, bottom = lines(head), lines(foot)
        room = max(3, height - len(top) - len(bottom))
        text = lines(body)
        offset = max(0, min(offset, len(text) - room + 1 if len(text) > room else 0))
        shown = text[offset : offset + room]
        if len(text) > room:
            hidden = len(text) - offset - (room - 1)
            more = f"-- {hidden} more lines: space --" if hidden > 0 else "-- end; page up goes back --"
            shown = [*text[offset : offset + room - 1], [Segment(more, self._console.get_style("bold"))]]
        shown += [[] for _ in range(room - len(shown))]
        page: list[Segment] = []
        for line in [*top, *shown, *bottom][:height]:
            page += [*line, Segment.line()]
        with self._console:  # one write: no flicker
            self._console.control(Control.clear(), Control.home())
            self._console.print(Segments(page[:-1]), end="")
        self._console.file.flush()
        return offset, room - 1

    def _show_line(self, prompt: str, text: str) -> None:
        """Write prompt and text on the last line; of a long text the end."""
        from rich.cells import cell_len
        from rich.control import Control
        from rich.segment import ControlType
        from rich.text import Text

        while text and cell_len(prompt + text) >= self._console.size.width - 1:
            text = text[1:]
        shown = Text.assemble((prompt, "bold"), text, end="")
        with self._console:
            self._console.control(Control.move_to(0, self._console.size.height - 1))
            self._console.control(Control((ControlType.ERASE_IN_LINE, 2)))
            self._console.print(shown, end="")
        self._console.file.flush()

    def _resized(self, _signal: int, _frame: FrameType | None) -> None:
        self._stale = True
        if self._waiting:
            self._paint()

    # --- keys ----------------------------------------------------------------------------------

    def _key(self) -> str:
        """Wait for the next key: a sign, an escape sequence, or several signs that came at once."""
        if termios is None:
            return click.getchar()
        self._waiting = True
        if self._stale:
            self._paint()
        typed = ""
        while not typed:  # a letter of several bytes may come in two parts
            received = os.read(sys.stdin.fileno(), 64)
            if not received:
                raise EOFError  # the terminal is gone
            typed = self._decoder.decode(received)
        self._waiting = False
        if "\x03" in typed:
            raise KeyboardInterrupt
        return typed

    def _forget_typed_ahead(self) -> None:
        if termios is not None:
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)

    def _raw(self) -> None:
        if termios is None:
            return
        handle = sys.stdin.fileno()
        self._before = termios.tcgetattr(handle)
        tty.setcbreak(handle)
        mode = termios.tcgetattr(handle)
        mode[3] &= ~termios.ISIG  # Ctrl-C is read as a key, Ctrl-Z would leave the shell in this screen
        termios.tcsetattr(handle, termios.TCSANOW, mode)

    def _cooked(self) -> None:
        if termios is not None and self._before is not None:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)  # type: ignore[arg-type]
