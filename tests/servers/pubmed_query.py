"""A tiny PubMed: papers with words and headings, and Boolean queries over them, for `EutilsServer(select=...)`.

papers = [Paper(1, title="Exosomes for back pain", mesh=("Low Back Pain",))]
with EutilsServer(records=records_of(papers), select=answer_from(papers)) as server: ...
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.servers.pubmed_records import Record

_TOKEN = re.compile(r'\s*([()]|"[^"]*"(?:\s?\[[^\]]*\])?|[^\s()\[\]"]+(?:\[[^\]]*\])?)')


@dataclass(frozen=True)
class Paper:
    """One paper; years and languages are for limits."""

    pmid: int
    title: str = ""
    abstract: str = ""
    mesh: tuple[str, ...] = ()
    language: str = "english"
    year: int = 2020
    doi: str = ""


def records_of(papers: Sequence[Paper]) -> list[Record]:
    """The papers as records that efetch sends."""
    return [Record(paper.pmid, title=paper.title, year=paper.year) for paper in papers]


def answer_from(
    papers: Sequence[Paper],
) -> Callable[[Mapping[str, str], Sequence[Record]], Sequence[Record]]:
    """Return a `select` that evaluates the term, from left to right as PubMed does, and the window of dates."""

    def select(parameters: Mapping[str, str], records: Sequence[Record]) -> Sequence[Record]:
        first = int(parameters.get("mindate", "1000")[:4])
        last = int(parameters.get("maxdate", "3000")[:4])
        found = {paper.pmid for paper in papers if first <= paper.year <= last and matches(parameters["term"], paper)}
        return [record for record in records if record.pmid in found]

    return select


def matches(term: str, paper: Paper) -> bool:
    """Does a paper match a query?"""
    tokens = _TOKEN.findall(term)
    value, rest = _expression(tokens, paper)
    assert not rest, f"cannot read {term!r} from {rest!r} on"
    return value


def _expression(tokens: list[str], paper: Paper) -> tuple[bool, list[str]]:
    value, tokens = _operand(tokens, paper)
    while tokens and tokens[0] != ")":
        operator = tokens[0] if tokens[0] in ("AND", "OR", "NOT") else ""
        other, tokens = _operand(tokens[1:] if operator else tokens, paper)
        value = (
            (value or other) if operator == "OR" else (value and other) if operator != "NOT" else value and not other
        )
    return value, tokens


def _operand(tokens: list[str], paper: Paper) -> tuple[bool, list[str]]:
    if tokens[0] == "(":
        value, tokens = _expression(tokens[1:], paper)
        assert tokens, "a bracket is open"
        assert tokens[0] == ")"
        return value, tokens[1:]
    words, _, tag = tokens[0].partition("[")
    return _has(paper, words.strip().strip('"').lower(), tag.rstrip("]").lower()), tokens[1:]


def _has(paper: Paper, words: str, tag: str) -> bool:
    headings = " | ".join(paper.mesh)
    if tag == "uid":
        return words == str(paper.pmid)
    if tag == "aid":
        return words == paper.doi.lower() != ""
    if tag == "la":
        return words == paper.language
    text = {"ti": paper.title, "tiab": f"{paper.title} | {paper.abstract}", "mh": headings, "mesh": headings}.get(
        tag, f"{paper.title} | {paper.abstract} | {headings}"
    )
    pattern = re.escape(words).replace(r"\*", r"\w*")
    return bool(re.search(rf"(?<!\w){pattern}(?!\w)", text.lower()))
