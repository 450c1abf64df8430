"""Two searches of one database compared: what is new, known, no longer returned, and what changed since."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    identifiers: tuple[str, ...]  # DOI, PMCID, registration: each can be shared by two entries of a database
    names: tuple[str, ...]  # title with first author: an article has those of its preprint, and of its abstract
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

    @property
    def weak(self) -> tuple[str, ...]:
        """What tells a publication, and not surely an entry of the database."""
        return (*self.identifiers, *self.names)


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
    identifiers = [
        f"doi:{citation.doi.lower()}" if citation.doi else "",
        f"pmcid:{citation.pmcid.upper()}" if citation.pmcid else "",
        *(f"register:{number.upper()}" for number in citation.registrations if citation.is_register_entry),
    ]
    name = f"title:{title} {family_name(citation.first_author).casefold()}"
    return Trace(
        id=citation.id,
        pmid=citation.pmid,
        accession=citation.accession,
        identifiers=tuple(_hash(key).hex() for key in identifiers if key),
        names=(_hash(name).hex(),) if len(title) >= _TELLING else (),
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
    by_id = {one.id: one for one in known}
    partners = _partners(list(by_id.values()), now)
    pairs, new = [], []
    changed: dict[int, tuple[int, tuple[Difference, ...]]] = {}
    for one in now:
        earlier = partners.get(one.id)
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


def _partners(known: Sequence[Trace], now: Sequence[Trace]) -> dict[int, Trace]:
    """Return citation -> the earlier one that it is, whatever the order of this search's citations.

    The database's own numbers go before other identifiers, and these before titles. An earlier entry that is still
    there under its number is no other entry as well: a new article of the same title is new, beside its preprint. Only
    an entry of the same identifier and the same title is known, since some databases list a publication twice.
    """
    found, met = _match(now, known, lambda one: one.strong, lambda _one, _earlier: True)
    by_identifier, met_too = _match(
        [one for one in now if one.id not in found],
        known,
        lambda one: one.identifiers,
        lambda one, earlier: not _clash(one, earlier) and (earlier.id not in met or earlier.title == one.title),
    )
    found |= by_identifier
    met |= met_too
    by_name, _ = _match(
        [one for one in now if one.id not in found],
        [earlier for earlier in known if earlier.id not in met],
        lambda one: one.names,
        lambda one, earlier: not _clash(one, earlier),
    )
    return found | by_name


def _match(
    now: Sequence[Trace],
    known: Sequence[Trace],
    keys_of: Callable[[Trace], tuple[str, ...]],
    fits: Callable[[Trace, Trace], bool],
) -> tuple[dict[int, Trace], set[int]]:
    """Return citation -> the latest earlier one of the same key, and all earlier ones that have a key met so."""
    asked = {key for one in now for key in keys_of(one)}
    held: dict[str, list[Trace]] = {}
    for earlier in known:
        for key in asked.intersection(keys_of(earlier)):
            held.setdefault(key, []).append(earlier)
    found: dict[int, Trace] = {}
    met: set[str] = set()
    for one in now:
        for key in keys_of(one):
            if partner := next((other for other in reversed(held.get(key, ())) if fits(one, other)), None):
                found.setdefault(one.id, partner)
                met.add(key)
    return found, {earlier.id for key in met for earlier in held[key]}


def _clash(one: Trace, other: Trace) -> bool:
    """Two PMIDs are two records of PubMed, whatever else they share."""
    return bool(one.pmid and other.pmid and one.pmid != other.pmid)


def _listed(types: Iterable[str]) -> str:
    return "; ".join(sorted(types))


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=10).digest()
