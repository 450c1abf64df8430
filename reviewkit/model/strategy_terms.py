"""Checking the terms of a query: fields that there are not, wildcards, proximity, hyphens, other databases' ways."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from reviewkit.model.strategy_findings import StrategyFinding, error, note, warning
from reviewkit.model.strategy_query import Query, Term, groups_of, terms_of
from reviewkit.model.strategy_syntax import NEAR_OF_OTHERS, SYNTAXES, Syntax

_PROXIMITY = re.compile(r"(.*?)\s*:\s*~\s*(\d+)\s*")  # [tiab:~2]
_NEAR_FIELDS = ("ti", "title", "tiab", "title/abstract", "ad", "affiliation")
_NO_EXPLOSION = re.compile(r"\s*:\s*no\s?exp(?:lode)?\s*\Z", re.IGNORECASE)  # [mesh:noexp]
_STARRED = re.compile(r"[^\s\"()\[\]]*\*[^\s\"()\[\]]*")
_OF_OTHERS = (  # ways of other databases that can be told for sure, and whose they are
    (re.compile(r"(?<!\w)(?:TITLE-ABS(?:-KEY)?|AUTHKEY|INDEXTERMS|EXACTKEYWORD|LIMIT-TO)\b"), "Scopus", ("scopus",)),
    (re.compile(r"(?<!\w)(?:TS|TI|AB|AK|KP|ALL|WC|PY|DT|LA)\s*=\s*(?=[(\"\w])"), "Web of Science", ("web-of-science",)),
    (re.compile(r":(?:ti|ab|kw|de)(?:,(?:ti|ab|kw|de))*\b"), "Embase.com or Cochrane", ("embase", "cochrane")),
    (re.compile(r"'/(?:exp|de|mj|br)\b"), "Embase.com", ("embase",)),
    (re.compile(r"\.(?:ti|ab|kf|kw|tw|mp|sh|hw|pt|af)(?:,(?:ti|ab|kf|kw|tw|mp|sh|hw|pt|af))*\."), "Ovid", ("ovid",)),
    (re.compile(r"(?<![\w/'])exp\s+[A-Za-z*][A-Za-z ,*-]{2,60}/"), "Ovid", ("ovid",)),
    (re.compile(r"(?:TITLE|ABSTRACT|TITLE_ABS|KW|MESH|PUB_TYPE|LANG):(?=[(\"\w])"), "Europe PMC", ("europe-pmc",)),
    (re.compile(r"\[\s*(?:tiab|mh|mesh|mesh terms|title/abstract|majr|tw|all fields)(?::noexp)?\s*\]", re.IGNORECASE),
     "PubMed", ("pubmed",)),
)  # fmt: skip


def check_terms(query: Query, syntax: Syntax) -> list[StrategyFinding]:
    """Check the terms of a query one by one."""
    findings = [*_others_ways(query.text, syntax), *_near(query, syntax), *_fields(query, syntax)]
    for term in terms_of(query.root):
        findings += _wildcards(term, query, syntax)
        if syntax.name == "pubmed":
            findings += _pubmed(term)
    if syntax.name == "pubmed" and not query.is_broken:
        findings += _untagged(query)
    return findings


def _others_ways(text: str, syntax: Syntax) -> Iterator[StrategyFinding]:
    """What is written as another database takes it; that one would search for its letters."""
    if not syntax.name:
        return
    for pattern, whose, names in _OF_OTHERS:
        if syntax.name not in names and not (syntax.name == "cochrane" and "pubmed" in names):
            for found in pattern.finditer(text):
                why = f"'{found[0].strip()}' is how {whose} is asked; {syntax.label} does not know it"
                mend = f"write it as {syntax.label} takes it ('reviewkit strategy translate' makes a proposal)"
                yield error("other-syntax", why, mend, *found.span())


def _near(query: Query, syntax: Syntax) -> Iterator[StrategyFinding]:
    """Proximity operators of other databases."""
    if not syntax.name:
        return
    own = re.compile(syntax.near, re.IGNORECASE) if syntax.near else None
    for token in query.tokens:
        if token.kind == "word" and NEAR_OF_OTHERS.fullmatch(token.text) and not (own and own.fullmatch(token.text)):
            how = {
                "pubmed": 'write "first second"[tiab:~3]',
                "scopus": "write W/3 or PRE/3",
                "web-of-science": "write NEAR/3",
                "embase": "write NEAR/3 or NEXT/3",
                "ovid": "write adj3",
                "ebsco": "write N3 or W3",
                "cochrane": "write NEAR/3 or NEXT/3",
            }.get(syntax.name, "join the words with AND")
            why = f"{syntax.label} does not know '{token.text}' as a proximity operator and searches for it as a word"
            yield error("other-proximity", why, how, token.start, token.end)


def _fields(query: Query, syntax: Syntax) -> Iterator[StrategyFinding]:
    """Names of fields that the database does not have."""
    if syntax.name == "pubmed":
        for token in query.tokens:
            if token.kind == "square":
                yield from _pubmed_field(token.text[1:-1], token.start, token.end)
        for group in groups_of(query.root):
            if group.after.startswith("["):
                why = f"{group.after} stands after a bracket; PubMed takes a field for each term, not for a group"
                start = group.end - len(group.after)
                yield error("field-after-group", why, f"write {group.after} after every term", start, group.end)
        return
    if syntax.name in ("scopus", "web-of-science", "europe-pmc"):
        for group in groups_of(query.root):
            named = group.before.strip().rstrip("=:").strip()
            if named and named.lower() not in syntax.fields:
                mend = _close_to(named, syntax, str.upper)
                why = f"{syntax.label} has no field {named} that is known here"
                yield warning("unknown-field", why, mend, group.start, group.start + len(group.before.rstrip()))
        for term in terms_of(query.root):
            sign = {"web-of-science": "=", "europe-pmc": ":"}.get(syntax.name)
            found = re.match(rf"([A-Za-z_]{{2,30}}){sign}", term.text) if sign else None
            if found and found[1].lower() not in syntax.fields:
                why = f"{syntax.label} has no field {found[1]} that is known here"
                mend = _close_to(found[1], syntax, str.upper)
                yield warning("unknown-field", why, mend, term.start, term.start + found.end())
    if syntax.name in ("embase", "ovid"):
        sign = r"(?<=[\w'\")]):([a-z_]{2,6}(?:,[a-z_]{2,6})*)(?!\w)"
        if syntax.name == "ovid":
            sign = r"(?<=[\w'\")$*?])\.([a-z]{2}(?:,[a-z]{2})*)\.(?!\w)"
        for found in re.finditer(sign, query.text):
            for named in found[1].split(","):
                if named not in syntax.fields:
                    why = f"'{named}' is no field of {syntax.label} that is known here"
                    yield warning("unknown-field", why, "compare it with the database's own list", *found.span())


def _pubmed_field(inside: str, start: int, end: int) -> Iterator[StrategyFinding]:
    named = " ".join(inside.lower().split())
    if near := _PROXIMITY.fullmatch(named):
        if near[1] not in _NEAR_FIELDS:
            why = f"PubMed searches by distance only in [ti], [tiab] and [ad], not in [{near[1]}]"
            yield error("proximity-field", why, f"write [tiab:~{near[2]}]", start, end)
        return
    named = _NO_EXPLOSION.sub("", named)
    parts = named.split("/")
    if named not in SYNTAXES["pubmed"].fields and not all(part in SYNTAXES["pubmed"].fields for part in parts):
        why = f"PubMed has no field [{inside}]; it ignores the tag or searches for its letters"
        yield error("unknown-field", why, _close_to(named, SYNTAXES["pubmed"], "[{}]".format), start, end)


def _close_to(named: str, syntax: Syntax, write: object) -> str:
    close = get_close_matches(named.lower(), sorted(syntax.fields), n=1, cutoff=0.7)
    shown = write(close[0]) if close and callable(write) else ""
    return f"did you mean {shown}?" if shown else "compare it with the database's list of fields"


def _wildcards(term: Term, query: Query, syntax: Syntax) -> Iterator[StrategyFinding]:
    said = query.text[term.start : term.end]
    if syntax.name not in ("", "europe-pmc", "ovid"):  # in Ovid it marks a heading as the focus: *Back Pain/
        for found in re.finditer(r"(?<![^\s\"(=])[*?$]+\w", said):
            if syntax.name in ("web-of-science", "cochrane") and found[0].startswith("*"):
                continue  # they take a wildcard at the beginning
            if found[0][0] in syntax.wildcards:
                start = term.start + found.start()
                why = f"a wildcard at the beginning of a word is not possible in {syntax.label}"
                yield error("leading-wildcard", why, "write the beginning of the word", start, start + 1)
    if syntax.name == "scopus":
        for found in re.finditer(r"\{[^}]*\*[^}]*\}", said):
            why = "in braces Scopus searches the exact signs, so * is no wildcard there"
            start = term.start + found.start()
            yield warning("wildcard-in-braces", why, "write quotation marks", start, term.start + found.end())


def _pubmed(term: Term) -> Iterator[StrategyFinding]:
    """What PubMed's help says of truncation, hyphens and distance."""
    words = term.text.strip('"').split()
    starred = [word for word in words if "*" in word]
    near = _PROXIMITY.fullmatch(term.field)
    for found in _STARRED.finditer(term.text):
        start, end = term.start + found.start(), term.start + found.end()
        stem = re.sub(r"[^\w]", "", found[0].partition("*")[0])
        if stem and len(stem) < 4:
            why = f"'{found[0]}': PubMed needs at least four letters before *, so it does not truncate this"
            yield error("short-stem", why, "write the words out, joined with OR", start, end)
    if starred and near:
        why = "PubMed ignores the distance where one of the words has a *"
        mend = "write the forms out, each with its distance"
        yield error("wildcard-with-proximity", why, mend, term.start, term.end)
    elif starred and "*" not in words[-1]:
        why = "in a phrase PubMed truncates the last word only"
        yield warning("wildcard-inside-phrase", why, "write the forms out, joined with OR", term.start, term.end)
    elif starred and not term.field and len(words) > 1:
        why = "with * PubMed searches these words as one phrase and maps none of them to MeSH"
        mend = "put the phrase in quotation marks, or AND between the words, and give each a field such as [tiab]"
        yield note("wildcard-phrase", why, mend, term.start, term.end)
    elif starred and not term.field:
        why = "* turns PubMed's automatic mapping to MeSH off for this word"
        yield note("wildcard-mapping", why, "add the MeSH term with OR, if you want it", term.start, term.end)
    if near and not term.is_phrase:
        why = "a search by distance needs its words in quotation marks"
        yield error("proximity-quotes", why, f'write "{term.text}"[{term.field}]', term.start, term.end)
    elif near and len(words) < 2:
        why = "a search by distance needs at least two words"
        yield error("proximity-one-word", why, f"write [{near[1]}]", term.start, term.end)
    for found in re.finditer(r"(?<![\w#-])[A-Za-z]+(?:-[A-Za-z]+)+", term.text):
        if "mesh" in term.field.lower() or term.field.lower() in ("mh", "majr", "nm", "pt", "la", "au", "ta"):
            break
        whole = found[0].replace("-", "")
        why = "with a hyphen PubMed searches a phrase, and finds nothing where that is not in its index of phrases"
        mend = f"if the other spellings count too, add {found[0].replace('-', ' ')} and {whole} with OR"
        yield note("hyphen", why, mend, term.start + found.start(), term.start + found.end())


def _untagged(query: Query) -> Iterator[StrategyFinding]:
    """Terms without a field, which PubMed maps to MeSH and all fields, as it sees fit that day."""
    bare = [
        term
        for term in terms_of(query.root)
        if not term.field and re.search(r"[A-Za-z]", term.text) and not term.text.startswith("#")
    ]
    if bare:
        more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
        why = f"no field is given for '{' '.join(bare[0].text.split())}'{more}: PubMed searches all fields"
        if not bare[0].is_phrase:
            why += ", and adds MeSH terms by its own mapping, which changes from year to year"
        yield note("no-field", why, "write [tiab] for words, [mh] for MeSH terms", bare[0].start, bare[0].end)
