"""`export --for`: the records as Covidence, Rayyan or ASReview import them, with the decisions that were made here."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count, islice

from reviewkit.formats.tools import TOOLS, to_asreview, to_rayyan
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Outcome, State, Verdict
from reviewkit.model.protocol import Protocol, Stage, StageId
from reviewkit.steps.export.gather import Material, gather
from reviewkit.steps.export.records import noted
from reviewkit.steps.export.written import Exported, write_changed
from reviewkit.steps.flow import criterion_in_words
from reviewkit.steps.standing import Standing
from reviewkit.store import Store
from reviewkit.workspace import Folders

_WORDS = {Verdict.INCLUDE: "Included", Verdict.EXCLUDE: "Excluded"}  # any other verdict is Rayyan's Maybe
_LABELS = {State.INCLUDED: "1", State.EXCLUDED: "0"}  # anything else is not seen yet, for ASReview
_LISTS = {
    # Covidence's lists, in the order of the work -> what is in them
    "screen": "to be screened by title and abstract", "irrelevant": "excluded by title and abstract",
    "full-text": "to be assessed in full text", "excluded": "excluded in full text", "included": "included",
}  # fmt: skip

_OURS = re.compile(rf"(?:{'|'.join(_LISTS)})(?:-\d+)?\.ris|rayyan-[a-z-]+\.csv")

_File = tuple[str, str, Iterator[bytes]]  # name, what it is, its parts


def hand_over(
    store: Store, protocol: Protocol, folders: Folders, tool: str, progress: Callable[[str], None] = lambda _name: None
) -> list[Exported]:
    """Write a review's records for another program to import; records removed before screening are left out.

    Nothing of a record that still waits for a reviewer is told but that it waits.

    Args:
        tool: a key of TOOLS.
        progress: told the name of each file before it is made.

    Raises:
        FlowDoesNotAddUp: the PRISMA counts contradict each other; nothing was written.
        NotWritable: a file cannot be written.
    """
    material = gather(store, protocol)
    made = {"covidence": _covidence, "rayyan": _rayyan, "asreview": _asreview}[tool](store, material)
    folder = folders.exports / tool
    written = []
    for name, what, parts in made:  # each file is let go before the next is made
        progress(name)
        written.append(write_changed(folder / name, what, b"".join(parts)))
    for stale in {path for path in folder.glob("*") if _OURS.fullmatch(path.name)} - {w.path for w in written}:
        stale.unlink()  # a list, or a stage, that is empty by now
    return written


def _records(standing: Standing) -> list[int]:
    return [record for record in standing.records.members if record not in standing.screening.removed]


def _outcomes(material: Material, stage: StageId) -> Mapping[int, Outcome]:
    return material.standing.screening.stages.get(stage, {})


def _covidence(store: Store, material: Material) -> Iterator[_File]:
    """Covidence keeps decisions as the list that a reference is imported into, so each list is a file of its own."""
    lists: dict[str, list[int]] = {name: [] for name in _LISTS}
    for record in _records(material.standing):
        lists[_list_of(material, record)].append(record)
    most = TOOLS["covidence"].most
    for name, records in lists.items():
        rest = iter(sorted(records))
        for number in count(1):
            part = list(islice(rest, most))
            if not part:
                break
            file = f"{name}.ris" if number == 1 else f"{name}-{number}.ris"
            yield file, f"{len(part):,} {_LISTS[name]}", TOOLS["covidence"].write(noted(store, material, part))


def _list_of(material: Material, record: int) -> str:
    """Return the list that a record has reached; what is neither in nor out after full text is still to be assessed."""
    first = _outcomes(material, StageId.TITLE_ABSTRACT).get(record)
    last = _outcomes(material, StageId.FULL_TEXT).get(record)
    if last:
        return {State.INCLUDED: "included", State.EXCLUDED: "excluded"}.get(last.state, "full-text")
    if first:
        return {State.INCLUDED: "full-text", State.EXCLUDED: "irrelevant"}.get(first.state, "screen")
    return "screen"


def _rayyan(store: Store, material: Material) -> Iterator[_File]:
    """A review in Rayyan has one stage, so each stage that was reached is a file of its own."""
    first, *later = material.protocol.stage
    yield _rayyan_file(store, material, "rayyan.csv", first, _records(material.standing))
    for stage in later:
        if reached := [r for r in _records(material.standing) if r in _outcomes(material, stage.id)]:
            yield _rayyan_file(store, material, f"rayyan-{stage.id.value}.csv", stage, reached)


def _rayyan_file(store: Store, material: Material, name: str, stage: Stage, wanted: list[int]) -> _File:
    records = (
        replace(
            record,
            notes=" | ".join(filter(None, (record.notes.replace("|", "/"), _rayyan_notes(material, stage, record)))),
        )
        for record in noted(store, material, wanted)
    )
    what = f"{len(wanted):,} records, with the decisions by {stage.label.lower()} in their notes as Rayyan writes them"
    return name, what, to_rayyan(records)


def _rayyan_notes(material: Material, stage: Stage, record: Citation) -> str:
    """Write the verdicts at a stage that is closed for a record."""
    closed = _outcomes(material, stage.id).get(record.id)
    if closed is None or closed.state is State.PENDING:
        return ""
    decided = [*closed.votes, *([closed.settled] if closed.settled else [])]
    verdicts = {decision.by: _WORDS.get(decision.verdict, "Maybe") for decision in decided}
    pairs = ",".join(f"{json.dumps(by, ensure_ascii=False)}=>{json.dumps(word)}" for by, word in verdicts.items())
    parts = [f"RAYYAN-INCLUSION: {{{pairs}}}"]
    if closed.state is State.EXCLUDED and closed.criterion:
        reason = criterion_in_words(closed.criterion, material.protocol)
        parts.append(f"RAYYAN-EXCLUSION-REASONS: {reason.replace(',', ' /').replace('|', '/')}")
    return " | ".join(parts)


def _asreview(store: Store, material: Material) -> Iterator[_File]:
    outcomes = _outcomes(material, StageId.TITLE_ABSTRACT)

    def label(record: Citation) -> str:
        outcome = outcomes.get(record.id)
        return _LABELS.get(outcome.state, "") if outcome else ""

    records = noted(store, material, _records(material.standing))
    yield "asreview.csv", "every record, included by title and abstract or not (1, 0)", to_asreview(records, label)
