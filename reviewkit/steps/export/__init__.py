"""Everything that `reviewkit export` writes, one module a kind of file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from reviewkit.formats.cells import to_csv
from reviewkit.model.protocol import Protocol
from reviewkit.steps.decision_table import decision_rows
from reviewkit.steps.export.diagram import draw_flow
from reviewkit.steps.export.drawing import to_png, to_svg
from reviewkit.steps.export.evidence import to_workbook
from reviewkit.steps.export.flow_text import changed_later
from reviewkit.steps.export.gather import Material, gather
from reviewkit.steps.export.listings import (
    apart_table,
    count_table,
    decision_table,
    dictionary_table,
    excluded_table,
)
from reviewkit.steps.export.records import records_csv, records_ris
from reviewkit.steps.export.report import state_in_words, to_report
from reviewkit.steps.export.search_log import log_tables
from reviewkit.steps.export.stopping_text import footnote
from reviewkit.steps.export.tables import Table, evidence_tables, source_table
from reviewkit.steps.export.update_text import update_files
from reviewkit.steps.export.written import Exported, write_changed
from reviewkit.store import Store
from reviewkit.workspace import Folders
from reviewkit.workspace.files import sweep

__all__ = ["Exported", "all_tables", "export_all"]


def export_all(
    store: Store, protocol: Protocol, folders: Folders, progress: Callable[[str], None] = lambda _name: None
) -> list[Exported]:
    """Write all exports of a review; the same rows give the same bytes. Everything is made before anything is written.

    Args:
        progress: told the name of each file before it is made.

    Raises:
        FlowDoesNotAddUp: the PRISMA counts contradict each other; nothing was written.
        NotWritable: a file cannot be written.
    """
    made = list(_make(store, protocol, progress))
    sweep(folders.exports)
    return [write_changed(folders.exports / name, what, content) for name, what, content in made]


def _make(store: Store, protocol: Protocol, progress: Callable[[str], None]) -> Iterator[tuple[str, str, bytes]]:
    material = gather(store, protocol)
    header, decisions = decision_rows(store, protocol, material.standing)
    progress("evidence-table.xlsx")
    workbook = to_workbook(all_tables(material, header, decisions), protocol.title, state_in_words(material))
    yield "evidence-table.xlsx", "evidence table, excluded reports, counts, decisions", workbook
    progress("search-log.xlsx")
    searches = to_workbook(log_tables(material), protocol.title, state_in_words(material))
    yield "search-log.xlsx", "how every search was made, and the PRISMA-S checklist", searches
    progress("prisma.svg")
    drawing = draw_flow(material.flow, protocol.title, footnote(material.standing))
    yield "prisma.svg", "PRISMA 2020 flow diagram, to edit and for the web", to_svg(drawing)
    progress("prisma.png")
    yield "prisma.png", "PRISMA 2020 flow diagram, 300 dpi", to_png(drawing)
    before = None
    if material.flow.totals:  # the diagram above is that of the updated review
        original = replace(material.flow, updates=(), totals=None)
        named, later = f"{protocol.title} (original review)", changed_later(material.flow.totals)
        before = draw_flow(original, named, footnote(material.standing), later)
        progress("prisma-original.svg")
        yield "prisma-original.svg", "the same of the original review, without its updates", to_svg(before)
        progress("prisma-original.png")
        yield "prisma-original.png", "the same of the original review, 300 dpi", to_png(before)
    progress("report.html")
    yield "report.html", "methods and results on one page", to_report(material, drawing, before)
    progress("records.ris")
    yield "records.ris", "every record with where it stands", records_ris(store, material)
    progress("records.csv")
    yield "records.csv", "the same as a table, a column for every field", records_csv(store, material)
    progress("decisions.csv")
    yield "decisions.csv", "every decision that counts", to_csv(header, decisions)
    yield from update_files(store, protocol, material.standing, progress)


def all_tables(material: Material, header: Sequence[str], decisions: Sequence[Sequence[str]]) -> list[Table]:
    """Return the tables of the workbook in their order; that of ongoing and awaiting studies only when it has rows."""
    evidence = evidence_tables(material)
    excluded = excluded_table(material, len(evidence) + 1)
    apart = apart_table(material, len(evidence) + 2)
    return [
        *evidence,
        excluded,
        *([apart] if apart.rows else []),
        source_table(material),
        count_table(material),
        decision_table(header, decisions),
        dictionary_table(material),
    ]
