"""What a person has changed in a workbook, told apart from what was changed elsewhere since it was written."""

from collections.abc import Mapping, Sequence

from reviewkit.model.extractions import Cell, Extraction, by_reviewer
from reviewkit.model.ids import study_label
from reviewkit.model.values import quoted
from reviewkit.steps.extract.gather import Entry, Gathered, RowId
from reviewkit.steps.extract.marks import Marks, without_tag
from reviewkit.steps.extract.state import Extracted

_NOTHING = ("", "", "")


def as_last_seen(state: Extracted, marks: Marks, who: str) -> dict[Cell, Extraction]:
    """Return the values as the workbook last knew them: when it was written, and what was read from it since."""
    wrote = {row.n for row in state.rows if marks.wrote(row.note)}
    known = [row for row in state.rows if row.n <= marks.base or row.n in wrote or row.undoes in wrote]
    table = by_reviewer(known, state.study_of)
    return {cell: values[who] for cell, values in table.items() if who in values}


def find_changed(
    entries: Sequence[Entry], base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]
) -> tuple[list[Entry], list[str]]:
    """Return the entries that say something new, and the problems of those changed here and elsewhere."""
    changed, clashes = [], []
    for entry in entries:
        stands = parts_of(now.get(entry.cell))
        seen = complete(entry, parts_of(base.get(entry.cell)), stands)
        says = complete(entry, (entry.value, entry.source, entry.note), stands)
        if says in (seen, stands):
            continue
        if stands != seen:
            by = now.get(entry.cell)
            since = f"changed to {quoted(stands[0])} on {by.at[:10]}" if by else "taken back"
            keep = f"write {quoted(stands[0])}" if stands[0] else "clear the cell"
            clashes.append(
                f"{entry.place}: {quoted(says[0])} here, but it was {since} elsewhere after this sheet was written; "
                f"{keep} to leave it so, or change it in a new sheet"
            )
            continue
        changed.append(entry)
    return changed, clashes


def parts_of(row: Extraction | None) -> tuple[str, str, str]:
    """Return value, source and note as a person wrote them; blank where nothing stands."""
    return (row.value, row.source, without_tag(row.note)) if row else _NOTHING


def complete(
    entry: Entry, parts: tuple[str | None, str | None, str | None], stands: tuple[str, str, str]
) -> tuple[str, str, str]:
    """Return parts with those that the workbook has no column for as they stand."""
    given = (entry.value, entry.source, entry.note)
    value, source, note = (
        stand if column is None or part is None else part
        for part, stand, column in zip(parts, stands, given, strict=True)
    )
    return value, source, note


def find_gone(found: Gathered, base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]) -> list[RowId]:
    """Return the rows that the workbook once held, no longer holds, and whose values still stand."""
    held = {(c.study, c.group, c.row) for c in base if c in now and c.group in found.groups}
    return sorted(held - found.present)


def taken_back(gone: Sequence[RowId], base: Mapping[Cell, Extraction], now: Mapping[Cell, Extraction]) -> list[Entry]:
    """Return blank entries for the values of rows that are gone, but for those changed elsewhere since."""
    lost = set(gone)
    return [
        Entry(cell, "", "", None, "")
        for cell in sorted(now)
        if (cell.study, cell.group, cell.row) in lost and parts_of(base.get(cell)) == parts_of(now[cell])
    ]


def tell_gone(state: Extracted, gone: Sequence[RowId], dropped: bool) -> list[str]:
    """Say which rows are no longer in the workbook, and what became of their values."""
    what = "its values were taken back" if dropped else "its values stand; add --drop-missing to take them back"
    rows = dict.fromkeys((study, _label(state, group) if row else "", row) for study, group, row in gone)
    return [
        f"no longer in the sheet: {study_label(study)} {state.studies[study].name}"
        f"{f', {group}, {row}' if row else ''}; {what}"
        for study, group, row in rows
    ]


def _label(state: Extracted, group_id: str) -> str:
    return next((group.label for group in state.form.group if group.id == group_id), group_id)
