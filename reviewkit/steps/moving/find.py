"""Which record here an entry of another program's file means; what is not certain is said and not guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewkit.errors import BadId, UnknownRecord
from reviewkit.formats.rayyan import KEY
from reviewkit.model import text
from reviewkit.model.citation import Citation
from reviewkit.model.duplicates import Found, find_matches
from reviewkit.model.ids import parse_id, record_label
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.partition import partition
from reviewkit.model.votes import Entry
from reviewkit.steps.standing import Standing
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """The record that an entry means and how it was found, or why there is none."""

    record: int = 0
    how: str = ""
    problem: str = ""


NAMED, SAME_FILE, KEYED = "record id", "same file", "id in the other program"
_OURS = re.compile(r"\breviewkit r([1-9]\d{0,8})\. Found in: ")  # what `export` writes into the notes of a record
NO_RECORD = "no record here is this publication; import the search that found it, or this file itself"
IDENTIFIED, ALIKE = "PMID, DOI or accession number", "rules for duplicates"


def find_records(store: Store, standing: Standing, entries: Sequence[Entry]) -> list[Place]:
    """Find the record of each entry: by its id here, as the same entry of a file that was imported, by the other
    program's id, by identifiers where the titles agree (the id that reviewkit wrote into the notes is one of them), or
    by the rules for duplicates.
    """
    ids = _same_files(standing)
    found: dict[int, Place] = {}
    for place, entry in enumerate(entries):
        if entry.record:
            found[place] = _named(standing, entry.record)
        elif known := next((ids[copy] for copy in entry.copies if copy in ids), 0):
            found[place] = Place(standing.records.group[known], SAME_FILE)
    open_ = {place: entry for place, entry in enumerate(entries) if place not in found}
    if open_:
        found.update(_search(store, standing, open_))
    return [found[place] for place in range(len(entries))]


def _named(standing: Standing, label: str) -> Place:
    try:
        return Place(standing.record(parse_id(label)), NAMED)
    except (BadId, UnknownRecord) as error:
        return Place(problem=str(error))


def _same_files(standing: Standing) -> dict[tuple[str, int], int]:
    """Return (hash of an imported file, place of an entry in it) -> citation."""
    single = [run for run in standing.runs if len(run.responses) == 1]
    return {(run.responses[0].sha256, place): i for run in single for place, i in enumerate(run.ids)}


def _search(store: Store, standing: Standing, entries: Mapping[int, Entry]) -> dict[int, Place]:
    """Look entries up among all citations, which are read once."""
    last = max(standing.run_of, default=0)
    number = {place: last + n for n, place in enumerate(entries, start=1)}
    record = standing.records.group
    index = _Index(entries, record)

    def citations() -> Iterator[Citation]:
        for citation in store.citations():
            index.see(citation)
            yield citation
        yield from (replace(entry.citation, id=number[place], run="") for place, entry in entries.items())

    judged = {m.pair: m.judgement for m in store.all(Match) if m.rule != PERSON and not m.undoes}
    matches = [found for found in find_matches(citations(), judged, last) if found.right > last]
    together = [tuple(sorted((record.get(f.left, f.left), f.right))) for f in matches if f.judgement is Judgement.SAME]
    groups = partition((*record.values(), *number.values()), ((a, b) for a, b in together))
    held = {g: {i for i in members if i <= last} for g, members in groups.members.items() if members[-1] > last}
    unsure = {f.right: f for f in reversed(matches) if f.judgement is Judgement.UNSURE and f.left <= last}
    return {
        place: _judge(standing, index, entry, held[groups.group[number[place]]], unsure.get(number[place]))
        for place, entry in entries.items()
    }


def _judge(standing: Standing, index: "_Index", entry: Entry, alike: set[int], unsure: Found | None) -> Place:
    record = standing.records.group
    if entry.key.startswith(KEY) and (keyed := {record[i] for i in index.hits(f"accession {entry.key}")}):
        return _only(keyed, KEYED)
    title = text.title_words(entry.citation.title)
    # Elsewhere the same id is another record's, whose title tells.
    if named := {record[i] for i in index.hits(_noted(entry)) if title and index.titles[i] == title}:
        return _only(named, NAMED)
    hits = {i for key in _keys(entry.citation, entry.key) for i in index.hits(key)}
    agree = {record[i] for i in hits if not title or not index.titles[i] or index.titles[i] == title}
    if agree or alike:
        return _only(agree | alike, IDENTIFIED if agree else ALIKE)
    if hits:
        other = record_label(record[min(hits)])
        return Place(problem=f"an identifier of it is that of {other}, whose title is another; nothing is guessed")
    if unsure:
        label = record_label(record[unsure.left])
        write = f"if it is, add a column 'record' and write {label} there"
        return Place(problem=f"it may be {label}, but that is not certain ({unsure.evidence}); {write}")
    return Place(problem=NO_RECORD)


def _only(records: set[int], how: str) -> Place:
    if len(records) == 1:
        return Place(min(records), how)
    labels = " and ".join(map(record_label, sorted(records)))
    return Place(problem=f"it could be {labels}; 'reviewkit dedupe' says whether these are one publication")


class _Index:
    """The citations that share an identifier with an entry, with their titles; nothing of all others is kept."""

    def __init__(self, entries: Mapping[int, Entry], records: Mapping[int, int]) -> None:
        self._records = records  # citation -> its record
        self._ids: dict[str, list[int]] = {
            key: [] for entry in entries.values() for key in (*_keys(entry.citation, entry.key), _noted(entry))
        }
        self.titles: dict[int, tuple[str, ...]] = {}

    def see(self, citation: Citation) -> None:
        """Remember a citation where an entry names one of its identifiers."""
        for key in (*_keys(citation), f"record {self._records.get(citation.id, 0)}"):
            if key in self._ids:
                self._ids[key].append(citation.id)
                self.titles[citation.id] = text.title_words(citation.title)

    def hits(self, key: str) -> Sequence[int]:
        """Return the citations that have an identifier."""
        return self._ids.get(key, ())


def is_handed_over(entry: Entry) -> bool:
    """True where reviewkit wrote the entry, and nobody has added a remark since."""
    return _OURS.search(entry.citation.notes) is not None and not any(vote.remark for vote in entry.votes)


def _noted(entry: Entry) -> str:
    """Return the key of the record whose id reviewkit wrote into the notes of an entry that it handed over."""
    found = _OURS.search(entry.citation.notes)
    return f"record {found.group(1)}" if found else "record"


def _keys(citation: Citation, key: str = "") -> set[str]:
    """Return the identifiers of a citation, each with its kind; `key` is one that another program gave it."""
    said = (
        ("pmid", text.digits_key(citation.pmid)), ("pmc", text.digits_key(citation.pmcid)),
        ("doi", text.doi_key(citation.doi)), ("accession", citation.accession), ("accession", key),
    )  # fmt: skip
    return {f"{kind} {number}" for kind, number in said if number}
