"""Blinding: which decisions and extractions only their maker may see, until the others have given theirs."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from reviewkit.model.decisions import Basis, Decision, State, outcome
from reviewkit.model.extractions import Cell, Extraction
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition
from reviewkit.model.protocol import Protocol

AnyRow = TypeVar("AnyRow", bound=Row)


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

    These are all rows, undone ones too, about a cell that fewer people have filled in than the protocol asks for
    and that no consensus has settled.

    Args:
        study_of: citation or record id -> the study it now belongs to.
        extractions: every extraction row ever stored, in order.
    """
    if protocol.extraction.reviewers < 2:
        return frozenset()
    stood = {row.n for row in standing(extractions)}
    hidden: set[int] = set()
    about: dict[Cell, list[Extraction]] = {}
    for row, said in _with_target(extractions):
        about.setdefault(Cell(study_of.get(said.study, said.study), said.group, said.row, said.field), []).append(row)
    for rows in about.values():
        said_last = {(row.basis, row.by): row for row in rows if row.n in stood}
        given = [key for key, row in said_last.items() if row.value or row.source]
        settled = any(basis is Basis.CONSENSUS for basis, _ in given)
        if not settled and len({by for _, by in given}) < protocol.extraction.reviewers:
            hidden.update(row.n for row in rows)
    return frozenset(hidden)


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
