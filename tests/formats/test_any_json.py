"""Whatever a database's answer holds in place of what it should, no reader of JSON raises or loses count."""

import copy
import json
import unicodedata
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.formats.clean import clean
from reviewkit.model.citation import Citation
from tests.formats.reading import DATA, read

LISTS = {  # format -> (fixture, where its list of entries stands)
    "clinicaltrials-json": ("clinicaltrials.json", ("studies",)),
    "crossref-json": ("crossref.json", ("message", "items")),
    "embase-json": ("embase.json", ("results",)),
    "europe-pmc-json": ("europe-pmc.json", ("resultList", "result")),
    "openalex-json": ("openalex.json", ("results",)),
    "scopus-json": ("scopus.json", ("search-results", "entry")),
    "wos-json": ("wos.json", ("hits",)),
}
ANSWERS = {name: json.loads((DATA / file).read_bytes()) for name, (file, _) in LISTS.items()}

STRANGE: list[Any] = [
    None, True, False, 0, -1, 7, 20240318, 10**400, -(10**4000), 1e308, float("nan"), float("inf"), 0.1, "",
    " ", "0", "x", "\x00", "\ud800", "\udfff\ud800", "\u2028\x85\r\n\t", "<b>x</b>", "<p>" * 50, "&amp;lt;", "&#0;",
    "&#xd800;", "10.1000/x", "10." * 50, "2024-13-45", "0000-00-00", "9999-12-31", "2024-02-30T99:99", "-", "e\u0301",
    "x" * 5000, "[" * 2000, "=cmd()", "../../x", "\u202egnp.exe", "null", [], {}, [[]], [None], [[[[["x"]]]]], {"": ""},
    {"$": {"$": {"$": {"$": {"$": "x"}}}}}, {"#text": []}, [{}, [], None, 1, "x"], {"value": [{"value": None}]},
]  # fmt: skip


def nodes(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a tree, its root's included."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, value in inside for found in nodes(value, (*path, key)))]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


json_values = st.recursive(
    st.sampled_from(STRANGE) | st.text(max_size=30) | st.integers() | st.floats(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


def check(format: str, answer: Any, entries: int) -> None:
    """Read the answer as servers write it, and as indented text that is no ASCII."""
    for body in (
        json.dumps(answer).encode(),
        json.dumps(answer, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"),
    ):
        citations, findings = read(format, body)
        assert len(citations) + sum(finding.rejected for finding in findings) == entries
        lines = body.count(b"\n") + 1
        assert all(1 <= found.line <= lines for found in (*citations, *findings))
        for citation in citations:
            check_types(citation)


def check_types(citation: Citation) -> None:
    """A citation holds texts and a year, clean, whatever it was made of."""
    assert (
        citation.title
        or citation.doi
        or citation.pmid
        or citation.pmcid
        or citation.accession
        or citation.registrations
    )
    assert citation.year is None or (type(citation.year) is int and 1000 <= citation.year <= 9999)
    for field in fields(citation):
        value = getattr(citation, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                assert "\x00" not in text
                assert unicodedata.is_normalized("NFC", text), field.name
                text.encode()  # no half surrogate
        if isinstance(value, tuple):
            assert all(type(text) is str and text for text in value), field.name
        elif field.name not in ("id", "line", "year"):
            assert type(value) is str, field.name
    assert citation.title == clean(citation.title)


@pytest.mark.parametrize("format", LISTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_value_may_stand_anywhere_in_an_entry(format: str, data: st.DataObject) -> None:
    answer = copy.deepcopy(ANSWERS[format])
    entries = at(answer, LISTS[format][1])
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([path for path in nodes(entries) if path]))
        *upper, last = path
        holder = at(entries, tuple(upper))
        if isinstance(holder, dict) and data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(data.draw(json_values))
    check(format, answer, len(entries))


@pytest.mark.parametrize("format", LISTS)
def test_every_field_bears_every_strange_value(format: str) -> None:
    whole = ANSWERS[format]
    where = LISTS[format][1]
    places = [path for path in nodes(at(whole, where)) if path]
    assert len(places) > 20
    seen: set[tuple[Any, ...]] = set()
    for number, path in enumerate(places):
        kind = tuple(key for key in path if isinstance(key, str))
        if kind in seen:  # the same field of another entry
            continue
        seen.add(kind)
        for strange in STRANGE[number % 4 :: 4]:
            answer = copy.deepcopy(whole)
            entries = at(answer, where)
            at(entries, path[:-1])[path[-1]] = strange
            check(format, answer, len(entries))


@pytest.mark.parametrize("format", LISTS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_value_may_stand_around_the_entries(format: str, data: st.DataObject) -> None:
    answer = copy.deepcopy(ANSWERS[format])
    where = LISTS[format][1]
    depth = data.draw(st.integers(1, len(where)))
    holder, key = at(answer, where[: depth - 1]), where[depth - 1]
    holder[key] = data.draw(json_values)
    _, findings = read(format, json.dumps(answer).encode())
    assert all(finding.line >= 1 for finding in findings)


@pytest.mark.parametrize("format", LISTS)
@pytest.mark.parametrize("nested", ["[" * 90 + "]" * 90, "[" * 900 + "]" * 900, "[" * 10**5, "9" * 5000], ids=len)
def test_values_without_end_break_nothing(format: str, nested: str) -> None:
    answer = copy.deepcopy(ANSWERS[format])
    at(answer, LISTS[format][1])[0] = {"DEEP": 1}
    body = json.dumps(answer).replace('{"DEEP": 1}', f'{{"title": {nested}, "id": {nested}}}')
    citations, findings = read(format, body.encode())
    assert citations or findings


@pytest.mark.parametrize("format", LISTS)
@settings(max_examples=25)
@given(data=st.data())
def test_an_answer_that_breaks_off_gives_what_stands_before(format: str, data: st.DataObject) -> None:
    body = json.dumps(ANSWERS[format]).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    citations, findings = read(format, body[:cut])
    whole = read(format, body)[0]
    assert citations == whole[: len(citations)]
    assert len(citations) == len(whole) or any(finding.rejected for finding in findings)
