"""Another program's verdicts in this review's terms: its people, its stages, its criteria."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reviewkit.errors import UnusableMapping, WhichReviewer, WhichStage
from reviewkit.model.decisions import Basis, Decision, Verdict
from reviewkit.model.protocol import Protocol, StageId
from reviewkit.model.votes import Entry, Tool, Vote
from reviewkit.steps.decide import STAGE_NAMES, find_stage

_BLANKS = str.maketrans(dict.fromkeys(",-_/|", " "))
INSTEAD = (Verdict.NOT_RETRIEVED, Verdict.AWAITING, Verdict.ONGOING)  # what a reason may be besides a criterion


@dataclass(frozen=True, slots=True)
class People:
    """What was said about the people: name there -> name here, and who decided where a file does not say."""

    names: Mapping[str, str]
    default: str = ""


def read_people(said: Iterable[str]) -> People:
    """Read what --reviewer says: "NAME" for files that name nobody, or "THERE=HERE"."""
    pairs = [(there.strip(), " ".join(here.split())) for there, sign, here in (s.partition("=") for s in said) if sign]
    alone = [" ".join(text.split()) for text in said if "=" not in text]
    if len(alone) > 1:
        raise UnusableMapping(
            what=f"--reviewer names {' and '.join(alone)}", remedy="Give one, or NAME THERE=NAME HERE."
        )
    return People(dict(pairs), alone[0] if alone else "")


@dataclass(slots=True)
class Translator:
    """Turns votes into decisions, and counts the reasons that it met and that are no criterion here."""

    protocol: Protocol
    people: People
    reasons: Mapping[str, str]  # folded words -> criterion id, or a verdict of INSTEAD
    stage: str
    at: str
    unmapped: Counter[str] = field(default_factory=Counter)
    needed: Counter[str] = field(default_factory=Counter)  # of these, those without which an exclusion is refused

    def check(self, entries: Iterable[Entry]) -> None:
        """Raise WhichStage or WhichReviewer where a file does not say these, and nobody did."""
        for entry in entries:
            for vote in entry.votes:
                if not (vote.stage or self.stage):
                    raise WhichStage(file=entry.file)
                self.person(entry, vote.by)

    def decisions(self, entry: Entry, record: int, votes: Iterable[Vote]) -> list[Decision]:
        """Return the decisions that an entry's votes are here.

        Left out are votes at another stage than the one asked for, and at a stage that the protocol does without.

        Raises:
            UnknownStage: the file names a stage that there is not.
        """
        made = []
        for vote in votes:
            stage = stage_id(vote.stage) or self.stage
            if self.stage not in ("", stage):
                continue
            if stage in set(StageId) and self.protocol.find_stage(stage) is None:
                continue
            made.append(self._decision(entry, record, vote, find_stage(self.protocol, stage).id.value))
        return made

    def _decision(self, entry: Entry, record: int, vote: Vote, stage: str) -> Decision:
        verdict, criterion, words = self._reason(vote, stage)
        by, basis = self.person(entry, vote.by)
        noted = [", ".join(words)] if words else []
        noted += [vote.remark] if vote.remark else []
        if entry.tool in (Tool.RAYYAN, Tool.ASREVIEW) or vote.at:
            noted.append(" ".join(filter(None, (f"from {entry.tool.label}", vote.at))))
        return Decision(
            record=record, stage=stage, verdict=verdict, criterion=criterion, by=by, at=self.at,
            note=" ".join("; ".join(noted).split()), basis=basis,
        )  # fmt: skip

    def person(self, entry: Entry, by: str) -> tuple[str, Basis]:
        """Return who decided, by the name that he has here, and on what basis that stands."""
        name = self.people.names.get(by, by) or self.people.default
        if name:
            return name, Basis.REVIEWER
        if entry.tool is Tool.COVIDENCE:
            return entry.tool.label, Basis.ELSEWHERE
        raise WhichReviewer(file=entry.file)

    def _reason(self, vote: Vote, stage: str) -> tuple[Verdict, str, list[str]]:
        """Return verdict and criterion by the first reason that is known here, and all reasons in words."""
        words = self._joined(vote.reasons)
        if vote.verdict is not Verdict.EXCLUDE:
            return vote.verdict, "", words
        known = [self.reasons[fold(word)] for word in words if fold(word) in self.reasons]
        if not known:
            self.unmapped.update(words)
            if find_stage(self.protocol, stage).reasons == "required":
                self.needed.update(words)
            return vote.verdict, "", words
        if known[0] in INSTEAD:
            return Verdict(known[0]), "", words
        return vote.verdict, known[0], words

    def _joined(self, parts: Sequence[str]) -> list[str]:
        """Join again what was one reason with a comma in it: Rayyan parts reasons with commas."""
        words: list[str] = []
        start = 0
        while start < len(parts):
            ends = range(len(parts), start, -1)
            end = next((e for e in ends if fold(",".join(parts[start:e])) in self.reasons), start + 1)
            words.append(", ".join(parts[start:end]))
            start = end
        return words


def reason_table(protocol: Protocol, said: Iterable[str]) -> dict[str, str]:
    """Return what each reason means here: criteria by id, label and text, and what --reason says ("TEXT=E1").

    "E1 Wrong population", both together, is how reviewkit hands reasons over.

    Raises:
        UnusableMapping: a mapping names neither an exclusion criterion nor one of the other ends of a full text.
    """
    table: dict[str, str] = {}
    for criterion in protocol.exclude:
        for words in (criterion.id, criterion.label, criterion.text, f"{criterion.id} {criterion.short}"):
            if words:
                table.setdefault(fold(words), criterion.id)
    ids = {criterion.id.casefold(): criterion.id for criterion in protocol.exclude}
    ends = {verdict.value: verdict.value for verdict in INSTEAD}
    for mapping in said:
        words, _, target = mapping.rpartition("=")
        meant = (ids | ends).get(target.strip().casefold())
        if not fold(words) or not meant:
            known = ", ".join((*ids.values(), *ends))
            raise UnusableMapping(what=f"--reason '{mapping}'", remedy=f'Write "WORDS THERE=ID", with one of {known}.')
        table[fold(words)] = meant
    return table


def stage_id(words: str) -> str:
    """Return the id of a stage, however it is written: "Full text", "full_text"."""
    wanted = fold(words)
    return next((key for key, shown in STAGE_NAMES.items() if wanted in (fold(key), fold(shown))), words)


def fold(words: str) -> str:
    """Return words as they are compared: without case, and with commas, hyphens, strokes and blanks alike."""
    return " ".join(words.casefold().translate(_BLANKS).split())
