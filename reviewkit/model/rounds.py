"""Rounds: the original review is 0, its updates are 1, 2 ...; to which of them a search that is run again belongs."""

from collections.abc import Sequence

from reviewkit.model.boxes import Flow
from reviewkit.model.runs import SearchRun


def flow_of(flow: Flow, update: int) -> Flow | None:
    """Return the flow of one round, None where no search belongs to it."""
    return next((each for each in (flow, *flow.updates) if each.update == update), None)


def next_round(flow: Flow, runs: Sequence[SearchRun], today: str) -> int:
    """Return the round that searches run now belong to.

    It is the present one as long as it is not finished: records of it wait for a decision (so searches repeated
    before publication belong to what is about to be published), an update has not brought one new record yet, or
    databases were asked for it today (a command that was stopped goes on). Then the next round begins.

    Args:
        today: YYYY-MM-DD.
    """
    present = max((run.update for run in runs), default=0)
    of_present = flow_of(flow, present)
    if of_present is None or not runs or of_present.waiting or (present and not of_present.new):
        return present
    if any(run.update == present and run.origin == "api" and today in run.days for run in runs):
        return present
    return present + 1


def round_name(update: int) -> str:
    """Name a round as people do."""
    return f"update {update}" if update else "original review"
