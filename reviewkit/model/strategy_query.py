"""A query as a tree: which terms are joined by which operator, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reviewkit.model.strategy_syntax import Syntax
from reviewkit.model.strategy_tokens import Token, Trouble, prefix_of, tokenise


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that are searched together: a phrase, a word, or several without an operator between them.

    `text` is what is searched, without the tag in square brackets; `field` is that tag, without the brackets.
    """

    start: int
    end: int
    text: str
    field: str = ""

    @property
    def is_phrase(self) -> bool:
        """Is it one phrase in quotation marks?"""
        return len(self.text) > 1 and self.text[0] in "\"'" and self.text.find(self.text[0], 1) == len(self.text) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Terms and groups joined by one operator; `operators` are those between the members, in their order.

    `operator` is AND, OR, NOT (the first member without the others), NEAR, or "" for one member in brackets.
    `before` and `after` are what stands around the brackets and names the field of all in them: "TS=", ":ti,ab".
    """

    start: int
    end: int
    operator: str
    members: "tuple[Term | Group, ...]"
    operators: tuple[Token, ...] = ()
    bracketed: bool = False
    before: str = ""
    after: str = ""


Node = Term | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read; `root` is None where there is nothing in it."""

    text: str
    root: Node | None
    tokens: tuple[Token, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_broken(self) -> bool:
        """Can the tree not be trusted?"""
        return any(trouble.what not in ("mixed", "no-operator") for trouble in self.troubles)

    def said(self, node: Node) -> str:
        """The text of a part, as it stands in the query."""
        return self.text[node.start : node.end]


@dataclass
class _Frame:
    start: int
    items: list[Node | Token] = field(default_factory=list)
    before: str = ""


def read_query(text: str, syntax: Syntax) -> Query:
    """Read one query, however broken; every trouble is told with its place."""
    tokens, troubles = tokenise(text, syntax)
    frames = [_Frame(0)]
    place = 0
    while place < len(tokens):
        token = tokens[place]
        here = frames[-1]
        if token.kind == "open":
            prefix = prefix_of(tokens[:place][-1:], text, syntax)
            begins = token.start
            if prefix and here.items and isinstance(last := here.items[-1], Term) and last.end == prefix.end:
                begins = prefix.start
                here.items.pop()
                if last.start < prefix.start:  # words before the field's name
                    said = text[last.start : prefix.start].rstrip()
                    here.items.append(Term(start=last.start, end=last.start + len(said), text=said))
            frames.append(_Frame(begins, before=text[begins : token.start]))
        elif token.kind == "close":
            if len(frames) == 1:
                troubles.append(Trouble("bracket-not-opened", token.start, token.end))
            else:
                frames.pop()
                place = _close(frames[-1], here, tokens, place, syntax, troubles)
        elif token.kind in ("operator", "near"):
            here.items.append(token)
        else:
            place = _term(here, tokens, place, text, syntax)
        place += 1
    while len(frames) > 1:
        open_one = frames.pop()
        at = open_one.start + len(open_one.before)
        troubles.append(Trouble("bracket-not-closed", at, at + 1))
        made = _build(open_one.items, syntax, troubles)
        frames[-1].items += [made] if made else []
    root = _build(frames[0].items, syntax, troubles)
    return Query(text, root, tuple(tokens), tuple(sorted(troubles, key=lambda trouble: trouble.start)))


def terms_of(node: Node | None) -> Iterator[Term]:
    """Every term of a tree, in the order of the text."""
    ahead = [node] if node else []
    while ahead:
        part = ahead.pop()
        if isinstance(part, Term):
            yield part
        else:
            ahead += part.members[::-1]


def groups_of(node: Node | None) -> Iterator[Group]:
    """Every group of a tree, outer ones first."""
    ahead = [node] if node else []
    while ahead:
        part = ahead.pop()
        if isinstance(part, Group):
            yield part
            ahead += part.members[::-1]


def _close(
    outer: _Frame, inner: _Frame, tokens: list[Token], place: int, syntax: Syntax, troubles: list[Trouble]
) -> int:
    """Make a group of what stood in brackets; return the place of its last token."""
    end, after = tokens[place].end, ""
    if place + 1 < len(tokens) and tokens[place + 1].kind == "square":
        follows = tokens[place + 1]
        if syntax.name == "pubmed" or follows.start == end:
            place += 1
            end, after = follows.end, follows.text
    made = _build(inner.items, syntax, troubles)
    if made is None:
        troubles.append(Trouble("nothing-in-brackets", inner.start, end))
        return place
    if not isinstance(made, Group) or made.bracketed:
        made = Group(start=made.start, end=made.end, operator="", members=(made,))
    outer.items.append(replace(made, start=inner.start, end=end, bracketed=True, before=inner.before, after=after))
    return place


def _term(frame: _Frame, tokens: list[Token], place: int, text: str, syntax: Syntax) -> int:
    """Gather the words, phrases and the tag that make one term; return the place of its last token."""
    first = last = place
    in_pubmed = syntax.name == "pubmed"
    while tokens[last].kind != "square" or not in_pubmed or _is_range(tokens, last + 1):
        follows = last + 1
        if follows >= len(tokens) or tokens[follows].kind not in ("word", "phrase", "square"):
            break
        both = tokens[last].kind == tokens[follows].kind == "phrase"
        if both and tokens[last].end != tokens[follows].start:
            break
        last = follows
    tag = tokens[last] if tokens[last].kind == "square" and last > first else None
    start, end = tokens[first].start, tokens[last].end
    said = text[start : tag.start if tag else end].strip()
    frame.items.append(Term(start=start, end=end, text=said, field=tag.text.strip("[]") if tag else ""))
    return last


def _is_range(tokens: list[Token], place: int) -> bool:
    """PubMed's "2010"[dp] : "2015"[dp] is one term."""
    return place < len(tokens) and tokens[place].text == ":"


def _build(items: list[Node | Token], syntax: Syntax, troubles: list[Trouble]) -> Node | None:
    """Join what stands at one level; operators that join nothing are told and left out."""
    nodes: list[Node] = []
    between: list[Token] = []
    pending: Token | None = None
    for item in items:
        if isinstance(item, Token):
            if not nodes:
                troubles.append(Trouble("operator-without-term", item.start, item.end))
            elif pending:
                troubles.append(Trouble("two-operators", pending.start, item.end))
            else:
                pending = item
            continue
        if nodes:
            if pending is None:
                troubles.append(Trouble("no-operator", nodes[-1].end, item.start))
                pending = Token("operator", "AND", nodes[-1].end, nodes[-1].end)
            between.append(pending)
        nodes.append(item)
        pending = None
    if pending:
        troubles.append(Trouble("operator-without-term", pending.start, pending.end))
    if not nodes:
        return None
    nodes, between = _join(nodes, between, {"NEAR"})
    kinds = {_kind(token) for token in between}
    if len(kinds) > 1:
        written = [token for token in between if token.start != token.end]
        names = list(dict.fromkeys(token.operator for token in written))
        if len(names) > 1 and not (set(names) == {"AND", "NOT"} and names[-1] == "NOT" and names.count("NOT") == 1):
            troubles.append(Trouble("mixed", nodes[0].start, nodes[-1].end, " and ".join(names)))
    if syntax.name == "pubmed" or not syntax.name:
        return _left_to_right(nodes, between)
    for kind in ("OR", "AND", "NOT") if syntax.name == "scopus" else ("NOT", "AND", "OR"):
        nodes, between = _join(nodes, between, {kind})
    return nodes[0]


def _kind(token: Token) -> str:
    return "NEAR" if token.kind == "near" else token.operator


def _join(nodes: list[Node], between: list[Token], kinds: set[str]) -> tuple[list[Node], list[Token]]:
    """Join neighbours whose operator is of a kind; the others stay apart."""
    joined, left = [nodes[0]], []
    run: list[Token] = []
    parts: list[Node] = [nodes[0]]
    for token, node in zip(between, nodes[1:], strict=True):
        if _kind(token) in kinds:
            run.append(token)
            parts.append(node)
            joined[-1] = _group(parts, run)
        else:
            left.append(token)
            joined.append(node)
            run, parts = [], [node]
    return joined, left


def _left_to_right(nodes: list[Node], between: list[Token]) -> Node:
    whole = nodes[0]
    run: list[Token] = []
    parts = [whole]
    for token, node in zip(between, nodes[1:], strict=True):
        if run and _kind(run[-1]) != _kind(token):
            run, parts = [], [whole]
        run.append(token)
        parts.append(node)
        whole = _group(parts, run)
    return whole


def _group(parts: list[Node], run: list[Token]) -> Group:
    return Group(
        start=parts[0].start, end=parts[-1].end, operator=_kind(run[0]), members=tuple(parts), operators=tuple(run)
    )
