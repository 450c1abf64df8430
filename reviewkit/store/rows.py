"""Dataclasses to table rows and back."""

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from reviewkit.model.runs import Line, Response

Shape = TypeVar("Shape")


def storable(value: Shape) -> Shape:
    """Return a dataclass as a database keeps it: the same, unless a text holds what none can hold (see `_kept`)."""
    lost = {f.name: kept for f in fields(value) if (kept := _kept(item := getattr(value, f.name))) != item}  # type: ignore[arg-type]
    return replace(value, **lost) if lost else value  # type: ignore[type-var]


def to_row(review: str, value: Any) -> dict[str, Any]:
    """Return a dataclass as the columns of its table."""
    # asdict() copies deeply and takes six times as long, which counts with 100,000 citations.
    row = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    row["review"] = review
    return row


def reader(shape: type[Shape]) -> Callable[[Any], Shape]:
    """Return a function that makes a `shape` from one row of its table, read with the columns in the shape's order."""
    hints = get_type_hints(shape)
    names = [f.name for f in fields(shape)]  # type: ignore[arg-type]
    readers = {name: make for name in names if (make := _reader_of(hints[name]))}

    def read(row: Any) -> Shape:
        # By place and not by name, which takes twice as long and counts with 100,000 rows.
        found = dict(zip(names, row, strict=True))
        for name, make in readers.items():
            found[name] = make(found[name])
        return shape(**found)

    return read


def _plain(item: Any) -> Any:
    if isinstance(item, Enum):
        return item.value
    if isinstance(item, tuple):
        return [asdict(part) if isinstance(part, Response | Line) else _kept(part) for part in item]
    return _kept(item)


def _kept(item: Any) -> Any:
    """Put U+FFFD, the mark for a lost character, where a text holds NUL or half a surrogate pair.

    PostgreSQL takes neither, and no UTF-8 file can hold the second; they come from damaged export files and
    from command lines in another encoding. The responses as received keep what was there.
    """
    if isinstance(item, tuple):
        return tuple(_kept(part) for part in item)
    if not isinstance(item, str) or isinstance(item, Enum):
        return item
    try:
        item.encode()
    except UnicodeEncodeError:
        item = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in item)
    return item.replace("\x00", "\ufffd")


def _reader_of(hint: Any) -> Callable[[Any], Any] | None:
    if get_origin(hint) is tuple:
        if get_args(hint)[0] is Response:
            return lambda items: tuple(_response(item) for item in items)
        if get_args(hint)[0] is Line:
            return lambda items: tuple(Line(**item) for item in items)
        return tuple
    return hint if isinstance(hint, type) and issubclass(hint, Enum) else None


def _response(item: dict[str, Any]) -> Response:
    return Response(**{**item, "columns": tuple(item.get("columns", ()))})
