"""The flow as a table and as a tree of plain values, for terminals, spreadsheets and scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewkit.model.boxes import Box, Column, Flow


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One line of the table: a box or a part of one, indented by `depth`."""

    depth: int
    label: str
    n: int
    key: str


def flow_rows(flow: Flow) -> list[FlowRow]:
    """Return the boxes in PRISMA's order, then those of the updates, then the totals.

    The boxes of the original review that PRISMA prints are there even when empty, all others only when in use.
    """
    return list(_rows(flow))


def _rows(flow: Flow) -> Iterator[FlowRow]:
    for column in flow.columns:
        for box in column.boxes:
            if box is column.contributed and len(flow.columns) == 1:
                continue  # the same as the reports included
            if box.n or (box in _always(column) and not flow.update):
                yield from _lines(box, 0, _label(box, flow))
    for box in (flow.included, flow.studies):
        if box.n or not flow.update:
            yield from _lines(box, 0, _label(box, flow))
    for update in flow.updates:
        yield from _rows(update)
    if flow.totals:
        for box in flow.totals.boxes:
            if box.n or box in flow.totals.always:
                yield from _lines(box, 0, box.label)


def _always(column: Column) -> tuple[Box, ...]:
    """The boxes of the official diagram that are printed even when nothing is in them."""
    return (
        column.identified, column.duplicates, column.screened, column.excluded, column.sought, column.not_retrieved,
        column.assessed, column.excluded_full_text,
    )  # fmt: skip


def _label(box: Box, flow: Flow) -> str:
    marks = []
    if flow.update:
        marks.append(f"update {flow.update}")
    if "other-methods:" in box.key:
        marks.append("other methods")
    return f"{box.label} ({', '.join(marks)})" if marks else box.label


def _lines(box: Box, depth: int, label: str) -> Iterator[FlowRow]:
    yield FlowRow(depth, label, box.n, box.key)
    for part in box.parts:
        yield from _lines(part, depth + 1, part.label)


def flow_tree(flow: Flow) -> dict[str, Any]:
    """Return the whole flow as plain values for JSON: every box with its ids, whether in use or not."""
    whole = flow.totals
    return {
        "update": flow.update,
        "searched": flow.searched,
        "finished": not flow.waiting,
        "boxes": [_branch(box) for box in flow.boxes],
        "updates": [flow_tree(update) for update in flow.updates],
        "totals": whole
        and {"update": whole.update, "began": whole.began, "boxes": [_branch(box) for box in whole.boxes]},
    }


def _branch(box: Box) -> dict[str, Any]:
    return {
        "key": box.key,
        "label": box.label,
        "unit": box.unit,
        "n": box.n,
        "ids": list(box.ids),
        "parts": [_branch(part) for part in box.parts],
    }
