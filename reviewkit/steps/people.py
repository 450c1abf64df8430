"""The people at work on a review: each known by one name, however it is typed."""

from collections.abc import Iterable
from unicodedata import normalize

from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import PERSON, Match
from reviewkit.model.protocol import CONSENSUS, Protocol
from reviewkit.model.studies import Link
from reviewkit.store import Store


def known_name(store: Store, protocol: Protocol, name: str) -> str:
    """Return a person's name as it was written before, so that "ann" and "Ann" are not counted as two people.

    Looked through are decisions, extractions, links, what people said of duplicates, and those whom the protocol
    names for settling.
    """
    settlers = (*(stage.settled_by for stage in protocol.stage), protocol.extraction.settled_by)
    known = [name for shape in (Decision, Extraction, Link) for name in store.distinct(shape, "by")]
    known += [match.by for match in store.all(Match) if match.rule == PERSON]
    return same_person(name, known + [who for who in settlers if who != CONSENSUS])


def same_person(name: str, known: Iterable[str]) -> str:
    """Return the known name that differs from this one in case or spaces only, or else the name itself."""
    known = list(known)
    if name in known:
        return name
    wanted = _fold(name)
    return next((other for other in known if _fold(other) == wanted), normalize("NFC", name))


def _fold(name: str) -> str:
    return " ".join(normalize("NFKC", name).casefold().split())
