"""`report.html`: methods and results of a review on one self-contained page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reviewkit import __version__
from reviewkit.model.boxes import Box, Flow
from reviewkit.model.citation_search import DATABASE as CITATIONS
from reviewkit.model.ids import record_label, study_label
from reviewkit.model.notices import NoticeKind, Said
from reviewkit.model.protocol import CONSENSUS, Protocol, Stage
from reviewkit.model.reference import reference
from reviewkit.model.runs import SearchRun, database_label
from reviewkit.steps.agreement import Agreement
from reviewkit.steps.export.drawing import Drawing, to_svg
from reviewkit.steps.export.flow_text import describe, describe_update, number, waiting_counts
from reviewkit.steps.export.gather import Judges, Material
from reviewkit.steps.export.listings import apart_table, excluded_table
from reviewkit.steps.export.prisma_s import checklist_table
from reviewkit.steps.export.search_log import (
    count_table,
    lines_of,
    part_of,
    sent_as,
    unsearched,
    used_rules,
)
from reviewkit.steps.export.tables import Mark, evidence_tables
from reviewkit.steps.wording import counted

_TEMPLATE = "report.html.j2"
_NAMED = 10  # studies that a sentence names
_FINISHED = "Every record of the original review is decided."
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")  # not allowed in HTML


@dataclass(frozen=True, slots=True)
class _Source:
    """One database or register: the limits and the note of the protocol, and the runs that were made."""

    label: str
    limits: str
    note: str
    runs: tuple[tuple[SearchRun, str], ...]


@dataclass(frozen=True, slots=True)
class _Strategy:
    """One strategy for the appendix: its source, what it is part of, how it came here, and its lines if it has any."""

    run: SearchRun
    label: str
    part: str
    how: str
    lines: list[tuple[str, str, int | None]]


def to_report(material: Material, drawing: Drawing, original: Drawing | None = None) -> bytes:
    """Write the report; it needs no other file, runs no script, and holds no time but those of the review's acts.

    Args:
        drawing: the flow diagram.
        original: that of the original review, where the first one is that of an updated review.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["mark"] = lambda value: isinstance(value, Mark)
    return environment.get_template(_TEMPLATE).render(**_facts(material, drawing, original)).encode()


def state_in_words(material: Material) -> str:
    """Say of when the state is and whether the review is finished, for the top of everything."""
    when = f"State of {_time(material.state_of)}" if material.state_of else "Nothing was done yet"
    updates = "".join(f" {_state_of(update)}" for update in material.flow.updates)
    return f"{when}. {progress_in_words(material) or _finished(material)}{updates}"


def _state_of(update: Flow) -> str:
    """Say whether an update is finished, and what waits of it."""
    counts = "; ".join(f"{label[0].lower()}{label[1:]} {number(n)}" for label, n in waiting_counts(update).items())
    return f"Update {update.update} is in progress: {counts}." if counts else f"Update {update.update} is finished."


def _finished(material: Material) -> str:
    """Say that nothing waits, and what nobody looked at."""
    left = sum(column.not_screened.n for column in material.flow.columns)
    if not left:
        return _FINISHED
    return f"Screening was stopped: {counted(left, 'record')} nobody screened. Every other record is decided."


def progress_in_words(material: Material) -> str:
    """Say in plain words what is not finished in the original review; '' when it is."""
    if not material.standing.runs:
        return "In progress: no search has been run yet."
    counts = waiting_counts(material.flow)
    left = [f"{label[0].lower()}{label[1:]} {number(n)}" for label, n in counts.items()]
    short = [run.id for run in material.standing.runs if not run.complete]
    if material.standing.unsure:
        left.append(f"possible duplicates that a person must judge {number(len(material.standing.unsure))}")
    if material.flow.studies.n and material.protocol.extraction.group:
        open_values = sum(value.differs or value.waiting for value in material.values.values())
        without = [study.name for study in material.studies if not any(c.study == study.id for c in material.values)]
        if open_values:
            left.append(f"extracted values not agreed {number(open_values)}")
        if without:
            more = f" and {len(without) - _NAMED:,} more" if len(without) > _NAMED else ""
            left.append(f"studies without extraction: {', '.join(without[:_NAMED])}{more}")
    if short:
        left.append(f"searches not retrieved completely: {', '.join(short)}")
    return f"In progress, numbers and tables will change: {'; '.join(left)}." if left else ""


def _facts(material: Material, drawing: Drawing, original: Drawing | None) -> dict[str, Any]:
    protocol = material.protocol
    tables = evidence_tables(material)
    excluded = excluded_table(material, len(tables) + 1)
    apart = apart_table(material, len(tables) + 2)
    return {
        "protocol": protocol,
        "state": _time(material.state_of),
        "progress": progress_in_words(material),
        "finished": _finished(material),
        "screening": material.screening,
        "pico": _pico(protocol),
        "sources": _sources(material),
        "checklist": checklist_table(material),
        "counts": count_table(material),
        "strategies": [
            _Strategy(run, database_label(run.database), part_of(run), sent_as(run), lines_of(run))
            for run in material.standing.runs
        ],
        "unsearched": list(unsearched(material)),
        "stages": [_stage(stage, material.judges[stage.id.value]) for stage in protocol.stage],
        "agreements": [_agreement(protocol, each) for each in material.agreements],
        "rules": used_rules(material.rules),
        "people": _ranked(material.people),
        "unsure": len(material.standing.unsure),
        "svg": Markup(_inline(drawing)),  # noqa: S704 - our own drawing, every text in it escaped
        "alternative": describe(material.flow),
        "breadth": "44rem" if drawing.width < 700 else "58rem" if drawing.width < 1000 else "68rem",
        "original": original and Markup(_inline(original, "original")),  # noqa: S704 - as above
        "updates": [
            (f"{describe_update(update)} {_state_of(update)}", bool(update.waiting)) for update in material.flow.updates
        ],
        "found": _found(material),
        "included": [_study(material, study.id, study.name, study.reports) for study in material.studies],
        "tables": tables,
        "excluded": excluded,
        "apart": apart,
        "extraction": _extraction(material),
        "versions": material.versions,
        "time": _time,
        "version": __version__,
        "clients": list(
            dict.fromkeys(part for run in material.standing.runs for part in run.client.split(", ") if part)
        ),
        "citations": CITATIONS,
        "counted": counted,
    }


def _inline(drawing: Drawing, name: str = "flow") -> str:
    """Return the drawing for the page, where the style sheet sets its size."""
    return re.sub(r' width="[\d.]+" height="[\d.]+"', "", to_svg(drawing, name).decode(), count=1)


def _found(material: Material) -> str:
    """Say how many studies are included, and which of them an update brought."""
    flow, totals = material.flow, material.flow.totals
    if not totals:
        return f"{_in_reports(flow.studies, flow.included)} in the original review."
    new = "; ".join(f"update {f.update} brought {_in_reports(f.studies, f.included)}" for f in flow.updates)
    gone = totals.withdrawn_reports
    less = f" Withdrawn on reconsideration: {_in_reports(totals.withdrawn_studies, gone)}." if gone.n else ""
    return f"{_in_reports(totals.total_studies, totals.total_reports)}; {new}.{less}"


def _in_reports(studies: Box, reports: Box) -> str:
    return f"{counted(studies.n, 'study')} in {counted(reports.n, 'report')}"


def _clean(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    return _FORBIDDEN.sub(" ", value)


def _time(at: str) -> str:
    """Write "2024-05-01T10:00:00Z" as "2024-05-01 10:00 UTC"."""
    return f"{at[:10]} {at[11:16]} UTC" if len(at) >= 16 else at


def _pico(protocol: Protocol) -> list[tuple[str, str]]:
    question = protocol.question
    elements = (
        ("Population", question.population), ("Intervention", question.intervention),
        ("Comparator", question.comparator), ("Outcomes", question.outcomes), ("Study design", question.study_design),
    )  # fmt: skip
    return [(name, text) for name, text in elements if text]


def _sources(material: Material) -> list[_Source]:
    """Return the databases in the order of the protocol, then those searched besides."""
    runs: dict[str, list[tuple[SearchRun, str]]] = {}
    for run in material.standing.runs:
        runs.setdefault(run.database, []).append((run, part_of(run)))
    planned = {search.database: search for search in material.protocol.search}
    made = []
    for database in dict.fromkeys((*planned, *runs)):
        search = planned.get(database)
        limits = "; ".join(search.limits) if search else ""
        done = tuple(runs.get(database, ()))
        made.append(_Source(database_label(database), limits, search.note if search else "", done))
    return made


def _stage(stage: Stage, judges: Judges) -> dict[str, str]:
    """Say how a stage works by the protocol, and who did it."""
    if stage.reviewers == 1:
        how = "One reviewer decides on each record."
    else:
        settle = "by the reviewers together" if stage.settled_by == CONSENSUS else f"by {stage.settled_by}"
        how = f"{stage.reviewers} reviewers decide independently on each record; disagreements are settled {settle}."
    how += " An exclusion names its criterion." if stage.reasons == "required" else ""
    who = [f"{name} {number(n)}" for name, n in _ranked(judges.voted)]
    said = f"Records decided by: {', '.join(who)}." if who else ""
    if judges.elsewhere:
        there = ", ".join(f"{name} {number(n)}" for name, n in _ranked(judges.elsewhere))
        said += f" Decided in another program, without record of who voted how: {there}."
    if judges.settled:
        said += f" Settled by: {', '.join(f'{name} {number(n)}' for name, n in _ranked(judges.settled))}."
    if judges.tools:
        said += f" Automation tools: {', '.join(f'{name} {number(n)}' for name, n in _ranked(judges.tools))}."
    return {"label": stage.label, "how": how, "who": said.strip() or "Nothing is decided yet."}


def _agreement(protocol: Protocol, found: Agreement) -> str:
    stage = protocol.find_stage(found.stage)
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    raw = "" if found.raw is None else f"raw agreement {found.raw:.1%}, "
    note = f" ({found.note})" if found.note else ""
    label = stage.label if stage else found.stage
    return f"{label}, {found.left} and {found.right}: {found.decided:,} records, {raw}Cohen's kappa {kappa}{note}."


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _study(material: Material, study: int, name: str, reports: Sequence[Any]) -> dict[str, Any]:
    def said(record: int) -> list[Said]:
        return [notice.said for notice in material.notices.get(record, ())]

    cited = [
        {
            "id": record_label(report.id),
            "text": reference(report),
            "doi": report.doi,
            "retracted": report.is_retracted or any(each.kind is NoticeKind.RETRACTION for each in said(report.id)),
            "notices": ", ".join(map(str, said(report.id))),
        }
        for report in reports
    ]
    return {"id": study_label(study), "name": name, "reports": cited}


def _extraction(material: Material) -> str:
    form = material.protocol.extraction
    if not form.group:
        return "The protocol has no extraction form."
    people = "one person" if form.reviewers == 1 else f"{form.reviewers} people independently"
    settle = "the extractors together" if form.settled_by == CONSENSUS else form.settled_by
    said = f"Data of each study are extracted by {people}" + (
        "." if form.reviewers == 1 else f"; differences are settled by {settle}."
    )
    return said + (f" Extracted by: {', '.join(material.extractors)}." if material.extractors else "")
