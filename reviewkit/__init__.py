"""reviewkit: a systematic review that anyone can run again."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from reviewkit.frames import Review

__version__ = "0.1.0"
__all__ = ["open"]


def open(path: "str | Path", review: str | None = None) -> "Review":  # noqa: A001  # reviewkit.open, as gzip.open
    """Open a review for reading, with its tables as pandas DataFrames; see `reviewkit.frames.open_review`."""
    from reviewkit.frames import open_review

    return open_review(path, review)
