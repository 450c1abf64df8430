"""The evidence: what holds for each field of each included study, out of all extractions."""

from reviewkit.model.extractions import Agreed, Cell, Extraction, agreed, by_reviewer, study_of_citation
from reviewkit.model.protocol import Protocol
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


def evidence(store: Store, protocol: Protocol, standing: Standing) -> dict[Cell, Agreed]:
    """Return every cell that someone filled in, in a fixed order; cells of the form never touched are absent."""
    study_of = study_of_citation(standing.records, standing.studies)
    filled = by_reviewer(store.all(Extraction), study_of)
    return {cell: agreed(filled[cell], protocol.extraction.reviewers) for cell in sorted(filled)}
