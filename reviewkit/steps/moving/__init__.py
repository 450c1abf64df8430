"""A team moves: decisions made in Rayyan, Covidence, ASReview or a plain list become decisions here, all or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewkit.errors import BadRows, UnusableMapping, UserError
from reviewkit.model.decisions import Basis, Decision, Verdict
from reviewkit.model.journal import standing as still_standing
from reviewkit.model.protocol import Protocol
from reviewkit.model.votes import Entry
from reviewkit.steps.decide import find_stage, same_place, store_decisions
from reviewkit.steps.decision_table import Mark, check_rows, mark
from reviewkit.steps.moving.find import NO_RECORD, Place, find_records, is_handed_over
from reviewkit.steps.moving.logged import with_rayyan_votes
from reviewkit.steps.moving.read import Reading, Told, read_exports
from reviewkit.steps.moving.translate import INSTEAD, People, Translator, read_people, reason_table, stage_id
from reviewkit.steps.people import same_person
from reviewkit.steps.standing import Standing
from reviewkit.steps.wording import counted
from reviewkit.store import Store

_LISTED = 50  # rows that a refusal names; a trial run lists all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for: see `reviewkit decide import --help`."""

    tool: str = ""
    stage: str = ""
    verdict: Verdict | None = None
    reviewers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    keep_good: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many decisions of one kind were added."""

    stage: str
    reviewer: str
    basis: Basis
    verdict: Verdict
    criterion: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of other programs' files.

    `files` says as what each was read, `undecided` counts entries on which nobody had decided, `found` says how the
    records of the others were found. `added` and `repeated` count decisions, `revised` those of the added that take
    the place of an earlier one, `counts` tells the added ones by kind. `reasons` are reasons that are no criterion
    here and stay in the notes. With `dry_run` nothing was stored.
    """

    files: Mapping[str, str]
    entries: int
    undecided: int
    found: Mapping[str, int]
    added: int
    revised: int
    repeated: int
    counts: tuple[Count, ...]
    reasons: Mapping[str, int]
    problems: tuple[str, ...]
    dry_run: bool


def take_exports(
    store: Store, protocol: Protocol, standing: Standing, paths: Sequence[Path], at: str, wanted: Wanted
) -> Moved:
    """Take the decisions in other programs' files in one transaction: all of them, or none when one is bad.

    What was taken before adds nothing, even where it was revised here since.

    Raises:
        NotReadable, UnreadableFile: a file cannot be read, or tells no decisions.
        UnknownStage, WhichStage, WhichReviewer, UnusableMapping: it must be said first who decided, where, and why.
        BadRows: entries cannot be taken and neither `keep_good` nor `dry_run` is set; nothing was stored.
    """
    stage = find_stage(protocol, stage_id(wanted.stage)).id.value if wanted.stage else ""
    people = read_people(wanted.reviewers)
    translator = Translator(protocol, people, reason_table(protocol, wanted.reasons), stage, at)
    reading = read_exports(paths, Told(wanted.tool, stage, wanted.verdict))
    entries = with_rayyan_votes(reading, people.names)
    _check_names(people, entries, reading)
    translator.check(entries)

    decided = [entry for entry in entries if entry.votes or entry.problem]
    places = find_records(store, standing, decided)
    problems: list[tuple[int, str]] = []
    stored = store.all(Decision)
    lines = _translate(translator, decided, places, stored, standing, problems)
    accepted, repeated = check_rows(
        lines, stored, protocol, standing, problems, lambda n: decided[n].place, _taken_before(standing, stored)
    )
    bad = dict.fromkeys(f"{decided[n].place}: {problem}" for n, problem in sorted(problems))
    told = (*_needed(translator), *reading.problems, *bad)
    if told and not (wanted.keep_good or wanted.dry_run):
        missing = sum(place.problem == NO_RECORD for place in places)
        raise _refusal(told, len({n for n, _ in problems}) + len(reading.problems), missing, len(accepted))
    if not wanted.dry_run:
        store_decisions(store, protocol, accepted, at)
    kept = {words: n for words, n in _most(translator.unmapped) if words not in translator.needed}
    return Moved(
        files=reading.files,
        entries=len(entries),
        undecided=len(entries) - len(decided),
        found=dict(Counter(place.how for place in places if place.record)),
        added=len(accepted),
        revised=sum(same_place(standing, decision) is not None for decision in accepted),
        repeated=repeated,
        counts=_count(protocol, accepted),
        reasons=kept,
        problems=told,
        dry_run=wanted.dry_run,
    )


def _translate(
    translator: Translator,
    entries: Sequence[Entry],
    places: Sequence[Place],
    stored: Sequence[Decision],
    standing: Standing,
    problems: list[tuple[int, str]],
) -> list[tuple[int, Decision]]:
    """Return the decisions of all entries, each with its entry's place; what is wrong goes to `problems`."""
    people = dict.fromkeys(row.by for row in stored)
    lines: list[tuple[int, Decision]] = []
    for number, (entry, place) in enumerate(zip(entries, places, strict=True)):
        if problem := entry.problem or place.problem:
            problems.append((number, problem))
            continue
        try:
            for decision in translator.decisions(entry, place.record, entry.votes):
                by = same_person(decision.by, people)
                people.setdefault(by)
                made = replace(decision, by=by)
                lines.append((number, _unless_it_stands(made, standing) if is_handed_over(entry) else made))
        except UserError as error:
            problems.append((number, str(error)))
    return lines


def _unless_it_stands(decision: Decision, standing: Standing) -> Decision:
    """Return what came back of a record that was handed over; where it is what stands, that, with its own note.

    A report that was not retrieved, awaits classification or is ongoing is Rayyan's Maybe; ASReview knows no reasons.
    """
    earlier = same_place(standing, decision)
    if earlier is None:
        return decision
    same = earlier.verdict is decision.verdict and decision.criterion in ("", earlier.criterion)
    return earlier if same or (decision.verdict is Verdict.MAYBE and earlier.verdict in INSTEAD) else decision


def _check_names(people: People, entries: Sequence[Entry], reading: Reading) -> None:
    """Refuse a --reviewer THERE=HERE that fits nobody in the files: it is a slip of the pen."""
    there = {vote.by for entry in entries for vote in entry.votes if vote.by}
    for name in people.names:
        if name not in there and name not in reading.log:
            known = f"Named there are {', '.join(sorted(there))}." if there else "The files name nobody."
            raise UnusableMapping(what=f"--reviewer '{name}={people.names[name]}'", remedy=known)


def _taken_before(standing: Standing, stored: Sequence[Decision]) -> frozenset[Mark]:
    """Return the marks of the rows that were not undone, revised ones too, on the records as they are now."""
    group = standing.records.group
    return frozenset(mark(replace(row, record=group.get(row.record, 0))) for row in still_standing(stored))


def _needed(translator: Translator) -> list[str]:
    """Name the reasons without which exclusions are refused, the most frequent one first."""
    return [
        f"{counted(n, 'exclusion')} for '{words}', which is no criterion here: add --reason \"{words}=ID\""
        for words, n in _most(translator.needed)
    ]


def _refusal(told: Sequence[str], bad: int, missing: int, good: int) -> BadRows:
    many = "1 entry" if bad == 1 else f"{bad:,} entries"
    of_no_record = f" ({missing:,} of no record here)" if missing else ""
    remedy = f" --keep-good takes the other {counted(good, 'decision')};" if good else ""
    more = [f"and {len(told) - _LISTED:,} more"] if len(told) > _LISTED else []
    summary = f"{many} cannot be taken{of_no_record}, so none was.{remedy} --dry-run lists everything."
    return BadRows(summary, [*told[:_LISTED], *more])


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _count(protocol: Protocol, decisions: Sequence[Decision]) -> tuple[Count, ...]:
    order = {stage.id.value: place for place, stage in enumerate(protocol.stage)}
    counted = Counter((d.stage, d.by, d.basis, d.verdict, d.criterion) for d in decisions)
    rows = [Count(*kind, n) for kind, n in counted.items()]
    verdicts = list(Verdict)
    return tuple(
        sorted(rows, key=lambda row: (order[row.stage], row.reviewer, verdicts.index(row.verdict), row.criterion))
    )
