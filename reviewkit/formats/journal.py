"""Rows of the archive (matches, decisions, links, extractions, runs) as CSV and back, without loss.

The columns are the fields of the dataclass, so a new field needs nothing here.
"""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import Enum
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from reviewkit.formats.cells import inert, original, to_csv
from reviewkit.model.citation import Finding
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import Row

AnyRow = TypeVar("AnyRow")  # a frozen dataclass of texts, numbers, booleans, enums and tuples of texts

SEALED = "sealed"  # the column that holds what is not to be seen yet

# What a sealed row still shows. Whatever is not listed is sealed: a field added later is safe until someone says so.
_SHOWN: Mapping[type[Any], Container[str]] = MappingProxyType(
    {
        Decision: {"n", "record", "stage", "basis", "protocol", "order", "by", "at", "undoes"},
        Extraction: {"n", "study", "group", "field", "basis", "protocol", "by", "at", "undoes"},
    }
)
_LONGEST_CELL = (1 << 31) - 1  # characters; the most that the csv module takes on every system
_PADDING = 128  # bytes; envelopes of one length do not tell an "include" from an exclusion with its criterion


@dataclass(frozen=True, slots=True)
class Parsed(Generic[AnyRow]):
    """Rows with the lines they begin on, and what could not be read."""

    rows: tuple[AnyRow, ...]
    lines: tuple[int, ...]
    findings: tuple[Finding, ...]


def to_journal(shape: type[AnyRow], rows: Iterable[AnyRow], hidden: Container[int] = ()) -> bytes:
    """Write rows as CSV in the order given; of the rows numbered in `hidden`, what they say goes into an envelope."""
    columns = list(_columns(shape))
    shown = _SHOWN.get(shape)
    if shown is None:
        return to_csv(columns, ([_write(getattr(row, name)) for name in columns] for row in rows))

    def cells(row: AnyRow) -> list[object]:
        texts = {name: _write(getattr(row, name)) for name in columns}
        if texts["n"] not in hidden:
            return [*texts.values(), ""]
        inside = {name: text for name, text in texts.items() if name not in shown}
        outside: list[object] = ["" if name in inside else text for name, text in texts.items()]
        return [*outside, _seal(inside, _key(shape, texts["n"]))]

    return to_csv([*columns, SEALED], map(cells, rows))


def parse_journal(shape: type[AnyRow], body: bytes, file: str) -> Parsed[AnyRow]:
    """Read what `to_journal` wrote; every problem is a finding with its line, and its row is left out.

    Args:
        file: names the file in findings.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Parsed((), (), (Finding(f"is not UTF-8 text (byte {error.start})", file),))
    known = _columns(shape)
    table = _lines(text)
    header = next(table, (1, []))[1]
    if problem := _wrong_header(header, known):
        return Parsed((), (), (Finding(problem, file, 1),))
    hints = get_type_hints(shape)
    readers = {name: _read(hints[name]) for name in known}
    rows: list[AnyRow] = []
    lines: list[int] = []
    findings: list[Finding] = []
    for line, cells in table:
        try:
            rows.append(shape(**_values(shape, readers, header, cells)))
            lines.append(line)
        except ValueError as error:
            findings.append(Finding(str(error), file, line))
    return Parsed(tuple(rows), tuple(lines), tuple(findings))


def _columns(shape: type[Any]) -> dict[str, Field[Any]]:
    """The fields in the order of the columns: a row's number, what it says, who and when."""
    place = {f.name: 2 for f in fields(Row)} | {"n": 0}
    return {f.name: f for f in sorted(fields(shape), key=lambda f: place.get(f.name, 1))}


def _wrong_header(header: list[str], known: dict[str, Field[Any]]) -> str:
    missing = [f.name for f in known.values() if f.name not in header and f.default is MISSING]
    unknown = [name for name in header if name not in known and name != SEALED]
    if missing:
        return f"the columns {', '.join(missing)} are missing"
    if unknown:
        return f"there is no column {', '.join(unknown)}; a newer reviewkit may have written it"
    return "" if len(set(header)) == len(header) else "a column is there twice"


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV text, each with the line that it begins on; what is no CSV, as a row without cells."""
    csv.field_size_limit(_LONGEST_CELL)  # the module's own limit is 128 KiB a cell
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        yield line, []


def _values(
    shape: type[Any], readers: dict[str, Callable[[str], Any]], header: list[str], cells: list[str]
) -> dict[str, Any]:
    """Read the cells of one row. Raises ValueError saying what is wrong."""
    if len(cells) != len(header):
        raise ValueError(f"has {len(cells)} cells instead of {len(header)}")
    texts = dict(zip(header, cells, strict=True))
    if sealed := texts.pop(SEALED, ""):
        inside = _open(original(sealed), _key(shape, texts["n"]))
        texts |= {name: inert(text) for name, text in inside.items() if name in readers}
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            values[name] = readers[name](text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return values


def _write(value: Any) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _read(hint: Any) -> Callable[[str], Any]:
    """Return the function that reads a cell of one type. It raises ValueError saying what was expected."""
    if hint is str:
        return original
    if hint is bool:
        return _yes_no
    if hint is int:
        return _whole_number
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda text: _member(hint, original(text))
    if get_origin(hint) is tuple:
        return lambda text: tuple(json.loads(original(text)))
    inner = next(arg for arg in get_args(hint) if arg is not type(None))  # a number that may be absent
    return lambda text: _read(inner)(text) if text else None


def _yes_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"'{text}' should be true or false")
    return text == "true"


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError(f"'{text}' should be a whole number")
    return int(text)


def _member(kind: type[Enum], text: str) -> Enum:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"'{text}' should be one of {', '.join(str(m.value) for m in kind)}") from None


# --- envelopes -------------------------------------------------------------------------------------------


def _key(shape: type[Any], n: object) -> str:
    return f"{shape.__name__} {n}"


def _seal(texts: dict[str, object], key: str) -> str:
    """Hide texts from a glance: JSON, padded, mixed with a stream that differs from row to row, base64."""
    body = json.dumps(texts, ensure_ascii=False).encode()
    body += b" " * (-len(body) % _PADDING)
    return base64.b64encode(_mixed(body, key)).decode()


def _open(sealed: str, key: str) -> dict[str, str]:
    try:
        texts = json.loads(_mixed(base64.b64decode(sealed, validate=True), key))
        return {str(name): str(text) for name, text in texts.items()}
    except (ValueError, AttributeError):
        raise ValueError(f"{SEALED}: cannot be opened; the row was changed") from None


def _mixed(body: bytes, key: str) -> bytes:
    """Mix bytes with a stream made from the key; doing it twice gives them back."""
    stream = bytearray()
    while len(stream) < len(body):
        stream += hashlib.sha256(f"{key} {len(stream)}".encode()).digest()
    return bytes(a ^ b for a, b in zip(body, stream, strict=False))
