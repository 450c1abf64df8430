"""The report of an update as plain values for JSON, its records and studies called as everywhere: r12, s12."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewkit.steps.update_report import Related, UpdateReport
    from reviewkit.steps.update_sources import SourceReport

_RECORDS = ("new", "reports", "grave", "checked", "unchecked", "results", "ongoing")


def named(records: Iterable[int]) -> list[str]:
    """Return records, or citations, as they are called."""
    from reviewkit.model.ids import record_label

    return list(map(record_label, records))


def report_plain(report: "UpdateReport") -> dict[str, Any]:
    """Return everything that the report tells."""
    from reviewkit.model.ids import record_label, study_label

    def by_name(found: Mapping[int, Any]) -> dict[str, Any]:
        return {record_label(record): value for record, value in found.items()}

    table = asdict(report)
    table |= {name: named(table[name]) for name in _RECORDS}
    table |= {name: by_name(table[name]) for name in ("notices", "flags", "shown", "titles", "state")}
    for each in (notice for listed in table["notices"].values() for notice in listed):
        each["record"] = record_label(each["record"])
    for record, flag in report.flags.items():
        table["flags"][record_label(record)] |= {"record": record_label(record), "reasons": flag.reasons}
    return table | {
        "sources": list(map(_source, report.sources)),
        "studies": list(map(study_label, report.studies)),
        "preprints": list(map(_pair, report.preprints)),
        "articles": list(map(_pair, report.articles)),
    }


def _source(source: "SourceReport") -> dict[str, Any]:
    table = asdict(source)
    table |= {name: named(table[name]) for name in ("new", "records", "gone", "left_out")}
    for change in table["changed"]:
        (change["record"],) = named([change["record"]])
    return table


def _pair(pair: "Related") -> dict[str, Any]:
    known, new = named((pair.known, pair.new))
    return asdict(pair) | {"known": known, "new": new}
