"""From the cells of a workbook that came back to values of the review: which study, row and field each one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import NamedTuple

from reviewkit.errors import BadId
from reviewkit.model.extractions import Cell, fold
from reviewkit.model.ids import parse_id, study_label
from reviewkit.model.protocol import Field, Group
from reviewkit.model.values import FREE, KEY_SEPARATOR, Misread, canonical
from reviewkit.steps.extract import layout as places
from reviewkit.steps.extract.layout import source_id, value_id
from reviewkit.steps.extract.opened import Spot, Table
from reviewkit.steps.extract.state import Extracted, keys_of

RowId = tuple[int, str, str]  # study, group, row of the group


class Entry(NamedTuple):
    """What a workbook says of one cell of the review; None where it has no column for that part."""

    cell: Cell
    value: str | None
    source: str | None
    note: str | None
    place: str


@dataclass(slots=True)
class Gathered:
    """Everything that a workbook says, with what could not be understood."""

    entries: list[Entry] = default(default_factory=list)
    problems: list[str] = default(default_factory=list)
    present: set[RowId] = default(default_factory=set)  # rows that are in the workbook
    groups: set[str] = default(default_factory=set)  # groups whose sheet is in the workbook
    unsure: bool = False  # some row's identity could not be read, so a row that seems to be gone may be that one


def gather(state: Extracted, tables: tuple[Table, ...]) -> Gathered:
    """Read the sheets of one extractor."""
    found = Gathered()
    once = [group for group in state.form.group if not group.repeated]
    seen: dict[RowId, str] = {}
    for table in tables:
        found.problems.extend(table.problems)
        here = [g for g in state.form.group if any(value_id(g, f) in table.columns for f in g.field)]
        repeated = [group for group in here if group.repeated]
        if repeated:
            _repeated(state, table, repeated[0], found, seen)
        else:
            _studies(state, table, [group for group in once if group in here], found, seen)
    return found


def gather_consensus(state: Extracted, table: Table) -> Gathered:
    """Read the sheet on which differences are settled."""
    found = Gathered(problems=list(table.problems))
    seen: dict[Cell, str] = {}
    for number, spots in table.rows.items():
        if not {places.AGREED, places.SOURCE, places.NOTE, places.CELL} & spots.keys():
            continue  # a row of the user's own
        study = _study(state, table, number, spots, found)
        if study is None:
            continue
        group_id, _, field_id = str(_plain(spots, places.CELL)).partition(".")
        asked = state.form.find(group_id, field_id)
        if asked is None:
            found.problems.append(f"{table.place(number, places.CELL)}: the form has no field '{group_id}.{field_id}'")
            continue
        cell = Cell(study, group_id, _row_known(state, study, group_id, _plain(spots, places.ROW)), field_id)
        place = table.place(number, places.AGREED)
        if cell in seen:
            found.problems.append(f"{place}: the same value as {seen[cell]}; remove one of the two rows")
            continue
        seen[cell] = place
        if _plain(spots, places.AGREED) == places.BLANK:
            found.problems.append(
                f"{place}: '{places.BLANK}' cannot be agreed; write \"not reported\", or clear the cell"
            )
            continue
        before = len(found.problems)
        value = _value(table, spots, places.AGREED, asked, found)
        source = _value(table, spots, places.SOURCE, FREE, found)
        note = _value(table, spots, places.NOTE, FREE, found)
        if value == "" and (source or note):
            found.problems.append(f"{place}: a quote or a reason stands here without an agreed value; write the value")
        if len(found.problems) == before:
            found.entries.append(Entry(cell, value, source, note, place))
    return found


def _studies(state: Extracted, table: Table, groups: list[Group], found: Gathered, seen: dict[RowId, str]) -> None:
    found.groups.update(group.id for group in groups)
    ours = {column for group in groups for column in _ids(group)}
    blank: dict[int, int] = {}
    for number, spots in table.rows.items():
        filled = bool(ours & spots.keys())
        if not filled and places.STUDY not in spots:
            continue
        study = _study(state, table, number, spots, found, quiet=not filled)
        if study is None:
            found.unsure |= filled
        elif not filled:
            blank.setdefault(study, number)
        elif _first(found, seen, (study, "", ""), table.place(number, places.STUDY), study_label(study)):
            _study_row(table, number, groups, study, found)
    for study, number in blank.items():  # a row that was cleared, unless a filled one holds the study too
        if (study, "", "") not in seen:
            _study_row(table, number, groups, study, found)


def _study_row(table: Table, number: int, groups: list[Group], study: int, found: Gathered) -> None:
    for group in groups:
        found.present.add((study, group.id, ""))
        _entries(table, number, table.rows[number], group, Cell(study, group.id, "", ""), found)


def _repeated(state: Extracted, table: Table, group: Group, found: Gathered, seen: dict[RowId, str]) -> None:
    keys = keys_of(group)
    gone = [field.label for field in keys if value_id(group, field) not in table.columns]
    if gone:
        found.problems.append(
            f"{table.place(places.ID_ROW, places.STUDY)}: the column {', '.join(gone)} is gone, without which the rows "
            "cannot be told apart; undo that, or copy your values into a new sheet"
        )
        return
    found.groups.add(group.id)
    for number, spots in table.rows.items():
        if not set(_ids(group)) & spots.keys():
            continue  # a prepared row that was not used
        study = _study(state, table, number, spots, found)
        values = [_key(table, number, spots, group, field, found) for field in keys]
        if study is None or any(value is None for value in values):
            found.unsure = True
            continue
        name = state.spelling(study, group, [value for value in values if value is not None])
        place = table.place(number, value_id(group, keys[0]))
        said = f"{study_label(study)} {name}"
        if _first(found, seen, (study, group.id, fold(name)), place, said):
            found.present.add((study, group.id, name))
            _entries(table, number, spots, group, Cell(study, group.id, name, ""), found)


def _entries(table: Table, number: int, spots: Mapping[str, Spot], group: Group, row: Cell, found: Gathered) -> None:
    """Read the fields of one row of one group; columns that are gone say nothing."""
    for field in group.field:
        has_value, has_source = (made(group, field) in table.columns for made in (value_id, source_id))
        if not (has_value or has_source):
            continue
        before = len(found.problems)
        value = _value(table, spots, value_id(group, field), field, found) if has_value else None
        source = _value(table, spots, source_id(group, field), FREE, found) if has_source else None
        if len(found.problems) > before:
            continue
        cell = Cell(row.study, row.group, row.row, field.id)
        place = table.place(number, value_id(group, field) if has_value else source_id(group, field))
        found.entries.append(Entry(cell, value, source, None, place))


def _value(table: Table, spots: Mapping[str, Spot], column: str, field: Field, found: Gathered) -> str | None:
    """Read one cell; '' when blank, None when the column is gone or the cell is a problem, which is then noted."""
    if column not in table.columns:
        return None
    spot = spots.get(column)
    if spot is None:
        return ""
    value = spot.found if isinstance(spot.found, Misread) else canonical(field, spot.found)
    if isinstance(value, Misread):
        label = f"{field.label}: " if field is not FREE else ""
        found.problems.append(f"{spot.place}: {label}{value.problem}")
        return None
    return value


def _key(
    table: Table, number: int, spots: Mapping[str, Spot], group: Group, field: Field, found: Gathered
) -> str | None:
    column = value_id(group, field)
    value = _value(table, spots, column, field, found)
    if value == "":
        found.problems.append(
            f"{table.place(number, column)}: '{field.label}' tells the rows of a study apart and is blank; fill it in"
        )
        return None
    if value and KEY_SEPARATOR in value:
        found.problems.append(f"{table.place(number, column)}: '{field.label}' cannot hold ' | '; write it without")
        return None
    return value


def _study(
    state: Extracted, table: Table, number: int, spots: Mapping[str, Spot], found: Gathered, *, quiet: bool = False
) -> int | None:
    """Find the study that a row is about: "s12", "s12 Wilson 2024", or a name that only one study has."""
    place = table.place(number, places.STUDY)
    text = _plain(spots, places.STUDY)
    if not text:
        found.problems.append(f"{place}: the row has values but no study; write its id, such as s12, or clear the row")
        return None
    named = [study.id for study in state.studies.values() if fold(study.name) == fold(text)]
    if len(named) == 1:
        return named[0]
    try:
        citation = parse_id(text.split()[0])
    except BadId:
        found.problems.append(f"{place}: '{text[:60]}' is not a study of this review; write its id, such as s12")
        return None
    study = state.study_of.get(citation)
    if study is None and not quiet:
        found.problems.append(
            f"{place}: {study_label(citation)} is not among the included studies; "
            "'reviewkit studies' lists them. Clear the row, or include the study"
        )
    return study


def _first(found: Gathered, seen: dict[RowId, str], row: RowId, place: str, said: str) -> bool:
    """Note where a row stands; a second one of the same identity is a problem."""
    if row not in seen:
        seen[row] = place
        return True
    found.problems.append(f"{place}: {said} stands in {seen[row]} already; keep one of the two rows")
    return False


def _row_known(state: Extracted, study: int, group: str, text: str) -> str:
    known = {c.row for c in state.table if (c.study, c.group) == (study, group)}
    return text if text in known else next((row for row in sorted(known) if fold(row) == fold(text)), text)


def _plain(spots: Mapping[str, Spot], column: str) -> str:
    spot = spots.get(column)
    found = canonical(FREE, spot.found) if spot and not isinstance(spot.found, Misread) else ""
    return found if isinstance(found, str) else ""


def _ids(group: Group) -> tuple[str, ...]:
    return tuple(made(group, field) for field in group.field for made in (value_id, source_id))
