"""The family name of an author as databases write it."""

import pytest

from reviewkit.model.represent import family_name


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Wilson JE", "Wilson"),
        ("Wilson, Jane E", "Wilson"),
        ("King ML Jr", "King"),
        ("Gilbert HF 3rd", "Gilbert"),
        ("Müller Ö", "Müller"),
        ("van der Berg C", "van der Berg"),
        ("Smith J.-P.", "Smith"),
        ("Wilson JE et al.", "Wilson"),
        ("National Toxicology Program", "National Toxicology Program"),
        ("WHO", "WHO"),
        ("", ""),
    ],
)
def test_the_family_name_is_what_stands_before_the_initials(author: str, family: str) -> None:
    assert family_name(author) == family
