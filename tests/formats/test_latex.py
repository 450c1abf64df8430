"""LaTeX in bibliographies: read as what it prints, and written so that it prints what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.formats.clean import clean
from reviewkit.formats.latex import bare, decode, decode_address, encode, encode_address, split_outside_groups


@pytest.mark.parametrize(
    ("latex", "printed"),
    [
        (r"M{\"u}ller M\"{u}ller M\"uller M{\"{u}}ller", "Müller Müller Müller Müller"),
        (r"{\'E}tude, Stebli{\'n}ski, \'{\i}, \v{s} \v s {\c c}", "Étude, Stebliński, í, š š ç"),
        (
            r"Stra{\ss}e, Stra\ss e, {\O}rsted, \o re, \L{}\'od\'z, \AA, {\aa}",
            "Straße, Straße, Ørsted, øre, Łódź, Å, å",
        ),
        (r"$\beta$-cell, $\alpha\beta$, p $\leq$ 0.05, $p<0.05$", "β-cell, αβ, p ≤ 0.05, p<0.05"),
        (r"10$^{6}$ cells, CO$_2$, Ca$^{2+}$, 37$^{\circ}$C, $10^{6}5$", "10^6 cells, CO2, Ca2+, 37°C, 10^6 5"),
        (r"10\textsuperscript{6} H\textsubscript{2}O $\frac{a+b}{2}$ $\sqrt{x}$", "10^6 H2O (a+b)/2 √(x)"),
        (r"\emph{E. coli} {\em in} \textit{in {V}itro} {{RNA}} {R}NA", "E. coli in in Vitro RNA RNA"),
        (r"50\% \& a\_b \# \$5 \{x\}", "50% & a_b # $5 {x}"),
        ("it costs $5 and $6, or $5-$6", "it costs $5 and $6, or $5-$6"),
        ("100% & x_y #1 10^6", "100% & x_y #1 10^6"),
        ("``Quoted'' pages 1--2 and---so 5~mg", "“Quoted” pages 1–2 and—so 5 mg"),
        (r"C:\data\file, {\noopsort{1973b}}1973", r"C:\data\file, 1973"),
        (r"\textquoteright \textendash{} \textbackslash{} \~{} \^{}", "’– \\ ~ ^"),
        (r"\href{http://x.org}{the page} \unknown{kept}", "the page kept"),
        ("a\n\nb \\par c", "a\n\nb \n\nc"),
    ],
)
def test_latex_is_read_as_what_it_prints(latex: str, printed: str) -> None:
    assert clean(decode(latex)) == clean(printed)
    assert decode(latex).count("\n") == printed.count("\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"http://x.org/a\_b\%20{\~{}}c{\_}d--e", "http://x.org/a_b%20~c_d--e"),
        (r"10.1002/(SICI)1097(1998)17:15{\textless}1661::AID{\textgreater}3.0.CO;2-2",
         "10.1002/(SICI)1097(1998)17:15<1661::AID>3.0.CO;2-2"),
        (r"\url{http://x.org/$\sim$me}", "http://x.org/~me"),
        ("http://x.org/100%25~a", "http://x.org/100%25~a"),
    ],
)  # fmt: skip
def test_addresses_are_read_as_they_are_meant(written: str, meant: str) -> None:
    assert decode_address(written) == meant


texts = st.one_of(st.text(), st.text(alphabet="\\{}$^_~-`'\"%&# a1@,=|<>")).map(clean)


@given(texts)
def test_what_is_written_is_read_back_and_its_braces_balance(text: str) -> None:
    assert decode(encode(text)) == text
    assert encode(text).count("{") == encode(text).count("}")


@given(texts.filter(lambda text: "$" not in text))
def test_addresses_are_read_back(text: str) -> None:
    assert decode_address(encode_address(text)) == text


@given(st.text(alphabet="\\{}$^_~-`'\"%&# ab\n"))
def test_no_latex_whatever_makes_the_reader_fail(text: str) -> None:
    assert isinstance(decode(text), str)
    assert isinstance(decode_address(text), str)
    assert set(bare(text)) <= set(text)
    assert "".join(split_outside_groups(text, ";")) == text


@pytest.mark.parametrize("part", ["{", "\\'", "$", "\\textit{", "^{", "$^", "\\frac{", "{\\'", "\\c ", "}"])
def test_hostile_nesting_takes_no_time(part: str) -> None:
    assert isinstance(decode(part * 100_000), str)
    assert isinstance(bare(part * 50_000 + "}" * 50_000), str)


def test_braces_around_a_whole_value_are_told_from_those_of_its_parts() -> None:
    assert bare(" {{A {B} c}} ") == "A {B} c"
    assert bare("{a} and {b}") == "{a} and {b}"
    assert list(split_outside_groups("a; {b; c}; d", ";")) == ["a", " {b; c}", " d"]
