"""Counting a review for the PRISMA 2020 flow: which records are behind which box."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from reviewkit.model.boxes import Box, Column, Flow, Unit
from reviewkit.model.decisions import Basis, Outcome, Screening, State
from reviewkit.model.equations import check_flow
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol, StageId
from reviewkit.model.repeats import found_again
from reviewkit.model.runs import SearchRun, SourceKind, database_label
from reviewkit.model.updated import Previous, count_totals

__all__ = ["Box", "Column", "Flow", "check_flow", "prisma_flow"]

NO_REASON = "No reason recorded"

_BOXES: Mapping[str, tuple[str, Unit]] = {
    # field of Column -> wording, PRISMA's where it has one; what is counted
    "identified": ("Records identified from", "citations"),
    "found_again": ("Found again by repeated searches, and counted once", "citations"),
    "duplicates": ("Duplicate records removed", "citations"),
    "removed_by_automation": ("Records marked as ineligible by automation tools", "records"),
    "removed_for_other_reasons": ("Records removed for other reasons", "records"),
    "not_yet_screened": ("Records not yet screened", "records"),
    "not_screened": ("Records not screened (screening was stopped)", "records"),
    "screened": ("Records screened", "records"),
    "conflicts": ("Records on which reviewers disagree", "records"),
    "excluded": ("Records excluded", "records"),
    "sought": ("Reports sought for retrieval", "reports"),
    "not_retrieved": ("Reports not retrieved", "reports"),
    "awaiting_full_text": ("Reports awaiting a full-text decision", "reports"),
    "assessed": ("Reports assessed for eligibility", "reports"),
    "full_text_conflicts": ("Reports on which reviewers disagree", "reports"),
    "excluded_full_text": ("Reports excluded", "reports"),
    "awaiting_classification": ("Reports awaiting classification", "reports"),
    "ongoing": ("Reports of ongoing studies", "reports"),
    "contributed": ("Reports included", "reports"),
}

_STUDIES = ("Studies included in review", "New studies included in review")  # of the original review, of an update
_REPORTS = ("Reports of included studies", "Reports of new included studies")


def prisma_flow(
    runs: Sequence[SearchRun],
    run_of: Mapping[int, str],
    records: Partition,
    screening: Screening,
    studies: Partition,
    protocol: Protocol,
    stopped: Collection[int] = (),
    before: Previous | None = None,
) -> Flow:
    """Count a review.

    Args:
        runs: every loaded search run.
        run_of: citation -> id of its run, by ascending citation.
        records: citations grouped into records.
        screening: where every record stands.
        studies: included records grouped into studies.
        protocol: for the order and wording of the reasons.
        stopped: the records that nobody screened because a person stopped (see `reviewkit.model.stops`).
        before: what the previous version had included, where there are updates; without it, nothing was withdrawn.
    """
    by_id = {run.id: run for run in runs}
    every = {citation: by_id[run] for citation, run in run_of.items()}
    again = found_again(runs, records.group)
    came = {citation: run for citation, run in every.items() if citation not in again}
    home = {record: min(every[c].update for c in members) for record, members in records.members.items()}
    first_with = {study: min(home[r] for r in members) for study, members in studies.members.items()}

    def flow(update: int) -> Flow:
        prefix = f"update-{update}:" if update else ""
        mine = {c: run for c, run in came.items() if run.update == update}
        by_search = {c: run for c, run in mine.items() if run.kind is not SourceKind.OTHER}
        otherwise = {c: run for c, run in mine.items() if run.kind is SourceKind.OTHER}
        brought = [record for record, number in home.items() if number == update]
        found = {record for record in brought if any(c in by_search for c in records.members[record])}
        columns = [
            _column(
                prefix + part,
                citations,
                came,
                records,
                [r for r in brought if (r in found) is wanted],
                [c for c in again if every[c].update == update and (every[c].kind is not SourceKind.OTHER) is wanted],
                screening,
                protocol,
                stopped,
            )
            for part, citations, wanted in (("", by_search, True), ("other-methods:", otherwise, False))
        ]
        included = tuple(sorted(i for column in columns for i in column.contributed.ids))
        new_studies = tuple(study for study, number in first_with.items() if number == update)
        return Flow(
            update=update,
            searched=max((run.date for run in runs if run.update == update), default=""),
            databases=columns[0],
            other=columns[1],
            included=Box(f"{prefix}included", _REPORTS[update > 0], "reports", included),
            studies=Box(f"{prefix}studies", _STUDIES[update > 0], "studies", new_studies),
        )

    original, *updates = (flow(update) for update in sorted({run.update for run in runs} | {0}))
    if not updates:
        return original
    whole = count_totals((original, *updates), home, screening, studies, before or Previous())
    return replace(original, updates=tuple(updates), totals=whole)


def _column(
    prefix: str,
    came: Mapping[int, SearchRun],
    every: Mapping[int, SearchRun],
    records: Partition,
    mine: Sequence[int],
    again: Sequence[int],
    screening: Screening,
    protocol: Protocol,
    stopped: Collection[int],
) -> Column:
    """Count one column.

    Args:
        prefix: of its boxes' keys.
        came: the citations that it identified.
        every: those of all columns.
        mine: the records that it brought.
        again: what its searches found again when they were repeated.
    """
    carriers = {next(c for c in records.members[record] if c in came) for record in mine}
    copies = [c for c in came if c not in carriers]
    removed = {i: screening.removed[i] for i in mine if i in screening.removed}
    titles = _outcomes(screening, StageId.TITLE_ABSTRACT, mine)
    texts = _outcomes(screening, StageId.FULL_TEXT, mine)
    excluded, excluded_text = _in(titles, State.EXCLUDED), _in(texts, State.EXCLUDED)
    unread = {*_in(texts, State.PENDING), *_in(texts, State.NOT_RETRIEVED)}
    ids: dict[str, Sequence[int]] = {
        "identified": list(came),
        "found_again": sorted(again),
        "duplicates": copies,
        "removed_by_automation": [i for i, d in removed.items() if d.basis is Basis.AUTOMATION],
        "removed_for_other_reasons": [i for i, d in removed.items() if d.basis is not Basis.AUTOMATION],
        "not_yet_screened": [i for i in _in(titles, State.PENDING) if i not in stopped],
        "not_screened": [i for i in _in(titles, State.PENDING) if i in stopped],
        "screened": [i for i, outcome in titles.items() if outcome.state is not State.PENDING],
        "conflicts": _in(titles, State.CONFLICT),
        "excluded": excluded,
        "sought": list(texts),
        "not_retrieved": _in(texts, State.NOT_RETRIEVED),
        "awaiting_full_text": _in(texts, State.PENDING),
        "assessed": [i for i in texts if i not in unread],
        "full_text_conflicts": _in(texts, State.CONFLICT),
        "excluded_full_text": excluded_text,
        "awaiting_classification": _in(texts, State.AWAITING),
        "ongoing": _in(texts, State.ONGOING),
        "contributed": _in(texts, State.INCLUDED),
    }
    parts = {
        "identified": _sources(prefix, came),
        "duplicates": _known_before(f"{prefix}duplicates", copies, every, records),
        "excluded": _hands(f"{prefix}excluded", excluded, titles, protocol),
        "excluded_full_text": _reasons(f"{prefix}excluded-full-text", "reports", excluded_text, texts, protocol),
    }
    return Column(
        **{
            name: Box(prefix + name.replace("_", "-"), label, unit, tuple(ids[name]), parts.get(name, ()))
            for name, (label, unit) in _BOXES.items()
        }
    )


def _outcomes(screening: Screening, stage: StageId, mine: Sequence[int]) -> dict[int, Outcome]:
    """Return the outcomes of the records of one column that reached a stage."""
    reached = screening.stages.get(stage, {})
    return {i: reached[i] for i in mine if i in reached}


def _in(outcomes: Mapping[int, Outcome], state: State) -> list[int]:
    return [i for i, outcome in outcomes.items() if outcome.state is state]


def _sources(prefix: str, came: Mapping[int, SearchRun]) -> tuple[Box, ...]:
    """Split a column's citations by where they came from, in the order of the searches."""

    def named(kind: SourceKind, lead: str) -> tuple[Box, ...]:
        ids = [c for c, run in came.items() if run.kind is kind]
        groups = _split(ids, lambda c: came[c].database, list(dict.fromkeys(run.database for run in came.values())))
        return tuple(Box(lead + name, database_label(name), "citations", part) for name, part in groups)

    made = []
    for kind, label in ((SourceKind.DATABASE, "Databases"), (SourceKind.REGISTER, "Registers")):
        key = prefix + label.lower()
        if boxes := named(kind, f"{key}:"):
            ids = tuple(c for c, run in came.items() if run.kind is kind)
            made.append(Box(key, label, "citations", ids, boxes))
    return (*made, *named(SourceKind.OTHER, prefix))


def _known_before(
    key: str, copies: Sequence[int], came: Mapping[int, SearchRun], records: Partition
) -> tuple[Box, ...]:
    """Tell further copies of what earlier searches had brought from those within these searches.

    A search that is run again for an update identifies everything again. A copy was known before when its record came
    with an earlier update or the original review, or when the same database gave it on an earlier day, by a strategy
    that was changed since.
    """

    def known(copy: int) -> bool:
        run, others = came[copy], (came[c] for c in records.members[records.group[copy]] if c in came)
        return any(
            other.update < run.update or (other.database == run.database and other.date < run.date) for other in others
        )

    before = tuple(copy for copy in copies if known(copy))
    if not before:
        return ()
    rest = tuple(sorted({*copies}.difference(before)))
    parts = (
        Box(f"{key}:known-before", "Already known from earlier searches", "citations", before),
        Box(f"{key}:copies", "Further copies within these searches", "citations", rest),
    )
    return tuple(part for part in parts if part.n)


def _hands(key: str, ids: Sequence[int], outcomes: Mapping[int, Outcome], protocol: Protocol) -> tuple[Box, ...]:
    """Tell exclusions in which a person had a part from those that tools made alone, each per reason."""
    made = []
    for name, label, automated in (("human", "By a human", False), ("automation", "By automation tools", True)):
        part = [i for i in ids if _automated(outcomes[i]) is automated]
        if part:
            own = f"{key}:{name}"
            made.append(Box(own, label, "records", tuple(part), _reasons(own, "records", part, outcomes, protocol)))
    return tuple(made)


def _automated(outcome: Outcome) -> bool:
    return outcome.settled is None and all(vote.basis is Basis.AUTOMATION for vote in outcome.votes)


def _reasons(
    key: str, unit: Unit, ids: Sequence[int], outcomes: Mapping[int, Outcome], protocol: Protocol
) -> tuple[Box, ...]:
    """Split exclusions by their one primary reason, in the protocol's order."""
    wording = {criterion.id: criterion.short for criterion in protocol.exclude}
    groups = _split(ids, lambda i: outcomes[i].criterion, list(wording))
    return tuple(
        Box(
            f"{key}:{criterion or 'no-reason'}",
            wording.get(criterion, f"{criterion} (a criterion of an earlier protocol)") if criterion else NO_REASON,
            unit,
            part,
        )
        for criterion, part in groups
    )


def _split(
    ids: Sequence[int], trait: Callable[[int], str], order: Sequence[str]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Group ids by a trait: those of `order` first, then others by name, the empty trait last."""
    groups: dict[str, list[int]] = {}
    for i in ids:
        groups.setdefault(trait(i), []).append(i)
    rank = {name: place for place, name in enumerate(order)}
    for name in sorted(groups, key=lambda name: (not name, rank.get(name, len(rank)), name)):
        yield name, tuple(groups[name])
