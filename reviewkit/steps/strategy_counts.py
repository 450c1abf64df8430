"""What every strategy would find: counts for the whole and for each line, without fetching or writing anything."""

from collections.abc import Callable
from dataclasses import dataclass

from reviewkit.errors import NotConfigured, UserError
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
    search, where it has such a limit. `by_hand` is set where a database cannot be asked from here, or only with a key
    that nobody has set, which `problem` then says.
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


def _ask(source: Source, strategy: Strategy, asking: Asking) -> Counted | StrategyCount:
    """Count, or say in words why that was not possible."""
    sent, by_hand = Sent(strategy.strategy, strategy.limits), False
    try:
        sent = source.as_sent(strategy)
        check_access(source, database_label(strategy.database), asking.access)
        return source.count(strategy, asking)
    except Unanswered as end:
        problem = f"{end.reason}; {end.remedy}"
    except NotConfigured as missing:
        problem, by_hand = str(missing), bool(missing.facts["where"])  # a key that not everybody can get
    except UserError as error:  # a limit that the database does not take, for one
        problem = str(error)
    return StrategyCount(
        database=strategy.database, strategy=sent.strategy, limits=sent.limits, problem=problem, cap=source.ABOUT.cap,
        by_hand=by_hand,
    )  # fmt: skip


def _count(strategy: Strategy, asking: Asking, progress: CountProgress | None) -> StrategyCount:
    source = find_source(strategy.database)
    if source is None:
        return StrategyCount(
            database=strategy.database, strategy=strategy.strategy, limits=strategy.limits, by_hand=True
        )
    counted = _ask(source, strategy, asking)
    if isinstance(counted, StrategyCount):
        return counted
    sent = source.as_sent(strategy)

    def told(done: int, total: int) -> None:
        if progress:
            progress(strategy.database, done, total)

    lines = count_lines(source, strategy, asking, told)
    return StrategyCount(
        database=strategy.database, strategy=sent.strategy, limits=sent.limits, reported=counted.reported,
        translation=counted.translation, warnings=(*counted.warnings, *lines.notes), lines=lines.lines,
        cap=source.ABOUT.cap,
    )  # fmt: skip
