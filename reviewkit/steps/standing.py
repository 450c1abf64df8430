"""Where the whole review stands: records, screening and studies derived once for the steps that need them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from reviewkit.errors import UnknownRecord
from reviewkit.model import matches as matching
from reviewkit.model.blinding import without_verdicts
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Decision, Screening, State, screening
from reviewkit.model.ids import record_label
from reviewkit.model.journal import latest
from reviewkit.model.matches import Match
from reviewkit.model.notices import Notice
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol, StageId
from reviewkit.model.relations import Relation, related_records, relations
from reviewkit.model.represent import represent
from reviewkit.model.runs import SearchRun
from reviewkit.model.stops import Sample, Stop, in_force, sampled, stopped_at
from reviewkit.model.studies import Link, studies
from reviewkit.model.updated import Previous, previous
from reviewkit.store import Store

_BATCH = 2_000  # records whose texts are held at once


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that follows from the stored rows at one moment; derived, never stored.

    `reports` are the records whose full text was sought; `studies` groups the included ones, by the links that
    people made and by `relations`, which rules found.
    """

    runs: Sequence[SearchRun]
    run_of: dict[int, str]  # citation -> run
    records: Partition
    unsure: Sequence[Match]
    screening: Screening
    relations: Sequence[Relation]
    studies: Partition
    sampled: Mapping[int, int]  # record of a random sample -> its place in the order of the draw
    stops: Sequence[Stop]  # those in force at titles and abstracts
    stopped: Mapping[int, Stop]  # the records that nobody screened because of a stop
    state_of: str  # time of the latest act, extraction left out; '' when there is none
    before: Previous = field(default_factory=Previous)  # what was included when the latest update began

    @property
    def reports(self) -> tuple[int, ...]:
        """The records whose full text was sought, by ascending id."""
        return tuple(self.screening.stages.get(StageId.FULL_TEXT, {}))

    def record(self, citation: int) -> int:
        """Return the record that holds a citation.

        Raises:
            UnknownRecord: no run brought it.
        """
        if citation not in self.records.group:
            raise UnknownRecord(record=record_label(citation))
        return self.records.group[citation]

    def in_state(self, stage: str, state: State) -> tuple[int, ...]:
        """Return the records in one state at one stage, by ascending id."""
        return tuple(r for r, outcome in self.screening.stages.get(stage, {}).items() if outcome.state is state)


def load_records(store: Store, standing: Standing, records: Iterable[int]) -> dict[int, Citation]:
    """Return the given records as they are shown to people, by ascending id: one view of each one's citations."""
    wanted = {c: r for r in records for c in standing.records.members[r]}
    parts: dict[int, list[Citation]] = {}
    for citation in store.citations(wanted):
        parts.setdefault(wanted[citation.id], []).append(without_verdicts(citation))
    return {record: represent(parts[record]) for record in sorted(parts)}


def each_record(store: Store, standing: Standing, records: Iterable[int]) -> Iterator[Citation]:
    """Yield the given records as `load_records` returns them, read a batch at a time: abstracts fill the memory."""
    wanted = iter(sorted(set(records)))
    while batch := list(islice(wanted, _BATCH)):
        yield from load_records(store, standing, batch).values()


def relations_of(store: Store, records: Partition, matches: Sequence[Match]) -> tuple[Relation, ...]:
    """Return the records that rules link as reports of one study."""
    found = related_records(matches, records)
    wanted = {c: r for pair in found for r in pair for c in records.members[r]}
    numbers: dict[int, set[str]] = {}
    for citation, named in store.registrations(wanted).items():
        numbers.setdefault(wanted[citation], set()).update(named)
    return relations(found, numbers)


def standing(store: Store, protocol: Protocol) -> Standing:
    """Read a review's rows and derive where it stands."""
    runs = store.runs()
    run_of = store.citation_runs()
    matches, decisions, links = store.all(Match), store.all(Decision), store.all(Link)
    records = matching.records(run_of, matches)
    screened = screening(protocol, records, decisions)
    related = relations_of(store, records, matches)
    pairs = [each.pair for each in related]
    samples, every_stop = store.all(Sample), store.all(Stop)
    stops = in_force(every_stop, StageId.TITLE_ABSTRACT)
    drawn = sampled(samples, StageId.TITLE_ABSTRACT, records)
    return Standing(
        runs=runs,
        run_of=run_of,
        records=records,
        unsure=matching.unsure(records, matches),
        screening=screened,
        relations=related,
        studies=studies(screened.included, links, records, pairs),
        sampled=drawn,
        stops=stops,
        stopped=stopped_at(stops, screened.stages.get(StageId.TITLE_ABSTRACT, {}), drawn),
        state_of=max(
            *(latest(rows) for rows in (matches, decisions, links, samples, every_stop, store.all(Notice))),
            *(run.finished for run in runs),
        ),
        before=previous(protocol, runs, run_of, records, decisions, screened, links, pairs),
    )
