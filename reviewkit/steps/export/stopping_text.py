"""How far titles and abstracts were screened, in words: the order, the stop and what it rests on, and the sample."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewkit.model.decisions import State
from reviewkit.model.protocol import StageId
from reviewkit.model.reading import Way, way_of
from reviewkit.model.stops import Stop
from reviewkit.steps.standing import Standing
from reviewkit.steps.wording import counted

if TYPE_CHECKING:
    from reviewkit.steps.stopping import Outlook

_WAYS = {
    Way.RELEVANCE: "in order of relevance",
    Way.RANDOM: "in random order",
    Way.SAMPLE: "as part of a random sample",
    Way.OTHER: "in another order (number, year, database or from a table)",
}
_MODEL = (
    "The order of relevance was learned by reviewkit, while people screened, from the decisions made so far and the "
    "protocol's own words, with a linear support vector machine on the weighted words of title and abstract, the "
    "company they keep (latent semantic analysis) and the year. It said what to read next and nothing else: no record "
    "was included or excluded by it."
)


def uses_an_order(standing: Standing) -> bool:
    """Return True when there is something to tell: an order of relevance or chance, a sample, or a stop."""
    outcomes = standing.screening.stages.get(StageId.TITLE_ABSTRACT, {})
    ordered = (way_of(vote.order) is not Way.OTHER for found in outcomes.values() for vote in found.votes)
    return bool(standing.stops or standing.sampled) or any(ordered)


def footnote(standing: Standing) -> str:
    """Say below the diagram who stopped and on what ground; '' where every record is screened or waits."""
    acts = list(dict.fromkeys(standing.stopped.values()))
    if not acts:
        return ""
    told = " ".join(f"Screening was stopped on {stop.at[:10]} by {stop.by}: {_ground(stop)}." for stop in acts)
    return f"Not screened by a person, and not excluded. {told}"


def paragraphs(standing: Standing, outlook: "Outlook") -> Iterator[str]:
    """Tell in which order titles and abstracts were screened, samples, stops, and what was left, a paragraph each."""
    yield _order(standing)
    for audit in outlook.audits:
        seed = (
            f"The sample was drawn by {audit.sample.by} with seed {audit.sample.seed}, and screened before all others."
        )
        yield f"{audit.said} {seed}"
    if outlook.doubt:
        yield outlook.doubt
    for stop in outlook.stops:
        yield _stop(stop)
    if outlook.stops:
        left = counted(outlook.unscreened, "record")
        yield (
            f"Not screened by a person because of that: {left}. They are counted apart in the flow diagram and listed "
            "by 'reviewkit flow --list not-screened'. None of them was excluded, and some may be relevant."
        )
    elif outlook.evidence.found and outlook.evidence.unread:
        yield f"How much has been found by now: {outlook.told[0].said}"


def _order(standing: Standing) -> str:
    """Count the verdicts that stand, of records whose outcome may be shown, by how the records had come up."""
    ways = Counter[Way]()
    for record, found in standing.screening.stages.get(StageId.TITLE_ABSTRACT, {}).items():
        if found.state is not State.PENDING:
            ways.update(Way.SAMPLE if record in standing.sampled else way_of(vote.order) for vote in found.votes)
    said = [f"{ways[way]:,} {words}" for way, words in _WAYS.items() if ways[way]]
    told = (
        f"Decisions on titles and abstracts, by the order in which the records came up: {'; '.join(said)}."
        if said
        else ""
    )
    return f"{told} {_MODEL}".strip() if ways[Way.RELEVANCE] else told or "Nothing is decided yet."


def _stop(stop: Stop) -> str:
    verdict = "" if stop.enough else " That does not say that screening could stop: it was stopped all the same."
    cited = f" Reference: {stop.reference}." if stop.reference else ""
    of = counted(stop.screened, "record")
    return (
        f"Screening of titles and abstracts was stopped by {stop.by} on {stop.at[:10]}, after {of}, of which "
        f"{stop.relevant:,} relevant; on {stop.waiting:,} nobody had decided. Reason given: {stop.note.rstrip('.')}. "
        f"It rests on the {stop.method}, which said then: {stop.said}{verdict}{cited}"
    )


def _ground(stop: Stop) -> str:
    if not stop.enough:
        return f"the {stop.method} had not said that it could be"
    return f"{stop.said[0].lower()}{stop.said[1:].rstrip('.')}".replace(" %", "\N{NO-BREAK SPACE}%")
