"""Plain XML cut at the ends of its records and parsed a slice at a time: what `XmlRecords` gives, in half the time."""

import io
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from reviewkit.formats.xml_records import XmlRecords

_CHUNK = 1 << 15
_LONGEST = 1 << 26  # bytes of one record

# Everything before the first record as NCBI writes it: UTF-8, and a document type without declarations of its own.
_PROLOG = re.compile(
    rb"""(?:\xef\xbb\xbf|[ \t\r\n]*) (?:<\?xml\ version="1\.0"(?:\ encoding="(?i:utf-8)")?\ ?\?>)? [ \t\r\n]*
    (?:<!DOCTYPE\ \w+\ (?:PUBLIC\ "[\w /,.-]*"|SYSTEM)[ \t\r\n]*"[\w /:.-]*"[ \t\r\n]*>)? [ \t\r\n]* <(\w+)>""",
    re.X | re.A,
)
_SIGNS = (b"!", b"?")  # behind "<": CDATA, comments and instructions, which may hold what looks like a record's end


class _NotPlainError(Exception):
    """The file is not as plain as this reader needs it."""


class XmlSlices:
    """The children of the root with certain names, in order, as (name, line, element), as long as the file is plain.

    In plain XML every "<" begins a tag, so the bytes of an end tag are the end of an element, and slices of whole
    elements can be parsed apart from each other, all in C. At the first thing that is not plain, or not well-formed,
    this reader stops: `whole` is then False, and `XmlRecords` gives the same elements, and after them the rest or what
    is wrong with it. Namespaces are left to it for good: ElementTree would write names in another way.
    """

    def __init__(self, file: IO[bytes], names: Collection[str], ends: Mapping[str, str], unread: str) -> None:
        """Prepare reading.

        Args:
            file: opened for reading bytes.
            names: what the children of the root are called; another one ends the reading.
            ends: name of a root that is known -> name of the element that its slices end with.
            unread: name of elements that nobody reads: they are checked for being well-formed and left out.
        """
        self.whole = False
        self._file = file
        self._names = frozenset(names)
        self._ends = ends
        self._unread = f"<{unread}>".encode(), f"</{unread}>".encode()
        self._line = 1  # at the beginning of what is next

    def __iter__(self) -> Iterator[tuple[str, int, Element]]:
        try:
            yield from self._slices()
        except (
            _NotPlainError,
            ParseError,
            expat.ExpatError,
            ValueError,
        ):  # ValueError: from expat, of some encodings and NULs
            return
        self.whole = True

    def _slices(self) -> Iterator[tuple[str, int, Element]]:
        rest = self._file.read(_CHUNK)
        prolog = _PROLOG.match(rest)
        root = prolog.group(1) if prolog else b""
        if prolog is None or root.decode() not in self._ends:
            raise _NotPlainError
        end = f"</{self._ends[root.decode()]}>".encode()
        self._line += _lines(prolog.group())
        rest = rest[prolog.end() :]
        searched = 0  # no end of a record begins before this
        while True:
            cut = rest.rfind(end, searched)
            if cut >= 0:
                cut += len(end)
                yield from self._children(rest[:cut])
                rest = rest[cut:]
            elif len(rest) > _LONGEST:
                raise _NotPlainError
            searched = max(0, len(rest) - len(end))
            chunk = self._file.read(max(_CHUNK, len(rest)))  # twice as much, so that a long record is not copied often
            if not chunk:
                break
            rest += chunk
        inner, found, after = rest.rpartition(b"</" + root + b">")
        if not found or after.strip(b" \t\r\n"):
            raise _NotPlainError
        yield from self._children(inner)

    def _children(self, body: bytes) -> Iterator[tuple[str, int, Element]]:
        """Yield the elements that stand in a part of the root."""
        if any(sign in body and b"<" + sign in body for sign in _SIGNS):  # a single byte is found faster
            raise _NotPlainError
        if b"xmlns" in body:
            yield from self._slowly(body)
        else:
            # No document type, so no entities.
            children = list(fromstring(b"<r>" + self._without_unread(body) + b"</r>"))  # noqa: S314
            starts = self._starts(body, {child.tag for child in children})
            if len(starts) != len(children):
                raise _NotPlainError  # one inside the other
            line, before = self._line, 0
            for start, child in zip(starts, children, strict=True):
                line += _lines(body, before, start)
                before = start
                yield child.tag, line, child
        self._line += _lines(body)

    def _without_unread(self, body: bytes) -> bytes:
        """Cut out what nobody reads. Where both that and the rest are well-formed, so is the whole."""
        begin, end = self._unread
        first, *parts = body.split(begin)
        if not parts:
            return body
        cut, kept = [], [first]
        for part in parts:
            inner, found, after = part.partition(end)
            if not found:
                return body  # one in the other
            cut.append(inner)
            kept.append(after)
        parser = expat.ParserCreate()
        parser.Parse(b"<r><r>" + b"</r><r>".join(cut) + b"</r></r>", True)
        return b"".join(kept)

    def _slowly(self, body: bytes) -> Iterator[tuple[str, int, Element]]:
        reader = XmlRecords(io.BytesIO(b"<r>" + body + b"</r>"), self._names, "")
        found = list(reader)
        if reader.problem:
            raise _NotPlainError
        for name, line, element in found:
            yield name, self._line + line - 1, element

    def _starts(self, body: bytes, tags: set[str]) -> list[int]:
        """Return where elements of these names begin, wherever they stand."""
        if not tags <= self._names:
            raise _NotPlainError
        starts = []
        for tag in tags:
            start = f"<{tag}".encode()
            at = body.find(start)
            while at >= 0:
                if body[at + len(start)] in b"> \t\r\n/":
                    starts.append(at)
                at = body.find(start, at + 1)
        return sorted(starts)


def _lines(body: bytes, start: int = 0, end: int | None = None) -> int:
    """Count the line ends in a part as expat does: LF, CR and CR LF are one each."""
    found = body.count(b"\n", start, end)
    return found + body.count(b"\r", start, end) - body.count(b"\r\n", start, end) if b"\r" in body else found
