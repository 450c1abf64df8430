"""`update-N.md` and `update-N.xlsx`: the report of an update, for people and for a repository."""

import re
from collections.abc import Callable, Iterator

from reviewkit.model.changes import Change
from reviewkit.model.protocol import Protocol
from reviewkit.model.rounds import round_name
from reviewkit.model.runs import database_label
from reviewkit.steps.export.evidence import to_workbook
from reviewkit.steps.export.tables import Table
from reviewkit.steps.export.update_tables import update_tables
from reviewkit.steps.export.written import write_changed
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.update_report import UpdateReport, report_update, rounds
from reviewkit.steps.wording import counted
from reviewkit.store import Store
from reviewkit.workspace import Folders

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LONG = 300  # characters of a wording in a table of the text; the workbook has all of it


def update_files(
    store: Store, protocol: Protocol, stand: Standing, progress: Callable[[str], None] = lambda _name: None
) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, description and content of the report of every round; the same rows give the same bytes."""
    for update in rounds(stand):
        progress(f"update-{update}")
        yield from _files(report_update(store, protocol, stand, update), protocol)


def write_update(store: Store, protocol: Protocol, folders: Folders, update: int) -> UpdateReport:
    """Write the report of one round to the exports and return it. Raises NotWritable.

    The others are written with every export.
    """
    stand = standing(store, protocol)
    report = report_update(store, protocol, stand, update)
    if update in rounds(stand):
        for name, what, content in _files(report, protocol):
            write_changed(folders.exports / name, what, content)
    return report


def _files(report: UpdateReport, protocol: Protocol) -> Iterator[tuple[str, str, bytes]]:
    what = f"report of {round_name(report.update)}"
    yield f"update-{report.update}.md", what, to_markdown(report, protocol)
    tables = update_tables(report)
    yield f"update-{report.update}.xlsx", f"{what}, as tables", to_workbook(tables, protocol.title, _summary(report))


def to_markdown(report: UpdateReport, protocol: Protocol) -> bytes:
    """Write a report as Markdown; what comes from outside is text and never markup."""
    return ("\n".join(_lines(report, protocol)).rstrip() + "\n").encode()


def _lines(report: UpdateReport, protocol: Protocol) -> Iterator[str]:
    heading = f"Update {report.update}" if report.update else "Searches repeated before publication"
    yield f"# {heading}: {_plain(protocol.title)}"
    yield ""
    yield f"{_summary(report)}."
    for table in update_tables(report):
        yield ""
        yield f"## {_plain(table.title)}"
        yield ""
        yield from _table(table)
        for note in table.notes:
            yield ""
            yield _plain(note)
    yield ""
    yield "## Age of the searches"
    yield ""
    for database, day in sorted(report.searched.items()):
        yield f"- {_plain(database_label(database))}: {day}"
    yield ""
    yield "## Criteria"
    yield ""
    changes = [change for version in report.criteria for change in version.changes]
    if not changes:
        yield "Criteria and stages are those under which every standing decision was made."
    for change in dict.fromkeys(changes):
        yield f"- {_plain(_in_words(change))}"


def _summary(report: UpdateReport) -> str:
    parts = [f"{counted(len(report.new), 'new record')}, of which {report.waiting:,} still to be decided"]
    if report.update:
        studies, reports = counted(len(report.studies), "new study"), counted(len(report.reports), "new report")
        parts.append(f"{studies} in {reports} included so far")
    if report.grave:
        parts.append(f"{counted(len(report.grave), 'included record')} retracted or with an expression of concern")
    if report.flags:
        parts.append(f"{counted(len(report.flags), 'decided record')} to look at again")
    return "; ".join(parts)


def _table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(column.heading for column in table.columns) + " |"
    yield "|" + "|".join("---:" if column.numeric else "---" for column in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(value) for value in row) + " |"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    text = " ".join(str(value).split())
    return _plain(text if len(text) <= _LONG else f"{text[: _LONG - 6]} [...]")


def _plain(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def _in_words(change: Change) -> str:
    wording = f"{change.before} -> {change.after}" if change.before and change.after else change.before or change.after
    return f"{change.what} was {change.kind}: {wording}"
