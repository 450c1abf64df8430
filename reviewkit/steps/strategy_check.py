"""Checking the protocol's strategies before they are run, without asking a database."""

from dataclasses import dataclass, replace

from reviewkit.errors import StrategyMistakes
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import database_label
from reviewkit.model.strategy_checks import check_strategy
from reviewkit.model.strategy_findings import Severity, StrategyFinding, placed
from reviewkit.model.strategy_lines import read_lines
from reviewkit.model.strategy_syntax import SYNTAXES, syntax_of
from reviewkit.steps.strategy_choice import choose_strategies
from reviewkit.steps.strategy_library import library_findings

_RANKS = list(Severity)
_UNREADABLE = ("no-operator", "mixed-operators", "smart-quotes")  # there the library goes astray


@dataclass(frozen=True, slots=True)
class CheckedStrategy:
    """What was found in one strategy; `syntax` is whose rules it was held against, '' where they are not known."""

    database: str
    syntax: str
    lines: int  # of a line-by-line strategy; 0 where it is one query
    findings: tuple[StrategyFinding, ...]

    @property
    def errors(self) -> tuple[StrategyFinding, ...]:
        """The findings that say that the query is surely wrong."""
        return tuple(finding for finding in self.findings if finding.severity == Severity.ERROR)


def check_strategies(protocol: Protocol, database: str = "") -> tuple[CheckedStrategy, ...]:
    """Check every strategy, or the one for a database.

    Raises:
        NothingToSearch: the protocol has no such search.
    """
    return tuple(check_one(strategy) for strategy in choose_strategies(protocol, database))


def check_one(strategy: Strategy) -> CheckedStrategy:
    """Check one strategy by our own rules, and by the library's for what ours do not see."""
    syntax = syntax_of(strategy)
    lines = read_lines(strategy.strategy)
    findings = check_strategy(strategy)
    if not any(finding.severity == Severity.ERROR or finding.rule in _UNREADABLE for finding in findings):
        if lines:
            for line in lines:
                if not line.references:
                    findings += placed(library_findings(line.text, syntax), line.text, line.label, line.row)
        else:
            findings += placed(library_findings(strategy.strategy, syntax), strategy.strategy)
    findings = _without_echoes(findings)
    if not syntax.name:  # whose rules are not known here may take what others do not
        findings = [_softened(finding) for finding in findings]
    label = SYNTAXES[syntax.name].label if syntax.name else ""
    return CheckedStrategy(strategy.database, label, len(lines), tuple(findings))


def refuse_mistakes(checked: tuple[CheckedStrategy, ...]) -> None:
    """Raise StrategyMistakes where a strategy that is about to be run is surely wrong."""
    problems = [
        f"{database_label(one.database)}, {place_of(finding)}: {finding.why}; {finding.mend}"
        for one in checked
        for finding in one.errors
    ]
    if problems:
        count = f"{len(problems)} mistake{'s' if len(problems) > 1 else ''}"
        raise StrategyMistakes(
            f"The strategies have {count}, so nothing was searched. 'reviewkit strategy check' shows the places; "
            "--anyway searches all the same.",
            problems,
        )


def place_of(finding: StrategyFinding) -> str:
    """Say in words where a finding is in its strategy."""
    if finding.line:
        return f"line #{finding.line}"
    return f"row {finding.row}, column {finding.column}" if finding.row else "the whole strategy"


def _without_echoes(findings: list[StrategyFinding]) -> list[StrategyFinding]:
    """Leave out what the library says of a place that our own rules say the same of."""
    own = {(one.line, one.start, one.end) for one in findings if one.rule == "doubled-term"}
    doubled = any(own)
    kept = [one for one in findings if not (doubled and one.rule == "search-query QUALITY_0005")]
    return sorted(kept, key=lambda one: (one.row, one.start, _RANKS.index(one.severity), one.rule))


def _softened(finding: StrategyFinding) -> StrategyFinding:
    return replace(finding, severity=Severity.WARNING) if finding.severity == Severity.ERROR else finding
