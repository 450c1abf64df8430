"""Who may extract and who may settle."""

from reviewkit.errors import BadExtraction
from reviewkit.model.decisions import Basis, Decision
from reviewkit.model.extractions import Extraction, fold
from reviewkit.model.protocol import CONSENSUS, Form, Protocol
from reviewkit.steps.decide import same_person
from reviewkit.store import Store


def known_person(store: Store, protocol: Protocol, name: str) -> str:
    """Return a person's name as it was written before, in extraction or in screening: "Ann" and "ann" are one."""
    rows = [*store.all(Extraction), *store.all(Decision)]
    settlers = [protocol.extraction.settled_by, *(stage.settled_by for stage in protocol.stage)]
    return same_person(name, [row.by for row in rows] + [who for who in settlers if who != CONSENSUS])


def check_person(person: str) -> None:
    """Refuse a name that would be taken for the consensus.

    Raises:
        BadExtraction: it is that name.
    """
    if fold(person) == Basis.CONSENSUS.value:
        raise BadExtraction(place=f"--reviewer {person}", reason="this name stands for what was settled; give your own")


def check_settler(form: Form, person: str) -> None:
    """Refuse a person who is not the one that the protocol names for settling differences.

    Raises:
        BadExtraction: the protocol names another one.
    """
    check_person(person)
    if form.settled_by not in (CONSENSUS, person):
        raise BadExtraction(
            place=f"--reviewer {person}",
            reason=f"the protocol says that {form.settled_by} settles differences in extraction "
            "(settled_by under [extraction])",
        )
