"""The grammar of BibTeX: numbered lines in, entries with their raw fields out, whatever braces are missing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reviewkit.formats.identifiers import MONTHS
from reviewkit.model.citation import Finding

# At top level an entry begins anywhere in a line; what stands before the @ of an e-mail address is no blank.
_OPEN = re.compile(r"(?<![\w.])@[ \t]*([A-Za-z][\w-]*)[ \t]*([{(])")
_LATE = re.compile(r"(?<![\w.])@[ \t]*([A-Za-z][\w-]*)[ \t]*$")  # its brace is in the next line
_NEXT = re.compile(r"[ \t]{0,20}@[ \t]*[A-Za-z][\w-]{0,40}[ \t]*[{(]")  # inside an entry: the one before never closed
# Possessive repeats (*+) all over: hostile text must not make a pattern try each length of a run of blanks.
_FIELD_LINE = re.compile(r"\s*+[A-Za-z][\w:+.-]*+\s*+=\s*+(?:[{\"]|\d|[A-Za-z]++\s*+,?\s*+$)")
_FIELD_START = re.compile(r"(?:^|[\n,])[ \t]*+,?[ \t]*+[A-Za-z][\w:+.-]{0,40}[ \t]*+=[ \t]*+[{\"]")
_NAME = re.compile(r"[\s,;}]*+([^\s=,;{}\"#]++)\s*+=\s*+")
_LATER_NAME = re.compile(r"[,\n][ \t]*+[A-Za-z][\w:+.-]{0,40}[ \t]*+=\s*+(?=[{\"\w])")
_KEY = re.compile(r"\s*+([^,{}\"\n]*+)(?:,|\n|\Z)")
_NO_KEY = re.compile(r"\s*+[A-Za-z][\w-]*+\s*+=\s*+(?:[{\"]|\d|[A-Za-z]++\s*+,)")
_REMARK = re.compile(r"\s*+(?:%|\Z)")  # of biber
_BARE = re.compile(r"[^\s,#{}\"=]++")
_BRACES = re.compile(r"\\.|[{}]", re.S)
_ROUND = re.compile(r'[{})"]')
_BLANK = re.compile(r"\s*+\Z")
_QUOTES = re.compile(r'[{}"]')
_JOINED = re.compile(r"\s*+#\s*+")
_QUOTE_ENDS = re.compile(r"\s*+(?:[,#})]|\Z)|[ \t]*+\n[ \t]*+[\w-]++[ \t]*+=")
_BETWEEN = re.compile(r"(?<=[})])(?=[ \t]{0,20}@[ \t]{0,20}[A-Za-z])")
_LONG_LINE = 10_000  # characters
_MOST_DOUBTS = 5  # about one entry
_LONGEST_MACRO = 10_000  # characters; macros made of macros could double without end

_MACROS = {month.lower(): month for month in MONTHS} | {"sept": "Sep", "june": "Jun", "july": "Jul"}


@dataclass(slots=True)
class RawEntry:
    """One entry as it is written: type and field names in small letters, values LaTeX without their delimiters."""

    line: int
    kind: str
    key: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        """The values of these fields that say something, a field named earlier first."""
        return [value for name in names for value in self.fields.get(name, ()) if value.strip()]

    def first(self, *names: str) -> str:
        """The first value that says something."""
        for name in names:
            for value in self.fields.get(name, ()):
                if value.strip():
                    return value
        return ""


class _Open:
    """An entry whose closing brace has not come yet. `strict` counts braces as BibTeX does, escaped ones too."""

    def __init__(self, line: int, kind: str, bracket: str) -> None:
        self.line = line
        self.kind = kind.lower()
        self.round = bracket == "("
        self.parts: list[str] = []
        self.strict = self.loose = 0 if self.round else 1
        self.lenient = False  # `\}` was found not to count here
        self.rest = ("", 0)  # the line of the closing brace, and the place behind it
        self.passed_over = 0
        self._quoted = False

    def reopen(self) -> None:
        """Go on after all: the brace that closed the entry was one too many."""
        self.strict = self.loose = 1
        text, end = self.rest
        self.parts[-1] += "}" + text[end:]

    def take(self, text: str, start: int) -> int:
        """Take a line from a place on; return the place behind the closing brace, or -1."""
        if self.round:
            return self._take_round(text, start)
        if not start:  # a whole line: "year = {2024},", or one of a longer value
            opened, shut = text.find("{"), text.find("}")
            if shut < 0 and opened < 0:
                return -1
            if 0 <= opened < shut and text.rfind("{") == opened and text.rfind("}") == shut and "\\" not in text:
                return -1
        if not self.lenient and self.strict == self.loose:
            start, closed = self._take_plain(text, start)
            if closed or start < 0:
                return start
        for found in _BRACES.finditer(text, start):
            sign = found.group()
            step = 1 if sign[-1] == "{" else -1 if sign[-1] == "}" else 0
            self.strict += step
            if len(sign) == 1:
                self.loose += step
            if not step or (self.loose if self.lenient else self.strict) > 0:
                continue
            if not self.lenient and self.loose > 0 and not _BLANK.match(text, found.end()):
                self.lenient = True
                continue
            return found.end()
        return -1

    def _take_plain(self, text: str, start: int) -> tuple[int, bool]:
        """Take what comes before the first escaped brace, quickly: that is nearly always all.

        Return the place behind the closing brace and True, or where an escaped brace has to be looked at, or -1.
        """
        depth = self.strict
        while True:
            shut = text.find("}", start)
            end = shut if shut >= 0 else len(text)
            if text.find("\\{", start, end) >= 0 or (shut > 0 and text[shut - 1] == "\\"):
                self.strict = self.loose = depth
                return start, False
            depth += text.count("{", start, end)
            if shut < 0:
                self.strict = self.loose = depth
                return -1, False
            depth -= 1
            start = shut + 1
            if depth <= 0:
                self.strict = self.loose = depth
                return start, True

    def _take_round(self, text: str, start: int) -> int:
        if len(text) < 100 and text.strip() == ")" and self.strict <= 0:  # whatever the quotation marks before
            return len(text)
        for found in _ROUND.finditer(text, start):
            sign = found.group()
            if sign == '"':
                self._quoted = self._quoted != (not self.strict)
            elif sign in "{}":
                self.strict += 1 if sign == "{" else -1
            elif self.strict <= 0 and not self._quoted:
                return found.end()
        return -1


def scan(lines: Iterable[tuple[int, str]]) -> Iterator[RawEntry | Finding]:
    """Read entries one after another; @string is put in, @comment and @preamble are passed over.

    Text between entries is a comment, as for BibTeX. An entry that is not closed ends where a line begins with the
    next one; one that closes too early, by a brace too many, goes on when the next line is a field.
    """
    macros = dict(_MACROS)
    entry: _Open | None = None
    closed: _Open | None = None  # waits for the next line that is not blank
    late: tuple[int, str] | None = None
    for number, text in lines:
        at = 0  # the line is never cut: it may hold all entries of the file
        if late:
            stripped = text.lstrip()
            if stripped[:1] in ("{", "("):
                entry, at = _Open(late[0], late[1], stripped[0]), len(text) - len(stripped) + 1
            if stripped:
                late = None
        elif closed is not None and text.strip():
            if _FIELD_LINE.match(text):
                entry, closed = closed, None
                entry.reopen()
            else:
                yield from _finish(closed, macros)
                closed = None
        while True:
            if entry is None:
                begins = _OPEN.search(text, at) if "@" in text else None
                if begins is None:
                    waiting = _LATE.search(text, at) if "@" in text else None
                    late = (number, waiting.group(1)) if waiting else late
                    break
                if closed is not None:
                    yield from _finish(closed, macros)
                    closed = None
                entry, at = _Open(number, begins.group(1), begins.group(2)), begins.end()
            elif not at and _NEXT.match(text):
                if entry.kind == "comment":
                    entry.passed_over += 1
                else:
                    yield from _finish(entry, macros, closed=False)
                    entry = None
                    continue
            end = entry.take(text, at)
            if end < 0:
                if entry.kind != "comment":
                    entry.parts.append(text[at:])
                break
            entry.parts.append(text[at : end - 1])
            entry.rest = (text, end)
            closed, entry, at = entry, None, end
            if closed.kind in ("comment", "preamble"):
                closed = None
    if closed is not None:
        yield from _finish(closed, macros)
    elif entry is not None:
        yield from _finish(entry, macros, closed=False)


def _pieces(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Cut a very long line where an entry seems to end: a file of one line would be gone through again for each."""
    for number, text in lines:
        if len(text) < _LONG_LINE:
            yield number, text
        else:
            yield from ((number, piece) for piece in _BETWEEN.split(text))


def _finish(entry: _Open, macros: dict[str, str], closed: bool = True) -> Iterator[RawEntry | Finding]:
    if entry.kind == "comment":
        if not closed and entry.passed_over:
            message = f"this @comment is never closed, so what follows was not read: {entry.passed_over:,} entries"
            yield Finding(message, line=entry.line, rejected=True)
        return
    if entry.kind == "preamble":
        return
    lenient = entry.lenient or (not closed and entry.loose <= 0)
    reader = _Fields("\n".join(entry.parts), macros, lenient, broken=not closed and not lenient)
    if entry.kind == "string":
        for name, values in reader.read({}).items():
            macros[name] = values[0][:_LONGEST_MACRO]
        return
    made = RawEntry(entry.line, entry.kind, reader.key())
    reader.read(made.fields)
    if not closed and not lenient:
        reader.doubts.append("the closing brace is missing; the entry is kept")
    made.doubts = reader.doubts
    yield made


class _Fields:
    """The inside of one entry. `broken` when its braces do not balance: then a value also ends before a field."""

    def __init__(self, text: str, macros: dict[str, str], lenient: bool, broken: bool) -> None:
        self._text = text
        self._at = 0
        self._macros = macros
        self._lenient = lenient
        self._broken = broken
        self.doubts: list[str] = []

    def _doubt(self, message: str) -> None:
        if len(self.doubts) < _MOST_DOUBTS:
            self.doubts.append(message)

    def key(self) -> str:
        """Read the citation key, '' where there is none; its comma may be missing."""
        if _NO_KEY.match(self._text):
            return ""
        found = _KEY.match(self._text)
        if found is None:
            return ""
        self._at = found.end()
        return found.group(1).strip()

    def read(self, fields: dict[str, list[str]]) -> dict[str, list[str]]:
        """Read all fields into a dictionary: name in small letters -> values in order."""
        while True:
            found = _NAME.match(self._text, self._at)
            if found is None:
                if not self._text[self._at :].strip(" \t\n,;}"):
                    return fields
                later = _LATER_NAME.search(self._text, self._at)
                skipped = self._text[self._at : later.start() if later else None].strip(" \t\n,;}")
                if not all(_REMARK.match(line) for line in skipped.split("\n")):
                    shown = " ".join(skipped.split())
                    self._doubt(f"this belongs to no field and was passed over: {shown[:80]}")
                if later is None:
                    return fields
                self._at = later.start()
                continue
            self._at = found.end()
            name = found.group(1).lower()
            fields.setdefault(name, []).append(self._value(name))

    def _value(self, name: str) -> str:
        parts = []
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign == "{":
                parts.append(self._delimited(name, self._closing_brace()))
            elif sign == '"':
                parts.append(self._delimited(name, self._closing_quote()))
            elif bare := _BARE.match(self._text, self._at):
                self._at = bare.end()
                parts.append(self._macros.get(bare.group().lower(), bare.group()))
            else:
                break
            joined = _JOINED.match(self._text, self._at)
            if joined is None:
                break
            self._at = joined.end()
        return "".join(parts)

    def _delimited(self, name: str, end: int) -> str:
        """Return what is between the delimiters, the second at `end`; where it is missing, up to the next field."""
        start = self._at + 1
        if end >= 0:
            self._at = end + 1
            return self._text[start:end]
        self._broken = True
        after = _FIELD_START.search(self._text, start)
        self._doubt(f"the braces or quotation marks of '{name[:40]}' are not closed; check where it ends")
        self._at = after.start() if after else len(self._text)
        return self._text[start : self._at].rstrip(' \t\n,}"')

    def _limit(self) -> int:
        """Return how far a value may go: in a broken entry to the next field."""
        after = _FIELD_START.search(self._text, self._at + 1) if self._broken else None
        return after.start() if after else len(self._text)

    def _closing_brace(self) -> int:
        depth, limit = 0, self._limit()
        if not self._lenient:
            start = self._at
            while (shut := self._text.find("}", start, limit)) >= 0:
                depth += self._text.count("{", start, shut) - 1
                if not depth:
                    return shut
                start = shut + 1
            return -1
        for found in _BRACES.finditer(self._text, self._at, limit):
            sign = found.group()
            depth += (sign == "{") - (sign == "}")
            if not depth and sign == "}":
                return found.start()
        return -1

    def _closing_quote(self) -> int:
        """Return the place of the closing mark: outside braces, and with a comma, # or the end behind it.

        So `"M\\"uller"` and `"The "best" one"`, which BibTeX would refuse, are read too.
        """
        depth, start, text = 0, self._at + 1, self._text
        for found in _QUOTES.finditer(text, start, self._limit()):
            sign = found.group()
            if sign == "{":
                depth += 1
            elif sign == "}":
                depth = max(0, depth - 1)
            elif not depth and _QUOTE_ENDS.match(text, found.end()):
                return found.start()
        return -1
