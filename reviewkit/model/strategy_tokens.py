"""The signs of a query, each with its place: words, phrases, tags in square brackets, brackets, operators."""

import re
from dataclasses import dataclass
from typing import Literal

from reviewkit.model.strategy_syntax import Syntax

Kind = Literal["word", "phrase", "square", "open", "close", "operator", "near"]

_BLANK = re.compile(r"\s+")
_OPERATORS = re.compile(r"(AND\s+NOT|AND|OR|NOT)(?=[\s()\"“”]|\Z)", re.IGNORECASE)
_SUFFIX = re.compile(r":[A-Za-z_,]+|\.[A-Za-z,]{2,}\.|/[A-Za-z]{2,}")  # :ti,ab   .ti,ab.   /exp
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\s*(?:=|:)\s*\Z|[A-Z][A-Z-]+\s*\Z")  # TS=   TITLE:   TITLE-ABS-KEY


@dataclass(frozen=True, slots=True)
class Token:
    """One sign of a query; `text` is as written."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def operator(self) -> str:
        """AND, OR or NOT; AND NOT is NOT."""
        return "NOT" if self.text.upper().endswith("NOT") else self.text.upper()


@dataclass(frozen=True, slots=True)
class Trouble:
    """A place where the query cannot be read as it is meant."""

    what: Literal[
        "bracket-not-closed", "bracket-not-opened", "square-not-closed", "square-not-opened", "quote-not-closed",
        "nothing-in-brackets", "operator-without-term", "two-operators", "mixed", "no-operator",
    ]  # fmt: skip
    start: int
    end: int
    note: str = ""


def tokenise(text: str, syntax: Syntax) -> tuple[list[Token], list[Trouble]]:
    """Cut a query into its signs; quotes and square brackets that are left open are told."""
    near = re.compile(rf"(?:{syntax.near})(?=[\s()\"]|\Z)", re.IGNORECASE) if syntax.near else None
    tokens: list[Token] = []
    troubles: list[Trouble] = []
    at = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        token = _next(text, at, syntax, near, tokens)
        if token is None:  # a quote or a square bracket without its other end
            what: Literal["square-not-closed", "quote-not-closed"]
            what = "square-not-closed" if text[at] == "[" else "quote-not-closed"
            troubles.append(Trouble(what, at, at + 1))
            at += 1
            continue
        if token.text == "]":
            troubles.append(Trouble("square-not-opened", at, at + 1))
        else:
            tokens.append(token)
        at = token.end
    return tokens, troubles


def _next(text: str, at: int, syntax: Syntax, near: re.Pattern[str] | None, before: list[Token]) -> Token | None:
    sign = text[at]
    follows = bool(before) and before[-1].end == at
    names_field = follows and before[-1].kind in ("close", "phrase") and syntax.name != "pubmed"
    if names_field and (suffix := _SUFFIX.match(text, at)):
        return Token("square", suffix[0], at, suffix.end())
    if sign in "()":
        return Token("open" if sign == "(" else "close", sign, at, at + 1)
    if sign == "]":
        return Token("square", sign, at, at + 1)
    if sign == "[":
        end = text.find("]", at)
        inside = text[at + 1 : end] if end >= 0 else ""
        return Token("square", text[at : end + 1], at, end + 1) if end >= 0 and "[" not in inside else None
    if sign in syntax.quotes and not (sign == "'" and follows and before[-1].kind == "word"):
        end = text.find(sign, at + 1)
        return Token("phrase", text[at : end + 1], at, end + 1) if end >= 0 else None
    if not follows or before[-1].kind in ("open", "close", "square", "phrase"):
        if found := _OPERATORS.match(text, at):
            return Token("operator", found[0], at, found.end())
        if near and (found := near.match(text, at)):
            return Token("near", found[0], at, found.end())
    end = at + 1
    while end < len(text) and not text[end].isspace() and text[end] not in '()[]"':
        end += 1
    return Token("word", text[at:end], at, end)


def prefix_of(tokens: list[Token], text: str, syntax: Syntax) -> Token | None:
    """Return the last word where it names the field of the bracket that follows: TS=, TITLE-ABS-KEY, TITLE:, TI."""
    if syntax.name in ("pubmed", "ovid", "") or not tokens or tokens[-1].kind != "word":
        return None
    word = tokens[-1]
    named = word.text.rstrip("=: ").lower()
    if syntax.name == "ebsco":
        return word if named in syntax.fields and word.text.isupper() else None
    if syntax.name in ("scopus", "web-of-science", "europe-pmc") and _PREFIX.fullmatch(word.text):
        is_field = named in syntax.fields or word.text.endswith(("=", ":")) or word.end == _next_sign(text, word.end)
        return word if is_field else None
    return None


def _next_sign(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
