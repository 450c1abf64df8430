"""What people do about how far titles and abstracts are screened: draw a random sample, stop, take either back."""

from dataclasses import replace

from reviewkit.errors import NothingToUndo, NotSampled, NotStopped
from reviewkit.model.decisions import Decision
from reviewkit.model.journal import last_standing
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.protocol import Protocol
from reviewkit.model.stopping import DEFAULT, RULES
from reviewkit.model.stops import Sample, Stop, draw, untouched
from reviewkit.steps.decide import find_stage
from reviewkit.steps.standing import Standing
from reviewkit.steps.stopping import REFERENCES, STAGE, outlook, tell
from reviewkit.steps.wording import counted
from reviewkit.store import Store


def draw_sample(
    store: Store, protocol: Protocol, standing: Standing, size: int, by: str, at: str, seed: int | None = None,
    note: str = "",
) -> Sample:  # fmt: skip
    """Draw records at random from those on which nobody has decided; they come first in every reviewer's queue.

    Args:
        seed: two samples with the same seed from the same records are the same; without one it is the number of samples
            drawn so far, the ones taken back too, plus one.

    Raises:
        UnknownStage: the protocol has no titles and abstracts to be screened.
        NotSampled: so many do not wait, or a sample is there that is not screened yet.
    """
    find_stage(protocol, STAGE)
    waiting = untouched(standing.screening.stages[STAGE])
    if left := _unfinished(store, protocol, standing):
        raise NotSampled(reason=left)
    if size > len(waiting):
        raise NotSampled(reason=f"nobody has decided on {counted(len(waiting), 'record')}, and {size:,} were asked for")
    seed = store.count(Sample) + 1 if seed is None else seed
    sample = Sample(
        stage=STAGE.value, seed=seed, through=max(standing.run_of), decided=store.count(Decision), waiting=len(waiting),
        records=draw(waiting, size, seed), by=by, at=at, note=" ".join(note.split()),
    )  # fmt: skip
    return store.add([sample])[0]


def stop_screening(
    store: Store, protocol: Protocol, standing: Standing, by: str, at: str, note: str, method: str = DEFAULT.name
) -> Stop:
    """Record that a person stops screening titles and abstracts, and what a method says at that moment.

    Nothing is excluded by it. Records on which nobody has decided are counted as not screened; they can be screened all
    the same, and those that later searches bring wait as ever.

    Args:
        note: why.
        method: one of `reviewkit.model.stopping.RULES`, the one that the decision rests on.

    Raises:
        UnknownStage: the protocol has no titles and abstracts to be screened.
        NotStopped: there is nothing left to stop at, no reason, or a sample that is not screened yet.
    """
    find_stage(protocol, STAGE)
    waiting = untouched(standing.screening.stages[STAGE])
    if not waiting:
        raise NotStopped(reason="someone has decided on every record")
    if all(record in standing.stopped for record in waiting):
        last = standing.stops[-1]
        raise NotStopped(reason=f"{last.by} has stopped it already, on {last.at[:10]}, and no record came since")
    if not note.strip():
        raise NotStopped(reason="say why, with --note")
    if left := _unfinished(store, protocol, standing):
        raise NotStopped(reason=left)
    known = outlook(store, protocol, standing).evidence
    told = tell(known, RULES[method], ahead=False)
    stop = Stop(
        stage=STAGE.value, through=max(standing.run_of), decided=store.count(Decision), screened=known.read,
        relevant=known.relevant, waiting=len(waiting), method=told.label, said=told.said, enough=told.stop,
        reference=REFERENCES.get(method, told.source), by=by, at=at, note=" ".join(note.split()),
    )  # fmt: skip
    return store.add([stop])[0]


def undo_act(store: Store, by: str, at: str) -> Sample | Stop:
    """Take back a person's last sample or stop that still stands, and return it.

    Raises:
        NothingToUndo: there is none.
    """
    last = [row for row in (last_standing(store.all(Stop), by), last_standing(store.all(Sample), by)) if row]
    if not last:
        raise NothingToUndo(who=by, where=" among samples and stops")
    row: Sample | Stop = max(
        last, key=lambda row: row.at
    )  # of the same second: the stop, which can come after a sample
    store.add([replace(row, n=0, undoes=row.n, at=at, note="")])
    return row


def _unfinished(store: Store, protocol: Protocol, standing: Standing) -> str:
    """Say which sample is not screened to its end, or ''."""
    if not any(sample.stage == STAGE for sample in still_standing(store.all(Sample))):
        return ""
    for audit in outlook(store, protocol, standing).audits:
        if not audit.finished:
            left = counted(audit.size - audit.screened, "record")
            return (
                f"of the random sample of {audit.sample.at[:10]} {left} are still to be screened; they come first in "
                "'reviewkit screen', and 'reviewkit stopping --undo' takes the sample back"
            )
    return ""
