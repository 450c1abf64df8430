"""How each database is asked: its operators, its wildcards, and the names of its fields."""

import re
from dataclasses import dataclass
from typing import Literal

from reviewkit.model import strategy_fields as fields
from reviewkit.model.protocol import Strategy

Name = Literal["pubmed", "scopus", "web-of-science", "embase", "ovid", "cochrane", "ebsco", "europe-pmc", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """The rules of one way of asking.

    `fields` are the names that a field tag may have, in small letters; empty where they are not known here.
    `order` says how operators without brackets are read. `near` are the proximity operators, as a pattern.
    `quotes` are the signs that hold a phrase.
    """

    name: Name
    label: str
    fields: frozenset[str] = frozenset()
    order: str = ""
    near: str = ""
    capitals: bool = False  # operators must be in capital letters
    quotes: str = '"'
    wildcards: str = "*"
    stem: int = 0  # letters that must stand before a wildcard
    combines: bool = False  # several parts can be asked at once with AND: (one) AND (other)


_PUBMED_ORDER = "from left to right, so that (a OR b) is joined first in 'a OR b AND c'"
_AND_FIRST = "AND before OR, so that (b AND c) is joined first in 'a OR b AND c'"

SYNTAXES: dict[str, Syntax] = {
    "pubmed": Syntax(
        name="pubmed", label="PubMed", fields=fields.PUBMED, order=_PUBMED_ORDER, capitals=True, stem=4, combines=True
    ),
    "scopus": Syntax(
        name="scopus", label="Scopus", fields=fields.SCOPUS, near=r"(?:W|PRE)/\d+", wildcards="*?", combines=True,
        order="OR before AND, and AND before AND NOT, so that (a OR b) is joined first in 'a OR b AND c'",
    ),
    "web-of-science": Syntax(
        name="web-of-science", label="Web of Science", fields=fields.WOS, near=r"NEAR(?:/\d+)?|SAME", wildcards="*?$",
        order=_AND_FIRST, combines=True,
    ),
    "embase": Syntax(
        name="embase", label="Embase.com", fields=fields.EMBASE, near=r"(?:NEAR|NEXT)/\d+", wildcards="*?$",
        quotes="\"'", order=_AND_FIRST, combines=True,
    ),
    "ovid": Syntax(
        name="ovid", label="Ovid", fields=fields.OVID, near=r"adj\d*|freq", wildcards="*$?#", order=_AND_FIRST,
    ),
    "cochrane": Syntax(
        name="cochrane", label="the Cochrane Library", near=r"(?:NEAR|NEXT)(?:/\d+)?", wildcards="*?",
        order="NOT before AND before OR, so that (b AND c) is joined first in 'a OR b AND c'",
    ),
    "ebsco": Syntax(
        name="ebsco", label="EBSCOhost", fields=fields.EBSCO, near=r"[NW]\d+", wildcards="*?#", order=_AND_FIRST,
    ),
    "europe-pmc": Syntax(
        name="europe-pmc", label="Europe PMC", fields=fields.EUROPE_PMC, order=_AND_FIRST, capitals=True, combines=True,
    ),
    "": Syntax(name="", label="the database"),
}  # fmt: skip

_DATABASES = {
    "pubmed": "pubmed", "scopus": "scopus", "web-of-science": "web-of-science", "embase": "embase",
    "europe-pmc": "europe-pmc", "central": "cochrane", "cochrane-reviews": "cochrane", "cinahl": "ebsco",
    "sportdiscus": "ebsco", "medline": "ovid",
}  # fmt: skip
_PLATFORMS = (
    ("ovid", "ovid"), ("ebsco", "ebsco"), ("pubmed", "pubmed"), ("embase.com", "embase"), ("elsevier", "embase"),
    ("web of science", "web-of-science"), ("clarivate", "web-of-science"), ("cochrane", "cochrane"),
)  # fmt: skip


def find_syntax(database: str, platform: str = "") -> Syntax:
    """Return the syntax of a database on a platform; where it is not known, one that knows no fields."""
    told = platform.casefold()
    if database in ("pubmed", "scopus", "europe-pmc"):  # one platform only
        return SYNTAXES[database]
    if database == "embase" and "ovid" not in told:
        return SYNTAXES["embase"]
    for sign, name in _PLATFORMS:
        if sign in told and (name != "embase" or database == "embase"):
            return SYNTAXES[name]
    return SYNTAXES[_DATABASES.get(database, "")]


def syntax_of(strategy: Strategy) -> Syntax:
    """Return the syntax that a strategy is written in."""
    return find_syntax(strategy.database, strategy.platform)


NEAR_OF_OTHERS = re.compile(r"(?:NEAR|NEXT|PRE|W)/\d+|adj\d+", re.IGNORECASE)  # cannot be meant as words
