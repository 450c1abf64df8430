"""Deduplication: the rules' matches on record, and the uncertain pairs that wait for a person."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reviewkit.model import matches as matching
from reviewkit.model.blinding import without_verdicts
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import find_matches
from reviewkit.model.journal import standing
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.partition import Partition
from reviewkit.model.represent import represent, represented
from reviewkit.model.runs import SearchRun, database_label
from reviewkit.model.text import words
from reviewkit.steps.compared import compared, note_compared
from reviewkit.steps.rule_counts import BY_RULE, RuleCount, count_by_rule, likeliest_first, reason_of
from reviewkit.store import Store


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
    `compared` are the two citations that the match is about, one of each record.
    """

    left: Citation
    right: Citation
    match: Match
    reason: str  # why the rule asks, in a sentence; '' where a person or a rule of an older version made the match
    contested: bool
    left_citations: tuple[int, ...]
    right_citations: tuple[int, ...]
    compared: tuple[Citation, Citation]

    @property
    def otherwise_titled(self) -> tuple[tuple[Citation, Citation], ...]:
        """Each record that shows another title than its compared copy has, and that copy: of this the match tells."""
        sides = zip((self.left, self.right), self.compared, strict=True)
        return tuple((record, copy) for record, copy in sides if words(record.title) != words(copy.title))


def deduplicate(store: Store, at: str, seen: Callable[[int], None] | None = None) -> Deduplicated:
    """Compare citations by the rules and append the new matches in one transaction.

    What was compared before is not compared again: a new run is matched with all that is there, and the matches
    are those of all runs at once. Where the rules themselves have changed since, everything is compared, and what
    they said before stands, as decisions rest on it. What people said is left out of it: it outranks the rules
    wherever records are derived.

    Args:
        at: the time to put on the matches.
        seen: called with the number of citations read so far, for a progress bar.
    """
    runs = store.runs()
    matches = store.all(Match)
    new = store.add(_found(store, runs, matches, at, seen))
    note_compared(store, runs)
    matches += new
    citations = store.citation_runs()
    records = matching.records(citations, matches)
    added = count_by_rule((match.rule, match.judgement) for match in new)
    waiting = len(matching.unsure(records, matches))
    return Deduplicated(len(citations), len(records.members), len(citations) - len(records.members), added, waiting)


def _found(
    store: Store, runs: Sequence[SearchRun], matches: Iterable[Match], at: str, seen: Callable[[int], None] | None
) -> list[Match]:
    """Return what the rules find that is not on record yet."""
    before = compared(store, runs)
    if not any(run.ids and run.ids.stop > before + 1 for run in runs):
        return []
    judged = {m.pair: m.judgement for m in matches if m.rule != PERSON and not m.undoes}
    return [
        Match(left=f.left, right=f.right, judgement=f.judgement, rule=f.rule, evidence=f.evidence, by=BY_RULE, at=at)
        for f in find_matches(_counted(store.citations(), seen), judged, before)
    ]


def waiting(store: Store) -> tuple[Partition, list[Match]]:
    """Return the records and the matches that wait for a person, the likeliest duplicates first."""
    citations, matches = store.citation_runs(), store.all(Match)
    records = matching.records(citations, matches)
    return records, likeliest_first(matching.unsure(records, matches))


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
            reason=reason_of(match.rule),
            contested=match.judgement is Judgement.SAME,
            left_citations=left,
            right_citations=right,
            compared=(citations[match.left], citations[match.right]),
        )

    return [question(match) for match in wanted]


@dataclass(frozen=True, slots=True)
class History:
    """One record's citations, the standing matches among them, and those that set it apart from others or wait.

    `sources` says for each field of the record from which citations it was taken, `database` where each of these came
    from, `related` what else reports the same study by a rule.
    """

    record: Citation
    sources: Mapping[str, tuple[int, ...]]
    citations: tuple[Citation, ...]
    database: Mapping[int, str]
    joined: tuple[Match, ...]
    apart: tuple[Match, ...]
    related: tuple[Match, ...]
    waiting: tuple[Match, ...]


def history(store: Store, records: Partition, record: int) -> History:
    """Tell how a record came about: who or what joined its citations, on what evidence, and when."""
    members = records.members[record]
    inside = set(members)
    citations = tuple(map(without_verdicts, store.citations(members)))
    rows = [m for m in standing(store.all(Match)) if inside & set(m.pair)]
    databases = {run.id: database_label(run.database) for run in store.runs()}
    shown = represented(citations)
    return History(
        record=shown.citation,
        sources=shown.sources,
        citations=citations,
        database={citation.id: databases.get(citation.run, citation.run) for citation in citations},
        joined=tuple(m for m in rows if m.judgement is Judgement.SAME and inside.issuperset(m.pair)),
        apart=tuple(m for m in rows if m.judgement is Judgement.DIFFERENT),
        related=tuple(m for m in rows if m.judgement is Judgement.RELATED and not inside.issuperset(m.pair)),
        waiting=tuple(m for m in waiting(store)[1] if inside & set(m.pair)),
    )


def _counted(citations: Iterable[Citation], seen: Callable[[int], None] | None) -> Iterator[Citation]:
    for count, citation in enumerate(citations, start=1):
        if seen is not None:
            seen(count)
        yield citation
