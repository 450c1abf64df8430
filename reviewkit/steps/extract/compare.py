"""Comparing extractors: where those who have finished a study differ, and what was settled."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewkit.model.extractions import Extraction
from reviewkit.model.ids import study_label
from reviewkit.model.protocol import Protocol
from reviewkit.steps.extract.state import load
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Said:
    """One person's value with the quote and page behind it; '' where he left it blank."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """One value on which the extractors do not agree, as shown to people."""

    study: str
    name: str
    group: str
    field: str
    label: str  # "Study design: Participants (people)"
    row: str
    values: Mapping[str, Said]
    settled: Said | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and how many studies can be compared; nothing of the others is shown (blinding)."""

    contrasts: tuple[Contrast, ...]
    compared: tuple[str, ...]  # studies that enough people have finished
    waiting: tuple[str, ...]  # studies that still wait for an extractor
    people: Mapping[str, int]  # name -> studies finished
    needed: int

    @property
    def unsettled(self) -> tuple[Contrast, ...]:
        """The differences that nobody has settled."""
        return tuple(contrast for contrast in self.contrasts if contrast.settled is None)


def compare(store: Store, protocol: Protocol, standing: Standing) -> Comparison:
    """Lay the values of those who have finished a study side by side, where they differ.

    Raises:
        NoForm, NoStudies: there is nothing to extract.
    """
    state = load(store, protocol, standing)
    groups = {group.id: group for group in state.form.group}
    contrasts = []
    for difference in state.differences:
        cell = difference.cell
        group = groups[cell.group]
        field = next(field for field in group.field if field.id == cell.field)
        unit = f" ({field.unit})" if field.unit else ""
        said = {who: _said(difference.values.get(who)) for who in difference.people}
        settled = difference.settled
        contrasts.append(
            Contrast(
                study=study_label(cell.study),
                name=state.studies[cell.study].name,
                group=cell.group,
                field=cell.field,
                label=f"{group.label}: {field.label}{unit}",
                row=cell.row,
                values=said,
                settled=_said(settled) if settled else None,
                settled_by=settled.by if settled else "",
            )
        )
    comparable = state.comparable
    return Comparison(
        contrasts=tuple(contrasts),
        compared=tuple(study_label(study) for study in comparable),
        waiting=tuple(study_label(study) for study in state.studies if study not in comparable),
        people={who: sum(filled.finished for filled in by_study.values()) for who, by_study in state.progress.items()},
        needed=max(state.form.reviewers, 2),
    )


def _said(row: Extraction | None) -> Said:
    return Said(row.value, row.source) if row else Said("", "")
