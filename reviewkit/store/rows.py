"""Dataclasses to table rows and back."""

from collections.abc import Callable
from dataclasses import asdict, fields
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from reviewkit.model.runs import Response

Shape = TypeVar("Shape")


def to_row(review: str, value: Any) -> dict[str, Any]:
    """Return a dataclass as the columns of its table."""
    # asdict() copies deeply and takes six times as long, which counts with 100,000 citations.
    row = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    row["review"] = review
    return row


def reader(shape: type[Shape]) -> Callable[[Any], Shape]:
    """Return a function that makes a `shape` from one row of its table."""
    hints = get_type_hints(shape)
    readers = {f.name: _reader_of(hints[f.name]) for f in fields(shape)}  # type: ignore[arg-type]

    def read(row: Any) -> Shape:
        return shape(**{name: row[name] if make is None else make(row[name]) for name, make in readers.items()})

    return read


def _plain(item: Any) -> Any:
    if isinstance(item, Enum):
        return item.value
    if isinstance(item, tuple):
        return [asdict(part) if isinstance(part, Response) else part for part in item]
    return item


def _reader_of(hint: Any) -> Callable[[Any], Any] | None:
    if get_origin(hint) is tuple:
        if get_args(hint)[0] is Response:
            return lambda items: tuple(Response(**item) for item in items)
        return tuple
    return hint if isinstance(hint, type) and issubclass(hint, Enum) else None
