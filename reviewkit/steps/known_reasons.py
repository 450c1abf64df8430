"""Why a search missed a paper that it must find: asked of the database, part by part of its strategy."""

from dataclasses import dataclass, replace

from reviewkit.errors import UserError
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import database_label
from reviewkit.model.strategy_lines import one_query
from reviewkit.model.strategy_parts import parts_of
from reviewkit.model.strategy_syntax import Syntax, syntax_of
from reviewkit.sources import Asking, Progress, Source, check_access, find_source, untold
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.known_items import KnownItem, KnownReport, with_reason
from reviewkit.steps.line_counts import without_limits


@dataclass(frozen=True, slots=True)
class _Asker:
    source: Source
    strategy: Strategy
    asking: Asking
    term: str  # finds the one paper

    def matches(self, query: str = "") -> bool:
        """Does the paper match a query, whatever its language and date?"""
        return self._count(without_limits(self.strategy, f"({query}) AND {self.term}" if query else self.term)) > 0

    def matches_within(self, query: str, **limits: object) -> bool:
        """Does the paper match a query within limits of the strategy?"""
        asked = without_limits(self.strategy, f"({query}) AND {self.term}")
        return self._count(replace(asked, **limits)) > 0  # type: ignore[arg-type]

    def _count(self, strategy: Strategy) -> int:
        return self.source.count(strategy, self.asking).reported


def explain_missed(report: KnownReport, protocol: Protocol, asking: Asking, progress: Progress = untold) -> KnownReport:
    """Ask each database why its strategy did not bring the papers that it misses.

    A database that cannot be asked, or does not answer, is told once and not asked again. `progress` hears how many
    papers were looked into.
    """
    silent: dict[str, str] = {}
    items: list[KnownItem] = []
    for done, item in enumerate(report.items):
        progress(done, len(report.items))
        for strategy in protocol.search:
            place = next(place for place in item.databases if place.database == strategy.database)
            if place.found_by or strategy.database in silent:
                continue
            if why := _why(item, strategy, asking, silent, searched=bool(place.searched)):
                item = with_reason(item, strategy.database, why)
        items.append(item)
    progress(len(report.items), len(report.items))
    return replace(report, items=tuple(items), unasked=tuple(silent.values()))


def _why(item: KnownItem, strategy: Strategy, asking: Asking, silent: dict[str, str], *, searched: bool) -> str:
    label = database_label(strategy.database)
    source = find_source(strategy.database)
    if source is None:
        silent[strategy.database] = f"{label} cannot be asked from here: look for the papers on its own page"
        return ""
    try:
        check_access(source, label, asking.access)
        return _asked(item, strategy, source, asking, label, searched=searched)
    except Unanswered as end:
        silent[strategy.database] = f"{label} could not be asked: {end.reason}"
    except UserError as error:
        silent[strategy.database] = f"{label} could not be asked: {error}"
    return ""


def _asked(item: KnownItem, strategy: Strategy, source: Source, asking: Asking, label: str, *, searched: bool) -> str:
    terms = [term for known in (item.known, *item.also) if (term := source.known_term(known))]
    if not terms:
        return f"{label} cannot be asked for a {item.known.kind.upper()}: look for the paper on its own page"
    for term in terms:
        asker = _Asker(source, strategy, asking, term)
        if asker.matches():
            return _inside(asker, strategy, label, syntax_of(strategy), searched=searched)
    return f"{label} does not hold it (asked as {' and '.join(terms)}), so no strategy finds it there"


def _inside(asker: _Asker, strategy: Strategy, label: str, syntax: Syntax, *, searched: bool) -> str:
    """The paper is in the database: which limit or which part of the strategy leaves it out?"""
    if not syntax.combines:
        return f"{label} holds it; which part of the strategy leaves it out cannot be asked there"
    query = one_query(strategy.strategy)
    if asker.matches(query):
        return _by_limits(asker, strategy, query, label, searched=searched)
    unmatched: list[str] = []
    away: list[str] = []
    for part in parts_of(strategy.strategy, syntax):
        if asker.matches(part.query) == part.taken_away:
            (away if part.taken_away else unmatched).append(part.label)
    if not unmatched and not away:
        return (
            f"{label} holds it and every part of the strategy matches it by itself: look at the brackets and operators"
        )
    told = []
    if unmatched:
        told.append(f"it does not match {_and(unmatched)}: look which words its title, abstract and headings use")
    if away:
        told.append(f"NOT takes it away, because it matches {_and(away)}")
    return f"{label} holds it, but {'; and '.join(told)}"


def _by_limits(asker: _Asker, strategy: Strategy, query: str, label: str, *, searched: bool) -> str:
    limits = []
    if strategy.languages and not asker.matches_within(query, languages=strategy.languages):
        limits.append(f"language ({' or '.join(strategy.languages)})")
    dates = {"published_from": strategy.published_from, "published_to": strategy.published_to}
    if any(dates.values()) and not asker.matches_within(query, **dates):
        limits.append("date of publication")
    if limits:
        return f"{label} holds it and the strategy finds it, but the limit of {_and(limits)} leaves it out"
    if not searched:
        return f"the strategy finds it: {label} was not searched yet"
    return f"{label} finds it with this strategy now: it was added or indexed later, or the strategy has changed since"


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
