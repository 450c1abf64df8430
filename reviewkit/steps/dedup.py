"""Deduplication: the rules' matches on record, and the uncertain pairs that wait for a person."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reviewkit.model import matches as matching
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import RULES, find_matches
from reviewkit.model.journal import standing
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.partition import Partition
from reviewkit.model.represent import represent
from reviewkit.store import Store

BY_RULE = "reviewkit"  # who made a rule's match

_RANK = {rule.name: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many pairs one rule added: judged the same, and left to a person."""

    rule: str
    reason: str
    same: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What deduplication found: the new matches by rule, and how the whole review stands after them."""

    citations: int
    records: int
    duplicates: int  # citations that are another copy of a record
    added: tuple[RuleCount, ...]
    waiting: int  # pairs that a person has to judge


@dataclass(frozen=True, slots=True)
class Question:
    """Two records that may be one publication, and the match that raises the question.

    `contested`: a rule or a person joins two citations that stay apart because others of these records were parted.
    """

    left: Citation
    right: Citation
    match: Match
    contested: bool
    left_citations: tuple[int, ...]
    right_citations: tuple[int, ...]


def deduplicate(store: Store, at: str, seen: Callable[[int], None] | None = None) -> Deduplicated:
    """Compare all citations by the rules and append the new matches in one transaction.

    Pairs that rules judged before are not judged again, so a second run adds nothing. What people said is
    left out of it: it outranks the rules wherever records are derived.

    Args:
        at: the time to put on the matches.
        seen: called with the number of citations read so far, for a progress bar.
    """
    matches = store.all(Match)
    judged = {m.pair: m.judgement for m in matches if m.rule != PERSON and not m.undoes}
    found = find_matches(_counted(store.citations(), seen), judged)
    new = [
        Match(left=f.left, right=f.right, judgement=f.judgement, rule=f.rule, evidence=f.evidence, by=BY_RULE, at=at)
        for f in found
    ]
    matches += store.add(new)
    citations = store.citation_runs()
    records = matching.records(citations, matches)
    counts = Counter((match.rule, match.judgement) for match in new)
    added = tuple(
        RuleCount(rule.name, rule.reason, counts[rule.name, Judgement.SAME], counts[rule.name, Judgement.UNSURE])
        for rule in RULES
        if counts[rule.name, Judgement.SAME] or counts[rule.name, Judgement.UNSURE]
    )
    waiting = len(matching.unsure(records, matches))
    return Deduplicated(len(citations), len(records.members), len(citations) - len(records.members), added, waiting)


def waiting(store: Store) -> tuple[Partition, list[Match]]:
    """Return the records and the matches that wait for a person, the likeliest duplicates first."""
    citations, matches = store.citation_runs(), store.all(Match)
    records = matching.records(citations, matches)
    unsure = matching.unsure(records, matches)
    unsure.sort(key=lambda match: (_RANK.get(match.rule, len(_RANK)), match.left, match.right))
    return records, unsure


def ask(store: Store, records: Partition, matches: Iterable[Match]) -> list[Question]:
    """Return the questions that waiting matches raise, each with both records as people see them."""
    wanted = list(matches)
    ids = {c for m in wanted for end in m.pair for c in records.members[records.group[end]]}
    citations = {citation.id: citation for citation in store.citations(ids)}

    def question(match: Match) -> Question:
        left, right = (records.members[records.group[end]] for end in match.pair)
        return Question(
            left=represent([citations[c] for c in left]),
            right=represent([citations[c] for c in right]),
            match=match,
            contested=match.judgement is Judgement.SAME,
            left_citations=left,
            right_citations=right,
        )

    return [question(match) for match in wanted]


@dataclass(frozen=True, slots=True)
class History:
    """One record's citations, the standing matches among them, and those that set it apart from others or wait."""

    record: Citation
    citations: tuple[Citation, ...]
    joined: tuple[Match, ...]
    apart: tuple[Match, ...]
    waiting: tuple[Match, ...]


def history(store: Store, records: Partition, record: int) -> History:
    """Tell how a record came about: who or what joined its citations, on what evidence, and when."""
    members = records.members[record]
    inside = set(members)
    citations = tuple(store.citations(members))
    rows = [m for m in standing(store.all(Match)) if inside & set(m.pair)]
    return History(
        record=represent(citations),
        citations=citations,
        joined=tuple(m for m in rows if m.judgement is Judgement.SAME and inside.issuperset(m.pair)),
        apart=tuple(m for m in rows if m.judgement is Judgement.DIFFERENT),
        waiting=tuple(m for m in waiting(store)[1] if inside & set(m.pair)),
    )


def _counted(citations: Iterable[Citation], seen: Callable[[int], None] | None) -> Iterator[Citation]:
    for count, citation in enumerate(citations, start=1):
        if seen is not None:
            seen(count)
        yield citation
