"""The worked example replayed: each step of a finished review rebuilt from its files and told in plain words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reviewkit.model.boxes import Box, Flow
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import database_label
from reviewkit.steps.evidence import evidence
from reviewkit.steps.flow import review_flow
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.studies import list_studies
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the review: what it is, and what happened in it, a sentence a line."""

    title: str
    lines: tuple[str, ...]


def tell(store: Store, protocol: Protocol) -> Iterator[Scene]:
    """Tell how a review went, step by step, from what is stored; every number is derived, none is written here."""
    now = standing(store, protocol)
    flow = review_flow(protocol, now)
    yield Scene("Protocol", _protocol(protocol))
    yield Scene("Search", tuple(_searches(now)))
    yield Scene("Duplicates", tuple(_duplicates(store, flow)))
    yield Scene("Titles and abstracts", tuple(_screening(flow)))
    yield Scene("Full texts", tuple(_full_texts(flow)))
    yield Scene("Studies and extraction", tuple(_studies(store, protocol, now)))
    if flow.updates:
        yield Scene("Update", tuple(_updates(flow)))


def _protocol(protocol: Protocol) -> tuple[str, ...]:
    criteria = ", ".join(f"{c.id} {c.short}" for c in protocol.exclude)
    return (protocol.question.text, f"Excluded is what meets one of: {criteria}")


def _searches(now: Standing) -> Iterator[str]:
    for run in now.runs:
        how = "imported file" if run.origin == "import" else "search"
        when = f"update {run.update}" if run.update else "original review"
        yield f"{database_label(run.database)} of {run.date} ({how}, {when}): {run.retrieved} records"


def _duplicates(store: Store, flow: Flow) -> Iterator[str]:
    same = [match for match in still_standing(store.all(Match)) if match.judgement is Judgement.SAME]
    rules = Counter(match.rule for match in same if match.rule != PERSON)
    yield f"{flow.databases.duplicates.n} of {flow.databases.identified.n} records were further copies of another one"
    yield "Pairs of copies found by each rule: " + ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
    yield f"Pairs judged by a person, because no rule can be sure: {sum(match.rule == PERSON for match in same)}"


def _screening(flow: Flow) -> Iterator[str]:
    column = flow.databases
    yield f"{column.screened.n} records screened, {column.excluded.n} excluded{_reasons(column.excluded)}"


def _full_texts(flow: Flow) -> Iterator[str]:
    column = flow.databases
    yield f"{column.sought.n} full texts sought, {column.not_retrieved.n} not retrieved, {column.assessed.n} assessed"
    yield f"{column.excluded_full_text.n} excluded{_reasons(column.excluded_full_text)}"
    if column.ongoing.n:
        yield f"{column.ongoing.n} of an ongoing study, listed apart"


def _studies(store: Store, protocol: Protocol, now: Standing) -> Iterator[str]:
    yield f"{len(now.studies.members)} studies are included, with {len(now.screening.included)} reports"
    for study in list_studies(store, now):
        reports = "1 report" if len(study.reports) == 1 else f"{len(study.reports)} reports"
        yield f"{study.name} ({reports}): {study.reports[0].title}"
    keys = {(group.id, name) for group in protocol.extraction.group for name in group.key}
    values = [v for cell, v in evidence(store, protocol, now).items() if (cell.group, cell.field) not in keys]
    yield f"{len(values)} values extracted, {sum(bool(v.source) for v in values)} of them with where they come from"


def _updates(flow: Flow) -> Iterator[str]:
    for update in flow.updates:
        waiting = sum(box.n for box in update.waiting)
        yield f"Update {update.update} of {update.searched}: {update.new} new records, {waiting} still to be screened"


def _reasons(box: Box) -> str:
    inmost = [part for part in box.walk() if not part.parts and part is not box and part.n]
    return f" ({', '.join(f'{part.label} {part.n}' for part in inmost)})" if inmost else ""
