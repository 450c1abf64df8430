"""The parts of a strategy that a paper must match, and the terms that could be left out of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewkit.model.strategy_lines import StrategyLine, line_mistakes, line_query, one_query, read_lines
from reviewkit.model.strategy_query import Group, Node, Query, Term, groups_of, read_query
from reviewkit.model.strategy_references import is_combination
from reviewkit.model.strategy_syntax import Syntax

_SHOWN = 60  # characters of a part that stand for it in a label


@dataclass(frozen=True, slots=True)
class Part:
    """What a paper must match, or with `taken_away` must not: a line or a group of a strategy.

    `label` names it for a reader ("line #2"), `query` asks for it alone.
    """

    label: str
    query: str
    taken_away: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A term or group joined to others by OR; `without` is the whole query with it left out.

    `start` and `end` are its place in the whole query, `others` asks for its neighbours alone.
    """

    said: str
    query: str
    without: str
    others: str
    start: int
    end: int


def parts_of(text: str, syntax: Syntax) -> tuple[Part, ...]:
    """Return what a paper must match to be found: the strategy taken apart at its outermost ANDs and NOTs."""
    lines = read_lines(text)
    if lines and not line_mistakes(text):
        by_label = {line.label: line for line in lines}
        return tuple(_line_parts(lines[-1], lines, by_label, syntax, taken_away=False))
    return tuple(_query_parts(one_query(text), syntax))


def or_members(query: Query) -> Iterator[Member]:
    """Yield every member of every OR group, outer groups first; each holds the query anew, so they are not kept."""
    return _members(query, query.root, ())


def count_or_members(query: Query) -> int:
    """Return how many members all OR groups have together."""
    return sum(len(group.members) for group in groups_of(query.root) if group.operator == "OR")


def alone(query: Query, node: Node, around: tuple[Group, ...], text: str = "") -> str:
    """Write a part so that it can be asked by itself: with the fields that the brackets around it give it."""
    said = text or query.said(node)
    for group in reversed(around):
        if group.before or group.after:
            said = f"{group.before}({said}){group.after}"
    return " ".join(said.split())


def _line_parts(
    line: StrategyLine,
    lines: tuple[StrategyLine, ...],
    by_label: dict[str, StrategyLine],
    syntax: Syntax,
    *,
    taken_away: bool,
) -> Iterator[Part]:
    """Take a line apart where it is a combination; a line that is not, or one joined by OR, is a part itself."""
    query = read_query(line.text, syntax)
    together = [reference for reference in line.references if reference.operator]
    whole = Part(f"line #{line.label}", line_query(lines, line.label), taken_away)
    if not line.references:
        yield whole
        return
    if together:
        if is_combination(line.text, line.numbers) and together[0].operator == "AND" and not taken_away:
            for label in together[0].labels:
                yield from _line_parts(by_label[label], lines, by_label, syntax, taken_away=False)
        else:
            yield whole
        return
    if taken_away:
        yield whole
        return
    needed = list(_needed(query.root))
    if len(needed) < 2 and len(line.references) > 1:  # lines joined by OR: together they are one part
        yield whole
        return
    for node, away in needed:
        inside = [r for r in line.references if node.start <= r.start and r.end <= node.end]
        only = len(inside) == 1 and query.said(node).strip("() ") == line.text[inside[0].start : inside[0].end]
        if only:
            yield from _line_parts(by_label[inside[0].labels[0]], lines, by_label, syntax, taken_away=away)
        else:
            said = _put_in(line, node, lines)
            yield Part(f"'{_short(query.said(node))}' in line #{line.label}", said, away)


def _put_in(line: StrategyLine, node: Node, lines: tuple[StrategyLine, ...]) -> str:
    parts, at = [], node.start
    for reference in line.references:
        if node.start <= reference.start and reference.end <= node.end:
            parts += [line.text[at : reference.start], f"({line_query(lines, reference.labels[0])})"]
            at = reference.end
    return " ".join("".join([*parts, line.text[at : node.end]]).split())


def _query_parts(text: str, syntax: Syntax) -> Iterator[Part]:
    query = read_query(text, syntax)
    if query.root is None or query.is_broken:
        yield Part("the strategy", text)
        return
    for node, away in _needed(query.root):
        yield Part(f"'{_short(query.said(node))}'", alone(query, node, ()), away)


def _needed(node: Node | None) -> Iterator[tuple[Node, bool]]:
    """The nodes that must match, and those that must not, below ANDs and NOTs; brackets without a field are open."""
    if node is None:
        return
    if isinstance(node, Group) and not (node.before or node.after):
        if node.operator in ("AND", ""):
            for member in node.members:
                yield from _needed(member)
            return
        if node.operator == "NOT":
            yield from _needed(node.members[0])
            yield from ((member, True) for member in node.members[1:])
            return
    yield node, False


def _members(query: Query, node: Node | None, around: tuple[Group, ...]) -> Iterator[Member]:
    if node is None or isinstance(node, Term):
        return
    inner = (*around, node) if node.before or node.after else around
    if node.operator == "OR":
        for place, member in enumerate(node.members):
            cut = (node.operators[place - 1].start, member.end) if place else (member.start, node.operators[0].end)
            without = f"{query.text[: cut[0]]} {query.text[cut[1] :]}"
            rest = f"{query.text[node.members[0].start : cut[0]]} {query.text[cut[1] : node.members[-1].end]}"
            yield Member(
                said=" ".join(query.said(member).split()), query=alone(query, member, inner),
                without=" ".join(without.split()), others=alone(query, node, inner, rest),
                start=member.start, end=member.end,
            )  # fmt: skip
    for member in node.members:
        yield from _members(query, member, inner)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
