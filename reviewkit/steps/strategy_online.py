"""Checking a strategy by counts: what its lines and terms find, what adds nothing, which stems bring too much."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice

from reviewkit.errors import UserError
from reviewkit.model.protocol import Strategy
from reviewkit.model.runs import Line, database_label
from reviewkit.model.strategy_findings import StrategyFinding, note, placed, warning
from reviewkit.model.strategy_lines import one_query, read_lines
from reviewkit.model.strategy_parts import Member, count_or_members, or_members, parts_of
from reviewkit.model.strategy_query import read_query
from reviewkit.model.strategy_syntax import syntax_of
from reviewkit.sources import Asking, Source, check_access, find_source
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.line_counts import count_lines, without_limits
from reviewkit.steps.loading import silent

MOST = 300  # counts asked for one strategy, so that a strategy of a thousand terms does not take an hour
_EXPLODES = 10  # times as many records as all its neighbours in the group together

AskProgress = Callable[[str, int, int], None]  # database, counts asked so far, counts


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineCheck:
    """What the counts say of one strategy, all of them without its limits.

    `asked` is how many counts were asked, `left_out` how many terms were not looked at because there are too many.
    `problem` says in words why nothing, or not everything, could be asked.
    """

    database: str
    reported: int = -1
    lines: tuple[Line, ...] = ()
    findings: tuple[StrategyFinding, ...] = ()
    asked: int = 0
    left_out: int = 0
    problem: str = ""


@dataclass
class _Asker:
    """Counts parts of a strategy, the same part once."""

    source: Source
    strategy: Strategy
    asking: Asking
    progress: AskProgress
    total: int = 1
    known: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def count(self, query: str) -> int:
        if query not in self.known:
            counted = self.source.count(without_limits(self.strategy, query), self.asking)
            self.known[query] = counted.reported
            self.warnings = self.warnings or counted.warnings
            self.progress(self.strategy.database, len(self.known), max(self.total, len(self.known)))
        return self.known[query]


def check_online(
    strategy: Strategy, asking: Asking, progress: AskProgress = silent, most: int = MOST
) -> OnlineCheck | None:
    """Ask the database for the counts of a strategy and its parts; None where it cannot be asked from here.

    Args:
        most: counts asked at most.
    """
    source = find_source(strategy.database)
    if source is None:
        return None
    text = one_query(strategy.strategy)
    query = read_query(text, syntax_of(strategy))
    if query.is_broken or query.root is None:
        return OnlineCheck(database=strategy.database, problem="mend its mistakes first; nothing was asked")
    asker = _Asker(source, strategy, asking, progress)
    findings: list[StrategyFinding] = []
    lines: tuple[Line, ...] = ()
    reported, left_out, problem = -1, 0, ""
    try:
        check_access(source, database_label(strategy.database), asking.access)
        reported = asker.count(text)
        findings += [_said(warned, strategy) for warned in asker.warnings]
        counted = count_lines(source, strategy, asking)
        lines, problem = counted.lines, "; ".join(counted.notes)
        findings += _empty_lines(lines, strategy)
        if reported:
            members = count_or_members(query) if syntax_of(strategy).combines else 0
            room = min(members, max(0, (most - len(lines) - 1) // 2))
            left_out = members - room
            asker.total = 2 * room + 1
            for member in islice(or_members(query), room):
                findings += _weigh(member, reported, asker, strategy)
        elif not lines:
            findings += _empty_parts(asker, strategy)
    except Unanswered as end:
        problem = f"{end.reason}; {end.remedy}"
    except UserError as error:
        problem = str(error)
    asked = len(asker.known) + sum(line.count >= 0 for line in lines)
    return OnlineCheck(
        database=strategy.database, reported=reported, lines=lines, findings=tuple(findings), asked=asked,
        left_out=left_out, problem=problem,
    )  # fmt: skip


def _weigh(member: Member, whole: int, asker: _Asker, strategy: Strategy) -> list[StrategyFinding]:
    """Leave one member of an OR group out: does the result change, and by how much?"""
    without = asker.count(member.without)
    if without == whole:
        own = asker.count(member.query)
        if own == 0:
            why, mend = "finds no record at all", "check its spelling and its field, or leave it out"
            return [_about(member, strategy, "finds-nothing", why, mend)]
        why = f"adds nothing: of its own {own:,} records, none comes into the result that the others do not bring"
        return [
            _about(member, strategy, "adds-nothing", why, "leave it out, unless later records may need it", mild=True)
        ]
    if "*" not in member.said and "$" not in member.said:
        return []
    own, others = asker.count(member.query), asker.count(member.others)
    brought = whole - without
    counts = (
        f"the stem finds {own:,} records, its neighbours together {others:,}; "
        f"{brought:,} of the {whole:,} of the whole come from it alone"
    )
    if own > _EXPLODES * max(others, 1):
        mend = "write more of the word, or the forms that are meant"
        return [_about(member, strategy, "stem-explodes", f"explodes: {counts}", mend)]
    if 2 * brought > whole > 20:  # as the main term of a question does, and a stem that catches other words
        mend = "look at some of its records: does it catch words that are not meant?"
        return [_about(member, strategy, "stem-brings-most", f"brings most: {counts}", mend, mild=True)]
    return []


def _about(
    member: Member, strategy: Strategy, rule: str, why: str, mend: str, *, mild: bool = False
) -> StrategyFinding:
    make = note if mild else warning
    said = member.said if len(member.said) <= 60 else f"{member.said[:59]}…"
    return _locate(make(rule, f"{said} {why}", mend, 0, 0), member.said, strategy)


def _said(warned: str, strategy: Strategy) -> StrategyFinding:
    """Put what the database says of the query at the place it is about, where that can be told."""
    quoted = re.search(r"'([^']+)'|\"([^\"]+)\"", warned)
    mend = "check its spelling; the database searches without it or for its words" if quoted else ""
    finding = warning("database-warns", warned, mend, 0, 0)
    return _locate(finding, (quoted[1] or quoted[2]) if quoted else "", strategy)


def _empty_lines(lines: tuple[Line, ...], strategy: Strategy) -> list[StrategyFinding]:
    rows = {line.label: line for line in read_lines(strategy.strategy)}
    return [
        found
        for line in lines
        if line.count == 0
        for found in placed(
            [warning("line-finds-nothing", f"line #{line.label} finds no record", "check it", 0, len(line.text))],
            line.text,
            line.label,
            rows[line.label].row,
        )
    ]


def _empty_parts(asker: _Asker, strategy: Strategy) -> list[StrategyFinding]:
    """Where the whole finds nothing: which of its parts finds nothing by itself."""
    findings = []
    for part in parts_of(strategy.strategy, syntax_of(strategy)):
        if not part.taken_away and asker.count(part.query) == 0:
            found = warning("finds-nothing", f"{part.label} finds no record by itself", "check it", 0, 0)
            findings.append(_locate(found, part.query, strategy))
    return findings


def _locate(finding: StrategyFinding, said: str, strategy: Strategy) -> StrategyFinding:
    """Find the text that a finding is about in the strategy as it was written; the whole where it is not found."""
    pattern = re.compile(r"\s+".join(map(re.escape, said.split())), re.IGNORECASE) if said.strip() else None
    lines = read_lines(strategy.strategy)
    for text, label, row in [(line.text, line.label, line.row) for line in lines] or [(strategy.strategy, "", 0)]:
        if pattern and (found := pattern.search(text)):
            return placed([replace(finding, start=found.start(), end=found.end())], text, label, row)[0]
    return finding
