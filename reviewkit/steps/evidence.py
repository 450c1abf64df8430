"""The evidence: what holds for each field of each included study, out of all extractions."""

from dataclasses import replace

from reviewkit.model.extractions import (
    Agreed,
    Cell,
    Extraction,
    agreed,
    by_reviewer,
    progress,
    ready,
    study_of_citation,
)
from reviewkit.model.protocol import Protocol
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


def evidence(store: Store, protocol: Protocol, standing: Standing) -> dict[Cell, Agreed]:
    """Return every cell that someone filled in, in a fixed order; cells of the form never touched are absent.

    A cell whose study still waits for another extractor says so and shows nothing (`Agreed.waiting`), not even the
    name of its row in a repeated group, which is made of values: all such rows of a study are one without a name.
    """
    form = protocol.extraction
    table = by_reviewer(store.all(Extraction), study_of_citation(standing.records, standing.studies))
    people = progress(form, table, standing.studies.members)
    keys = {(group.id, field) for group in form.group for field in group.key}
    found: dict[Cell, Agreed] = {}
    for cell in sorted(table):
        values = table[cell]
        compared = ready(form, people, cell.study)
        if (cell.group, cell.field) in keys:  # a key names its row: who lacks the row cannot disagree on its name
            compared = tuple(who for who in compared if who in values)
        held = agreed(values, form.reviewers, compared)
        if held.waiting and cell.row:
            place = replace(cell, row="")
            by = {*held.by, *(found[place].by if place in found else ())}
            found[place] = replace(held, by=tuple(sorted(by)))
        else:
            found[cell] = held
    return dict(sorted(found.items()))
