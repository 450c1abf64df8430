"""One row of a table: what it says is the same, whether all of it is tidy or each cell has to be cleaned."""

from hypothesis import example, given
from hypothesis import strategies as st

from reviewkit.formats.columns import Places
from reviewkit.formats.table_row import TableRow

FIELDS = ("title", "authors", "journal", "types", "pages", "date")
UNTIDY = "two  blanks"  # in a column of its own, so that no cell is taken as it is
PIECES = (
    "Wilson JE", "Today, B. A.", "; ", ";", ", ", " and ", "|", "et al.", "others", "[", "]", "'", '"', "12-19",
    "12--9", "7", "12.0", "3-Mar", "2024-03-01", " 00:00", "n/a", "-", "=", "#N/A", "&amp;", "& ", "<br>", "<", "é",
    "e\u0301", "\u200b", "\n", "  ", " ", "Pain (2024)", "article", " (je@example.org)", "@",
)  # fmt: skip
cells = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=5).map("".join)


def said(texts: tuple[str, ...], more: str) -> list[object]:
    headings = (*FIELDS, "publisher")
    row = TableRow(Places(headings, {field: (place,) for place, field in enumerate(headings)}))
    row.take([*texts, more])
    asked = (row.raw, row.text, row.texts, row.number, row.names, row.items)
    return [[ask(field) for field in FIELDS] for ask in asked] + [row.doubts]


@given(st.tuples(*[cells] * len(FIELDS)))
@example(("A trial", "Wilson JE; Today, B. A., ; et al.", "Pain", "article", "12--9", "2024"))
@example(("A trial", ";", "Pain | Spine", "[article]", "3-Mar", "2024 00:00"))
def test_a_tidy_row_says_what_its_cells_say_when_each_is_cleaned(texts):
    assert said(texts, "Press") == said(texts, UNTIDY)


def test_a_row_that_is_too_short_says_what_it_has():
    row = TableRow(Places(("title", "year"), {"title": (0,), "year": (1,)}))
    row.take(["A trial"])
    assert (row.text("title"), row.text("year"), [*row.fields]) == ("A trial", "", ["title"])
