"""Recording decisions: refused where they make no sense, stored at once, taken back by one more row."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reviewkit.errors import BadDecision, NothingToUndo, UnknownStage
from reviewkit.model.decisions import (
    ALLOWED,
    BEFORE_SCREENING,
    Basis,
    Decision,
    Outcome,
    State,
    Verdict,
    problem_with,
)
from reviewkit.model.ids import record_label
from reviewkit.model.journal import newest_standing
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.steps.flags import find_flags
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

STAGE_NAMES = {
    BEFORE_SCREENING: "before screening",
    StageId.TITLE_ABSTRACT.value: "title and abstract",
    StageId.FULL_TEXT.value: "full text",
}


def find_stage(protocol: Protocol, stage: str) -> Stage:
    """Return a stage of the protocol.

    Raises:
        UnknownStage: it has no such stage.
    """
    found = protocol.find_stage(stage)
    if found is None:
        raise UnknownStage(stage=stage, stages=", ".join(s.id for s in protocol.stage))
    return found


def propose(standing: Standing, protocol: Protocol, wanted: Decision) -> Decision:
    """Check a decision against the protocol and against where its record stands; nothing is stored.

    Args:
        wanted: `record` may be any citation of the record; an empty `stage` is the one where it stands, as long as
            only one can be meant; the criterion's case does not matter.

    Returns:
        The decision as it can be stored.

    Raises:
        UnknownRecord, UnknownStage: there is no such record or stage.
        BadDecision: the record is not at that stage, or the protocol does not allow the decision.
    """
    record = standing.record(wanted.record)
    stage = wanted.stage or _only_stage(standing, protocol, record, wanted.verdict)
    criterion = protocol.criterion(wanted.criterion) if wanted.criterion else None
    decision = replace(
        wanted,
        record=record,
        stage=stage,
        criterion=criterion.id if criterion else wanted.criterion,
        note=" ".join(wanted.note.split()),
        protocol=protocol.version,
    )
    if stage != BEFORE_SCREENING:
        find_stage(protocol, stage)
    reason = _out_of_reach(standing, protocol, decision) or problem_with(decision, protocol)
    if reason:
        shown = "removal" if stage == BEFORE_SCREENING else STAGE_NAMES[stage]
        raise BadDecision(record=record_label(record), stage=shown, reason=reason)
    return decision


def same_place(standing: Standing, decision: Decision) -> Decision | None:
    """Return what stands already in a decision's place: this person's verdict, a removal, a consensus, a result."""
    if decision.stage == BEFORE_SCREENING:
        return standing.screening.removed.get(decision.record)
    outcome = standing.screening.stages.get(decision.stage, {}).get(decision.record)
    if outcome is None:
        return None
    if decision.basis is Basis.CONSENSUS:
        return outcome.settled
    if decision.basis is Basis.ELSEWHERE:
        return outcome.elsewhere
    return next((vote for vote in outcome.votes if vote.by == decision.by), None)


def repeats(standing: Standing, decision: Decision) -> bool:
    """Return True when exactly this stands already, so that storing it would add nothing."""
    there = same_place(standing, decision)
    if there is None:
        return False
    return all(getattr(there, key) == getattr(decision, key) for key in ("by", "verdict", "criterion", "note", "basis"))


def store_decisions(store: Store, protocol: Protocol, decisions: Sequence[Decision], at: str) -> list[Decision]:
    """Append decisions that `propose` accepted, all in one transaction, with the protocol that they were made under."""
    if not decisions:
        return []
    store.add_protocol(protocol.version, protocol.source, at)
    return store.add(decisions)


def record_decision(store: Store, protocol: Protocol, standing: Standing, wanted: Decision) -> Decision:
    """Record one decision and return it as stored; one that stands already is returned as it is (n = 0).

    A later decision of the same person at the same stage revises the earlier one. What stands already is stored once
    more where the record has changed since (see `reviewkit.model.flags`): someone has looked again. Raises what
    `propose` raises.
    """
    decision = propose(standing, protocol, wanted)
    if repeats(standing, decision) and not find_flags(store, standing, {decision.record}):
        return decision
    return store_decisions(store, protocol, [decision], decision.at)[0]


def remove(
    store: Store,
    protocol: Protocol,
    standing: Standing,
    records: Iterable[int],
    by: str,
    at: str,
    reason: str,
    automation: bool = False,
) -> list[Decision]:
    """Remove records before screening, all or none: PRISMA's "removed for other reasons" or "by automation tools".

    Args:
        records: any citation of each.
        by: the person, or with `automation` the tool that marked the records as ineligible.
        reason: why, in words.

    Raises:
        UnknownRecord, BadDecision: not in this review; removed before, screened already, or no reason given.
    """
    basis = Basis.AUTOMATION if automation else Basis.REVIEWER
    proposed = [
        propose(
            standing,
            protocol,
            Decision(
                record=record, stage=BEFORE_SCREENING, verdict=Verdict.EXCLUDE, by=by, at=at, note=reason, basis=basis
            ),
        )
        for record in records
    ]
    new = {d.record: d for d in proposed if not repeats(standing, d)}
    return store_decisions(store, protocol, list(new.values()), at)


def undo_last(store: Store, by: str, at: str, stage: str = "", basis: Basis | None = None) -> Decision:
    """Take back the last decision of a person (or tool) that still stands, and return it.

    Args:
        stage: only decisions at this stage.
        basis: only decisions of this kind: a reviewer who screens does not take back a settled conflict.

    Raises:
        NothingToUndo: there is none.
    """
    for row in newest_standing(store.newest_first(Decision)):
        if row.by == by and stage in ("", row.stage) and basis in (None, row.basis):
            store.add([replace(row, n=0, undoes=row.n, at=at, note="")])
            return row
    raise NothingToUndo(who=by, where=f" at {STAGE_NAMES.get(stage, stage)}" if stage else "")


def _only_stage(standing: Standing, protocol: Protocol, record: int, verdict: Verdict) -> str:
    """Return the stage that is meant where none is named.

    A verdict of both stages on a record at full text names none: a script that is run a second time would take what
    it decided on the title for a verdict on the full text.
    """
    stage = _reached(standing, protocol, record)
    if stage == StageId.FULL_TEXT and verdict in ALLOWED[StageId.TITLE_ABSTRACT]:
        reason = "its title was decided on before, so say which is meant: --stage full-text or --stage title-abstract"
        raise BadDecision(record=record_label(record), stage=STAGE_NAMES[stage], reason=reason)
    return stage


def _reached(standing: Standing, protocol: Protocol, record: int) -> str:
    """Return the last stage that a record reached; the first one for a record that was removed before screening."""
    stages = [stage.id for stage in protocol.stage]
    return next((s for s in reversed(stages) if record in standing.screening.stages.get(s, {})), stages[0])


def _out_of_reach(standing: Standing, protocol: Protocol, decision: Decision) -> str:
    """Say why a record cannot be decided at a stage, or ''."""
    record, stages = decision.record, standing.screening.stages
    removed = standing.screening.removed.get(record)
    if decision.stage == BEFORE_SCREENING:
        if removed and not repeats(standing, decision):
            return f"it was removed already ({removed.note})"
        reached = [outcomes[record] for outcomes in stages.values() if record in outcomes]
        screened = any(outcome.votes or outcome.settled for outcome in reached)
        return "screening it has begun, so it is excluded there, not removed before" if screened else ""
    if removed:
        return f"it was removed before screening ({removed.note}); undo that first"
    if record in stages[decision.stage]:
        return _taken(stages[decision.stage][record], decision)
    last = _reached(standing, protocol, record)
    return f"it has not reached this stage; at {STAGE_NAMES[last]} it is {stages[last][record].state.value}"


def _taken(outcome: Outcome, decision: Decision) -> str:
    """Say why a consensus, a result from elsewhere, or a vote after one is out of place, or ''.

    A consensus that settled a conflict may be revised, and so may what was reached elsewhere, by a consensus.
    """
    if decision.basis is Basis.CONSENSUS:
        settles = outcome.settled or outcome.state is State.CONFLICT
        return "" if settles else f"there is no conflict to settle; it is {outcome.state.value}"
    if decision.basis is Basis.ELSEWHERE:
        return "reviewers here have decided on it already" if outcome.votes or _consensus(outcome) else ""
    if outcome.elsewhere:
        there = f"it was decided in {outcome.elsewhere.by}"
        return f"{there}; to revise that: 'reviewkit conflicts settle {record_label(decision.record)}' with a note"
    return ""


def _consensus(outcome: Outcome) -> bool:
    return outcome.settled is not None and outcome.settled.basis is Basis.CONSENSUS
