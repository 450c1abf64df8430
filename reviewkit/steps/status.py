"""The status of a review: how far searching, deduplication, screening and extraction are, and what lags behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reviewkit.errors import DamagedArchive, DamagedRun
from reviewkit.model.decisions import State
from reviewkit.model.duplicates import find_matches
from reviewkit.model.extractions import Extraction, by_reviewer, differences, progress, study_of_citation
from reviewkit.model.journal import latest
from reviewkit.model.matches import PERSON, Match
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.model.reading import Way, way_of
from reviewkit.model.references import NAMES
from reviewkit.model.runs import SearchRun
from reviewkit.model.stops import Stop
from reviewkit.protocol.template import is_template
from reviewkit.sources import Access
from reviewkit.steps.archive import journal_file
from reviewkit.steps.compared import compared
from reviewkit.steps.screen import own_votes, queue
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.status_notices import Age, NoticeStatus, ages, notice_status
from reviewkit.steps.strategy_choice import askable
from reviewkit.steps.versions import EarlierVersion, earlier_versions
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.archive import read_manifest

_LOOKED_THROUGH = 2_000  # citations that are compared to tell whether deduplication would find anything


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One search run; not `loaded`: its folder is there, its citations are not in the database."""

    id: str
    database: str
    date: str
    reported: int
    retrieved: int
    complete: bool
    loaded: bool
    update: int


@dataclass(frozen=True, slots=True)
class Person:
    """How much one reviewer has done and has left at a stage; never what the verdicts were (blinding)."""

    name: str
    done: int
    left: int


@dataclass(frozen=True, slots=True)
class StageStatus:
    """One screening stage: the records that reached it, by state, and the people at work on it."""

    id: str
    label: str
    reviewers: int
    settled_by: str
    reached: int
    states: dict[State, int]
    people: tuple[Person, ...]
    not_screened: int = 0  # of those in state PENDING: a person stopped screening before anyone had decided on them

    @property
    def pending(self) -> int:
        """Records that need more verdicts and wait for them."""
        return self.states[State.PENDING] - self.not_screened

    @property
    def conflicts(self) -> int:
        """Records on which reviewers differ."""
        return self.states[State.CONFLICT]


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """One update of the review: the records that it was first to bring, and how many of them wait to be screened."""

    number: int
    date: str
    records: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ExtractionStatus:
    """How far extraction is: studies that as many people as asked for have finished, and values that differ."""

    studies: int
    fields: int  # of the form
    reviewers: int
    finished: int
    differences: int
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a review stands. `today` and `asker` ('' when not known) are who asked, and when."""

    review: str
    title: str
    version: str
    today: str
    asker: str
    untouched: bool  # the protocol is still the template
    planned: tuple[str, ...]  # databases that the protocol searches
    askable: tuple[
        str, ...
    ]  # of them, not searched yet and within reach: those with an API, and its key if it needs one
    runs: tuple[RunStatus, ...]
    damage: str  # why the folders of the runs cannot be read, '' when they can
    stopped: tuple[str, ...]  # folders of searches that are going on or were killed
    citations: int
    records: int
    unsure: int  # pairs that wait for a person
    dedupe_due: bool
    removed: int  # before screening, by people or automation tools
    stages: tuple[StageStatus, ...]
    updates: tuple[UpdateStatus, ...]
    earlier: tuple[EarlierVersion, ...]
    reports: int  # of the included studies
    extraction: ExtractionStatus
    stops: tuple[Stop, ...] = ()  # in force at titles and abstracts, the latest last
    found: str = ""  # how much of what is relevant has been found there by now, where a method can say
    archive: str  # "none", "damaged", "behind", "current", or "ahead" of a database that lacks rows
    exports: str  # "none", "behind" or "current"
    last_search: str  # the day of the database that was searched longest ago, '' without a search
    age: int  # of that search, in whole months
    ages: tuple[Age, ...] = ()  # of every database's last search, the oldest first
    notices: NoticeStatus = field(default_factory=NoticeStatus)


def review_status(
    store: Store, protocol: Protocol, folders: Folders, today: str, asker: str = "", access: Access | None = None
) -> Status:
    """Derive where a review stands from its rows and folders; nothing is written.

    Args:
        store: the review's database; where there is none yet, an empty one.
        today: YYYY-MM-DD.
        asker: the reviewer who asks; he is listed even before his first decision.
        access: which keys of databases there are; none where it is not given.
    """
    stand = standing(store, protocol)
    runs, damage = _runs(folders, stand)
    extractions = store.all(Extraction)
    searched = ages(((run.database, run.date) for run in runs), today)
    return Status(
        review=protocol.review,
        title=protocol.title,
        version=protocol.version,
        today=today,
        asker=asker,
        untouched=is_template(protocol.version),
        planned=tuple(search.database for search in protocol.search),
        askable=_askable(protocol, runs, access or Access()),
        runs=runs,
        damage=damage,
        stopped=tuple(path.name for path in folders.unfinished()),
        citations=len(stand.run_of),
        records=len(stand.records.members),
        unsure=len(stand.unsure),
        dedupe_due=dedupe_due(store, stand),
        removed=len(stand.screening.removed),
        stages=tuple(_stage(stand, protocol, stage, asker) for stage in protocol.stage),
        updates=_updates(stand),
        earlier=tuple(earlier_versions(store, protocol)),
        reports=len(stand.screening.included),
        extraction=_extraction(stand, protocol, extractions),
        stops=tuple(stand.stops),
        found=_found(store, protocol, stand),
        archive=_archive(store, folders),
        exports=_exports(folders, max(stand.state_of, latest(extractions))),
        last_search=searched[0].date if searched else "",
        age=searched[0].months if searched else 0,
        ages=searched,
        notices=notice_status(store, stand, folders),
    )


def _askable(protocol: Protocol, runs: Sequence[RunStatus], access: Access) -> tuple[str, ...]:
    searched = {run.database for run in runs}
    return askable((search.database for search in protocol.search if search.database not in searched), access)


def _runs(folders: Folders, stand: Standing) -> tuple[tuple[RunStatus, ...], str]:
    loaded = {run.id: run for run in stand.runs}
    on_disk: dict[str, SearchRun] = {}
    damage = ""
    try:
        on_disk = {run.id: run for run in folders.runs()}
    except DamagedRun as error:
        damage = str(error)
    every = sorted({**on_disk, **loaded}.values(), key=lambda run: (run.first, run.id))
    rows = (
        RunStatus(r.id, r.database, r.date, r.reported, r.retrieved, r.complete, r.id in loaded, r.update)
        for r in every
    )
    return tuple(rows), damage


def dedupe_due(store: Store, stand: Standing) -> bool:
    """Return True when `reviewkit dedupe` would find something.

    A rule's match on a citation of a run shows that the run has been compared. Only where a run has none are its
    citations compared here; where those are many, True is said without looking, and running it once settles it.
    """
    done = compared(store, stand.runs)
    waiting = sum(citation > done for citation in stand.run_of)
    by_rule = [match for match in store.all(Match) if match.rule != PERSON] if waiting else []
    known = {stand.run_of.get(i) for match in by_rule for i in match.pair}
    if not waiting or all(run.id in known for run in stand.runs if run.ids):
        return False
    if waiting > _LOOKED_THROUGH:
        return True
    judged = {match.pair: match.judgement for match in by_rule if not match.undoes}
    return next(iter(find_matches(store.citations(), judged, done)), None) is not None


def _stage(stand: Standing, protocol: Protocol, stage: Stage, asker: str) -> StageStatus:
    outcomes = stand.screening.stages[stage.id]
    voters = {vote.by for outcome in outcomes.values() for vote in outcome.votes}
    people = []
    for name in sorted(voters | ({asker} if asker else set())):
        left = set(queue(stand, protocol, stage.id, name)) - stand.stopped.keys()
        done = len(own_votes(stand, stage.id, name).keys() - left)
        if done or left:
            people.append(Person(name, done, len(left)))
    states = {state: len(stand.in_state(stage.id, state)) for state in State}
    return StageStatus(
        stage.id.value,
        stage.label,
        stage.reviewers,
        stage.settled_by,
        len(outcomes),
        states,
        tuple(people),
        len(stand.stopped) if stage.id is StageId.TITLE_ABSTRACT else 0,
    )


def _found(store: Store, protocol: Protocol, stand: Standing) -> str:
    """Say how much has been found, where records came up in an order from which that can be told."""
    votes = (vote for found in stand.screening.stages.get(StageId.TITLE_ABSTRACT, {}).values() for vote in found.votes)
    if all(way_of(vote.order) is Way.OTHER for vote in votes):
        return ""
    from reviewkit.steps.stopping import found_so_far  # numpy and scipy, for which most reviews need not wait

    return found_so_far(store, protocol, stand)


def _updates(stand: Standing) -> tuple[UpdateStatus, ...]:
    """Count each update's new records: those that no run before it had brought."""
    round_of = {run.id: run.update for run in stand.runs}
    first = {r: min(round_of[stand.run_of[c]] for c in ids) for r, ids in stand.records.members.items()}
    waiting = set(stand.in_state(StageId.TITLE_ABSTRACT, State.PENDING)) - stand.stopped.keys()
    found = []
    for number in sorted({run.update for run in stand.runs if run.update}):
        new = {record for record, round_ in first.items() if round_ == number}
        day = max(run.date for run in stand.runs if run.update == number)
        found.append(UpdateStatus(number, day, len(new), len(new & waiting)))
    return tuple(found)


def _extraction(stand: Standing, protocol: Protocol, extractions: Sequence[Extraction]) -> ExtractionStatus:
    form, studies = protocol.extraction, stand.studies.members
    table = by_reviewer(extractions, study_of_citation(stand.records, stand.studies))
    people = progress(form, table, studies)
    finished = {name: {s for s, filled in done.items() if filled.finished} for name, done in people.items()}
    enough = sum(sum(study in done for done in finished.values()) >= form.reviewers for study in studies)
    open_ones = sum(difference.settled is None for difference in differences(form, table, studies))
    rows = tuple(Person(name, len(done), len(studies) - len(done)) for name, done in finished.items())
    fields = sum(len(group.field) for group in form.group)
    return ExtractionStatus(len(studies), fields, form.reviewers, enough, open_ones, rows)


def _archive(store: Store, folders: Folders) -> str:
    """Compare the numbers of rows: they are only ever appended."""
    try:
        manifest = read_manifest(folders.archive)
    except DamagedArchive:
        return "damaged"
    if manifest is None:
        return "none"
    rows = {journal_file(shape): store.count(shape) for shape in NAMES}
    held = {name: manifest.files[name].rows if name in manifest.files else 0 for name in rows}
    if any(count > rows[name] for name, count in held.items()):
        return "ahead"
    return "current" if manifest.finished and held == rows else "behind"


def _exports(folders: Folders, state_of: str) -> str:
    """Compare the time at which the report was written with that of the latest act."""
    if not folders.report.is_file():
        return "none"
    written = datetime.fromtimestamp(folders.report.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "behind" if written < state_of else "current"
