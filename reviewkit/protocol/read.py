"""TOML text to a checked `Protocol`."""

import hashlib
import json
import re
import tomllib
from dataclasses import fields, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewkit.errors import InvalidProtocol, NotReadable, where
from reviewkit.model import protocol as shapes
from reviewkit.model.protocol import Protocol
from reviewkit.protocol.lines import Location, key_lines, line_of
from reviewkit.protocol.rules import Mistake, find_mistakes

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

_SYNTAX = {  # tomllib's words -> a reviewer's
    "Illegal character '\\n'": "a text has no closing quote on this line; for several lines write three quotes",
    "Cannot overwrite a value": "this key was given before in the same table; remove one of the two, or write "
    "[[double brackets]] where there are several",
    "Expected '=' after a key in a key/value pair": "this line is no key = value; a comment begins with #",
    "Invalid statement": "this line is no key = value, no [table] and no # comment",
    'Expected "\'"': "a text has no closing single quote",
    "Unterminated string": "a text has no closing quotes",
    "Invalid value": "what stands after = is no value; a text needs quotes",
    "Expected newline or end of document after a statement": "something is left over on this line; is a quote missing?",
    "Unclosed array": "a list has no closing bracket ]",
    "Unescaped '\\' in a string": "a backslash in double quotes means something else; put the text in 'single quotes'",
}
_DERIVED = ("review", "version", "source")  # fields of Protocol that the file does not give


def load_protocol(path: Path) -> Protocol:
    """Read and check a protocol file.

    Raises:
        NotReadable: the file cannot be opened, or is not UTF-8.
        InvalidProtocol: it has mistakes; all of them are listed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotReadable(path=path, reason=error.strerror or error) from error
    except UnicodeDecodeError as error:
        place = where(path, error.object.count(b"\n", 0, error.start) + 1)
        remedy = "Save it as UTF-8 in your editor (with 'Save as', under encoding)."
        raise NotReadable(path=place, reason="it is not UTF-8 text", remedy=remedy) from error
    return parse_protocol(text, path)


def parse_protocol(text: str, path: Path) -> Protocol:
    """Check a protocol's TOML text; `path` names it in messages and gives the review its name.

    Raises:
        InvalidProtocol: it has mistakes; all of them are listed (of broken TOML, the first).
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidProtocol(f"{path} is not valid TOML:", [_syntax(path, str(error))]) from error
    lines = key_lines(text)
    mistakes, protocol = _build(table)
    if mistakes:
        placed = sorted((line_of(lines, mistake.place), mistake) for mistake in mistakes)
        problems = [f"{where(path, line)}: {_name(mistake.place)}: {mistake.message}" for line, mistake in placed]
        count = f"{len(problems)} mistake{'s' if len(problems) > 1 else ''}"
        raise InvalidProtocol(f"{path} has {count}:", problems)
    return replace(protocol, review=path.stem, version=_version(protocol), source=text)


@cache
def _adapter() -> "TypeAdapter[Protocol]":
    from pydantic import TypeAdapter

    return TypeAdapter(Protocol)


def _syntax(path: Path, message: str) -> str:
    """Put tomllib's message into the form `file:line: what, and what to write`."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
    what = message.replace(place.group(), "") if place else message
    what = _SYNTAX.get(what, what)
    if twice := re.match(r"Cannot declare \((.*?),?\) twice", what):
        name = twice.group(1).replace("'", "").replace(", ", ".")
        what = f"[{name}] was there before; where there are several, write [[{name}]]"
    return f"{where(path, int(place.group(1)) if place and place.group(1) else None)}: {what}"


def _build(table: dict[str, Any]) -> tuple[list[Mistake], Protocol]:
    """Check types, then rules; values of the wrong type are mended first, so that one run finds every mistake."""
    from pydantic import ValidationError

    mistakes: dict[Location, Mistake] = {}
    for key in _DERIVED:
        if key in table:
            mistakes[key,] = Mistake((key,), _unknown(key, Protocol))
            del table[key]
    while True:
        try:
            protocol: Protocol = _adapter().validate_python(table)
            break
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                mistake = _translate(detail)
                if (
                    mistake.place in mistakes and detail["type"] != "missing"
                ):  # mending did not help: go on without that whole part
                    table.pop(str(mistake.place[0]), None)
                    continue
                if not any(mistake.place[:depth] in mistakes for depth in range(1, len(mistake.place) + 1)):
                    mistakes[mistake.place] = mistake
                _mend(table, mistake.place, detail["type"])
    typed = list(mistakes)
    for mistake in find_mistakes(protocol):
        if not any(place[: len(mistake.place)] == mistake.place[: len(place)] for place in typed):
            mistakes.setdefault(mistake.place, mistake)
    return list(mistakes.values()), protocol


def _mend(table: dict[str, Any], place: Location, kind: str) -> None:
    """Take the value at a place away, or where a key is missing put one in that passes, so that checking can go on."""
    holder: Any = table
    for part in place[:-1]:
        if isinstance(part, str) and part not in holder:
            return  # taken away already, for another mistake in it
        holder = holder[part]
    if kind == "missing":
        passing: dict[Any, Any] = {"question": {"text": "?"}, "id": "full-text"}
        holder[place[-1]] = passing.get(place[-1], "?")
    elif isinstance(holder, list):
        holder[int(place[-1])] = {} if kind == "dataclass_type" else "?"
    else:
        holder.pop(place[-1], None)


def _translate(detail: "ErrorDetails") -> Mistake:
    """Put one of pydantic's findings into words that tell a reviewer what to write."""
    place: Location = tuple(detail["loc"])
    given = "a table or list" if isinstance(detail["input"], dict | list) else repr(detail["input"])
    if isinstance(detail["input"], date):
        given = f"'{detail['input']}'"
    kind, context = detail["type"], detail.get("ctx", {})
    expected = {
        "string_type": "a text in quotes",
        "tuple_type": 'a list in square brackets, such as ["one", "two"]; of tables, write [[double brackets]]',
        "int_type": "a whole number without quotes",
        "int_parsing": "a whole number without quotes",
        "int_from_float": "a whole number",
        "bool_type": "true or false, without quotes",
        "bool_parsing": "true or false, without quotes",
        "date_type": "a date such as 2024-03-18, without quotes",
        "date_from_datetime_parsing": "a date such as 2024-03-18, without quotes",
        "date_from_datetime_inexact": "a date such as 2024-03-18, without a time",
        "dataclass_type": "a table of keys",
    }
    if kind == "missing":
        return Mistake(place, "is missing; it must be given")
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return Mistake(place, _unknown(str(place[-1]), _shape_at(place[:-1])))
    if kind in ("enum", "literal_error"):
        choices = str(context.get("expected", "")).replace("'", '"')
        return Mistake(place, f"{given} is not possible here; write {choices}")
    if kind in expected:
        return Mistake(place, f"{given} should be {expected[kind]}")
    return Mistake(place, f"{given}: {detail['msg']}")


def _unknown(key: str, shape: type[Any]) -> str:
    known = [f.name for f in fields(shape) if f.name not in _DERIVED]
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean '{close[0]}'?" if close else "possible here are " + ", ".join(known)
    return f"there is no such key; {hint}"


def _shape_at(place: Location) -> type[Any]:
    """Return the dataclass that a place in the file is read into."""
    tables: dict[str, type[Any]] = {
        "question": shapes.Question,
        "search": shapes.Strategy,
        "search_report": shapes.SearchReport,
        "include": shapes.Criterion,
        "exclude": shapes.Criterion,
        "stage": shapes.Stage,
        "highlight": shapes.Highlight,
        "extraction": shapes.Form,
        "group": shapes.Group,
        "field": shapes.Field,
    }
    names = [part for part in place if isinstance(part, str)]
    return tables[names[-1]] if names else Protocol


def _name(place: Location) -> str:
    """Write a place as a person counts: `stage[2].reviewers`."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the file"


def _version(protocol: Protocol) -> str:
    # Keys left at their default are left out, so that a key added to a later reviewkit changes no version made before.
    content = _adapter().dump_python(protocol, mode="json", exclude=set(_DERIVED), exclude_defaults=True)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
