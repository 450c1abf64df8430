"""Two searches of one database compared: what is new, known, no longer returned, and what changed since."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reviewkit.model.citation import Citation
from reviewkit.model.notices import Said, said_of
from reviewkit.model.represent import family_name

_BETWEEN = re.compile(r"[\W_]+")
_TELLING = 25  # letters and digits of a title that can tell a publication without an identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is kept in mind of a citation to compare it with another search's: its identifiers, and what may change.

    Titles and abstracts are kept as hashes of their letters and digits, since those of two large searches fill the
    memory; what they say is looked up for the few that changed.
    """

    id: int
    pmid: str
    accession: str
    weak: tuple[str, ...]  # DOI, PMCID, registration, title: each can be shared by two entries of a database
    title: bytes
    abstract: bytes  # b'' without one
    status: str
    types: frozenset[str]
    said: tuple[Said, ...]  # corrections, retractions ...
    results: str = ""  # "results posted 2026-05-01"

    @property
    def strong(self) -> tuple[str, ...]:
        """The database's own identifiers."""
        found = (("pmid", self.pmid), ("accession", self.accession))
        return tuple(f"{name}:{value}" for name, value in found if value)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a database gives otherwise than before; of title and abstract only that they differ."""

    field: str  # "title", "abstract", "status", "publication types", "notice", "results"
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What comes of comparing: `known` pairs earlier citations with this search's, `gone` are no longer returned."""

    known: tuple[tuple[int, int], ...]
    new: tuple[int, ...]
    gone: tuple[int, ...]
    changed: dict[int, tuple[int, tuple[Difference, ...]]]  # citation -> the earlier one, and what differs


def trace(citation: Citation) -> Trace:
    """Return what is kept in mind of a citation."""
    title = words_of(citation.title)
    weak = [
        f"doi:{citation.doi.lower()}" if citation.doi else "",
        f"pmcid:{citation.pmcid.upper()}" if citation.pmcid else "",
        *(f"register:{number.upper()}" for number in citation.registrations if citation.is_register_entry),
        f"title:{title} {family_name(citation.first_author).casefold()}" if len(title) >= _TELLING else "",
    ]
    return Trace(
        id=citation.id,
        pmid=citation.pmid,
        accession=citation.accession,
        weak=tuple(_hash(key).hex() for key in weak if key),
        title=_hash(title),
        abstract=_hash(words_of(citation.abstract)) if citation.abstract else b"",
        status=citation.status,
        types=frozenset(citation.types),
        said=said_of(citation),
        results=f"results posted {citation.results_posted}".strip() if citation.has_results else "",
    )


def words_of(text: str) -> str:
    """Return the letters and digits of a text, in lower case: what has to differ for the text to have changed."""
    return _BETWEEN.sub("", text.casefold())


def compare(known: Iterable[Trace], last: Iterable[int], now: Sequence[Trace]) -> Compared:
    """Compare a search with what its database gave before.

    A newly indexed old record, or one that begins to match otherwise, is new like any other: by its identifier.

    Args:
        known: what every earlier search of the database brought, the earliest search first.
        last: those of them that one search brought, which asked what this one asks; what this one lacks of them is
            gone. None where it asked something else.
        now: what this search brought.
    """
    held: dict[str, Trace] = {}
    by_id: dict[int, Trace] = {}
    for one in known:
        by_id[one.id] = one
        held.update(dict.fromkeys((*one.weak, *one.strong), one))
    pairs, new = [], []
    changed: dict[int, tuple[int, tuple[Difference, ...]]] = {}
    for one in now:
        earlier = next((held[key] for key in one.strong if key in held), None) or next(
            (held[key] for key in one.weak if key in held and not _clash(one, held[key])), None
        )
        if earlier is None:
            new.append(one.id)
            continue
        pairs.append((earlier.id, one.id))
        if found := tuple(differences(earlier, one)):
            changed[one.id] = (earlier.id, found)
    strong, weak = {key for one in now for key in one.strong}, {key for one in now for key in one.weak}
    met = {earlier for earlier, _ in pairs}
    gone: list[int] = []
    for citation in last:
        one = by_id[citation]
        kept = strong.intersection(one.strong) or (not one.pmid and weak.intersection(one.weak))
        if citation not in met and not kept:
            gone.append(citation)
    return Compared(tuple(pairs), tuple(new), tuple(gone), changed)


def differences(before: Trace, now: Trace) -> Iterator[Difference]:
    """Yield what a database gives otherwise than before."""
    if before.title != now.title:
        yield Difference("title")
    if before.abstract != now.abstract:
        yield Difference("abstract")
    if before.status != now.status:
        yield Difference("status", before.status, now.status)
    if before.types != now.types:
        yield Difference("publication types", _listed(before.types - now.types), _listed(now.types - before.types))
    for said in now.said:
        if said not in before.said:
            yield Difference("notice", "", str(said))
    if before.results != now.results:
        yield Difference("results", before.results, now.results)


def _clash(one: Trace, other: Trace) -> bool:
    """Two PMIDs are two records of PubMed, whatever else they share."""
    return bool(one.pmid and other.pmid and one.pmid != other.pmid)


def _listed(types: Iterable[str]) -> str:
    return "; ".join(sorted(types))


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=10).digest()
