"""The flow in words: numbers as PRISMA prints them, footnotes of the diagram, and its text alternative."""

from reviewkit.model.boxes import Box, Column, Flow
from reviewkit.steps.wording import counted

SOURCE = (
    "Diagram: PRISMA 2020. Page MJ, McKenzie JE, Bossuyt PM, Boutron I, Hoffmann TC, Mulrow CD, et al. The PRISMA 2020 "
    "statement: an updated guideline for reporting systematic reviews. BMJ 2021;372:n71. doi: 10.1136/bmj.n71"
)


def number(n: int) -> str:
    """Return "(n = 1,234)" with spaces that do not break."""
    return f"(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{n:,})"


def footnotes(flow: Flow, stopped: str = "") -> list[str]:
    """Return the notes below the diagram, in order.

    Args:
        stopped: who stopped screening and on what ground, where records were not screened because of that.
    """
    notes = []
    if flow.waiting:
        waiting = "; ".join(f"{label}: {n:,}" for label, n in waiting_counts(flow).items())
        notes.append(f"Review in progress (dashed boxes): {waiting}. The numbers are not final.")
    searched = f" Last search: {flow.searched}." if flow.searched else ""
    notes.append(f"*Records are counted for each database or register searched.{searched}")
    tools = sum(part.n for part in flow.databases.excluded.parts if part.key.endswith(":automation"))
    if tools:
        notes.append(f"**Excluded by a human: {flow.databases.excluded.n - tools:,}; by automation tools: {tools:,}.")
    else:
        notes.append("**All excluded by a human, none by automation tools.")
    if stopped and any(column.not_screened.n for column in flow.columns):
        notes.append(f"***{stopped}")
    notes += [f"Not counted above: {describe_update(update)}" for update in flow.updates]
    return [*notes, SOURCE]


def waiting_counts(flow: Flow) -> dict[str, int]:
    """Return what waits for a person, all columns together: wording -> how many."""
    counts: dict[str, int] = {}
    for box in flow.waiting:
        counts[box.label] = counts.get(box.label, 0) + box.n
    return counts


def describe_update(update: Flow) -> str:
    """Say what an update brought, in one sentence; the diagram of the original review does not count it."""
    found = sum(column.identified.n for column in update.columns)
    copies = sum(column.duplicates.n for column in update.columns)
    waiting = sum(column.not_yet_screened.n for column in update.columns)
    stopped = sum(column.not_screened.n for column in update.columns)
    left = [f"{_of(waiting, update.new)} not yet screened"] if waiting else []
    left += [f"{_of(stopped, update.new)} not screened, as screening was stopped"] if stopped else []
    rest = f" ({'; '.join(left) or 'all screened'})" if update.new else ""
    included = f"; {update.included.n:,} reports included" if update.included.n else ""
    return (
        f"Update {update.update} (searched {update.searched}): {counted(found, 'record')} identified, "
        f"{counted(copies, 'duplicate')} removed, {counted(update.new, 'new record')}{rest}{included}."
    )


def describe(flow: Flow) -> list[str]:
    """Return the diagram as sentences, box by box: the alternative for those who cannot see it."""
    said = []
    for column in flow.columns:
        via = "databases and registers" if column is flow.databases else "other methods"
        said.append(f"Identification of studies via {via}.")
        said += _describe(column, flow)
    said.append(f"{_count(flow.studies)}. {_count(flow.included)}.")
    return said


def _describe(column: Column, flow: Flow) -> list[str]:
    always = [
        column.identified, column.duplicates, column.sought, column.not_retrieved, column.assessed,
        column.excluded_full_text,
    ]  # fmt: skip
    if column is flow.databases:
        always += [column.screened, column.excluded]
    return [
        f"{_count(box)}{_detail(box, column)}."
        for box in column.boxes
        if box is not column.contributed and (box.n or box in always)
    ]


def _detail(box: Box, column: Column) -> str:
    """Add what the diagram prints inside a box: sources, and the reasons at full text."""
    leaves = [part for part in box.walk() if not part.parts and part is not box]
    if box is column.excluded:
        leaves = [part for part in box.parts if len(box.parts) > 1]
    return f" ({'; '.join(f'{leaf.label}: {leaf.n:,}' for leaf in leaves)})" if leaves else ""


def _count(box: Box) -> str:
    return f"{box.label}: {box.n:,}"


def _of(n: int, all_of_them: int) -> str:
    return "all" if n == all_of_them > 1 else f"{n:,}"
