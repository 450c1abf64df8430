"""References between the lines of a strategy: #1 AND #2, 1 and 2, or/1-3, and where the text of a line holds them."""

import re
from dataclasses import dataclass
from functools import lru_cache

_OPERATORS = {"AND", "OR", "NOT"}
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')

_LIST = r"#?\d{1,3}(?:\s*-\s*#?\d{1,3})?(?:\s*,\s*#?\d{1,3}(?:\s*-\s*#?\d{1,3})?)*"
_TOGETHER = re.compile(  # or/1-3, or/#1-#3, OR/1,4-6, and Cochrane's {or #1-#3}
    rf"(?<![\w/])(?P<op>or|and)\s*/\s*(?P<list>{_LIST})(?![\w/])|\{{\s*(?P<op2>or|and)\s+(?P<list2>{_LIST})\s*\}}",
    re.IGNORECASE,
)
_SHARP = re.compile(r"(?<![\w#&])#\s?(\d{1,3})(?![\w-])")
_TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_LIMIT = re.compile(r"\s*limit\s+(\d{1,3})\s+to\b", re.IGNORECASE)  # Ovid: limit 5 to english language


@dataclass(frozen=True, slots=True)
class Reference:
    """A part of a line's text that stands for other lines; several are joined by `operator`."""

    start: int
    end: int
    labels: tuple[str, ...]
    operator: str = ""


@lru_cache(maxsize=512)
def find_references(text: str, numbers: bool) -> tuple[Reference, ...]:
    """Find the references in a line's text, outside quotation marks.

    Args:
        numbers: plain numbers count too, where they stand between operators, brackets, and the ends of the line.
    """
    hidden = _QUOTED.sub(lambda quoted: '"' + "x" * (len(quoted[0]) - 2) + '"', text)
    found: list[Reference] = []
    for match in _TOGETHER.finditer(hidden):
        labels = _labels(match["list"] or match["list2"])
        found.append(Reference(match.start(), match.end(), labels, (match["op"] or match["op2"]).upper()))
    for match in _SHARP.finditer(hidden):
        if not any(known.start <= match.start() < known.end for known in found):
            found.append(Reference(match.start(), match.end(), (_label(match[1]),)))
    if numbers:
        found += [known for known in _plain(hidden) if not any(o.start <= known.start < o.end for o in found)]
    return tuple(sorted(found, key=lambda reference: reference.start))


def is_combination(text: str, numbers: bool) -> bool:
    """Is a line's text made of references, operators and brackets only, with an operator or a reference at least?"""
    references = find_references(text, numbers)
    rest = text
    for reference in reversed(references):
        rest = f"{rest[: reference.start]} {rest[reference.end :]}"
    words = rest.replace("(", " ").replace(")", " ").split()
    return bool(references) and all(word.upper() in _OPERATORS for word in words)


def needs_no_brackets(query: str) -> bool:
    """Is a query one term, or in brackets as a whole, so that an operator beside it changes nothing in it?"""
    bare = query.strip()
    if re.fullmatch(r'(?:"[^"]*"|[^\s()"\[\]]+)(?:\s?\[[^\]]*\])?', bare):
        return True
    if not (bare.startswith("(") and bare.endswith(")")):
        return False
    depth = 0
    for place, sign in enumerate(_QUOTED.sub(lambda quoted: "x" * len(quoted[0]), bare)):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and place < len(bare) - 1:
            return False
    return depth == 0


def _plain(text: str) -> list[Reference]:
    """Ovid's plain numbers: "1 and 2", "(1 or 2) not 3", "limit 5 to english language"."""
    if limit := _LIMIT.match(text):
        return [Reference(limit.start(1), limit.end(1), (_label(limit[1]),))]
    tokens = list(_TOKEN.finditer(text))

    def is_edge(place: int) -> bool:
        return not 0 <= place < len(tokens) or tokens[place][0] in "()" or tokens[place][0].upper() in _OPERATORS

    return [
        Reference(token.start(), token.end(), (_label(token[0]),))
        for place, token in enumerate(tokens)
        if re.fullmatch(r"\d{1,3}", token[0]) and is_edge(place - 1) and is_edge(place + 1)
    ]


def _labels(listed: str) -> tuple[str, ...]:
    """Read "1-3,5" as 1, 2, 3, 5; a range that runs backwards is its two ends."""
    labels: list[str] = []
    for part in listed.replace("#", "").split(","):
        first, _, last = (end.strip() for end in part.partition("-"))
        ends = int(first), int(last or first)
        labels += [str(number) for number in (range(ends[0], ends[1] + 1) if ends[0] <= ends[1] else ends)]
    return tuple(dict.fromkeys(labels))


def _label(number: str) -> str:
    return str(int(number))
