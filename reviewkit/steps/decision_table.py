"""Decisions as a table: the rows of `decisions.csv`, and taking the rows of such a table back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewkit.errors import BadRows, UserError
from reviewkit.formats.named_rows import column_names, parse_named_rows
from reviewkit.model.decisions import BEFORE_SCREENING, Basis, Decision, State, Verdict, screening
from reviewkit.model.ids import parse_id, record_label
from reviewkit.model.protocol import Protocol
from reviewkit.steps.decide import STAGE_NAMES, propose, repeats, store_decisions
from reviewkit.steps.people import same_person
from reviewkit.steps.standing import Standing, each_record
from reviewkit.store import Store

Mark = tuple[object, ...]

HEADER = ("record", "title", "stage", "reviewer", "verdict", "criterion", "note", "basis", "at", "protocol", "order")


def decision_rows(
    store: Store, protocol: Protocol, standing: Standing, reviewer: str = ""
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return heading and rows of the decisions that count now: removals, each reviewer's last verdict, consensus,
    and what was decided elsewhere.

    Verdicts on a record that is still pending at their stage are left out, all but those of `reviewer` (blinding).
    Rows are ordered by record, stage, and the order in which they were made.
    """
    order = {stage: place for place, stage in enumerate(_stages(protocol))}
    kept = list(standing.screening.removed.items())
    for outcomes in standing.screening.stages.values():
        for record, outcome in outcomes.items():
            shown = outcome.state is not State.PENDING
            kept += [(record, vote) for vote in outcome.votes if shown or vote.by == reviewer]
            ends = dict.fromkeys(row for row in (outcome.elsewhere, outcome.settled) if row)
            kept += [(record, row) for row in ends]
    kept.sort(key=lambda pair: (pair[0], order[pair[1].stage], pair[1].n))
    titles = {shown.id: shown.title for shown in each_record(store, standing, (record for record, _ in kept))}
    return HEADER, [
        (
            record_label(record),
            titles[record],
            *(row.stage, row.by, row.verdict.value, row.criterion, row.note, row.basis.value, row.at, row.protocol),
            row.order,
        )
        for record, row in kept
    ]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a table of decisions.

    `repeated` rows stood already, `blank` ones name a record and no verdict; `problems` tell the bad ones by line.
    """

    stored: int
    repeated: int
    blank: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a row of a table does not say: its stage and its reviewer; '' when every row must say."""

    stage: str = ""
    reviewer: str = ""


def take_decisions(
    store: Store,
    protocol: Protocol,
    standing: Standing,
    content: bytes,
    name: str,
    at: str,
    defaults: Defaults,
    keep_good: bool = False,
    dry_run: bool = False,
) -> Taken:
    """Take a CSV of decisions in one transaction: all of its rows, or none when one is bad.

    Columns are found by their names: record, verdict, and where there stage, reviewer, criterion, note, basis;
    others are ignored. A row may rest on another one of the same file (full text on title and abstract, consensus
    on the verdicts that it settles), in any order. A row that repeats what stands adds nothing.

    Args:
        content: the file's bytes; see `parse_named_rows` for what is understood.
        name: the file's name, for messages.
        keep_good: take the good rows although others are bad.
        dry_run: store nothing, and list bad rows instead of raising.

    Raises:
        UnreadableFile: it is no such table.
        BadRows: rows are bad and `keep_good` is not set; each is listed, nothing was stored.
    """
    problems: list[tuple[int, str]] = []
    lines: list[tuple[int, Decision]] = []
    blank = 0
    stored = store.all(Decision)
    people = dict.fromkeys(row.by for row in stored)
    for number, cells in parse_named_rows(content, name, ("record", "verdict")):
        if not cells.get("verdict"):
            blank += 1
            continue
        try:
            read = _decision(cells, protocol, defaults, at)
            by = same_person(read.by, people)
        except (UserError, ValueError) as error:
            problems.append((number, str(error)))
        else:
            people.setdefault(by)
            lines.append((number, replace(read, by=by)))
    accepted, repeated = check_rows(lines, stored, protocol, standing, problems)
    told = tuple(f"line {number}: {problem}" for number, problem in sorted(problems))
    if told and not (keep_good or dry_run):
        count = "1 row" if len(told) == 1 else f"{len(told)} rows"
        good = f" --keep-good takes the other {len(accepted)}." if accepted else ""
        raise BadRows(f"{name}: {count} cannot be taken, so none was.{good}", told)
    if not dry_run:
        store_decisions(store, protocol, accepted, at)
    return Taken(len(accepted), repeated, blank, told)


def looks_own(content: bytes) -> bool:
    """Return True for a CSV with the columns that `take_decisions` needs."""
    return {"record", "verdict"} <= set(column_names(content))


def _decision(cells: Mapping[str, str], protocol: Protocol, defaults: Defaults, at: str) -> Decision:
    """Read one row; ValueError and UserError say what is wrong with it."""
    record = parse_id(cells.get("record", ""))
    by = " ".join(cells.get("reviewer", "").split()) or defaults.reviewer
    if not by:
        raise ValueError("no reviewer; fill in the column, or give --reviewer")
    stage = _word(cells.get("stage", "")) or defaults.stage
    stage = {_word(shown): key for key, shown in STAGE_NAMES.items()}.get(stage, stage)
    if stage not in _stages(protocol):
        said = f"there is no stage '{cells['stage']}'" if cells.get("stage") else "no stage"
        raise ValueError(f"{said}; write one of {', '.join(_stages(protocol))}, or leave it out and give --stage")
    verdict, basis = _word(cells["verdict"]), _word(cells.get("basis", "")) or Basis.REVIEWER
    if verdict not in set(Verdict):
        raise ValueError(f"there is no verdict '{cells['verdict']}'; write one of {', '.join(Verdict)}")
    if basis not in set(Basis):
        raise ValueError(f"there is no basis '{cells['basis']}'; write one of {', '.join(Basis)}, or nothing")
    return Decision(
        record=record, stage=stage, verdict=Verdict(verdict), criterion=cells.get("criterion", ""),
        basis=Basis(basis), by=by, at=at, note=cells.get("note", ""),
    )  # fmt: skip


def check_rows(
    lines: Sequence[tuple[int, Decision]],
    stored: Sequence[Decision],
    protocol: Protocol,
    standing: Standing,
    problems: list[tuple[int, str]],
    place: Callable[[int], str] = "line {}".format,
    made: Collection[Mark] = (),
) -> tuple[list[Decision], int]:
    """Check the rows stage by stage, verdicts before what settles them, each against what the ones before lead to.

    Args:
        lines: the rows, each with its number in the file.
        stored: every decision row ever stored, in order.
        problems: takes what is wrong with a row, by its number.
        place: how a message names the row with a number.
        made: what was taken before (see `mark`) and adds nothing, although it was revised since.

    Returns:
        The rows to store, and how many repeat what stands; what is wrong with the others goes to `problems`.
    """
    accepted: list[Decision] = []
    repeated = 0
    seen: dict[tuple[object, ...], tuple[int, Decision]] = {}
    for stage in _stages(protocol):
        for settles in (False, True):
            now = replace(standing, screening=screening(protocol, standing.records, [*stored, *accepted]))
            for number, wanted in lines:
                if wanted.stage != stage or (wanted.basis is Basis.CONSENSUS) is not settles:
                    continue
                try:
                    decision = propose(now, protocol, wanted)
                except UserError as error:
                    there = replace(wanted, record=now.records.group.get(wanted.record, 0))
                    if mark(there) in made or repeats(
                        now, there
                    ):  # made under an earlier version, which had that criterion or stage rule
                        repeated += 1
                    else:
                        problems.append((number, str(error)))
                    continue
                one_each = "" if settles or stage == BEFORE_SCREENING else decision.by
                first, earlier = seen.setdefault((decision.record, stage, settles, one_each), (number, decision))
                if decision != earlier:
                    problem = (
                        f"{place(first)} decides otherwise on {record_label(decision.record)}; keep one of the two"
                    )
                    problems.append((number, problem))
                elif number != first or mark(decision) in made or repeats(now, decision):
                    repeated += 1
                else:
                    accepted.append(decision)
    return accepted, repeated


def mark(decision: Decision) -> Mark:
    """Return what makes two decisions the same: everything but when, and under which protocol, they were made."""
    return (
        decision.record, decision.stage, decision.by, decision.verdict.value, decision.criterion, decision.note,
        decision.basis.value,
    )  # fmt: skip


def _stages(protocol: Protocol) -> tuple[str, ...]:
    return (BEFORE_SCREENING, *(stage.id.value for stage in protocol.stage))


def _word(text: str) -> str:
    """Fold the ways of writing an id: "Title and abstract", "full_text", "FULL TEXT"."""
    return "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
