"""The flow in words: numbers as PRISMA prints them, footnotes of the diagram, and its text alternative."""

from collections.abc import Iterator

from reviewkit.model.boxes import Box, Column, Flow, Totals
from reviewkit.steps.wording import counted

SOURCE = (
    "Diagram: PRISMA 2020. Page MJ, McKenzie JE, Bossuyt PM, Boutron I, Hoffmann TC, Mulrow CD, et al. The PRISMA 2020 "
    "statement: an updated guideline for reporting systematic reviews. BMJ 2021;372:n71. doi: 10.1136/bmj.n71"
)

PREVIOUS = "Previous studies"
WITHDRAWN, FURTHER = "\N{DAGGER}", "\N{DOUBLE DAGGER}"  # marks of footnotes


def number(n: int) -> str:
    """Return "(n = 1,234)" with spaces that do not break."""
    return f"(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{n:,})"


def headings(flow: Flow) -> list[str]:
    """Return the headings of the columns in use, as the template for a new or an updated review words them."""
    what = "new studies" if flow.totals else "studies"
    ways = ("databases and registers", "other methods")
    return [f"Identification of {what} via {way}" for way in ways[: len(flow.latest.columns)]]


def footnotes(flow: Flow, stopped: str = "", later: str = "") -> list[str]:
    """Return the notes below the diagram, in order.

    Args:
        stopped: who stopped screening and on what ground, where records were not screened because of that.
        later: what has changed since the diagram was final.
    """
    shown = flow.latest
    notes = []
    if shown.waiting:
        notes.append(f"Review in progress (dashed boxes): {_waiting(shown)}. The numbers are not final.")
    notes += [
        f"Not counted above, still in progress ({name_of(each)}): {_waiting(each)}."
        for each in flow.earlier
        if each.waiting
    ]
    searched = f" Last search: {shown.searched}." if shown.searched else ""
    again = sum(column.found_again.n for column in shown.columns)
    once = f" Repeated searches found {counted(again, 'record')} again, counted once." if again else ""
    notes.append(f"*Records are counted for each database or register searched.{searched}{once}")
    tools = sum(part.n for part in shown.databases.excluded.parts if part.key.endswith(":automation"))
    if tools:
        notes.append(f"**Excluded by a human: {shown.databases.excluded.n - tools:,}; by automation tools: {tools:,}.")
    else:
        notes.append("**All excluded by a human, none by automation tools.")
    if stopped and any(column.not_screened.n for column in shown.columns):
        notes.append(f"***{stopped}")
    if flow.totals:
        notes += _of_the_update(flow, flow.totals)
    return [*notes, *([later] if later else []), SOURCE]


def changed_later(totals: Totals) -> str:
    """Say below the diagram of the original review, which counts as decided now, what was decided only later; or ''."""
    gone, late = totals.withdrawn_reports.n, totals.added_reports.n
    said = [f"{counted(gone, 'report')} withdrawn"] if gone else []
    said += [f"{counted(late, 'report')} included"] if late else []
    since = f"since the searches of update {totals.update} began"
    return f"Counted as decided now; of the previous version, {since}: {', '.join(said)}." if said else ""


def _of_the_update(flow: Flow, totals: Totals) -> Iterator[str]:
    """Say what the previous version is, and what has no box in the template."""
    if totals.further_reports.n:
        yield f"{FURTHER}Of these, of studies that were included before: {counted(totals.further_reports.n, 'report')}."
    began = f"the searches of update {totals.update} began"
    if totals.withdrawn_reports.n:
        gone = f"{counted(totals.withdrawn_studies.n, 'study')}, {counted(totals.withdrawn_reports.n, 'report')}"
        yield (
            f"{WITHDRAWN}Total = previous + new - withdrawn on reconsideration. Included when {began}, and no longer: "
            f"{gone}."
        )
    when = [f"{name_of(each)} (searched {each.searched})" if each.searched else name_of(each) for each in flow.earlier]
    late = counted(totals.added_reports.n, "report")
    later = f" Included only after {began}: {late}." if totals.added_reports.n else ""
    yield f"Previous version: {' and '.join((', '.join(when[:-1]), when[-1]) if when[1:] else when)}.{later}"


def name_of(flow: Flow) -> str:
    """Return "original review" or "update 2"."""
    return f"update {flow.update}" if flow.update else "original review"


def _waiting(flow: Flow) -> str:
    return "; ".join(f"{label}: {n:,}" for label, n in waiting_counts(flow).items())


def waiting_counts(flow: Flow) -> dict[str, int]:
    """Return what waits for a person in the original review or one update: wording -> how many."""
    counts: dict[str, int] = {}
    for box in flow.waiting:
        counts[box.label] = counts.get(box.label, 0) + box.n
    return counts


def describe_update(update: Flow) -> str:
    """Say what an update brought, in one sentence."""
    found = sum(column.identified.n for column in update.columns)
    copies = sum(column.duplicates.n for column in update.columns)
    waiting = sum(column.not_yet_screened.n for column in update.columns)
    stopped = sum(column.not_screened.n for column in update.columns)
    left = [f"{_of(waiting, update.new)} not yet screened"] if waiting else []
    left += [f"{_of(stopped, update.new)} not screened, as screening was stopped"] if stopped else []
    rest = f" ({'; '.join(left) or 'all screened'})" if update.new else ""
    included = f"; {counted(update.included.n, 'report')} included" if update.included.n else ""
    return (
        f"Update {update.update} (searched {update.searched}): {counted(found, 'record')} identified, "
        f"{counted(copies, 'duplicate')} removed, {counted(update.new, 'new record')}{rest}{included}."
    )


def describe(flow: Flow) -> list[str]:
    """Return the diagram as sentences, box by box: the alternative for those who cannot see it."""
    shown, totals = flow.latest, flow.totals
    said = [f"{PREVIOUS}.", f"{_count(totals.previous_studies)}. {_count(totals.previous_reports)}."] if totals else []
    for heading, column in zip(headings(flow), shown.columns, strict=True):
        said.append(f"{heading}.")
        said += _describe(column, shown)
    said.append(f"{_count(shown.studies)}. {_count(shown.included)}.")
    if totals:
        gone = (totals.withdrawn_studies, totals.withdrawn_reports) if totals.withdrawn_reports.n else ()
        said += [f"{_count(box)}." for box in gone]
        said.append(f"{_count(totals.total_studies)}. {_count(totals.total_reports)}.")
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
