"""Two records side by side in the terminal, a row a field, what differs marked; outside text is made harmless here."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.model.citation import Citation
from reviewkit.model.ids import record_label
from reviewkit.model.text import words

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from reviewkit.steps.dedup import Question

_DIFFERS = "bold black on yellow"  # an own background reads well on dark and light terminals
_FOUND = "found as"
_ABSTRACT = 600  # characters: enough to tell two works apart


def side_by_side(question: "Question", database_of: Mapping[int, str]) -> "Table":
    """Lay out the two records of a question.

    Args:
        database_of: citation -> name of the database that it came from.
    """
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", expand=True)
    made.add_column("", no_wrap=True)
    made.add_column("", no_wrap=True, style="bold")
    for record in (question.left, question.right):
        made.add_column(record_label(record.id), ratio=1, overflow="fold")
    for name, left, right in _rows(question, database_of):
        differ = name != _FOUND and bool(left and right) and words(left) != words(right)
        marked = _mark(left, right) if differ else tuple(Text(t) if t else _silent(Text) for t in (left, right))
        made.add_row("\N{NOT EQUAL TO}" if differ else "", Text(name), *marked)
    return made


def _rows(question: "Question", database_of: Mapping[int, str]) -> Iterator[tuple[str, str, str]]:
    left, right = question.left, question.right
    for name, one, other in zip(_NAMES, _fields(left), _fields(right), strict=True):
        if one or other:
            yield name, safe(one), safe(other)
    sides = (question.left_citations, question.right_citations)
    one, other = (", ".join(f"{record_label(c)} {database_of.get(c, '')}".strip() for c in side) for side in sides)
    yield _FOUND, safe(one), safe(other)


_NAMES = (
    "title", "original title", "authors", "year", "journal", "volume", "issue", "pages", "DOI", "PMID", "PMCID",
    "registration", "type", "language", "abstract",
)  # fmt: skip


def _fields(record: Citation) -> tuple[str, ...]:
    abstract = record.abstract
    if len(abstract) > _ABSTRACT:
        abstract = abstract[:_ABSTRACT].rsplit(" ", 1)[0] + " ..."
    return (
        record.title, record.vernacular_title, "; ".join(record.authors), str(record.year or record.date),
        record.journal, record.volume, record.issue, record.pages, record.doi, record.pmid, record.pmcid,
        ", ".join(record.registrations), ", ".join(record.types), record.language, abstract,
    )  # fmt: skip


def _silent(text: "type[Text]") -> "Text":
    return text("not given", style="dim italic")


def _mark(left: str, right: str) -> "tuple[Text, Text]":
    """Return both texts with the words coloured that the other does not have in that place."""
    one, other = left.split(), right.split()
    matcher = SequenceMatcher(None, [words(w) for w in one], [words(w) for w in other], autojunk=False)
    kept = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]
    return (
        _coloured(one, {a + i for a, _, size in kept for i in range(size)}),
        _coloured(other, {b + i for _, b, size in kept for i in range(size)}),
    )


def _coloured(parts: Sequence[str], shared: set[int]) -> "Text":
    from rich.text import Text

    made = Text()
    for place, part in enumerate(parts):
        made.append(" " if place else "")
        made.append(part, style="" if place in shared else _DIFFERS)
    return made
