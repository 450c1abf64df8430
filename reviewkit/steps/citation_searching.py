"""Citation searching, backward and forward, as a search run of its own: PRISMA 2020's "other methods".

What is asked and told follows the TARCiS statement (Hirt et al., BMJ 2024;385:e078384): seeds, directions, index, day,
and what each seed brought. Asked again once more studies are included, it asks for these alone: the iterations that
the statement recommends, until one brings nothing new.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from reviewkit.errors import BadSeed, NoSeeds, SearchFailed
from reviewkit.model.citation_search import (
    DATABASE,
    Direction,
    Link,
    Seed,
    Step,
    as_lines,
    as_strategy,
    is_search,
    was_asked,
)
from reviewkit.model.ids import record_label
from reviewkit.model.known import Known, known_as, read_known
from reviewkit.model.protocol import Protocol, Strategy
from reviewkit.model.runs import SearchRun, database_kind
from reviewkit.sources import Asking, Progress, untold
from reviewkit.sources.citation_indexes import INDEXES, index_ways
from reviewkit.sources.politeness import Unanswered
from reviewkit.steps.citation_asking import AskedIndex
from reviewkit.steps.loading import load_runs
from reviewkit.steps.receiving import keep, receive, take_up
from reviewkit.steps.standing import Standing
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.running import drafts, running_folder
from reviewkit.workspace.runs import discard

BOTH = (Direction.BACKWARD, Direction.FORWARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationSearch:
    """What one call did. `run` is None where nothing was kept: a count only, or all was asked before.

    `links` tells every seed and direction that was asked, in order; `before` those that an earlier run of this round
    asked for; `nameless` are the seeds without any identifier, which no index can be asked for.
    """

    index: str  # its name as printed
    links: tuple[Link, ...] = ()
    before: tuple[Step, ...] = ()
    nameless: tuple[Seed, ...] = ()
    run: SearchRun | None = None
    resumed: bool = False

    @property
    def unknown(self) -> tuple[Seed, ...]:
        """The seeds that the index does not know."""
        return tuple(dict.fromkeys(link.step.seed for link in self.links if not link.numbers))

    @property
    def reported(self) -> int:
        """How many works the index reported in all, each as often as it was reported."""
        return sum(max(link.count, 0) for link in self.links)


def choose_seeds(
    store: Store, standing: Standing, records: Iterable[int] = (), known: Iterable[Known] = ()
) -> list[Seed]:
    """Return the seeds: the given records and publications, or else the reports of every included study.

    A record's identifiers are those of all its citations: an article may have its DOI in one database only.

    Raises:
        UnknownRecord: no such record.
        NoSeeds: nothing was given, and nothing is included yet.
    """
    given = list(dict.fromkeys(known))
    chosen = {standing.record(record) for record in records}
    if not chosen and not given:
        chosen = set(standing.screening.included)
    if not chosen and not given:
        raise NoSeeds
    of = {citation: record for record in chosen for citation in standing.records.members[record]}
    found: dict[int, set[Known]] = {record: set() for record in chosen}
    for citation in store.citations(of):
        found[of[citation.id]].update(each for each in known_as(citation.doi, citation.pmid) if each.key)
    # PMIDs first: they are the shorter question
    seeds = [
        Seed(record_label(record), tuple(sorted(found[record], key=lambda each: (each.kind != "pmid", each.key))))
        for record in sorted(chosen)
    ]
    return [*seeds, *(Seed(f"{each.kind.upper()} {each.key}", (each,)) for each in given)]


def read_seed(text: str) -> Known:
    """Read a PMID or DOI as a person names a seed.

    Raises:
        BadSeed: it is neither.
    """
    known = read_known(text)
    if known is None:
        raise BadSeed(text=text)
    return known


def search_citations(
    folders: Folders,
    protocol: Protocol,
    store: Store,
    asking: Asking,
    seeds: Sequence[Seed],
    *,
    now: Callable[[], str],
    index: str = "openalex",
    directions: Collection[Direction] = BOTH,
    again: bool = False,
    update: int = 0,
    searcher: str = "",
    progress: Progress = untold,
) -> CitationSearch:
    """Ask an index for what the seeds cite and for what cites them, keep the answers as a run, and load it.

    A search that was interrupted goes on where it ended.

    Args:
        now: gives the time, UTC, as stored; called when the run starts and when it ends.
        index: a key of `INDEXES`.
        again: ask for seeds that were asked for before in this round, too.
        update: 0 for the original review, 1 for its first update ...

    Raises:
        SearchGoingOn: another process is searching in this review.
        SearchFailed: what came is kept for the next attempt.
    """
    name = INDEXES[index][2]
    with folders.searching():
        load_runs(folders, store)
        due, before, nameless = _sort_out(folders.runs(), seeds, directions, name, update, again)
        if not due:
            return CitationSearch(index=name, before=before, nameless=nameless)
        started = now()
        draft = SearchRun(
            id="", database=DATABASE, kind=database_kind(DATABASE), date=started[:10], started=started,
            strategy=as_strategy(name, index_ways(index), due), reported=0, retrieved=0, first=0, update=update,
            protocol=protocol.version, searcher=searcher,
        )  # fmt: skip
        _let_go(folders, draft, name)
        asked = AskedIndex(index, due)
        running = take_up(folders, draft)
        received = receive(running, asked, Strategy(database=index, strategy=draft.strategy), asking, progress)
        one = len(nameless) == 1
        named = f"{', '.join(map(str, nameless))} {'has' if one else 'have'} neither PMID nor DOI"
        skipped = (f"{named}; nothing was asked from {'it' if one else 'them'}",) if nameless else ()
        received = replace(received, warnings=(*received.warnings, *skipped))
        run = keep(folders, store, running, received, now(), as_lines(asked.links))
        load_runs(folders, store)
    return CitationSearch(
        index=name, links=tuple(asked.links), before=before, nameless=nameless, run=run, resumed=running.resumed
    )


def count_citations(
    folders: Folders,
    asking: Asking,
    seeds: Sequence[Seed],
    *,
    index: str = "openalex",
    directions: Collection[Direction] = BOTH,
    again: bool = False,
    update: int = 0,
    progress: Progress = untold,
) -> CitationSearch:
    """Ask how many works there are from every seed in every direction, and keep nothing.

    Raises:
        SearchFailed: the index does not answer, or not usably.
    """
    name = INDEXES[index][2]
    due, before, nameless = _sort_out(folders.runs(), seeds, directions, name, update, again)
    asked = AskedIndex(index, due)
    try:
        asked.count_steps(asking, progress)
    except Unanswered as end:
        raise SearchFailed(database=name, reason=end.reason, remedy=end.remedy) from None
    return CitationSearch(index=name, links=tuple(asked.links), before=before, nameless=nameless)


def _let_go(folders: Folders, draft: SearchRun, index: str) -> None:
    """Let go of interrupted searches in this index from other seeds: what came of two questions is never mixed."""
    for folder, left in drafts(folders):
        if left and is_search(left, index) and folder != running_folder(folders, draft):
            discard(folder)


def _sort_out(
    runs: Sequence[SearchRun],
    seeds: Sequence[Seed],
    directions: Collection[Direction],
    index: str,
    update: int,
    again: bool,
) -> tuple[tuple[Step, ...], tuple[Step, ...], tuple[Seed, ...]]:
    """Return what is to be asked, what was asked before in this round, and the seeds without an identifier."""
    steps = [Step(direction, seed) for direction in BOTH if direction in directions for seed in seeds if seed.known]
    before = () if again else tuple(step for step in steps if was_asked(step, runs, index, update))
    due = tuple(step for step in steps if step not in before)
    return due, before, tuple(seed for seed in seeds if not seed.known)
