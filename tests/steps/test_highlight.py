"""Highlighting: whole words, stems, hyphens, and nothing twice."""

import pytest

from reviewkit.model.protocol import Highlight
from reviewkit.steps.highlight import find_terms


def found(text: str, *include: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [text[s.start : s.end] for s in find_terms(text, Highlight(include=include, exclude=exclude))]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("mice", "Mice and micelles; MICE.", ["Mice", "MICE"]),
        ("exosom*", "Exosomes, exosomal; an exosom; nonexosomal", ["Exosomes", "exosomal", "exosom"]),
        ("low back", "low back, Low-back, low\nback, lowback", ["low back", "Low-back", "low\nback"]),
        ("low back", "low\N{NON-BREAKING HYPHEN}back", ["low\N{NON-BREAKING HYPHEN}back"]),
        ("anti-pain", "anti-pain anti pain antipain", ["anti-pain", "anti pain", "antipain"]),
        ("anti-pain", "anti\N{EN DASH}pain", ["anti\N{EN DASH}pain"]),
        ("vesicle* therap*", "vesicles therapy", ["vesicles therapy"]),
        ("IL-1β", "il-1Β and IL-1β", ["il-1Β", "IL-1β"]),
        ("a.b", "a.b acb", ["a.b"]),
        ("c++", "C++ and c", ["C++"]),
        ("外泌体", "用外泌体治疗", ["外泌体"]),
    ],
)  # fmt: skip
def test_terms_are_found_as_people_write_them(term: str, text: str, expected: list[str]):
    assert found(text, term) == expected


def test_of_two_terms_at_one_place_the_longer_one_is_shown():
    assert found("low back pain", "back pain", "low back pain") == ["low back pain"]
    spans = find_terms("mouse model of pain", Highlight(include=("mouse",), exclude=("mouse model",)))
    assert [(span.start, span.end, span.towards) for span in spans] == [(0, 11, "exclude")]


def test_both_directions_are_told_apart_in_order():
    spans = find_terms("exosomes in mice", Highlight(include=("exosom*",), exclude=("mice",)))
    assert [span.towards for span in spans] == ["include", "exclude"]


@pytest.mark.parametrize("term", ["", "*", " - ", "**"])
def test_a_term_without_a_word_finds_nothing(term: str):
    assert found("all of * this - text", term) == []
