"""How many records each line of a line-by-line strategy finds by itself, as search appendices print it."""

from dataclasses import dataclass, replace

from reviewkit.errors import UserError
from reviewkit.model.protocol import Strategy
from reviewkit.model.runs import Line
from reviewkit.model.strategy_lines import line_mistakes, line_query, read_lines
from reviewkit.sources import Asking, Progress, Source, untold
from reviewkit.sources.politeness import Unanswered


@dataclass(frozen=True, slots=True)
class LineCounts:
    """The lines with their counts, and in words what could not be counted."""

    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()


def count_lines(source: Source, strategy: Strategy, asking: Asking, progress: Progress = untold) -> LineCounts:
    """Ask the database what each line finds, without the limits, which appendices print apart from the lines.

    Nothing is raised: a search that brought its records must not fail for a count. After the first count that does
    not come, no more are asked; those lines have -1, and a note says why. A strategy that is one query has no lines.
    """
    lines = read_lines(strategy.strategy)
    if not lines or line_mistakes(strategy.strategy):
        return LineCounts()
    counted: list[Line] = []
    reason = ""
    for line in lines:
        count = -1
        if not reason:
            asked = without_limits(strategy, line_query(lines, line.label))
            try:
                count = source.count(asked, asking).reported
            except Unanswered as end:
                reason = end.reason
            except UserError as error:
                reason = str(error)
        counted.append(Line(label=line.label, text=line.text, count=count))
        progress(len(counted), len(lines))
    first = next((line.label for line in counted if line.count < 0), "")
    notes = (f"the lines from #{first} on could not be counted: {reason}",) if first else ()
    return LineCounts(tuple(counted), notes)


def without_limits(strategy: Strategy, query: str) -> Strategy:
    """Ask for a part of a strategy, whatever its language and date."""
    return replace(strategy, strategy=query, languages=(), published_from=None, published_to=None)
