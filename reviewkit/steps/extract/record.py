"""Recording single values without a spreadsheet, settling single differences, and taking the last act back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from reviewkit.errors import BadExtraction, NothingToUndo
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import Cell, Extraction, fold
from reviewkit.model.ids import parse_id, study_label
from reviewkit.model.journal import last_standing
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.protocol import Field, Group, Protocol
from reviewkit.model.values import FREE, KEY_SEPARATOR, Misread, canonical
from reviewkit.steps.extract.people import check_person, check_settler
from reviewkit.steps.extract.state import Extracted, keys_of, load, name_of
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


def set_value(
    store: Store,
    protocol: Protocol,
    standing: Standing,
    *,
    study: str,
    field: str,
    value: str,
    row: str = "",
    source: str | None = None,
    note: str = "",
    basis: Basis = Basis.REVIEWER,
    by: str,
    at: str,
) -> tuple[Extraction, bool]:
    """Store one value of one study; return it, and whether it was new.

    Args:
        study: its id as typed, such as "s12".
        field: "group.field".
        value: as a person writes it; '' takes the value back.
        row: the key values of a repeated group, joined by " | "; a new row is made where there is none.
        source: quote and page; None leaves the one that stands.
        basis: CONSENSUS to settle a difference.

    Raises:
        NoForm, NoStudies, BadId, BadExtraction: nothing is stored.
    """
    state = load(store, protocol, standing)
    if basis is Basis.CONSENSUS:
        check_settler(protocol.extraction, by)
    else:
        check_person(by)
    study_id = _study(state, study)
    group, asked = _field(state, field)
    if basis is Basis.CONSENSUS and study_id not in state.comparable:
        raise BadExtraction(
            place=study_label(study_id),
            reason="it waits for another extractor, so nothing of it can be settled; "
            "'reviewkit extract compare' shows where everyone stands",
        )
    keys = _keys(group, row)
    name = state.spelling(study_id, group, list(keys.values())) if keys else ""
    if asked.id in keys and not value:
        raise BadExtraction(place=field, reason="it names the row; take back the row's values instead")
    if asked.id in keys and fold(_read(asked, value)) != fold(keys[asked.id]):
        raise BadExtraction(place=field, reason=f"it names the row, and --row says '{keys[asked.id]}'")
    own = state.of(name_of(basis, by))
    target = Cell(study_id, group.id, name, asked.id)
    made = [
        _extraction(cell, text, quote, note if cell == target else "", basis, by, at, protocol.version)
        for cell, text, quote in _written(own, target, _read(asked, value), source, keys)
        if not _stands(own.get(cell), text, quote) or (cell == target and note)
    ]
    if not made:
        return own.get(target) or _extraction(target, "", "", "", basis, by, at, protocol.version), False
    store.add_protocol(protocol.version, protocol.source, at)
    stored = store.add(made)
    return next(row for row in stored if row.field == asked.id), True


def _written(
    own: Mapping[Cell, Extraction], target: Cell, text: str, source: str | None, keys: Mapping[str, str]
) -> list[tuple[Cell, str, str]]:
    """Return the cells to be written with value and quote: the keys of a row that begins or ends, the target last."""
    stands = own.get(target)
    quote = _read(FREE, source) if source is not None else stands.source if stands else ""
    cells = []
    others = {c.field for c in own if (c.study, c.group, c.row) == (target.study, target.group, target.row)}
    for field, key in keys.items():
        cell = Cell(target.study, target.group, target.row, field)
        if cell != target and text and field not in others:
            cells.append((cell, key, ""))
        elif cell != target and not text and not others - set(keys) - {target.field}:
            cells.append((cell, "", ""))
    return [*cells, (target, text, quote if text else "")]  # what is taken back leaves nothing behind


def _stands(row: Extraction | None, text: str, quote: str) -> bool:
    return (row.value, row.source) == (text, quote) if row else not text


def undo_last(store: Store, by: str, at: str) -> list[Extraction]:
    """Take back a person's last act and return it: one value, or all that one reading of a sheet stored.

    The keys of a row that began or ended with the value go with it; they come before it.

    Raises:
        NothingToUndo: nothing of this person stands.
    """
    rows = store.all(Extraction)
    last = last_standing(rows, by)
    if last is None:
        raise NothingToUndo(who=by, where=" in extraction")
    act = _with_keys(last, rows)
    if "(sheet " in last.note:  # one reading stores its rows at one time, with its sheet in their notes
        tag = last.note[last.note.rindex("(sheet ") :]
        act = [r for r in still_standing(rows) if r.by == by and r.at == last.at and r.note.endswith(tag)]
    store.add([replace(row, n=0, undoes=row.n, value="", source="", note="", at=at) for row in act])
    return act


def _with_keys(last: Extraction, rows: Sequence[Extraction]) -> list[Extraction]:
    """Return a value that was set and before it the keys of its row, where they were stored with it."""
    keys = last.row.split(KEY_SEPARATOR) if last.row else []
    act = [last]
    for row in reversed(rows[: rows.index(last)][-len(keys) :] if keys else ()):
        same = (row.by, row.at, row.study, row.group, row.row) == (last.by, last.at, last.study, last.group, last.row)
        if not same or row.undoes or (row.value not in keys if last.value else row.value):
            break
        act.append(row)
    return act[::-1]


def _extraction(
    cell: Cell, value: str, source: str, note: str, basis: Basis, by: str, at: str, version: str
) -> Extraction:
    return Extraction(
        study=cell.study,
        group=cell.group,
        row=cell.row,
        field=cell.field,
        value=value,
        source=source,
        note=note,
        basis=basis,
        protocol=version,
        by=by,
        at=at,
    )


def _study(state: Extracted, text: str) -> int:
    study = state.study_of.get(parse_id(text))
    if study is None:
        known = ", ".join(study_label(s) for s in state.studies)
        raise BadExtraction(place=text, reason=f"it is not an included study; they are {known}")
    return study


def _field(state: Extracted, text: str) -> tuple[Group, Field]:
    known = {f"{group.id}.{field.id}": (group, field) for group in state.form.group for field in group.field}
    folded = {fold(name): name for name in known}
    if fold(text) in folded:
        return known[folded[fold(text)]]
    close = get_close_matches(fold(text), folded, n=1)
    hint = f"the nearest is {folded[close[0]]}" if close else f"the form's fields are {', '.join(known)}"
    raise BadExtraction(place=text, reason=f"there is no such field; {hint}")


def _keys(group: Group, row: str) -> dict[str, str]:
    """Read the key values that name a row of a repeated group; none for another group."""
    asked = keys_of(group)
    named = KEY_SEPARATOR.join(field.label for field in asked)
    if not group.repeated:
        if row:
            raise BadExtraction(place=group.id, reason="its fields have one value a study; leave --row out")
        return {}
    parts = [part.strip() for part in row.split("|")] if row else []
    if len(parts) != len(asked) or not all(parts):
        raise BadExtraction(place=group.id, reason=f"say which row is meant with --row '{named}'")
    return {field.id: _read(field, part) for field, part in zip(asked, parts, strict=True)}


def _read(field: Field, text: str) -> str:
    value = canonical(field, text)
    if isinstance(value, Misread):
        raise BadExtraction(place=field.label, reason=value.problem)
    return value
