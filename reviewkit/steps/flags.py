"""Which decisions stand on what has changed since: found anew each time, so that a newer decision clears a flag."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from reviewkit.model.citation import Citation
from reviewkit.model.flags import Flag, decided_at, flag
from reviewkit.model.notices import GRAVE, RETRACTED, Notice
from reviewkit.steps.notices import notices_of
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

_BATCH = 1_000  # records whose citations are held at once


def find_flags(store: Store, standing: Standing, records: Collection[int] | None = None) -> dict[int, Flag]:
    """Return the flagged records, by ascending id: of all that were decided, or of the given ones.

    Only records are read that a search brought again, or PubMed lists a grave notice for, after they were decided.
    """
    runs = {run.id: run for run in standing.runs}
    notices = notices_of(store, standing.records)
    decided = decided_at(standing.screening)
    if records is not None:
        decided = {record: when for record, when in decided.items() if record in records}
    later = [
        record
        for record, when in decided.items()
        if any(runs[standing.run_of[c]].finished > when for c in standing.records.members[record])
        or any(notice.at > when and notice.kind in GRAVE for notice in notices.get(record, ()))
    ]
    due = sorted(_due(store, standing, sorted(later), decided, notices))
    found = {}
    for record, copies in _copies(store, standing, due):
        if made := flag(record, decided[record], copies, runs, notices.get(record, ())):
            found[record] = made
    return found


def _due(
    store: Store,
    standing: Standing,
    records: Sequence[int],
    decided: Mapping[int, str],
    notices: Mapping[int, Sequence[Notice]],
) -> Iterator[int]:
    """Yield the records of which something differs since, word for word, or for which a database lists something.

    A search that is run again brings everything again, nearly all of it as it was: so only what may differ is read.
    """
    finished = {run.id: run.finished for run in standing.runs}
    for start in range(0, len(records), _BATCH):
        home = {c: r for r in records[start : start + _BATCH] for c in standing.records.members[r]}
        known: dict[int, tuple[set[str], set[str]]] = {r: (set(), set()) for r in home.values()}
        since: list[tuple[int, str, str, bool]] = []
        for citation, title, abstract, types, related in store.wordings(home):
            record = home[citation]
            if finished[standing.run_of[citation]] <= decided[record]:
                known[record][0].add(title)
                known[record][1].add(abstract)
            else:
                since.append((record, title, abstract, bool(related) or RETRACTED in types))
        yield from {
            record
            for record, title, abstract, listed in since
            if listed or title not in known[record][0] or abstract not in known[record][1]
        }.union(record for record in known if record in notices)


def _copies(store: Store, standing: Standing, records: list[int]) -> Iterator[tuple[int, list[Citation]]]:
    for start in range(0, len(records), _BATCH):
        home = {c: r for r in records[start : start + _BATCH] for c in standing.records.members[r]}
        parts: dict[int, list[Citation]] = {}
        for citation in store.citations(home):
            parts.setdefault(home[citation.id], []).append(citation)
        yield from parts.items()
