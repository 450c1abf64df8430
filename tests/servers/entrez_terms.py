"""How PubMed reads a term, as far as tests need it: brackets, AND OR NOT from left to right, and ranges of dates."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from tests.servers.pubmed_records import Record

Finds = Callable[[Record], bool]

_TOKEN = re.compile(
    r'(?P<range>"(?P<first>\d{4}/\d\d/\d\d)"\[(?P<field>\w+)\] : "(?P<last>\d{4}/\d\d/\d\d)"\[(?P=field)\])'
    r'|(?P<mark>[()])|(?P<word>"[^"]*"\S*|[^\s()"]+)'
)
_DAY_OF: dict[str, Callable[[Record], str]] = {
    "crdt": lambda record: record.created,
    "edat": lambda record: record.entered or record.created,
    "dp": lambda record: record.published or f"{record.year}-03-01",
}


class BadTerm(Exception):
    """PubMed cannot read it."""


def select_dates(term: str, records: Sequence[Record]) -> list[Record]:
    """Return the records that a term finds; every word finds all, so that only ranges of dates tell records apart.

    A record whose day is '-' is in no range of that kind.
    """
    if "] : " not in term:
        return list(records)
    tokens = [found.groupdict() for found in _TOKEN.finditer(term)]
    finds = _expression(tokens)
    if tokens:
        raise BadTerm(term)
    return [record for record in records if finds(record)]


def within(field: str, first: str, last: str, records: Sequence[Record]) -> list[Record]:
    """Return the records of a window as `mindate` and `maxdate` give it."""
    day = _DAY_OF[{"pdat": "dp"}.get(field, field)]
    low, high = first.replace("/", "-"), last.replace("/", "-")
    return [record for record in records if low <= day(record) <= high]


def _expression(tokens: list[dict[str, str]]) -> Finds:
    finds = _operand(tokens)
    while tokens and tokens[0]["mark"] != ")":
        operator = tokens[0]["word"] if tokens[0]["word"] in ("AND", "OR", "NOT") else ""
        if operator:
            tokens.pop(0)
        finds = _joined(finds, operator or "AND", _operand(tokens))
    return finds


def _joined(left: Finds, operator: str, right: Finds) -> Finds:
    if operator == "OR":
        return lambda record: left(record) or right(record)
    if operator == "NOT":
        return lambda record: left(record) and not right(record)
    return lambda record: left(record) and right(record)


def _operand(tokens: list[dict[str, str]]) -> Finds:
    if not tokens:
        raise BadTerm("it ends with an operator")
    token = tokens.pop(0)
    if token["mark"] == "(":
        finds = _expression(tokens)
        if not tokens or tokens.pop(0)["mark"] != ")":
            raise BadTerm("a bracket is not closed")
        return finds
    if token["mark"]:
        raise BadTerm("a bracket is closed and was not opened")
    if not token["range"]:
        return lambda record: True
    first, last = token["first"].replace("/", "-"), token["last"].replace("/", "-")
    date.fromisoformat(first), date.fromisoformat(last)
    day = _DAY_OF[token["field"]]
    return lambda record: first <= day(record) <= last
