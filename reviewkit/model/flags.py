"""Flags: records that were decided on before what the decision stood on changed; they stay decided until a person
decides again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.citation import Citation
from reviewkit.model.comparison import Difference, compare, trace, words_of
from reviewkit.model.decisions import Outcome, Screening, State
from reviewkit.model.notices import GRAVE, RETRACTED, Notice, said_of, told_once
from reviewkit.model.runs import SearchRun

_STANDS_ON = ("title", "abstract")


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a decision should be looked at again: what changed since, and the notices that appeared since."""

    record: int
    decided: str  # when; what came after it is new
    changes: tuple[Difference, ...] = ()  # of title and abstract, with both wordings
    notices: tuple[str, ...] = ()  # "retraction (PMID 12345678)", each kind once

    @property
    def reasons(self) -> tuple[str, ...]:
        """What a person is told, the gravest first."""
        told = [f"{notice} since the decision" for notice in self.notices]
        for change in self.changes:
            told.append(f"{change.field} {'changed' if change.before else 'came'} since the decision")
        return tuple(told)


def decided_at(screening: Screening) -> dict[int, str]:
    """Return when each record was decided: by the reviewer who looked longest ago, at the stage looked at last.

    Records that wait, that reviewers differ on, or that were removed before screening are not among them.
    """
    found: dict[int, str] = {}
    for outcomes in screening.stages.values():
        for record, outcome in outcomes.items():
            if outcome.state in (State.PENDING, State.CONFLICT):
                found.pop(record, None)  # someone looks at it in any case
            elif when := _when(outcome):
                found[record] = max(when, found.get(record, ""))
    return found


def flag(
    record: int, decided: str, copies: Sequence[Citation], runs: Mapping[str, SearchRun], notices: Sequence[Notice] = ()
) -> Flag | None:
    """Return why a record's decision should be looked at again, or None.

    A title or abstract counts as changed where a database gives it otherwise than before, and otherwise than any
    copy that was known when the decision was made.

    Args:
        copies: the record's citations.
        runs: by id; a run's citations are new where it ended after the decision.
        notices: what PubMed lists for the record.
    """
    known = [copy for copy in copies if runs[copy.run].finished <= decided]
    since = [copy for copy in copies if runs[copy.run].finished > decided]
    changes: dict[str, Difference] = {}
    for copy in since:
        if all(any(getattr(copy, name) == getattr(one, name) for one in known) for name in _STANDS_ON):
            continue  # word for word, as nearly always
        same = [one for one in known if runs[one.run].database == runs[copy.run].database]
        if not same or not compare(map(trace, same), [], [trace(copy)]).known:
            continue
        for name in _STANDS_ON:
            said, before = getattr(copy, name), getattr(same[-1], name) or _first(known, name)
            if said and words_of(said) not in {words_of(getattr(one, name)) for one in known}:
                changes[name] = Difference(name, before, said)
    if not changes and not any(copy.related or RETRACTED in copy.types for copy in since) and not notices:
        return None
    told = {said for copy in known for said in said_of(copy)}
    fresh = [said for copy in since for said in said_of(copy) if said.kind in GRAVE and said not in told]
    fresh += [notice.said for notice in notices if notice.kind in GRAVE and notice.at > decided]
    old = {said.kind for said in told} | {notice.kind for notice in notices if notice.at <= decided}
    new = tuple(str(said) for said in told_once(fresh) if said.kind not in old)
    if not changes and not new:
        return None
    return Flag(record, decided, tuple(changes.values()), new)


def _when(outcome: Outcome) -> str:
    """When an outcome was reached by people who had looked: a settlement, or the verdict that is oldest."""
    votes = min((vote.at for vote in outcome.votes), default="")
    return max(votes, outcome.settled.at if outcome.settled else "")


def _first(copies: Sequence[Citation], name: str) -> str:
    return next((value for copy in copies if (value := str(getattr(copy, name)))), "")
