"""Numerical work kept to one processor: the matrices are small, and waking more costs more than they save."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy's linear algebra use one thread in this block; sums then come out the same on every machine size."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
