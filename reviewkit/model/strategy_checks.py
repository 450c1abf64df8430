"""Checking a strategy before it is run: how its brackets, quotes, operators and groups are written."""

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_findings import StrategyFinding, error, note, placed, warning
from reviewkit.model.strategy_lines import StrategyLine, line_mistakes, line_query, read_lines, unused_lines
from reviewkit.model.strategy_query import Group, Node, Query, Term, groups_of, read_query
from reviewkit.model.strategy_syntax import Syntax, syntax_of
from reviewkit.model.strategy_terms import check_terms
from reviewkit.model.strategy_tokens import Trouble

_FROM_WORD = (  # what a word processor puts in for what was typed
    ("smart-quotes", re.compile("[“”„‟«»]+"), "curly quotation marks, which Word puts in for straight ones",
     'write straight ones: "'),
    ("smart-quotes", re.compile("(?<![^\\W_])[‘‚]|[‘’](?![^\\W_])"),
     "curly quotation marks, which Word puts in for straight ones", "write straight ones: ' or \""),
    ("long-dash", re.compile("[‐‑‒–—―−]"), "a dash that is no hyphen, which Word puts in for one",
     "write the hyphen of the keyboard: -"),
    ("hidden-sign", re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]"),
     "a sign that cannot be seen (a zero-width blank or soft hyphen)", "delete it: write the word anew"),
)  # fmt: skip
_HARD_BLANK = re.compile("[\u00a0\u2007\u202f]+")


def check_strategy(strategy: Strategy) -> list[StrategyFinding]:
    """Check one strategy without asking anyone; of a line-by-line strategy each line is checked for itself."""
    syntax = syntax_of(strategy)
    lines = read_lines(strategy.strategy)
    if not lines:
        return placed(check_query(strategy.strategy, syntax), strategy.strategy)
    findings = []
    for line in lines:
        found = check_query(line.text, syntax, line)
        if line is lines[-1] and not line_mistakes(strategy.strategy):
            found += _line_taken_away(line, lines, syntax)
        findings += placed(found, line.text, line.label, line.row)
    if not line_mistakes(strategy.strategy):
        for line in unused_lines(lines):
            why = f"the last line does not rest on line #{line.label}, so what it finds is not searched for"
            mend = f"combine #{line.label} in the last line, or remove it"
            unused = warning("unused-line", why, mend, 0, len(line.text))
            findings += placed([unused], line.text, line.label, line.row)
    return findings


def check_query(text: str, syntax: Syntax, line: StrategyLine | None = None) -> list[StrategyFinding]:
    """Check one query, or one line of a strategy."""
    query = read_query(text, syntax)
    findings = [*_from_word(text), *(_told(trouble, query, syntax) for trouble in query.troubles)]
    findings += _operators(query, syntax, line)
    findings += check_terms(query, syntax)
    if not query.is_broken:
        findings += _doubled(query)
        if line is None:
            findings += _taken_away(query)
    return findings


def _from_word(text: str) -> Iterator[StrategyFinding]:
    for rule, signs, what, mend in _FROM_WORD:
        for found in signs.finditer(text):
            yield warning(rule, f"{what}; the database may read it as something else", mend, *found.span())
    for found in _HARD_BLANK.finditer(text):
        why = "there is a non-breaking blank; reviewkit sends an ordinary one, a database's own page may not"
        yield note("hard-blank", why, "write an ordinary blank", *found.span())


def _told(trouble: Trouble, query: Query, syntax: Syntax) -> StrategyFinding:
    """Put a trouble of reading into words."""
    start, end = trouble.start, trouble.end
    said = " ".join(query.text[start:end].split())
    match trouble.what:
        case "bracket-not-closed":
            return error("unbalanced-bracket", "this bracket is never closed", "add ) where its group ends", start, end)
        case "bracket-not-opened":
            why = "this bracket closes none that was opened"
            return error("unbalanced-bracket", why, "remove it, or add ( where its group begins", start, end)
        case "square-not-closed":
            why = "this square bracket is never closed, so the field's name does not end"
            return error("unbalanced-square-bracket", why, "add ] after the field's name", start, end)
        case "square-not-opened":
            why = "this square bracket closes none that was opened"
            return error("unbalanced-square-bracket", why, "remove it, or add [ before the field's name", start, end)
        case "quote-not-closed":
            return error("unbalanced-quote", "this quotation mark has no second one", "add it", start, end)
        case "nothing-in-brackets":
            return error(
                "empty-brackets", "there is nothing in these brackets", "remove them, or fill them", start, end
            )
        case "operator-without-term":
            why = f"{said} stands at an end, with no term on one side"
            return error("operator-without-term", why, "remove it, or add the term that is missing", start, end)
        case "two-operators":
            why = f"'{said}': operators without a term between them"
            return error("two-operators", why, "leave one of them, or add the term that is missing", start, end)
        case "no-operator":
            before = " ".join(query.text[:start].split())[-30:]
            why = (
                f"after '{before}' there is no operator; {syntax.label} joins such neighbours with AND, or as a phrase"
            )
            return warning("no-operator", why, "write OR or AND between them", start, min(end + 1, len(query.text)))
    read = f": {syntax.label} reads {syntax.order}" if syntax.order else ""
    mend = "put brackets around what belongs together"
    return warning("mixed-operators", f"{trouble.note} stand together without brackets{read}", mend, start, end)


def _operators(query: Query, syntax: Syntax, line: StrategyLine | None) -> Iterator[StrategyFinding]:
    """Operators in small letters where capitals are asked for, and operators among the words of a phrase."""
    references = line.references if line else ()
    for token in query.tokens:
        if token.kind == "operator" and syntax.capitals and not token.text.isupper():
            if any(near.start <= token.end + 2 and token.start - 2 <= near.end for near in references):
                continue  # between lines it is written in capitals when it is sent
            word = token.text.upper()
            why = f"{syntax.label} takes operators in capital letters; '{token.text}' may be read as a word"
            lost = ", and the terms beside it are then joined with AND" if word == "OR" else ""
            yield warning("small-operator", why + lost, f"write {word}", token.start, token.end)
        elif token.kind == "phrase" and (inside := re.search(r"\s(AND|OR|NOT)\s", token.text)):
            why = f"{inside[1]} stands inside quotation marks, where it is a word of the phrase and no operator"
            yield warning("operator-in-quotes", why, "close the quotation mark before it", token.start, token.end)


def _doubled(query: Query) -> Iterator[StrategyFinding]:
    """The same term twice in one group."""
    for group in groups_of(query.root):
        if group.operator not in ("AND", "OR"):
            continue
        seen: set[tuple[str, str]] = set()
        for member in _flat(group, group.operator):
            if not isinstance(member, Term):
                continue
            key = " ".join(member.text.casefold().split()), member.field.casefold()
            if key in seen:
                said = " ".join(query.said(member).split())
                yield warning(
                    "doubled-term", f"'{said}' was there before in the same {group.operator} group and adds nothing",
                    "remove it; was another one meant?", member.start, member.end,
                )  # fmt: skip
            seen.add(key)


def _flat(group: Group, operator: str) -> Iterator[Node]:
    """The members of a group; those of groups within that are joined by the same operator are its own."""
    for member in group.members:
        if isinstance(member, Group) and member.operator in (operator, "") and not (member.before or member.after):
            yield from _flat(member, operator)
        else:
            yield member


def _taken_away(query: Query) -> Iterator[StrategyFinding]:
    """NOT over the whole query: it takes away records that are about both."""
    root = query.root
    while isinstance(root, Group) and root.operator == "" and len(root.members) == 1:
        root = root.members[0]
    if not isinstance(root, Group) or root.operator != "NOT":
        return
    for token, member in zip(root.operators, root.members[1:], strict=True):
        if _is_animals(query.said(member)):
            continue
        said = " ".join(query.said(member).split())
        said = said if len(said) <= 40 else said[:39] + "…"
        why = f"NOT takes away every record that mentions {said}, relevant ones too that mention it in passing"
        mend = "screen them instead, or try what is lost: run the strategy without it and compare"
        yield warning("not-on-the-whole", why, mend, token.start, token.end)


def _line_taken_away(line: StrategyLine, lines: tuple[StrategyLine, ...], syntax: Syntax) -> Iterator[StrategyFinding]:
    """NOT in the last line, where it stands before the number of another."""
    asked = line_query(lines, line.label)
    for found in _taken_away(read_query(asked, syntax)):
        at = re.search(r"\bnot\b", line.text, re.IGNORECASE)
        start, end = at.span() if at else (0, len(line.text))
        yield replace(found, start=start, end=end)


def _is_animals(text: str) -> bool:
    """Cochrane's filter takes away animals that are not humans too, which loses nothing about people."""
    return bool(re.search(r"animals?\b.*\bNOT\b.*\bhumans?\b", text, re.IGNORECASE | re.DOTALL))
