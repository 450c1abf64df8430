"""The updated review: what its previous version had included, what became of that, and the totals of PRISMA 2020."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reviewkit.model.boxes import Box, Flow, Totals
from reviewkit.model.decisions import Decision, Screening, State, Verdict, screening
from reviewkit.model.partition import Pair, Partition
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SearchRun
from reviewkit.model.studies import Link, studies

_OPEN = (State.PENDING, State.CONFLICT)


@dataclass(frozen=True, slots=True)
class Previous:
    """What a review had included when the searches of its latest update began.

    `reports` are records of earlier searches; `studies` groups them together with those that are included now.
    """

    update: int = 0  # the latest update; 0 where there is none
    began: str = ""  # when its first search began
    reports: tuple[int, ...] = ()
    studies: Partition = field(default_factory=lambda: Partition({}, {}))


def previous(
    protocol: Protocol,
    runs: Sequence[SearchRun],
    run_of: Mapping[int, str],
    records: Partition,
    decisions: Sequence[Decision],
    now: Screening,
    links: Sequence[Link],
    related: Collection[Pair],
) -> Previous:
    """Look back to the day on which the searches of the latest update began, by the decisions made until then.

    Decisions are read by the present protocol, and records are those of now: only what was decided is looked back at.
    """
    update = max((run.update for run in runs), default=0)
    if not update:
        return Previous()
    began = min(run.started or run.finished or run.date for run in runs if run.update == update)
    round_of = {run.id: run.update for run in runs}
    voted = {d.record for d in decisions if d.verdict in (Verdict.INCLUDE, Verdict.MAYBE)}
    chosen = sorted({records.group[citation] for citation in voted if citation in records.group})
    earlier = [r for r in chosen if min(round_of[run_of[c]] for c in records.members[r]) < update]
    members = {record: records.members[record] for record in earlier}
    known = Partition(members, {c: record for record, own in members.items() for c in own})
    included = screening(protocol, known, [d for d in decisions if d.at <= began]).included
    return Previous(update, began, included, studies({*included, *now.included}, links, records, related))


def count_totals(
    flows: Sequence[Flow], home: Mapping[int, int], screened: Screening, joined: Partition, before: Previous
) -> Totals:
    """Count what the template for updated reviews adds to the boxes of the latest update.

    Args:
        flows: of the original review and of every update, in order.
        home: record -> the update that brought it.
        screened: where every record stands.
        joined: included records grouped into studies.
        before: what the previous version had included.
    """
    *earlier, latest = flows
    old = sorted(i for flow in earlier for i in flow.included.ids)
    then = before.reports if before.update == latest.update else ()
    withdrawn = sorted(
        i for i in {*then}.difference(screened.included) if home[i] < latest.update and _final(screened, i)
    )
    gone = [
        min({*group}.intersection(withdrawn))
        for group in before.studies.members.values()
        if not {*group}.isdisjoint(withdrawn) and {*group}.isdisjoint(old)
    ]
    of_new = {report for study in latest.studies.ids for report in joined.members[study]}
    known = [study for flow in earlier for study in flow.studies.ids]

    def box(key: str, label: str, ids: Collection[int]) -> Box:
        return Box(key, label, "studies" if key.endswith("studies") else "reports", tuple(sorted(ids)))

    of_version = "included in previous version of review"
    return Totals(
        update=latest.update,
        began=before.began,
        previous_studies=box("previous:studies", f"Studies {of_version}", [*known, *gone]),
        previous_reports=box("previous:reports", f"Reports of studies {of_version}", [*old, *withdrawn]),
        withdrawn_studies=box("withdrawn:studies", "Studies withdrawn on reconsideration", gone),
        withdrawn_reports=box("withdrawn:reports", "Reports withdrawn on reconsideration", withdrawn),
        added_reports=box(
            "added:reports",
            "Reports that earlier searches brought, included after the searches of the update had begun",
            {*old}.difference(then) if then else (),
        ),
        further_reports=box(
            "further:reports",
            "New reports of studies that were included before",
            {*latest.included.ids}.difference(of_new),
        ),
        total_studies=box("total:studies", "Total studies included in review", joined.members),
        total_reports=box("total:reports", "Reports of total included studies", screened.included),
    )


def _final(screened: Screening, record: int) -> bool:
    """False while a record waits for a person again: then it is neither included nor withdrawn."""
    reached = [outcomes[record].state for outcomes in screened.stages.values() if record in outcomes]
    return record in screened.removed or not reached or reached[-1] not in _OPEN
