"""What a reviewer's order of relevance may be learned from at a stage: the rule that keeps the order blind.

A lesson is what was decided on one record, as a number. What a reviewer may see teaches his order: his own verdicts,
and every outcome that is no longer pending. Verdicts of others on a pending record teach it only where the protocol
says learn_from = "all"; such a lesson is marked as hidden, so that it can be kept from the place of its own record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewkit.model.decisions import Decision, Outcome, Screening, State, Verdict
from reviewkit.model.protocol import Protocol, Stage, StageId

# "Maybe" leads to the full text like an inclusion, and says that the reviewer was not sure: half of one. An ongoing
# study is one that is wanted. What was not retrieved, or awaits classification, is not known to be either.
_SAYS: Mapping[Verdict, float] = {
    Verdict.INCLUDE: 1.0,
    Verdict.ONGOING: 1.0,
    Verdict.MAYBE: 0.5,
    Verdict.EXCLUDE: 0.0,
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one record teaches: 1 included, 0 excluded, between them where people differ or are not sure."""

    says: float
    hidden: bool = False  # rests on a verdict that the reviewer may not see yet


def lessons(screening: Screening, protocol: Protocol, stage: Stage, reviewer: str) -> dict[int, Lesson]:
    """Return what the order of one reviewer ('' for nobody's own) is learned from at a stage, by record.

    At full text, records that were excluded by their titles are exclusions too.
    """
    found: dict[int, Lesson] = {}
    here = screening.stages[stage.id]
    for earlier in protocol.stage if stage.id is StageId.FULL_TEXT else ():
        for record, outcome in screening.stages[earlier.id].items():
            if record not in here and (told := lesson(outcome, earlier, reviewer)) and told.says == 0:
                found[record] = told
    for record, outcome in here.items():
        if told := lesson(outcome, stage, reviewer):
            found[record] = told
    return found


def lesson(outcome: Outcome, stage: Stage, reviewer: str) -> Lesson | None:
    """Return what one outcome teaches the order of a reviewer at its stage, or None when it teaches nothing."""
    if outcome.settled:
        return _mean((outcome.settled,))
    if not outcome.votes:
        return None
    if outcome.state is not State.PENDING or stage.reviewers < 2:
        return _mean(outcome.votes)
    if stage.learn_from == "all":
        return _mean(outcome.votes, hidden=any(vote.by != reviewer for vote in outcome.votes))
    return _mean(tuple(vote for vote in outcome.votes if vote.by == reviewer))


def _mean(votes: tuple[Decision, ...], hidden: bool = False) -> Lesson | None:
    said = [_SAYS[vote.verdict] for vote in votes if vote.verdict in _SAYS]
    return Lesson(sum(said) / len(said), hidden) if said else None
