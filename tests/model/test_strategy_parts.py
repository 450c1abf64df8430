"""A strategy is read as a tree, and taken apart where a paper must match."""

import pytest

from reviewkit.model.strategy_parts import count_or_members, or_members, parts_of
from reviewkit.model.strategy_query import Group, Node, Term, read_query
from reviewkit.model.strategy_syntax import SYNTAXES

PUBMED = SYNTAXES["pubmed"]


def tree(text: str, syntax: str = "pubmed") -> object:
    """The tree as nested lists: operator, then members; terms as 'words[field]'."""

    def plain(node: Node) -> object:
        if isinstance(node, Term):
            return f"{node.text}[{node.field}]" if node.field else node.text
        inside = [node.operator, *map(plain, node.members)]
        return [node.before + "_" + node.after, inside] if node.before or node.after else inside

    root = read_query(text, SYNTAXES[syntax]).root
    return plain(root) if root else None


@pytest.mark.parametrize(
    ("text", "syntax", "read"),
    [
        ("a[ti] OR b[ti] AND c[ti]", "pubmed", ["AND", ["OR", "a[ti]", "b[ti]"], "c[ti]"]),
        ("a OR b AND c", "web-of-science", ["OR", "a", ["AND", "b", "c"]]),
        ("a AND b OR c AND NOT d", "scopus", ["NOT", ["AND", "a", ["OR", "b", "c"]], "d"]),
        ("low back pain[ti] AND x y", "pubmed", ["AND", "low back pain[ti]", "x y"]),
        ("TS=(a OR b) AND PY=2010", "web-of-science", ["AND", ["TS=_", ["OR", "a", "b"]], "PY=2010"]),
        ("(a NEAR/3 b):ti,ab", "embase", ["_:ti,ab", ["NEAR", "a", "b"]]),
        ('"2010"[dp] : "2012"[dp]', "pubmed", '"2010"[dp] : "2012"[dp]'),
        ("((a))", "pubmed", ["", ["", "a"]]),
        ("", "pubmed", None),
    ],
)
def test_operators_are_joined_in_each_databases_order(text: str, syntax: str, read: object) -> None:
    assert tree(text, syntax) == read


def test_brackets_in_brackets_without_end_are_read() -> None:
    text = "(" * 20_000 + "pain" + ")" * 20_000
    query = read_query(text, PUBMED)
    assert isinstance(query.root, Group)
    assert query.troubles == ()


def test_a_query_is_taken_apart_at_its_outermost_ands_and_nots() -> None:
    parts = parts_of("((a[ti] OR b[ti]) AND c[ti]) NOT d[ti]", PUBMED)
    assert [(part.query, part.taken_away) for part in parts] == [
        ("(a[ti] OR b[ti])", False),
        ("c[ti]", False),
        ("d[ti]", True),
    ]


def test_lines_are_taken_apart_through_their_references() -> None:
    text = "#1 a[ti]\n#2 b[ti]\n#3 #1 OR #2\n#4 c[ti] AND d[ti]\n#5 #3 AND #4\n#6 e[ti]\n#7 #5 NOT #6"
    parts = parts_of(text, PUBMED)
    assert [(part.label, part.query, part.taken_away) for part in parts] == [
        ("line #3", "a[ti] OR b[ti]", False),
        ("line #4", "c[ti] AND d[ti]", False),
        ("line #6", "e[ti]", True),
    ]


def test_a_reference_beside_words_is_put_in() -> None:
    parts = parts_of("#1 a[ti] OR b[ti]\n#2 #1 AND c[ti]", PUBMED)
    assert [(part.label, part.query) for part in parts] == [
        ("line #1", "a[ti] OR b[ti]"),
        ("'c[ti]' in line #2", "c[ti]"),
    ]


def test_every_member_of_an_or_can_be_left_out() -> None:
    query = read_query("TS=(a OR b OR (c AND d)) AND TI=(e OR f)", SYNTAXES["web-of-science"])
    members = list(or_members(query))
    assert count_or_members(query) == len(members) == 5
    assert [(member.query, member.without) for member in members] == [
        ("TS=(a)", "TS=( b OR (c AND d)) AND TI=(e OR f)"),
        ("TS=(b)", "TS=(a OR (c AND d)) AND TI=(e OR f)"),
        ("TS=((c AND d))", "TS=(a OR b ) AND TI=(e OR f)"),
        ("TI=(e)", "TS=(a OR b OR (c AND d)) AND TI=( f)"),
        ("TI=(f)", "TS=(a OR b OR (c AND d)) AND TI=(e )"),
    ]
    for member in members:
        assert not read_query(member.without, SYNTAXES["web-of-science"]).is_broken
        assert not read_query(member.others, SYNTAXES["web-of-science"]).is_broken
