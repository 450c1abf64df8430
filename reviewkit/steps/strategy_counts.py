"""What every strategy would find: counts for the whole and for each line, without fetching or writing anything."""

from collections.abc import Callable
from dataclasses import dataclass

from reviewkit.errors import UserError
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import Line, database_label
from reviewkit.sources import Asking, Counted, Sent, Source, check_access, find_source
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.line_counts import count_lines
from reviewkit.steps.strategy_choice import choose_strategies

CountProgress = Callable[[str, int, int], None]  # database, lines counted so far, lines


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyCount:
    """What one strategy finds today; `problem` says in words why nothing is known.

    `lines` are counted without the strategy's limits. `cap` is how many records the database hands out for one
    search, where it has such a limit. `by_hand` is set where a database cannot be asked from here.
    """

    database: str
    strategy: str
    limits: tuple[str, ...] = ()
    reported: int = -1
    translation: str = ""
    warnings: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    cap: int | None = None
    by_hand: bool = False
    problem: str = ""


def count_strategies(
    protocol: Protocol, asking: Asking, *, database: str = "", progress: CountProgress | None = None
) -> tuple[StrategyCount, ...]:
    """Ask each database how many records its strategy finds; one that does not answer keeps no other from being asked.

    Raises:
        NothingToSearch: the protocol has no such search.
    """
    return tuple(_count(strategy, asking, progress) for strategy in choose_strategies(protocol, database))


def ask_count(source: Source, strategy: Strategy, asking: Asking) -> tuple[Counted | None, str]:
    """Count, or say in words why that was not possible."""
    try:
        check_access(source, database_label(strategy.database), asking.access)
        return source.count(strategy, asking), ""
    except Unanswered as end:
        return None, f"{end.reason}; {end.remedy}"
    except UserError as error:
        return None, str(error)


def _count(strategy: Strategy, asking: Asking, progress: CountProgress | None) -> StrategyCount:
    source = find_source(strategy.database)
    if source is None:
        return StrategyCount(
            database=strategy.database, strategy=strategy.strategy, limits=strategy.limits, by_hand=True
        )
    try:
        sent = source.as_sent(strategy)
    except UserError as error:  # a limit that the database does not take
        sent, counted, problem = Sent(strategy.strategy, strategy.limits), None, str(error)
    else:
        counted, problem = ask_count(source, strategy, asking)
    if counted is None:
        return StrategyCount(
            database=strategy.database,
            strategy=sent.strategy,
            limits=sent.limits,
            problem=problem,
            cap=source.ABOUT.cap,
        )

    def told(done: int, total: int) -> None:
        if progress:
            progress(strategy.database, done, total)

    lines = count_lines(source, strategy, asking, told)
    return StrategyCount(
        database=strategy.database, strategy=sent.strategy, limits=sent.limits, reported=counted.reported,
        translation=counted.translation, warnings=(*counted.warnings, *lines.notes), lines=lines.lines,
        cap=source.ABOUT.cap,
    )  # fmt: skip
