"""The people at work on a review: each known by one name, however it is typed."""

from collections.abc import Iterable
from unicodedata import normalize

from reviewkit.errors import BadReviewer
from reviewkit.model.decisions import Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import PERSON, Match
from reviewkit.model.protocol import CONSENSUS, Protocol
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link
from reviewkit.steps.rule_counts import BY_RULE
from reviewkit.store import Store

_LONGEST = 100  # letters; the store takes 200


def known_name(store: Store, protocol: Protocol, name: str) -> str:
    """Return a person's name as it was written before, so that "ann" and "Ann" are not counted as two people.

    Looked through are decisions, extractions, links, samples and stops, what people said of duplicates, and those whom
    the protocol names for settling.
    """
    settlers = (*(stage.settled_by for stage in protocol.stage), protocol.extraction.settled_by)
    known = [name for shape in (Decision, Extraction, Link, Sample, Stop) for name in store.distinct(shape, "by")]
    known += [match.by for match in store.all(Match) if match.rule == PERSON]
    return same_person(name, known + [who for who in settlers if who != CONSENSUS])


def same_person(name: str, known: Iterable[str]) -> str:
    """Return the known name that differs from this one in case or spaces only, or else the name itself.

    Raises:
        BadReviewer: it is no name for a person.
    """
    known = list(known)
    if name in known:
        return name
    wanted = _fold(name)
    found = next((other for other in known if _fold(other) == wanted), "")
    return found or _new_name(normalize("NFC", name))


def _new_name(name: str) -> str:
    if not name.isprintable():
        raise BadReviewer(name=name[:40], reason="it holds signs that cannot be printed")
    if len(name) > _LONGEST:
        raise BadReviewer(name=f"{name[:40]} ...", reason=f"it is longer than {_LONGEST} letters")
    if _fold(name) in (CONSENSUS, BY_RULE):
        raise BadReviewer(name=name, reason="reviewkit uses it for something else")
    return name


def _fold(name: str) -> str:
    return " ".join(normalize("NFKC", name).casefold().split())
