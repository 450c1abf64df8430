"""`records.ris` and `records.csv`: every record with where it stands, for reference managers and other tools."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reviewkit.formats.ris_write import to_ris
from reviewkit.formats.table_write import to_table
from reviewkit.model.citation import Citation
from reviewkit.model.ids import record_label
from reviewkit.model.runs import database_label
from reviewkit.steps.export.gather import Material
from reviewkit.steps.flags import find_flags
from reviewkit.steps.flow import explain_at
from reviewkit.steps.notices import notices_of
from reviewkit.steps.standing import each_record
from reviewkit.store import Store


def records_ris(store: Store, material: Material) -> bytes:
    """Write all records by ascending id; their notes tell id, sources, and the outcome of each stage reached."""
    return b"".join(to_ris(noted(store, material, material.standing.records.members)))


def records_csv(store: Store, material: Material) -> bytes:
    """Write the same as a table."""
    return b"".join(to_table(noted(store, material, material.standing.records.members)))


def noted(store: Store, material: Material, records: Iterable[int]) -> Iterator[Citation]:
    """Yield records by ascending id, in whose notes stands what they are and where they stand."""
    standing = material.standing
    notices, flags = notices_of(store, standing.records), find_flags(store, standing)
    for citation in each_record(store, standing, records):
        record = citation.id
        said = [f"reviewkit {record_label(record)}", _sources(material, record)]
        if removed := standing.screening.removed.get(record):
            said.append(f"Removed before screening: {removed.note}")
        for stage in material.protocol.stage:
            if record in standing.screening.stages[stage.id]:
                said.append(f"{stage.label}: {explain_at(standing, material.protocol, stage.id, record)[0]}")
        if record in notices:
            said.append(f"Listed by PubMed: {', '.join(str(notice.said) for notice in notices[record])}")
        if record in flags:
            said.append(f"To look at again: {', '.join(flags[record].reasons)}")
        yield replace(citation, notes=". ".join([*said, citation.notes] if citation.notes else said))


def _sources(material: Material, record: int) -> str:
    label = {run.id: database_label(run.database) for run in material.standing.runs}
    found = dict.fromkeys(label[material.standing.run_of[c]] for c in material.standing.records.members[record])
    return f"Found in: {', '.join(found)}"
