"""The store: append-only rows of one review in SQLite or PostgreSQL. Nothing outside this package knows SQL."""

from reviewkit.store.store import Store, open_store

__all__ = ["Store", "open_store"]
