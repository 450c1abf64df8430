"""References as medical journals print them."""

import pytest

from reviewkit.model.citation import Citation
from reviewkit.model.reference import reference
from tests.build import citation


def test_a_full_reference_is_written_the_vancouver_way() -> None:
    full = citation(
        title="Safety of vesicles", authors=("Wilson JE", "Today, Bob Adam"), journal="Regen Med", year=2024,
        volume="3", issue="1", pages="12-9", doi="10.1/x", pmid="1", pmcid="PMC2", registrations=("NCT00000001",),
    )  # fmt: skip
    assert reference(full) == (
        "Wilson JE, Today BA. Safety of vesicles. Regen Med. 2024;3(1):12-9. doi:10.1/x. PMID 1. PMC2. NCT00000001."
    )


def test_more_than_six_authors_end_in_et_al() -> None:
    assert reference(citation(authors=tuple("ABCDEFG"))).startswith("A, B, C, D, E, F, et al. Exosomes")


@pytest.mark.parametrize(
    ("author", "written"),
    [
        ("Müller-Lüdenscheidt, Jean-Paul", "Müller-Lüdenscheidt JP"),
        ("van der Berg, A.", "van der Berg A"),
        ("Direct Biologics, LLC", "Direct Biologics, LLC"),
        ("Working Group on Spine, Pain and Rehabilitation of the North", "Working Group on Spine, Pain and"),
        ("Group of people", "Group of people"),
    ],
)
def test_names_are_written_with_initials_and_groups_as_they_are(author: str, written: str) -> None:
    assert reference(citation(authors=(author,))).startswith(written)


def test_what_is_not_known_is_left_out() -> None:
    assert reference(Citation(title="Does it work?")) == "Does it work?"
    assert reference(Citation()) == "[no title]."
