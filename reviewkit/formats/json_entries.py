"""The entries of one list in a JSON file, with their lines, and the values in them as texts."""

import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from reviewkit.formats.clean import clean, clean_list
from reviewkit.formats.lines import encoding_of
from reviewkit.model.citation import Citation, Finding

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)  # raw line ends and tabs in texts are met in the field


class _Broken(Exception):
    """The text is no JSON from this place on."""

    def __init__(self, place: int) -> None:
        self.place = place


def json_entries(file: IO[bytes], *path: str, alone: str = "") -> Iterator[tuple[int, dict[str, Any]] | Finding]:
    """Give every object of the list that stands at `path` ("search-results", "entry"), with its line.

    An entry that is no object is a rejected Finding. A file that breaks off gives the entries before the break, then
    one rejected Finding; a file without that list gives one.

    Args:
        alone: a key by which an object is an entry by itself. Then a bare list of entries, one entry in place of the
            list, and entries one after the other are read, too, as scripts save them.
    """
    raw = file.read()
    encoding, skip = encoding_of(raw[:65536])
    text = raw[skip:].decode(encoding, "replace")
    counted = at = 0
    line = 1
    found = False
    try:
        for at, entry in _entries(text, path, alone):
            found = True
            line += _ends(text, counted, at)
            counted = at
            if isinstance(entry, dict):
                yield line, entry
            else:
                yield Finding("an entry that is no JSON object", line=line, rejected=True)
    except _Broken as broken:
        line += _ends(text, counted, max(broken.place, counted))
        what = "the JSON breaks off or is damaged here" if found or broken.place else "the file is no JSON object"
        yield Finding(what, line=line, rejected=True)
    except KeyError:
        yield Finding(f"no entries in it: it has no list at {' / '.join(path)}", line=1, rejected=True)


def json_citations(
    file: IO[bytes], *path: str, read: Callable[[dict[str, Any], int], Citation | Finding | None], alone: str = ""
) -> Iterator[Citation | Finding]:
    """Give every entry of `json_entries` as a Citation; one that says nothing of a publication is a rejected Finding.

    Args:
        read: (entry, its line) -> the citation, a finding in its place, or None for what is no entry to be told of.
    """
    for item in json_entries(file, *path, alone=alone):
        if isinstance(item, Finding):
            yield item
            continue
        line, entry = item
        made = read(entry, line)
        if not isinstance(made, Citation):
            yield from [made] if made else []
        elif any((made.title, made.accession, made.doi, made.pmid, made.pmcid, made.registrations)):
            yield made
        else:
            yield Finding("an entry with neither title nor identifier", line=line, rejected=True)


def text_of(value: object) -> str:
    """Return a value as clean text: of an object what stands at "$" (Elsevier), of a list its first, '' for none."""
    for _ in range(4):  # a list of objects of ...; the bound is for hostile nesting
        if isinstance(value, dict):
            value = value.get("$", "")
        elif isinstance(value, list):
            value = value[0] if value else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return clean(str(value))
    except ValueError:  # a number of more digits than Python writes
        return ""


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of a list, or of the one value that stands where a list would; each once, no empty ones."""
    return clean_list([text_of(item) for item in (value if isinstance(value, list) else [value])])


def table_of(value: object) -> dict[str, Any]:
    """Return an object, of a list its first, or an empty object where there is none."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, dict) else {}


def tables_of(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, or the one that stands where a list would."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _entries(text: str, path: tuple[str, ...], alone: str) -> Iterator[tuple[int, Any]]:
    """Give the entries, each with where it begins. Raises KeyError, _Broken."""
    start = _blank(text, 0)
    if alone and text[start : start + 1] == "[":
        return _items(text, start + 1)
    try:
        return _items(text, _find_list(text, path))
    except KeyError:
        place = _past(text, 0, "{") - 1
        for name in ("", *path[:-1]) if alone else ():
            place = _find_key(text, place + 1, name) if name else place
            entry, _ = _value(text, place)
            if isinstance(entry, dict) and alone in entry:
                return _in_a_row(text, place) if not name else iter([(place, entry)])
        raise


def _in_a_row(text: str, place: int) -> Iterator[tuple[int, Any]]:
    """Give the values that stand one after the other until the text ends."""
    while place < len(text):
        entry, behind = _value(text, place)
        yield place, entry
        place = _blank(text, behind)


def _find_list(text: str, path: tuple[str, ...]) -> int:
    """Return the place behind the bracket that opens the list. Raises KeyError, _Broken."""
    place = _past(text, 0, "{")
    for deep, name in enumerate(path, start=1):
        place = _find_key(text, place, name)
        opening = "[" if deep == len(path) else "{"
        if text[place : place + 1] != opening:
            raise KeyError(name)
        place += 1
    return place


def _find_key(text: str, place: int, name: str) -> int:
    """Return where the value of a key begins in the object whose inside begins at `place`."""
    place = _blank(text, place)
    while text[place : place + 1] != "}":
        key, place = _value(text, place)
        place = _blank(text, _past(text, place, ":"))
        if key == name:
            return place
        _, place = _value(text, place)
        place = _blank(text, place)
        if text[place : place + 1] == ",":
            place = _blank(text, place + 1)
        elif text[place : place + 1] != "}":
            raise _Broken(place)
    raise KeyError(name)


def _items(text: str, place: int) -> Iterator[tuple[int, Any]]:
    """Give the items of the list whose inside begins at `place`, each with where it begins."""
    place = _blank(text, place)
    if text[place : place + 1] == "]":
        return
    while True:
        item, behind = _value(text, place)
        yield place, item
        behind = _blank(text, behind)
        if text[behind : behind + 1] == "]":
            return
        place = _blank(text, _past(text, behind, ","))


def _value(text: str, place: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except (ValueError, RecursionError):  # not JSON; a number of a thousand digits; nested without end
        raise _Broken(place) from None


def _past(text: str, place: int, sign: str) -> int:
    place = _blank(text, place)
    if text[place : place + 1] != sign:
        raise _Broken(place)
    return place + 1


def _blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _ends(text: str, start: int, end: int) -> int:
    """Count the line ends between two places; CRLF is one."""
    return text.count("\n", start, end)
