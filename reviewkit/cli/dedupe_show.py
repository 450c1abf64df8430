"""`reviewkit dedupe --show`: one record's copies, who or what joined them, and which copy each field comes from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewkit.cli.common import console, print_json, table
from reviewkit.errors import UnknownRecord
from reviewkit.model.ids import parse_id, record_label
from reviewkit.model.matches import PERSON, Match
from reviewkit.steps.dedup import history, waiting
from reviewkit.steps.wording import counted

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk
    from reviewkit.steps.dedup import History

_LONGEST = 200  # characters of a value shown; --json gives all of it


def show_record(desk: "Desk", asked: str, as_json: bool) -> None:
    """Show the record that holds a citation."""
    records, _ = waiting(desk.store)
    citation = parse_id(asked)
    if citation not in records.group:
        raise UnknownRecord(record=record_label(citation))
    told = history(desk.store, records, records.group[citation])
    name = record_label(told.record.id)
    judged = {"joined": told.joined, "apart": told.apart, "related": told.related, "waiting": told.waiting}
    if as_json:
        print_json({"record": name, "citations": told.citations, "fields": list(_fields(told)), **judged})
        return
    out = console()
    columns = {"id": "left", "title": "left", "year": "right", "journal": "left", "DOI": "left", "database": "left"}
    rows = [(record_label(c.id), c.title, c.year or "", c.journal, c.doi, told.database[c.id]) for c in told.citations]
    out.print(table(f"Record {name}: {counted(len(rows), 'citation')}", columns, rows))
    if len(told.citations) > 1:
        out.print()
        columns = {"field": "left", "value": "left", "from": "left"}
        out.print(table("The record shows the best of each field", columns, _field_rows(told)))
    columns = {"pair": "left", "judged": "left", "by": "left", "when": "left", "evidence": "left"}
    titles = ("Joined by", "Kept apart by", "Reports of one study by", "Waiting for a person")
    for title, matches in zip(titles, judged.values(), strict=True):
        if matches:
            out.print()
            out.print(table(title, columns, map(_match_row, matches)))


def _fields(told: "History") -> Iterator[dict[str, object]]:
    for field, sources in told.sources.items():
        came_from = [{"id": record_label(c), "database": told.database[c]} for c in sources]
        yield {"field": field, "value": getattr(told.record, field), "from": came_from}


def _field_rows(told: "History") -> Iterator[tuple[str, ...]]:
    for field, sources in told.sources.items():
        value = getattr(told.record, field)
        text = "; ".join(value) if isinstance(value, tuple) else str(value)
        text = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " ..."
        came_from = ", ".join(f"{record_label(c)} {told.database[c]}" for c in sources)
        yield field.replace("_", " "), text, came_from


def _match_row(match: Match) -> tuple[str, ...]:
    pair = f"{record_label(match.left)} {record_label(match.right)}"
    by = match.by if match.rule == PERSON else f"rule {match.rule}"
    evidence = f"{match.evidence} ({match.note})" if match.note else match.evidence
    return (pair, match.judgement.value, by, match.at, evidence)
