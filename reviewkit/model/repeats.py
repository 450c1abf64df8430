"""The same search made several times: what makes two runs the same, which is the last, and what it found again."""

from collections.abc import Iterable, Mapping, Sequence

from reviewkit.model.runs import SearchRun

Question = tuple[str, tuple[str, ...]]  # strategy as sent, limits


def question_of(run: SearchRun) -> Question:
    """Return what a run asked; two runs of a database are the same search where it is the same, to the letter."""
    return (run.strategy.strip(), run.limits)


def last_search(runs: Iterable[SearchRun]) -> list[SearchRun]:
    """Return the runs that make up a database's last search: one, or all files that were exported on its day."""
    made = sorted(runs, key=when)
    return [run for run in made if run is made[-1] or _same_turn(run, made[-1])]


def last_of_each(runs: Iterable[SearchRun]) -> dict[Question, list[SearchRun]]:
    """Return for every strategy the runs of its last search: one, or all files that were exported on one day."""
    found: dict[Question, list[SearchRun]] = {}
    for run in sorted(runs, key=when):
        found[question_of(run)] = _joined(found.get(question_of(run), []), run)
    return found


def found_again(runs: Sequence[SearchRun], record_of: Mapping[int, int]) -> frozenset[int]:
    """Return the citations that a later run of the very same search, in the same round, brought once more.

    A search that is repeated within a round (by a timer, or before publication) is one search of that round: what it
    identified is counted once, with its last run. What the last run no longer returns stays counted where it was.
    A run without a recorded strategy is never taken for a repetition.

    Args:
        record_of: citation -> its record.
    """
    same: dict[tuple[int, str, Question], list[SearchRun]] = {}
    for run in runs:
        if question_of(run)[0]:
            same.setdefault((run.update, run.database, question_of(run)), []).append(run)
    again: set[int] = set()
    for each in same.values():
        seen: set[int] = set()
        for turn in reversed(_turns(each)):
            mine = [(c, record_of[c]) for run in turn for c in run.ids if c in record_of]
            again.update(citation for citation, record in mine if record in seen)
            seen.update(record for _, record in mine)
    return frozenset(again)


def when(run: SearchRun) -> tuple[str, int]:
    """The order of runs in time."""
    return (run.date, run.first)


def _turns(runs: Iterable[SearchRun]) -> list[list[SearchRun]]:
    """Split the runs of one search into the times that it was made."""
    turns: list[list[SearchRun]] = []
    for run in sorted(runs, key=when):
        if turns and _same_turn(turns[-1][-1], run):
            turns[-1].append(run)
        else:
            turns.append([run])
    return turns


def _joined(before: list[SearchRun], run: SearchRun) -> list[SearchRun]:
    return [*before, run] if before and _same_turn(before[-1], run) else [run]


def _same_turn(before: SearchRun, run: SearchRun) -> bool:
    """Several files that were exported on one day are one search; a database that is asked twice is asked twice."""
    return before.origin == run.origin != "api" and before.date == run.date
