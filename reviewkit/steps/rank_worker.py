"""The process that learns an order for `reviewkit.steps.ranker`: lessons in, orders and explanations out.

It is told in lines of JSON: first where records and caches are; then `lessons` (record -> what it teaches and whether
that is hidden, or null), `again` (read the records anew) and `why` (explain a record). It says: `order` with `learned`,
`why`, or `failed`, its last word. It ends as soon as nobody speaks to it any more.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from reviewkit.model.lessons import Lesson
from reviewkit.steps.wanted import Wanted
from reviewkit.workspace.cache import keep_json

if TYPE_CHECKING:
    from reviewkit.steps.rank import Order, Shelf
    from reviewkit.store import Store

Message = dict[str, Any]


def main() -> None:
    """Listen and answer until the other side is gone."""
    heard: SimpleQueue[Message] = SimpleQueue()
    Thread(target=_listen, args=(heard,), daemon=True).start()
    try:
        _work(heard)
    except Exception as error:  # whatever it is, the reviewer goes on without a new order and is told so
        _say(failed=f"{type(error).__name__}: {error}")
    os._exit(0)  # the other thread waits for the next line


def _listen(heard: "SimpleQueue[Message]") -> None:
    for line in sys.stdin.buffer:
        heard.put(json.loads(line))
    os._exit(0)  # in the middle of whatever is being computed: caches are written whole or not at all


def _work(heard: "SimpleQueue[Message]") -> None:
    told = heard.get()
    from reviewkit.steps.one_thread import one_thread
    from reviewkit.store import open_store

    store = open_store(told["url"], told["review"], make=False)
    with one_thread():
        worker = _Worker(store, told)
        while True:
            messages = [heard.get()]
            while True:
                try:
                    messages.append(heard.get_nowait())
                except Empty:
                    break
            worker.take(messages)


class _Worker:
    def __init__(self, store: "Store", told: Message) -> None:
        self._store, self._told = store, told
        self._lessons: dict[int, Lesson] = {}
        self._shelf: Shelf | None = None
        self._order: Order | None = None

    def take(self, messages: list[Message]) -> None:
        """Explain what is asked by the order that there is; then learn, once for all that was taught meanwhile."""
        again, taught = self._shelf is None, False
        for message in messages:
            if message.get("again"):
                again = True
                self._lessons.clear()
            for record, lesson in message.get("lessons", {}).items():
                taught = True
                if lesson:
                    self._lessons[int(record)] = Lesson(*lesson)
                else:
                    self._lessons.pop(int(record), None)
            if "why" in message:
                self._explain(message["why"])
        if again:
            self._read()
        if again or taught:
            self._learn()

    def _read(self) -> None:
        from reviewkit.steps.rank import read_shelf

        wanted = Wanted(self._told["topic"], tuple(self._told["must_find"]))
        self._shelf = read_shelf(self._store, wanted, Path(self._told["features"]))

    def _learn(self) -> None:
        from reviewkit.steps.rank import order_records

        assert self._shelf  # noqa: S101 - read before anything is learned
        self._order = order_records(self._shelf, self._lessons)
        found = {"order": self._order.ids, "learned": self._order.learned}
        # Kept before it is told: whoever has seen it finds it again.
        keep_json(Path(self._told["order"]), {"of": self._told["of"], **found})
        if not self._order.learned:
            keep_json(Path(self._told["first"]), {"of": self._told["of"], **found})
        _say(**found)

    def _explain(self, record: int) -> None:
        from reviewkit.steps.rank import explain_place

        if self._shelf and self._order:
            _say(why=asdict(explain_place(self._shelf, self._order, record)))


def _say(**message: Any) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()
