"""Blinding: which decisions and extractions only their maker may see, until the others have given theirs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Basis, Decision, State, outcome
from reviewkit.model.extractions import Extraction, by_reviewer, progress, ready
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol

AnyRow = TypeVar("AnyRow", bound=Row)

# What other screening programs write into a citation's notes: Rayyan to their end, ASReview a word, Covidence a reason.
_VERDICTS = re.compile(
    r"\s*\|?\s*\b(?:RAYYAN-[A-Z-]+|USER-NOTES)\s*:.*|\bASReview_\w+|\bExclusion reason:[^;\n]*;?", re.S
)


def without_verdicts(citation: Citation) -> Citation:
    """Return a citation whose notes do not tell what people decided on it in another screening program.

    Where records are shown it takes the place of the citation: what was decided there counts, and is shown, only once
    it was taken as decisions, under this review's blinding.
    """
    notes = _VERDICTS.sub("", citation.notes).strip() if citation.notes else ""
    return citation if notes == citation.notes else replace(citation, notes=notes)


def hidden_decisions(protocol: Protocol, record_of: Partition, decisions: Sequence[Decision]) -> frozenset[int]:
    """Return the numbers of the decisions that must not be shown to other reviewers yet.

    These are all rows, undone ones too, on a record whose outcome is pending at a stage where several people decide.

    Args:
        record_of: the records.
        decisions: every decision row ever stored, in order.
    """
    stood = {row.n for row in standing(decisions)}
    hidden: set[int] = set()
    about: dict[tuple[int, str], list[Decision]] = {}
    for row, said in _with_target(decisions):
        about.setdefault((record_of.group.get(said.record, said.record), said.stage), []).append(row)
    for (_, name), rows in about.items():
        stage = protocol.find_stage(name)
        if stage is None or stage.reviewers < 2:
            continue
        if outcome(stage, [row for row in rows if row.n in stood], protocol.exclude).state is State.PENDING:
            hidden.update(row.n for row in rows)
    return frozenset(hidden)


def hidden_extractions(
    protocol: Protocol, study_of: Mapping[int, int], extractions: Sequence[Extraction]
) -> frozenset[int]:
    """Return the numbers of the extractions that must not be shown to other extractors yet.

    These are all rows, undone ones too, of people whose values may not be laid side by side yet (see
    `reviewkit.model.extractions.ready`); what settles a difference is always shown.

    Args:
        study_of: citation or record id -> the study it now belongs to.
        extractions: every extraction row ever stored, in order.
    """
    form = protocol.extraction
    if form.reviewers < 2:
        return frozenset()
    home = {row.study: study_of.get(row.study, row.study) for row in extractions}  # a study may be excluded by now
    people = progress(form, by_reviewer(extractions, home), set(home.values()))
    shown = {study: ready(form, people, study) for study in set(home.values())}
    return frozenset(
        row.n
        for row, said in _with_target(extractions)
        if said.basis is Basis.REVIEWER and said.by not in shown[home[said.study]]
    )


def _with_target(rows: Sequence[AnyRow]) -> list[tuple[AnyRow, AnyRow]]:
    """Pair each row with the row it is about: itself, or what it takes back in the end."""
    by_number = {row.n: row for row in rows}
    pairs = []
    for row in rows:
        said = row
        while said.undoes in by_number and said.undoes < said.n:
            said = by_number[said.undoes]
        pairs.append((row, said))
    return pairs
