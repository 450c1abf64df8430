"""LaTeX in bibliographies: read into plain Unicode, and plain text written so that LaTeX prints it as it is."""

import re
from collections.abc import Iterator
from functools import cache

from reviewkit.formats.clean import join_raised
from reviewkit.formats.latex_symbols import ACCENTS, ALONE, SILENT, symbols

_ACTIVE = re.compile(r"[\\{}$~]|--|``|''")
_TOKEN = re.compile(
    r"""\\(?P<word>[A-Za-z]+)(?P<gap>[ \t]*\n?[ \t]*) | \\(?P<sign>.) | (?P<brace>[{}]) | (?P<money>\${1,2})
    | (?P<mark>---?|``|''|~) | (?P<script>[\^_]) | (?P<text>[^\\{}$~^_`'-]+|.)""",
    re.X | re.S,
)
_MARKS = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " "}
_LONGEST_FORMULA = 500  # characters; what lies between two dollar signs further apart is text with prices
_LAYERS = 4  # of braces around a whole value: two are usual
_DEEPEST = 60  # groups inside groups; further in, braces are only left out
_SCRIPTS = frozenset(("textsuperscript", "textsubscript", "textsu", "up", "sp", "sb"))
_WRITTEN = re.compile(r"\\([A-Za-z]+|.)(?:\{\})?|[{}]", re.S)
_ADDRESS = re.compile(r"\\(?:url|path|nolinkurl|href)\s*\{([^{}]*)\}")

_ESCAPES = {
    "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "$": "\\$", "&": "\\&",
    "%": "\\%", "#": "\\#", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
}  # fmt: skip
_ESCAPED = re.compile(r"[\\{}$&%#_^~]|-(?=-)|`(?=`)|'(?=')")


# What nearly all LaTeX in bibliographies is, so that the reader below is seldom needed: accents, $\beta$, \%, {RNA}.
_SIMPLE = re.compile(
    r"""\{\\(?P<held>["'`^~=.]|[uvHcdbkr]\ )\{?(?P<a>[A-Za-z])\}?\}
    | \\(?P<mark>["'`^~=.])(?:\{(?P<b>[A-Za-z])\}|(?P<c>[A-Za-z]))
    | \\(?P<small>[uvHcdbkr])\{(?P<d>[A-Za-z])\} | \$\\(?P<symbol>[A-Za-z]+)\$ | \\(?P<sign>[%&\#])""",
    re.X,
)
_PROTECTED = re.compile(r"\{([^\\{}$~^_`'-]++)\}")


def _simple(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind == "sign":
        return found[kind]
    if kind == "symbol":
        return symbols().get(found[kind], found.group())
    accent: str = found["held"] or found["mark"] or found["small"]
    return found[kind] + ACCENTS[accent.strip()]


def decode(text: str) -> str:
    """Return what LaTeX would print: accents, symbols, quotes and dashes as characters, groups without their braces.

    Commands that only change the look give their text; an unknown one without a group in braces stays as it is
    written. A blank line or \\par stays a blank line. `$...$` is a formula only where pandoc would say so: "$5 and $6"
    are prices. Outside formulas ^ and _ are themselves, as exporters leave them.
    """
    if not _ACTIVE.search(text):
        return text
    if "\\" in text:
        text = text.replace("$\\backslash$", "\\")  # Mendeley's, of LaTeX that it took for plain text
        text = _SIMPLE.sub(_simple, text)
    if "\\" not in text and "$" not in text:
        text = _PROTECTED.sub(r"\1", text)
    return _Reader(text).read() if _ACTIVE.search(text) else text


def decode_address(text: str) -> str:
    """Return a DOI, an address or a number as it is meant: escapes undone, braces left out, nothing else changed."""
    if "\\" not in text and "{" not in text and "}" not in text:
        return text
    text = _ADDRESS.sub(r"\1", text).replace("$\\sim$", "~").replace("$\\backslash$", "\\textbackslash{}")
    return _WRITTEN.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    name = found.group(1)
    return "" if name is None else ALONE[name] if name in ALONE else symbols().get(name, name)


def encode(text: str) -> str:
    """Write plain text as LaTeX; `decode` gives it back. Braces are balanced whatever the text holds."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(), f"{found.group()}{{}}"), text)


class _Reader:
    """One text while it is read, token by token; groups nest by recursion up to a bound."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._symbols = symbols()

    def read(self) -> str:
        out: list[str] = []
        while self._at < len(self._text):  # a closing brace that nothing opened ends a group too
            self._group(out, math=False)
        return "".join(out)

    def _group(self, out: list[str], math: bool, until: str = "") -> None:
        """Read up to the closing brace, the end of the formula or of the text; that closing is passed over."""
        text = self._text
        while self._at < len(text):
            token = _TOKEN.match(text, self._at)
            if token is None:
                break
            self._at = token.end()
            kind, said = token.lastgroup, token.group()
            if kind == "text":
                out.append(said)
            elif kind == "brace":
                if said == "}":
                    break
                self._nested(out, math)
            elif kind == "money":
                if said == until:
                    break
                if math or not self._formula(out, said):
                    out.append(said)
            elif kind == "mark":
                out.append(said if math and said[0] == "-" else _MARKS[said])
            elif kind == "script":
                if math:
                    self._script(out, said, self._argument(math))
                else:
                    out.append(said)
            else:
                self._command(out, token, math)

    def _nested(self, out: list[str], math: bool) -> None:
        if self._depth < _DEEPEST:  # else its text follows as if there were no brace
            self._depth += 1
            self._group(out, math)
            self._depth -= 1

    def _formula(self, out: list[str], opening: str) -> bool:
        """Read what lies between two dollar signs; False where that is no formula."""
        start = self._at
        end = self._text.find(opening, start, start + _LONGEST_FORMULA)
        inner = self._text[start:end] if end >= 0 else ""
        after = self._text[end + len(opening) : end + len(opening) + 1]
        if not inner.strip() or ("\\" not in inner and (inner != inner.strip() or after.isdigit())):
            return False
        if "\n\n" in inner or inner.count("{") != inner.count("}"):
            return False
        self._group(out, math=True, until=opening)
        return True

    def _command(self, out: list[str], token: re.Match[str], math: bool) -> None:
        name = token["word"] or token["sign"]
        opens = self._text.startswith("{", self._at)
        if name in ACCENTS:
            out.append(self._accented(name, math))
        elif name in _SCRIPTS or name == "ensuremath":
            if name == "ensuremath":
                out.append(self._argument(True))
            else:
                self._script(out, "_" if name in ("textsubscript", "sb") else "^", self._argument(math))
        elif name in SILENT and opens:
            self._argument(math)
        elif name in ("(", ")", "[", "]"):
            pass  # \( ... \) holds a formula
        elif name == "frac" and opens:
            over, under = self._argument(math), self._argument(math)
            out.append(f"{_grouped(over)}/{_grouped(under)}")
        elif name == "sqrt" and opens:
            out.append(f"√({self._argument(math)})")
        elif name == "href" and opens:
            self._argument(math)
        elif name in self._symbols:
            shown = self._symbols[name]
            out.append(shown + " " if math and token["gap"] and shown and not shown.isalpha() else shown)
            if self._text.startswith("{}", self._at):  # "\\alpha{}": the braces only end the command
                self._at += 2
        elif not opens:
            out.append(token.group())  # no command that is known: a path, perhaps, "C:\data"

    def _accented(self, name: str, math: bool) -> str:
        base = self._argument(math)
        if not base.strip():
            return ALONE.get(name, "") + base
        first = base.lstrip()
        return first[0] + ACCENTS[name] + first[1:]

    def _argument(self, math: bool) -> str:
        """Read what a command applies to: a group, a command, or one character."""
        text = self._text
        while self._at < len(text) and text[self._at] in " \t\n":
            self._at += 1
        if self._at >= len(text) or text[self._at] == "}":
            return ""
        if text[self._at] == "{":
            self._at += 1
            inner: list[str] = []
            self._nested(inner, math)
            return "".join(inner)
        token = _TOKEN.match(text, self._at)
        if token is None or token.lastgroup in ("text", "script", "mark", "money"):
            self._at += 1
            return text[self._at - 1]
        self._at = token.end()
        out: list[str] = []
        self._depth += 1
        if self._depth < _DEEPEST:
            self._command(out, token, math)
        self._depth -= 1
        return "".join(out)

    def _script(self, out: list[str], sign: str, inner: str) -> None:
        if inner in ("°", "∘"):
            out.append("°")
        elif sign == "^":
            base = "".join(out[-1:])
            out[-1:] = [join_raised(base, inner)]
        else:
            out.append(inner)
        following = self._text[self._at : self._at + 1]
        if inner[-1:].isdigit() and following.isdigit():
            out.append(" ")


def _grouped(part: str) -> str:
    return f"({part})" if any(sign in part for sign in "+-−±= ") else part


def encode_address(text: str) -> str:
    """Write a DOI or address as it is, but for what would unbalance the braces; `decode_address` gives it back."""
    return re.sub(r"[\\{}]", lambda found: _ESCAPES[found.group()], text)


@cache
def _parting(marks: str) -> re.Pattern[str]:
    return re.compile(rf"\\.|[{{}}{re.escape(marks)}]", re.S)


def split_outside_groups(text: str, marks: str) -> Iterator[str]:
    """Split LaTeX at any of some marks, except inside braces."""
    if len(marks) == 1 and "{" not in text and "\\" not in text:
        yield from text.split(marks)
        return
    depth = start = 0
    for found in _parting(marks).finditer(text):
        sign = found.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif not depth and len(sign) == 1:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def bare(text: str) -> str:
    """Take away braces that hold a whole value, `{{A title}}`; those of a part of it stay."""
    text = text.strip()
    for _ in range(_LAYERS):
        if not (text.startswith("{") and text.endswith("}")):
            break
        depth = 0
        for found in re.finditer(r"\\.|[{}]", text, re.S):
            sign = found.group()
            depth += (sign == "{") - (sign == "}")
            if not depth and found.end() < len(text):
                return text
        if depth:
            return text
        text = text[1:-1].strip()
    return text
