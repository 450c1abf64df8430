"""When it is safe to stop screening titles and abstracts: what each method says of a review, and what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor

from reviewkit.model.decisions import Decision, by_stage_and_record
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.model.reading import Batch, Evidence, Read, evidence, own_reads, reads
from reviewkit.model.stopping import DEFAULT, RULES, History, Rule, history
from reviewkit.model.stops import Sample, Stop
from reviewkit.steps.audit import Audit, audit
from reviewkit.steps.decide import find_stage
from reviewkit.steps.screen import waits_for
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

STAGE = StageId.TITLE_ABSTRACT  # a report that was sought is assessed, or not retrieved: there is no stopping there
TARGET, CONFIDENCE = 0.95, 0.95

REFERENCES = {
    # method -> the publication to cite
    "counting-process": "Stevenson M, Bin-Hezam R. Stopping methods for technology-assisted reviews based on point "
    "processes. ACM Trans Inf Syst 2023;42(3). doi: 10.1145/3631990 (here with all curves weighed together)",
    "hypergeometric": "Callaghan MW, Müller-Hansen F. Statistical stopping criteria for automated screening in "
    "systematic reviews. Syst Rev 2020;9:273. doi: 10.1186/s13643-020-01521-4",
    "knee": "Cormack GV, Grossman MR. Engineering quality and reliability in technology-assisted review. SIGIR 2016: "
    "75-84. doi: 10.1145/2911451.2911510",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one method says. `low`, `likely` and `missed` are of the whole review; None where it does not say.

    `further`: if so many more records, one after the other, are irrelevant, it will say that screening can stop.
    """

    method: str
    label: str
    source: str
    statistical: bool  # it makes a statement on what is found, and is no rule of thumb
    stop: bool
    said: str
    low: float | None = None
    likely: float | None = None
    missed: int | None = None
    further: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that `reviewkit stopping` shows; `doubt` says where a sample contradicts the default method."""

    evidence: Evidence
    told: tuple[Told, ...]  # the default method first
    audits: tuple[Audit, ...]
    stops: tuple[Stop, ...]  # in force, the latest last
    unscreened: int  # records on which nobody has decided and at which screening was stopped
    doubt: str = ""


def outlook(store: Store, protocol: Protocol, standing: Standing) -> Outlook:
    """Say how much has been found at titles and abstracts, by all methods side by side.

    Raises:
        UnknownStage: the protocol has no such stage.
    """
    stage = find_stage(protocol, STAGE)
    samples = [sample for sample in still_standing(store.all(Sample)) if sample.stage == STAGE]
    done = _reads(store, standing, stage, samples)
    known = _evidence(standing, done, standing.screening.stages[STAGE])
    rules = sorted(RULES.values(), key=lambda rule: rule is not DEFAULT)
    told = tuple(tell(known, rule) for rule in rules)
    audits = tuple(audit(standing, sample, done) for sample in samples)
    return Outlook(known, told, audits, tuple(standing.stops), len(standing.stopped), _doubt(told[0], audits))


def tell(known: Evidence, rule: Rule = DEFAULT, ahead: bool = True) -> Told:
    """Say what one method says.

    Args:
        ahead: look, too, how much further one would have to read.
    """
    cited = f"{rule.label}, {rule.source}"
    silent = Told(rule.name, rule.label, rule.source, rule.estimates is not None, False, "")
    if not known.unread:
        return replace(silent, stop=True, said="Every record is screened.")
    if not known.found:
        why = "no record was screened in an order of relevance or at random, as every method takes for granted"
        if known.since:
            why = f"{why}, since the last records came on {known.since[:10]}"
        return replace(silent, said=f"Cannot be said yet: {why}.")
    past = history(known.found, len(known.found) + known.unread)
    target = _target(known, past)
    further = _further(rule, past, target) if ahead else None
    if rule.estimates is None:
        stop = rule.stops(past, target, CONFIDENCE)
        said = f"{'Stop' if stop else 'Go on'}, says a rule that makes no statement of what has been found ({cited})."
        return replace(silent, stop=stop, said=said, further=further)
    made = rule.estimates(past, target, CONFIDENCE)
    if made.missed is None or made.low is None:
        said = f"Cannot be said yet: too few relevant records have been found ({cited})."
        return replace(silent, said=said, further=further)
    low = known.relevant / (known.relevant + made.missed)
    likely = None if made.likely is None else known.relevant / (known.relevant + past.found / made.likely - past.found)
    sure = f"with {CONFIDENCE:.0%} confidence".replace("%", " %")
    if made.stop:
        # Not more than was asked for: what the rules were tried on is whether they keep this promise.
        said = f"At least {floor(100 * TARGET)} % of the relevant records have been found, {sure} ({cited})."
    else:
        said = (
            f"Cannot be said yet: {sure} at least {floor(100 * low + 1e-9)} % of the relevant records have been "
            f"found, and {made.missed:,} at most are missed ({cited})."
        )
    return replace(silent, stop=made.stop, said=said, low=low, likely=likely, missed=made.missed, further=further)


def found_so_far(store: Store, protocol: Protocol, standing: Standing) -> str:
    """Say in one line how much has been found, by the default method; '' where it cannot look at anything."""
    stage = find_stage(protocol, STAGE)
    samples = [sample for sample in still_standing(store.all(Sample)) if sample.stage == STAGE]
    known = _evidence(standing, _reads(store, standing, stage, samples), standing.screening.stages[STAGE])
    return tell(known, ahead=False).said if known.found and known.unread else ""


def in_short(store: Store, protocol: Protocol, standing: Standing, reviewer: str) -> str:
    """Say in one line how much has been found, for the end of a reviewer's sitting; '' where nothing can be said.

    Where several people decide on each record it is what this reviewer alone has read and found: the others' verdicts
    take no part in it.
    """
    stage = protocol.find_stage(STAGE)
    known = recent(store, standing, stage, reviewer) if stage else None
    if not (stage and known and known.found and known.unread):
        return ""
    said = tell(known, ahead=False).said
    return f"By what {reviewer} alone has read: {_lower(said)}" if stage.reviewers > 1 else said


def recent(store: Store, standing: Standing, stage: Stage, reviewer: str) -> Evidence:
    """Return what is known from a reviewer's own reading; from everyone's, where one person decides on each record."""
    outcomes = standing.screening.stages[stage.id]
    samples = [sample for sample in still_standing(store.all(Sample)) if sample.stage == stage.id]
    if stage.reviewers == 1:
        return _evidence(standing, _reads(store, standing, stage, samples), outcomes)
    done = own_reads(stage, reviewer, _made(store, standing, stage), _drawn(standing, samples))
    waiting = [record for record, outcome in outcomes.items() if waits_for(outcome, stage.reviewers, reviewer)]
    return _evidence(standing, done, waiting)


def _reads(store: Store, standing: Standing, stage: Stage, samples: Sequence[Sample]) -> list[Read]:
    outcomes = standing.screening.stages[stage.id]
    return reads(stage, outcomes, _made(store, standing, stage), _drawn(standing, samples))


def _made(store: Store, standing: Standing, stage: Stage) -> dict[int, list[Decision]]:
    return by_stage_and_record(standing.records, store.all(Decision)).get(stage.id, {})


def _drawn(standing: Standing, samples: Sequence[Sample]) -> dict[int, int]:
    group = standing.records.group
    return {group[r]: sample.decided for sample in reversed(samples) for r in sample.records if r in group}


def _evidence(standing: Standing, done: Sequence[Read], records: Iterable[int]) -> Evidence:
    seen = {read.record for read in done}
    brought = {standing.run_of[record] for record in standing.records.members}
    batches = [Batch(run.ids[-1], run.finished) for run in standing.runs if run.id in brought]
    return evidence(done, [record for record in records if record not in seen], batches)


def _target(known: Evidence, past: History) -> float:
    """Return the recall of the reading that counts at which the whole review reaches its target."""
    if not past.found:
        return TARGET
    allowed = int(known.relevant / TARGET + 1e-9) - known.relevant
    # Halfway between two whole numbers, so that no rounding decides.
    return past.found / (past.found + allowed + 0.5) if known.aside else TARGET


def _further(rule: Rule, past: History, target: float) -> int | None:
    """Return after how many more records, all of them irrelevant, a method says that screening can stop."""

    def stops(more: int) -> bool:
        return more == past.unread or rule.stops(
            History(past.found_at, past.read + more, past.total), target, CONFIDENCE
        )

    low, high = -1, past.unread  # irrelevant records never make a method less sure
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if stops(middle) else (middle, high)
    return high


def _doubt(told: Told, audits: Sequence[Audit]) -> str:
    """Say where a random sample proves that more is missed than a method thinks possible."""
    for each in audits:
        if each.left and told.missed is not None and each.left.least > told.missed:
            return (
                f"A random sample contradicts the {told.label}: it leaves {each.left.least:,} relevant records at "
                f"least to be found, where the method says {told.missed:,} at most. Trust the sample: go on screening."
            )
    return ""


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
