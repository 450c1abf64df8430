"""What stands of a review's extractions at one moment: everyone's values by cell, and whose study is finished."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewkit.errors import NoForm, NoStudies
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import (
    Cell,
    Difference,
    Extraction,
    Filled,
    by_reviewer,
    differences,
    fold,
    progress,
    ready,
    study_of_citation,
)
from reviewkit.model.protocol import Field, Form, Group, Protocol
from reviewkit.model.values import row_name
from reviewkit.steps.standing import Standing
from reviewkit.steps.studies import Study, list_studies
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Extracted:
    """The included studies and every value that stands, as rows and by cell and person."""

    form: Form
    studies: Mapping[int, Study]
    study_of: Mapping[int, int]  # citation -> study
    rows: list[Extraction]
    table: Mapping[Cell, Mapping[str, Extraction]]

    def of(self, who: str) -> dict[Cell, Extraction]:
        """Return the values that stand under one name (`consensus` for what was settled)."""
        return {cell: values[who] for cell, values in self.table.items() if who in values}

    @property
    def progress(self) -> dict[str, dict[int, Filled]]:
        """How far each person is with each study."""
        return progress(self.form, self.table, self.studies)

    @property
    def differences(self) -> list[Difference]:
        """The cells on which those who have finished a study do not agree."""
        return differences(self.form, self.table, self.studies)

    @property
    def comparable(self) -> tuple[int, ...]:
        """The studies whose values may be laid side by side, because enough people have finished them."""
        people = self.progress
        return tuple(study for study in self.studies if ready(self.form, people, study))

    def spelling(self, study: int, group: Group, keys: list[str]) -> str:
        """Return the name of a row as it is known already, whatever the case of its keys, or else as given."""
        name = row_name(keys)
        known = sorted({c.row for c in self.table if (c.study, c.group) == (study, group.id) and c.row})
        return next(
            (row for row in known if row == name), next((row for row in known if fold(row) == fold(name)), name)
        )


def load(store: Store, protocol: Protocol, standing: Standing) -> Extracted:
    """Read what has been extracted.

    Raises:
        NoForm, NoStudies: the protocol asks for nothing, or nothing is included yet.
    """
    if not protocol.extraction.group:
        raise NoForm(review=protocol.review)
    studies = {study.id: study for study in list_studies(store, standing)}
    if not studies:
        raise NoStudies
    study_of = study_of_citation(standing.records, standing.studies)
    rows = store.all(Extraction)
    return Extracted(protocol.extraction, studies, study_of, rows, by_reviewer(rows, study_of))


def name_of(basis: Basis, person: str) -> str:
    """Return the name under which values stand: the person's own, or `consensus`."""
    return Basis.CONSENSUS.value if basis is Basis.CONSENSUS else person


def keys_of(group: Group) -> list[Field]:
    """Return the key fields of a repeated group, in the order in which they name a row."""
    by_id = {field.id: field for field in group.field}
    return [by_id[name] for name in group.key]
