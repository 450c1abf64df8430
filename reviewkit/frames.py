"""A review as pandas DataFrames, for notebooks: read-only, and from the same functions as the screens.

import reviewkit

review = reviewkit.open("path/to/workspace")
review.records[review.records.state == "included"]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewkit.errors import NotReadable
from reviewkit.model.blinding import without_verdicts
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import State
from reviewkit.model.ids import record_label, study_label
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import load_protocol
from reviewkit.steps.decision_table import decision_rows
from reviewkit.steps.evidence import evidence
from reviewkit.steps.flags import find_flags
from reviewkit.steps.flow import review_flow
from reviewkit.steps.flow_table import flow_rows
from reviewkit.steps.notices import notices_of
from reviewkit.steps.standing import Standing, each_record, standing
from reviewkit.steps.studies import list_studies
from reviewkit.store import Store, open_store
from reviewkit.workspace import find_workspace

if TYPE_CHECKING:
    from pandas import DataFrame

RECORDS: Mapping[str, str] = {
    "record": "the record's id, as on the screens: r12",
    "stage": "the last stage that it reached: before-screening, title-abstract, full-text",
    "state": "pending, conflict, included, excluded, not-retrieved, awaiting or ongoing there; or removed; "
    "not-screened where a person stopped screening before anyone had decided on it",
    "criterion": "the criterion of its exclusion, where it has one",
    "study": "the study that it reports, where it is included: s12",
    "citations": "how many citations it was made of",
    "title": "as every other column from here on, the best that its citations say",
    "authors": "joined by '; '",
    "year": "a whole number, or missing",
    "journal": "",
    "volume": "",
    "issue": "",
    "pages": "",
    "doi": "",
    "pmid": "",
    "pmcid": "",
    "registrations": "numbers in study registers, joined by '; '",
    "language": "",
    "abstract": "",
}
"""The columns of `Review.records`."""

CITATIONS: Mapping[str, str] = {
    "citation": "the citation's id: r12",
    "record": "the record that it is part of: r12",
    "run": "the search run that brought it",
    "database": "the database that was searched",
    **{f.name: "as the database reported it" for f in fields(Citation) if f.name not in ("id", "run")},
}
"""The columns of `Review.citations`; lists are joined by '; '."""

DECISIONS: Mapping[str, str] = {
    "record": "the record decided on: r12",
    "title": "its title",
    "stage": "before-screening, title-abstract or full-text",
    "reviewer": "who decided",
    "verdict": "include, exclude, maybe, not-retrieved, awaiting, ongoing",
    "criterion": "the criterion that an exclusion rests on",
    "note": "the reviewer's own words",
    "basis": "reviewer, consensus, automation, or elsewhere: decided in another program that does not tell who voted",
    "at": "when, in UTC",
    "protocol": "the protocol version that it was made under",
    "order": "in which order the record came up on the screen: id, relevance:120, newest ...; '' for other ways",
}
"""The columns of `Review.decisions`: the file `decisions.csv`, as text."""

EXTRACTIONS: Mapping[str, str] = {
    "study": "the study: s12",
    "name": "what people call it: Wilson 2024",
    "group": "the id of the group in the extraction form",
    "row": "the row of a repeated group, '' elsewhere",
    "field": "the id of the field",
    "label": "its heading",
    "unit": "",
    "value": "what holds, as text; '' where reviewers differ or one is still at work",
    "source": "the quote and page that it rests on",
    "by": "whose value it is, joined by '; '",
    "state": "agreed, differs, or waiting (for another extractor; then value, source, row and by are '')",
}
"""The columns of `Review.extractions`: one row a value."""

FLOW: Mapping[str, str] = {
    "key": "what 'reviewkit flow --list' takes",
    "label": "PRISMA's wording",
    "n": "the number in the box",
    "depth": "0 for a box, 1 and more for a part of the box above it",
    "unit": "what is counted: citations, records, reports, studies",
    "ids": "a tuple of what is counted: ('r3', 'r7')",
}
"""The columns of `Review.flow`."""

STUDIES: Mapping[str, str] = {
    "study": "the study: s12",
    "name": "what people call it: Wilson 2024",
    "reports": "how many reports describe it",
    "records": "a tuple of their ids, the earliest first: ('r12', 'r30')",
    "title": "of the earliest report",
    "authors": "of the earliest report, joined by '; '",
    "year": "of the earliest report, or missing",
    "journal": "of the earliest report",
    "registrations": "of all its reports, joined by '; '",
}
"""The columns of `Review.studies`."""

NOTICES: Mapping[str, str] = {
    "record": "the record that it is about: r12",
    "notice": "retraction, retraction of a part, expression of concern, correction, republication, newer version, "
    "no longer in PubMed",
    "reference": "where it stands: a PMID, or a source in words; '' where the database names none",
    "pmid": "the PMID by which the record was asked about",
    "by": "the database that lists it",
    "at": "when it was first seen, in UTC",
    "check": "the folder in searches/ with the answers as received",
}
"""The columns of `Review.notices`: one row a notice that stands, of records that were included when it was seen."""

FLAGS: Mapping[str, str] = {
    "record": "the record: r12",
    "decided": "when it was decided on, in UTC; of several people, when the one did who looked longest ago",
    "since": "what came since: a notice, or which field changed",
    "before": "the wording then, of a title or abstract that changed",
    "now": "the wording now",
}
"""The columns of `Review.flags`: one row a reason to look again at a record that was decided on."""


class Review:
    """One review, read-only. Every table is read anew when it is asked for; change it as you like.

    Blinding holds here as on the screens: a verdict on a record that waits for another reviewer is left out, and so
    is a value of a study that waits for another extractor. The columns are documented in RECORDS, CITATIONS,
    DECISIONS, EXTRACTIONS, FLOW, STUDIES, NOTICES and FLAGS of this module.
    """

    def __init__(self, protocol: Protocol, store: Store) -> None:
        self.protocol = protocol
        self._store = store

    def __repr__(self) -> str:
        return f"<reviewkit review '{self.protocol.review}' in {self._store.place}>"

    def close(self) -> None:
        """Let go of the database; tables already read stay as they are."""
        self._store.close()

    @property
    def records(self) -> "DataFrame":
        """The records, by id: what is screened, and where each stands (columns: RECORDS)."""
        stand = self._standing()
        places = _places(stand)
        shown = each_record(self._store, stand, stand.records.members)
        rows = (
            {
                **_plain(record),
                **places[record.id],
                "record": record_label(record.id),
                "study": study_label(stand.studies.group[record.id]) if record.id in stand.studies.group else "",
                "citations": len(stand.records.members[record.id]),
            }
            for record in shown
        )
        return _frame(RECORDS, rows, "year")

    @property
    def citations(self) -> "DataFrame":
        """The citations, by id: what every search run reported, unchanged (columns: CITATIONS).

        Only what another screening program wrote into their notes about who decided what is left out.
        """
        stand = self._standing()
        databases = {run.id: run.database for run in stand.runs}
        rows = (
            {
                **_plain(without_verdicts(citation)),
                "citation": record_label(citation.id),
                "record": record_label(stand.records.group[citation.id]),
                "database": databases[citation.run],
            }
            for citation in self._store.citations()
        )
        return _frame(CITATIONS, rows, "year")

    @property
    def decisions(self) -> "DataFrame":
        """The decisions that count now: removals, each reviewer's last verdict, consensus (columns: DECISIONS)."""
        header, rows = decision_rows(self._store, self.protocol, self._standing())
        return _frame(DECISIONS, (dict(zip(header, row, strict=True)) for row in rows))

    @property
    def extractions(self) -> "DataFrame":
        """What holds for every cell of the extraction form that someone filled in (columns: EXTRACTIONS)."""
        stand = self._standing()
        names = {study.id: study.name for study in list_studies(self._store, stand)}
        rows = []
        for cell, held in evidence(self._store, self.protocol, stand).items():
            field = self.protocol.extraction.find(cell.group, cell.field)
            rows.append(
                {
                    "study": study_label(cell.study),
                    "name": names[cell.study],
                    "group": cell.group,
                    "row": cell.row,
                    "field": cell.field,
                    "label": field.label if field else "",
                    "unit": field.unit if field else "",
                    "value": held.value,
                    "source": held.source,
                    "by": "" if held.waiting else "; ".join(held.by),
                    "state": "waiting" if held.waiting else "differs" if held.differs else "agreed",
                }
            )
        return _frame(EXTRACTIONS, rows)

    @property
    def flow(self) -> "DataFrame":
        """The PRISMA counts in PRISMA's order, each with the ids behind it (columns: FLOW)."""
        flow = review_flow(self.protocol, self._standing())
        rows = []
        for row in flow_rows(flow):
            box = flow.find(row.key)
            label = study_label if box and box.unit == "studies" else record_label
            rows.append(
                {
                    "key": row.key,
                    "label": row.label,
                    "n": row.n,
                    "depth": row.depth,
                    "unit": box.unit if box else "",
                    "ids": tuple(map(label, box.ids)) if box else (),
                }
            )
        return _frame(FLOW, rows)

    @property
    def studies(self) -> "DataFrame":
        """The included studies, by id (columns: STUDIES)."""
        rows = [
            {
                **_plain(study.reports[0]),
                "study": study_label(study.id),
                "name": study.name,
                "reports": len(study.reports),
                "records": tuple(record_label(report.id) for report in study.reports),
                "registrations": "; ".join(dict.fromkeys(n for r in study.reports for n in r.registrations)),
            }
            for study in list_studies(self._store, self._standing())
        ]
        return _frame(STUDIES, rows, "year")

    @property
    def notices(self) -> "DataFrame":
        """Retractions, concerns, corrections and newer versions that updates found, by record (columns: NOTICES)."""
        found = notices_of(self._store, self._standing().records)
        rows = (
            {
                "record": record_label(record),
                "notice": notice.kind.value,
                "reference": notice.reference,
                "pmid": notice.pmid,
                "by": notice.by,
                "at": notice.at,
                "check": notice.check,
            }
            for record, notices in sorted(found.items())
            for notice in notices
        )
        return _frame(NOTICES, rows)

    @property
    def flags(self) -> "DataFrame":
        """The records that changed after they were decided on, each with what changed, by id (columns: FLAGS)."""
        rows: list[dict[str, str]] = []
        for record, flag in find_flags(self._store, self._standing()).items():
            about = {"record": record_label(record), "decided": flag.decided}
            rows += [{**about, "since": notice, "before": "", "now": ""} for notice in flag.notices]
            rows += [
                {**about, "since": f"{change.field} changed", "before": change.before, "now": change.after}
                for change in flag.changes
            ]
        return _frame(FLAGS, rows)

    def _standing(self) -> Standing:
        return standing(self._store, self.protocol)


def open_review(path: str | Path, review: str | None = None) -> Review:
    """Open a review for reading.

    Args:
        path: the workspace's folder, or a folder in it.
        review: its name, where the workspace holds several.

    Raises:
        NotReadable, NoWorkspace, NoProtocol, WhichReview, UnknownReview, InvalidProtocol: there is no such review.
        NoDatabase: nothing of the workspace was loaded yet; no database is made.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise NotReadable(path=folder, reason="there is no such folder")
    folders = find_workspace(folder).choose(review)
    protocol = load_protocol(folders.protocol)
    return Review(protocol, open_store(folders.workspace.database_url(), folders.review, make=False))


def _places(stand: Standing) -> dict[int, dict[str, str]]:
    """Say for each record the last stage that it reached and where it stands there."""
    places = {
        record: {"stage": row.stage, "state": "removed", "criterion": row.criterion}
        for record, row in stand.screening.removed.items()
    }
    for stage, outcomes in stand.screening.stages.items():
        for record, outcome in outcomes.items():
            criterion = outcome.criterion if outcome.state is State.EXCLUDED else ""
            places[record] = {"stage": str(stage), "state": outcome.state.value, "criterion": criterion}
    for record in stand.stopped:
        places[record]["state"] = "not-screened"
    return places


def _plain(citation: Citation) -> dict[str, Any]:
    """A citation as cells: lists joined."""
    values = {f.name: getattr(citation, f.name) for f in fields(Citation)}
    return {name: "; ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _frame(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], *numbers: str) -> "DataFrame":
    """Make a table of exactly these columns; `numbers` are whole numbers that may be missing."""
    import pandas

    cells: Sequence[Sequence[Any]] = [[row[name] for name in columns] for row in rows]
    return pandas.DataFrame(cells, columns=list(columns)).astype(dict.fromkeys(numbers, "Int64"))
