"""Two records side by side in the terminal, a row a field, what differs marked; outside text is made harmless here."""

from collections.abc import Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.model.citation import Citation
from reviewkit.model.ids import record_label
from reviewkit.model.text import words
from reviewkit.sources.languages import same_language

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from reviewkit.steps.dedup import Question

_DIFFERS = "bold black on yellow"  # an own background reads well on dark and light terminals
_OPEN, _CLOSE = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}", "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_NOT_EQUAL, _EQUAL = "\N{NOT EQUAL TO}", "="
_FOUND = "found as"
_ABSTRACT = 600  # characters: enough to tell two works apart
_WHOLE = frozenset(("year", "volume", "issue", "pages", "DOI", "PMID", "PMCID", "language"))  # one value, not words
LEGEND = f"{_NOT_EQUAL} differs, in {_OPEN}these words{_CLOSE};  {_EQUAL} agrees;  no sign: one does not say"


def side_by_side(question: "Question", database_of: Mapping[int, str]) -> "Table":
    """Lay out the two records of a question.

    A sign before each field says whether the two agree. What differs is coloured, and stands in angle quotation marks
    for those who see no colours.

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
        comparable = name != _FOUND and left and right
        marked = _mark(name, left, right) if comparable else None
        sign = "" if not comparable else _NOT_EQUAL if marked else _EQUAL
        marked = marked or (Text(left) if left else _silent(Text), Text(right) if right else _silent(Text))
        made.add_row(Text(sign, style="bold" if sign == _NOT_EQUAL else "dim"), Text(name), *marked)
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


def _equal(left: str, right: str) -> bool:
    """True when two texts differ in case, accents and punctuation at most."""
    one, other = words(left), words(right)
    return one == other if one or other else left.split() == right.split()


def _silent(text: "type[Text]") -> "Text":
    return text("not given", style="dim italic")


def _mark(name: str, left: str, right: str) -> "tuple[Text, Text] | None":
    """Return both texts with the words marked that the other does not have in that place; None when there are none."""
    if _equal(left, right) or (name == "language" and same_language(left, right)):
        return None
    if name in _WHOLE:
        return _marked([left], set()), _marked([right], set())
    one, other = left.split(), right.split()
    matcher = SequenceMatcher(None, [words(w) for w in one], [words(w) for w in other], autojunk=False)
    shared_left: set[int] = set()
    shared_right: set[int] = set()
    for kind, a, to_a, b, to_b in matcher.get_opcodes():
        pairs = zip(range(a, to_a), range(b, to_b), strict=False) if to_a - a == to_b - b else ()
        for place, across in pairs:
            if kind == "equal" or (name == "authors" and _initial(one[place], other[across])):
                shared_left.add(place)
                shared_right.add(across)
    if len(shared_left) == len(one) and len(shared_right) == len(other):
        return None
    return _marked(one, shared_left), _marked(other, shared_right)


def _initial(one: str, other: str) -> bool:
    """True when one name is the initial of the other: "C.;" and "Chen;"."""
    short, long = sorted(("".join(words(one)), "".join(words(other))), key=len)
    return len(short) == 1 and long.startswith(short)


def _marked(parts: Sequence[str], shared: Set[int]) -> "Text":
    """Join words; each run of words that are not shared is coloured as one and put in marks."""
    from rich.text import Text

    made = Text()
    for same, run in groupby(range(len(parts)), key=lambda place: place in shared):
        text = " ".join(parts[place] for place in run)
        made.append(" " if made else "")
        made.append(text if same else f"{_OPEN}{text}{_CLOSE}", style="" if same else _DIFFERS)
    return made
