"""The tables of an update's report, for its workbook and its text."""

from collections.abc import Iterator

from reviewkit.model.ids import record_label
from reviewkit.model.rounds import round_name
from reviewkit.model.runs import database_label
from reviewkit.steps.export.tables import Column, Table, Value
from reviewkit.steps.update_report import UpdateReport
from reviewkit.steps.update_sources import SourceReport

_RECORD, _REFERENCE, _STATE = Column("Record", 9), Column("Reference", 70), Column("Where it stands", 28)
_FROM = (_RECORD, _REFERENCE, Column("Source", 18), _STATE)


def update_tables(report: UpdateReport) -> list[Table]:
    """Return the tables of one round in their order; those without a row are left out, the first always there."""
    made = (
        _sources(report), _records(report), _notices(report), _flags(report), _changed(report), _gone(report),
        _left_out(report), _related(report),
    )  # fmt: skip
    return [table for place, table in enumerate(made) if table.rows or not place]


def _sources(report: UpdateReport) -> Table:
    columns = (
        Column("Source", 20), Column("Searched before", 15), Column("Records then", 12, numeric=True),
        Column("Searched", 12), Column("Records now", 12, numeric=True), Column("New here", 10, numeric=True),
        Column("New to the review", 10, numeric=True), Column("Known", 10, numeric=True),
        Column("No longer returned", 24, numeric=True), Column("Changed", 10, numeric=True), Column("Note", 40),
    )  # fmt: skip
    rows = tuple(
        (
            database_label(s.database), s.before_date, s.before_count if s.before else "", s.date, s.count, len(s.new),
            len(s.records), s.known, _missing(s), len(s.changed), "; ".join(_remarks(report, place)),
        )
        for place, s in enumerate(report.sources)
    )  # fmt: skip
    missing = ", ".join(map(database_label, report.missing))
    notes = [f"Not searched in this update: {missing}."] if missing else []
    if report.when:
        unchecked = f"; {len(report.unchecked)} without a PMID could not be checked" if report.unchecked else ""
        notes.append(
            f"PubMed was asked about {len(report.checked)} included records on {report.when} (retractions, expressions "
            f"of concern, corrections){unchecked}."
        )
    title = f"Searches compared: {round_name(report.update)}"
    return Table("Searches compared", title, columns, rows, tuple(notes))


def _missing(source: SourceReport) -> Value:
    return f"not comparable: {source.incomparable}" if source.incomparable else len(source.gone)


def _remarks(report: UpdateReport, place: int) -> Iterator[str]:
    source = report.sources[place]
    if not source.before:
        yield "not searched as a whole before"
    if source.since:
        yield f"only what was added since {source.since}"
    if not source.complete:
        yield f"incomplete: {source.reported:,} reported"
    if source.strategy_changed and not source.incomparable.startswith("the strategy"):
        yield "the strategy or its limits changed in between"
    if source.by_hand:
        yield "exported by hand"


def _records(report: UpdateReport) -> Table:
    rows = tuple((record_label(r), report.shown[r], report.state[r]) for r in report.new)
    return Table("New records", "Records that these searches were first to bring", (_RECORD, _REFERENCE, _STATE), rows)


def _notices(report: UpdateReport) -> Table:
    found = [
        (record_label(record), report.shown[record], str(notice.said), notice.at[:10])
        for record, notices in report.notices.items()
        for notice in notices
    ]
    told = {record for record in report.grave if record in report.notices}
    found += [(record_label(r), report.shown[r], "retraction", "") for r in report.grave if r not in told]
    columns = (_RECORD, _REFERENCE, Column("Notice", 36), Column("First seen", 12))
    title = "Retractions, expressions of concern, corrections and newer versions of included records"
    return Table("Notices", title, columns, tuple(found))


def _flags(report: UpdateReport) -> Table:
    rows = []
    for record, flag in report.flags.items():
        lead = (record_label(record), report.shown[record], report.state[record], flag.decided[:10])
        rows += [(*lead, f"{notice} since the decision", "", "") for notice in flag.notices]
        rows += [(*lead, f"{change.field} changed", change.before, change.after) for change in flag.changes]
    columns = (
        _RECORD, _REFERENCE, _STATE, Column("Decided", 12), Column("Since then", 30), Column("Before", 50),
        Column("Now", 50),
    )  # fmt: skip
    return Table("To look at again", "Decided on before the record changed", columns, tuple(rows))


def _changed(report: UpdateReport) -> Table:
    rows = [
        (record_label(change.record), database_label(source.database), each.field, each.before, each.after)
        for source in report.sources
        for change in source.changed
        for each in change.changes
    ]
    columns = (_RECORD, Column("Source", 18), Column("Field", 18), Column("Before", 60), Column("Now", 60))
    return Table("Changed", "Records that a database gives otherwise than before", columns, tuple(rows))


def _gone(report: UpdateReport) -> Table:
    rows = [
        (record_label(record), report.shown[record], database_label(source.database), report.state[record])
        for source in report.sources
        for record in source.gone
    ]
    title = "Records that the same search returned before and returns no longer"
    return Table("No longer returned", title, _FROM, tuple(rows))


def _left_out(report: UpdateReport) -> Table:
    rows = [
        (record_label(record), report.shown[record], database_label(source.database), report.state[record])
        for source in report.sources
        for record in source.left_out
    ]
    title = "Found by the old strategy and not by the new one"
    return Table("Old strategy alone", title, _FROM, tuple(rows))


def _related(report: UpdateReport) -> Table:
    became, of_study = "Preprint and article of one study", "Article of a registered study"
    rows = [
        (
            record_label(pair.known),
            report.shown[pair.known],
            what,
            f"{record_label(pair.new)}: {report.shown[pair.new]}",
        )
        for what, pairs in ((became, report.preprints), (of_study, report.articles))
        for pair in pairs
    ]
    results, ongoing = "Register entry that has results now", "Ongoing study: look whether it is finished"
    for what, found in ((results, report.results), (ongoing, report.ongoing)):
        rows += [(record_label(record), report.shown[record], what, "") for record in found]
    columns = (_RECORD, _REFERENCE, Column("What came", 36), Column("New record", 60))
    title = "Preprints, register entries and ongoing studies of which more is known now"
    return Table("Preprints and registers", title, columns, tuple(rows))
