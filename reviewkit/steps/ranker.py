"""The other process, in which an order is learned while a reviewer reads: starting it, teaching it, asking it.

Learning takes all of a processor for a while, and the first reading of 100,000 records half a minute; keys must
not wait for either. What the other process is told and says is written down in `reviewkit.steps.rank_worker`. It ends
when this one does, however that ends, and loses nothing: everything is learned again from the decisions.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from reviewkit.model.lessons import Lesson
from reviewkit.model.protocol import Protocol, Stage
from reviewkit.model.runs import SearchRun
from reviewkit.steps.wanted import wanted
from reviewkit.steps.why import Pull, Why
from reviewkit.workspace import Folders
from reviewkit.workspace.cache import kept_json

_PATIENCE = 3.0  # seconds that an explanation may take, while the other process learns


@dataclass(frozen=True, slots=True)
class Learned:
    """An order of all records, and how many decided ones it was learned from."""

    ids: tuple[int, ...]
    learned: int


class Ranker:
    """Orders the records of one review for one reviewer, beside the process that shows them."""

    def __init__(self, folders: Folders, protocol: Protocol) -> None:
        self._folders, self._protocol = folders, protocol
        self._process: subprocess.Popen[bytes] | None = None
        self._newest: Learned | None = None
        self._answers: SimpleQueue[Why] = SimpleQueue()
        self.failure = ""  # why no newer order will come, once that is so

    def begin(
        self, runs: Sequence[SearchRun], stage: Stage, reviewer: str, taught: Mapping[int, Lesson]
    ) -> Learned | None:
        """Start learning; return at once, with the order that there was last, if one is kept."""
        sought = wanted(self._protocol)
        of = _digest(sought, *((run.id, run.first, run.retrieved, run.responses) for run in runs))
        whose = _digest(stage.id.value, stage.learn_from, reviewer)[:16]
        own, anyones = self._folders.ranking(whose), self._folders.ranking("first")
        self._start()
        self._say(
            url=self._folders.workspace.database_url(), review=self._folders.review, topic=sought.topic,
            must_find=sought.must_find, features=str(self._folders.features), order=str(own), first=str(anyones), of=of,
        )  # fmt: skip
        self.teach(taught)
        return _kept(own, of) or _kept(anyones, of)

    def teach(self, changes: Mapping[int, Lesson | None]) -> None:
        """Tell what was decided since; None takes a lesson back. A new order follows by itself."""
        self._say(lessons={record: told and (told.says, told.hidden) for record, told in changes.items()})

    def read_again(self, taught: Mapping[int, Lesson]) -> None:
        """Have the records read anew, as some were joined, parted or came, and learn from these lessons alone."""
        self._say(again=True, lessons={record: (told.says, told.hidden) for record, told in taught.items()})

    def newest(self) -> Learned | None:
        """Return the newest order that has come; None before the first one."""
        return self._newest

    def why(self, record: int) -> Why | None:
        """Say what carried a record up or down in the newest order; None where that cannot be said now."""
        if self.failure or self._newest is None:
            return None
        self._say(why=record)
        while True:
            try:
                answer = self._answers.get(timeout=_PATIENCE)
            except Empty:
                return None
            if answer.record == record:
                return answer

    def close(self) -> None:
        """End the other process; what it was learning is learned again when it is needed."""
        if self._process and self._process.stdin:
            self._process.kill()
            self._process.stdin.close()
            self._process.wait()

    def _start(self) -> None:
        # The other process imports from where this one did, and never from the folder that it is started in.
        program = f"import sys; sys.path[:] = {sys.path!r}; from reviewkit.steps.rank_worker import main; main()"
        try:
            self._process = subprocess.Popen(  # noqa: S603 - itself
                [sys.executable, "-P", "-c", program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            self.failure = error.strerror or str(error)
            return
        Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _say(self, **message: Any) -> None:
        if self.failure or self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self.failure = self.failure or "it ended"

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        for line in process.stdout or ():
            said = json.loads(line)
            if "order" in said:
                self._newest = Learned(tuple(said["order"]), said["learned"])
            elif "why" in said:
                words = tuple(Pull(**word) for word in said["why"].pop("words"))
                self._answers.put(Why(words=words, **said["why"]))
            else:
                self.failure = said["failed"]
        self.failure = self.failure or "it ended"


def _digest(*parts: Any) -> str:
    plain = [asdict(part) if hasattr(part, "__dataclass_fields__") else part for part in parts]
    return sha256(json.dumps(plain, default=str).encode()).hexdigest()


def _kept(path: Path, of: str) -> Learned | None:
    """Return a kept order of these very search runs under this question, or None."""
    found = kept_json(path)
    if not isinstance(found, dict) or found.get("of") != of:
        return None
    ids, learned = found.get("order"), found.get("learned")
    if not (isinstance(ids, list) and isinstance(learned, int) and all(type(record) is int for record in ids)):
        return None
    return Learned(tuple(ids), learned)
