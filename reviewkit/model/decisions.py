"""Decisions: one reviewer's verdict on one record at one stage; and what follows from several of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import CONSENSUS, Criterion, Protocol, Stage, StageId

Known = TypeVar("Known")

BEFORE_SCREENING = "before-screening"  # the pseudo-stage of PRISMA's "records removed before screening"


class Verdict(StrEnum):
    """What a reviewer can decide; which of them at which stage is in `ALLOWED`."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"
    NOT_RETRIEVED = "not-retrieved"  # full text only: sought and not obtained
    AWAITING = "awaiting"  # full text only: awaiting classification (Cochrane Handbook 4.6.4)
    ONGOING = "ongoing"  # full text only: an ongoing study


class Basis(StrEnum):
    """On what a decision stands: one reviewer, the settling of a conflict, an automation tool, or work done elsewhere.

    ELSEWHERE is the result that a team reached in another program which did not tell who voted how; `by` is that
    program. It closes a record like a consensus and is nobody's vote, so agreement knows nothing of it.
    """

    REVIEWER = "reviewer"
    CONSENSUS = "consensus"
    AUTOMATION = "automation"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Row):
    """One verdict on one record at one stage, with the criterion that it rests on; `by` is the reviewer.

    `record` is the record's id when it was decided; after a merge the decision counts for the record
    that holds that citation, after a split it returns. `protocol` is the version it was made under,
    `order` the order in which the record came up: "id", "newest", "random", "database", "sample" where it was drawn at
    random, or "relevance:120", the order of relevance as it was when learned from 120 decided records.
    """

    record: int
    stage: str  # a StageId, or BEFORE_SCREENING
    verdict: Verdict = Verdict.INCLUDE
    criterion: str = ""
    basis: Basis = Basis.REVIEWER
    protocol: str = ""
    order: str = ""


ALLOWED: Mapping[str, frozenset[Verdict]] = {
    BEFORE_SCREENING: frozenset({Verdict.EXCLUDE}),
    StageId.TITLE_ABSTRACT: frozenset({Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE}),
    StageId.FULL_TEXT: frozenset(Verdict),
}


def problem_with(decision: Decision, protocol: Protocol) -> str:
    """Say what is wrong with a decision under a protocol, or '' when nothing is."""
    if decision.verdict not in ALLOWED.get(decision.stage, frozenset()):
        allowed = ", ".join(sorted(ALLOWED.get(decision.stage, frozenset())))
        return f"'{decision.verdict}' cannot be decided here; possible are {allowed}"
    stage = protocol.find_stage(decision.stage)
    if stage is None:
        return "" if decision.note.strip() else "removing a record needs its reason, as a note"
    ids = ", ".join(c.id for c in protocol.exclude)
    if decision.criterion:
        if decision.verdict is not Verdict.EXCLUDE:
            return f"only an exclusion names a criterion, and this is '{decision.verdict}'"
        if decision.criterion not in {c.id for c in protocol.exclude}:
            return f"'{decision.criterion}' is not an exclusion criterion; they are {ids}"
    elif decision.verdict is Verdict.EXCLUDE and stage.reasons == "required":
        return f"an exclusion at this stage needs its criterion, one of {ids}"
    if decision.basis is Basis.CONSENSUS:
        if stage.settled_by not in (CONSENSUS, decision.by):
            return f"the protocol says that {stage.settled_by} settles conflicts here, not {decision.by}"
        if decision.verdict is Verdict.MAYBE:
            return "'maybe' does not settle a conflict"
    if decision.basis is Basis.ELSEWHERE and as_read(decision, stage) is Verdict.MAYBE:
        return "'maybe' is no result"
    return ""


class State(StrEnum):
    """Where one record stands at one stage."""

    PENDING = "pending"  # fewer verdicts than the protocol asks for
    CONFLICT = "conflict"
    INCLUDED = "included"  # goes on to the next stage, or into the review
    EXCLUDED = "excluded"
    NOT_RETRIEVED = "not-retrieved"
    AWAITING = "awaiting"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of one record at one stage, the exclusion's one primary criterion, and the verdicts behind it.

    `votes` holds each reviewer's last standing verdict, `settled` the consensus where there was one, or else the
    result reached in another program; that one is in `elsewhere` too, even where a consensus revised it.
    Until `state` is other than PENDING the votes must not be shown to other reviewers (blinding).
    """

    state: State
    criterion: str = ""
    votes: tuple[Decision, ...] = ()
    settled: Decision | None = None
    elsewhere: Decision | None = None


_CLOSED: Mapping[Verdict, State] = {
    Verdict.INCLUDE: State.INCLUDED,
    Verdict.EXCLUDE: State.EXCLUDED,
    Verdict.NOT_RETRIEVED: State.NOT_RETRIEVED,
    Verdict.AWAITING: State.AWAITING,
    Verdict.ONGOING: State.ONGOING,
}


def outcome(stage: Stage, decisions: Iterable[Decision], criteria: Sequence[Criterion]) -> Outcome:
    """Derive the state of one record at one stage from its standing decisions, in order.

    The rules: of one person's verdicts the last counts. A consensus settles, whatever the votes, and so does a
    result reached in another program, which only a consensus revises; before that, as many people as the protocol
    asks for must have voted. At title and abstract a "maybe" is a vote to read the full text and agrees with an
    inclusion; at full text it decides nothing. Two exclusions for different criteria conflict only at full text,
    where PRISMA counts one primary reason; at title and abstract the first of them in the protocol's order is kept.
    """
    votes: dict[str, Decision] = {}
    settled: Decision | None = None
    elsewhere: Decision | None = None
    for decision in decisions:
        if decision.basis in (Basis.CONSENSUS, Basis.ELSEWHERE):
            closes = as_read(decision, stage) in _CLOSED
            if closes and decision.basis is Basis.CONSENSUS:
                settled = decision
            elif closes:
                elsewhere = decision
        else:
            votes[decision.by] = decision
    cast = tuple(votes.values())
    if settled := settled or elsewhere:
        return Outcome(_CLOSED[as_read(settled, stage)], settled.criterion, cast, settled, elsewhere)
    if len(cast) < stage.reviewers:
        return Outcome(State.PENDING, votes=cast)
    verdicts = {as_read(vote, stage) for vote in cast}
    if Verdict.MAYBE in verdicts:
        return Outcome(State.CONFLICT if len(cast) > 1 else State.PENDING, votes=cast)
    if len(verdicts) > 1:
        return Outcome(State.CONFLICT, votes=cast)
    named = {vote.criterion for vote in cast if vote.criterion}
    if len(named) > 1 and stage.id is StageId.FULL_TEXT:
        return Outcome(State.CONFLICT, votes=cast)
    rank = {criterion.id: place for place, criterion in enumerate(criteria)}
    first = min(named, key=lambda c: (rank.get(c, len(rank)), c), default="")  # one no longer in the protocol last
    return Outcome(_CLOSED[verdicts.pop()], first, cast)


def independent(stage: Stage, decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return each reviewer's own verdict on one record as it was before he could see another's; for agreement.

    That is his last one before the verdicts were shown (when as many people as the protocol asks for, and at least
    two, had voted), and the first one of whoever came later. Later changes of mind, consensus and automation are
    left out; what was undone is a slip and not in `decisions`.
    """
    own: dict[str, Decision] = {}
    for decision in decisions:
        if decision.basis is not Basis.REVIEWER:
            continue
        if len(own) >= max(stage.reviewers, 2) and decision.by in own:
            continue
        own[decision.by] = decision
    return own


def as_read(decision: Decision, stage: Stage) -> Verdict:
    """Read a verdict as its stage does: at title and abstract a "maybe" is a vote for the full text."""
    if decision.verdict is Verdict.MAYBE and stage.id is StageId.TITLE_ABSTRACT:
        return Verdict.INCLUDE
    return decision.verdict


def by_stage_and_record(record_of: Partition, decisions: Sequence[Decision]) -> dict[str, dict[int, list[Decision]]]:
    """Group the decisions that still stand by stage and by the record that now holds their citation, in order."""
    grouped: dict[str, dict[int, list[Decision]]] = {}
    for decision in standing(decisions):
        record = record_of.group.get(decision.record)
        if record is not None:
            grouped.setdefault(decision.stage, {}).setdefault(record, []).append(decision)
    return grouped


@dataclass(frozen=True, slots=True)
class Screening:
    """Where every record stands: those removed before screening, and each stage's outcome per record.

    `stages[stage]` holds exactly the records that reached the stage, in id order.
    """

    removed: Mapping[int, Decision]
    stages: Mapping[str, Mapping[int, Outcome]]
    included: tuple[int, ...]


def screening(protocol: Protocol, record_of: Partition, decisions: Sequence[Decision]) -> Screening:
    """Derive where every record stands from all decisions ever made.

    A record that someone has screened is not removed before screening: where a merge brings the two together,
    the person's verdict is kept and the removal of the copy is without effect.

    Args:
        protocol: its stages, in order.
        record_of: the records.
        decisions: every decision row ever stored, in order.
    """
    by_stage = by_stage_and_record(record_of, decisions)
    screened = {record for stage in protocol.stage for record in by_stage.get(stage.id, {})}
    removed = {
        record: rows[-1] for record, rows in by_stage.get(BEFORE_SCREENING, {}).items() if record not in screened
    }
    reached = [record for record in record_of.members if record not in removed]
    stages: dict[str, dict[int, Outcome]] = {}
    for stage in protocol.stage:
        made = by_stage.get(stage.id, {})
        untouched = outcome(stage, (), protocol.exclude)  # of most records for most of a review: derived once
        stages[stage.id] = {r: outcome(stage, made[r], protocol.exclude) if r in made else untouched for r in reached}
        reached = [r for r, found in stages[stage.id].items() if found.state is State.INCLUDED]
    return Screening(removed, stages, tuple(reached))


def renewed(before: Screening, part: Screening, touched: Collection[int]) -> Screening:
    """Return a screening in which what `part` says of some records, and only of these, replaces what was known."""

    def put(old: Mapping[int, Known], new: Mapping[int, Known]) -> dict[int, Known]:
        found = {**old, **new}  # a record known before keeps its place
        for record in touched:
            if record not in new:
                found.pop(record, None)
        return found if new.keys() <= old.keys() else {record: found[record] for record in sorted(found)}

    included = {*before.included}.difference(touched).union(part.included)
    stages = {stage: put(outcomes, part.stages[stage]) for stage, outcomes in before.stages.items()}
    return Screening(put(before.removed, part.removed), stages, tuple(sorted(included)))
