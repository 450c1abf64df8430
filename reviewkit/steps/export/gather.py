"""What all exports of a review are made from, read and derived once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model.boxes import Flow
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Basis, Decision, State
from reviewkit.model.extractions import Agreed, Cell, Extraction
from reviewkit.model.journal import latest
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.notices import Notice
from reviewkit.model.protocol import Protocol
from reviewkit.steps.agreement import Agreement, agreement
from reviewkit.steps.evidence import evidence
from reviewkit.steps.export.stopping_text import paragraphs, uses_an_order
from reviewkit.steps.flow import review_flow
from reviewkit.steps.known_items import KnownReport, find_known
from reviewkit.steps.notices import notices_of
from reviewkit.steps.standing import Standing, load_records, standing
from reviewkit.steps.studies import Study, list_studies
from reviewkit.steps.versions import EarlierVersion, earlier_versions
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Judges:
    """Who decided at one stage on how many records, and who settled how many conflicts; without pending records.

    `elsewhere` counts by program the records that were decided there, without word of who voted how.
    """

    voted: Mapping[str, int]
    settled: Mapping[str, int]
    tools: Mapping[str, int]
    elsewhere: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A review as the exports need it."""

    protocol: Protocol
    standing: Standing
    flow: Flow
    studies: Sequence[Study]
    values: Mapping[Cell, Agreed]
    reports: Mapping[int, Citation]  # every record whose full text was sought
    judges: Mapping[str, Judges]  # by stage
    agreements: Sequence[Agreement]
    versions: Sequence[EarlierVersion]
    rules: Mapping[str, int]  # rule -> pairs that it judged the same
    people: Mapping[str, int]  # person -> pairs that he or she judged the same
    apart: Mapping[str, int]  # person -> pairs that he or she judged different
    extractors: Sequence[str]
    screening: Sequence[str]  # in which order, stopped where and why, in paragraphs; none where there is nothing to say
    notices: Mapping[int, Sequence[Notice]]  # what PubMed lists for records that were included when it was asked
    known: KnownReport  # the papers of must_find against the searches
    state_of: str  # time of the latest act, '' when nothing was done yet


def gather(store: Store, protocol: Protocol) -> Material:
    """Read a review and derive what its exports show.

    Raises:
        FlowDoesNotAddUp: the PRISMA counts contradict each other.
    """
    stand = standing(store, protocol)
    extractions = store.all(Extraction)
    matches = still_standing(store.all(Match))
    same = [match for match in matches if match.judgement is Judgement.SAME]
    values = evidence(store, protocol, stand)
    return Material(
        protocol=protocol,
        standing=stand,
        flow=review_flow(protocol, stand),
        studies=list_studies(store, stand),
        values=values,
        reports=load_records(store, stand, stand.reports),
        judges={stage.id.value: _judges(stand, stage.id.value) for stage in protocol.stage},
        agreements=agreement(store, protocol, stand),
        versions=earlier_versions(store, protocol),
        rules=Counter(match.rule for match in same if match.rule != PERSON),
        people=Counter(match.by for match in same if match.rule == PERSON),
        apart=Counter(m.by for m in matches if m.rule == PERSON and m.judgement is Judgement.DIFFERENT),
        extractors=sorted({name for value in values.values() for name in value.by}),
        screening=_screening(store, protocol, stand),
        notices=notices_of(store, stand.records),
        known=find_known(store, protocol),
        state_of=max(stand.state_of, latest(extractions)),
    )


def _screening(store: Store, protocol: Protocol, stand: Standing) -> Sequence[str]:
    if not uses_an_order(stand):
        return ()
    from reviewkit.steps.stopping import outlook  # numpy and scipy, which most reviews need not load

    return tuple(paragraphs(stand, outlook(store, protocol, stand)))


def _judges(stand: Standing, stage: str) -> Judges:
    voted, settled, tools, elsewhere = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for outcome in stand.screening.stages.get(stage, {}).values():
        if outcome.state is State.PENDING:
            continue  # who has voted on these is nobody's business yet
        for vote in outcome.votes:
            _count(vote, tools if vote.basis is Basis.AUTOMATION else voted)
        if outcome.settled:
            _count(outcome.settled, elsewhere if outcome.settled is outcome.elsewhere else settled)
    return Judges(voted, settled, tools, elsewhere)


def _count(decision: Decision, into: Counter[str]) -> None:
    into[decision.by] += 1
