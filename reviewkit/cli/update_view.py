"""How the report of an update looks on the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewkit.steps.update_report import UpdateReport
    from reviewkit.steps.update_sources import SourceReport

_MOST = 10  # lines of a list on the terminal; the report has all


def head(report: "UpdateReport") -> Iterator[str]:
    """Yield which round it is, and a line for each database."""
    from reviewkit.model.runs import database_label

    original = "Original review, searches repeated" if report.sources else "Original review"
    yield f"Update {report.update}" if report.update else original
    width = max((len(database_label(source.database)) for source in report.sources), default=0)
    for source in report.sources:
        yield f"  {database_label(source.database):<{width}}  {_compared(source)}"


def _compared(source: "SourceReport") -> str:
    if not source.before:
        return f"{source.count:,} on {source.date}; not searched as a whole before"
    what = [f"{len(source.new):,} new here", f"{source.known:,} known"]
    if not source.incomparable:
        what.append(f"{len(source.gone):,} no longer returned")
    what.append(f"{len(source.changed):,} changed")
    before = f"{source.before_count:,} on {source.before_date}"
    since = f" since {source.since}" if source.since else ""
    marks = "; THE STRATEGY OR ITS LIMITS CHANGED in between" if source.strategy_changed else ""
    if source.incomparable and not source.strategy_changed:
        marks += f"; what is no longer returned is not known: {source.incomparable}"
    marks += "" if source.complete else f"; INCOMPLETE, {source.reported:,} reported"
    return f"{source.count:,} on {source.date}{since} ({before}): {', '.join(what)}{marks}"


def body(report: "UpdateReport") -> Iterator[str]:
    """Yield the lists of records, each cut where it is long, and what was checked at PubMed."""
    from reviewkit.model.ids import record_label
    from reviewkit.steps.wording import counted

    def named(heading: str, records: Sequence[int], say: Any) -> Iterator[str]:
        if not records:
            return
        yield ""
        yield f"{heading}:"
        yield from (f"  {record_label(record):<6} {say(record)}" for record in records[:_MOST])
        if len(records) > _MOST:
            yield f"  and {len(records) - _MOST:,} more, in update-{report.update}.md and .xlsx of the exports"

    def short(record: int) -> str:
        text = report.titles[record] or report.shown[record]
        return text if len(text) <= 90 else f"{text[:87]}..."

    def notices(record: int) -> str:
        found = [str(notice.said) for notice in report.notices.get(record, ())] or ["retraction"]
        return f"{', '.join(found).upper() if record in report.grave else ', '.join(found)}: {short(record)}"

    yield from named("New records", report.new, short)
    changed = {c.record: c for source in report.sources for c in source.changed if c.telling}
    yield from named(
        "Changed",
        list(changed),
        lambda r: f"{', '.join(d.after if d.field == 'notice' else d.field for d in changed[r].changes)}: {short(r)}",
    )
    gone = list(dict.fromkeys(record for source in report.sources for record in source.gone))
    yield from named("No longer returned", gone, lambda r: f"{short(r)} ({report.state[r]})")
    left = list(dict.fromkeys(record for source in report.sources for record in source.left_out))
    yield from named(
        "Found by the old strategy and not by the new one", left, lambda r: f"{short(r)} ({report.state[r]})"
    )
    yield from named("Included records with notices", [*dict.fromkeys((*report.grave, *report.notices))], notices)
    yield from named(
        "Decided before the record changed; look at them again, and decide again to clear this",
        list(report.flags),
        lambda r: f"{', '.join(report.flags[r].reasons)}: {short(r)} ({report.state[r]})",
    )
    pairs = {pair.known: pair.new for pair in (*report.preprints, *report.articles)}
    yield from named(
        "Articles of preprints and registered studies known before",
        list(pairs),
        lambda r: f"now {record_label(pairs[r])}: {short(pairs[r])}",
    )
    yield from named("Register entries that have results now", report.results, short)
    yield from named("Ongoing studies of which something came", report.ongoing, short)
    if any(version.changes or not version.known for version in report.criteria):
        made = sum(version.decisions for version in report.criteria)
        yield ""
        yield f"Criteria or stages changed after {counted(made, 'decision')}; 'reviewkit status' says how."
    yield ""
    if report.when:
        absent = ", ".join(map(record_label, report.unchecked[:_MOST]))
        more = " ..." if len(report.unchecked) > _MOST else ""
        unchecked = f" Not checked, without a PMID: {absent}{more}." if report.unchecked else ""
        asked = counted(len(report.checked), "included record")
        yield f"PubMed was asked about {asked} on {report.when}.{unchecked}"
    else:
        yield "No included record was checked for retractions."
