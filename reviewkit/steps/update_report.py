"""The report of an update, derived from stored rows alone: searches compared, notices, flags, what is new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reviewkit.model.decisions import State
from reviewkit.model.flags import Flag
from reviewkit.model.notices import Check, Notice
from reviewkit.model.protocol import Protocol, StageId
from reviewkit.model.reference import reference
from reviewkit.model.rounds import flow_of
from reviewkit.model.runs import SearchRun
from reviewkit.steps.flags import find_flags
from reviewkit.steps.flow import count_flow, explain_at
from reviewkit.steps.notices import grave_records, notices_of
from reviewkit.steps.standing import Standing, each_record
from reviewkit.steps.update_sources import SourceReport, compare_sources, is_repeated
from reviewkit.steps.versions import EarlierVersion, earlier_versions
from reviewkit.store import Store

_PREPRINT, _REGISTERED = "preprint", "registered"  # the rules that relate two records


@dataclass(frozen=True, slots=True)
class Related:
    """A record known before, and one that an update was first to bring, as reports of one study."""

    known: int
    new: int
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """Everything that an update report tells; ids are of records.

    `notices` are those of the included records, `checked` how many of these PubMed was asked about, `when` on which
    day. `results` are register entries that have results since; `ongoing` records of ongoing studies of which an
    article or results came. `shown` holds every record that is named, `state` where each stands, in words.
    """

    update: int
    sources: tuple[SourceReport, ...]
    new: tuple[int, ...]  # records that this round was first to bring
    waiting: int  # of them, to be decided
    reports: tuple[int, ...]  # included, new with this round
    studies: tuple[int, ...]
    grave: tuple[int, ...]  # included records that are retracted, or of which concern was expressed
    notices: Mapping[int, tuple[Notice, ...]]
    when: str = ""
    checked: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    flags: Mapping[int, Flag]
    preprints: tuple[Related, ...]
    articles: tuple[Related, ...]  # of register entries known before
    results: tuple[int, ...]
    ongoing: tuple[int, ...]
    criteria: tuple[EarlierVersion, ...]
    searched: Mapping[str, str]  # database -> day of its last search
    missing: tuple[str, ...]  # databases of the protocol that were not searched in this round
    shown: Mapping[int, str]  # references
    titles: Mapping[int, str]
    state: Mapping[int, str]


def report_update(store: Store, protocol: Protocol, standing: Standing, update: int) -> UpdateReport:
    """Derive the report of one round: an update, or (0) searches that were repeated within the original review.

    What PubMed says of included records, and flags, are of the present day; only the report of the last round has them.
    """
    present = update == max(rounds(standing), default=update)
    sources = compare_sources(store, standing, update)
    flow = flow_of(count_flow(protocol, standing), update)
    brought = {record for source in sources for record in source.records}
    new = tuple(record for record in standing.records.members if record in brought)
    included = {*standing.screening.included} if present else set[int]()
    notices = {r: n for r, n in notices_of(store, standing.records).items() if r in included}
    related = list(_related(standing, {*new}))
    results = tuple(
        dict.fromkeys(
            change.record
            for source in sources
            for change in source.changed
            if any(difference.field == "results" and difference.after for difference in change.changes)
        )
    )
    preprints = tuple(pair for rule, pair in related if rule == _PREPRINT)
    articles = tuple(pair for rule, pair in related if rule == _REGISTERED)
    moved = {*results, *(pair.known for pair in (*preprints, *articles))}
    flags = find_flags(store, standing) if present else {}
    gone = tuple(record for source in sources for record in (*source.gone, *source.left_out))
    check = _last_check(store) if present else None
    grave = grave_records(store, standing) if present else ()
    named = {
        *new, *grave, *notices, *flags, *results, *gone,
        *(change.record for source in sources for change in source.changed if change.telling),
        *(r for pair in (*preprints, *articles) for r in (pair.known, pair.new)),
        *(standing.records.group[r] for r in (check.unchecked if check else ())),
    }  # fmt: skip
    done = {source.database for source in sources}
    shown = {copy.id: (reference(copy), copy.title) for copy in each_record(store, standing, named)}
    return UpdateReport(
        update=update,
        sources=sources,
        new=new,
        waiting=len(_waiting(standing).intersection(new)),
        reports=flow.included.ids if flow else (),
        studies=flow.studies.ids if flow else (),
        grave=grave,
        notices=notices,
        when=check.at[:10] if check else "",
        checked=tuple(dict.fromkeys(standing.records.group[r] for r in check.records)) if check else (),
        unchecked=tuple(dict.fromkeys(standing.records.group[r] for r in check.unchecked)) if check else (),
        flags=flags,
        preprints=preprints,
        articles=articles,
        results=results,
        ongoing=tuple(sorted(moved.intersection(standing.in_state(StageId.FULL_TEXT, State.ONGOING)))),
        criteria=tuple(earlier_versions(store, protocol)),
        searched=last_searched(standing),
        shown={record: cited for record, (cited, _) in shown.items()},
        titles={record: title for record, (_, title) in shown.items()},
        missing=tuple(search.database for search in protocol.search if search.database not in done) if update else (),
        state={record: state_of(standing, protocol, record) for record in sorted(named)},
    )


def rounds(standing: Standing) -> list[int]:
    """Return the rounds that there is something to report of: every update, and 0 where a search was repeated."""
    found = sorted({run.update for run in standing.runs} - {0})
    original: dict[str, list[SearchRun]] = {}
    for run in standing.runs:
        if not run.update:
            original.setdefault(run.database, []).append(run)
    return [*([0] if any(map(is_repeated, original.values())) else []), *found]


def last_searched(standing: Standing) -> dict[str, str]:
    """Return database -> the day on which it was last searched."""
    days: dict[str, str] = {}
    for run in standing.runs:
        days[run.database] = max(run.date, days.get(run.database, ""))
    return days


def state_of(standing: Standing, protocol: Protocol, record: int) -> str:
    """Say where a record stands at the last stage that it reached; nothing of who decided while it waits."""
    if record in standing.screening.removed:
        return "removed before screening"
    for stage in reversed(protocol.stage):
        if record in standing.screening.stages[stage.id]:
            outcome = standing.screening.stages[stage.id][record]
            said = explain_at(standing, protocol, stage.id, record)[0]
            where = f"{stage.label.lower()}: "
            return where + (said if outcome.state in (State.PENDING, State.EXCLUDED) else outcome.state.value)
    return ""


def _related(standing: Standing, new: set[int]) -> Iterator[tuple[str, Related]]:
    for relation in standing.relations:
        fresh = [record for record in relation.pair if record in new]
        if len(fresh) == 1:
            known = next(record for record in relation.pair if record != fresh[0])
            yield relation.match.rule, Related(known, fresh[0], relation.match.evidence)


def _waiting(standing: Standing) -> set[int]:
    found: set[int] = set()
    for outcomes in standing.screening.stages.values():
        found.update(r for r, outcome in outcomes.items() if outcome.state in (State.PENDING, State.CONFLICT))
    return found - {*standing.stopped}


def _last_check(store: Store) -> Check | None:
    checks: Iterable[Check] = store.all(Check)
    return max(checks, key=lambda check: (check.at, check.n), default=None)
