"""Commands that are killed with signal 9 at a chosen instant, and what a workspace holds afterwards."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.reviewed import dump

LIMIT = 120.0  # seconds; nothing here takes so long, whatever the machine

# Runs the command and kills its own process with signal 9 at the nth touch: a file made, renamed or removed in the
# workspace, or a statement that changes the database. Before it ends by itself it says how many touches there were.
_TOUCHES = """
import atexit, os, signal, sys
from sqlalchemy import Engine, event
nth, root, log = int(sys.argv[1]), sys.argv[2], sys.argv[3]
del sys.argv[1:4]
seen = rows = 0

def touch():
    global seen
    seen += 1
    if seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)

def statement(sql):
    global rows
    rows += sql.startswith("INSERT")
    if sql.startswith(("COMMIT", "UPDATE")) or (sql.startswith("INSERT") and rows % 100 == 1):
        touch()

@event.listens_for(Engine, "connect")
def connect(connection, record):
    connection.set_trace_callback(statement)

def hook(what, args):
    if what in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") and str(args[0]).startswith(root):
        touch()
    elif what == "open" and str(args[0]).startswith(root) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        touch()

def tell():
    count = str(seen)
    with open(log, "w") as file:
        file.write(count)

sys.addaudithook(hook)
atexit.register(tell)
from reviewkit.cli import main
main()
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: -9 when it was killed; what it had said until then, how long it ran, its touches."""

    code: int
    said: str
    seconds: float
    touches: int = 0


def run(root: Path, words: Sequence[str], settings: Mapping[str, str], after: float = LIMIT, touch: int = 0) -> Ended:
    """Run a command in a workspace; kill it after some seconds, or (where `touch` is given) at the nth touch."""
    log = root.parent / f"{root.name}.touches"
    inside = [sys.executable, "-c", _TOUCHES, str(touch), str(root), str(log)]
    outside = [sys.executable, "-m", "reviewkit"]
    began = time.monotonic()
    process = subprocess.Popen(
        [*(inside if touch else outside), *words],
        cwd=root, env=environment(settings), start_new_session=True, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    timer = threading.Timer(after, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    said = process.communicate()[0]
    timer.cancel()
    touches = int(log.read_text()) if touch and log.exists() else 0
    return Ended(process.returncode, said, time.monotonic() - began, touches)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command: nothing of the person who runs the tests."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("REVIEWKIT_", "NCBI_"))}
    return plain | {"REVIEWKIT_CONFIG": os.devnull, "TERM": "xterm", "COLUMNS": "100", "LINES": "40", **settings}


def held(root: Path) -> dict[str, object]:
    """Everything that a workspace holds, times and ports apart: the rows of its database and its files."""
    rows = {
        name: [_lasting(row) for row in found] for name, found in dump(f"sqlite:///{root / 'reviewkit.db'}").items()
    }
    files = {
        _lasting(str(path.relative_to(root))): sha256(_body(path)).hexdigest()
        for folder in ("searches", "exports")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and not path.name.endswith("lock")
    }
    return {"rows": rows, "files": files}


def at_random(name: str, number: int, count: int) -> float:
    """Return a part of 1, the same in each run, in the nth of `count` equal stretches."""
    return (number + random.Random(f"{name} {number}").random()) / count


def _body(path: Path) -> bytes:
    return _lasting(path.read_text(encoding="utf-8")).encode() if path.suffix == ".toml" else path.read_bytes()


def _lasting(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", "TIME", text)
    return re.sub(r"127\.0\.0\.1:\d+", "SERVER", text)  # each server has a port of its own
