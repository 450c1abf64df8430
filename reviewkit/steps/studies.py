"""Included studies with their reports, and the links between reports that people make and take back."""

from dataclasses import dataclass

from reviewkit.model.citation import Citation
from reviewkit.model.represent import distinct_names
from reviewkit.steps.standing import Standing, load_records
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Study:
    """One included study: its id, the name people call it by ("Wilson 2024"), and its reports, earliest first."""

    id: int
    name: str
    reports: tuple[Citation, ...]


def list_studies(store: Store, standing: Standing) -> list[Study]:
    """Return the included studies by ascending id."""
    reports = load_records(store, standing, standing.screening.included)
    names = distinct_names(reports[study] for study in standing.studies.members)
    return [
        Study(study, names[study], tuple(reports[report] for report in members))
        for study, members in standing.studies.members.items()
    ]
