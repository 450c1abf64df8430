"""Screening: which records wait for a reviewer at which stage, and how far he is."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from reviewkit.model.blinding import without_verdicts
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Decision, Outcome, State, Verdict
from reviewkit.model.notices import said_of
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.model.represent import represent
from reviewkit.steps.decide import STAGE_NAMES, find_stage
from reviewkit.steps.flags import find_flags
from reviewkit.steps.notices import notices_of
from reviewkit.steps.standing import Standing
from reviewkit.steps.wording import counted
from reviewkit.store import Store


def queue(standing: Standing, protocol: Protocol, stage: str, reviewer: str) -> list[int]:
    """Return the records that a reviewer has still to decide at a stage, in the order of `turn`.

    A record on which enough others have voted is not offered.
    """
    asked = find_stage(protocol, stage).reviewers
    outcomes = standing.screening.stages[stage]
    waiting = [record for record, outcome in outcomes.items() if waits_for(outcome, asked, reviewer)]
    own = {record for record in waiting if own_vote(outcomes[record], reviewer)}
    return sorted(waiting, key=turn(standing, stage, own))


def turn(standing: Standing, stage: str, own: Container[int]) -> Callable[[int], tuple[bool, int, bool, int]]:
    """Return what waiting records are sorted by: a random sample first, then by ascending id.

    Those at which screening was stopped come after that, and at the very end those that the reviewer's own "maybe"
    left undecided (at full text, where one person decides).

    Args:
        own: the records on which the reviewer has a verdict.
    """
    here = stage == StageId.TITLE_ABSTRACT  # samples and stops are of this stage
    drawn, stopped = (standing.sampled, standing.stopped) if here else ({}, {})
    return lambda record: (record in own, drawn.get(record, len(drawn)), record in stopped, record)


def waits_for(outcome: Outcome, asked: int, reviewer: str) -> bool:
    """Return True when a record waits for this reviewer's verdict, at a stage where `asked` people decide."""
    if outcome.state is not State.PENDING:
        return False
    complete = len(outcome.votes) >= asked  # and undecided all the same: a "maybe" at full text
    return complete == (own_vote(outcome, reviewer) is not None)


def own_vote(outcome: Outcome, reviewer: str) -> Decision | None:
    """Return a reviewer's own last verdict, the only one that he may see while a record is pending."""
    return next((vote for vote in outcome.votes if vote.by == reviewer), None)


def own_votes(standing: Standing, stage: str, reviewer: str) -> dict[int, Decision]:
    """Return a reviewer's own last verdict on each record that he decided at a stage."""
    outcomes = standing.screening.stages[stage]
    return {record: vote for record, outcome in outcomes.items() if (vote := own_vote(outcome, reviewer))}


def next_stage(standing: Standing, protocol: Protocol, reviewer: str) -> Stage | None:
    """Return the first stage at which something waits for this reviewer, or None.

    Records at which screening was stopped can be screened all the same, but only when nothing else waits.
    """
    waiting = {stage: queue(standing, protocol, stage.id, reviewer) for stage in protocol.stage}
    asked = (stage for stage, records in waiting.items() if any(r not in standing.stopped for r in records))
    return next(asked, None) or next((stage for stage, records in waiting.items() if records), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reviewer is at one stage: records decided, "maybe" among them, and all that are his to decide."""

    done: int
    maybe: int
    total: int


def progress(own: Mapping[int, Decision], waiting: Iterable[int]) -> Progress:
    """Count a reviewer's work at a stage from his own verdicts and what waits for him."""
    undecided = set(waiting)
    return Progress(
        done=len(own.keys() - undecided),
        maybe=sum(vote.verdict is Verdict.MAYBE for vote in own.values()),
        total=len(own.keys() | undecided),
    )


def waiting_for_others(standing: Standing, protocol: Protocol, stage: str, reviewer: str) -> int:
    """Count the records that this reviewer has decided and that need another reviewer's verdict as well."""
    asked = find_stage(protocol, stage).reviewers
    return sum(
        outcome.state is State.PENDING and len(outcome.votes) < asked and own_vote(outcome, reviewer) is not None
        for outcome in standing.screening.stages[stage].values()
    )


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after a sitting: why, and the command's words."""

    why: str
    command: tuple[str, ...]


def what_next(standing: Standing, protocol: Protocol, stage: str, reviewer: str) -> Next:
    """Say what a reviewer should do next: his own open records, conflicts, waiting for others, the included studies."""
    for each in sorted(protocol.stage, key=lambda s: s.id != stage):  # the stage at hand first
        waiting = sum(record not in standing.stopped for record in queue(standing, protocol, each.id, reviewer))
        if waiting:
            return Next(
                f"{counted(waiting, 'record')} for you at {STAGE_NAMES[each.id]}", ("screen", "--reviewer", reviewer)
            )
    conflicts = sum(len(standing.in_state(each.id, State.CONFLICT)) for each in protocol.stage)
    if conflicts:
        return Next(f"{counted(conflicts, 'record')} on which reviewers differ, to be settled", ("conflicts",))
    others = sum(waiting_for_others(standing, protocol, each.id, reviewer) for each in protocol.stage)
    if others:
        return Next(f"{counted(others, 'record')} that another reviewer has still to decide", ("status",))
    if standing.screening.included:
        return Next(f"{counted(len(standing.screening.included), 'record')} included", ("studies",))
    return Next("nothing is included so far", ("status",))


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A record as it is laid before a reviewer: one view of it, and the citations behind it by ascending id."""

    record: Citation
    citations: tuple[Citation, ...]
    remarks: tuple[str, ...] = ()  # notices that a database lists, and what changed since the record was decided on


def load_exhibit(store: Store, standing: Standing, record: int) -> Exhibit:
    """Return what a reviewer is shown of one record."""
    citations = tuple(map(without_verdicts, store.citations(standing.records.members[record])))
    shown = represent(citations)
    notices = notices_of(store, standing.records).get(record, ())
    found = (*(notice.said for notice in notices), *said_of(shown))
    placed = {each.kind for each in found if each.reference}
    said = dict.fromkeys(str(each) for each in found if each.reference or each.kind not in placed)
    flags = find_flags(store, standing, {record})
    return Exhibit(shown, citations, (*said, *(reason for flag in flags.values() for reason in flag.reasons)))
