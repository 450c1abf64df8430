"""What a random sample of the unscreened records found, in numbers and words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

from reviewkit.model.audit import Interval, relevant_among
from reviewkit.model.reading import Read
from reviewkit.model.stops import Sample
from reviewkit.steps.standing import Standing
from reviewkit.steps.wording import counted


@dataclass(frozen=True, slots=True)
class Audit:
    """A random sample of the unscreened records, and once all of it is screened, what it says of the rest.

    `among` is the number of relevant records among all that it was drawn from; of these `found` have been found, in the
    sample and since. `left` is what follows for those not found.
    """

    sample: Sample
    size: int
    screened: int
    relevant: int
    found: int
    among: Interval | None
    left: Interval | None
    said: str

    @property
    def finished(self) -> bool:
        """True when all of it is screened."""
        return self.screened == self.size


def audit(standing: Standing, sample: Sample, done: Sequence[Read]) -> Audit:
    """Say what a sample found, and what that says of the records that it was drawn from.

    Args:
        done: what was read to the end, in order.
    """
    group, removed = standing.records.group, standing.screening.removed
    drawn = {group[record] for record in sample.records if record in group}
    final = {read.record: read.relevant for read in done}
    screened = [record for record in drawn if record in final or record in removed]
    relevant = sum(final.get(record, False) for record in screened)
    since = [r for r in done if r.n > sample.decided and r.record <= sample.through and r.record not in drawn]
    found = relevant + sum(read.relevant for read in since)
    made = Audit(sample, len(drawn), len(screened), relevant, found, None, None, "")
    if not made.finished:
        said = f"{made.screened:,} of {counted(made.size, 'record')} are screened; what it says is told when all are"
        return replace(made, said=f"Random sample of {sample.at[:10]}: {said}.")
    among = relevant_among(sample.waiting, made.size, relevant)
    left = Interval(*(max(0, number - found) for number in (among.least, among.likely, among.most)))
    every = sum(read.relevant for read in done if read.record <= sample.through)
    said = (
        f"Random sample of {sample.at[:10]}: of {counted(sample.waiting, 'record')} on which nobody had decided, "
        f"{made.size:,} were drawn and screened; {_were(relevant)} relevant. So {_range(among)} of all "
        f"{sample.waiting:,} are relevant (95 % confidence, exact hypergeometric interval). {_were(found)} found by "
        f"now, in the sample or since; {left.most:,} at most are missed"
    )
    if every:
        said += f", so that at least {floor(100 * every / (every + left.most))} % of the relevant records are found"
    return replace(made, among=among, left=left, said=f"{said}.")


def _were(number: int) -> str:
    return f"{number:,} {'was' if number == 1 else 'were'}"


def _range(told: Interval) -> str:
    return f"{told.least:,} to {told.most:,}" if told.least < told.most else f"{told.least:,}"
