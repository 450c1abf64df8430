"""Line-by-line strategies: #1, #2, #1 AND #2, as search appendices print them, and the one query they make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from reviewkit.model.strategy_references import Reference, find_references, is_combination, needs_no_brackets

LONGEST = 200_000  # characters of the one query; no database takes as many

_SHARP = re.compile(r"\s*#\s*(\d{1,3})\s*[.:)]?\s+(\S.*)")  # "#1 pain", as PubMed and Cochrane print it
_DOTTED = re.compile(r"\s*(\d{1,3})\s*[.)]\s+(\S.*)")  # "1. pain", as Ovid prints it
_BARE = re.compile(r"\s*(\d{1,3})\s+(\S.*)")  # "1 pain"
_STYLES = (_SHARP, _DOTTED, _BARE)
_OPERATOR = re.compile(r"(?:and|or|not)\s", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:(?:^|[\s)])(?:and|or|not)|\()\s*\Z", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)//.*")
_PRINTED_COUNT = re.compile(r"\t\s*[\d,.\s]*\d\s*\Z")  # the column of hits of a table that was copied


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """One line as written; `row` is the physical line of the strategy's text that it begins on, from 0."""

    label: str  # "1"; the line is referred to as #1
    text: str
    row: int = 0
    numbers: bool = False  # plain numbers may be references, as in Ovid's "1 and 2"

    @property
    def references(self) -> tuple[Reference, ...]:
        """The lines that this one refers to, in the order of its text."""
        return find_references(self.text, self.numbers)


@dataclass(frozen=True, slots=True)
class LineMistake:
    """What makes a line impossible, on which row of the strategy's text, and what to write instead."""

    row: int
    message: str


@lru_cache(maxsize=64)
def read_lines(text: str) -> tuple[StrategyLine, ...]:
    """Read a line-by-line strategy; () for one that is a single query, over however many physical lines.

    A line begins with its number: "#1 pain", "1. pain", or "1 pain" where the lines are numbered 1, 2, 3 and one of
    them combines others. What has no number goes on with the line before, but for a combination (`#1 AND #2`), which
    is a line of its own. `//` begins a comment. A search history printed from the last line to the first is turned.
    """
    rows = [(row, _COMMENT.sub("", _PRINTED_COUNT.sub("", line))) for row, line in enumerate(text.split("\n"))]
    rows = [(row, line) for row, line in rows if line.strip()]
    for style in _STYLES:
        if rows and style.match(rows[0][1]):
            lines = tuple(_gather(rows, style))
            numbers = [int(line.label) for line in lines]
            if len(lines) > 1 and numbers == sorted(set(numbers), reverse=True):
                lines = lines[::-1]
            return lines if _is_line_by_line(lines, style) else ()
    return ()


def one_query(text: str) -> str:
    """Return the one query that a strategy makes; line ends and runs of blanks become single blanks.

    Of a line-by-line strategy this is its last line, with what the other lines say put in for their numbers.
    """
    lines = read_lines(text)
    if not lines or line_mistakes(text):
        return " ".join(text.split())
    return line_query(lines, lines[-1].label)


def line_query(lines: tuple[StrategyLine, ...], label: str) -> str:
    """Return the query that one line of a sound strategy makes by itself."""
    made: dict[str, str] = {}
    for line in lines:
        made[line.label] = _put_in(line, made)
        if line.label == label:
            return made[label]
    raise KeyError(label)


def line_mistakes(text: str) -> tuple[LineMistake, ...]:
    """Find what cannot be meant: numbers used twice, and references to lines that are missing, later, or the same."""
    lines = read_lines(text)
    numbers = [line.label for line in lines]
    mistakes = []
    for place, line in enumerate(lines):
        if line.label in numbers[:place]:
            mistakes.append(LineMistake(line.row, f"line #{line.label} is there twice; give each line its own number"))
        mistakes += [
            LineMistake(line.row, message)
            for label in dict.fromkeys(label for reference in line.references for label in reference.labels)
            if (message := _impossible(line.label, label, numbers, place))
        ]
    if lines and not mistakes and _length(lines) > LONGEST:
        message = f"put into one query the lines are longer than {LONGEST:,} characters; no database takes as many"
        mistakes.append(LineMistake(lines[-1].row, message))
    return tuple(mistakes)


def unused_lines(lines: tuple[StrategyLine, ...]) -> tuple[StrategyLine, ...]:
    """Return the lines of a sound strategy that the last one rests on neither itself nor through others."""
    by_label = {line.label: line for line in lines}
    used: set[str] = set()
    ahead = [lines[-1].label] if lines else []
    while ahead:
        label = ahead.pop()
        if label not in used:
            used.add(label)
            ahead += [named for reference in by_label[label].references for named in reference.labels]
    return tuple(line for line in lines if line.label not in used)


def _impossible(label: str, named: str, numbers: list[str], place: int) -> str:
    """Say why a line cannot refer to another, or ''."""
    if named == label:
        return f"line #{label} refers to itself"
    if named in numbers[:place]:
        return ""
    if named in numbers:
        return f"line #{label} refers to #{named}, which comes after it; put #{named} before it"
    there = f"#{numbers[0]} to #{numbers[-1]}" if len(numbers) > 1 else f"#{numbers[0]}"
    return f"line #{label} refers to #{named}, which is not there (the lines are {there})"


def _gather(rows: list[tuple[int, str]], style: re.Pattern[str]) -> Iterator[StrategyLine]:
    """Join what goes on over several physical lines; a combination without a number gets the next one."""
    open_line: StrategyLine | None = None
    for row, text in rows:
        found = style.match(text)
        if found and (style is _DOTTED or not _OPERATOR.match(found[2])) and not _goes_on(open_line, text):
            if open_line:
                yield open_line
            open_line = StrategyLine(str(int(found[1])), found[2].strip(), row, style is not _SHARP)
        elif open_line and is_combination(text, open_line.numbers) and not _is_open(open_line):
            yield open_line
            open_line = StrategyLine(str(int(open_line.label) + 1), text.strip(), row, open_line.numbers)
        elif open_line:
            open_line = replace(open_line, text=f"{open_line.text} {text.strip()}")
    if open_line:
        yield open_line


def _goes_on(line: StrategyLine | None, text: str) -> bool:
    """A line that ends with an operator goes on with what follows, unless that has the number that is due."""
    begun = _SHARP.match(text) or _DOTTED.match(text) or _BARE.match(text)
    return line is not None and begun is not None and _is_open(line) and int(begun[1]) != int(line.label) + 1


def _is_open(line: StrategyLine) -> bool:
    return bool(_OPEN_END.search(line.text))


def _is_line_by_line(lines: tuple[StrategyLine, ...], style: re.Pattern[str]) -> bool:
    """Tell numbered lines from a query that happens to begin with a number ("2 years[tiab] OR ...")."""
    if len(lines) < 2:
        return False
    if style is not _BARE:
        return True
    numbered = [int(line.label) for line in lines] == list(range(1, len(lines) + 1))
    return numbered and any(line.references for line in lines)


def _put_in(line: StrategyLine, made: dict[str, str]) -> str:
    """Write a line with the queries of the lines it refers to."""
    text, references = line.text, line.references
    # In a pure combination the words are surely operators, so they get the capitals that PubMed asks for.
    between = str.upper if is_combination(text, line.numbers) else str
    parts: list[str] = []
    at = 0
    for reference in references:
        alone = (reference.start, reference.end) == (0, len(text))
        queries = [made[label] for label in reference.labels]
        if alone and len(queries) == 1:
            return queries[0]
        inside = f" {reference.operator} ".join(map(_bracketed, queries))
        parts += [between(text[at : reference.start]), inside if alone or len(queries) == 1 else f"({inside})"]
        at = reference.end
    return " ".join("".join([*parts, between(text[at:])]).split())


def _bracketed(query: str) -> str:
    return query if needs_no_brackets(query) else f"({query})"


def _length(lines: tuple[StrategyLine, ...]) -> int:
    """How long the longest query would be, without making it: references to references grow like powers."""
    made: dict[str, int] = {}
    for line in lines:
        named = [label for reference in line.references for label in reference.labels]
        made[line.label] = len(line.text) + sum(made.get(label, 0) + len(") AND (") for label in named)
    return max(made.values())
