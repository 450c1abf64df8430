"""Who may extract and who may settle."""

from reviewkit.errors import BadExtraction
from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import fold
from reviewkit.model.protocol import CONSENSUS, Form


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
