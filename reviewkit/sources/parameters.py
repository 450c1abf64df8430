"""Strategies that name an API's parameters, like the boxes of a search form: query.title=exosomes&query.author=Li."""

import re
from collections.abc import Collection, Mapping

from reviewkit.errors import UnknownParameter

_NAMED = re.compile(r"\s*((?:query|filter|rows|aggFilters)[\w.-]{0,40})\s*=\s*")
_NEXT = re.compile(rf"\s*&(?={_NAMED.pattern})")


def read_parameters(text: str, alone: str, known: Collection[str], database: str) -> dict[str, str]:
    """Return the parameters that a strategy holds.

    Args:
        text: "exosomes back pain", or "query.title=exosomes & filter=type:journal-article".
        alone: the parameter of a strategy that names none.
        known: the names that a strategy may hold.

    Raises:
        UnknownParameter: it holds another one.
    """
    if not _NAMED.match(text):
        return {alone: text}
    found: dict[str, str] = {}
    for part in _NEXT.split(text):
        if part is None or not (named := _NAMED.match(part)):
            continue  # what `split` gives of the pattern's own groups
        name, value = named[1], part[named.end() :].strip()
        if name not in known:
            raise UnknownParameter(database=database, name=name, known=", ".join(known))
        found[name] = f"{found[name]} {value}" if name in found else value
    return {name: value for name, value in found.items() if value}


def in_words(parameters: Mapping[str, str]) -> str:
    """Write parameters as a search report prints them, without the encoding of addresses."""
    return " & ".join(f"{name}={value}" for name, value in parameters.items())
