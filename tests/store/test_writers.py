"""Several people, or several windows of one person, write at the same time."""

import multiprocessing
from collections import Counter
from multiprocessing.synchronize import Barrier
from threading import Thread

from reviewkit.model.decisions import Decision
from reviewkit.store import Store, open_store
from tests.build import decision

_BATCHES = 40


def _write(url: str, by: str, start: Barrier) -> None:
    """What one writer's process does: open the database, wait for the others, then write."""
    start.wait()
    store = open_store(url, "backpain")
    store.add_protocol("v1", "the same text", "2024-01-01T00:00:00Z")
    for batch in range(_BATCHES):
        store.add([decision(batch + 1, "include", by=by), decision(batch + 1, "exclude", by=by)])
    store.close()


def test_processes_that_write_at_once_lose_nothing_and_share_no_number(url: str) -> None:
    """The database is not even made yet: its first writers also race to make it."""
    context = multiprocessing.get_context("spawn")
    people = ["ann", "bob", "eve"]
    start = context.Barrier(len(people))
    writers = [context.Process(target=_write, args=(url, by, start)) for by in people]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    store = open_store(url, "backpain")
    rows = store.all(Decision)
    store.close()
    assert [row.n for row in rows] == list(range(1, 2 * _BATCHES * len(people) + 1))
    assert Counter(row.by for row in rows) == dict.fromkeys(people, 2 * _BATCHES)
    for first, second in zip(rows[::2], rows[1::2], strict=True):  # what was added together stands together
        assert (first.by, first.record, second.verdict) == (second.by, second.record, "exclude")


def test_the_first_rows_of_two_writers_do_not_collide(store: Store) -> None:
    """Neither finds a counter for the table yet, so both would make one."""
    threads = [Thread(target=store.add, args=([decision(n, "include")],)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.n for row in store.all(Decision)] == list(range(1, 9))


def test_one_person_reads_while_another_writes(store: Store, url: str) -> None:
    store.add([decision(1, "include")])
    other = open_store(url, "backpain")

    reading = iter(other.citations())
    store.add([decision(2, "include")])

    assert list(reading) == []
    assert other.count(Decision) == 2
    other.close()
