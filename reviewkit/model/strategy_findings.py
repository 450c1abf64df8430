"""What a check of a strategy finds: where, how bad, why, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

WIDTH = 76  # letters of the text shown around a place


class Severity(StrEnum):
    """How sure it is that the strategy does not search what is meant."""

    ERROR = "error"  # the database cannot read it, or surely reads something else
    WARNING = "warning"  # it may well lose records, or bring too many
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFinding:
    """One finding; `start` and `end` are places in the text of the query or of the line that was checked.

    `rule` is a short name; one that begins with "search-query" is a rule of the library of that name. `line` is the
    label of the line in a line-by-line strategy. `row` and `column` count in the whole text of the strategy, from 1
    (a column only where the strategy is no line-by-line one).
    """

    rule: str
    severity: Severity
    why: str
    mend: str = ""
    start: int = 0
    end: int = 0
    line: str = ""
    row: int = 0
    column: int = 0
    excerpt: str = ""  # the text around the place, on one line
    caret: str = ""  # blanks, then ^ under each letter of the place


def error(rule: str, why: str, mend: str, start: int, end: int) -> StrategyFinding:
    """Make a finding that says that the query is surely wrong."""
    return StrategyFinding(rule=rule, severity=Severity.ERROR, why=why, mend=mend, start=start, end=end)


def warning(rule: str, why: str, mend: str, start: int, end: int) -> StrategyFinding:
    """Make a finding that says that the query may not search what is meant."""
    return StrategyFinding(rule=rule, severity=Severity.WARNING, why=why, mend=mend, start=start, end=end)


def note(rule: str, why: str, mend: str, start: int, end: int) -> StrategyFinding:
    """Make a finding that is good to know."""
    return StrategyFinding(rule=rule, severity=Severity.NOTE, why=why, mend=mend, start=start, end=end)


def placed(findings: Iterable[StrategyFinding], text: str, line: str = "", row: int = 0) -> list[StrategyFinding]:
    """Give findings in a text their excerpts and places, in the order of the text, the worst of a place first.

    Args:
        line: label of the line whose text it is; its first row is `row`, from 0.
    """
    ranks = list(Severity)
    ordered = sorted(findings, key=lambda one: (one.start, ranks.index(one.severity), one.rule))
    return [_place(finding, text, line, row) for finding in ordered]


def _place(finding: StrategyFinding, text: str, line: str, row: int) -> StrategyFinding:
    start = max(0, min(finding.start, len(text)))
    end = max(start, min(finding.end, len(text)))
    excerpt, caret = _excerpt(text, start, end)
    before = text[:start]
    return replace(
        finding, start=start, end=end, line=line, excerpt=excerpt, caret=caret, row=row + 1 + before.count("\n"),
        column=0 if line else start - (before.rfind("\n") + 1) + 1,
    )  # fmt: skip


def _excerpt(text: str, start: int, end: int) -> tuple[str, str]:
    """Cut the physical line around a place to a width that a terminal shows, with carets under the place."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    end = max(min(end, last), min(start + 1, last))
    left = max(first, min(start - WIDTH // 2, last - WIDTH))
    right = min(last, max(left + WIDTH, min(end, left + 2 * WIDTH)))
    shown = text[left:right]
    lead, tail = "…" if left > first else "", "…" if right < last else ""
    # One sign a letter, so that the carets stand under the place whatever a terminal makes of tabs.
    plain = "".join(sign if sign.isprintable() else " " for sign in shown)
    marks = " " * (len(lead) + start - left) + "^" * max(1, min(end, right) - start)
    return f"{lead}{plain}{tail}", marks
