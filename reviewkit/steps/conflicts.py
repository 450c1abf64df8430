"""Conflicts: records on which reviewers differ, and the consensus that settles each."""

from dataclasses import dataclass, replace

from reviewkit.errors import BadDecision
from reviewkit.model.decisions import Basis, Decision, State
from reviewkit.model.ids import record_label
from reviewkit.model.protocol import CONSENSUS, Protocol, Stage
from reviewkit.steps.decide import STAGE_NAMES, record_decision
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Conflict:
    """One record in conflict at one stage, with each reviewer's verdict in the order in which they were made."""

    record: int
    stage: Stage
    votes: tuple[Decision, ...]


def find_conflicts(standing: Standing, protocol: Protocol, stage: str = "") -> list[Conflict]:
    """Return the conflicts that wait to be settled, by stage and ascending record; of one stage when it is given."""
    return [
        Conflict(record, each, standing.screening.stages[each.id][record].votes)
        for each in protocol.stage
        if stage in ("", each.id)
        for record in standing.in_state(each.id, State.CONFLICT)
    ]


def may_settle(stage: Stage, name: str) -> bool:
    """Return True when the protocol lets this person settle the conflicts of a stage."""
    return stage.settled_by in (CONSENSUS, name)


def settle(store: Store, protocol: Protocol, standing: Standing, wanted: Decision) -> Decision:
    """Settle a conflict, or revise how it was settled, and return the consensus as stored.

    Args:
        wanted: an empty `stage` is the one at which the record is in conflict, else the last one at which a
            conflict of it was settled; `note` says why, `by` who records it.

    Raises:
        UnknownRecord, UnknownStage, BadDecision: no such record or stage; no conflict there, nobody says why,
            another person settles conflicts by the protocol, or the protocol does not allow the verdict.
    """
    record = standing.record(wanted.record)
    stage = wanted.stage or _settled_stage(standing, protocol, record)
    if not wanted.note.strip():
        shown = STAGE_NAMES.get(stage) or "this stage"
        raise BadDecision(
            record=record_label(record), stage=shown, reason="settling a conflict needs a note that says why"
        )
    return record_decision(store, protocol, standing, replace(wanted, stage=stage, basis=Basis.CONSENSUS))


def _settled_stage(standing: Standing, protocol: Protocol, record: int) -> str:
    found = [(stage.id.value, standing.screening.stages[stage.id].get(record)) for stage in protocol.stage]
    in_conflict = [stage for stage, outcome in found if outcome and outcome.state is State.CONFLICT]
    settled = [stage for stage, outcome in found if outcome and outcome.settled]
    return (in_conflict or settled[-1:] or [""])[0]
