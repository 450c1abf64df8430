"""Invented records of which some are plainly about the question, for the tests of the order of relevance."""

from pathlib import Path
from random import Random

from reviewkit.model.citation import Citation
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from tests.build import citation, protocol_text

_WANTED = ("exosomes", "vesicles", "disc", "pain", "lumbar", "nucleus", "injection", "facet", "spine", "degeneration")
_OTHER = ("survey", "cohort", "children", "asthma", "teeth", "fluoride", "nurses", "sleep", "noise", "meals")
_TITLES = ("Sleep of nurses", "School meals", "Asthma inhalers", "Teeth and fluoride", "Migraine", "Noise and hearing")


def is_wanted(record: int) -> bool:
    """Every twentieth record is about the question."""
    return record % 20 == 0


def invented(count: int) -> list[Citation]:
    """Citations, the nth of which is about exosomes for back pain where `is_wanted(n)`."""
    dice = Random(count)
    made = []
    for number in range(1, count + 1):
        wanted = is_wanted(number)
        title = "Exosomes for back pain" if wanted else dice.choice(_TITLES)
        text = " ".join(dice.choices(_WANTED if wanted else _OTHER, k=25))
        made.append(citation(title=f"{title}, part {number}", abstract=text, year=2000 + number % 20))
    return made


def relevance_text(reviewers: int = 1, more: str = "") -> str:
    """A protocol that wants the most relevant titles first; `more` are further keys of that stage."""
    return protocol_text(reviewers).replace(
        'reasons = "optional"\n', f'reasons = "optional"\norder = "relevance"\n{more}\n', 1
    )


def relevance_protocol(reviewers: int = 1, more: str = "") -> Protocol:
    """The same, read."""
    return parse_protocol(relevance_text(reviewers, more), Path("backpain.toml"))
