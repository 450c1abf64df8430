"""The library search-query: its rules for PubMed, Web of Science and EBSCOhost, in our words."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib.metadata import version
from typing import Any

from reviewkit.model.strategy_findings import Severity, StrategyFinding
from reviewkit.model.strategy_syntax import Syntax

PLATFORMS = {"pubmed": "pubmed", "web-of-science": "wos", "ebsco": "ebscohost"}  # our name -> the library's
_LONGEST = 20_000  # characters; its parser was made for strategies that people write
_CALLS = 5_000_000  # of functions, after which it is stopped: on some queries it turns in a circle (seen with 0.15.0)

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# What our own checks see as well is not asked of it: brackets, quotes, operators, PubMed's fields and wildcards.
_RULES: dict[str, tuple[Severity, str, str]] = {
    "PARSE_0007": (_W, "the whole query stands in quotation marks, so it is searched as one phrase", "remove them"),
    "PARSE_0008": (_W, "the query begins with something that is no part of a query", "remove it"),
    "PARSE_0009": (_W, "the query ends with something that is no part of a query", "remove it"),
    "PARSE_0010": (_W, "the query begins with the name of the database", "remove the name"),
    "PUBMED_0002": (_N, "PubMed reads one of these signs as a blank", "write a blank, or a phrase in quotation marks"),
    "QUALITY_0001": (_N, "the brackets are nested more deeply than is needed", "simplify them"),
    "QUALITY_0002": (_W, "a limit to dates stands inside a group, so it limits that group only",
                     "put it at the end with AND, or into published_from and published_to"),
    "QUALITY_0003": (_W, "a limit to a journal stands inside a group, so it limits that group only",
                     "put it at the end with AND"),
    "QUALITY_0005": (_N, "one of these terms holds the other, so the longer one adds nothing", "leave one of them"),
    "TERM_0002": (_W, "this is no year as the database takes it", "write four digits"),
    "TERM_0003": (_W, "this is no DOI", "write it as 10.1000/example"),
    "TERM_0004": (_W, "this is no ISBN", "write 10 or 13 digits"),
    "STRUCT_0003": (_W, "signs such as & and | stand for operators", "write AND and OR"),
    "STRUCT_0004": (_W, "the proximity operator is not written as the database takes it", "see the database's help"),
    "EBSCO_0001": (_W, "EBSCOhost takes no wildcard at this place", "write the beginning of the word"),
    "EBSCO_0002": (_W, "EBSCOhost does not take this sign", "leave it out"),
    "WOS_0001": (_W, "there are more terms than Web of Science takes", "shorten the query, or search in two parts"),
    "WOS_0002": (_E, "NEAR takes a distance of at most 15", "write NEAR/15 or less"),
    "WOS_0003": (_W, "Web of Science searches a year only together with another term", "add a term"),
    "WOS_0004": (_N, "NEAR without a number means NEAR/15", "write the number"),
    "WOS_0005": (_W, "Web of Science takes at most five years at once", "write several, joined with OR"),
    "WOS_0006": (_W, "Web of Science takes no wildcard in a year", "write the years"),
    "WOS_0007": (_W, "after a wildcard at the beginning there must be three letters", "write more of the word"),
    "WOS_0008": (_W, "before a wildcard there must be three letters", "write more of the word"),
    "WOS_0009": (_W, "a wildcard must not follow a special sign", "leave the sign out"),
    "WOS_0010": (_W, "a wildcard must not stand alone", "write the beginning of the word"),
    "WOS_0011": (_W, "Web of Science does not know this wildcard", "write *, ? or $"),
    "WOS_0012": (_W, "Web of Science does not take this sign", "leave it out"),
}  # fmt: skip
_FOR_WOS = {"FIELD_0002": (_W, "no field is given here", "write TS=(...) for title, abstract and keywords")}


class _Endless(BaseException):
    """The library does not come to an end; no `except Exception` of its own shall catch this."""


def library_findings(text: str, syntax: Syntax) -> list[StrategyFinding]:
    """Ask the library's rules about one query; nothing that it does wrong is passed on."""
    platform = PLATFORMS.get(syntax.name)
    if platform is None or len(text) > _LONGEST or not text.strip():
        return []
    rules = {**_RULES, **(_FOR_WOS if platform == "wos" else {})}
    found = []
    for message in _messages(text, platform):
        code = str(message.get("code", ""))
        if code not in rules:
            continue
        severity, why, mend = rules[code]
        for start, end in _places(message.get("position"), text):
            found.append(
                StrategyFinding(
                    rule=f"search-query {code}", severity=severity, why=why, mend=mend, start=start, end=end
                )
            )
            break  # the first place of several is enough to find it
    return list(dict.fromkeys(found))


def library_name() -> str:
    """The library's name and version, for what rests on it."""
    return f"search-query {version('search-query')}"


def _messages(text: str, platform: str) -> list[dict[str, Any]]:
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), _stopping_after(_CALLS):
            from search_query.parser import LATEST_VERSIONS, PARSERS  # type: ignore[import-untyped]

            parser: Any = PARSERS[platform][LATEST_VERSIONS[platform]](text, field_general="")
            with suppress(Exception):  # what it cannot parse it has written into its messages
                parser.parse()
            messages = parser.linter.messages
    except (Exception, _Endless):  # a rule of the library that fails must not cost the user his check
        return []
    return [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []


@contextmanager
def _stopping_after(calls: int) -> Iterator[None]:
    """Raise _Endless when more functions have been called; a count and not a clock, so that it is always the same."""
    left = calls
    before = sys.getprofile()

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise _Endless

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


def _places(position: Any, text: str) -> list[tuple[int, int]]:
    places = [
        (place[0], place[1])
        for place in (position if isinstance(position, list) else [])
        if isinstance(place, tuple) and len(place) == 2 and all(isinstance(end, int) for end in place)
    ]
    return [place for place in places if 0 <= place[0] < place[1] <= len(text)] or [(0, len(text.rstrip()))]
