"""The lists that stand beside the evidence: excluded and waiting reports, counts, decisions, the form."""

from collections.abc import Mapping, Sequence

from reviewkit.model.decisions import Outcome, State
from reviewkit.model.ids import record_label
from reviewkit.model.protocol import StageId
from reviewkit.model.reference import reference
from reviewkit.steps.export.gather import Material
from reviewkit.steps.export.tables import Column, Table
from reviewkit.steps.flow import deciders, notes_of
from reviewkit.steps.flow_table import flow_rows

MOST_DECISIONS = 50_000  # on a sheet: a quarter of a minute's work, and what spreadsheet programs still handle well

_APART = {
    State.ONGOING: "Ongoing study",
    State.AWAITING: "Awaiting classification",
    State.NOT_RETRIEVED: "Full text not retrieved",
}


def excluded_table(material: Material, number: int) -> Table:
    """Return the reports excluded at full text, each with its one primary reason (PRISMA 2020, item 16b)."""
    texts = {criterion.id: criterion.text for criterion in material.protocol.exclude}
    rows = []
    for record, outcome in _texts(material).items():
        if outcome.state is State.EXCLUDED:
            reason = texts.get(outcome.criterion, "no longer in the protocol" if outcome.criterion else "")
            cited = reference(material.reports[record])
            rows.append((record_label(record), cited, outcome.criterion, reason, notes_of(outcome), deciders(outcome)))
    columns = (
        Column("Record", 9), Column("Report", 70), Column("Reason", 9), Column("Criterion", 36), Column("Note", 30),
        Column("Decided by", 18),
    )  # fmt: skip
    return Table("Excluded full texts", f"Table {number}. Reports excluded at full text", columns, tuple(rows))


def apart_table(material: Material, number: int) -> Table:
    """Return the reports that are neither included nor excluded: ongoing, awaiting classification, not retrieved."""
    rows = []
    for state, label in _APART.items():
        for record, outcome in _texts(material).items():
            if outcome.state is state:
                cited = reference(material.reports[record])
                rows.append((record_label(record), cited, label, notes_of(outcome), deciders(outcome)))
    columns = (
        Column("Record", 9), Column("Report", 70), Column("State", 24), Column("Note", 40), Column("Decided by", 18),
    )  # fmt: skip
    title = f"Table {number}. Ongoing studies, studies awaiting classification, and reports not retrieved"
    return Table("Ongoing and awaiting", title, columns, tuple(rows))


def _texts(material: Material) -> Mapping[int, Outcome]:
    return material.standing.screening.stages.get(StageId.FULL_TEXT, {})


def count_table(material: Material) -> Table:
    """Return the PRISMA counts with the keys that list the records behind them."""
    columns = (Column("PRISMA 2020", 56), Column("n", 10, numeric=True), Column("Key", 40))
    rows = tuple(("    " * row.depth + row.label, row.n, row.key) for row in flow_rows(material.flow))
    note = "The records behind a number: reviewkit flow --list KEY."
    return Table("PRISMA counts", "PRISMA 2020 flow: counts", columns, rows, (note,))


def decision_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return the decisions as they are in decisions.csv."""
    widths = {"title": 60, "note": 40, "at": 22, "stage": 16, "verdict": 14, "protocol": 15}
    columns = tuple(
        Column(name.capitalize() if name != "at" else "Time (UTC)", widths.get(name, 12)) for name in header
    )
    notes = ["Decisions on records that still wait for another reviewer are not shown until all have decided."]
    if len(rows) > MOST_DECISIONS:
        notes.append(f"The first {MOST_DECISIONS:,} of {len(rows):,} decisions; decisions.csv holds all of them.")
    shown = tuple(tuple(row) for row in rows[:MOST_DECISIONS])
    return Table("Decisions", "Decisions of the reviewers", columns, shown, tuple(notes))


def dictionary_table(material: Material) -> Table:
    """Return the extraction form: what each column of the evidence holds."""
    columns = (
        Column("Group", 20), Column("Field", 24), Column("Id", 22), Column("Type", 12), Column("Unit", 12),
        Column("Choices", 36), Column("Required", 10), Column("Rows", 22), Column("Help", 60),
    )  # fmt: skip
    rows = tuple(
        (
            group.label, field.label, f"{group.id}.{field.id}", field.type.value, field.unit, "; ".join(field.choices),
            "yes" if field.required else "no",
            f"one for each {', '.join(group.key)}" if group.repeated else "one for each study", field.help,
        )
        for group in material.protocol.extraction.group
        for field in group.field
    )  # fmt: skip
    return Table("Data dictionary", "The fields of the extraction form", columns, rows)
