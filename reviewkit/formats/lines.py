"""Numbered text lines out of a file of bytes: encodings and line ends as they are met, memory flat."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from reviewkit.model.citation import Finding

_CHUNK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Lines:
    """The lines of a file as (number, text), without their ends; `doubts` fills while they are read.

    UTF-8, UTF-16 and UTF-32 are told by their mark or, for UTF-16, by its zeros. A line that is not UTF-8 is read
    as Windows-1252, the encoding that older reference managers write. CR, LF, CRLF and CRCRLF each end a line.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._foreign: list[int] = []
        self._damaged = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for first, lines, _ in self.batches():
            yield from enumerate(lines, first)

    def batches(self) -> Iterator[tuple[int, list[str], bytes]]:
        """The lines in lots, for readers to whom a step a line is dear.

        Each with the number of its first line, and with the bytes, LF between lines, in which they all stood.
        """
        number = 1
        for raw in _whole_lines(self._utf8_chunks()):
            try:
                # A text of wide characters is slow to part, for every line is measured anew; bytes in their place are
                # not, and few of the lines are more than ASCII.
                lines = raw.decode("latin-1").split("\n")
                if not raw.isascii():
                    lines = [line if line.isascii() else line.encode("latin-1").decode() for line in lines]
            except UnicodeDecodeError:
                lines = [self._decoded(line, at) for at, line in enumerate(raw.split(b"\n"), number)]
            yield number, lines, raw
            number += len(lines)

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self._foreign.append(number)
            return raw.decode("cp1252", "replace")

    @property
    def doubts(self) -> list[Finding]:
        """What was doubtful about the encoding, once the lines are read."""
        found = []
        if self._foreign:
            more = len(self._foreign) - 1
            others = f" and {more:,} more are not UTF-8 and were" if more else " is not UTF-8 and was"
            message = f"this line{others} read as Windows-1252; check the accents"
            found.append(Finding(message, line=self._foreign[0]))
        if self._damaged:
            found.append(Finding(f"damaged characters, {self._damaged:,} in all, were replaced by \ufffd"))
        return found

    def _utf8_chunks(self) -> Iterator[bytes]:
        head = self._file.read(_CHUNK)
        encoding, skip = encoding_of(head)
        chunk = head[skip:]
        if encoding == "utf-8":
            while chunk:
                yield chunk
                chunk = self._file.read(_CHUNK)
            return
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        while chunk:
            text = decoder.decode(chunk)
            self._damaged += text.count("\ufffd")
            yield text.encode()
            chunk = self._file.read(_CHUNK)
        yield decoder.decode(b"", True).encode()


def encoding_of(head: bytes) -> tuple[str, int]:
    """Tell the encoding from a file's first bytes; return its name and the length of its mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:2000]
    if len(sample) >= 8 and sample.count(0) > len(sample) // 4:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if odd > 4 * even:
            return "utf-16-le", 0
        if even > 4 * odd:
            return "utf-16-be", 0
    return "utf-8", 0


def head_text(head: bytes) -> str:
    """Decode a file's first bytes, whatever they are, to look at them."""
    encoding, skip = encoding_of(head)
    body = head[skip:]
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(body)  # a character cut in two at the end is dropped
    except UnicodeDecodeError:
        text = body.decode("cp1252" if encoding == "utf-8" else encoding, "replace")
    return re.sub(r"\r{0,2}\n|\r", "\n", text)


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Part chunks anew where lines end, LF between the lines of each and none after its last."""
    pending: list[bytes] = []  # the parts of a line that runs over several chunks
    carry = b""  # a carriage return or two at the end may be half of a line end
    for chunk in chunks:
        body = carry + chunk if carry else chunk
        carry = b""
        if b"\r" in body:
            carry = b"\r\r" if body.endswith(b"\r\r") else b"\r" if body.endswith(b"\r") else b""
            body = body[: len(body) - len(carry)]
            # CRCRLF is what a text-mode copy makes of CRLF; taken as two ends it would part every MEDLINE entry.
            body = body.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines, end, rest = body.rpartition(b"\n")
        if end:
            yield b"".join((*pending, lines))
            pending = [rest]
        else:
            pending.append(body)
    last = b"".join(pending)
    if last or carry:
        yield last
