"""Titles and abstracts with markup become plain text; no word is lost and none is glued to the next."""

import pytest

from reviewkit.formats.jats import one_line, paragraphs

MATH = (
    '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mn>10</mml:mn><mml:mn>9</mml:mn>'
    "</mml:msup></mml:math>"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Plain title", "Plain title"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("R&D in A&B", "R&D in A&B"),
        ("<i>In vivo</i> R&D of CO<sub>2</sub>", "In vivo R&D of CO2"),
        ("10<sup>6</sup> cells", "10^6 cells"),
        ("<jats:italic>In vivo</jats:italic>&nbsp;study", "In vivo study"),
        (f"Doses of {MATH} particles", "Doses of 10^9 particles"),
        ("<i>not closed", "<i>not closed"),
        ("<jats:p>not closed", "not closed"),
        ("<scp>d</scp>-lactate", "d-lactate"),
        ("A <jats:ext-link xlink:href='x'>link</jats:ext-link>, here", "A link, here"),
        (f"<jats:inline-formula><jats:tex-math>$10^9$</jats:tex-math>{MATH}</jats:inline-formula>-fold", "10^9-fold"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_without_markup(given: str, expected: str) -> None:
    assert one_line(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Just text.", "Just text."),
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\nTwo."),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One."),
        ("<jats:title>ABSTRACT.</jats:title><jats:p>One.</jats:p>", "One."),
        ("<jats:sec><jats:title>Aim</jats:title><jats:p>One.</jats:p></jats:sec>", "Aim: One."),
        (
            "<jats:p>One</jats:p> and loose <jats:bold>words</jats:bold><jats:p>two</jats:p>",
            "One\nand loose words\ntwo",
        ),
        ("<jats:p>A list:<jats:list><jats:list-item>x</jats:list-item></jats:list></jats:p>", "A list: x"),
        ("<jats:list><jats:list-item><jats:p>x</jats:p></jats:list-item></jats:list>", "x"),
        ("<jats:title>Only a heading</jats:title>", "Only a heading"),
        ("&lt;p&gt;Escaped &amp;lt; once.&lt;/p&gt;", "Escaped < once."),
        ("<jats:p>p < 0.05</jats:p><jats:p>broken & odd</jats:p>", "p < 0.05\nbroken & odd"),
        (f"<jats:p>At {MATH}.</jats:p>", "At 10^9."),
    ],
)
def test_an_abstract_keeps_its_paragraphs_and_headings(given: str, expected: str) -> None:
    assert paragraphs(given) == expected


def test_entities_and_deep_nesting_are_survived() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "boom">]><jats:p>&a;</jats:p>'
    assert "boom" not in paragraphs(bomb).replace('"boom"', "")
    deep = "<jats:sec>" * 5_000 + "x" + "</jats:sec>" * 5_000
    assert "x" in paragraphs(deep)
    assert one_line(deep) is not None
