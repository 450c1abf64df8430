"""The PRISMA counts of a review, checked, and the records behind each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewkit.errors import FlowDoesNotAddUp, UnknownBox
from reviewkit.model.decisions import Basis, Decision, Outcome, State
from reviewkit.model.flow import Box, Flow, check_flow, prisma_flow
from reviewkit.model.ids import record_label, study_label
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.protocol import Protocol, StageId
from reviewkit.model.runs import database_label
from reviewkit.steps.flow_table import flow_rows
from reviewkit.steps.standing import Standing, load_records
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list behind a box: what it is, why it is there, and by whose judgement."""

    id: str
    title: str
    year: int | None
    reason: str
    by: str


def review_flow(protocol: Protocol, standing: Standing) -> Flow:
    """Count a review and check that its boxes add up.

    Raises:
        FlowDoesNotAddUp: an equation between the boxes does not hold; nothing may be printed from such counts.
    """
    flow = count_flow(protocol, standing)
    if problems := check_flow(flow):
        raise FlowDoesNotAddUp(
            "The PRISMA counts contradict each other, so nothing was written. 'reviewkit verify' looks for the cause:",
            problems,
        )
    return flow


def count_flow(protocol: Protocol, standing: Standing) -> Flow:
    """Count a review without asking whether its boxes add up."""
    return prisma_flow(
        standing.runs,
        standing.run_of,
        standing.records,
        standing.screening,
        standing.studies,
        protocol,
        standing.stopped,
        standing.before,
    )


def find_box(flow: Flow, key: str) -> Box:
    """Return the box with a key.

    Raises:
        UnknownBox: there is none; the message names those in use.
    """
    if box := flow.find(key):
        return box
    raise UnknownBox(box=key, names=", ".join(row.key for row in flow_rows(flow)))


def list_box(store: Store, protocol: Protocol, standing: Standing, box: Box) -> list[Entry]:
    """Return what a box counts, by ascending id. While a record is pending, nobody's verdict on it is shown."""
    if box.unit == "citations":
        return _citations(store, standing, box)
    shown = load_records(store, standing, box.ids)
    why = {i: _judgement(standing, protocol, i, box) for i in box.ids}
    label = study_label if box.unit == "studies" else record_label
    return [Entry(label(i), record.title, record.year, *why[i]) for i, record in shown.items()]


def _citations(store: Store, standing: Standing, box: Box) -> list[Entry]:
    """List citations: further copies say of which record and by which judgement, others where they came from."""
    source = {run.id: f"{database_label(run.database)}, {run.date}" for run in standing.runs}
    joined = _joined(store, standing) if "duplicates" in box.key.split(":") else {}
    entries = []
    for citation in store.citations(box.ids):
        reason, by = source[standing.run_of[citation.id]], ""
        if match := joined.get(citation.id):
            reason = f"copy of {record_label(standing.records.group[citation.id])}: {match.evidence or match.rule}"
            by = match.by
        entries.append(Entry(record_label(citation.id), citation.title, citation.year, reason, by))
    return entries


def _joined(store: Store, standing: Standing) -> Mapping[int, Match]:
    """Return for each citation the first judgement that holds it together with another one of its record."""
    group, found = standing.records.group, dict[int, Match]()
    for match in still_standing(store.all(Match)):
        if match.judgement is Judgement.SAME and group.get(match.left, -1) == group.get(match.right, -2):
            found.setdefault(match.right, match)
    for match in list(found.values()):
        found.setdefault(match.left, match)
    return found


def _judgement(standing: Standing, protocol: Protocol, i: int, box: Box) -> tuple[str, str]:
    """Return why a record or study is in a box, and by whom."""
    if box.unit == "studies":
        reports = standing.studies.members.get(i) or _once_in(standing, i)
        return "reports: " + ", ".join(record_label(r) for r in reports), ""
    if i in standing.screening.removed:
        decision = standing.screening.removed[i]
        return decision.note, decision.by
    if box.unit == "reports" and i not in standing.screening.stages[StageId.FULL_TEXT]:  # withdrawn, and not read again
        return explain_at(standing, protocol, StageId.TITLE_ABSTRACT, i)
    return explain_at(standing, protocol, StageId.TITLE_ABSTRACT if box.unit == "records" else StageId.FULL_TEXT, i)


def _once_in(standing: Standing, report: int) -> Sequence[int]:
    """Return the reports of a study of the previous version of the review that is no longer included."""
    once = standing.before.studies
    return [r for r in once.members[once.group[report]] if r in standing.before.reports]


def explain_at(standing: Standing, protocol: Protocol, stage: str, record: int) -> tuple[str, str]:
    """Say in words where a record stands at a stage that it reached, and who decided that (see `explain`)."""
    if stage == StageId.TITLE_ABSTRACT and (stop := standing.stopped.get(record)):
        return f"not screened: {stop.by} stopped screening on {stop.at[:10]}; nobody excluded it", stop.by
    return explain(standing.screening.stages[stage][record], protocol)


def explain(outcome: Outcome, protocol: Protocol) -> tuple[str, str]:
    """Say in words what an outcome is, with criterion and notes, and who decided; nothing of either while pending."""
    if outcome.state is State.PENDING:
        return "waiting for a decision", ""
    words = outcome.state.value.replace("-", " ")
    if outcome.state is State.CONFLICT:
        words = "; ".join(f"{vote.by}: {verdict_in_words(vote)}" for vote in outcome.votes)
    elif outcome.state is State.EXCLUDED and outcome.criterion:
        words = criterion_in_words(outcome.criterion, protocol)
    return "; ".join(part for part in (words, notes_of(outcome)) if part), deciders(outcome)


def notes_of(outcome: Outcome) -> str:
    """Return the notes of the decisions that an outcome rests on; of none while it is pending."""
    return "; ".join(dict.fromkeys(d.note for d in _deciding(outcome) if d.note))


def deciders(outcome: Outcome) -> str:
    """Return whose decisions an outcome rests on; nobody's while it is pending."""
    marks = {Basis.CONSENSUS: " (settled)", Basis.AUTOMATION: " (automation)"}
    return ", ".join(dict.fromkeys(d.by + marks.get(d.basis, "") for d in _deciding(outcome)))


def _deciding(outcome: Outcome) -> tuple[Decision, ...]:
    if outcome.state is State.PENDING:
        return ()
    return (outcome.settled,) if outcome.settled else outcome.votes


def criterion_in_words(criterion: str, protocol: Protocol) -> str:
    """Return a criterion's id and short wording; the id alone when the protocol no longer has it."""
    known = next((c for c in protocol.exclude if c.id == criterion), None)
    return f"{criterion} {known.short}" if known else criterion


def verdict_in_words(decision: Decision) -> str:
    """Return a verdict and its criterion: "exclude E2"."""
    return f"{decision.verdict.value} {decision.criterion}".strip()
